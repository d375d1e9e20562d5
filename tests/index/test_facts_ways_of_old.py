"""Ways of older and smaller libraries: optparse, updaters of several parts, rates lowered by hand, builders."""

from __future__ import annotations

from pathlib import Path

from tests.index.scripts import read, within

TORCH = "import torch\nfrom torch import nn, optim\nfrom torch.utils.data import DataLoader\n"
NET = "net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))\n"
LOOP = "for epoch in range(7):\n    for x in loader:\n        net(x).mean().backward()\n        o.step()\n"


def test_options_of_optparse() -> None:
    facts = read(
        f"{TORCH}from optparse import OptionParser\nparser = OptionParser()\n"
        "parser.add_option('-b', '--batch', dest='batch_size', default=40)\n"
        "parser.add_option('-q', '--lr', dest='lr', type='float', default='1e-3')\n"
        "opts, args = parser.parse_args()\nlr = float(opts.lr)\n"
        f"{NET}loader = DataLoader(data, batch_size=int(opts.batch_size))\n"
        f"o = optim.Adam(net.parameters(), lr=lr)\n{LOOP}"
    )
    assert (facts.batch, facts.lr) == (40, 0.001)


def test_the_main_batches_of_an_updater() -> None:
    facts = read(
        "import chainer\nfrom net import Generator\nclass Updater(chainer.training.StandardUpdater):\n"
        "    def update_core(self):\n        self.get_optimizer('gen').update(loss, x)\n"
        "gen = Generator()\nbatches = chainer.iterators.SerialIterator(data, 16)\n"
        "opt = chainer.optimizers.Adam(alpha=2e-4)\nopt.setup(gen)\n"
        "updater = Updater(iterator={'main': batches, 'test': other}, optimizer={'gen': opt})\n"
        "chainer.training.Trainer(updater, (20, 'epoch')).run()\n"
    )
    assert (facts.batch, facts.lr, facts.epochs) == (16, 0.0002, 20)


def test_a_rate_that_each_step_lowers_by_a_power() -> None:
    facts = read(
        f"{TORCH}{NET}base_lr = 0.1\n"
        "def poly_lr(base, i, n):\n    return base * (1 - i / n) ** 0.9\n"
        "def lr_poly(base_lr, i, n, power=0.95):\n    return base_lr * ((1 - i / n) ** power)\n"
        "for epoch in range(3):\n    for i, x in enumerate(loader):\n"
        "        o = optim.SGD(net.parameters(), lr=lr_poly(base_lr, i, len(loader)))\n"
        "        net(x).mean().backward()\n        o.step()\n"
    )
    assert facts.lr == 0.1


def test_settings_of_a_run_that_is_entered() -> None:
    facts = read(
        f"{TORCH}import wandb\n{NET}def train(config=None):\n    with wandb.init(config=config) as run:\n"
        "        cfg = run.config\n        loader = DataLoader(data, batch_size=cfg.batch_size)\n"
        "        o = optim.Adam(net.parameters(), lr=cfg.lr)\n"
        "        if cfg.loss == 'gan':\n            d = nn.Linear(2, 1)\n"
        "            o2 = optim.Adam(d.parameters(), lr=cfg.lr * 0.1)\n"
        "        for epoch in range(cfg.epochs):\n            for x in loader:\n"
        "                if cfg.loss == 'gan':\n                    d(x).backward()\n                    o2.step()\n"
        "                net(x).mean().backward()\n                o.step()\n"
        "train({'lr': 4e-4, 'batch_size': 16, 'epochs': 10, 'loss': 'mae'})\n"
    )
    assert (facts.lr, facts.batch, facts.epochs) == (0.0004, 16, 10)


def test_groups_that_methods_of_the_network_give() -> None:
    facts = read(
        f"{TORCH}import nets\nmodel = nets.resnet50(101)\nmodel = model.cuda()\n"
        "o = optim.Adam([{'params': model.head_weights(), 'lr': 0.1}, {'params': model.body_weights()}], 1e-4)\n"
        "for epoch in range(3):\n    for x in loader:\n        model(x).mean().backward()\n        o.step()\n"
    )
    assert facts.arch == "resnet50"


def test_a_network_that_a_method_of_a_builder_makes(tmp_path: Path) -> None:
    facts = within(
        tmp_path,
        "import tensorflow as tf\nfrom nets import Builder\nmodel = Builder().build_resnet18()\n"
        "model.compile(optimizer=tf.keras.optimizers.Adam(1e-3), loss='mse')\nmodel.fit(x, y, epochs=3)\n",
        nets="import tensorflow as tf\nclass Builder:\n    def build_resnet18(self):\n"
        "        x = tf.keras.Input((2,))\n        model = tf.keras.Model(x, tf.keras.layers.Dense(2)(x))\n"
        "        return model\n",
    )
    assert facts.arch == "resnet18"


