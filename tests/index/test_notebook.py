"""A script written as a notebook: nothing of it is lost, and every cell stands on its own."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.files.notebook import document, sections
from index.files.source import SourceError, parse
from index.indexing.update import update
from index.search import SearchEngine

SCRIPTS = Path(__file__).resolve().parent.parent / "examples" / "scripts"


@pytest.mark.parametrize("path", sorted(SCRIPTS.rglob("*.py")), ids=lambda path: path.name)
def test_the_cells_of_a_script_are_the_script(path: Path) -> None:
    text = path.read_text()
    if path.name == "broken.py":
        assert sections(text) == [("code", text)]
        return
    cells = sections(text)
    for _, source in cells:
        ast.parse(source)
    assert len(cells) > 1
    assert ast.dump(ast.parse("\n".join(source for _, source in cells))) == ast.dump(ast.parse(text))


def test_imports_definitions_and_ruled_parts_are_cells_of_their_own() -> None:
    text = (
        "import a\nimport b\n\nX = 1\n\n# ---- training ----\nY = 2\n\n\n@decorated\ndef f():\n    pass\n\n\n"
        "class C:\n    pass\n\n\nif __name__ == '__main__':\n    f()\n"
    )
    assert [source.split("\n")[0] for _, source in sections(text)] == [
        "import a", "X = 1", "# ---- training ----", "@decorated", "class C:", "if __name__ == '__main__':",
    ]  # fmt: skip


def test_percent_cells_are_kept_and_their_text_opens_the_description() -> None:
    text = "# %% [markdown]\n# # A small GAN\n# for digits.\n\n# %%\nimport torch\n\n# %% train\nx = 1\n"
    assert sections(text) == [("markdown", "# A small GAN\nfor digits."), ("code", "import torch"), ("code", "x = 1")]
    assert "A small GAN" in parse(Path("gan.py"), text.encode()).prose


def test_an_older_notebook_is_read() -> None:
    cells = [{"cell_type": "code", "input": ["x = 1\n", "y = 2"]}]
    data = json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]}).encode()
    assert parse(Path("old.ipynb"), data).text == "x = 1\ny = 2"


def test_python_2_is_read_in_scripts_and_cells() -> None:
    text = 'print "a", 1\ntry:\n    pass\nexcept (A, B), e:\n    print >>log, e\nraise ValueError, "no"; exec code\n'
    assert len(parse(Path("old.py"), text.encode()).tree.body) == 4
    assert parse(Path("old.py"), b"x.cuda(async=True)\nasync = 1\n").tree.body
    assert parse(Path("old.py"), b"if x:\n        y = 1\n\tprint y\n").tree.body  # a tab beside spaces
    assert parse(Path("magic.py"), b"%matplotlib inline\n!pip install x\nx = 1\n").tree.body


@given(st.text(alphabet="print except raise exec,:;()'\"#\n 1xAe>>", max_size=80))
@settings(max_examples=300, deadline=None)
def test_no_text_is_an_error_for_the_older_syntax(text: str) -> None:
    from index.files.python2 import modernised

    changed = modernised(text)
    assert changed is None or changed.count("\n") == text.count("\n")


@given(st.text(max_size=120))
@settings(max_examples=200, deadline=None)
def test_any_text_becomes_a_notebook(text: str) -> None:
    made = document(text, "a", "b")
    assert json.loads(json.dumps(made))["nbformat"] == 4
    assert all({"cell_type", "id", "metadata", "source"} <= set(cell) for cell in made["cells"])
    assert len({cell["id"] for cell in made["cells"]}) == len(made["cells"])


@pytest.mark.parametrize("before", ["", "%matplotlib inline\n"])
def test_a_line_that_begins_with_a_format_is_no_magic(before: str) -> None:
    cell = f"{before}for epoch in range(3):\n    print('%d/%d'\n          %(epoch + 1, 3))\n"
    source = parse(Path("n.ipynb"), json.dumps({"cells": [{"cell_type": "code", "source": cell}]}).encode())
    assert "%(epoch + 1, 3)" in source.text
    assert "matplotlib" not in source.text


def test_a_notebook_is_found_by_the_words_between_its_code(tmp_path: Path) -> None:
    picture = f"![a loss](attachment:x.png)\n<img src='data:image/png;base64,{'QUJD' * 30_000}'/>"
    code = "import torch\nnet = torch.nn.LSTM(1, 2)\no = torch.optim.Adam(net.parameters())\nfor x in d:\n    o.step()"
    cells = [
        {"cell_type": kind, "source": source}
        for kind, source in (
            ("code", "import torch"), ("markdown", f"## Danish\n{picture}"), ("code", code),
            ("markdown", "A sentence about [herring](https://fish.example)"),
        )
    ]  # fmt: skip
    (tmp_path / "n.ipynb").write_text(json.dumps({"cells": cells}))
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    for word, count in (("danish", 1), ("herring", 1), ("QUJDQUJD", 0), ("fish.example", 0)):
        assert len(engine.search(f'"{word}"', meaning=False).results) == count, word
    assert engine.catalog.notes(engine.search("danish", meaning=False).results[0].row.id).startswith("## Danish")


LONG = "import torch\n" + "x = 1\n" * 40


@pytest.mark.parametrize(
    ("broken", "kept"),
    [
        ("loader = load(data,\n              size=3\n", True),  # a bracket that is left open
        ('print(f"{x[\'a\']} {x["b"]}")\n', True),  # as Python takes it since 3.12
        ("if x:\n    y = 2)\n", True),
        ("def f(:\n" * 20, False),
    ],
)
def test_a_long_script_is_read_without_the_lines_that_are_broken(broken: str, kept: bool) -> None:
    text = f"{LONG}{broken}rate = 7\n"
    if not kept:
        with pytest.raises(SourceError):
            parse(Path("script.py"), text.encode())
        return
    source = parse(Path("script.py"), text.encode())
    assert source.text == text
    assert (ast.unparse(source.tree.body[-1]), source.tree.body[-1].lineno) == ("rate = 7", text.count("\n"))
