"""Files that want to break the reader: each is a row with a reason, or read without harm; none is ever run."""

from __future__ import annotations

import ast
import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.catalog.database import Catalog
from index.facts import extract
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.symbols import build
from index.facts.evaluation.values import Evaluator
from index.files.source import SourceError, parse
from index.indexing.update import update

SCRIPTS = Path(__file__).resolve().parent.parent / "examples" / "scripts"
MODEL = (SCRIPTS / "mnist-classifiers" / "cnn_argparse.py").read_text()


def evaluate(text: str) -> object:
    program = build(ast.parse(f"value = {text}\n"))
    binding = program.module.bindings["value"][0]
    assert isinstance(binding.node, ast.expr)
    return Evaluator(program).evaluate(binding.node, Frame(program.module)).constant


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("int(1e5)", 100_000), ("10**6", 1_000_000), ("100_000", 100_000), (".15", 0.15), ("5 * 8", 40),
        ("-3", -3), ("2**-2", 0.25), ("1 if True else 2", 1), ("None or 3", 3), ("max(3, 4)", 4), ("7 // 2", 3),
        ("10**10**10", None), ("[0] * 10**9", None), ("'a' * 10**9", None), ("1 << 10**9", None), ("1 / 0", None),
        ("9**9**9**9", None), ("1e308 * 10", None), ("__import__('os').getpid()", None), ("float('nan')", float("nan")),
    ],
)  # fmt: skip
def test_expressions_are_worked_out_within_bounds(text: str, value: object) -> None:
    started = time.perf_counter()
    result = evaluate(text)
    assert result == value or (value != value and result != result)
    assert time.perf_counter() - started < 10  # a hang, or a number of a billion digits, takes far longer


_ATOMS = st.sampled_from(["1", "2.5", "10**9", "'x'", "None", "True", "a", "b.c", "[1, 2]", "f(3)"])
_EXPRESSIONS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**", "<<", "%", "//", "or", "and", "<"]), inner).map(
            lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
        ),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} if {parts[1]} else {parts[2]})"),
        inner.map(lambda part: f"(-{part})" if part[0] != "'" else part),
    ),
    max_leaves=12,
)


@given(_EXPRESSIONS)
@settings(max_examples=150, deadline=2000)
def test_no_expression_breaks_the_evaluator(text: str) -> None:
    evaluate(text)


@given(st.data())
@settings(max_examples=60, deadline=3000, suppress_health_check=[HealthCheck.too_slow])
def test_no_mutation_of_a_script_breaks_the_reader(data: st.DataObject) -> None:
    text = bytearray(MODEL.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(text) - 1))
        end = min(len(text), start + data.draw(st.integers(0, 40)))
        text[start:end] = data.draw(st.binary(max_size=12) | st.sampled_from([b"(", b"self.", b"\n    ", b"lr = lr\n"]))
    try:
        extract(parse(Path("x.py"), bytes(text)))
    except SourceError as error:
        assert "\n" not in str(error)


HOSTILE = {
    "null.py": b"x = 1\x00\n",
    "deep.py": b"x = " + b"(" * 100_000 + b"1" + b")" * 100_000,
    "chain.py": b"x = " + b"+".join([b"1"] * 60_000),
    "minus.py": b"x = " + b"-" * 100_000 + b"1",
    "attributes.py": b"x = a" + b".b" * 50_000,
    "encoding.py": b"# coding: no-such-thing\nx = 1\n",
    "punycode.py": b"# coding: punycode\nx = 1\n",
    "latin.py": b"# coding: utf-8\nx = '\xff'\n",
    "digits.py": b"x = " + b"9" * 10_000,
    "list.ipynb": b"[1, 2]",
    "text.ipynb": b"not json",
    "deep.ipynb": b"[" * 100_000,
    "large.py": b"x = 1\n" * 400_000,
}


