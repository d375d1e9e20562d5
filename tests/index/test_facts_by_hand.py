"""Trainings without an optimizer object: gradient descent written out, with NumPy, plain tensors, or neither."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from index.facts import ScriptFacts, extract
from index.files.source import parse


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


NETWORK = """
import numpy as np
class Network:
    def __init__(self, sizes):
        self.weights = [np.random.randn(y, x) for x, y in zip(sizes[:-1], sizes[1:])]
    def train(self, data, epochs, mini_batch_size, eta):
        for j in range(epochs):
            for k in range(0, len(data), mini_batch_size):
                self.update(data[k:k + mini_batch_size], eta)
    def update(self, batch, eta):
        nabla = [self.backprop(x, y) for x, y in batch]
        self.weights = [w - (eta / len(batch)) * nw for w, nw in zip(self.weights, nabla)]
    def backprop(self, x, y):
        return x
"""


def test_a_network_of_numpy_alone() -> None:
    found = read(NETWORK + "net = Network([784, 30, 10])\nnet.train(data, 30, 10, 3.0)\n")
    assert (found.framework, found.arch, found.optimizer) == ("NumPy", "Network", "SGD")
    assert (found.epochs, found.batch, found.lr) == (30, 10, 3.0)


def test_a_class_that_nothing_runs_hangs_on_its_arguments() -> None:
    found = read(NETWORK)
    assert (found.is_model, found.framework, found.arch, found.lr) == (True, "NumPy", "Network", None)
    assert found.evidence["lr"] == "eta"


UPDATES = {
    "w -= lr * grad_w": 0.05,
    "w = w - lr * dw": 0.05,
    "w += -lr * dw": 0.05,
    "params['W' + str(1)] = params['W' + str(1)] - lr * grads['dW' + str(1)]": 0.05,
    "for key in params:\n        params[key] -= lr * grads[key]": 0.05,
    "w -= 0.2 * grad": 0.2,
    "w -= lr * np.dot(x.T, delta) / 64": 0.05,
    "theta = theta - alpha * gradients": 0.3,
}


@pytest.mark.parametrize("update", UPDATES)
def test_the_update_in_all_its_forms(update: str) -> None:
    found = read(f"import numpy as np\nlr, alpha = 0.05, 0.3\nfor epoch in range(20):\n    {update}\n")
    assert (found.is_model, found.optimizer, found.lr, found.epochs) == (True, "SGD", UPDATES[update], 20)


def test_plain_tensors() -> None:
    found = read(
        "import torch\nw = torch.randn(10, 1, requires_grad=True)\nlearning_rate = 1e-6\nfor epoch in range(500):\n"
        "    loss = (x.mm(w) - y).pow(2).sum()\n    loss.backward()\n    with torch.no_grad():\n"
        "        w -= learning_rate * w.grad\n"
    )
    assert (found.framework, found.optimizer, found.lr, found.epochs) == ("PyTorch", "SGD", 1e-6, 500)


JAX = """
import jax
import jax.numpy as jnp
step_size = 0.01
{update}
for epoch in range(8):
    for x, y in get_train_batches():
        params = update(params, x, y)
"""


@pytest.mark.parametrize(
    "moved",
    [
        "[(w - step_size * dw, b - step_size * db) for (w, b), (dw, db) in zip(params, grads)]",
        "jax.tree_util.tree_map(lambda p, g: p - step_size * g, params, grads)",
    ],
)
def test_a_step_of_jax(moved: str) -> None:
    update = f"@jax.jit\ndef update(params, x, y):\n    grads = jax.grad(loss)(params, x, y)\n    return {moved}"
    found = read(JAX.format(update=update))
    assert (found.framework, found.optimizer, found.lr, found.epochs) == ("JAX", "SGD", 0.01, 8)


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\nfor i in range(100):\n    total += rate * price\n",
        "import numpy as np\nfor key in params:\n    params[key] -= lr * grads[key]\n",  # an optimizer of a library
        "import numpy as np\nfor step in range(20):\n    image += 0.01 * grad\n",  # a picture is made
        "import numpy as np\nw -= lr * grad\n",
        "import numpy as np\nx = 3\nfor epoch in range(9):\n    x -= 1\n",
    ],
)
def test_what_only_looks_like_it(text: str) -> None:
    assert not read(text).is_model


LIBRARY = """
import numpy as np
from dataset.mnist import load_mnist
from simple_convnet import SimpleConvNet
from common.trainer import Trainer
(x_train, t_train), (x_test, t_test) = load_mnist(flatten=False)
network = SimpleConvNet(input_dim=(1, 28, 28))
trainer = Trainer(network, x_train, t_train, epochs=20, mini_batch_size=100, optimizer='Adam',
                  optimizer_param={'lr': 0.001})
