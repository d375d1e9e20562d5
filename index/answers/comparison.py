"""What is compared, which side has nothing, and where the sides differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from index.answers.claims import Cite, Claim, proof, proofs, told
from index.answers.found import Found, values_of
from index.answers.script import described
from index.answers.wording import asked, count, kind, listed, more, name, passes, plain, quantity
from index.understanding.filters import Filter, Query

if TYPE_CHECKING:
    from index.ranking.ranked import Fitting  # what ranks takes longer to import than to answer

_FIELDS = ("kind", "framework", "arch", "dataset", "optimizer", "lr", "batch", "epochs", "hw")
_NAMED = 3  # scripts of each side
_VALUES = 4  # of each side, of one fact
_JOINTS = {"dataset": "on", "framework": "in", "optimizer": "with"}
_CALLED_BY = {"eq", "in"}


def compared(
    sides: Sequence[Found], fits: Sequence[Fitting], fields: Sequence[str], *, alike: bool = False
) -> list[Claim]:
    """One sentence a side, then one a fact in which they differ, or are `alike`: with how many scripts have what."""
    names = _names([found.query for found in sides])
    claims = [_side(*one) for one in zip(names, sides, fits, strict=True)]
    if not all(found.ids for found in sides):
        return claims
    names = [f"{name} (of any kind)" if fit.loosened else name for name, fit in zip(names, fits, strict=True)]
    settled = {one.field for found in sides for one in found.query.filters if one.op == "eq" and not one.negated}
    kinds = {one.value for found in sides for one in found.query.filters if one.field == "tag"}
    crowded = any(len(found.ids) > _NAMED for found in sides)
    told_of: dict[str, list[dict[Any, int]]] = {}
    for field in fields or _FIELDS:
        if field in settled or (field == "arch" and crowded):
            continue
        each = [_values(found, field) for found in sides]
        if field == "kind":  # those that the sides are asked for differ anyway
            each = [{tag: many for tag, many in one.items() if tag not in kinds} for one in each]
        told_of[field] = each
    if alike:
        return [*claims, *_in_common(sides, names, told_of)]
    for field, each in told_of.items():
        if all(not one for one in each) or (_same(each, frozenset) and _same(each, lambda one: next(iter(one), None))):
            continue
        parts = [_told(found, field, one) for found, one in zip(sides, each, strict=True)]
        text = "; ".join(f"{called} {shown}" for called, (shown, _) in zip(names, parts, strict=True))
        claims.append(told(f"They differ in {name(field)}: {text}.", [cite for _, cites in parts for cite in cites]))
    return claims


def _in_common(
    sides: Sequence[Found], names: Sequence[str], told_of: dict[str, list[dict[Any, int]]]
) -> Iterator[Claim]:
    """One sentence a fact of which all sides have a value, then those of which they have none together."""
    every = "Both" if len(sides) == 2 else "All"
    apart: list[str] = []
    cites: list[Cite] = []
    for field, each in told_of.items():
        shared = sorted({*each[0]}.intersection(*each), key=lambda value: -min(one[value] for one in each))
        shown = shared[:_VALUES] or [next(iter(each[0]), None)]
        proving = [cite for found in sides for cite in _cites(found, field, shown)]
        if shared:
            parts = [_of_each(sides, names, field, value, each) for value in shown]
            others = f" and {count(len(shared) - len(shown), 'other')}" if len(shared) > len(shown) else ""
            yield told(f"{every} have the {quantity(field)} {', '.join(parts)}{others}.", proving)
        elif all(each) and field != "arch":  # every script has its own name for its model
            apart.append(quantity(field))
            cites += [cite for found, one in zip(sides, each, strict=True) for cite in _cites(found, field, [*one][:1])]
    if apart:
        yield told(f"They have no {listed(apart, 'or')} in common.", cites)


def _cites(found: Found, field: str, values: Sequence[Any]) -> list[Cite]:
    return found.cites(field, [one for one in found.values(field) if one.value in values])


def _of_each(
    sides: Sequence[Found], names: Sequence[str], field: str, value: Any, each: Sequence[dict[Any, int]]
) -> str:
    """ "Adam (GAN in 5, autoencoder in 4)"; of single scripts "Adam"."""
    said = kind(str(value)) if field == "kind" else plain(value)
    if all(len(found.ids) == 1 for found in sides):
        return said
    return f"{said} ({', '.join(f'{called} in {one[value]:,}' for called, one in zip(names, each, strict=True))})"


def _same(values: Sequence[dict[Any, int]], part: Callable[[dict[Any, int]], Any]) -> bool:
    return len({part(one) for one in values}) == 1


def _side(called: str, found: Found, fit: Fitting) -> Claim:
    """Which scripts a side is; that there are none, or none of its kind, is said."""
    if not found.ids:
        none = found.asked(several=False).replace(" best", "")
        return Claim(f"{called}: no script {none}, so there is nothing to compare with.")
    rows = found.rows(_NAMED)
    names = f"{', '.join(row.model_id for row in rows)}{more(len(found.ids) - len(rows))}"
    if fit.loosened:
        rest = replace(found, query=_without_kinds(found.query))
        none = f"no script {asked(found.query, several=False)}"
        text = f"{called}: {none}; compared instead: {rest.all}, of any kind: {names}."
    elif fit.called and len(rows) == 1:
        return described(rows[0], ())
    elif fit.called:
        text = f"{called}: {names}."
    else:
        text = f"{called}: {found.all}: {names}."
    return told(text, (cite for row in rows for cite in proofs(row, found.query)))


def _without_kinds(query: Query) -> Query:
    kept = tuple(one for one in query.filters if one.negated or one.field != "tag")
    return replace(query, filters=kept, concepts=(), words=())


def _names(sides: Sequence[Query]) -> list[str]:
    """What to call each side: the values that are asked of it alone, else its words."""
    own = [[one for one in side.filters if any(one not in other.filters for other in sides)] for side in sides]
    if not all(own) or len({*map(tuple, own)}) < len(own):
        return [side.text or asked(side, several=True) for side in sides]
    return [_together(some) for some in own]


def _together(own: Sequence[Filter]) -> str:
    """ "GAN on MNIST": the kinds, then the rest."""
    ordered = sorted(own, key=lambda one: one.field != "tag")
    parts = [_short(one) for one in ordered]
    joints = [_JOINTS.get(one.field, "and") for one in ordered[1:]]
    return " ".join([parts[0], *(f"{joint} {part}" for joint, part in zip(joints, parts[1:], strict=True))])


def _short(one: Filter) -> str:
    if one.op in _CALLED_BY and not one.negated and all(isinstance(item, str) for item in one.items):
        return listed([kind(str(item)) if one.field == "tag" else str(item) for item in one.items], "or")
    return passes(one, several=True)


def _values(found: Found, field: str) -> dict[Any, int]:
    """The values of a side and how many scripts have each; of a single script in the order of its stages."""
    if len(found.ids) == 1:
        return dict.fromkeys(values_of(found.rows(1)[0], field), 1)
    return {one.value: one.count for one in found.values(field)}


def _told(found: Found, field: str, values: dict[Any, int]) -> tuple[str, list[Cite]]:
    if not values:
        return "states none", []
    shown = [*values][:_VALUES]
    told_of = {value: kind(str(value)) if field == "kind" else plain(value) for value in shown}
    if len(found.ids) == 1:
        row = found.rows(1)[0]
        return f"has {' / '.join(told_of.values())}", [proof(row, field, value) for value in shown]
    others = f" and {count(len(values) - len(shown), 'other')}" if len(values) > len(shown) else ""
    each = ", ".join(f"{told_of[value]} in {values[value]:,}" for value in shown)
    return f"has {each}{others}", found.cites(field, [one for one in found.values(field) if one.value in told_of])
