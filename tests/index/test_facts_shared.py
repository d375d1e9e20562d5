"""What the scripts of a folder have beside them: looked into once for all of them, and anew where it changed."""

from __future__ import annotations

import os
from pathlib import Path

from index.facts import ScriptFacts, extract
from index.facts.evaluation import shelf
from index.facts.evaluation.configs import Configs
from index.files.source import parse

SCRIPT = """
import torch
from config import LR, make
net = torch.nn.Linear(2, 2)
opt = torch.optim.Adam(net.parameters(), lr=make({}))
for epoch in range(3):
    net(torch.ones(2)).sum().backward()
    opt.step()
"""
SETTINGS = "LR = 0.1\ndef make(times=1):\n    return times * LR\n"


def read(place: Path) -> ScriptFacts:
    return extract(parse(place, place.read_bytes()), Configs(place))


def test_each_script_follows_the_module_that_all_import_by_its_own_calls(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text(SETTINGS)
    places = [tmp_path / f"train{times}.py" for times in (1, 2, 3)]
    for times, place in enumerate(places, 1):
        place.write_text(SCRIPT.format(times))
    assert [read(place).lr for place in [*places, *places]] == [0.1, 0.2, 0.3] * 2


def test_what_a_module_says_now_counts(tmp_path: Path) -> None:
    config, place = tmp_path / "config.py", tmp_path / "train.py"
    place.write_text(SCRIPT.format(1))
    for moment, rate in enumerate(("0.1", "0.2", "0.1"), 1):
        config.write_text(SETTINGS.replace("0.1", rate))
        os.utime(config, (moment, moment))
        assert read(place).lr == float(rate)
    config.unlink()
    assert read(place).lr is None


def test_who_takes_a_module_has_it_alone_and_finds_it_again() -> None:
    first, second = shelf.take(SETTINGS), shelf.take(SETTINGS)
    assert first is not None and second is not None and first is not second
    shelf.give_back([first])
    assert shelf.take(SETTINGS) is first
    assert shelf.take("def broken(:\n") is None


def test_no_more_modules_are_kept_than_there_is_room_for() -> None:
    texts = [f"x = {number}\n" + "#" * 150_000 for number in range(10)]
    made = [module for text in texts if (module := shelf.take(text)) is not None]
    shelf.give_back(made)
    kept = [shelf.take(module.text) is module for module in made]
    assert kept == [False] * 7 + [True] * 3
