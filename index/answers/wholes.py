"""What part of a whole does as is asked: all my GANs, a share of them, or the one script that is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.answers.claims import Cite, Claim, first, proof, proofs, told
from index.answers.found import Found
from index.answers.wording import all_of, asked, listed, more, name, passes, plain
from index.catalog.rows import ScriptRow
from index.ranking.reasons import holds
from index.understanding.filters import Filter, Query

_NAMED = 5
_KNOWN = ("framework", "dataset", "optimizer", "lr", "batch", "epochs", "hw")


def part(found: Found, whole: Sequence[int]) -> list[Claim]:
    """How many of a whole do as is asked; where all were to, which are not known to."""
    aim = found.query.aim
    among = aim.of or ()
    rest = _without(found.query, among)
    number, of = len(found.ids), len(whole)
    share = f" ({number / of:.0%})" if 0 < number < of else ""
    everything = all_of(of, Query("", filters=among))
    does = asked(rest, several=number != 1)
    others = tuple(one for one in whole if one not in {*found.ids})
    answered = _answered(aim.kind, number, of, len(others) - len(_stating(replace(found, ids=others), rest)))
    everything = f"all {everything}" if number == of > 1 else everything
    counted = everything if number == of else f"{number:,} of {everything}{share}"
    rows = found.rows(_NAMED)
    names = f": {', '.join(row.model_id for row in rows)}{more(number - len(rows))}" if number < of else ""
    text = f"{answered}{counted} {does}{names}."
    text = text[:1].upper() + text[1:]
    claims = [told(text, (cite for row in rows for cite in proofs(row, rest)))]
    if aim.kind in {"all", "most of"} and others and number:
        claims.append(_others(replace(found, ids=others, best=()), rest))
    return claims


def _answered(kind: str, number: int, of: int, unknown: int) -> str:
    """How the answer begins of a question whether all or most do as is asked, where a number do, and of others nothing
    is known."""
    if kind not in {"all", "most of"}:
        return ""
    enough = of if kind == "all" else of // 2 + 1
    return "Yes: " if number >= enough else "Not known: " if number + unknown >= enough else "No: "


def _stating(found: Found, rest: Query) -> set[int]:
    """Those of what is found that are known to do otherwise than is asked, by what they state of it; of what no script
    states as such, as its kind, all."""
    fields = {one.field for one in rest.filters}
    if not fields or not fields <= {*_KNOWN}:
        return {*found.ids}
    return {script for field in fields for script in found.catalog.stating(field, found.ids)}


def _without(query: Query, among: Sequence[Filter]) -> Query:
    filters = tuple(one for one in query.filters if one not in among)
    return replace(query, filters=filters, concepts=tuple(
        one for one in query.concepts if not any(part.field == "tag" and one in part.items for part in among)
    ))  # fmt: skip


def _others(found: Found, rest: Query) -> Claim:
    """The scripts of a whole that are not known to do as is asked, first those that are known to do otherwise."""
    fields = {one.field for one in rest.filters} & {*_KNOWN}
    stating = {script for field in fields for script in found.catalog.stating(field, found.ids)}
    ordered = sorted(found.ids, key=lambda script: script not in stating)
    found = replace(found, ids=tuple(ordered))
    rows = found.rows(_NAMED)
    shown = [_otherwise(row, fields) for row in rows]
    verb = "is" if len(ordered) == 1 else "are"
    text = f"{len(ordered):,} {verb} not known to: {', '.join(shown)}{more(len(ordered) - len(rows))}."
    return told(text, (cite for row in rows for cite in _proofs(row, fields)))


def _otherwise(row: ScriptRow, fields: set[str]) -> str:
    known = [f"{name(field)} {plain(getattr(row.facts, field))}" for field in sorted(fields) if _states(row, field)]
    return f"{row.model_id} ({', '.join(known)})" if known else row.model_id


def _states(row: ScriptRow, field: str) -> bool:
    return getattr(row.facts, field) is not None


def _proofs(row: ScriptRow, fields: set[str]) -> list[Cite]:
    known = [proof(row, field) for field in sorted(fields) if _states(row, field)]
    return known or [first(row)]


def whether(row: ScriptRow, query: Query) -> Claim | None:
    """Whether the script that is named does as is asked; None where nothing that is known of scripts is."""
    kinds = [Filter("tag", "eq", one) for one in query.concepts]
    parts = [Filter("uses", "eq", one) for one in query.components]
    conditions = tuple(dict.fromkeys((*query.filters, *kinds, *parts)))
    if not conditions:
        return None
    missing = [one for one in conditions if not holds(row, one)]
    if not missing:
        does = [passes(one, several=False) for one in conditions]
        return told(f"Yes: {row.model_id} {' and '.join(does)}.", proofs(row, replace(query, filters=conditions)))
    fields = {one.field for one in missing} & {*_KNOWN}
    known = [passes(one.inverse, several=False) for one in missing]
    stated = [field for field in sorted(fields) if _states(row, field)]
    states = [f"its {name(field)} is {plain(getattr(row.facts, field))}" for field in stated]
    silent = [one.field for one in missing if one.field == "tag" and not row.facts.tags]
    silent += [one.field for one in missing if one.field in _KNOWN and not _states(row, one.field)]
    if len(silent) == len(missing):  # what nothing is known of is not denied
        unstated = listed([name("kind" if field == "tag" else field) for field in dict.fromkeys(silent)], "or")
        return told(f"Not known: {row.model_id} states no {unstated}.", [first(row)])
    text = "; ".join([f"No: {row.model_id} {' and '.join(known)}", *states])
    return told(f"{text}.", _proofs(row, fields))