def test_a_wrapper_that_spreads_a_network_over_machines() -> None:
    facts = read(
        f"{TORCH}from colossalai.nn.parallel import ZeroDDP\nfrom nets import ViTSmall\nmodel = ViTSmall()\n"
        "model = ZeroDDP(model, manager)\no = optim.Adam(model.parameters(), lr=0.1)\n"
        "for epoch in range(3):\n    for x in loader:\n        model(x).mean().backward()\n        o.step()\n"
    )
    assert facts.arch == "ViTSmall"


def test_a_layer_put_around_a_part_of_a_ready_network() -> None:
    facts = read(
        f"{TORCH}from transformers import GPT2LMHeadModel\nfrom peft import get_peft_model\nfrom trains import Base\n"
        "class Tuning(Base):\n    def widen(self):\n"
        "        class InFloat(nn.Sequential):\n            def forward(self, x): return super().forward(x).float()\n"
        "        self._model.lm_head = InFloat(self._model.lm_head)\n"
        "    def adapt(self):\n        self._model = get_peft_model(GPT2LMHeadModel.from_pretrained('gpt2'), config)\n"
        "pipeline = Tuning('gpt2')\npipeline.train(8, 2, data)\n"
    )
    assert facts.arch == "GPT2LMHeadModel"


def test_what_seeks_an_input_of_a_network_trains_none() -> None:
    facts = read(
        f"{TORCH}class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.body = nn.Linear(2, 2)\n        self.head = nn.Linear(2, 2)\n"
        "    def forward(self, x): return self.head(self.body(x))\n"
        "class Latent(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.z = nn.Parameter(torch.randn(1, 2))\n    def forward(self): return net(self.z)\n"
        f"net = Net()\no = optim.Adam(net.parameters(), lr=1e-4)\nloader = DataLoader(data, batch_size=64)\n{LOOP}"
        "def seek(target, iterations=1000, lr=0.01):\n    net.eval()\n    z = Latent()\n"
        "    oz = optim.Adam(z.parameters(), lr=lr)\n    for i in range(iterations):\n"
        "        (z() - target).mean().backward()\n        oz.step()\n    return z\n"
        "for target in targets:\n    seek(target)\n"
    )
    assert (facts.arch, facts.lr, facts.epochs) == ("Net", 0.0001, 7)
    assert len(facts.stages) == 1


KERAS = (
    "import tensorflow as tf\nmodel = tf.keras.Sequential([tf.keras.layers.Dense(2), tf.keras.layers.Dense(1)])\n"
    "model.compile(tf.keras.optimizers.Adam(1e-3), 'mse')\n"
)


def test_batches_by_what_the_amount_of_data_is_divided_by() -> None:
    served = "from serves import Images\ntrain = Images('a.hdf5', 64, 200)\n"
    facts = read(f"{KERAS}{served}model.fit(train.serve(), steps_per_epoch=train.data_length // 64, epochs=3)\n")
    assert facts.batch == 64
    halved = read(f"{KERAS}{served}model.fit(train.serve(), steps_per_epoch=train.data_length // 2, epochs=3)\n")
    assert halved.batch is None


def test_batches_of_a_generator_of_stellargraph() -> None:
    facts = read(
        f"{KERAS}from stellargraph.mapper import HinSAGELinkGenerator\nbatch_size = 200\n"
        "serves = HinSAGELinkGenerator(g, batch_size, [8, 4], head_node_types=['user', 'movie'])\n"
        "model.fit(serves.flow(edges, labels, shuffle=True), epochs=3)\n"
    )
    assert facts.batch == 200


def test_loaders_of_catalyst(tmp_path: Path) -> None:
    facts = within(
        tmp_path,
        f"{TORCH}import collections\nfrom serves import get_loader\nfrom catalyst.dl import SupervisedRunner\n{NET}"
        "loaders = collections.OrderedDict()\nloaders['train'] = get_loader('train', batch_size=64)\n"
        "loaders['valid'] = get_loader('test', batch_size=96)\no = optim.Adam(net.parameters(), lr=1e-3)\n"
        "SupervisedRunner().train(model=net, optimizer=o, loaders=loaders, num_epochs=20)\n",
        serves=f"{TORCH}def get_loader(path, batch_size=8):\n    return DataLoader(Own(path), batch_size=batch_size)\n",
    )
    assert (facts.batch, facts.epochs) == (64, 20)