trainer.train()
"""


def test_a_library_of_the_script_s_own() -> None:
    found = read(LIBRARY)
    expected: tuple[Any, ...] = ("NumPy", "SimpleConvNet", "MNIST", 100, 0.001, "Adam", 20)
    got = (found.framework, found.arch, found.dataset, found.batch, found.lr, found.optimizer, found.epochs)
    assert got == expected


@pytest.mark.parametrize(
    ("start", "lowered", "rate", "expected"),
    [
        ("lr = 0.1", "lr *= 0.5", "lr", 0.1),
        ("lr = 0.1", "lr = lr * 0.5", "lr", 0.1),
        ("lr, t = 0.1, 0", "t += 1", "lr / (1 + 0.1 * t)", 0.1),
        ("epsilon = 0.01", "pass", "epsilon", 0.01),
        ("t = 0", "t += 1; eta = 200 / (t + 1000)", "eta", None),
        ("t = 0", "t = t + 1; eta = 200 / (t + 1000)", "eta", None),
        ("t = 0", "t += 1; eta = 200 / (t + 1000)", "0.5 * eta", None),
    ],
)
def test_a_rate_is_the_one_that_a_training_starts_from_and_none_where_a_counter_makes_it(
    start: str, lowered: str, rate: str, expected: float | None
) -> None:
    script = f"""
import numpy as np
X = np.load("x.npy")
w = np.zeros(3)
{start}
for epoch in range(50):
    {lowered}
    grad = X.T @ (X @ w)
    w -= {rate} * grad
"""
    assert read(script).lr == expected


def test_a_network_by_hand_whose_layers_and_optimizer_are_elsewhere() -> None:
    facts = read(
        "import numpy as np\nclass Net:\n    def forward(self, x):\n        for layer in self.layers:\n"
        "            x = layer.forward(x)\n        return x\n    def backpropagate(self, delta, optimizer):\n"
        "        for layer in reversed(self.layers):\n            delta = layer.backpropagate(delta)\n"
        "        optimizer.apply(self.layers, np.mean(delta))\n"
    )
    assert (facts.is_model, facts.framework, facts.arch) == (True, "NumPy", "Net")


def test_a_layer_by_hand_is_no_network() -> None:
    facts = read(
        "import numpy as np\nclass DenseLayer:\n    def forward(self, x):\n        return np.dot(x, self.w)\n"
        "    def backward(self, delta):\n        for row in delta:\n            self.dw += row\n        return delta\n"
    )
    assert not facts.is_model


BY_OTHER_MEANS = {
    "class SVC:\n    def fit(self, x, y):\n        return minimize(self.dual, x)\n"
    "    def predict(self, x):\n        return x @ self.w\n": "SVC",
    "class Tree:\n    def train(self, x, y):\n        for split in x:\n            self.left = Tree()\n"
    "            self.left.train(x, y)\n    def predict(self, x):\n        return self.left.predict(x)\n": "Tree",
    "class KNN:\n    def fit(self, x):\n        self.x = x\n"
    "    def classify(self, x):\n        return self.x[0]\n": "KNN",
    "def k_means(data, k):\n    while True:\n        centres = [data[i] for i in range(k)]\n": "KMeans",
    "def apply_tsne(x):\n    for step in range(500):\n        x = x - x.mean()\n": "t-SNE",
}


@pytest.mark.parametrize("text", BY_OTHER_MEANS)
def test_a_method_of_the_textbooks_written_out_is_a_model(text: str) -> None:
    found = read(f"import numpy as np\n{text}")
    assert (found.is_model, found.framework, found.arch) == (True, "NumPy", BY_OTHER_MEANS[text])


@pytest.mark.parametrize("text", [
    "class MyScaler:\n    def fit(self, x):\n        for c in x:\n            self.m = c\n"
    "    def predict(self, x): ...\n",
    "def kmeans(x): ...\n",
])  # fmt: skip
def test_what_hands_on_prepares_or_computes_nothing_is_none(text: str) -> None:
    assert not read(f"import numpy as np\n{text}").is_model


TAPE = """
import tensorflow as tf
X, y = tf.random.normal([100, 3]), tf.random.normal([100, 1])
W, b = tf.Variable(tf.random.normal([3, 1])), tf.Variable(0.)
learning_rate = 0.05
for epoch in range(50):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(X @ W + b - y))
    dW, db = tape.gradient(loss, [W, b])
    {}
