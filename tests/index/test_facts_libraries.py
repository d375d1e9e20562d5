"""Networks put together of a library's own layers, and those that derive from a library's networks."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


def tags(text: str) -> set[str]:
    return {tag.name for tag in read(text).tags}


TFLEARN = "import tflearn\nnet = tflearn.input_data([None, 28, 28, 1])\n"


@pytest.mark.parametrize(("layers", "expected"), [
    ("net = tflearn.conv_2d(net, 32, 3)\nnet = tflearn.max_pool_2d(net, 2)\n", {"cnn"}),
    ("net = tflearn.embedding(net, 100, 128)\nnet = tflearn.lstm(net, 128)\n", {"lstm", "rnn"}),
    ("net = tflearn.residual_block(net, 5, 16)\n", {"cnn", "resnet"}),
])  # fmt: skip
def test_layers_of_tflearn_are_layers(layers: str, expected: set[str]) -> None:
    assert (
        tags(TFLEARN + layers + "net = tflearn.regression(net, optimizer='adam')\ntflearn.DNN(net).fit(x, y)\n")
        == expected
    )


def test_layers_of_tflearn_make_a_model_that_nothing_fits() -> None:
    found = read(TFLEARN + "net = tflearn.conv_2d(net, 8, 3)\nnet = tflearn.conv_2d(net, 8, 3)\ntflearn.DNN(net)\n")
    assert (found.is_model, found.framework) == (True, "Keras/TensorFlow")


def test_a_fit_that_counts_no_epochs_still_has_its_optimizer_and_its_batch() -> None:
    net = TFLEARN + "net = tflearn.regression(net, optimizer='adam', learning_rate=0.01)\n"
    found = read(net + "tflearn.DNN(net).fit(x, y, batch_size=32)\n")
    assert (found.optimizer, found.lr, found.batch, found.epochs) == ("Adam", 0.01, 32, None)


def test_an_encoder_with_a_spread_that_is_drawn_from_is_variational() -> None:
    text = ("encoder = tflearn.fully_connected(net, 64)\nz_mean = tflearn.fully_connected(encoder, 2)\n"
            "z_std = tflearn.fully_connected(encoder, 2)\nz = z_mean + z_std * tf.random_normal(tf.shape(z_std))\n"
            "decoder = tflearn.fully_connected(z, 784)\n")  # fmt: skip
    assert "vae" in tags(f"import tensorflow as tf\n{TFLEARN}{text}tflearn.DNN(decoder).fit(x, x, n_epoch=3)\n")


def test_a_network_derived_from_a_librarys_is_of_its_family() -> None:
    found = read("import timm.models.vision_transformer as vt\n"
                 "class Vit(vt.VisionTransformer):\n    def pooled(self, x):\n        return x\n")  # fmt: skip
    assert (found.is_model, found.arch) == (True, "Vit")
    assert {"vit", "transformer"} <= {tag.name for tag in found.tags}


def test_what_translates_is_no_autoencoder() -> None:
    text = ("import tensorflow as tf\nclass Model:\n    def _build_encoder(self, x):\n"
            "        return tf.nn.dynamic_rnn(self.cell, x)\n    def _build_decoder(self, z):\n"
            "        attended = tf.contrib.seq2seq.LuongAttention(64, z)\n"
            "        return tf.contrib.seq2seq.AttentionWrapper(self.cell, attended)\n")  # fmt: skip
    found = tags(text + "tf.train.AdamOptimizer(0.1).minimize(Model()._build_decoder(1))\n")
    assert {"attention", "rnn"} <= found and "autoencoder" not in found


def test_a_form_of_another_files_network_that_builds_a_part_anew_and_what_trains_it() -> None:
    derived = read("import tensorflow as tf\nfrom . import attention_model\n"
                   "class GNMT(attention_model.AttentionModel):\n"
                   "    def _build_encoder(self, x):\n        return tf.nn.dynamic_rnn(self.cell, x)\n")  # fmt: skip
    assert (derived.is_model, derived.arch) == (True, "GNMT")
    assert read("import tensorflow as tf\nfrom . import helper\ndef run():\n"
                "    model, step = helper.load_or_create('out')\n"
                "    while step < 9:\n        model.train(tf.Session())\n").is_model  # fmt: skip


def test_a_network_of_tflearn_within_a_class_is_one() -> None:
    assert read("import tflearn\nclass Copier:\n    def model(self, net):\n"
                "        return tflearn.DNN(tflearn.regression(net, optimizer='sgd'))\n").is_model  # fmt: skip
