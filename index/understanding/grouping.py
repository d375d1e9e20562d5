"""By what a question wants its answer divided: "per year", "by optimizer", "on each dataset"."""

from __future__ import annotations

import re

from index.understanding.lines import Line, words

PERIODS = ("year", "quarter", "month", "day")
_CHOICES = "%(?:dataset|optimizer|framework|hw|kind)"
_PERIOD = rf"(?:{'|'.join(PERIODS)})s?"
_KIND = "(?:kind|type|family|kinds|types|families)"


def _listed(unit: str) -> str:
    return rf"(?: (?:the|their|its|different))* {unit}(?:(?: ,)?(?: and| ,)(?: (?:by|per|the|their|its))* {unit})*"


_UNIT = rf"(?:%\w+|(?:calendar )?{_PERIOD}|(?:model )?{_KIND})"
_BUT = "(?= )(?! (?:but|except|besides|apart|other|save|excluding) )"  # "every framework but PyTorch" divides nothing
_EACH = rf" (?:per|(?:(?:for|in|on|with|of|by|from|to) )?(?:each|every)){_listed(_UNIT)}{_BUT}"
BY = rf"(?:{_EACH}| (?:by|across|according to|over){_listed(_UNIT)})"
# without a word that groups or counts: what may be sorted by is no group
_ALONE = rf" by{_listed(rf'(?:{_CHOICES}|{_PERIOD})')} $"
_DIVIDES = re.compile(r" (?:per|each|every|by|across|according|over) ")
_SORTED = re.compile(rf" {words('sort sorted order ordered rank ranked arrange arranged')} ")
_CHANGED = re.compile(rf" {words('modified modify changed change edited edit updated update touched')} ")
_MEANT = re.compile(rf"%(?P<fact>\w+)|\b(?P<period>{'|'.join(PERIODS)})s?\b|\b(?P<kind>{_KIND})\b")


def divides(line: Line) -> bool:
    """Whether a question may be divided at all, which is sooner told than the long forms are made."""
    return _DIVIDES.search(line.text) is not None


def divided(line: Line, *, alone: bool = False) -> tuple[str, ...]:
    """The facts and periods ("created year") that an answer is divided by, whose words are taken. `alone`: nothing else
    in the question says that it is divided at all."""
    if not divides(line):
        return ()
    match = line.take_next(_EACH if alone else BY)
    if match is None and alone and not _SORTED.search(line.text):
        match = line.take(_ALONE)
    if match is None:
        return ()
    of = "modified" if _CHANGED.search(line.text) else "created"
    found = (
        one["fact"] or ("kind" if one["kind"] else f"{of} {one['period']}") for one in _MEANT.finditer(match[0])
    )  # fmt: skip
    return tuple(dict.fromkeys(found))
