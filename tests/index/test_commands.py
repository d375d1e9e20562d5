"""Indexing, and searching what it found, as a shell sees them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

A_SCRIPT = (
    "import torch\nfrom torch import nn\nfrom torchvision.datasets import MNIST\n"
    "model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.Flatten(), nn.Linear(10, 10))\n"
    "loader = torch.utils.data.DataLoader(MNIST('.'), batch_size=8)\n"
    "optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)\n"
    "for epoch in range(3):\n    for x, y in loader:\n"
    "        nn.functional.cross_entropy(model(x), y).backward()\n        optimizer.step()\n"
)


def test_an_index_answers_filters_with_a_dash_and_readable_queries(full_index: Path, tmp_path: Path) -> None:
    home, script = tmp_path / "home", tmp_path / "scripts" / "net.py"
    shutil.copytree(full_index / "definitions", home / "index" / "definitions")  # the same in every index, and slow
    script.parent.mkdir()
    script.write_text(A_SCRIPT)

    def diffwb(*arguments: str, stdin: bytes = b"") -> bytes:
        command = [sys.executable, "-P", "-m", "tui.cli", *arguments]
        environment = os.environ | {"DIFFWB_HOME": str(home)}
        done = subprocess.run(command, env=environment, input=stdin, capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    diffwb("index", str(script.parent))
    found = {
        filters: len(json.loads(diffwb("scripts", "--json", *filters)))
        for filters in ((), ("framework:pytorch",), ("-dataset:mnist",), ("framework:pytorch", "-dataset:cifar10"))
    }
    assert list(found.values()) == [1, 1, 0, 1]
    for command in ("search", "ask"):
        queries = b'"unclosed\n\xff\xfe\n\0\n' + b"a" * 9000 + b"\nconvolution"
        documents = [json.loads(document) for document in diffwb(command, "-", "--words", stdin=queries).splitlines()]
        assert len(documents) == 5
        assert bool(documents[-1]["answer"]) is (command == "ask")
