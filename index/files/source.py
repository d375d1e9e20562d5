"""One script, read and parsed: the text, the syntax tree and where each line stands. Nothing is ever run."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
import warnings
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from index.files.python2 import modernised
from index.files.tree import walk

MAX_BYTES = 2_000_000
_MAX_NOTEBOOK_BYTES = 100_000_000  # nearly all of it pictures among its outputs
_MAX_NOTEBOOK_VALUES = 5_000_000  # what bounds the memory that reading one takes
_MOST_BROKEN = 12  # lines of a script that are left out where they cannot be parsed
_LINES_TO_ONE = 8  # that must be whole
_MAX_NOTES = 30_000  # characters of what a notebook says between its code
_MARKDOWN_CELL = re.compile(r"^# ?%% ?\[(?:markdown|md)\].*\n(?P<told>(?:#.*\n)+)", re.MULTILINE)
# What no reader sees of markdown: pictures in it, where links lead, tags.
_PICTURE = re.compile(r"data:[\w/.+-]{1,80};base64,[A-Za-z0-9+/=]*+")
_MARKUP = re.compile(r"\]\([^)\s]{1,300}\)|<[^<>\n]{1,300}>")
# Decoders whose time grows with the square of the input; no model script is written in them.
_SLOW_ENCODINGS = {"punycode", "idna"}
# `%matplotlib inline`, `!pip install …`, `?name`; `%(epoch, loss)` goes on with the line before.
_MAGIC = re.compile(r"%{1,2}[A-Za-z]|[!?]")
_SHELL = re.compile(r"^[ \t]*(?:!|%(?=cd ))(?P<command>.{4,300})$", re.MULTILINE)
_TIMED = re.compile(r"%(?:time|prun)[ \t]+(?P<statement>[^\s-].*)")  # it runs all the same: `%time learn.fit(1e-2)`
# Cell magics whose cell is still Python; every other %%magic makes the cell something else.
_PYTHON_CELL_MAGICS = {"%%time", "%%timeit", "%%capture", "%%prun", "%%python", "%%python3"}
_Node = TypeVar("_Node", bound=ast.AST)


class SourceError(Exception):
    """The script cannot be read; the message is one line, fit for a table cell."""


@dataclass(frozen=True)
class Source:
    """A parsed script. `cells` holds the first line of each notebook cell (cell number, line); empty for .py.

    `prose` is what it says before its code, `notes` all that a notebook says, headings as markdown has them.
    `commands` are those of the shell, `!wget …`, each with its line.
    """

    path: Path
    text: str
    tree: ast.Module
    cells: tuple[tuple[int, int], ...] = ()
    prose: str = ""
    notes: str = ""
    commands: tuple[tuple[str, int], ...] = ()

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the tree."""
        return walk(self.tree)

    @cached_property
    def _kinds(self) -> dict[type[ast.AST], list[Any]]:
        found: dict[type[ast.AST], list[Any]] = {}
        for node in self.nodes:
            kind = type(node)
            if kind in found:
                found[kind].append(node)
            else:
                found[kind] = [node]
        return found

    def of(self, kind: type[_Node]) -> list[_Node]:
        """Every node of one kind, in the order of :attr:`nodes`."""
        return self._kinds.get(kind, [])

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")


def locate(line: int, cells: tuple[tuple[int, int], ...]) -> str:
    """Where a person finds `line`: "line 88", or "cell 3 line 5" in a notebook."""
    if not cells:
        return f"line {line}"
    number, start = cells[max(0, bisect_right([first for _, first in cells], line) - 1)]
    return f"cell {number} line {line - start + 1}"


def too_large(path: Path, size: int) -> str | None:
    """Why a file of so many bytes is not parsed; of a notebook, the code alone counts, once it is read."""
    largest = _MAX_NOTEBOOK_BYTES if path.suffix == ".ipynb" else MAX_BYTES
    return f"larger than {largest // 1_000_000} MB, not parsed" if size > largest else None


def parse(path: Path, data: bytes) -> Source:
    """Parses the bytes of a .py or .ipynb file; SourceError names the reason when that cannot be done."""
    reason = too_large(path, len(data))
    if reason:
        raise SourceError(reason)
    try:
        if path.suffix == ".ipynb":
            return _parse_notebook(path, data)
        text = _decode(data)
        return Source(path, text, _parse_python(text), prose=_percent_prose(text), commands=tuple(_commands(text, 0)))
    except RecursionError:
        raise SourceError("nested too deeply to be read") from None
    except MemoryError:
        raise SourceError("too complex to be read") from None


def parse_text(path: Path, text: str) -> Source:
    """Parses the code of a script that was read before; SourceError as :func:`parse`."""
    try:
        return Source(path, text, _parse_python(text))
    except (RecursionError, MemoryError):
        raise SourceError("nested too deeply to be read") from None


