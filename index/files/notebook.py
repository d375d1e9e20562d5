"""A script as a notebook: its cells are the top-level sections that its author made, ready to be run.

Written in version 4.5 of the format (nbformat's JSON schema), which needs no library to write.
"""

from __future__ import annotations

import ast
import hashlib
import re
from itertools import pairwise
from typing import Any

MARK = re.compile(r"^#\s*%%(?P<rest>.*)$")  # a cell of a percent-format script
_RULE = re.compile(r"^#\s*[-=#*~─━]{4,}|^#{2,}|^# ---")
_IMPORTS = (ast.Import, ast.ImportFrom)


def document(text: str, title: str, summary: str, cells: tuple[tuple[int, int], ...] = ()) -> dict[str, Any]:
    """The notebook of a script: a heading, then its sections, or the `cells` of the notebook it was read from."""
    made = [_cell("markdown", f"# {title}\n\n{summary}".strip(), 0)]
    parts = _given(text, cells) if cells else sections(text)
    made += [_cell(kind, source, number) for number, (kind, source) in enumerate(parts, start=1)]
    language = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": made,
        "metadata": {"kernelspec": kernel, "language_info": language},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def sections(text: str) -> list[tuple[str, str]]:
    """("code" or "markdown", source) of each section. Percent-format cells are kept as they are; other scripts are
    split between imports, definitions and runs of statements, and where a ruled comment or a blank line and a comment
    starts something new."""
    lines = text.split("\n")
    if any(MARK.match(line) for line in lines):
        return _percent(lines)
    try:
        return _split(text, lines)
    except (SyntaxError, ValueError, RecursionError):  # Python 2
        return [("code", text)]


def _given(text: str, cells: tuple[tuple[int, int], ...]) -> list[tuple[str, str]]:
    lines = text.split("\n")
    edges = [*(start for _, start in cells), len(lines) + 1]
    return [("code", "\n".join(lines[first - 1 : last - 1])) for first, last in pairwise(edges)]


def _percent(lines: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, list[str]]] = [("code", [])]
    for line in lines:
        match = MARK.match(line)
        if match:
            markdown = re.search(r"\[(markdown|md)\]", match["rest"])
            found.append(("markdown" if markdown else "code", []))
        else:
            found[-1][1].append(line)
    told = [(kind, _prose(body) if kind == "markdown" else "\n".join(body).strip("\n")) for kind, body in found]
    return [(kind, source) for kind, source in told if source.strip()]


def _prose(lines: list[str]) -> str:
    return "\n".join(re.sub(r"^#\s?", "", line) for line in lines).strip().strip('"').strip()


def _split(text: str, lines: list[str]) -> list[tuple[str, str]]:
    body = ast.parse(text).body
    starts: list[int] = []
    kind_before = ""
    for node in body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        start = _with_comments(lines, first)
        kind = _kind(node)
        new = kind != kind_before or kind in {"definition", "main"} or _ruled(lines, start, first)
        if new:
            starts.append(start)
        kind_before = kind
    found: list[tuple[str, str]] = []
    edges = [1, *(start for start in starts if start > 1), len(lines) + 1]
    for first, last in pairwise(edges):
        source = "\n".join(lines[first - 1 : last - 1]).strip("\n")
        if source.strip():
            found.append(("code", source))
    return found


def _kind(node: ast.stmt) -> str:
    if isinstance(node, _IMPORTS):
        return "imports"
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return "definition"
    if isinstance(node, ast.If) and isinstance(node.test, ast.Compare):
        left = node.test.left
        if isinstance(left, ast.Name) and left.id == "__name__":
            return "main"
    return "statements"


def _with_comments(lines: list[str], line: int) -> int:
    """The first of the comment lines that stand right above a line."""
    while line > 1 and lines[line - 2].startswith("#"):
        line -= 1
    return line


def _ruled(lines: list[str], start: int, first: int) -> bool:
    """Whether a comment that heads a section stands above: a rule, or one after a blank line."""
    above = lines[start - 1 : first - 1]
    if any(_RULE.match(line) for line in above):
        return True
    return bool(above) and start > 1 and not lines[start - 2].strip()


def _cell(kind: str, source: str, number: int) -> dict[str, Any]:
    identity = hashlib.sha256(f"{number}:{source}".encode("utf-8", "replace")).hexdigest()[:8]
    parts = source.encode("utf-8", "replace").decode().splitlines(keepends=True)
    common: dict[str, Any] = {"cell_type": kind, "id": identity, "metadata": {}, "source": parts}
    return common if kind == "markdown" else {**common, "execution_count": None, "outputs": []}
