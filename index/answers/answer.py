"""A written answer to a question, made of facts: every sentence cites the script and the line that prove it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.answers.claims import Answer, Cite, Claim, first, proof, proofs, told
from index.answers.comparison import compared
from index.answers.divided import divided
from index.answers.found import Found
from index.answers.nothing import nothing
from index.answers.script import OF_FILE, described
from index.answers.totals import beside, extreme, total
from index.answers.wholes import part, whether
from index.answers.wording import asked, count, listed, more, name, plain, searched
from index.catalog.rows import ScriptRow
from index.ranking.reasons import naming
from index.search import Result, SearchResponse
from index.understanding.filters import Filter, Query, Sort
from index.understanding.lines import mentioned

if TYPE_CHECKING:
    from index.catalog.database import Catalog

__all__ = ["Answer", "Cite", "Claim", "answer"]

_FIGURES = {"mean", "median", "range", "sum"}
_TOLD = 5  # scripts that are told of one by one
_BESIDE = ("framework", "dataset", "optimizer")
_ORDERED = {"lr", "batch", "epochs"}  # numbers of stages, of which a script may have several
_COUNTED = {"framework", "dataset", "optimizer", "hw", "lr", "batch", "epochs"}
_SUPERLATIVES = {"created": ("newest", "oldest"), "modified": ("last modified", "longest unmodified"),
                 "size": ("largest", "smallest"), "lr": ("highest by learning rate", "lowest by learning rate"),
                 "batch": ("largest by batch size", "smallest by batch size"),
                 "epochs": ("longest trained", "shortest trained")}  # fmt: skip


def answer(response: SearchResponse, catalog: Catalog) -> Answer:
    """What the results of a search say to its question; the catalogue is that which was searched."""
    understood = response.understood
    unknown = [Claim(understood.aim.unknown)] if understood.aim.unknown else []
    return Answer((*unknown, *_answered(response, catalog)))


def _answered(response: SearchResponse, catalog: Catalog) -> Sequence[Claim]:
    understood, results = response.understood, response.results
    if understood.aim.kind == "whether" and (said := _whether(understood, catalog)):
        return [said]
    if not results:
        return [Claim(nothing(response))]
    if understood.sides:
        sides = [
            _training(Found(catalog, side, tuple(fit.ids.tolist()), _shown(results, fit.ids.tolist())))
            for side, fit in zip(understood.sides, response.fitting, strict=True)
        ]
        claims = compared([found for found, _ in sides], response.fitting, _wanted(response), alike=understood.alike)
        return [*claims, *(claim for _, naming in sides for claim in naming)]
    ids = response.fitting[0].ids.tolist()
    if not ids:
        near = results[0].row
        no = "No: no" if understood.aim.kind == "any" else "No"
        none = f"{no} script {asked(understood, several=False)}; the nearest is {near.model_id}."
        return [told(none, [first(near)])]
    found = Found(catalog, understood, tuple(ids), _shown(results, ids))
    return _told(response, found)


def _whether(understood: Query, catalog: Catalog) -> Claim | None:
    """Whether the one script that the question names does as it asks."""
    (named,) = understood.aim.of or (None,)
    from index.catalog.database import CatalogError

    try:
        return whether(catalog.find(str(named.value)), understood) if named is not None else None
    except CatalogError:  # none is called so, or several are
        return None


def _shown(results: Sequence[Result], ids: Sequence[int]) -> tuple[ScriptRow, ...]:
    answering = {*ids}
    return tuple(result.row for result in results if result.row.id in answering)


def _told(response: SearchResponse, found: Found) -> list[Claim]:
    """What is asked of all that fits as one, else which scripts those are and what each is."""
    understood = found.query
    aim, sort = understood.aim, understood.sort
    found, naming = _training(found)
    groups = [field for field in _BESIDE if field not in {one.field for one in understood.filters if one.op == "eq"}]
    wanted = _wanted(response)
    if aim.of is not None and response.whole:
        return [*part(found, _whole(response, found)), *naming, *(beside(found, groups) if aim.kind == "count" else [])]
    chosen = _choices(understood)[:1] if aim.kind in _FIGURES else []
    if aim.by or chosen:
        by, only = (aim.by[0], None) if aim.by else (_field(chosen[0]), chosen[0])
        return [claim for field in aim.fields for claim in divided(found, aim.kind, field, by, only)] + naming
    if sort and sort[0].field in _ORDERED and understood.limit is None:
        claims = extreme(found, sort[0].field, largest=sort[0].descending)
        return [*claims, *naming]
    if sort:
        return [_in_order(found, sort[0]), *naming, *([] if wanted else _each(response, found, (), most=1))]
    if aim.counts and aim.kind != "count" and (fields := aim.fields or _chosen(understood)):
        return [claim for field in fields for claim in total(found, aim.kind, field)] + naming
    if aim.kind == "tell" and len(found.ids) > _TOLD and aim.fields and not {*OF_FILE} & {*aim.fields}:
        return [claim for field in aim.fields for claim in total(found, "groups", field)] + naming
    if aim.kind == "count":
        return [_lead(response, found), *naming, *beside(found, groups)]
    lead = [] if response.fitting[0].called and len(found.ids) == 1 else [_lead(response, found)]
    return [*lead, *naming, *([] if wanted else beside(found, groups)), *_each(response, found, wanted)]


def _wanted(response: SearchResponse) -> tuple[str, ...]:
    """The facts that are asked for, or named without a value."""
    understood = response.understood
    settled = {one.field for side in (understood, *understood.sides) for one in side.filters}
    return understood.aim.fields or tuple(one for one in mentioned(response.query) if one not in settled)


def _training(found: Found) -> tuple[Found, list[Claim]]:
    """Of scripts that fit by a dataset those that state it; and, apart, those that name it and state none."""
    wanted = [one for one in found.query.filters if one.field == "dataset" and not one.negated and not one.any_value]
    stating = found.catalog.stating("dataset", found.ids) if wanted else []
    rest = tuple(sorted({*found.ids} - {*stating}))
    if not wanted or not rest:
        return found, []
    best = {row.id: row for row in found.best}
    others = replace(found, ids=rest, best=tuple(row for script, row in best.items() if script in {*rest}))
    rows = others.rows(_TOLD)
    names = ", ".join(row.model_id for row in rows) + more(len(rest) - len(rows))
    verb, be = ("names", "is") if len(rest) == 1 else ("name", "are")
    named = listed([str(item) for one in wanted for item in one.items], "or")
    lines = [line for row in rows for one in wanted if (line := _naming(found, row, one)) is not None]
    claim = told(
        f"{count(len(rest))} only {verb} {named} and {be} not known to train on it: {names}.",
        [*lines, *map(first, rows[: not lines])],
    )
    if not stating:
        return found, [claim]
    kept = {*found.ids} & {*stating}
    return replace(
        found,
        ids=tuple(script for script in found.ids if script in kept),
        best=tuple(row for script, row in best.items() if script in kept),
    ), [claim]


def _naming(found: Found, row: ScriptRow, wanted: Filter) -> Cite | None:
    line = naming(wanted, found.catalog.source(row.id))
    return None if line is None else Cite(row.path, line)


def _lead(response: SearchResponse, found: Found) -> Claim:
    """How many scripts fit, of how many, and the best of them by name."""
    number, of = len(found.ids), found.catalog.counts()[1]
    several = number != 1
    rows = found.rows(_TOLD)
    names = ", ".join(row.model_id for row in rows) + more(number - len(rows))
    near = response.total - response.answering
    predicate = found.asked(several=several)
    if response.fitting[0].called:
        rest = asked(found.query, several=several)
        called = f"{count(number)} {'' if rest else 'are ' if several else 'is '}called {searched(found.query)}"
        text, near = f"{called} {rest}".rstrip(), 0
    elif predicate:
        text = f"{number:,} of {count(of)} {predicate}"
    else:
        text = f"{count(number)} {'are' if several else 'is'} indexed"
    yes = "Yes: " if found.query.aim.kind == "any" else ""
    come = f" {near:,} more {'comes' if near == 1 else 'come'} near." if near and searched(found.query) else ""
    return told(f"{yes}{text}: {names}.{come}", (cite for row in rows for cite in proofs(row, found.query)))


def _in_order(found: Found, by: Sort) -> Claim:
    """The first scripts in an order that is asked for, each with what orders it."""
    rows = [row for row in found.best if getattr(row.facts, by.field, row) is not None][: found.query.limit or _TOLD]
    if by.field not in _SUPERLATIVES:
        names = ", ".join(row.model_id for row in rows) + more(len(found.ids) - len(rows))
        return told(f"{found.all}, by {name(by.field)}: {names}.", map(first, rows))
    which = _SUPERLATIVES[by.field][not by.descending]
    shown = [f"{row.model_id} ({_ordering(row, by.field)})" for row in rows]
    if found.query.limit and len(rows) > 1:
        text = f"The {len(rows)} {which} of {found.all}: {listed(shown)}."
    else:
        text = f"The {which} of {found.all} is {shown[0]}{f', then {listed(shown[1:])}' if shown[1:] else ''}."
    return told(text, (first(row) if by.field in OF_FILE else proof(row, by.field) for row in rows))


def _ordering(row: ScriptRow, field: str) -> str:
    if field in OF_FILE:
        return OF_FILE[field](row)
    value = getattr(row.facts, field)
    return count(value, "epoch") if field == "epochs" else f"{name(field)} {plain(value)}"


def _chosen(understood: Query) -> tuple[str, ...]:
    """The facts of which a question names several values: "more GANs or VAEs"."""
    return tuple(map(_field, _choices(understood)))


def _choices(understood: Query) -> list[Filter]:
    several = [one for one in understood.filters if len(one.items) > 1 and one.op == "in" and not one.negated]
    return [one for one in several if one.field in _COUNTED or one.field == "tag"]


def _field(choice: Filter) -> str:
    return "kind" if choice.field == "tag" else choice.field


def _whole(response: SearchResponse, found: Found) -> tuple[int, ...]:
    """The scripts of which a part is asked for; of a dataset those that are known to train on it."""
    on_data = any(one.field == "dataset" and not one.negated for one in response.understood.aim.of or ())
    return tuple(found.catalog.stating("dataset", response.whole)) if on_data else response.whole


def _each(response: SearchResponse, found: Found, fields: Sequence[str], most: int = _TOLD) -> Iterator[Claim]:
    """The best scripts one by one, with why they were found, unless they were called by name."""
    answering, called = {*found.ids}, response.fitting[0].called
    shown = [result for result in response.results if result.row.id in answering]
    literal = bool(searched(found.query)) and not called  # else the words are only the names of kinds
    for result in shown[: min(most, found.query.limit or most)]:
        why = [reason for reason in result.why if literal or not reason.startswith("has the words")]
        yield described(result.row, () if called and found.query.aim.kind != "why" else why, fields)