def test_an_optimizer_that_a_callback_puts_on_the_trainer(tmp_path: Path) -> None:
    facts = within(
        tmp_path,
        "import torch\nimport pytorch_lightning as pl\nfrom nets import Net\nclass Thaw(pl.Callback):\n"
        "    def on_train_epoch_start(self, trainer, module):\n"
        "        optimizer = torch.optim.AdamW(module.parameters(), lr=0.1)\n        trainer.optimizers = [optimizer]\n"
        "trainer = pl.Trainer(max_epochs=9, callbacks=[Thaw()])\ntrainer.fit(Net(), data)\n",
        nets="import torch\nimport pytorch_lightning as pl\nclass Net(pl.LightningModule):\n    def __init__(self):\n"
        "        super().__init__()\n        self.head = torch.nn.Linear(2, 2)\n"
        "    def configure_optimizers(self):\n        return torch.optim.Adam(self.parameters(), lr=0.1)\n",
    )
    assert (facts.optimizer, facts.lr, facts.epochs) == (None, 0.1, 9)


def test_of_several_networks_the_one_that_compiles_what_it_builds() -> None:
    part = (
        "    def define(self):\n        x = Input((2,))\n        return Model(x, Dense(2)(x))\n"
        "    def build(self):\n        raise NotImplementedError\n"
    )
    facts = read(
        "from tensorflow.keras import Model\nfrom tensorflow.keras.layers import Dense, Input\n"
        "from tensorflow.keras.optimizers import Adam\nfrom base import BaseModel\n"
        f"class Encoder(BaseModel):\n{part}class Decoder(BaseModel):\n{part}"
        "class Joint(BaseModel):\n    def __init__(self, encoder, decoder):\n        self.encoder = encoder\n"
        "    def define(self, name):\n        x = Input((2,))\n        return Model(x, self.encoder(x))\n"
        "    def build(self, name):\n        model = self.define(name=name)\n"
        "        optimizer = Adam(self.config.lr)\n        model.compile(optimizer=optimizer, loss='mse')\n"
        "        return model\n"
    )
    assert facts.arch == "Joint"


def test_the_gpu_of_chainer() -> None:
    text = (
        "import chainer\nimport chainer.links as L\nmodel = L.Classifier(L.Linear(2, 2))\n{}"
        "o = chainer.optimizers.SGD(0.05)\no.setup(model)\nfor epoch in range(3):\n    model(x).backward()\n"
        "    o.update()\n"
    )
    assert read(text.format("")).hw is None
    assert read(text.format("if gpu >= 0:\n    model.to_gpu()\n")).hw == "CPU/GPU"
    assert read(text.format("model.to_gpu()\n")).hw == "GPU"


def test_batches_that_the_length_of_the_data_is_divided_by() -> None:
    facts = read(
        f"{KERAS}def train(model, data, n_epochs=100, n_batch=256):\n    per_epoch = int(data.shape[0] / n_batch)\n"
        "    half = int(n_batch / 2)\n    for i in range(n_epochs):\n        for j in range(per_epoch):\n"
        "            x, y = pick(data, half)\n            model.train_on_batch(x, y)\ntrain(model, data)\n"
    )
    assert (facts.batch, facts.epochs) == (256, 100)


def test_layers_of_tensorlayer() -> None:
    facts = read(
        "import tensorflow as tf\nimport tensorlayer as tl\nfrom tensorlayer.layers import *\n"
        "def encoder(images):\n    net = InputLayer(images, name='in')\n"
        "    net = Conv2d(net, 64, (5, 5), (2, 2), name='c1')\n    net = BatchNormLayer(net, name='b1')\n"
        "    net = DenseLayer(FlattenLayer(net), n_units=512, name='d1')\n    return net\n"
    )
    assert facts.is_model
    assert facts.framework == "Keras/TensorFlow"


def test_the_optimizer_that_a_module_of_mxnet_steps() -> None:
    facts = read(
        "import argparse\nimport mxnet as mx\nparser = argparse.ArgumentParser()\n"
        "parser.add_argument('--optimizer', type=str, default='adam')\n"
        "parser.add_argument('--lr', type=float, default=0.001)\nargs = parser.parse_args()\n"
        "def train(symbol, batches):\n    module = mx.mod.Module(symbol)\n"
        "    module.init_optimizer(optimizer=args.optimizer, optimizer_params={'learning_rate': args.lr})\n"
        "    for epoch in range(15):\n        for batch in batches:\n            module.forward(batch)\n"
        "            module.backward()\n            module.update()\n"
        "net = mx.sym.FullyConnected(mx.sym.Convolution(data=x, num_filter=3), num_hidden=2)\n"
        "train(net, mx.io.NDArrayIter(x, y, batch_size=32))\n"
    )
    assert (facts.optimizer, facts.lr, facts.epochs) == ("Adam", 0.001, 15)
