"""What scripts are put together of, in every framework's spelling, and what is claimed of those that lack it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.facts import extract
from index.files.source import parse
from index.indexing.update import update
from index.search import SearchEngine

TORCH = """import torch
from torch import nn
from torch.nn import functional as F
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(8, 8)
        self.part = {part}
    def forward(self, x):
        return {forward}
net = Net()
opt = torch.optim.{optimizer}
for epoch in range(3):
    net(torch.randn(4, 8)).sum().backward()
    {step}
    opt.step()
"""
KERAS = """from keras.models import Sequential
from keras.layers import Dense, BatchNormalization, Dropout
from keras import layers, regularizers
model = Sequential([Dense(8), {part}])
model.compile("adam", "mse")
model.fit(x, y, epochs=3{fit})
"""
SLIM = """import tensorflow as tf
slim = tf.contrib.slim
h = slim.fully_connected(x, 8{part})
train = tf.train.AdamOptimizer(1e-3).minimize(tf.layers.dense(h, 1))
with tf.Session() as sess:
    for step in range(9):
        sess.run(train)
"""


def torch(part: str = "nn.ReLU()", forward: str = "self.part(x)", optimizer: str = "Adam(net.parameters())",
          step: str = "pass") -> str:  # fmt: skip
    return TORCH.format(part=part, forward=forward, optimizer=optimizer, step=step)


def uses(text: str) -> set[str]:
    return {one.name for one in extract(parse(Path("script.py"), text.encode())).uses}


@pytest.mark.parametrize(
    ("component", "text"),
    [
        ("batch-norm", torch("nn.BatchNorm1d(8)")), ("batch-norm", torch(forward="F.batch_norm(self.first(x))")),
        ("batch-norm", KERAS.format(part="BatchNormalization()", fit="")),
        ("batch-norm", SLIM.format(part=", normalizer_fn=slim.batch_norm")),
        ("batch-norm", torch("block(8, bn=True)")), ("batch-norm", torch("resnet18()")),
        ("layer-norm", torch("nn.LayerNorm(8)")), ("group-norm", torch("nn.GroupNorm(2, 8)")),
        ("dropout", torch("nn.Dropout(0.1)")), ("dropout", KERAS.format(part="layers.Dropout(.5)", fit="")),
        ("dropout", torch("nn.LSTM(8, 8, dropout=0.2)")), ("dropout", SLIM.format(part=", keep_prob=.5")),
        ("dropout", torch("Block(8, dropout)") + "dropout = 0.1\n"),
        ("skip-connection", torch(forward="x + self.part(self.first(x))")),
        ("pooling", torch("nn.AdaptiveAvgPool2d(1)")), ("upsampling", torch("nn.ConvTranspose2d(8, 8, 2)")),
        ("weight-decay", torch(optimizer="SGD(net.parameters(), 1e-2, weight_decay=1e-4)")),
        ("weight-decay", torch(optimizer="AdamW(net.parameters())")),
        ("weight-decay", KERAS.format(part="Dense(8, kernel_regularizer=regularizers.l2(1e-4))", fit="")),
        ("gradient-clipping", torch(step="nn.utils.clip_grad_norm_(net.parameters(), 1.0)")),
        ("mixed-precision", torch(step="torch.cuda.amp.GradScaler()")),
        ("momentum", torch(optimizer="SGD(net.parameters(), 1e-2, momentum=0.9)")),
        ("multi-gpu", torch("nn.DataParallel(nn.Linear(8, 8))")),
        ("multi-gpu", torch(step="init_process_group('nccl')")),
        ("quantization", torch("AutoModel.from_pretrained('bert', load_in_8bit=True)")),
        ("hugging-face", torch("AutoModelForCausalLM.from_pretrained('gpt2')")),
        ("early-stopping", KERAS.format(part="Dense(1)", fit=", callbacks=[EarlyStopping()]")),
    ],
)  # fmt: skip
def test_a_component_is_known_in_every_spelling(component: str, text: str) -> None:
    assert component in uses(text)


@pytest.mark.parametrize(
    ("component", "text"),
    [
        ("batch-norm", torch() + "# once had BatchNorm2d\n"), ("batch-norm", torch("block(8, bn=False)")),
        ("batch-norm", KERAS.format(part="Dense(1)", fit="")), ("dropout", torch("nn.LSTM(8, 8, dropout=0)")),
        ("weight-decay", torch(optimizer="SGD(net.parameters(), 1e-2, weight_decay=0)")),
        ("weight-decay", "DECAY = 0.0\n" + torch(optimizer="SGD(net.parameters(), 1e-2, weight_decay=DECAY)")),
        ("batch-norm", torch() + "class Unused(nn.Module):\n    def __init__(self):\n"
                                 "        super().__init__()\n        self.norm = nn.BatchNorm1d(8)\n"),
        ("quantization", torch("AutoModel.from_pretrained('bert', load_in_8bit=False)")),
        ("momentum", torch("nn.BatchNorm1d(8, momentum=0.1)")),
        ("mixed-precision", torch() + "print(f'precision: {runner.mixed_precision}')\n"),
        ("pooling", "from multiprocessing import Pool\n" + torch() + "pool = Pool(4)\n"),
    ],
)  # fmt: skip
def test_what_is_only_spoken_of_or_switched_off_is_not_used(component: str, text: str) -> None:
    assert component not in uses(text)


def test_nothing_that_is_denied_is_found_under_another_spelling(tmp_path: Path) -> None:
    scripts = {
        "keras_norm": KERAS.format(part="BatchNormalization()", fit=""),
        "slim_norm": SLIM.format(part=", normalizer_fn=slim.batch_norm"), "torch_norm": torch("nn.BatchNorm1d(8)"),
        "plain": '"""No batch norm here."""\n# load it with optim="paged_adamw_8bit"\n' + torch(),
        "imports": "from network import DeepNet\nimport torch\nnet = DeepNet()\n"
                   "opt = torch.optim.Adam(net.parameters())\n"
                   "for epoch in range(3):\n    net(1).backward()\n    opt.step()\n",
        "network": "from torch import nn\nclass DeepNet(nn.Module):\n    def __init__(self):\n"
                   "        super().__init__()\n"
                   "        self.conv = nn.Conv2d(1, 8, 3)\n        self.norm = nn.BatchNorm2d(8)\n"
                   "    def forward(self, x):\n        return self.norm(self.conv(x))\n",
        "forest": "from sklearn.ensemble import RandomForestClassifier\n"
                  "model = RandomForestClassifier()\nmodel.fit([[0], [1]], [0, 1])\n",
    }  # fmt: skip
    for name, text in scripts.items():
        (tmp_path / f"{name}.py").write_text(text)
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    found = engine.search("without batchnorm", meaning=False).results
    assert {Path(one.row.path).stem for one in found} == {"plain", "forest"}
    assert {one.why for one in found} == {("no batch norm was found, under any name",)}
    found = engine.search("with batch normalisation", meaning=False).results
    assert {Path(one.row.path).stem for one in found} == {"keras_norm", "slim_norm", "torch_norm", "imports", "network"}
    told = {Path(one.row.path).stem: one.why[0] for one in found}
    assert told["torch_norm"] == "BatchNorm1d used once, first at line 8"
    assert told["imports"] == "batch-norm: BatchNorm2d in network.py:2, line 3"
    assert not engine.search("with dropout", meaning=False).results
    (found,) = engine.search("quantized to 8 bits", meaning=False).results  # which none is known to be, one names it
    assert found.why[0] == 'names quantization at line 2: # load it with optim="paged_adamw_8bit"'
    found = engine.search("not a neural network", meaning=False).results
    assert [(Path(one.row.path).stem, one.why) for one in found] == [("forest", ("is no neural network",))]
    (found,) = engine.search("without batchnorm, without sklearn, without zebrafish", meaning=False).results
    assert "the word 'zebrafish' does not occur" in found.why
    engine.close()


@pytest.mark.parametrize(
    ("part", "brought"),
    [("resnet18(weights=ResNet18_Weights.DEFAULT)", True), ("resnet18(weights='IMAGENET1K_V1')", True),
     ("resnet18(weights=None)", False), ("VGG16(weights='imagenet')", True), ("ResNet50(include_top=False)", True),
     ("ResNet50(weights=None, include_top=False)", False), ("Unet(encoder_weights='imagenet')", True),
     ("Unet(encoder_weights=None)", False), ("nn.CrossEntropyLoss(weights=[1.0, 2.0])", False),
     ("resnet18(pretrained=False)", False), ("resnet18(pretrained=True)", True)],
)  # fmt: skip
def test_ready_networks_come_with_weights_or_without(part: str, brought: bool) -> None:
    assert ("pretrained-weights" in uses(torch(part))) is brought
