"""One script in a sentence: what it is, how it is trained, and why it was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from index.answers.claims import STAGED, Cite, Claim, first, proof, told
from index.answers.wording import count, kind, listed, name, plain
from index.catalog.rows import ScriptRow
from index.record import PLAIN_FIELDS, Stage

_KINDS = 4
_TRAINING = ("optimizer", "lr", "batch", "epochs")
_STAGES = 5  # that are told of one by one

_BY = {"git": " by git", "birth": " by the file system", "modified": " by the file system"}
OF_FILE: dict[str, Callable[[ScriptRow], str]] = {  # what no line of a script says
    "created": lambda row: f"created {row.created:%Y-%m-%d}{_BY.get(row.created_source, '')}",
    "modified": lambda row: f"modified {row.modified:%Y-%m-%d}",
    "size": lambda row: f"{row.size:,} bytes",
}
Part = tuple[str, list[Cite]]


def described(row: ScriptRow, why: Sequence[str], asked: Sequence[str] = ()) -> Claim:
    """A script by all that is known of it and why it was found, or by the facts that are asked for."""
    parts = [*(_asked(row, asked) if asked else _known(row))]
    because = [] if asked else [reason for reason in why if reason.partition(" ")[0] not in PLAIN_FIELDS]
    text = f"{row.model_id}: {', '.join(part for part, _ in parts) or 'nothing more is stated'}."
    if because:
        text += f" Found because: {'; '.join(because)}."
    return told(text, [cite for _, cites in parts for cite in cites] or [first(row)])


def _known(row: ScriptRow) -> Iterator[Part]:
    facts = row.facts
    what, cites = _what(row)
    places = {"in": "framework", "on": "dataset"}
    stated = {joint: field for joint, field in places.items() if getattr(facts, field)}
    place = " ".join(f"{joint} {getattr(facts, field)}" for joint, field in stated.items())
    if what or place:
        yield " ".join(filter(None, (what, place))), [*cites, *(proof(row, field) for field in stated.values())]
    if len(facts.stages) > 1:
        yield _staged(row, STAGED)
    elif trained := _trained(*(getattr(facts, field) for field in _TRAINING)):
        yield trained, [proof(row, field) for field in _TRAINING if getattr(facts, field) is not None]
    if facts.hw:
        yield facts.hw, [proof(row, "hw")]


def _what(row: ScriptRow) -> Part:
    """The kinds that a model is, and what its class is called."""
    tags = row.facts.tags[:_KINDS]
    kinds = [kind(tag.name) for tag in tags]
    cites = [Cite(row.path, tag.line) for tag in tags]
    model = row.facts.arch
    if model is None or model.lower() in map(str.lower, kinds):
        return ", ".join(kinds), cites
    shown = f"{', '.join(kinds)} ({model})" if kinds else model
    return shown, [*cites, proof(row, "arch")]


def _asked(row: ScriptRow, fields: Sequence[str]) -> Iterator[Part]:
    in_stages = len(row.facts.stages) > 1 and not STAGED.isdisjoint(fields)
    if in_stages:
        yield _staged(row, fields)
    missing = []
    for field in fields:
        if field in OF_FILE:
            yield OF_FILE[field](row), []
        elif in_stages and field in STAGED:
            continue
        elif field == "kind" and (what := _what(row))[0]:
            yield what
        elif (value := getattr(row.facts, field, None)) is not None:
            yield count(value, "epoch") if field == "epochs" else f"{name(field)} {plain(value)}", [proof(row, field)]
        else:
            missing.append(name(field))
    if missing:
        yield f"no {listed(missing, 'or')} stated", []


def _staged(row: ScriptRow, fields: Sequence[str] | frozenset[str]) -> Part:
    """The stages of a training, those alike that follow each other as one."""
    stages = row.facts.stages
    runs = [[*run] for _, run in groupby(stages, lambda stage: (stage.name, _stage(stage, fields)))]
    shown = []
    for run in runs[:_STAGES]:
        times = f" {len(run)} times" if len(run) > 1 else ""
        shown.append(f"{run[0].name}{times} ({_stage(run[0], fields) or 'nothing stated'})")
    more = f" and {len(runs) - _STAGES} more" if len(runs) > _STAGES else ""
    cites = [Cite(row.path, run[0].line) for run in runs[:_STAGES] if run[0].line]
    return f"{count(len(stages), 'stage')}: {', '.join(shown)}{more}", cites


def _stage(stage: Stage, fields: Sequence[str] | frozenset[str]) -> str:
    return _trained(*(getattr(stage, one) if one in fields else None for one in _TRAINING))


def _trained(optimizer: str | None, lr: float | None, batch: int | None, epochs: int | None) -> str:
    """ "Adam at 0.001, batch 64, 10 epochs"."""
    rate = "" if lr is None else f"at {lr:g}" if optimizer else f"learning rate {lr:g}"
    parts = [" ".join(filter(None, (optimizer, rate)))]
    parts += [f"batch {batch}"] if batch is not None else []
    parts += [count(epochs, "epoch")] if epochs is not None else []
    return ", ".join(filter(None, parts))
