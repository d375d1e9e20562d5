"""The machine over what else is on the screen: GPUs, processor, memory, now and in the last ten minutes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.strip import Strip

from tui import formats
from tui.keys import actions
from tui.painting.glyphs import glyphs
from tui.runs.machine import EVERY, KEPT, Gpu, Machine, Reading
from tui.text import cut_end
from tui.widgets.keybar import KeyBar
from tui.widgets.lines import Lines, strip

NAMED = 10  # cells of a row's name
VALUE = 26  # cells of what is said beside its curve
NARROW = 20  # cells of a curve at least


class MachineView(Lines):
    """A row with a curve for each figure. Newer readings are on the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"machine--label", "machine--value", "machine--curve", "machine--name"}

    def show(self, machine: Machine) -> None:
        readings = list(machine.readings)
        rows = [*self._gpus(readings), *self._processor(readings)]
        if machine.gpu_trouble:
            rows += [Strip.blank(0), strip([Segment(machine.gpu_trouble, self._style("label"))])]
        if len(rows) != len(self._strips):
            self.styles.height = max(1, len(rows))
        self.put(rows)

    def _gpus(self, readings: Sequence[Reading]) -> Iterable[Strip]:
        for i, gpu in enumerate(readings[-1].gpus if readings else ()):
            yield strip([Segment(cut_end(f"GPU {i}  {gpu.name}", self.size.width), self._style("name"))])
            past = [reading.gpus[i] for reading in readings if i < len(reading.gpus)]
            yield self._row("use", [one.busy for one in past], f"{_share(gpu.busy)}  {_heat(gpu)}")
            yield self._row("memory", [_part(one.used, one.total) for one in past], _memory(gpu.used, gpu.total))
            for user in gpu.users:
                told = f"{formats.memory(user.memory):>8}  " if user.memory is not None else ""
                who = cut_end(f"{told}{user.name} ({user.pid})", max(1, self.size.width - NAMED))
                yield strip([Segment(" " * NAMED), Segment(who, self._style("label"))])
            yield Strip.blank(0)

    def _processor(self, readings: Sequence[Reading]) -> Iterable[Strip]:
        if not readings:
            return
        now = readings[-1]
        yield strip([Segment(f"Processor  {now.cores} cores", self._style("name"))])
        yield self._row("use", [one.cpu for one in readings], _share(now.cpu))
        yield self._row("memory", [_part(one.used, one.total) for one in readings], _memory(now.used, now.total))
        ago = "ten minutes ago"
        room = max(0, self._curve_width - cell_len(ago) - 3)
        yield strip([Segment(f"{'':{NAMED}}{ago}{'':{room}}now", self._style("label"))])

    @property
    def _curve_width(self) -> int:
        return max(NARROW, self.size.width - NAMED - VALUE)

    def _row(self, name: str, shares: Sequence[float | None], value: str) -> Strip:
        width = self._curve_width
        levels = glyphs().levels
        every = max(1, -(-KEPT // width))  # readings a column: ten minutes fill the row
        columns = [shares[max(0, end - every) : end] for end in range(len(shares), 0, -every)][:width][::-1]
        curve = "".join(_level([s for s in column if s is not None], levels) for column in columns)
        return strip(
            [
                Segment(f"  {name:<{NAMED - 2}}", self._style("label")),
                Segment(" " * (width - cell_len(curve)) + curve, self._style("curve")),
                Segment(f"  {value}", self._style("value")),
            ]
        )

    def _style(self, part: str) -> Any:
        return self.part_style(f"machine--{part}", partial=False)


def _level(shares: Sequence[float], levels: str) -> str:
    """The mean of the readings that share a column, as one of the signs: a moment at work is no column at work."""
    mean = sum(shares) / len(shares) if shares else 0.0
    return levels[min(len(levels) - 1, max(0, round(mean * (len(levels) - 1))))] if shares else " "


def _share(share: float | None) -> str:
    return formats.NOT_STATED if share is None else f"{share:>4.0%}"


def _part(used: int | None, total: int | None) -> float | None:
    return used / total if used is not None and total else None


def _memory(used: int | None, total: int | None) -> str:
    if used is None or not total:
        return formats.NOT_STATED
    return f"{used / total:>4.0%}  {used / 2**30:.1f}/{formats.memory(total)}"


def _heat(gpu: Gpu) -> str:
    parts = [
        f"{gpu.temperature}°C" if gpu.temperature is not None else "",
        f"{gpu.power:.0f} W" if gpu.power is not None else "",
    ]
    if gpu.power is not None and gpu.limit is not None:
        parts[1] = f"{gpu.power:.0f}/{gpu.limit:.0f} W"
    return "  ".join(part for part in parts if part)


class MachineScreen(ModalScreen[None]):
    """Shows the readings while it is open; they are taken all the while."""

    BINDINGS = actions.bindings(actions.MACHINE)

    def __init__(self, machine: Machine) -> None:
        super().__init__()
        self._machine = machine

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog") as dialog:
            dialog.border_title = "Machine, the last ten minutes"
            yield MachineView()
            yield KeyBar(actions.MACHINE)

    def on_mount(self) -> None:
        self._follow()

    def on_resize(self) -> None:
        self.call_after_refresh(lambda: self.query_one(MachineView).show(self._machine))

    @work(exit_on_error=False)
    async def _follow(self) -> None:
        while True:
            self.query_one(MachineView).show(self._machine)
            await asyncio.sleep(EVERY / 2)

    def action_close(self) -> None:
        self.dismiss()
