"""What course work writes differently: pipelines that a function of the script lays, tests that test nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse


def read(text: str, name: str = "script.py") -> ScriptFacts:
    return extract(parse(Path(name), text.encode()))


PIPELINE = """
import tensorflow as tf
import tensorflow_datasets as tfds
def prepare(data):
    data = data.map(lambda x, y: (tf.cast(x, tf.float32), y))
    data = data.shuffle(1000)
    data = data.batch(48)
    return data.prefetch(20)
model = tf.keras.Sequential([tf.keras.layers.Dense(10), tf.keras.layers.Dense(2)])
optimizer = tf.keras.optimizers.SGD(0.1)
train, test = tfds.load('fashion_mnist', split=['train', 'test'], as_supervised=True)
train = train.apply({prepare}){more}
for epoch in range(10):
    for x, y in train:
        with tf.GradientTape() as tape:
            loss = model(x)
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
"""


@pytest.mark.parametrize("more", ["", ".take(100000)"])
@pytest.mark.parametrize("prepare", ["prepare", "lambda data: prepare(data)"])
def test_a_pipeline_may_be_laid_by_a_function_that_is_applied_to_the_data(prepare: str, more: str) -> None:
    assert read(PIPELINE.replace("{prepare}", prepare).replace("{more}", more)).batch == 48


GRAPHS = """
import torch
def train_graphs(model, loader, epochs):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
    for epoch in range(1, epochs):
        for graph in loader:
            optimizer.zero_grad()
            model(graph).backward()
            optimizer.step()
def test_graphs(model, loader):
    right = sum((model(graph) == graph.label).sum() for graph in loader)
    {checked}
