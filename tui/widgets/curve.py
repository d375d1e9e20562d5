"""The curves of a run: its raw line dim, its smoothed line over it, those of other runs beside it, on round axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import ClassVar

from msgspec import Struct, field
from msgspec.structs import replace
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip

from engine.runs.spans import Span
from tui import formats
from tui.painting.glyphs import glyphs
from tui.plotting.curve import Curve
from tui.plotting.overlay import SLOTS
from tui.plotting.plot import Plot, axis, draw
from tui.plotting.view import AT_FIRST, View, ordered, told
from tui.text import cut_end, line, short_names, told_apart
from tui.widgets.lines import Lines, strip

MARGIN = 8  # columns of the labels on the left
HEADED = 8  # rows from which on there is a line above the plot that names what is drawn
TOLD = 14  # cells a run's name takes with its value in the line that names the runs
MARKED = 16  # columns from one marker of a line to its next
NOTHING = Curve()

Marks = tuple[tuple[int, str], ...]
"""Signs on a row of a line, and their columns."""

Layer = tuple[str, Style, Marks]
"""A row of a line, blank where that does not pass, the style it is drawn in, and its markers."""


class Trace(Struct, frozen=True):
    """A run whose curves are drawn: all of it, or one stage. `slot` is its colour; the run looked at may have none."""

    name: str = ""
    curves: Mapping[str, Curve] = field(default_factory=dict)
    stage: Span | None = None
    slot: int | None = None

    def curve(self, metric: str, time: bool = False) -> Curve:
        curve = self.curves.get(metric, NOTHING)
        return (curve.part(self.stage) if self.stage else curve).along(time)


class CurvePlot(Lines):
    """Draws one series of the first trace and of those beside it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *("curve--raw", "curve--smooth", "curve--axis", "curve--label", "curve--mark", "curve--cursor"),
        *(f"curve--slot-{slot}" for slot in range(SLOTS)),
    }

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view = View()
        self.cursor: float | None = None  # the step that is pointed at
        self._traces: Sequence[Trace] = (Trace(),)
        self._total: int | None = None
        self._drawn_at: Size | None = None

    def show(self, traces: Sequence[Trace], total: int | None, cursor: float | None = None) -> None:
        """Show these runs, the first of which is the one looked at; `total` is the step at which it ends.

        One that has no curve yet is not what the series, the cursor and the zoom of the others go by.
        """
        self._traces = sorted(traces, key=lambda trace: not trace.curves)
        self._total, self.cursor = total, cursor
        self.redraw()

    def show_nothing(self) -> None:
        self.show((Trace(),), None)

    # ------------------------------------------------------------------ what keys do

    def toggle_log(self) -> None:
        self._look(replace(self.view, log=not self.view.log))

    def toggle_time(self) -> None:
        self._look(replace(self.view, time=not self.view.time, window=None))

    def smooth(self) -> None:
        self._look(self.view.smoother())

    def next_metric(self, by: int) -> None:
        self._look(self.view.next_metric(ordered(list(self._traces[0].curves)), by))

    def zoom(self, by: float) -> None:
        """Show a part `by` times as wide, around the cursor or else the newest point."""
        curve = self._curve
        if len(curve):
            place = len(curve) - 1 if self.cursor is None else curve.at_step(self.cursor)
            self._look(self.view.zoomed(by, curve.xs[place], self._whole))

    def unzoom(self) -> None:
        self._look(self.view.unzoomed())

    def moved(self, columns: int) -> float | None:
        """The step that is as many columns from the cursor, at least a point away; None where there is no point."""
        curve, width = self._curve, max(1, self.size.width - MARGIN - 1)
        if not len(curve):
            return None
        if self.cursor is None:
            return curve.steps[-1]
        first, end = self.view.window or self._whole
        place = curve.at_step(self.cursor)
        to = curve.nearest(curve.xs[place] + columns * (end - first) / width)
        if to == place:
            to = min(max(0, place + (1 if columns > 0 else -1)), len(curve) - 1)
        self.view = self.view.showing(curve.xs[to], self._whole)
        return curve.steps[to]

    def _look(self, view: View) -> None:
        if view != self.view:
            self.view = view
            self.redraw()

    # ------------------------------------------------------------------ drawing

    @property
    def _curve(self) -> Curve:
        """The series that is looked at, of the run that is looked at."""
        return self._traces[0].curve(self.view.metric, self.view.time)

    @property
    def _start(self) -> float:
        stage = self._traces[0].stage
        if stage is None or not stage.first:
            return 0
        curve = self._curve
        return curve.xs[0] if self.view.time and len(curve) else stage.first

    @property
    def _end(self) -> int | None:
        return None if self.view.time or len(self._traces) > 1 else self._total

    @property
    def _whole(self) -> tuple[float, float]:
        return axis(self._curves(), self._start, self._end)

    def _curves(self) -> list[Curve]:
        return [trace.curve(self.view.metric, self.view.time) for trace in self._traces]

    def render_lines(self, crop: Region) -> list[Strip]:
        if self._drawn_at != self.size:  # before Resize is heard: the first paint has the curve on it
            self._strips = self._drawn()
        return super().render_lines(crop)

    def redraw(self) -> None:
        self.put(self._drawn())

    def _drawn(self) -> list[Strip]:
        """The curve as it is now, for the widget's size."""
        if self.view.metric not in self._traces[0].curves and self._traces[0].curves:
            self.view = replace(self.view, metric=ordered(list(self._traces[0].curves))[0], window=None)
        width, height = self._drawn_at = self.size
        head = [self._head(width)] if height >= HEADED and self._traces[0].curves else []
        if head and len(self._traces) > 1:
            head.append(self._legend(width))
        plot = draw(self._curves(), self.view, width - MARGIN, height - 2 - len(head), glyphs(), self._start, self._end)
        return [*head, *(self._compose_rows(plot) if plot else [])]

    def _style(self, part: str) -> Style:
        return self.part_style(f"curve--{part}", partial=False)

    def _slot_style(self, trace: Trace) -> Style:
        return self._style("smooth" if trace.slot is None else f"slot-{trace.slot}")

    def _head(self, width: int) -> Strip:
        """Which series there are and which one is drawn; on the right how, or the value at the cursor."""
        names = ordered(list(self._traces[0].curves))
        right = self._told_at_cursor() or self._told_of_view()
        place = names.index(self.view.metric) if self.view.metric in names else 0
        told_names = [line(told(name)) for name in names]
        segments, used = [Segment(" " * MARGIN)], 0
        shown = around(told_names, place, width - MARGIN - cell_len(right) - 2)
        for text in shown:
            current = text == told_names[place] or len(shown) == 1  # alone it may be cut
            segments += [Segment(text, self._style("mark" if current else "label")), Segment("  ")]
            used += cell_len(text) + 2
        segments.append(Segment(" " * max(0, width - MARGIN - used - cell_len(right))))
        return strip([*segments, Segment(right, self._style("cursor" if self.cursor is not None else "label"))])

    def _told_of_view(self) -> str:
        view = self.view
        parts = ["log" if view.log else "", "time" if view.time else "", "zoomed" if view.window else ""]
        if view.smoothing != AT_FIRST.smoothing and view.weight:
            parts.append(f"smooth {view.smoothing}")
        elif not view.smoothing:
            parts.append("not smoothed")
        return " · ".join(part for part in parts if part)

    def _told_at_cursor(self) -> str:
        if self.cursor is None or not len(curve := self._curve):
            return ""
        place = curve.at_step(self.cursor)
        where = f"step {curve.steps[place]:.0f}"
        if self.view.time:
            where += f" · {formats.duration(curve.seconds[place])}"
        value = _value(self.view.metric, curve.values[place])
        if curve.low is not None and curve.high is not None and curve.low[place] < curve.high[place]:
            low, high = (_value(self.view.metric, column[place]) for column in (curve.low, curve.high))
            return f"{where}  {value} ({low} to {high})"
        return f"{where}  {value}"

    def _legend(self, width: int) -> Strip:
        """Each run's marker, name and value (at the cursor, else the newest)."""
        room = max(8, (width - MARGIN) // len(self._traces) - 2)
        valued = room >= TOLD  # else the names alone: values are told at the cursor
        segments = [Segment(" " * MARGIN)]
        names = told_apart([line(trace.name) for trace in self._traces])
        values = [self._told_value(trace) if valued else "" for trace in self._traces]
        called = short_names(names, max(1, room - max(map(cell_len, values)) - 2))
        for trace, name, value in zip(self._traces, names, values, strict=True):
            mark = glyphs().markers[trace.slot] if trace.slot is not None else glyphs().full
            style = self._slot_style(trace)
            told = Segment(called[name], self._style("label"))
            segments += [Segment(f"{mark} ", style), told, Segment(f"{value}  ", style)]
        return strip(segments).crop(0, width)

    def _told_value(self, trace: Trace) -> str:
        """The value at the cursor, else the newest."""
        curve = trace.curve(self.view.metric)
        if not len(curve):
            return " none"
        place = -1 if self.cursor is None else curve.at_step(self.cursor)
        return f" {_value(self.view.metric, curve.values[place])}"

    def _compose_rows(self, plot: Plot) -> list[Strip]:
        axis_style, label, mark, raw = (self._style(part) for part in ("axis", "label", "mark", "raw"))
        marks = self._marks(plot)
        layers = [
            (line.smooth, self._slot_style(trace), found)
            for trace, line, found in zip(self._traces, plot.lines, marks, strict=True)
        ][::-1]  # the run looked at on top, and of it alone every extreme
        rows = []
        for y, extremes in enumerate(plot.lines[0].raw):
            over = tuple((smooth[y], style, found.get(y, ())) for smooth, style, found in layers)
            rows.append(_row(plot.y_labels.get(y, ""), extremes, over, label, axis_style, raw))
        width = len(plot.lines[0].raw[0])
        floor = "".join("┬" if x in plot.x_labels else "─" for x in range(width))
        at = self._cursor_column(plot, width)
        pointed = [Segment(floor[:at], axis_style), Segment("▲", mark), Segment(floor[at + 1 :], axis_style)]
        below = pointed if 0 <= at < width else [Segment(floor, axis_style)]
        rows.append(strip([Segment(" " * (MARGIN - 1)), Segment("└", axis_style), *below]))
        rows.append(strip([Segment(" " * MARGIN), Segment(_spread(plot.x_labels, width), label)]))
        return rows

    def _marks(self, plot: Plot) -> list[dict[int, Marks]]:
        """By row, the markers on the line of each trace that has a colour of its own."""
        found: list[dict[int, Marks]] = []
        for trace, drawn in zip(self._traces, plot.lines, strict=True):
            found.append({})
            if trace.slot is None:
                continue
            wanted = range(trace.slot * MARKED // SLOTS, len(drawn.smooth[0]), MARKED)
            end = max(len(text.rstrip()) for text in drawn.smooth) - 1
            drawn_at = [x for x in wanted if any(text[x] != " " for text in drawn.smooth)]
            for x in drawn_at or [end] * (end >= 0):  # a line of few points has one all the same
                y = next(y for y, text in enumerate(drawn.smooth) if text[x] != " ")
                found[-1][y] = (*found[-1].get(y, ()), (x, glyphs().markers[trace.slot]))
        return found

    def _cursor_column(self, plot: Plot, width: int) -> int:
        if self.cursor is None:
            return -1
        curve = self._curve
        x = curve.xs[curve.at_step(self.cursor)] if self.view.time and len(curve) else self.cursor
        return plot.column(x, width)


@lru_cache(512)
def _row(told: str, extremes: str, over: tuple[Layer, ...], label: Style, axis: Style, raw: Style) -> Strip:
    """A row of the plot: what stands beside the axis, and the lines over each other, the last on top.

    A point that is added leaves most rows as they were.
    """
    cells = [(sign, raw) for sign in extremes]
    for text, style, marks in over:
        for x, sign in enumerate(text):
            if sign != " ":
                cells[x] = sign, style
        for x, sign in marks:
            cells[x] = sign, style
    beside = f"{told:>{MARGIN - 2}} "[: MARGIN - 1] if len(told) < MARGIN else " " * (MARGIN - 1)  # whole or not
    drawn = (Segment("".join(sign for sign, _ in run), style) for style, run in groupby(cells, itemgetter(1)))
    return Strip([Segment(beside, label), Segment("┤" if told else "│", axis), *drawn])


def around(names: Sequence[str], place: int, room: int) -> list[str]:
    """As many of the names as fit beside each other, the one at `place` among them; `…` where there are others."""
    for first in range(place + 1):
        shown = ["…"] if first else []
        for at, name in enumerate(names[first:], first):
            rest = ["…"] if at + 1 < len(names) else []
            if sum(cell_len(one) + 2 for one in (*shown, name, *rest)) - 2 > room:
                break
            shown.append(name)
        else:
            return shown
        if at > place:
            return [*shown, "…"]
    return [cut_end(names[place], room)] if room > 0 and names else []


def _value(metric: str, value: float) -> str:
    if metric == "lr":
        return formats.rate(value, digits=2)
    if metric.endswith("_bytes"):
        return formats.size(value)
    return formats.loss(value) if abs(value) < 100 else f"{value:.5g}"


def _spread(labels: dict[int, str], width: int) -> str:
    """Labels centred under their columns, those that would touch left out."""
    line, end = "", -2
    for column, text in sorted(labels.items()):
        start = min(max(0, column - len(text) // 2), width - len(text))
        if start < end + 2 and end >= 0:
            continue
        line = line.ljust(start) + text
        end = start + len(text)
    return line
