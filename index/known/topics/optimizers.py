"""Topics of optimizers by what they do, for who describes one and does not name it."""

from __future__ import annotations

from index.known.topics.topic import Topic

OPTIMIZERS: dict[str, Topic] = {
    "running mean of squared gradients": Topic(
        ("moving average of squared gradients", "root mean square of the gradients", "running mean of its square"),
        ("rmsprop", "rmsproptf", "square_avg"),
        "an optimizer that divides the gradient by a running mean of its recent squares",
    ),
    "sum of squared gradients": Topic(
        ("accumulated squared gradients", "root of all squared gradients", "sum of all squared gradients"),
        ("adagrad",),
        "an optimizer that divides every step by the root of the sum of all squared gradients so far",
    ),
    "running mean of squared updates": Topic(
        ("no learning rate to choose", "without a learning rate to choose"), ("adadelta",),
        "an optimizer that needs no learning rate: it scales steps by running means of gradients and of updates",
    ),
    "decoupled weight decay": Topic(
        ("weight decay apart from the gradient", "weight decay taken apart"), ("adamw", "adamw_torch", "lamb"),
        "an adaptive optimizer whose weight decay is decoupled from the gradient, taken apart from the moments",
    ),
    "second-order optimisation": Topic(
        ("second order method", "second order optimizer", "hessian approximation", "quasi newton method",
         "limited memory method"),
        ("lbfgs", "l-bfgs-b", "bfgs", "fmin_l_bfgs_b", "scipyoptimizerinterface", "hessian_inv", "kfac"),
        "a second-order optimizer with a limited memory of past gradients that approximates the curvature",
    ),
    "paged optimizers": Topic(
        ("paged optimizer", "8 bit optimizer", "optimizer state in main memory", "optimizer states are swapped out"),
        ("paged_adamw_32bit", "paged_adamw_8bit", "paged_adamw", "adamw8bit", "adam8bit", "bitsandbytes"),
        "the state of the optimizer is kept in few bits or paged out to the main memory",
    ),
}  # fmt: skip