"""


def test_a_function_called_a_test_that_checks_nothing_tests_no_code() -> None:
    facts = read(GRAPHS.replace("{checked}", "print(right)"), "graph_training.py")
    assert (facts.is_model, facts.optimizer, facts.lr) == (True, "Adam", 0.005)
    for checked in ("assert right", "np.testing.assert_allclose(right, 1)"):
        assert not read(GRAPHS.replace("{checked}", checked), "graph_training.py").is_model


def test_a_method_called_as_a_learner_of_fastai_is_made_is_none_of_it() -> None:
    text = (
        "from keras.optimizers import Adam\nfrom utils import model\nmodel = model.create_cnn(64, 64, 3)\n"
        "model.compile(loss='mse', optimizer=Adam(lr=1e-3))\nmodel.fit(x, y, epochs=200, batch_size=8)\n"
    )
    facts = read(text)
    assert (facts.framework, facts.optimizer, facts.epochs) == ("Keras/TensorFlow", "Adam", 200)


def test_a_generator_of_altered_pictures_is_fitted_to_data_and_no_model() -> None:
    text = (
        "from keras.datasets import mnist\nfrom keras.preprocessing.image import ImageDataGenerator\n"
        "(x, y), _ = mnist.load_data()\nturned = ImageDataGenerator(rotation_range=60)\nturned.fit(x)\n"
        "for a, b in turned.flow(x, y, batch_size=9):\n    show(a)\n    break\n"
    )
    assert not read(text).is_model


BOOSTED: dict[str, tuple[str, dict[str, Any]]] = {
    "beside the memory of Keras, which is cleared": (
        "from keras import backend as K\nfrom lightgbm import LGBMRegressor\nhp = {'learning_rate': 0.02}\n"
        "def train(x, y):\n    model = LGBMRegressor(**hp)\n    model.fit(x, y)\n    K.clear_session()\n"
        "train(x, y)\n",
        {"framework": "LightGBM", "arch": "LGBMRegressor", "lr": 0.02},
    ),
    "by a loss whose gradient JAX takes": (
        "import lightgbm as lgb\nfrom jax import grad, vmap\ndef loss(y, a):\n    return (y - a) ** 2\n"
        "def objective(y, a):\n    return vmap(grad(loss))(y, a), a * 0 + 1\n"
        "model = lgb.DaskLGBMRegressor(objective=objective, n_estimators=600, learning_rate=0.05)\nmodel.fit(x, y)\n",
        {"framework": "LightGBM", "arch": "DaskLGBMRegressor", "lr": 0.05},
    ),
}


@pytest.mark.parametrize("way", BOOSTED)
def test_what_boosts_is_the_framework_where_another_only_helps(way: str) -> None:
    text, expected = BOOSTED[way]
    facts = read(text)
    assert {name: getattr(facts, name) for name in expected} == expected


def test_a_ready_detector_with_a_head_of_its_own_is_a_model() -> None:
    text = (
        "import torchvision\nfrom torchvision.models.detection.mask_rcnn import MaskRCNNPredictor\n"
        "def make(classes, pretrained=False):\n"
        "    model = torchvision.models.detection.maskrcnn_resnet50_fpn(pretrained=pretrained)\n"
        "    width = model.roi_heads.mask_predictor.conv5_mask.in_channels\n"
        "    model.roi_heads.mask_predictor = MaskRCNNPredictor(width, 256, classes)\n    return model\n"
    )
    facts = read(text)
    assert (facts.is_model, facts.framework, facts.arch) == (True, "PyTorch", "maskrcnn_resnet50_fpn")


def test_where_several_libraries_boost_the_framework_is_what_most_that_is_compared_is_of() -> None:
    text = (
        "from sklearn.ensemble import RandomForestRegressor\nfrom sklearn.svm import SVR\n"
        "from sklearn.linear_model import Lasso\nfrom xgboost import XGBRegressor\nfrom lightgbm import LGBMRegressor\n"
        "models = [RandomForestRegressor(), SVR(){lasso}, XGBRegressor(), LGBMRegressor()]\n"
        "for model in models:\n    model.fit(x, y)\n"
    )
    assert read(text.replace("{lasso}", ", Lasso()")).framework == "scikit-learn"
    assert read(text.replace("{lasso}", "")).framework is None  # half of them


ADVERSARIES = """
import tensorflow as tf
from layers import conv2d, linear
class DCGAN(object):
    def __init__(self, size=64):
        self.x = tf.placeholder(tf.float32, [None, 784])
        self.d_loss = tf.reduce_mean(linear(self.x, 1, name='d'))
        self.g_loss = tf.reduce_mean(conv2d(self.x, 1, name='g'))
{steps}
"""


@pytest.mark.parametrize(
    "steps",
    [
        "dcgan = DCGAN()\nd = tf.train.AdamOptimizer(0.1).minimize(dcgan.d_loss)\n"
        "g = tf.train.AdamOptimizer(0.1).minimize(dcgan.g_loss)\nfor epoch in range(3):\n    sess.run([d, g])\n",
        "        self.step = tf.train.AdamOptimizer(0.1).minimize(self.d_loss)\nDCGAN()\n",
    ],
)
def test_a_plain_class_is_trained_whose_loss_is_minimised(steps: str) -> None:
    facts = read(ADVERSARIES.replace("{steps}", steps))
    assert (facts.is_model, facts.arch, facts.lr) == (True, "DCGAN", 0.1)


def test_a_helper_called_a_test_that_the_script_calls_itself_tests_no_code() -> None:
    text = (
        "import os, torch\nfrom models import Net\ndef test_mkdir(path):\n    os.makedirs(path, exist_ok=True)\n"
        "if __name__ == '__main__':\n    test_mkdir('runs')\n    net = Net()\n"
        "    opt = torch.optim.SGD(net.parameters(), lr=0.01)\n    for x in loader:\n        net(x).backward()\n"
        "        opt.step()\n"
    )
    assert (read(text).optimizer, read(text).lr) == ("SGD", 0.01)
    assert not read(text.replace("    test_mkdir('runs')\n", "    test_mkdir()\n")).is_model


def test_maps_and_agents_that_are_written_out_by_hand_are_models() -> None:
    step = "    for i in range(times):\n        net[i] = net[i] + rate * (x[i] - net[i])\n    return net\n"
    for name, method in (("trainSOM", "SOM"), ("kohonen", "SOM"), ("actor_critic_eligibility_traces", "ActorCritic")):
        facts = read(f"import numpy as np\ndef {name}(x, net, times, rate):\n{step}{name}(data, start, 100, 0.3)\n")
        assert (facts.is_model, facts.arch, facts.framework) == (True, method, "NumPy")


def test_a_ready_estimator_is_a_model_where_it_is_made_and_where_it_is_trained() -> None:
    made = (
        "import tensorflow as tf\nclassifier = tf.estimator.DNNClassifier(feature_columns=columns, hidden_units=[20])\n"
    )
    assert read(made).arch == "DNNClassifier"
    trained = (
        "import tensorflow as tf\nfrom made import classifier\nclassifier.train(input_fn=lambda: feed(x), steps=9)\n"
    )
    assert read(trained).is_model