def _decode(data: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if encoding.replace("-", "_").lower() in _SLOW_ENCODINGS:
            raise SourceError(f"encoding {encoding} is not read")
        text = data.decode(encoding)
    except SyntaxError as error:
        raise SourceError(f"encoding: {_one_line(error)}") from None
    except (UnicodeError, LookupError) as error:
        raise SourceError(f"not readable as text: {_one_line(error)}") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _percent_prose(text: str) -> str:
    """The opening text of a percent-format notebook: the comments of its first markdown cell."""
    marked = _MARKDOWN_CELL.search(text[:20_000]) if "%%" in text else None
    if marked is None:
        return ""
    return "\n".join(line.lstrip("# ") for line in marked["told"].splitlines())


def _parse_python(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a script's invalid escapes are its author's business
        try:
            return ast.parse(text)
        except SyntaxError as error:
            for other in _spelled_otherwise(text):
                if other is not None and other != text:
                    with suppress(SyntaxError, ValueError):
                        return ast.parse(other)
            if (tree := _without_broken_lines(text)) is not None:
                return tree
            where = f"line {error.lineno}: " if error.lineno else ""
            raise SourceError(f"{where}{_one_line(error.msg)}") from None
        except ValueError as error:
            raise SourceError(_one_line(error)) from None


def _spelled_otherwise(text: str) -> Iterator[str | None]:
    """What a text may be that is no Python of today: of an older one, or with the commands of a notebook."""
    yield modernised(text)
    yield "\n".join(_without_magics(text))
    aligned = text.expandtabs()  # Python 2 took a tab beside spaces for as many as reach the next eighth column
    if aligned != text:
        yield aligned
        yield modernised(aligned)


def _without_broken_lines(text: str) -> ast.Module | None:
    """What a long script comes to without the few lines that this Python does not take: a bracket left open, the syntax
    of a later one. None where there are more."""
    lines = text.split("\n")
    for _ in range(min(_MOST_BROKEN, len(lines) // _LINES_TO_ONE)):
        try:
            return ast.parse("\n".join(lines))
        except SyntaxError as error:
            place = (error.lineno or 0) - 1
            if not 0 <= place < len(lines) or not lines[place].strip() or lines[place].strip() == "pass":
                return None
            indent = lines[place][: len(lines[place]) - len(lines[place].lstrip())]
            lines[place] = "" if isinstance(error, IndentationError) else f"{indent}pass"
        except ValueError:
            return None
    return None


def _parse_notebook(path: Path, data: bytes) -> Source:
    if sum(data.count(sign) for sign in (b",", b"[", b"{")) > _MAX_NOTEBOOK_VALUES:
        raise SourceError("too complex to be read")
    try:
        document = json.loads(data)
    except (ValueError, UnicodeError) as error:
        raise SourceError(f"not a notebook: {_one_line(error)}") from None
    cells = document.get("cells") if isinstance(document, dict) else None
    if cells is None and isinstance(document, dict):  # version 3 of the format
        sheets = document.get("worksheets")
        if isinstance(sheets, list):
            cells = [cell for sheet in sheets if isinstance(sheet, dict) for cell in _listed(sheet.get("cells"))]
    if not isinstance(cells, list):
        raise SourceError("not a notebook: no list of cells")
    lines: list[str] = []
    starts: list[tuple[int, int]] = []
    prose: list[str] = []
    notes: list[str] = []
    commands: list[tuple[str, int]] = []
    failure: SourceError | None = None
    parsed = size = 0
    for number, cell in enumerate(cells, start=1):
        text = _cell_text(cell)
        if not isinstance(cell, dict) or not text.strip():
            continue
        if cell.get("cell_type") == "markdown":
            notes.append(text)
            if not starts:
                prose.append(text)
            continue
        if cell.get("cell_type") != "code":
            continue
        size += len(text.encode("utf-8", "replace"))
        if size > MAX_BYTES:
            raise SourceError(f"more than {MAX_BYTES // 1_000_000} MB of code, not parsed")
        try:
            code = _cell_code(text)
        except SourceError as error:  # one unfinished cell does not hide the others
            failure = SourceError(f"cell {number}, {error}")
            continue
        parsed += 1
        starts.append((number, len(lines) + 1))
        commands += _commands(text, len(lines))
        lines += code
    if failure and not parsed:
        raise failure
    joined = "\n".join(lines)
    return Source(path, joined, _parse_python(joined), tuple(starts), "\n".join(prose), _plain(notes), tuple(commands))


def _commands(text: str, before: int) -> list[tuple[str, int]]:
    """The commands of the shell in a text that stands after some lines."""
    return (
        [(m["command"], before + text.count("\n", 0, m.start()) + 1) for m in _SHELL.finditer(text)]
        if "!" in text or "%cd " in text
        else []
    )


def _plain(notes: list[str]) -> str:
    text = _PICTURE.sub("", "\n".join(notes))[: 2 * _MAX_NOTES]
    return _MARKUP.sub(" ", text)[:_MAX_NOTES]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _cell_text(cell: Any) -> str:
    source = cell.get("source", cell.get("input", "")) if isinstance(cell, dict) else ""
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def _cell_code(text: str) -> list[str]:
    """The lines of a cell that are Python; SourceError where they are not."""
    plain = text.replace("\r\n", "\n")
    with suppress(SyntaxError, ValueError), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ast.parse(plain)
        return plain.split("\n")
    code = _without_magics(text)
    _parse_python("\n".join(code))
    return code


def _without_magics(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").split("\n")
    first = next((line.split()[0] for line in lines if line.strip()), "")
    if first.startswith("%%") and first not in _PYTHON_CELL_MAGICS:
        return ["" for _ in lines]
    kept = []
    for line in lines:
        stripped = line.lstrip()
        if (timed := _TIMED.match(stripped)) and not _MAGIC.match(timed["statement"]):
            kept.append(line[: len(line) - len(stripped)] + timed["statement"])
        elif _MAGIC.match(stripped) or (stripped.endswith("?") and "#" not in stripped):
            kept.append(line[: len(line) - len(stripped)] + "pass")  # keeps the block it stands in
        else:
            kept.append(line)
    return kept


def _one_line(error: object) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
