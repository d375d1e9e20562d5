"""A written answer, and the hint of an empty one, as lists to walk. Pure functions over the search document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from tui.scripts.chips import Chip, joined, said, without, written
from tui.text import line, named_apart
from tui.widgets.walk import Item

NEAREST = 3  # ways out of an empty result that are offered


@dataclass(frozen=True)
class Cite:
    """A line of a script. `number` tells equal ones apart: each stands at a claim of its own."""

    path: str
    line: int
    number: int


@dataclass(frozen=True)
class Relaxed:
    """A question that finds something, in place of one that does not."""

    question: str


def answer_items(answer: object, remark: str = "") -> list[Item]:
    """The sentences of an answer, each followed by the lines that prove it; then what no fact supports, struck out.

    A model's words are said to be its own. A `remark` says how far it is, or why these are not its words.
    """
    if not isinstance(answer, Mapping):
        return []
    cites = {line(str(claim.get("text", ""))): _records(claim.get("cites")) for claim in _records(answer.get("claims"))}
    names = named_apart(
        str(one["path"]) for found in cites.values() for one in found if isinstance(one.get("path"), str)
    )
    items: list[Item] = []
    source = answer.get("source")
    spoken = isinstance(source, str) and source != "facts"
    if spoken or remark:
        whose = f"in the words of {source}, checked against the facts" if spoken else "the facts' own words"
        items.append(Item(Text(line(" · ".join(part for part in (whose, remark) if part)), "dim")))
    number = 0
    for sentence in str(answer.get("text", "")).split("\n"):
        told = line(sentence)
        if not told:
            continue
        items.append(Item(Text(told)))
        beside = False
        for cite in cites.get(told, []):
            if isinstance(cite.get("path"), str) and isinstance(cite.get("line"), int):
                key = Cite(cite["path"], cite["line"], number)
                items.append(Item(Text(f"{names[cite['path']]}:{cite['line']}"), key, beside, link=True))
                number, beside = number + 1, True
    struck = answer.get("struck")
    for lie in struck if spoken and isinstance(struck, list) else []:
        items.append(Item(Text("no fact supports: ", "dim").append(line(str(lie)), "strike")))
    return items


def empty_items(empty: object, chips: Sequence[Chip]) -> list[Item]:
    """Why nothing was found, and what to ask in its place."""
    if not isinstance(empty, Mapping):
        return []
    emptied = [one for one in _records(empty.get("filters")) if isinstance(one.get("filter"), Mapping)]
    items: list[Item] = []
    for one in emptied[:NEAREST]:
        index = next((i for i, chip in enumerate(chips) if chip.kind == "filter" and chip.about == one["filter"]), None)
        items.append(Item(Text(line(f"Nothing passes {said(one['filter'])}."))))
        nearest = one.get("nearest")
        if isinstance(nearest, Mapping) and index is not None:
            changed = [*chips]
            changed[index] = Chip("filter", "", line(written(nearest)), dict(nearest))
            items.append(Item(Text(line(f"the nearest: {said(nearest)}")), Relaxed(joined(changed)), link=True))
        count = one.get("without")
        if isinstance(count, int) and count > 0 and index is not None:
            told = f"without it {count} {'fits' if count == 1 else 'fit'}"
            items.append(Item(Text(told), Relaxed(without(chips, index)), link=True))
    words = [line(str(word)) for word in empty.get("words") or []] if isinstance(empty.get("words"), list) else []
    if words:
        filters = [(index, chip) for index, chip in enumerate(chips) if chip.kind == "filter" and not emptied]
        of = "No script that passes these" if filters else "No script"
        items.append(Item(Text(line(f"{of} has {' or '.join(map(repr, words))}, and none is near in meaning."))))
        for index, chip in filters[:NEAREST]:
            items.append(Item(Text(f"without {chip.label}"), Relaxed(without(chips, index)), link=True))
    return items


def _records(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
