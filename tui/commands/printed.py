"""What `diffwb runs`, `diff`, `evaluate` and `show` print for a person."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich import box
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from engine.runs.listing import RunSummary
from index.files.source import locate
from tui import formats
from tui.scripts.details import FACTS, Cells, cells_of, proof
from tui.text import block, cell, line

if TYPE_CHECKING:
    from engine.evaluate import Comparison

COLOURS = {"running": "green", "queued": "cyan", "finished": "", "stopped": "yellow", "failed": "red", "lost": "red"}


def runs_table(summaries: Sequence[RunSummary], width: int) -> RenderableType:
    """One line a run, newest first as given. The id is never cut: where it is narrow, columns go instead.

    Laid out here, for a thousand runs take a general table half a second.
    """
    now = time.time()
    rows = [_run_cells(summary, now) for summary in summaries]
    widths = {title: max(len(title), *(cell_len(row[title]) for row in rows)) for title in rows[0]}
    shown = [title for title in rows[0] if title != "Name" or any(row["Name"] for row in rows)]
    for title in LEAST_FIRST:
        if sum(widths[t] + len(GAP) for t in shown) - len(GAP) <= width:
            break
        if title in shown:
            shown.remove(title)

    def laid(title: str, text: str) -> str:
        padding = " " * (widths[title] - cell_len(text))
        return padding + text if title in NUMBERS else text + padding

    text = Text(GAP.join(laid(title, title) for title in shown).rstrip() + "\n", style="", no_wrap=True, end="")
    text.stylize("bold")
    text.append("─" * min(width, sum(widths[t] + len(GAP) for t in shown) - len(GAP)) + "\n", "dim")
    for summary, row in zip(summaries, rows, strict=True):
        for title in shown:
            last = title == shown[-1]
            padded = laid(title, row[title])
            text.append(
                padded.rstrip() + "\n" if last else padded + GAP, COLOURS[summary.state] if title == "State" else ""
            )
    text.right_crop()  # the console ends the last line
    return text


GAP = "  "
NUMBERS = ("Step", "Loss", "Started", "Duration")
LEAST_FIRST = ("Started", "Dataset", "Preset", "Device", "Duration", "Loss", "Name")  # a person's own name tells most


def _run_cells(s: RunSummary, now: float) -> dict[str, str]:
    missing = formats.NOT_STATED
    return {
        "Run": line(s.id),
        "Name": line(" ".join((*([s.name] if s.name else []), *(f"#{tag}" for tag in s.tags)))),
        "State": s.state if (quiet := s.silence(now)) is None else f"stalled {formats.duration(quiet)}",
        "Preset": line(s.preset or missing),
        "Dataset": line(s.dataset or missing),
        "Device": line(s.device or missing),
        "Step": f"{s.step}/{s.total_steps}" if s.total_steps else str(s.step),
        "Loss": missing if s.loss is None else formats.loss(s.loss),
        "Started": f"{s.started:%Y-%m-%d %H:%M}" if s.started else missing,
        "Duration": missing if s.seconds is None else formats.duration(s.seconds),
    }


def differences_table(one: str, other: str, rows: Sequence[tuple[str, object, object]]) -> Table:
    """Settings in which two runs differ."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for title in ("Setting", one, other):
        table.add_column(cell(title))
    for name, first, second in rows:
        told = (formats.NOT_STATED if value is None else formats.setting(value) for value in (first, second))
        table.add_row(block(name), *map(block, told))
    return table


def quality_table(found: Comparison) -> Table:
    """The four figures, of the samples and of held-out images."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Figure")
    table.add_column("Samples", justify="right")
    table.add_column("Held out", justify="right")
    for title, key, shape in (
        ("Fréchet distance to the training images", "frechet", ".2f"),
        ("Share surely one of the classes", "valid_rate", ".3f"),
        ("Classes covered", "classes_covered", "d"),
        ("Share of copies of training images", "copies", ".3f"),
        ("Images", "count", "d"),
    ):
        table.add_row(title, *(format(getattr(side, key), shape) for side in (found.samples, found.held_out)))
    return table


def facts_page(script: Mapping[str, Any]) -> RenderableType:
    """One script: where it is, what it says, and the line that proves each fact."""
    evidence = script["evidence"]
    cells = cells_of(script)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for title in ("Fact", "Value", "Proof"):
        table.add_column(title)
    for name in FACTS:
        value = _value(name, script[name])
        if name == "framework" and script.get("framework_version"):
            value.append(f" {line(script['framework_version'])}")
        table.add_row(name, value, block(proof(evidence.get(name), cells, evidence.get(f"{name}_from")), "dim"))
    table.add_row("created", block(formats.date(script["created"])), block(script["created_source"], "dim"))
    for key, name in (("outline", "tag"), ("built", "uses")):
        for one in script.get(key, ()):  # a search process of before knows of no components
            table.add_row(name, block(one[name]), block(f"{locate(one['line'], cells)}: {one['reason']}", "dim"))
    parts: list[RenderableType] = [
        block(script["model_id"], "bold"),
        block(script["path"]),
        Text(""),
        block(script["description"]),
        Text(""),
        table,
    ]
    if len(script["stages"]) > 1:
        parts += [Text(""), _stages_table(script["stages"], cells)]
    if script.get("model"):
        parts += [Text(""), _model_tree(script["model"], cells)]
    return Group(*parts)


def _model_tree(model: Sequence[Mapping[str, Any]], cells: Cells) -> Tree:
    """The outline of the model: classes, the layers in them, and where each stands."""
    tree = Tree(Text("model", "dim"), guide_style="dim")

    def grow(branch: Tree, parts: Sequence[Mapping[str, Any]]) -> None:
        for part in parts:
            name = f"{part['name']}: " if part["name"] else ""
            label = block(f"{name}{part['what']}").append(f"  {locate(part['line'], cells)}", "dim")
            grow(branch.add(label), part.get("parts", ()))

    grow(tree, model)
    return tree


def _value(name: str, value: Any) -> Text:
    if value is None:
        return Text(formats.NOT_STATED, style="dim")
    return block(formats.rate(value) if name == "lr" else value)


def _stages_table(stages: Sequence[Mapping[str, Any]], cells: Cells) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for title in ("Stage", "Batch", "LR", "Optimizer", "Epochs", "Proof"):
        table.add_column(title)
    for stage in stages:
        values = (_value(key, stage[key]) for key in ("name", "batch", "lr", "optimizer", "epochs"))
        table.add_row(*values, block(locate(stage["line"], cells), "dim"))
    return table
