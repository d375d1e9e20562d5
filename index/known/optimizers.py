"""The optimizers that people call by a name."""

from __future__ import annotations

BY_LOWER = {
    name.lower(): name
    for name in (
        "Adam", "AdamW", "SGD", "RMSprop", "Adagrad", "Adadelta", "Adamax", "NAdam", "RAdam", "SparseAdam", "ASGD",
        "LBFGS", "Rprop", "Lion", "Adafactor", "LAMB", "LARS", "Ftrl", "AdaBelief", "Prodigy", "Novograd", "Muon",
        "Yogi", "AMSGrad", "Momentum", "Adan", "AdamW8bit", "Adam8bit", "Ranger", "Shampoo", "Sophia", "AdaBound",
        "FusedAdam", "DPSGD", "BertAdam", "OpenAIAdam", "QHAdam", "AdaMod", "AdamP", "SGDP", "MADGRAD", "DiffGrad",
        "AdaHessian", "DeepSpeedCPUAdam", "AdamWScheduleFree", "SGDScheduleFree", "PagedAdamW8bit",
    )
}  # fmt: skip
NAMES = tuple(BY_LOWER.values())
