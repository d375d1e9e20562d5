"""The data that a script itself is called for, by a word too general elsewhere: `titanic_survival_prediction`."""

from __future__ import annotations

import re
from pathlib import Path

from index.known.datasets import BY_ALIAS, TOO_GENERAL, of_table, squeeze
from index.known.words import CAMEL

# Words that scripts are called for which do it with other data, too: planets, boxes as COCO has them.
_OF_FORMS = {"coco", "voc", "pascal", "planet", "maestro", "waymo", "set5", "set14", "rsna"}
# What a script does with its data, and by what.
_DONE = frozenset(re.findall(r"\w+", """
    ae and ann autoencoder basic bert class classification classifier classifiers classify cnn data dataset
    dcgan deep demo detection dnn example final flax flower flowers from gan gat gcn generation generator gnn
    gru jax kaggle keras knn learning lenet logistic lstm main mlp model models net network neural nn numpy
    perceptron predict prediction predictor pytorch regression resnet rnn run scratch segmentation simple
    sklearn softmax solution survival svm tensorflow tf torch train trainer training tutorial unet using v vae
    vgg with
"""))  # fmt: skip


def read(stem: str) -> str | None:
    """The dataset that the name of a file says beside what is done with it."""
    words = [word.lower() for word in CAMEL.findall(stem) if not word.isdigit()]
    named = [word for word in words if word in TOO_GENERAL and word not in _OF_FORMS]
    alone = len(named) == 1 and all(word in _DONE for word in words if word != named[0])
    return of_table(named[0]) if alone else None


def folder(path: Path) -> str | None:
    """The known dataset that the folder of a script is called for itself: `BTCV/main.py`."""
    name = squeeze(path.parent.name)
    return BY_ALIAS.get(name) if name not in TOO_GENERAL else None