def test_every_hostile_file_has_its_reason_and_stops_nothing(tmp_path: Path) -> None:
    root = tmp_path / "scripts"
    root.mkdir()
    for name, data in HOSTILE.items():
        (root / name).write_bytes(data)
    (root / "surrogate.py").write_text(MODEL + '\nNAME = "\\ud800 \\x1b[31m [@click=app.quit]x[/]"\n')
    (root / "loop").symlink_to(root, target_is_directory=True)
    (root / "dangling.py").symlink_to(root / "nowhere")
    os.mkfifo(root / "pipe.py")
    (root / "good.py").write_text(MODEL)
    (root / os.fsdecode(b"caf\xe9.py")).write_text(MODEL)
    venv = root / "env"
    venv.mkdir()
    (venv / "pyvenv.cfg").touch()
    (venv / "inside.py").write_text(MODEL)
    started = time.perf_counter()
    report = update(tmp_path / "index", [root], embed=False)
    assert time.perf_counter() - started < 30
    broken = {Path(path).name: reason for path, reason in report.broken}
    assert set(HOSTILE) <= set(broken)
    assert all(reason and "\n" not in reason for reason in broken.values())
    with Catalog(tmp_path / "index", readonly=True) as catalog:
        assert {Path(row.path).name for row in catalog.rows()} == {"good.py", "surrogate.py"}


def test_classes_that_seem_to_inherit_from_each_other_are_read() -> None:
    again = MODEL + "\nclass A(B): pass\nclass B(A): pass\nclass C(C): pass\n"
    assert extract(parse(Path("x.py"), again.encode())).is_model


def test_an_unreadable_file_has_its_reason(tmp_path: Path) -> None:
    script = tmp_path / "scripts" / "secret.py"
    script.parent.mkdir()
    script.write_text(MODEL)
    script.chmod(0)
    if os.access(script, os.R_OK):
        pytest.skip("this user may read everything")
    report = update(tmp_path / "index", [script.parent], embed=False)
    assert "Permission denied" in dict(report.broken)[str(script)]


def test_nothing_that_is_read_is_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    script = tmp_path / "scripts" / "run.py"
    script.parent.mkdir()
    script.write_text(f"open({str(mark)!r}, 'w')\n" + MODEL)
    repository = script.parent
    (repository / ".git").mkdir()
    (repository / ".git" / "config").write_text(
        f"[core]\n\trepositoryformatversion = 0\n\tfsmonitor = touch {mark}\n\tpager = touch {mark}\n"
    )
    update(tmp_path / "index", [script.parent], embed=False)
    assert not mark.exists()


def _notebook(output: str, code: str = MODEL) -> bytes:
    cell = {"cell_type": "code", "source": code, "outputs": [{"data": {"image/png": output}}]}
    return json.dumps({"cells": [cell]}).encode()


def test_the_outputs_of_a_notebook_do_not_count(tmp_path: Path) -> None:
    script = tmp_path / "scripts" / "pictures.ipynb"
    script.parent.mkdir()
    script.write_bytes(_notebook("A" * 5_000_000))
    report = update(tmp_path / "index", [script.parent], embed=False)
    assert (report.models, report.broken) == (1, ())
    for data, says in (
        (_notebook("", "x = 1\n" * 400_000), "2 MB of code"),
        (_notebook("A" * 100_000_000), "larger than 100 MB"),
        (b'{"cells": [' + b"[]," * 4_000_000 + b"[]]}", "too complex"),
    ):
        with pytest.raises(SourceError, match=says):
            parse(script, data)


def test_a_notebook_loses_its_magics_and_keeps_its_cells(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": "# A title of three words"},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "!ls\n", "import torch"]},
        {"cell_type": "code", "source": "%%bash\nrm -rf /"},
        {"cell_type": "code", "source": "if True:\n    !pip list\nx = (", "outputs": [{"text": "secret"}]},
        {"cell_type": "code", "source": "%time y = 3"},
    ]
    source = parse(tmp_path / "n.ipynb", json.dumps({"cells": cells}).encode())
    assert "rm -rf" not in source.text and "secret" not in source.text
    assert source.text.splitlines()[-1] == "y = 3"
    assert source.cells[-1][0] == 5


def test_a_record_made_of_itself_is_read() -> None:
    body = "class Stats:\n    def reset(self):\n        self.sums = dict(self.sums)\n        self.sums.clear()\n"
    assert not extract(parse(Path("script.py"), body.encode())).is_model


def test_a_value_made_of_itself_under_its_own_test_ends() -> None:
    body = "import torch\nx = 1\n" + "while int(x) < float(int(x)):\n    x = int(float(int(x)))\n" * 3
    body += "if x > int(x):\n    torch.optim.Adam(p, lr=int(x)).step()\n"
    started = time.process_time()
    extract(parse(Path("script.py"), body.encode()))
    assert time.process_time() - started < 2
