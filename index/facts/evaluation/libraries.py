"""The libraries that scripts import."""

from __future__ import annotations

import sys

# Roots of imports that no module beside a script has: it would hide the library.
LIBRARIES = sys.stdlib_module_names | {
    "torch", "torchvision", "torchaudio", "torchtext", "tensorflow", "keras", "jax", "flax", "optax", "haiku", "numpy",
    "np", "nn", "tf", "scipy", "pandas", "matplotlib", "seaborn", "sklearn", "tqdm", "PIL", "cv2", "skimage", "gym",
    "gymnasium", "transformers", "timm", "lightning", "pytorch_lightning", "torchmetrics", "fastai", "diffusers",
    "accelerate", "einops", "wandb", "tensorboardX", "tensorboard", "hydra", "omegaconf", "yaml", "absl", "click",
    "six", "tensorflow_datasets", "sentence_transformers", "ml_collections", "requests", "IPython", "nltk", "xgboost",
}  # fmt: skip

# Frameworks by the names that a module of a project hands on to others.
LENT = {"tf": "tensorflow", "torch": "torch", "keras": "keras"}
