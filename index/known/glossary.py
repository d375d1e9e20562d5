"""The terms of the field: what each means, the other ways people say it, and what else is true of what it names.

Read by the query grammar and the word index; the definitions are embedded, so that a description without the name
finds the term.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Concept:
    """A tag: its definition, its other names (lower case), and the tags that hold wherever it does."""

    definition: str
    names: tuple[str, ...]
    implies: tuple[str, ...] = ()


CONCEPTS: dict[str, Concept] = {
    "cnn": Concept(
        "a convolutional neural network: small filters slide over an image and share their weights",
        ("cnns", "convnet", "convnets", "convolutional", "convolution", "convolutions", "conv net", "conv nets",
         "convolutional network", "convolutional networks", "convolutional net", "convolutional nets",
         "convolutional neural network", "convolutional neural networks", "convolutional neural net",
         "conv layers", "convolutional layers", "convolution layers", "conv", "convs", "conv2d layers"),
    ),
    "rnn": Concept(
        "a recurrent neural network: it reads a sequence step by step and carries a hidden state along",
        ("rnns", "recurrent", "recurrent network", "recurrent networks", "recurrent neural network",
         "recurrent neural networks", "recurrent net", "recurrent nets", "recurrence", "recurrent layers",
         "recurrent model", "recurrent models", "elman network"),
    ),
    "lstm": Concept(
        "a recurrent network whose memory cells are kept and cleared by input, forget and output gates",
        ("lstms", "long short term memory", "long short term memory network", "long short term memory networks",
         "bilstm", "bi lstm"),
        ("rnn",),
    ),
    "gru": Concept(
        "a recurrent network with gated units: an update gate and a reset gate over the hidden state",
        ("grus", "gated recurrent unit", "gated recurrent units", "gated recurrent"), ("rnn",),
    ),
    "transformer": Concept(
        "a stack of self-attention and feed-forward layers over tokens",
        ("transformers", "transformer encoder", "transformer decoder", "transformer network", "transformer model",
         "transformer models"),
        ("attention",),
    ),
    "attention": Concept(
        "queries are compared with keys, and the values are averaged by how well they match",
        ("attend", "attends", "attending", "self attention", "selfattention", "attention layers",
         "attention mechanism", "attention mechanisms",
         "cross attention", "multi head attention", "multihead attention", "attentive", "attention layer",
         "attention blocks", "attention heads"),
    ),
    "linear-attention": Concept(
        "attention whose cost grows linearly: softmax over queries and over keys apart",
        ("linear attention", "linearattention", "linearised attention", "linearized attention", "efficient attention"),
        ("attention",),
    ),
    "unet": Concept(
        "an encoder that halves an image and a decoder that grows it again, joined by skip connections at every scale",
        ("unets", "u net", "u nets", "u shaped network", "u shaped", "shape of a u", "shape of the letter u",
         "form of a u", "shaped like a u", "formed like a u"),
    ),
    "resnet": Concept(
        "blocks whose input is added to their output, so that very deep networks can be trained",
        ("resnets", "res net", "res nets", "residual network", "residual networks", "residual blocks", "residual",
         "residual connections", "residual layers", "residual net", "residual nets", "resnet18", "resnet34",
         "resnet50", "resnet101", "resnet152", "residual connection"),
        ("cnn",),
    ),
    "vit": Concept(
        "a transformer for images: the picture is cut into patches that are read as tokens",
        ("vits", "vision transformer", "vision transformers", "image transformer"), ("transformer", "attention"),
    ),
    "autoencoder": Concept(
        "a network that squeezes its input through a narrow code, the bottleneck, and rebuilds it: compress and"
        " reconstruct",
        ("autoencoders", "auto encoder", "auto encoders", "autoencoding", "denoising autoencoder",
         "denoising autoencoders",
         *(f"{verb} {whose} {what}" for verb in ("rebuild", "rebuilds", "reconstruct", "reconstructs")
           for whose in ("its", "their") for what in ("input", "inputs", "own input", "own inputs"))),
    ),
    "vae": Concept(
        "an autoencoder whose code is a probability distribution with mean and variance, sampled to generate new data",
        ("vaes", "variational autoencoder", "variational autoencoders", "variational auto encoder",
         "variational auto encoders", "variational", "cvae", "vq vae", "beta vae", "cvaes", "vq vaes",
         "beta vaes"),
        ("autoencoder",),
    ),
    "gan": Concept(
        "two networks trained against each other: a generator makes fakes, a discriminator or critic tells fake from"
        " real, like a forger and a detective",
        ("gans", "adversarial", "adversarially", "adversarially trained",
         "generative adversarial network", "generative adversarial networks",
         "adversarial network", "adversarial networks", "adversarial training", "generative adversarial",
         "adversarial nets", "adversarial model", "adversarial models",
         *(f"{joint} a {judge}" for joint in ("against", "with") for judge in ("discriminator", "critic")),
         *(f"{one} and {article}{other}" for article in ("", "a ", "the ", "its ") for one, other in (
             ("generator", "discriminator"), ("discriminator", "generator"), ("generator", "critic"),
             ("forger", "detective"), ("forger", "judge"), ("forger", "critic"), ("counterfeiter", "detective")))),
    ),
    "diffusion": Concept(
        "a model that generates images by removing noise step by step, trained to undo the gradual addition of noise",
        ("ddpm", "ddim", "ddpms", "denoising diffusion", "diffusion model", "diffusion models", "diffusion process",
         "denoising probabilistic model", "denoising probabilistic models", "denoising probabilistic",
         "denoising diffusion probabilistic model", "denoising diffusion probabilistic models", "score based",
         "score matching"),
    ),
    "latent-diffusion": Concept(
        "diffusion in the compressed code of an autoencoder rather than on pixels",
        ("latent diffusion", "latent diffusion model", "latent diffusion models", "ldm", "stable diffusion",
         "latent ones", "diffusion in latent space"),
        ("diffusion",),
    ),
    "conditional": Concept(
        "a generator that is told which class or text to make",
        ("class conditional", "class conditioning", "conditioned", "conditioning", "class conditioned",
         "label conditioned", "conditional generation"),
    ),
    "dqn": Concept(
        "an agent that learns the value of each action by Q-learning with a replay buffer and a target network",
        ("dqns", "deep q learning", "deep q network", "deep q networks", "q learning", "q network", "q networks",
         "q net", "q nets", "deep q", "deep q net", "deep q nets", "q learners", "q value", "q values", "q function",
         "q functions", "deepq"),
    ),
    "mlp": Concept(
        "a plain feed-forward network of fully connected layers",
        ("mlps", "multilayer perceptron", "multilayer perceptrons", "multi layer perceptron", "fully connected network",
         "perceptron", "fully connected", "feedforward network", "feed forward network", "feedforward neural network",
         "fully connected networks", "dense network", "dense layers"),
    ),
}  # fmt: skip
TAGS: dict[str, tuple[str, ...]] = {tag: (tag, *concept.names) for tag, concept in CONCEPTS.items()}
# a tag written out, where it is not its own name
IN_FULL = {
    "cnn": "convolutional neural network", "rnn": "recurrent neural network", "unet": "U-Net",
    "gan": "generative adversarial network", "vae": "variational autoencoder", "vit": "vision transformer",
    "dqn": "deep Q-learning, reinforcement learning", "mlp": "multilayer perceptron", "resnet": "residual network",
    "lstm": "LSTM, long short-term memory", "gru": "GRU, gated recurrent unit",
}  # fmt: skip
# what begins as a tag and is something else: each word that may follow it
NO_TAGS: dict[str, frozenset[str]] = {
    "adversarial": frozenset(("example", "examples", "attack", "attacks", "noise", "perturbation", "perturbations",
                              "patch", "patches", "robustness", "input", "inputs", "image", "images")),
    "conditional": frozenset(("random", "probability", "independence", "entropy", "statements")),
    "variational": frozenset(("inference", "bayes", "dropout", "weights")),
    "momentum": frozenset(("contrast", "contrastive", "encoder", "encoders", "update", "updates", "indicator",
                           "strategy", "trading", "conservation")),
    "residual": frozenset(("plot", "plots", "error", "errors")),
    "lightning": frozenset(("strike", "strikes", "storm", "storms", "bolt", "bolts", "flash", "flashes", "detection")),
    "haiku": frozenset(("poem", "poems", "poetry", "generator", "generation", "writer")),
    "flax": frozenset(("seed", "seeds", "plants", "fibres", "fields")),
    "linen": frozenset(("fabric", "fabrics", "cloth", "shirts")),
}  # fmt: skip
# what ends as a term and is something else: each word that may stand before it
NO_TERMS: dict[str, frozenset[str]] = {
    "conditioning": frozenset(("air", "classical", "operant")),
    **dict.fromkeys(("convolution", "convolutions", "convolutional", "conv", "convs"), frozenset(("graph", "graphs"))),
    **dict.fromkeys(("quantization", "quantisation"), frozenset(("vector", "product"))),
    "transformer": frozenset(("spatial", "column", "power")),
    "attention": frozenset(("pay", "pays", "paying", "paid", "medical", "public", "media", "deficit",
                            "graph", "graphs")),
    "transformers": frozenset(("power", "electric", "electrical", "voltage")),
    "recurrence": frozenset(("cancer", "tumour", "tumor", "disease", "stroke")),
    "diffusion": frozenset(("heat", "thermal", "anisotropic", "drug", "molecular", "gas")),
    "haiku": frozenset(("write", "writes", "writing", "generate", "generates", "generating", "compose", "composes")),
    "amp": frozenset(("guitar", "tube", "bass")),
    **dict.fromkeys(("q-learning", "q"), frozenset(("tabular",))),
    "processor": frozenset(("image", "text", "word", "signal", "data", "video", "audio", "token", "language")),
}  # fmt: skip
FRAMEWORKS: dict[str, tuple[str, ...]] = {
    "PyTorch Lightning": ("lightning", "lightning module", "lightningmodule", "lightning modules"),
    "PyTorch": ("torch",),
    "Keras": ("tf keras",),
    "TensorFlow": ("tf", "tensor flow", "tf2"),
    "JAX": (),
    "Flax": ("linen", "nnx"),
    "Haiku": ("dm haiku",),
    "Equinox": (),
    "MXNet": ("gluon", "mxnet gluon"),
    "scikit-learn": ("sklearn",),
    "XGBoost": ("xgb",),
    "LightGBM": ("lgbm", "light gbm"),
    "CatBoost": ("cat boost",),
    "Theano": (),
    "Chainer": (),
    "PaddlePaddle": ("paddle paddle",),
    "fastai": ("fast ai",),
    "MLX": (
        "apple mlx",
        "apples mlx",
        "apple array framework",
        "apples array framework",
        "apples own array framework",
        "apple own array framework",
    ),
}
# what frameworks are written with
WRITTEN_WITH: dict[str, tuple[str, ...]] = {
    "Flax": ("JAX",), "Haiku": ("JAX",), "Equinox": ("JAX",), "PyTorch Lightning": ("PyTorch",), "fastai": ("PyTorch",),
}  # fmt: skip
# who makes frameworks, beside which the name says the same: "Google's JAX", "the one from Microsoft, LightGBM"
MAKERS: dict[str, tuple[str, ...]] = {
    "google": ("TensorFlow", "JAX", "Flax", "Keras"), "deepmind": ("Haiku", "JAX"), "facebook": ("PyTorch",),
    "meta": ("PyTorch",), "microsoft": ("LightGBM",), "yandex": ("CatBoost",), "baidu": ("PaddlePaddle",),
    "apache": ("MXNet",), "amazon": ("MXNet",),
}  # fmt: skip
FROM_HUGGING_FACE = {"diffusers", "accelerate", "peft", "trl", "tokenizers", "datasets", "timm"}
OPTIMIZERS: dict[str, tuple[str, ...]] = {
    "SGD": (
        "stochastic gradient descent",
        *(f"{sort} gradient descent" for sort in ("plain", "simple", "vanilla", "ordinary", "pure", "basic")),
        "gradient descent optimizer",
        "gradient descent optimiser",
        "sgd with momentum",
        "momentum sgd",
        "sgd momentum",
        "sgd plus momentum",
        "sgd and momentum",
        "gradient descent with momentum",
        "stochastic gradient descent momentum",
        "mini batch gradient descent",
        "sgd with nesterov momentum",
        "sgd with nesterov",
        "nesterov momentum",
        "momentum optimizer",
    ),
    "Adam": ("adaptive moment estimation", "adaptive moments"),
    "AdamW": ("adam w", "adam with decoupled weight decay", "decoupled weight decay"),
    "Adamax": ("ada max", "adam with the infinity norm", "adam with infinity norm", "infinity norm adam"),
    "NAdam": ("nesterov adam", "adam with nesterov momentum", "adam with nesterov", "nesterov accelerated adam"),
    "RAdam": ("rectified adam",),
    "AMSGrad": ("ams grad",),
    "ASGD": ("averaged sgd", "averaged stochastic gradient descent", "average sgd", "sgd with averaging"),
    "RMSprop": ("rms prop", "rms propagation", "root mean square propagation"),
    "Adagrad": ("ada grad", "adaptive gradient algorithm"),
    "Adadelta": ("ada delta",),
    "Adafactor": ("ada factor",),
    "Rprop": ("resilient backpropagation", "r prop"),
    "LBFGS": ("l bfgs", "l bfgs b", "bfgs", "limited memory bfgs", "quasi newton"),
}
# kin, which "a variant of Adam" may be any of
FAMILIES: dict[str, tuple[str, ...]] = {
    "Adam": ("Adam", "AdamW", "Adamax", "NAdam", "RAdam", "AMSGrad", "AdaBelief", "AdaBound", "Adan", "SparseAdam",
             "FusedAdam", "Adam8bit", "AdamW8bit", "BertAdam", "OpenAIAdam", "QHAdam", "AdaMod", "AdamP",
             "DeepSpeedCPUAdam", "AdamWScheduleFree", "PagedAdamW8bit"),
    "SGD": ("SGD", "ASGD", "DPSGD", "SGDP", "SGDScheduleFree"),
}  # fmt: skip
HARDWARE: dict[str, tuple[str, ...]] = {
    "GPU": ("gpus", "cuda", "graphics card", "nvidia"),
    "CPU": ("cpus", "processor"),
    "TPU": ("tpus", "tpu pod", "tpu pods", "tensor processing unit", "tensor processing units"),
}
# names of datasets as people say them in full, beside those that scripts use
DATASETS: dict[str, tuple[str, ...]] = {
    "VOC": ("pascal visual object classes", "visual object classes", "pascal voc 2007", "pascal voc 2012"),
    "COCO": ("common objects in context", "microsoft coco"),
    "SVHN": ("street view house numbers", "street view digits", "house numbers"),
    "CIFAR100": ("hundred class cifar", "cifar with a hundred classes", "cifar with hundred classes", "cifar hundred",
                 "cifar with one hundred classes", "cifar with 100 classes", "100 class cifar", "cifar 100 classes",
                 "cifar of a hundred classes", "hundred classes of cifar", "100 classes of cifar"),
    "CIFAR10": ("ten class cifar", "cifar with ten classes", "cifar with 10 classes", "cifar ten", "10 class cifar",
                "cifar of ten classes"),
    "MNIST": ("modified nist", "modified national institute", "lecun handwritten digits", "lecun digits"),
    "FashionMNIST": ("zalando", "zalando fashion", "zalandos fashion", "clothes mnist", "clothing mnist",
                     "mnist of clothes", "mnist of clothing", "mnist with clothes", "clothing version of mnist"),
    "KMNIST": ("kuzushiji",),
    "CelebA": ("celeb a", "celebfaces attributes", "celebrity faces attributes", "celebrity face attributes",
               "celebrity faces", "faces of celebrities"),
    "PennTreebank": ("treebank", "penn tree bank", "wall street journal treebank"),
    "IMDB": ("internet movie database",),
    "Iris": ("iris flowers", "fishers iris", "fisher iris", "fisher s iris", "iris plants"),
    "OxfordIIITPet": ("oxford pet", "oxford iiit pets", "oxford iiit pet"),
    "Flowers102": ("oxford flower", "oxford flowers", "oxford 102 flowers"),
    "Flowers17": ("oxford 17 flowers", "17 category flower", "17 flower categories", "oxford 17", *(
        f"{name} {kinds}" for kinds in ("classes", "categories", "species", "kinds")
        for name in ("oxford flowers of 17", "oxford flowers with 17", "oxford flowers in 17", "flowers of 17",
                     "oxford flowers of seventeen", "flowers of seventeen", "flowers in 17"))),
    "CatsVsDogs": ("dogs versus cats", "cats versus dogs", "cats or dogs", "dogs or cats"),
    "SQuAD": ("stanford question answering", "stanford question answering dataset", "stanford questions",
              "questions of stanford"),
    "LFW": ("labeled faces in the wild", "labelled faces in the wild"), "LJSpeech": ("lj speech",),
    "ImageNet": ("image net", "ilsvrc"), "WikiText2": ("wiki text 2",), "WikiText103": ("wiki text 103",),
    "BostonHousing": ("boston house prices", "boston houses"), "Covertype": ("forest cover", "forest covertype"),
    "CaliforniaHousing": ("california houses", "california house prices"), "Text8": ("text 8",),
    "Adult": ("adult census", "uci adult", "census income"),
    "HumanEval": ("human eval",), "Moons": ("two moons", "half moons"),
}  # fmt: skip
# what several data sets are called together
TOGETHER: dict[str, tuple[str, ...]] = {"cifar": ("CIFAR10", "CIFAR100")}
# worlds that agents act in, each by the word that every script of it has
ENVIRONMENTS: dict[str, tuple[str, ...]] = {
    "cartpole": (), "mountaincar": (), "pendulum": (), "lunarlander": (), "bipedalwalker": (), "acrobot": (),
    "halfcheetah": (), "walker2d": (), "frozenlake": (), "cliffwalking": (), "carracing": (), "breakout": (),
    "spaceinvaders": (), "montezuma": ("montezumas revenge",), "pacman": ("ms pacman",), "starcraft": ("starcraft ii",),
    "pong": (), "vizdoom": (), "minigrid": (), "procgen": (), "blackjack": (), "tetris": (),
    "flappybird": (),
    "supermario": ("super mario bros", "mario bros"), "gridworld": (),
}  # fmt: skip
# libraries that are called after a framework, and others of several words, each by the word that every script of it has
LIBRARIES: dict[str, tuple[str, ...]] = {
    "torch_geometric": ("pytorch geometric", "torch geometric", "pyg"),
    "tensorflow_probability": ("tensorflow probability", "tf probability", "tfp"),
    "tensorflow_hub": ("tensorflow hub", "tf hub"), "tensorflow_datasets": ("tensorflow datasets", "tfds"),
    "keras_tuner": ("keras tuner", "kerastuner"),
    "pytorch_forecasting": ("pytorch forecasting",), "pytorch_metric_learning": ("pytorch metric learning",),
    "timm": ("pytorch image models",), "stable_baselines3": ("stable baselines", "stable baselines 3", "sb3"),
    "wandb": ("weights and biases", "weights biases"),
    "mps": ("apple mps", "apple gpu", "apple silicon", "mps backend", "apple mps backend", "mac gpu", "gpu of a mac",
            "metal performance shaders", "apple chip", "apple chips", "apple m1", "apple m2", "m1 chip", "m2 chip",
            "m1 mac", "m1 gpu", "m2 gpu", "macbook gpu", "apple metal", "metal backend", "graphics chip of a mac",
            "graphics of a mac", "graphics of my mac", "graphics part of my mac", "graphics part of a mac", "macbook",
            "macbooks"),
}  # fmt: skip
# those that scripts write as several words as well
_APART = {"flappybird": "flappy bird", "cartpole": "cart pole", "mountaincar": "mountain car",
          "lunarlander": "lunar lander", "bipedalwalker": "bipedal walker", "frozenlake": "frozen lake",
          "carracing": "car racing", "spaceinvaders": "space invaders", "gridworld": "grid world",
          "supermario": "super mario", "pacman": "pac man"}  # fmt: skip
# kinds of files, by what their paths hold
FORMATS: dict[str, tuple[str, ...]] = {
    ".ipynb": ("notebook", "notebooks", "jupyter", "jupyter notebook", "jupyter notebooks", "colab", "colab notebook",
               "colab notebooks", "ipython notebook", "ipython notebooks"),
}  # fmt: skip


def apart(world: str) -> tuple[str, ...]:
    """The name of a world that agents act in as scripts write it besides: "flappybird" → "flappy bird", and with _."""
    name = _APART.get(world, "")
    return (name, name.replace(" ", "_")) if name else ()


def implying(tag: str) -> tuple[str, ...]:
    """The tag and every other that holds only where it does: "rnn" → ("rnn", "lstm", "gru")."""
    return (tag, *(name for name, concept in CONCEPTS.items() if tag in concept.implies))


_GROUPS = {name: {"".join(name.split()) for name in names if len(name.split()) == 1} for names in TAGS.values()
           for name in names}  # fmt: skip


def synonyms(word: str) -> set[str]:
    """Other single words for a term of the field: "convolutional" → {"cnn", "convnet", …}."""
    key = re.sub(r"[-_]", "", word.lower())
    return _GROUPS.get(key, set()) - {key}
