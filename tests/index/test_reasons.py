"""What a result says of why it was found: no more than what is so."""

from __future__ import annotations

from pathlib import Path

from index.indexing.update import update
from index.search import SearchEngine

TWO_STAGES = """import torch
from torch import nn
coder, drawer = nn.Sequential(nn.Linear(8, 8)), nn.Sequential(nn.Linear(8, 8))
def train_coder():
    optimizer = torch.optim.Adam(coder.parameters(), lr=1e-4)
    for epoch in range(20):
        coder(torch.randn(4, 8)).sum().backward()
        optimizer.step()
def train_drawer():
    optimizer = torch.optim.SGD(drawer.parameters(), lr=1e-3)
    for epoch in range(100):
        drawer(torch.randn(4, 8)).sum().backward()
        optimizer.step()
train_coder()
train_drawer()
"""


def test_conditions_that_two_stages_meet_are_said_to_be_apart(tmp_path: Path) -> None:
    (tmp_path / "two.py").write_text(TWO_STAGES)
    update(tmp_path / "index", [tmp_path / "two.py"], embed=False)
    engine = SearchEngine(tmp_path / "index")
    (apart,) = engine.search("Adam, lr 1e-3", meaning=False).results
    assert "no stage alone has all of these: they lie in different stages" in apart.why
    (one,) = engine.search("SGD, lr 1e-3, 100 epochs", meaning=False).results
    assert [reason for reason in one.why if " in stage " in reason] == [
        "optimizer SGD in stage train_drawer at line 10",
        "lr 0.001 in stage train_drawer at line 10",
        "epochs 100 in stage train_drawer at line 11",
    ]
    assert not any("different stages" in reason for reason in one.why)
    engine.close()


def test_words_are_named_as_they_stand_in_the_script_and_those_of_a_file_s_name_are_right(tmp_path: Path) -> None:
    text = "import torch\nnet = torch.nn.Linear(4, 4)\noptimizer = torch.optim.Adam(net.parameters())\n{}\n"
    text += "net(x).backward()\noptimizer.step()\n"
    (tmp_path / "main_pretrain.py").write_text(text.format("load(3, trained=True)"))
    for number in range(12):
        (tmp_path / f"other{number}.py").write_text(text.format("pretrained = True"))
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    first = engine.search("3trained with adam", meaning=False).results[0]
    assert "has the words: trained at line 4" in first.why
    asked = engine.search("what batch size does the pretrain script use", meaning=False)
    assert not asked.understood.corrected
    assert asked.results[0].row.path.endswith("main_pretrain.py")
    engine.close()
