"""The dataset that paths and the files that are read name: `data/celeba/train`, `read_csv("Iris.csv")`."""

from __future__ import annotations

import ast
import re

from index.facts.analysis import Analysis
from index.facts.frames import Frame
from index.facts.program import dotted
from index.files.tree import walk
from index.known_datasets import BY_ALIAS, TOO_GENERAL, mentioned, squeeze

# A table of that name is the dataset: diabetes.csv is another than scikit-learn's.
_TABLES = {"iris", "titanic", "creditcard"}
_PATH = re.compile(r"(?=.{3,200}$)[^\n]*[/\\][^\n]*")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".pt", ".pth", ".ckpt", ".h5", ".hdf5", ".svg", ".pdf", ".log", ".mp4")
_ARRAYS = (".h5", ".hdf5")  # of data as often as of weights


def served_from(analysis: Analysis, node: ast.expr | None, frame: Frame) -> str | None:
    path = analysis.value(node, frame).constant if node is not None else None
    return named(path, served=True) if isinstance(path, str) else None


def named(path: str, *, served: bool = False) -> str | None:
    """The dataset that a path names: the last part that does, where any part speaks of data or it is `served` from."""
    parts = re.split(r"[/\\]+", path)
    data = served or any("data" in part.lower() or part == "input" for part in parts[:-1])
    last = parts[-1].lower()
    if last.endswith(_PICTURES) and not (data and last.endswith(_ARRAYS) and squeeze(last.split(".")[0]) in BY_ALIAS):
        parts.pop()
    data = data or any("data" in part.lower() or part == "input" for part in parts)
    for part in reversed(parts):
        stem = part.split(".")[0]
        squeezed = squeeze(stem)
        if squeezed not in BY_ALIAS:  # LJSpeech-1.1
            squeezed = squeeze(re.sub(r"[-_]v?\d+(\.\d+)+$", "", part))
        if squeezed in BY_ALIAS and (squeezed not in TOO_GENERAL or data):
            return BY_ALIAS[squeezed]
        found = mentioned(stem) if data else None
        if found:
            return found
    return None


def read(analysis: Analysis) -> dict[str, int]:
    """Datasets named by literal paths; the weakest proof, used where no call names one."""
    found: dict[str, int] = {}
    dead = _left_out(analysis)
    for node in analysis.source.of(ast.Constant):
        if isinstance(node.value, str) and node not in dead and _PATH.fullmatch(node.value):
            name = named(node.value)
            if name:
                found.setdefault(name, node.lineno)
    return found or _joined(analysis, dead) or _tables(analysis)


def _joined(analysis: Analysis, dead: set[ast.AST]) -> dict[str, int]:
    """Datasets that paths name which are put together: `ROOT / "glue_data" / "MRPC" / "train.tsv"`, `join(…)`."""
    found: dict[str, int] = {}
    within: set[ast.AST] = set()
    for node in analysis.source.of(ast.BinOp):
        if isinstance(node.op, ast.Div) and node not in within and node not in dead:
            step, texts = node.left, [node.right]
            while isinstance(step, ast.BinOp) and isinstance(step.op, ast.Div):
                within.add(step)
                texts.insert(0, step.right)
                step = step.left
            _note(found, [step, *texts], node.lineno)
    for executed in analysis.called.get("join", []):
        call = executed.site.node
        if call not in dead and (dotted(call.func) or "").endswith("path.join"):
            _note(found, call.args, call.lineno)
    return found


def _note(found: dict[str, int], parts: list[ast.expr], line: int) -> None:
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    name = named("/".join(texts)) if len(texts) > 1 else None
    if name:
        found.setdefault(name, line)


def _left_out(analysis: Analysis) -> set[ast.AST]:
    """What names are bound to, and calls, in branches that what the script is set to leaves out."""
    found: set[ast.AST] = set()
    holds = analysis.evaluator.resolver.holds
    for scope in analysis.program.scopes:
        bound = [(b.node, b.guards) for bindings in scope.bindings.values() for b in bindings]
        guarded = [*bound, *((site.node, site.guards) for site in scope.calls)]
        for node, guards in guarded:
            if isinstance(node, ast.AST) and any(holds(guard, Frame(scope)) is False for guard in guards):
                found |= set(walk(node))
    return found


def _tables(analysis: Analysis) -> dict[str, int]:
    """Datasets that a table which is read is called for: `read_csv("Iris.csv")`."""
    found: dict[str, int] = {}
    for executed in analysis.called.get("read_csv", []):
        path = analysis.value(executed.site.node.args[0], executed.frame).constant if executed.site.node.args else None
        stem = squeeze(path.rpartition(".")[0]) if isinstance(path, str) and path.lower().endswith(".csv") else ""
        if stem in BY_ALIAS and (stem not in TOO_GENERAL or stem in _TABLES):
            found.setdefault(BY_ALIAS[stem], executed.line)
    return found
