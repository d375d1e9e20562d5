"""What reading a script costs grows with its length, not with the square of it: such files are met within bounds."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.files.scanner import Found
from index.indexing.reading import read

_OPTIMIZER = "import torch\nimport torch.nn as nn\nopt = torch.optim.Adam(m.parameters(), lr=1e-3)\n"


def _methods(count: int) -> str:
    each = "    def m{0}(self, x):\n        self.v{0} = self.v{1}\n        return self.m{1}(self.v{0})\n"
    return "class Net(nn.Module):\n" + "".join(each.format(number, number - 1) for number in range(1, count))


def _returns(count: int) -> str:
    return "def f(a):\n" + "".join(f"    if a{n}:\n        return 1\n    g(a{n})\n" for n in range(count)) + "f(3)\n"


@pytest.mark.parametrize("made", [_methods, _returns])
def test_four_times_as_much_takes_no_sixteen_times_as_long(made: Callable[[int], str], tmp_path: Path) -> None:
    spent = []
    for count in (150, 600):
        script = tmp_path / f"{count}.py"
        script.write_text(_OPTIMIZER + made(count))
        took = []
        for _ in range(2):
            started = time.process_time()
            entry = read(str(script), Found(str(script), script.stat().st_size, 1))
            took.append(time.process_time() - started)
            assert entry is not None and entry.status == "ok"
        spent.append(min(took))
    assert spent[1] < 9 * spent[0]
