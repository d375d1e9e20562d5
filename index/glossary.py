"""The terms of the field: each tag with the other ways people say it. Read by the query grammar and the word index."""

from __future__ import annotations

import re

# Tag -> names and phrases for it, lower case. The tag itself is one of them.
TAGS: dict[str, tuple[str, ...]] = {
    "cnn": ("cnn", "cnns", "convnet", "convnets", "convolutional", "convolution", "convolutions", "conv net",
            "convolutional network", "convolutional networks", "convolutional neural network",
            "convolutional neural networks", "conv layers", "convolutional layers"),
    "rnn": ("rnn", "rnns", "recurrent", "recurrent network", "recurrent networks", "recurrent neural network",
            "recurrent neural networks", "recurrence"),
    "lstm": ("lstm", "lstms", "long short term memory"),
    "gru": ("gru", "grus", "gated recurrent unit", "gated recurrent units"),
    "transformer": ("transformer", "transformers"),
    "attention": ("attention", "self attention", "selfattention", "attention layers", "attention mechanism",
                  "cross attention"),
    "linear-attention": ("linear attention", "linearattention", "linearised attention", "linearized attention"),
    "unet": ("unet", "unets", "u net", "u nets", "u shaped network"),
    "resnet": ("resnet", "resnets", "res net", "residual network", "residual networks", "residual blocks"),
    "vit": ("vit", "vits", "vision transformer", "vision transformers"),
    "autoencoder": ("autoencoder", "autoencoders", "auto encoder", "auto encoders"),
    "vae": ("vae", "vaes", "variational autoencoder", "variational autoencoders", "variational auto encoder"),
    "gan": ("gan", "gans", "dcgan", "adversarial", "generative adversarial network",
            "generative adversarial networks", "adversarial network", "adversarial training"),
    "diffusion": ("diffusion", "ddpm", "ddim", "denoising diffusion", "diffusion model", "diffusion models"),
    "latent-diffusion": ("latent diffusion", "latent diffusion model", "latent diffusion models", "ldm"),
    "conditional": ("conditional", "class conditional", "class conditioning", "conditioned", "conditioning"),
    "dqn": ("dqn", "dqns", "deep q learning", "deep q network", "deep q networks", "q learning"),
    "mlp": ("mlp", "mlps", "multilayer perceptron", "multilayer perceptrons", "multi layer perceptron",
            "fully connected network", "perceptron"),
}  # fmt: skip
FRAMEWORKS: dict[str, tuple[str, ...]] = {
    "PyTorch": ("pytorch", "torch"),
    "PyTorch Lightning": ("lightning", "pytorch lightning"),
    "Keras": ("keras",),
    "TensorFlow": ("tensorflow", "tf"),
    "JAX": ("jax",),
    "Flax": ("flax",),
}
OPTIMIZERS: dict[str, tuple[str, ...]] = {
    "Adam": ("adam",), "AdamW": ("adamw", "adam w"), "SGD": ("sgd", "stochastic gradient descent"),
    "RMSprop": ("rmsprop", "rms prop"), "Adagrad": ("adagrad",), "Adadelta": ("adadelta",), "NAdam": ("nadam",),
    "RAdam": ("radam",), "Lion": ("lion",), "Adafactor": ("adafactor",), "LAMB": ("lamb",), "LBFGS": ("lbfgs",),
    "Adamax": ("adamax",),
}  # fmt: skip
HARDWARE: dict[str, tuple[str, ...]] = {
    "GPU": ("gpu", "gpus", "cuda"), "CPU": ("cpu",), "TPU": ("tpu", "tpus"),
}  # fmt: skip

_GROUPS = {name: {"".join(name.split()) for name in names if len(name.split()) == 1} for names in TAGS.values()
           for name in names}  # fmt: skip


def synonyms(word: str) -> set[str]:
    """Other single words for a term of the field: "convolutional" → {"cnn", "convnet", …}."""
    key = re.sub(r"[-_]", "", word.lower())
    return _GROUPS.get(key, set()) - {key}
