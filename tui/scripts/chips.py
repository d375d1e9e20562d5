"""What was understood of a question, piece by piece: as a person reads it, and as the search box takes it back."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tui.text import line

_SIGNS = {"eq": "", "in": "", "lt": "< ", "le": "≤ ", "gt": "> ", "ge": "≥ "}
_WRITTEN = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}


@dataclass(frozen=True)
class Chip:
    """`label` is what is read, `text` what the box takes for it ("" for a remark). `kind` is words, filter, side,
    sort, limit, corrected or unclear; `about` the filter of a search document, or the word that was corrected."""

    kind: str
    label: str
    text: str = ""
    about: Any = None


def chips(response: Mapping[str, Any]) -> list[Chip]:
    """The words searched for, each filter, the order, and what is in doubt; of a comparison, its sides."""
    understood = response.get("understood")
    if not isinstance(understood, Mapping):
        return []
    unclear = _records(understood.get("unclear"))
    sides = _records(understood.get("sides"))
    found = [_side(one) for one in sides] if len(sides) > 1 else _searched(understood, unclear)
    for one in _records(understood.get("sort")):
        order = f"{'-' if one.get('descending') else ''}{one.get('field')}"
        found.append(Chip("sort", line(f"by {order}"), line(f"sort:{order}")))
    if isinstance(understood.get("limit"), int):
        found.append(Chip("limit", f"first {understood['limit']}", f"first {understood['limit']}"))
    corrected = understood.get("corrected")
    if isinstance(corrected, Mapping):
        found += [
            Chip("corrected", line(f"{right} for {wrong}"), about=(wrong, right)) for wrong, right in corrected.items()
        ]
    for one in unclear:
        guessed = "read as" in str(one.get("kind", ""))
        found.append(Chip("unclear", line(f"? {doubt(one)}"), "" if guessed else line(str(one.get("text", "")))))
    return found


def _searched(understood: Mapping[str, Any], unclear: Sequence[Mapping[str, Any]]) -> list[Chip]:
    found = []
    if understood.get("text"):
        words = str(understood["text"]).split(" ")
        for one in unclear:  # it has a chip of its own
            if one.get("text") in words:
                words.remove(str(one["text"]))
        if words:
            kinds = _kinds(understood)
            told = f" as {', '.join(kinds)}" if kinds else ""  # scripts that are of the kind come first
            found.append(Chip("words", line(f"“{' '.join(words)}”{told}"), line(" ".join(words))))
    return found + [
        Chip("filter", line(said(one)), line(written(one)), one) for one in _records(understood.get("filters"))
    ]


def _kinds(understood: Mapping[str, Any]) -> list[str]:
    """The tags that the words stand for, of which no filter says as much."""
    concepts, filters = understood.get("concepts"), _records(understood.get("filters"))
    filters += [part for one in filters for part in _records(one.get("value"))]
    asked = {str(one.get("value")) for one in filters if one.get("field") == "tag"}
    return [f"tag {name}" for name in concepts if str(name) not in asked] if isinstance(concepts, list) else []


def _side(one: Mapping[str, Any]) -> Chip:
    parts = _searched(one, ())
    shown = [part.label.strip("“”") for part in parts if part.kind == "filter"] or [part.label for part in parts]
    return Chip("side", " ".join(shown), " ".join(part.text for part in parts))


def joined(found: Sequence[Chip]) -> str:
    """The question that says what these chips say."""
    sides = [one.text for one in found if one.kind == "side"]
    compared = f"compare {' with '.join(sides)}" if len(sides) > 1 else "".join(sides)
    return " ".join(part for part in (compared, *(one.text for one in found if one.kind != "side")) if part)


def without(found: Sequence[Chip], index: int) -> str:
    """The question without one chip. Words that stand for the filter that goes are searched for as they are."""
    gone, rest = found[index], [one for place, one in enumerate(found) if place != index]
    text = joined(rest)
    if gone.kind == "corrected":
        wrong, right = gone.about
        return text.replace(str(right), f'"{wrong}"', 1) if str(right) in text else text
    words = next((one for one in rest if one.kind == "words"), None)
    if gone.kind != "filter" or words is None or not _asks(text, gone.about):
        return text
    literal = words.text.split(" ")
    for place, word in enumerate(literal):
        literal[place] = word if '"' in word else f'"{word}"'
        text = joined([Chip("words", "", " ".join(literal)) if one is words else one for one in rest])
        if not _asks(text, gone.about):
            break
    return text


def edited(found: Sequence[Chip], index: int) -> tuple[str, int]:
    """The question with one chip's term at its end, and where that begins."""
    rest = joined([one for place, one in enumerate(found) if place != index])
    start = len(rest) + 1 if rest else 0
    return f"{rest} {found[index].text}".strip(), start


