"""Topics of statistics: models of chance, what is inferred of them, and what they are called for short."""

from __future__ import annotations

from index.known.topics.topic import Topic

STATISTICS: dict[str, Topic] = {
    "gaussian processes": Topic(
        ("gaussian process", "gaussian processes", "gp", "gps", "gpr", "kriging"),
        ("gpytorch", "gaussianprocessregressor", "gaussian_process", "gp", "matern", "rbf", "marginal_likelihood",
         "kernel"),
        "a distribution over functions, given by a kernel: curves with a band of uncertainty around them",
    ),
    "bayesian neural networks": Topic(
        ("bayesian neural network", "bayesian neural networks", "bnn", "bnns", "bayes by backprop",
         "bayesian deep learning", "distribution over weights"),
        ("bnn", "bayesian", "bayes_by_backprop", "blitz", "mc_dropout", "posterior"),
        "every weight of a network has a prior distribution, and what is learned is its posterior",
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
