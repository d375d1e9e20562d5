"""Topics of statistics: models of chance, what is inferred of them, and what they are called for short."""

from __future__ import annotations

from index.ranking.topics.topic import Topic

STATISTICS: dict[str, Topic] = {
    "gaussian processes": Topic(
        ("gaussian process", "gaussian processes", "gp", "gps", "gpr", "kriging"),
        ("gpytorch", "gaussianprocessregressor", "gaussian_process", "gp", "matern", "rbf", "marginal_likelihood",
         "kernel"),
        "a distribution over functions, given by a kernel: curves with a band of uncertainty around them",
    ),
    "hidden markov models": Topic(
        ("hidden markov", "hidden markov model", "hidden markov models", "hmm", "hmms", "baum welch", "viterbi"),
        ("hmm", "hidden_markov", "markov", "viterbi", "baum_welch", "transition", "emission", "hmmlearn"),
        "an unseen state moves from step to step by chance, and only its noisy emissions are observed",
    ),
    "bayesian neural networks": Topic(
        ("bayesian neural network", "bayesian neural networks", "bnn", "bnns", "bayes by backprop",
         "bayesian deep learning", "distribution over weights"),
        ("bnn", "bayesian", "bayes_by_backprop", "blitz", "mc_dropout", "posterior"),
        "every weight of a network has a prior distribution, and what is learned is its posterior",
    ),
    "dimensionality reduction": Topic(
        ("dimensionality reduction", "dimension reduction", "number of dimensions", "reduce dimensions", "pca",
         "principal component", "principal components", "principal component analysis", "t-sne", "tsne", "umap",
         "linear discriminant", "linear discriminant analysis"),
        ("pca", "principal_component", "principal", "tsne", "umap", "dimensionality", "truncatedsvd", "discriminant"),
        "many measurements are squeezed into two or three axes that keep what differs most",
    ),
    "averaged weights": Topic(
        ("exponential moving average", "moving average of the weights", "moving average of weights", "ema",
         "weight averaging", "averaged weights", "polyak averaging", "mean teacher", "stochastic weight averaging",
         "swa"),
        ("ema", "update_ema", "ema_model", "ema_decay", "model_ema", "swa", "averagedmodel", "use_ema"),
        "beside the trained weights a copy is kept that follows them slowly, and is used for evaluation",
    ),
    "conditional random fields": Topic(
        ("conditional random field", "conditional random fields", "crf", "crfs", "lstm crf", "linear chain"),
        ("crf", "crf_log_likelihood", "viterbi_decode", "linear_chain", "transition_params", "bilstm_crf"),
        "the tags of a whole sentence are decoded together, not one word after another",
    ),
    "tree search": Topic(
        ("tree search", "monte carlo tree search", "mcts", "playouts", "alphazero", "alpha zero"),
        ("mcts", "playout", "uct", "puct", "tree_node", "alphazero"),
        "an agent looks ahead in a game by playing out many possible continuations",
    ),
}  # fmt: skip