def _asks(text: str, about: Any) -> bool:
    """Whether a question is understood to ask for a filter."""
    from index.understanding.query import QueryError, parse

    try:
        return about in parse(text).to_json()["filters"]
    except QueryError:
        return False


def doubt(one: Mapping[str, Any]) -> str:
    """What could not be read as a date, a number, a negation or a framework, or only by a guess."""
    kind = str(one.get("kind", ""))
    return f"{one.get('text')}: {kind if 'read as' in kind else f'not understood as a {kind}'}"


def said(one: Mapping[str, Any]) -> str:
    """One filter of a search document as a person says it: `created 2025-04`, `not lr < 0.001`, `without dropout`."""
    op, value = str(one.get("op", "")), one.get("value")
    field = str(one.get("field", ""))
    if op in ("any", "all") and isinstance(value, list):
        parts = [said(part) for part in _records(value)]
        told = (" or " if op == "any" else " and ").join(parts)
        return f"not ({told})" if one.get("negated") else f"({told})" if op == "all" else told
    if op == "range" and value == [None, None]:
        return f"{field} {'not ' if one.get('negated') else ''}stated"
    if op == "in" and isinstance(value, list):
        told = " or ".join(_span(*v) if isinstance(v, list) and len(v) == 2 else _plain(v) for v in value)
    elif op == "range" and isinstance(value, list) and len(value) == 2:
        told = _span(*value)
    else:
        told = _SIGNS.get(op, "") + (", ".join(map(_plain, value)) if isinstance(value, list) else _plain(value))
    if field == "uses":
        return f"{'without' if one.get('negated') else 'with'} {told}"
    return f"{'not ' if one.get('negated') else ''}{field} {told}"


def written(one: Mapping[str, Any]) -> str:
    """One filter of a search document as the box takes it: `created:2025-04-01..2025-04-30`, `-dataset:MNIST`."""
    op, value, field = str(one.get("op", "")), one.get("value"), str(one.get("field", ""))
    minus = "-" if one.get("negated") else ""
    if op in ("any", "all") and isinstance(value, list):
        parts = [written(part) for part in _records(value)]
        return f"{minus}({(' or ' if op == 'any' else ' ').join(parts)})"
    if op == "in" and isinstance(value, list):
        terms = [_term(field, item) for item in value]
        return f"{minus}({' or '.join(terms)})" if len(terms) > 1 else f"{minus}{''.join(terms)}"
    if op in _WRITTEN:
        return f"{minus}{field}:{_WRITTEN[op]}{_quoted(value)}"
    return f"{minus}{_term(field, value)}"


def _term(field: str, value: object) -> str:
    """A field with a value, or with a range [low, high] of which either end may be open."""
    if not isinstance(value, list) or len(value) != 2:
        return f"{field}:{_quoted(value)}"
    low, high = value
    if low is None and high is None:
        return f"{field}:*"
    if low is None or high is None:
        return f"{field}:<={_quoted(high)}" if low is None else f"{field}:>={_quoted(low)}"
    return f"{field}:{_quoted(low)}" if low == high else f"{field}:{low}..{high}"


def _quoted(value: object) -> str:
    text = str(value).replace('"', "")
    return f'"{text}"' if set(text) & set(" ()") else text


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _span(low: object, high: object) -> str:
    """A range as a person says it: a whole month by its name, an open end by its sign."""
    if low is None or high is None:
        return f"≤ {_plain(high)}" if low is None else f"≥ {_plain(low)}"
    try:
        first, last = date.fromisoformat(str(low)[:10]), date.fromisoformat(str(high)[:10])
    except ValueError:
        return _plain(low) if low == high else f"{_plain(low)}…{_plain(high)}"
    whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    if whole and (first.year, first.month) == (last.year, last.month):
        return f"{first:%Y-%m}"
    return f"{first}" if first == last else f"{first}…{last}"


def _records(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