"""


@pytest.mark.parametrize(
    "moved",
    [
        "W.assign_sub(learning_rate * dW)",
        "W.assign(W - learning_rate * dW)",
        "W.assign_add(-learning_rate * dW)",
        "tf.assign_sub(W, dW * learning_rate)",
        "moved = [w.assign(w - learning_rate * d) for w, d in zip([W, b], [dW, db])]",
    ],
)
def test_variables_of_tensorflow_that_are_assigned_what_is_less_by_the_gradient(moved: str) -> None:
    facts = read(TAPE.format(moved))
    assert facts.is_model and facts.framework == "Keras/TensorFlow"
    assert (facts.optimizer, facts.lr, facts.epochs) == ("SGD", 0.05, 50)


def test_the_class_whose_variables_are_assigned_is_the_network() -> None:
    text = """
import tensorflow as tf
class Line:
    def __init__(self):
        self.w = tf.Variable(5.0)
    def __call__(self, x):
        return self.w * x
def train(model, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(x) - y))
    dw = tape.gradient(loss, model.w)
    model.w.assign_sub(learning_rate * dw)
x = tf.random.normal([100])
line = Line()
for epoch in range(10):
    train(line, x, 3 * x, learning_rate=0.1)
"""
    facts = read(text)
    assert (facts.arch, facts.optimizer, facts.lr, facts.epochs) == ("Line", "SGD", 0.1, 10)


GRAPH = """
import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data
mnist = input_data.read_data_sets("MNIST_data/", one_hot=True)
x = tf.placeholder(tf.float32, [None, 784])
w = tf.Variable(tf.random_normal([784, 10]))
b = tf.Variable(tf.zeros([10]))
cost = tf.reduce_mean(tf.matmul(x, w) + b)
lr = 0.5
dw, db = tf.gradients(cost, [w, b])
{}
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for epoch in range(25):
        for i in range(mnist.train.num_examples // 100):
            xs, _ = mnist.train.next_batch(100)
            sess.run(train, feed_dict={{x: xs}})
"""


@pytest.mark.parametrize(
    "made",
    [
        "train = [tf.assign(w, w - lr * dw), tf.assign(b, b - lr * db)]",
        "train = tf.group(w.assign(w - lr * dw), b.assign(b - lr * db))",
        "train = []\nfor v, g in zip([w, b], [dw, db]):\n    train.append(tf.assign(v, v - g * lr))",
        "train = [tf.compat.v1.assign_sub(w, lr * dw)]",
    ],
)
def test_a_graph_s_own_step_is_taken_where_a_session_runs_it(made: str) -> None:
    facts = read(GRAPH.format(made))
    assert facts.is_model and facts.dataset == "MNIST"
    assert (facts.optimizer, facts.lr, facts.epochs, facts.batch) == ("SGD", 0.5, 25, 100)


@pytest.mark.parametrize(
    "moved",
    [
        "steps.assign_add(1)",
        "mean.assign_sub((1 - 0.99) * (mean - now))",
        "target.assign(0.01 * W + 0.99 * target)",
        "optimizer.learning_rate.assign(optimizer.learning_rate * 0.9)",
        "image.assign_sub(learning_rate * dW)",
    ],
)
def test_what_is_assigned_otherwise_is_no_descent(moved: str) -> None:
    assert not read(TAPE.format(moved)).is_model


MACHINE = """
import torch
import pandas as pd
training_set = torch.FloatTensor(pd.read_csv("u1.base").values)
class RBM():
    def __init__(self, nv, nh):
        self.W = torch.randn(nh, nv)
        self.a = torch.randn(1, nh)
    def sample_h(self, x):
        p = torch.sigmoid(torch.mm(x, self.W.t()) + self.a)
        return p, torch.bernoulli(p)
    def train(self, v0, vk, ph0, phk):
        {}
        self.a += torch.sum((ph0 - phk), 0)
batch_size = 10
rbm = RBM(1682, 100)
for epoch in range(1, 101):
    for at in range(0, 943 - batch_size, batch_size):
        v0 = vk = training_set[at:at + batch_size]
        ph0, _ = rbm.sample_h(v0)
        phk, _ = rbm.sample_h(vk)
        rbm.train(v0, vk, ph0, phk)
"""


@pytest.mark.parametrize(
    "moved",
    [
        "self.W += torch.mm(v0.t(), ph0) - torch.mm(vk.t(), phk)",
        "self.W += (torch.mm(v0.t(), ph0) - torch.mm(vk.t(), phk)).t()",
        "self.W = self.W + (v0.t() @ ph0 - vk.t() @ phk).t()",
    ],
)
def test_a_machine_that_learns_by_what_two_phases_differ_in(moved: str) -> None:
    facts = read(MACHINE.format(moved))
    assert facts.is_model
    assert (facts.framework, facts.arch, facts.optimizer) == ("PyTorch", "RBM", None)
    assert (facts.lr, facts.batch, facts.epochs) == (None, 10, 100)


COURSE = """
import numpy as np
X, y = np.loadtxt("x.txt"), np.loadtxt("y.txt")
theta, w, b, m = np.zeros(3), np.zeros(3), 0.0, len(y)
alpha = 0.01
for epoch in range(1500):
    error = X @ theta - y
    {}
"""


@pytest.mark.parametrize(
    "moved",
    [
        "theta = theta - alpha * (X.T @ error) / m",
        "theta -= (alpha / m) * (X.T @ (1 / (1 + np.exp(-X @ theta)) - y))",
        "w += alpha * error * X[0]",
        "b = b + alpha * (2 / m) * sum(error)",
        "self.weights[1:] += alpha * X.T @ error",
    ],
)
def test_a_rate_called_alpha_moves_what_is_called_a_parameter(moved: str) -> None:
    facts = read(COURSE.format(moved))
    assert facts.is_model and (facts.framework, facts.optimizer, facts.lr) == ("NumPy", "SGD", 0.01)
    assert facts.epochs == 1500


@pytest.mark.parametrize(
    "moved",
    [
        "level += alpha * error",
        "Q[s, a] += alpha * (r + 0.9 * np.max(Q[t]) - Q[s, a])",
        "V[s] = V[s] + alpha * (r + 0.9 * V[t] - V[s])",
        "w = w * alpha",
        "w = w - 0.5 * X[0]",
    ],
)
def test_alpha_moves_other_things_that_are_no_parameters(moved: str) -> None:
    assert not read(COURSE.format(moved)).is_model


AGENT = """
import random
import gym
import numpy as np
env = gym.make("FrozenLake-v1")
q = np.zeros((16, 4))
alpha, gamma = 0.1, 0.9
for episode in range(5000):
    s, done = env.reset(), False
    while not done:
        a = env.action_space.sample() if random.random() < 0.1 else int(np.argmax(q[s]))
        n, r, done, _ = env.step(a)
        {}
        s = n
"""


@pytest.mark.parametrize(
    "update",
    ["q[s, a] += alpha * (r + gamma * np.max(q[n]) - q[s, a])",
     "q[s, a] = q[s, a] + alpha * (r + gamma * q[n].max() - q[s, a])",
     "q[s, a] = (1 - alpha) * q[s, a] + alpha * (r + gamma * max(q[n]))",
     "q[s, a] = r + gamma * np.max(q[n, :])",
     "old = q[s, a]; best = max(q[n]); q[s, a] = old + alpha * (r + gamma * best - old)",
     "q[s, a] += alpha * (r + gamma * q[n, act(n)] - q[s, a])",  # SARSA
     "b = pick(q, n); q[s, a] = q[s, a] + alpha * (r + gamma * q[n, b] - q[s, a])",
     "error = r + gamma * q[n][act(n)] - q[s][a]; q[s][a] += alpha * error",
     "q[s, a] = (1 - alpha) * q[s, a] + alpha * (r + gamma * q[n, act(n)])"],
)  # fmt: skip
def test_an_agent_that_keeps_a_table_of_values_is_a_model(update: str) -> None:
    found = read(AGENT.format(update))
    assert (found.is_model, found.framework, found.arch) == (True, "NumPy", "Q-learning")


@pytest.mark.parametrize(
    "text",
    ["q[i] = max(q[i - 1], q[i - 2] + gamma * a[i])",  # the best sum, of dynamic programming
     "q[s, a] = max(sum(p * (r + gamma * q[n]) for p, n in moves) for _ in range(4))",  # planned, not learned
     "q[i] = a[i] + gamma * q[i + 1]",  # returns, discounted
     "q[i] += gamma * q[i + 1]",
     "a = int(np.argmax(q[n]))"],
)  # fmt: skip
def test_a_table_that_is_only_asked_or_planned_with_is_none(text: str) -> None:
    assert not read(AGENT.format(text)).is_model


BRED = """
import numpy as np


class Brain:
    def __init__(self, sizes):
        self.weights = [np.random.randn(a, b) for a, b in zip(sizes, sizes[1:])]

    def forward(self, x):
        for w in self.weights:
            x = np.tanh(x @ w)
        return x


class Population:
    def __init__(self, size):
        self.all = [Brain((2, 8, 3)) for _ in range(size)]

    def crossover(self, one, other):
        return [np.where(np.random.rand(*a.shape) < 0.5, a, b) for a, b in zip(one.weights, other.weights)]

    def select_parents(self):
        return sorted(self.all, key=lambda one: one.score)[:10]
"""


def test_a_network_whose_weights_are_bred_is_a_model() -> None:
    found = read(BRED)
    assert (found.is_model, found.framework, found.arch) == (True, "NumPy", "Brain")
    alone = read(BRED.replace("class Brain", "class Made").replace("    def forward", "    def shape"))
    assert (alone.is_model, alone.arch) == (True, "Population")  # the networks are of another module


def test_what_is_bred_and_is_no_network_is_none() -> None:
    tour = BRED.replace("weights", "cities").replace("Brain", "Tour").replace("forward", "length")
    assert not read(tour).is_model


@pytest.mark.parametrize(
    ("update", "rate"),
    [("q[s, a] += alpha * (r + gamma * np.max(q[n]) - q[s, a])", 0.1),
     ("q[s, a] = (1 - alpha) * q[s, a] + alpha * (r + gamma * max(q[n]))", 0.1),
     ("old = q[s, a]; best = max(q[n]); q[s, a] = old + alpha * (r + gamma * best - old)", 0.1),
     ("error = r + gamma * max(q[n]) - q[s, a]; q[s, a] += error * alpha", 0.1),
     ("q[s, a] += alpha * (r + gamma * q[n, b] - q[s, a])", 0.1),
     ("q[s, a] = r + gamma * np.max(q[n, :])", None),  # all of the way, at no rate
     ("rate = 1 / (1 + episode); q[s, a] += rate * (r + gamma * np.max(q[n]) - q[s, a])", None)],
)  # fmt: skip
def test_a_table_moves_towards_what_was_seen_at_a_rate(update: str, rate: float | None) -> None:
    assert read(AGENT.format(update)).lr == rate


def test_the_rate_of_a_table_that_an_agent_keeps_is_the_one_that_it_is_made_with() -> None:
    text = (
        "import numpy as np\nclass Agent:\n    def __init__(self, states, rate=0.5, discount=0.9):\n"
        "        self.q, self.rate, self.discount = np.zeros((states, 2)), rate, discount\n"
        "    def learn(self, s, a, r, n):\n"
        "        aim = r + self.discount * np.max(self.q[n])\n"
        "        self.q[s, a] += self.rate * (aim - self.q[s, a])\n"
    )
    assert read(text).lr == 0.5
    assert read(text + "agent = Agent(8, rate=0.02)\nagent.learn(0, 1, 1.0, 3)\n").lr == 0.02


@pytest.mark.parametrize("change", ["0.5 * np.sum(parts[j].dot(bs) - bs) ** 2", "0.5 * (parts[j] - delta)"])
def test_what_is_summed_up_is_no_parameter(change: str) -> None:
    text = (
        "import numpy as np\nimport torch\nfrom torch import nn\nnet = nn.Linear(3, 1)\n"
        "def objective(parts, bs, delta):\n    obj = 0\n    for j in range(len(parts)):\n"
        f"        obj = obj + {change}\n    return obj\n"
        "for epoch in range(9):\n    print(objective([1.0] * 9, [2.0], 0.1))\n"
    )
    assert read(text).lr is None
