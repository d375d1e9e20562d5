"""A written answer to a question, made of facts: every sentence cites the script and the line that prove it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from index.record import Stage, Tag
from index.rows import ScriptRow
from index.search import Result, SearchResponse
from index.understanding.glossary import implying
from index.understanding.lexicon import NUMBER_FIELDS
from index.understanding.query import Query

_TOLD = 5  # scripts that are told of one by one
_COMPARED = 3  # scripts of each side of a comparison
_FIELDS = ("framework", "arch", "dataset", "optimizer", "lr", "batch", "epochs", "hw")
_STAGED = {"lr", "batch", "optimizer", "epochs"}  # what each stage of a training has of its own
_SAID = {"lr": "learning rate", "batch": "batch size", "arch": "model", "hw": "hardware"}
_ASKED = {"dataset": "dataset", "data": "dataset", "optimizer": "optimizer", "optimiser": "optimizer",
          "framework": "framework", "library": "framework", "hardware": "hw", "gpu": "hw", "device": "hw",
          "architecture": "arch", "class": "arch"}  # fmt: skip

_OF_FILE: dict[str, Callable[[ScriptRow], str]] = {  # what no line of a script says
    "created": lambda row: f"{row.created:%Y-%m-%d}",
    "modified": lambda row: f"{row.modified:%Y-%m-%d}",
    "size": lambda row: f"{row.size:,} bytes",
}


@dataclass(frozen=True)
class Cite:
    """A line of a script; in a notebook it is counted over all cells of code."""

    path: str
    line: int

    def to_json(self) -> dict[str, Any]:
        return {"path": self.path, "line": self.line}


@dataclass(frozen=True)
class Claim:
    """A sentence and the lines that prove it; without any only where it says that nothing was found."""

    text: str
    cites: tuple[Cite, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "cites": [cite.to_json() for cite in self.cites]}


@dataclass(frozen=True)
class Answer:
    """The contract's answer. `source` is "facts", or the name of the model that put it in other words; `struck` is what
    the model said that no fact supports."""

    claims: tuple[Claim, ...]
    source: str = "facts"
    struck: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(claim.text for claim in self.claims)

    def to_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "claims": [claim.to_json() for claim in self.claims if claim.cites],
            "source": self.source,
            **({"struck": list(self.struck)} if self.struck else {}),
        }


def answer(response: SearchResponse) -> Answer:
    """What the results of a search say to its question."""
    results, understood = response.results, response.understood
    if not results:
        return Answer((Claim(_nothing(response)),))
    if understood.sides:
        return Answer(tuple(_comparison(results, understood)))
    if not response.answering:
        kinds = " and ".join(understood.concepts)
        return Answer((Claim(f"No script is known to be of the kind {kinds}; {_near(response.total)}."),))
    # what only comes near is in the table, and no answer
    results = tuple(filter(lambda one: _of_kind(one.row, understood), results))[: response.answering] or results[:1]
    claims = _count(response, results)
    claims += _groups([result.row for result in _training(results, understood)], understood)
    asked = asked_fields(response.query)
    ordered = tuple(sort.field for sort in understood.sort if sort.field in _OF_FILE)
    claims += [_breakdown(result, asked, ordered) for result in results[:_TOLD]]
    return Answer(tuple(claims))


def _of_kind(row: ScriptRow, understood: Query) -> bool:
    """Whether a script is all that a question calls for by name."""
    tags = {tag.name for tag in row.facts.tags}
    return all(tags & set(implying(concept)) for concept in understood.concepts)


def asked_fields(question: str) -> tuple[str, ...]:
    """The facts that a question names without giving a value: "what batch size does dcgan use?"."""
    words = [word.strip("?.,;:!\"'").lower() for word in question.split()]
    found: dict[str, None] = {}
    for start, word in enumerate(words):
        if word in _ASKED:
            found.setdefault(_ASKED[word])
        for length in (1, 2, 3):
            field = NUMBER_FIELDS.get(tuple(words[start : start + length]))
            if field is not None and field != "size":
                found.setdefault(field)
    return tuple(found)


def _nothing(response: SearchResponse) -> str:
    """Why there is no answer, and what to ask instead."""
    empty = response.empty
    if empty is None or not (empty.filters or empty.words):
        return "Nothing is indexed that could answer."
    if not empty.filters:
        return f"No script answers: none has {' or '.join(repr(word) for word in empty.words)}, nor is near in meaning."
    told = []
    for one in empty.filters:
        line = f"{_filter(one.by)} leaves nothing"
        if one.without:
            line += f"; without it {one.without} {'script fits' if one.without == 1 else 'scripts fit'}"
        if one.nearest is not None:
            line += f"; the nearest is {_filter(one.nearest)}"
        told.append(line)
    return f"No script fits: {'. '.join(told)}."


def _filter(one: Any) -> str:
    """A filter in words."""
    if one.op in {"any", "all"}:
        told = (" or " if one.op == "any" else " and ").join(_filter(part) for part in one.parts)
    elif one.any_value:
        return f"{_SAID.get(one.field, one.field)} {'not ' if one.negated else ''}stated"
    else:
        signs = {"lt": "below ", "le": "at most ", "gt": "above ", "ge": "at least "}
        values = one.value if isinstance(one.value, tuple) else (one.value,)
        joint = " to " if one.op == "range" else " or "
        shown = joint.join(" to ".join(map(_plain, v)) if isinstance(v, tuple) else _plain(v) for v in values)
        told = f"{_SAID.get(one.field, one.field)} {signs.get(one.op, '')}{shown}"
        if one.field == "uses":
            return f"{'without' if one.negated else 'with'} {shown}"
    return f"not {told}" if one.negated else told


def _plain(value: object) -> str:
    return "any" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _count(response: SearchResponse, results: Sequence[Result]) -> list[Claim]:
    fits = response.answering
    training = _training(results, response.understood)
    naming = [result for result in results if _only_names(result.row, response.understood)]
    if len(training) < len(results) == fits:
        results, fits = training, len(training)
    told = results[:_TOLD]
    names = ", ".join(result.row.model_id for result in told)
    more = f" and {fits - len(told)} more" if fits > len(told) else ""
    others = response.total - response.answering
    near = f" {_near(others, 'more ')}." if others else ""
    sort = response.understood.sort
    by = f", by {_SAID.get(sort[0].field, sort[0].field)}" if sort else ""
    verb = "script fits" if fits == 1 else "scripts fit"
    claim = Claim(f"{fits} {verb}{by}: {names}{more}.{near}", tuple(_first(result.row) for result in told))
    return [claim, *([_naming(naming, response, fits < response.answering)] if naming else [])]


def _near(count: int, more: str = "") -> str:
    return f"{count} {more}{'comes' if count == 1 else 'come'} near"


def _training(results: Sequence[Result], understood: Query) -> Sequence[Result]:
    """The results without those that only name the dataset asked for, if there are any others."""
    return [result for result in results if not _only_names(result.row, understood)] or results


def _only_names(row: ScriptRow, understood: Query) -> bool:
    """Whether a script passes for a dataset because it names it, and is not known to train on any."""
    return row.facts.dataset is None and any(one.field == "dataset" and not one.negated for one in understood.filters)


def _naming(naming: Sequence[Result], response: SearchResponse, apart: bool) -> Claim:
    """The scripts that only name the dataset asked for, `apart` where they are not among those that were counted."""
    wanted = [one for one in response.understood.filters if one.field == "dataset" and not one.negated]
    named = " and ".join(_filter(one).removeprefix("dataset ") for one in wanted)
    count = f"{len(naming)} more" if apart else f"{len(naming)} of the {len(response.results)} shown"
    verb, know = ("names", "is") if len(naming) == 1 else ("name", "are")
    told = naming[:_TOLD]
    names = ", ".join(result.row.model_id for result in told)
    more = f" and {len(naming) - len(told)} more" if len(naming) > len(told) else ""
    text = f"{count} {verb} {named} and {know} not known to train on it: {names}{more}."
    return Claim(text, tuple(_first(result.row) for result in told))


def _groups(rows: Sequence[ScriptRow], understood: Query) -> list[Claim]:
    """What the results have in common or differ in, where there are enough of them."""
    if len(rows) < 3:
        return []
    settled = {one.field for one in understood.filters if not one.negated and one.op == "eq"}
    claims = []
    for field in ("framework", "dataset", "optimizer"):
        groups: dict[str, list[ScriptRow]] = defaultdict(list)
        for row in rows:
            value = getattr(row.facts, field)
            if value is not None:
                groups[str(value)].append(row)
        if field in settled or not groups:
            continue
        ordered = sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:4]
        told = ", ".join(f"{value} in {len(members)}" for value, members in ordered)
        cites = tuple(_cite(members[0], field) for _, members in ordered)
        claims.append(Claim(f"By {field}, of the {len(rows)} shown: {told}.", cites))
    return claims


def _breakdown(result: Result, asked: Sequence[str], ordered: Sequence[str]) -> Claim:
    """One script: what orders it among the others, what it is, how it was trained, and why it is here."""
    row = result.row
    fields = asked or _FIELDS
    parts, cites = [f"{field} {_OF_FILE[field](row)}" for field in ordered], []
    kind = _kind(row.facts.tags)
    if kind and not asked:
        parts.append(" ".join(tag.name for tag in kind))
        cites += [Cite(row.path, tag.line) for tag in kind]
    if len(row.facts.stages) > 1 and (not asked or set(asked) & _STAGED):
        for stage in row.facts.stages:
            if told := _stage(stage):
                parts.append(f"stage {stage.name} ({told})")
                cites.append(Cite(row.path, stage.line))
        fields = tuple(field for field in fields if field not in _STAGED)
    for field in fields:
        value = getattr(row.facts, field)
        if value is not None:
            parts.append(f"{_SAID.get(field, field)} {_plain(value)}")
            cites.append(_cite(row, field))
        elif asked:
            parts.append(f"{_SAID.get(field, field)} not stated")
    why = f" Found because: {'; '.join(result.why)}." if result.why else ""
    return Claim(f"{row.model_id}: {', '.join(parts) or 'nothing more is stated'}.{why}",
                 tuple(dict.fromkeys(cites)) or (_first(row),))  # fmt: skip


def _stage(stage: Stage) -> str:
    rate = f"at {stage.lr:g}" if stage.lr is not None else ""
    parts = [
        " ".join(filter(None, (stage.optimizer, rate))),
        f"batch {stage.batch}" if stage.batch is not None else "",
        f"{stage.epochs} epochs" if stage.epochs is not None else "",
    ]  # fmt: skip
    return ", ".join(part for part in parts if part)


def _comparison(results: Sequence[Result], understood: Query) -> list[Claim]:
    """What the two sides are, and where they differ: one sentence a fact, the values of both in it."""
    sides: list[list[ScriptRow]] = [[] for _ in understood.sides]
    for result in results:
        if result.side < len(sides):
            sides[result.side].append(result.row)
    names = _sides(understood)
    claims = []
    for name, rows in zip(names, sides, strict=True):
        if not rows:
            claims.append(Claim(f"{name}: no script fits."))
            continue
        told = ", ".join(row.model_id for row in rows[:_COMPARED])
        more = f" and {len(rows) - _COMPARED} more" if len(rows) > _COMPARED else ""
        claims.append(Claim(f"{name}: {told}{more}.", tuple(_first(row) for row in rows[:_COMPARED])))
    if not all(sides):
        return claims
    readers: list[tuple[str, Callable[[ScriptRow], dict[str, Cite]]]] = [
        ("kind", _kind_value), *((field, _reader(field)) for field in _FIELDS)
    ]  # fmt: skip
    for field, read in readers:
        values: list[dict[str, Cite]] = []
        for rows in sides:
            found: dict[str, Cite] = {}
            for row in rows[:_COMPARED]:
                found |= {value: cite for value, cite in read(row).items() if value not in found}
            values.append(found)
        if not any(values) or all(set(one) == set(values[0]) for one in values):
            continue
        told = "; ".join(f"{name}: {' / '.join(one) or 'not stated'}" for name, one in zip(names, values, strict=True))
        claims.append(
            Claim(
                f"They differ in {_SAID.get(field, field)}: {told}.", tuple(c for one in values for c in one.values())
            )
        )
    return claims


def _sides(understood: Query) -> list[str]:
    """What to call each side: what is asked of it alone, else its words."""
    own = [[one for one in side.filters if one not in understood.filters] for side in understood.sides]
    if not all(own) or len({*map(tuple, own)}) < len(own):
        own = [[] if side.text else list(side.filters) for side in understood.sides]
    return [" and ".join(map(_filter, one)) or side.text for one, side in zip(own, understood.sides, strict=True)]


def _reader(field: str) -> Callable[[ScriptRow], dict[str, Cite]]:
    """Reads the values of a fact: of what is trained in stages, that of each, in the order they run."""

    def read(row: ScriptRow) -> dict[str, Cite]:
        staged: dict[str, Cite] = {}
        for stage in row.facts.stages if field in _STAGED else ():
            if (value := getattr(stage, field)) is not None:
                staged.setdefault(_plain(value), Cite(row.path, stage.line))
        value = getattr(row.facts, field)
        return staged if len(staged) > 1 else {} if value is None else {_plain(value): _cite(row, field)}

    return read


def _kind_value(row: ScriptRow) -> dict[str, Cite]:
    kind = _kind(row.facts.tags)
    return {" ".join(tag.name for tag in kind): Cite(row.path, kind[0].line)} if kind else {}


def _kind(tags: Sequence[Tag]) -> Sequence[Tag]:
    return tags[:4]


def _cite(row: ScriptRow, field: str) -> Cite:
    """The line that proves a fact, else where the script's model begins."""
    proof = row.facts.evidence.get(field)
    return Cite(row.path, proof) if isinstance(proof, int) else _first(row)


def _first(row: ScriptRow) -> Cite:
    """The line that says best what a script is: of its model, its first tag, its training; else its first."""
    arch = row.facts.evidence.get("arch")
    if isinstance(arch, int):
        return Cite(row.path, arch)
    lines = [tag.line for tag in row.facts.tags] + [stage.line for stage in row.facts.stages]
    return Cite(row.path, lines[0] if lines else 1)
