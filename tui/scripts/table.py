"""The wide table: one search result becomes seventeen cells, the same in the workbench and on a printed page.

A value the script does not state is `N/A`. Nothing here knows Textual; `Result` is a result of the search document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from tui import formats
from tui.text import cell, cut_end, cut_values, cut_words, line, shorten, shorten_id, shorten_path

Result = Mapping[str, Any]
DIM = "dim"
ONE_LINE = 214  # from this width on, a record fits one line


@dataclass(frozen=True)
class Column:
    """One of the seventeen: its heading, how a result fills it, and the most cells it may take in the workbench."""

    title: str
    key: str
    text: Callable[[Result], str | None]
    widest: int
    right: bool = False
    cut: Callable[[str, int], str] = shorten

    @property
    def heading(self) -> str:
        """The title on two lines: values are narrower than their names."""
        return self.title.replace(" ", "\n") if len(self.title) > self.widest else self.title


def _plain(key: str) -> Callable[[Result], str | None]:
    def text(result: Result) -> str | None:
        value = result.get(key)
        return None if value is None or value == "" else line(str(value))

    return text


def _number(key: str, shape: Callable[[float], str]) -> Callable[[Result], str | None]:
    def text(result: Result) -> str | None:
        return _shaped(result.get(key), shape)

    return text


def _staged(key: str, shape: Callable[[float], str]) -> Callable[[Result], str | None]:
    """A training value: those of the stages in the order they run, each once, where they differ, else the main one."""

    def text(result: Result) -> str | None:
        values = [_shaped(stage.get(key), shape) for stage in _stages(result)]
        if len(set(values)) > 1:
            return " / ".join(v or formats.NOT_STATED for v in dict.fromkeys(values))
        return _shaped(result.get(key), shape)

    return text


def _stages(result: Result) -> list[Mapping[str, Any]]:
    stages = result.get("stages")
    return [stage for stage in stages if isinstance(stage, Mapping)] if isinstance(stages, list) else []


def _shaped(value: object, shape: Callable[[float], str]) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return shape(value)
    return line(str(value))


def _day(key: str) -> Callable[[Result], str | None]:
    def text(result: Result) -> str | None:
        value = result.get(key)
        return line(formats.date(value)) if isinstance(value, str) and value else None

    return text


def _whole(value: float) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _score(value: float) -> str:
    return f"{value:.2f}"


COLUMNS: tuple[Column, ...] = (
    Column("Rank", "rank", _number("rank", _whole), 4, right=True),
    Column("Model ID", "model_id", _plain("model_id"), 28, cut=shorten_id),
    Column("Similarity Score", "similarity_score", _number("similarity_score", _score), 10, right=True),
    Column("Similarity Distance", "similarity_distance", _number("similarity_distance", _score), 10, right=True),
    Column("Size", "size", _number("size", formats.size), 7, right=True),
    Column("Created", "created", _day("created"), 10),
    Column("Modified", "modified", _day("modified"), 10),
    Column("Path", "path", _plain("path"), 36, cut=shorten_path),
    Column("Description", "description", _plain("description"), 44, cut=cut_words),
    Column("Framework", "framework", _plain("framework"), 12, cut=cut_end),
    Column("Arch", "arch", _plain("arch"), 20),
    Column("Dataset", "dataset", _plain("dataset"), 16),
    Column("Batch", "batch", _staged("batch", _whole), 11, right=True, cut=cut_values),
    Column("LR", "lr", _staged("lr", formats.rate), 15, right=True, cut=cut_values),
    Column("Optimizer", "optimizer", _staged("optimizer", str), 16, cut=cut_values),
    Column("Epochs", "epochs", _staged("epochs", _whole), 11, right=True, cut=cut_values),
    Column("HW", "hw", _plain("hw"), 8),
)
PADDING = 2  # cells between two columns in the workbench
_SPARE = ("model_id", "framework", "arch", "dataset", "lr", "optimizer", "description", "path")
FROZEN = 2  # Rank and Model ID stay while the rest scrolls


def ordered(results: Sequence[Result], key: str, descending: bool) -> list[Result]:
    """Results by one column, numbers as numbers; what does not state it comes last, and equals stay as they were."""
    stated = [result for result in results if result.get(key) not in (None, "")]
    silent = [result for result in results if result.get(key) in (None, "")]
    return sorted(stated, key=lambda result: _order(result[key]), reverse=descending) + silent


def _order(value: object) -> tuple[int, float, str]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return 0, value, ""
    return 1, 0.0, str(value).casefold()


def texts(result: Result) -> list[str | None]:
    """The seventeen values as plain safe text, None where the script does not state one."""
    return [column.text(result) for column in COLUMNS]


def cells(result: Result, narrowed: Mapping[str, int]) -> list[Text]:
    """The seventeen cells of a row in the workbench, none wider than its column may be, or is in `narrowed`."""
    row = zip(texts(result), COLUMNS, strict=True)
    return [_cell(value, column, narrowed.get(column.key)) for value, column in row]


def widths(results: Sequence[Result], least: Mapping[str, int], shown: Sequence[Column], room: int) -> dict[str, int]:
    """The most cells of each column that is shown in `room` cells: as it may be, or as in `least`, and what is left
    goes to those whose values would be cut, the first of :data:`_SPARE` first."""
    caps = {column.key: least.get(column.key, column.widest) for column in shown}
    needed = {
        column.key: max((cell_len(text) for result in results if (text := column.text(result))), default=0)
        for column in shown
    }
    titled = {column.key: max(map(len, column.heading.split("\n"))) for column in shown}
    spare = room - sum(max(min(caps[key], needed[key]), titled[key]) + PADDING for key in caps)
    for key in _SPARE:
        if key in caps and spare > 0 and (more := min(spare, max(0, needed[key] - max(caps[key], titled[key])))) > 0:
            caps[key] += more
            spare -= more
    return caps


def _cell(value: str | None, column: Column, width: int | None = None) -> Text:
    cut = width or column.widest
    text = cell(formats.NOT_STATED, DIM) if value is None else cell(column.cut(value, cut))
    text.justify = "right" if column.right else "left"
    return text


# Below ONE_LINE a printed record takes three lines, in the same order; rank stands to the left of them.
_LINES = ((1, 2, 3, 4, 5, 6), (7, 8), (9, 10, 11, 12, 13, 14, 15, 16))
_SHORT = {"Similarity Score": "Sim. Score", "Similarity Distance": "Sim. Dist."}
_GAP = 2
_BESIDE = len("Rank") + _GAP
# What a printed column keeps as long as another can give: a script is known by its name.
_LEAST = {"model_id": 22, "path": 22, "description": 12, "arch": 12}
_NAMES = {"model_id", "path", "arch"}


def render(results: Sequence[Result], width: int, *, whole: bool = False) -> Text:
    """The printed table, at most `width` cells wide: a line a record where that fits, else three lines a record.

    The columns keep their order; values are cut where the terminal is narrow, numbers last of all. With `whole`, where
    a program may read it, no name and no path is cut, nothing else shorter than in the workbench: lines are as wide as
    these need. A column no result knows of is left out: a catalogue has no ranks.
    """
    rows = [texts(result) for result in results]
    shown = {index for index, column in enumerate(COLUMNS) if any(column.key in result for result in results)}
    known = sorted(shown) or range(len(COLUMNS))
    if width >= ONE_LINE:
        lines = [known]
        widths = _widths(known, rows, width - len(known) * _GAP, whole)
    else:
        room = max(20, width - _BESIDE)
        lines = [[index for index in line_ if index in known] for line_ in _LINES]
        widths = {0: len("Rank")}
        for line_ in lines:
            widths |= _widths(line_, rows, room - (len(line_) - 1) * _GAP)
        lines[0] = [index for index in (0, *lines[0]) if index in known]
    heading = _record({index: _title(index) for index in known}, lines, widths)
    page = Text("\n").join(heading)
    page.stylize("bold")
    page.append("\n" + "─" * max(map(cell_len, page.plain.split("\n"))))
    for row in rows:
        values = {index: _cell(row[index], COLUMNS[index], widths[index]) for index in known}
        page = Text("\n").join([page, *_record(values, lines, widths)])
    return page


def _title(index: int) -> Text:
    return cell(_SHORT.get(COLUMNS[index].title, COLUMNS[index].title))


def _record(values: Mapping[int, Text], lines: Sequence[Sequence[int]], widths: Mapping[int, int]) -> Iterator[Text]:
    """The lines of a record, each value at its width; those after the first set in below the rank."""
    for number, indices in enumerate(lines):
        for index in indices:
            values[index].align("right" if COLUMNS[index].right else "left", widths[index])
        begin = Text(" " * _BESIDE if number and 0 in values else "")
        yield begin + Text(" " * _GAP).join(values[index] for index in indices)


def _widths(
    columns: Sequence[int], rows: Iterable[Sequence[str | None]], room: int, whole: bool = False
) -> dict[int, int]:
    """The width of each printed column: what its values want, the roomiest cut first until all fit in `room`."""
    rows = list(rows)
    widths = {i: max(len(_title(i)), *(cell_len(row[i] or formats.NOT_STATED) for row in rows), 0) for i in columns}
    kept = {i: COLUMNS[i].widest if whole else _LEAST.get(COLUMNS[i].key, min(COLUMNS[i].widest, 12)) for i in columns}
    least = {i: max(len(_title(i)), kept[i]) for i in columns}
    free = [i for i in columns if not (whole and COLUMNS[i].key in _NAMES)]
    while sum(widths.values()) > room and (roomy := [i for i in free if widths[i] > (least[i] if whole else 1)]):
        widths[max(roomy, key=lambda i: (widths[i] - least[i], widths[i]))] -= 1
    return widths
