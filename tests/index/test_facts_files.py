"""What is read beside a script, and what is not read at all: configurations, pinned versions, ignored files."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.catalog.database import Catalog
from index.catalog.rows import ScriptRow
from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.facts.requirements import forget, version
from index.files.created import Repositories
from index.files.scanner import Found, scan
from index.files.source import parse
from index.indexing.readers import read_all
from index.indexing.update import update

TRAIN = """
import torch, yaml, json, tomllib, hydra
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from models import Net
{read}
net = Net()
opt = torch.optim.Adam(net.parameters(), lr=cfg["train"]["lr"])
for epoch in range(cfg["train"]["epochs"]):
    for x, y in DataLoader(MNIST("."), cfg["train"]["batch_size"]):
        net(x).sum().backward()
        opt.step()
"""
YAML = "train:\n  lr: 1e-3\n  epochs: 7\n  batch_size: 48\n"
JSON = '{"train": {"lr": 1e-3, "epochs": 7, "batch_size": 48}}'
TOML = "[train]\nlr = 1e-3\nepochs = 7\nbatch_size = 48\n"


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def facts_of(script: Path) -> ScriptFacts:
    return extract(parse(script, script.read_bytes()), Configs(script))


@pytest.mark.parametrize(
    ("read", "name", "text"),
    [
        ("cfg = yaml.safe_load(open('conf/a.yaml'))", "conf/a.yaml", YAML),
        ("with open('a.yml') as f:\n    cfg = yaml.load(f, Loader=yaml.FullLoader)", "a.yml", YAML),
        ("cfg = json.load(open('a.json'))", "a.json", JSON),
        ("cfg = tomllib.loads(Path('a.toml').read_text())", "a.toml", TOML),
        ("def load_config(path):\n    return yaml.safe_load(open(path))\ncfg = load_config('a.yaml')", "a.yaml", YAML),
        ("from helpers import load_config\ncfg = load_config('a.yaml')", "a.yaml", YAML),
        (
            "import argparse\np = argparse.ArgumentParser()\np.add_argument('--config', default='a.yaml')\n"
            "args = p.parse_args()\ncfg = yaml.safe_load(open(args.config))",
            "a.yaml",
            YAML,
        ),
    ],
)
def test_a_configuration_named_by_a_literal_path_is_read(tmp_path: Path, read: str, name: str, text: str) -> None:
    write(tmp_path, {"train.py": TRAIN.format(read=read), name: text})
    facts = facts_of(tmp_path / "train.py")
    assert (facts.lr, facts.epochs, facts.batch) == (1e-3, 7, 48)
    assert isinstance(facts.evidence["lr"], int)


@pytest.mark.parametrize(
    "named", ["config_path='conf', config_name='main'", "config_path='conf/main.yaml'", "'conf/main.yaml'"]
)
def test_hydra_composes_its_defaults(tmp_path: Path, named: str) -> None:
    body = TRAIN.format(read="cfg = None").split("net = Net()")[1].replace("\n", "\n    ")
    script = TRAIN.format(read="").split("net = Net()")[0]
    script += f"@hydra.main({named})\ndef main(cfg):\n    net = Net()" + body + "\nmain()\n"
    write(tmp_path, {
        "train.py": script, "conf/main.yaml": "defaults:\n  - train: quick\n  - _self_\ntrain:\n  lr: 0.5\n",
        "conf/train/quick.yaml": "lr: 0.1\nepochs: 3\nbatch_size: 9\n",
    })  # fmt: skip
    facts = facts_of(tmp_path / "train.py")
    assert (facts.lr, facts.epochs, facts.batch) == (0.5, 3, 9)


def test_an_unread_configuration_says_what_the_value_hangs_on(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": TRAIN.format(read="cfg = yaml.safe_load(open('absent.yaml'))")})
    facts = facts_of(tmp_path / "train.py")
    assert facts.lr is None and facts.evidence["lr"] == "cfg['train']['lr']"


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1, 2]\nb: [*x, *x, *x]\n",
        "train: !!python/object/apply:os.system ['touch owned']\n",
        "[" * 5000,
        "\0",
        "- 1\n",
    ],
)
def test_a_hostile_configuration_gives_nothing(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"train.py": TRAIN.format(read="cfg = yaml.safe_load(open('a.yaml'))"), "a.yaml": text})
    assert facts_of(tmp_path / "train.py").lr is None
    assert not (tmp_path / "owned").exists()


def test_no_configuration_outside_the_project_is_opened(tmp_path: Path) -> None:
    write(tmp_path, {"secret.yaml": YAML, "p/.git/HEAD": "", "p/train.py":
                     TRAIN.format(read="cfg = yaml.safe_load(open('../secret.yaml'))")})  # fmt: skip
    assert facts_of(tmp_path / "p" / "train.py").lr is None


@given(st.text(max_size=200), st.sampled_from([".yaml", ".json", ".toml", ".py"]))
@settings(max_examples=200, deadline=None)
def test_no_text_of_a_configuration_is_an_error(text: str, suffix: str) -> None:
    from index.facts.evaluation.configs import contents

    found = contents(suffix, text.encode("utf-8", "surrogatepass"))
    assert found is None or isinstance(found, dict)


def test_a_changed_configuration_is_noticed(tmp_path: Path) -> None:
    root = write(
        tmp_path / "p", {"train.py": TRAIN.format(read="cfg = yaml.safe_load(open('a.yaml'))"), "a.yaml": YAML}
    )
    update(tmp_path / "index", [root], embed=False)
    (root / "a.yaml").write_text(YAML.replace("7", "11"))
    assert update(tmp_path / "index", embed=False).parsed == 1
    assert rows(tmp_path / "index")[0].facts.epochs == 11


def rows(folder: Path) -> list[ScriptRow]:
    with Catalog(folder, readonly=True) as catalog:
        return catalog.rows()


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("requirements.txt", "numpy\ntorch==2.1.0+cu118 ; python_version > '3'\n", "2.1.0"),
        ("requirements.txt", "torch>=2.0\n", None),
        ("requirements.txt", "torchvision==0.1\n", None),
        ("environment.yml", "dependencies:\n  - pytorch=1.7.1=py3.8_cuda\n", "1.7.1"),
        ("pyproject.toml", '[project]\ndependencies = ["torch==2.4"]\n', "2.4"),
        ("pyproject.toml", '[tool.poetry.dependencies]\ntorch = "^2.4"\n', None),
        ("pyproject.toml", 'project = 3\ntool = "x"\n', None),
        ("pyproject.toml", "[[[", None),
        ("pyproject.toml", f"x = {'1' * 5000}", None),
    ],
)
def test_the_version_is_what_is_pinned_above(tmp_path: Path, name: str, text: str, expected: str | None) -> None:
    forget()
    write(tmp_path, {name: text, "deep/er/train.py": ""})
    assert version(tmp_path / "deep" / "er" / "train.py", "PyTorch") == expected


def test_a_pin_that_changes_changes_the_row(tmp_path: Path) -> None:
    root = write(tmp_path / "p", {"train.py": TRAIN.format(read="cfg = {}"), "requirements.txt": "torch==2.1.0\n"})
    update(tmp_path / "index", [root], embed=False)
    assert rows(tmp_path / "index")[0].facts.framework_version == "2.1.0"
    (root / "requirements.txt").write_text("torch==2.2.0\n")
    update(tmp_path / "index", embed=False)
    assert rows(tmp_path / "index")[0].facts.framework_version == "2.2.0"


def names(root: Path) -> list[str]:
    return [Path(found.path).relative_to(root).as_posix() for found in scan(root)]


def test_what_is_ignored_is_not_scanned(tmp_path: Path) -> None:
    write(tmp_path, {
        ".gitignore": "scratch/\n*_old.py\n!keep_old.py\n", "a.py": "", "b_old.py": "", "keep_old.py": "",
        "scratch/c.py": "", "sub/.diffwbignore": "gen*.py\n", "sub/gen1.py": "", "sub/d.py": "", "gen2.py": "",
        "env/pyvenv.cfg": "", "env/e.py": "", "conda/conda-meta/history": "", "conda/f.py": "",
        "lib/site-packages/g.py": "", "node_modules/h.py": "", "checkpoints/i.py": "", "build/j.py": "",
    })  # fmt: skip
    assert names(tmp_path) == ["a.py", "gen2.py", "keep_old.py", "sub/d.py"]


def test_a_root_inside_a_repository_heeds_the_patterns_above(tmp_path: Path) -> None:
    write(tmp_path, {".git/HEAD": "", ".gitignore": "*.tmp.py\n", "sub/a.tmp.py": "", "sub/b.py": ""})
    assert names(tmp_path / "sub") == ["b.py"]


def test_patterns_that_make_no_sense_ignore_nothing(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "[z-a\n\\\n!\n**/***/**\n\0\n", "a.py": ""})
    assert names(tmp_path) == ["a.py"]
    (tmp_path / ".gitignore").unlink()
    os.mkfifo(tmp_path / ".gitignore")
    assert names(tmp_path) == ["a.py"]


def test_a_repository_of_pipes_keeps_no_one_waiting(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    os.mkfifo(tmp_path / ".git" / "HEAD")
    started = time.perf_counter()
    repositories = Repositories()
    assert repositories.head(tmp_path) == "" and not repositories.readable(tmp_path)
    assert time.perf_counter() - started < 30


def test_a_file_that_vanishes_is_a_row_with_a_reason(tmp_path: Path) -> None:
    gone = Found(str(tmp_path / "gone.py"), 3, 1)
    [(_, _, entry)] = read_all([(gone.path, gone, None)])
    assert entry is not None and entry.status == "broken" and "cannot be read" in entry.reason


def test_hydra_takes_the_file_that_a_setting_chooses(tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    (tmp_path / "small/config.yaml").write_text("# @package _global_\ntrain:\n  lr: 0.03\n")
    (tmp_path / "config.yaml").write_text("defaults:\n  - ${model}/config\nmodel: small\nepochs: 5\n")
    script = (
        "import hydra, torch\n@hydra.main(config_name='config')\ndef main(cfg):\n    net = torch.nn.Linear(2, 2)\n"
        "    opt = torch.optim.SGD(net.parameters(), lr=cfg.train.lr)\n    for epoch in range(cfg.epochs):\n"
        "        net(torch.ones(2)).sum().backward()\n        opt.step()\nmain()\n"
    )
    path = tmp_path / "train.py"
    path.write_text(script)
    found = extract(parse(path, path.read_bytes()), Configs(path))
    assert (found.lr, found.epochs) == (0.03, 5)


def test_what_hydra_instantiates_is_what_its_configuration_says(tmp_path: Path) -> None:
    (tmp_path / "conf" / "parts").mkdir(parents=True)
    (tmp_path / "conf" / "config.yaml").write_text("defaults:\n  - parts: small.yaml\nepochs: 5\n")
    (tmp_path / "conf" / "parts" / "small.yaml").write_text(
        "net:\n  _target_: mine.nets.LeNet5\ndata:\n  _target_: torchvision.datasets.MNIST\n"
        "optimizer:\n  _target_: torch.optim.SGD\n  lr: 0.01\n"
    )
    script = tmp_path / "train.py"
    script.write_text(
        "import hydra, torch\nfrom hydra.utils import instantiate\nfrom torch.utils.data import DataLoader\n"
        "@hydra.main(config_path='conf', config_name='config')\ndef main(cfg):\n"
        "    loader = DataLoader(instantiate(cfg.parts.data, train=True), batch_size=32)\n"
        "    net = instantiate(cfg.parts.net)\n"
        "    opt = hydra.utils.instantiate(cfg.parts.optimizer, params=net.parameters())\n"
        "    for epoch in range(cfg.epochs):\n        for x in loader:\n            net(x).backward()\n"
        "            opt.step()\nmain()\n"
    )
    facts = extract(parse(script, script.read_bytes()), Configs(script))
    assert (facts.arch, facts.dataset, facts.batch, facts.epochs) == ("LeNet5", "MNIST", 32, 5)
    assert (facts.optimizer, facts.lr) == ("SGD", 0.01)
