"""Topics of how models are trained and checked, and of methods older than deep networks."""

from __future__ import annotations

from index.known.topics.topic import Topic

TRAINING: dict[str, Topic] = {
    "early stopping": Topic(
        ("early stopping", "early stop", "stops early", "stop early", "stops by itself", "patience",
         "validation loss no longer improves", "no longer improves", "stops improving", "overfitting is avoided"),
        ("earlystopping", "early_stopping", "early_stop", "patience", "best_val_loss", "best_loss", "stopping"),
        "training stops by itself once the loss on the validation data no longer gets better",
    ),
    "gradient clipping": Topic(
        ("gradient clipping", "clip gradients", "clips gradients", "clipped gradients", "exploding gradients",
         "clip the gradients", "gradient norm"),
        ("clip_grad_norm_", "clip_grad_norm", "clip_by_global_norm", "clip_grad", "max_grad_norm", "clipnorm"),
        "gradients that are too large are cut down before a step, so that they do not explode",
    ),
    "gradient accumulation": Topic(
        ("gradient accumulation", "accumulate gradients", "accumulates gradients", "accumulated gradients"),
        ("accumulation_steps", "gradient_accumulation_steps", "accumulate_grad_batches", "grad_accum", "accum_iter"),
        "gradients of several small batches are added up before one step, as if the batch were larger",
    ),
    "learning rate warmup": Topic(
        ("warmup", "warm up", "learning rate warmup", "warm up the learning rate", "warm up the lr", "warmed up",
         "warm up steps", "warmup steps", "linear warmup", "learning rate ramps up", "learning rate grows slowly",
         "step size grows", "lr ramps up"),
        ("warmup", "warm_up", "warmup_steps", "num_warmup_steps", "warmup_epochs", "warmup_ratio", "n_warmup_steps",
         "get_linear_schedule_with_warmup", "linear_schedule_with_warmup", "gradualwarmupscheduler"),
        "training begins with tiny steps that grow to their full size while it warms up",
    ),
    "step decay": Topic(
        ("step decay", "step lr", "drops by a factor", "drops by a fixed factor", "decays by a factor",
         "reduced by a factor", "divided by ten every", "lowered every few epochs", "drops every few epochs",
         "decays every few epochs", "multiplied by gamma", "lr with gamma", "learning rate with gamma"),
        ("steplr", "multisteplr", "lr_decay_step", "lr_decay_epochs", "milestones", "lr_step", "lr_gamma",
         "decay_steps"),
        "the rate is cut to a tenth once some epochs are over, multiplied by gamma at milestones",
    ),
    "averaged weights": Topic(
        ("exponential moving average", "ema", "averaged weights", "weight averaging", "moving average of the weights",
         "stochastic weight averaging", "swa", "polyak averaging"),
        ("ema", "ema_decay", "ema_model", "swa", "averagedmodel", "swa_utils", "moving_average", "update_average"),
        "a slowly moving average of the weights is kept beside those that are trained, and is used afterwards",
    ),
    "resuming": Topic(
        ("resume training", "resumes training", "resumed", "checkpoints", "checkpointing", "interrupted training",
         "continue training", "continues training", "picks up where it stopped"),
        ("resume", "checkpoint", "load_state_dict", "restore", "start_epoch", "checkpoint_path", "last_epoch"),
        "training that was interrupted goes on from what was saved",
    ),
    "gradient checkpointing": Topic(
        ("gradient checkpointing", "activation checkpointing", "recompute activations", "rematerialisation"),
        ("gradient_checkpointing", "use_checkpoint", "checkpoint_sequential", "remat"),
        "activations are computed again on the way back rather than kept, which saves memory",
    ),
    "static graphs": Topic(
        ("static graph", "tf session", "sessions and placeholders", "placeholders and sessions", "tensorflow 1",
         "tensorflow one", "tf1", "feed dict", "feed dictionary", "graph mode", "old tensorflow",
         "tensorflow 1 x", "first tensorflow",
         "first version of tensorflow", "tensorflow in its first version", "version 1 of tensorflow",
         "version one of tensorflow", "tensorflow version 1", "tensorflow version one", "tensorflow 1.x"),
        ("placeholder", "feed_dict", "tf.session", "session", "global_variables_initializer", "variable_scope",
         "get_variable", "initialize_all_variables", "sess.run"),
        "a static graph of placeholders and variables is built first and then run in a session",
    ),
    "loops by hand": Topic(
        ("custom training loop", "own training loop", "gradient tape", "gradienttape", "train step by hand"),
        ("gradienttape", "apply_gradients", "trainable_variables", "train_step"),
        "the steps of training are written out rather than left to a fit method",
    ),
    "networks by hand": Topic(
        ("from scratch", "by hand", "numpy only", "plain numpy", "pure numpy", "only numpy", "no framework",
         "without a framework", "without any framework", "manual backpropagation", "own backpropagation",
         "backpropagation by hand", "pure python"),
        ("backprop", "backward_propagation", "forward_propagation", "sigmoid_derivative", "d_w", "dw1",
         "backpropagation"),
        "a network and its gradients are written out in plain arrays, without a library for it",
    ),
    "noisy labels": Topic(
        ("noisy labels", "label noise", "wrong labels", "mislabelled", "corrupted labels", "label smoothing"),
        ("noisy_labels", "label_noise", "noise_rate", "co_teaching", "label_smoothing", "forget_rate"),
        "some of the labels are wrong, and training copes with it",
    ),
    "out of distribution": Topic(
        ("out of distribution", "ood", "open set", "unknown classes", "novelty detection"),
        ("ood", "out_of_distribution", "odin", "open_set", "in_distribution"),
        "inputs unlike all that was trained on are noticed",
    ),
    "zero-shot": Topic(
        ("zero shot", "unseen classes", "classes never seen"), ("zero_shot", "zeroshot", "zsl", "unseen_classes"),
        "classes are recognised of which no example was seen in training",
    ),
    "fairness": Topic(("fairness", "bias mitigation", "demographic parity"), ("fairness", "demographic", "aif360"),
                      "predictions are made fair to groups of people"),
    "backdoors": Topic(
        ("backdoor", "backdoors", "trojan", "poisoned data", "data poisoning", "membership inference",
         "steal a model", "model extraction"),
        ("backdoor", "poison", "trigger", "membership_inference", "shadow_model"),
        "a model is attacked through its training data, or gives away what it was trained on",
    ),
    "dimensionality reduction": Topic(
        ("dimensionality reduction", "dimension reduction", "reduce dimensions", "reduce the dimensions", "pca",
         "principal component", "principal components", "principal component analysis", "t-sne", "tsne", "umap",
         "manifold learning", "isomap", "eigenfaces", "lower dimension", "fewer dimensions", "many columns into two"),
        ("pca", "n_components", "tsne", "umap", "isomap", "principal", "eigenvectors", "svd", "truncatedsvd"),
        "many columns are squeezed into a few that still show how the data lies",
    ),
    "mixtures of gaussians": Topic(
        ("gaussian mixture", "gaussian mixtures", "gmm", "mixture of gaussians", "mixtures of gaussians",
         "density estimation", "kernel density", "expectation maximization", "several bell curves"),
        ("gaussianmixture", "gmm", "kerneldensity", "expectation_maximization", "score_samples", "bic", "kde"),
        "the density of data is described as a sum of several bell curves",
    ),
    "learning curves": Topic(
        ("learning curve", "learning curves", "validation curve", "validation curves", "bias variance",
         "bias and variance", "overfit", "overfits", "overfitting", "underfitting", "model selection"),
        ("learning_curve", "validation_curve", "cross_val_score", "polynomialfeatures", "overfitting"),
        "errors on training and validation data are drawn to see whether a model fits too closely or too little",
    ),
    "self-organising maps": Topic(("self organizing map", "self organising map", "kohonen", "som"),
                                  ("minisom", "kohonen", "self_organizing", "neighborhood"),
                                  "cells of a map compete for examples, and neighbours learn together"),
    "associative memories": Topic(("hopfield", "associative memory"), ("hopfield", "associative"),
                                  "stored patterns are recalled from parts of them"),
    "hidden Markov models": Topic(("hidden markov", "hmm", "hmms", "baum welch", "viterbi", "markov chain",
                                   "kalman filter", "kalman"),
                                  ("hmm", "viterbi", "hmmlearn", "kalman", "transition_matrix", "emission",
                                   "hidden_markov"),
                                  "states that are not seen follow each other and give off what is observed"),
}  # fmt: skip
