"""What Hydra makes of a configuration, and what that says: `trainer = hydra.utils.instantiate(cfg.trainer)`."""

from __future__ import annotations

from pathlib import Path

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse

SCRIPT = """
import hydra
from lightning import LightningDataModule, LightningModule, Trainer
def train(cfg):
    datamodule: LightningDataModule = hydra.utils.instantiate(cfg.data)
    model: LightningModule = hydra.utils.instantiate(cfg.model)
    trainer: Trainer = hydra.utils.instantiate(cfg.trainer, logger=None)
    trainer.fit(model=model, datamodule=datamodule)
@hydra.main(version_base="1.3", config_path="configs", config_name="train.yaml")
def main(cfg):
    train(cfg)
main()
"""
WHOLE = "defaults:\n  - data: digits\n  - model: net\n  - trainer: short\n"
DATA = "_target_: src.data.MNISTDataModule\nbatch_size: 128\n"
MODEL = "_target_: src.net.LitNet\noptimizer:\n  _target_: torch.optim.Adam\n  _partial_: true\n  lr: 0.02\n"
TRAINER = "_target_: lightning.pytorch.Trainer\nmax_epochs: 10\naccelerator: gpu\n"


def read(folder: Path, model: str = MODEL, data: str = DATA) -> ScriptFacts:
    parts = {"train": WHOLE, "data/digits": data, "model/net": model, "trainer/short": TRAINER}
    for name, text in parts.items():
        file = folder / "configs" / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    script = folder / "train.py"
    script.write_text(SCRIPT)
    return extract(parse(script, script.read_bytes()), Configs(script))


def test_a_training_that_its_configuration_makes(tmp_path: Path) -> None:
    facts = read(tmp_path)
    assert (facts.arch, facts.dataset, facts.batch, facts.epochs, facts.hw) == ("LitNet", "MNIST", 128, 10, "GPU")
    assert (facts.optimizer, facts.lr) == ("Adam", 0.02)


def test_a_module_that_is_told_the_rate_and_the_name_of_its_optimizer(tmp_path: Path) -> None:
    facts = read(tmp_path, "_target_: src.net.LitNet\nlr: 0.1\noptimizer: SGD\n")
    assert (facts.optimizer, facts.lr) == ("SGD", 0.1)


def test_settings_in_sections_of_what_is_made(tmp_path: Path) -> None:
    model = "_target_: src.net.LitNet\ncfg:\n  net: {width: 64}\n  training: {lr: 0.0003, optimizer: adamw}\n"
    data = "_target_: src.data.Module\nloading: {batch_size: 48}\ntrain:\n  _target_: src.data.ImageNetDataset\n"
    facts = read(tmp_path, model, data)
    assert (facts.optimizer, facts.lr, facts.batch, facts.dataset) == ("AdamW", 0.0003, 48, "ImageNet")


def test_sections_that_do_not_agree(tmp_path: Path) -> None:
    model = "_target_: src.net.LitNet\ngenerator: {lr: 0.0003}\ndiscriminator: {lr: 0.0001}\n"
    data = "_target_: src.data.Module\ntrain: {batch_size: 48}\nval: {batch_size: 96}\n"
    facts = read(tmp_path, model, data)
    assert (facts.lr, facts.batch) == (None, None)


def test_a_configuration_that_says_nothing(tmp_path: Path) -> None:
    facts = read(tmp_path, "_target_: src.net.LitNet\n", "_target_: src.data.FolderDataModule\n")
    assert (facts.optimizer, facts.lr, facts.batch, facts.dataset) == (None, None, None, None)


def test_a_choice_that_is_made_upon_another_of_its_group(tmp_path: Path) -> None:
    read(tmp_path)
    (tmp_path / "configs" / "trainer" / "short.yaml").write_text("defaults:\n  - all\n  - _self_\naccelerator: gpu\n")
    (tmp_path / "configs" / "trainer" / "all.yaml").write_text(TRAINER.replace("gpu", "cpu"))
    script = tmp_path / "train.py"
    facts = extract(parse(script, script.read_bytes()), Configs(script))
    assert (facts.epochs, facts.hw, facts.optimizer) == (10, "GPU", "Adam")
    (tmp_path / "configs" / "trainer" / "all.yaml").write_text("defaults: [short]\n")  # in a circle
    assert extract(parse(script, script.read_bytes()), Configs(script)).arch == "LitNet"


def test_the_kinds_of_a_network_that_a_configuration_names(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "net.py").write_text(
        "from lightning import LightningModule\nclass LitNet(LightningModule):\n    def __init__(self, net, opt):\n"
        "        super().__init__()\n        self.net = net\n"
    )
    (tmp_path / "src" / "inner.py").write_text(
        "from torch import nn\nclass Reader(nn.Module):\n    def __init__(self, size):\n        super().__init__()\n"
        "        self.read = nn.LSTM(size, size)\n"
    )
    facts = read(tmp_path, f"{MODEL}net:\n  _target_: src.inner.Reader\n  size: 8\n")
    assert {tag.name for tag in facts.tags} == {"lstm", "rnn"}
    assert not read(tmp_path).tags
