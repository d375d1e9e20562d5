"""Families that a network without a class is called for, where its layers say no more than CNN or MLP: by the function
that puts it together, the name that it is kept under, the ready network that it begins as, the file."""

from __future__ import annotations

import re

from index.facts.evaluation.analysis import Analysis
from index.facts.network.naming import Named

# Words of names → the family; the first that is found in a name is the family, if no other is.
_OF_CONVOLUTIONS = {
    "UNet": r"[a-z]*unet|u_net", "ResNet": r"res_?net|residual_?net(work)?", "DenseNet": r"dense_?net",
    "VGG16": "vgg_?16", "VGG19": "vgg_?19", "VGG": "vgg(?!_?1[69])", "AlexNet": "alex_?net", "LeNet": "le_?net",
    "GoogLeNet": "goog_?le_?net", "Inception": "inception", "MobileNet": "mobile_?net", "SqueezeNet": "squeeze_?net",
    "Xception": "xception", "EfficientNet": "efficient_?net", "SegNet": "seg_?net", "FCN": "fcn", "SRCNN": "srcnn",
    "CapsNet": "caps_?net", "WaveNet": "wave_?net", "PixelCNN": "pixel_?cnn", "YOLO": r"yolo(v\d)?",
    "NIN": "network_in_network",
}  # fmt: skip
_OF_ANY = {
    "Autoencoder": r"auto_?encoders?", "VAE": "c?vae", "NeuMF": "neu_?mf", "Siamese": "siamese",
    "CycleGAN": "cycle_?gan", "SRGAN": "srgan", "Pix2Pix": "pix_?2_?pix",
}  # fmt: skip
_KEPT = {"Sequential", "Model"}
_HALF = re.compile("generat|discrim|critic", re.IGNORECASE)
_OF_PAIRS = ("CycleGAN", "SRGAN", "Pix2Pix", "VAE")
_WORDS = {
    kind: {family: re.compile(rf"(?<![a-z]){words}(?![a-z])") for family, words in names.items()}
    for kind, names in (("CNN", _OF_CONVOLUTIONS | _OF_ANY), ("MLP", _OF_ANY))
}


def family(analysis: Analysis, arch: Named) -> Named:
    """The family that the names say, where `arch` is as coarse as that; else `arch` itself."""
    words = _WORDS.get(arch[0])
    if words is None:
        return arch
    makers = _makers(analysis)
    if any(map(_HALF.search, makers)):  # of a pair, which is not called for one of the two
        makers, words = [], {known: words[known] for known in _OF_PAIRS}
    for names in (makers, _ready(analysis), [analysis.source.path.stem]):
        found = {known for name in names for known, word in words.items() if word.search(_plain(name))}
        if found:
            return (next(iter(found)), arch[1]) if len(found) == 1 else arch
    return arch


def _makers(analysis: Analysis) -> list[str]:
    """The functions that put networks of Keras together, and what these are kept under."""
    made = [executed for name in _KEPT for executed in analysis.called.get(name, [])]
    calls = {executed.site.node for executed in made}
    scopes = {executed.frame.scope for executed in made}
    bound = [name for scope in scopes for name, found in scope.bindings.items() if any(b.node in calls for b in found)]
    return [*(scope.name for scope in scopes), *bound]


def _ready(analysis: Analysis) -> list[str]:
    """The networks of torchvision that a script takes as they are."""
    names = (analysis.name(executed.site.node.func, executed.frame) for executed in analysis.executed)
    return [full.rpartition(".")[2] for full in names if full.startswith("torchvision.models.")]


def _plain(name: str) -> str:
    """`ResNetKeras` as "res_net_keras": words in lower case, each divided from the next."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().replace("-", "_")
