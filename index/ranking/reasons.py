"""Why a script was found, in words: each filter with the line that proves it, then what made it rank."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from index.catalog.conditions import ESTIMATORS, PLAIN, called_after, made_of, of_kin, spelled, worlds
from index.catalog.rows import ScriptRow
from index.files.source import locate
from index.known.components import NETWORK, STAGES, spoken
from index.known.datasets import ALIASES, written_out
from index.known.glossary import apart, implying
from index.known.modalities import KINDS
from index.known.words import LONGEST, has, joined, parts, phrase
from index.known.words import holds as contains
from index.record import Stage, Tag
from index.understanding import modality
from index.understanding.filters import Filter, Item, Query

_QUOTED = 60  # characters of a line that names a dataset
_MOST_STAGES = 4  # that are named
_STAGED = {"batch", "lr", "epochs", "optimizer"}


def reasons(
    row: ScriptRow, understood: Query, words: Sequence[str], read: Callable[[], str], introduced: Callable[[], str]
) -> tuple[str, ...]:
    """In the order of the query. `words` are those of the query that the script has, `read` gives its source and
    `introduced` what the README of its project begins with."""
    found: list[str] = []
    together = _together(row, understood.filters)
    for wanted in understood.filters:
        found += _reason(row, wanted, read, introduced, together)
    if not together:
        found.append("no stage alone has all of these: they lie in different stages")
    tags = {tag.name for tag in row.facts.tags}
    for concept in understood.concepts:
        found += [_tag(row, name) for name in implying(concept) if name in tags][:1]
    named = {*understood.components, *modality.named(understood.words)}
    found += [_built(row, one) for one in row.facts.uses if one.name in named]
    found += _staged(row) if STAGES in understood.components else []
    mentioned = [word for word in words if word not in understood.demanded]
    if mentioned:
        text = read()
        lines = _lines(mentioned, text)
        if len(lines) < len(mentioned):
            known = f"{row.path} {row.facts.description}".lower()
            mentioned = [
                part for word in mentioned for part in ([word] if word in lines or word in known else _parts_of(word))
            ]
            lines |= _lines([part for part in mentioned if part not in lines], text)
        elsewhere = _only_there(mentioned, lines, f"{row.path} {row.facts.description}", introduced)
        told = dict.fromkeys(
            f"{word} at {locate(lines[word], row.facts.cells)}" if word in lines else word
            for word in mentioned
            if word not in elsewhere
        )
        found += [f"has the words: {', '.join(told)}"] if told else []
        found += [f"the README of its project has the words: {', '.join(elsewhere)}"] if elsewhere else []
    return tuple(dict.fromkeys(found))


def _only_there(words: Sequence[str], lines: dict[str, int], known: str, introduced: Callable[[], str]) -> list[str]:
    """Of some words, those that only the README of a script's project has."""
    unproved = [word for word in dict.fromkeys(words) if word not in lines and not has(known, word)]
    return [word for word in unproved if has(introduced(), word)] if unproved else []


def _together(row: ScriptRow, filters: Sequence[Filter]) -> list[Stage]:
    """The stages that have all that is asked of stages; none where it lies in several."""
    asked = [one for one in filters if one.field in _STAGED and not one.negated]
    return [stage for stage in row.facts.stages if all(fits(getattr(stage, one.field), one) for one in asked)] or (
        [Stage("", 0)] if len(asked) < 2 else []  # nothing is asked for together
    )


def _reason(
    row: ScriptRow, wanted: Filter, read: Callable[[], str], introduced: Callable[[], str], together: Sequence[Stage]
) -> list[str]:
    facts = row.facts
    if wanted.op in {"any", "all"}:
        passing = [part for part in wanted.parts if not wanted.negated and holds(row, part)]
        return [line for part in passing for line in _reason(row, part, read, introduced, together)]
    named = " or ".join(map(_named, wanted.items))
    if wanted.negated:
        return [_denied(wanted, named)]
    match wanted.field:
        case "uses":
            built = {one.name: one for one in facts.uses}
            lines = [_built(row, built[str(value)]) for value in wanted.items if str(value) in built]
            lines += _staged(row) if STAGES in wanted.items else []
            if not lines and {*KINDS}.issuperset(wanted.items):
                lines = [f"the other scripts of its folder are on {named.replace('-', ' ')}"]
            return lines or [_naming(row, named, spoken(map(str, wanted.items)), read)]
        case "tag":
            tags = {tag.name for tag in facts.tags}
            return [_tag(row, name) for value in wanted.items for name in implying(str(value)) if name in tags]
        case "created":
            return [f"created {row.created:%Y-%m-%d} ({row.created_source})"]
        case "modified":
            return [f"modified {row.modified:%Y-%m-%d}"]
        case "size":
            return [f"size {row.size} bytes"]
        case "path" | "model" | "text":
            if wanted.field == "text" and wanted.op == "in" and (place := _reading(row, wanted, read())):
                return [place]
            imported = bool(worlds(wanted)) and not _written(row, wanted, read)
            return [f"is imported by a script that names {named}" if imported else f"{wanted.field} matches {named}"]
        case "batch" | "lr" | "optimizer" | "epochs" if lines := _of_stage(row, wanted, together):
            return lines
        case "optimizer":
            return [_naming(row, named, spelled(map(str, wanted.items)), read)]
        case "framework" if not fits(facts.framework, wanted):
            return [_naming(row, named, ESTIMATORS, read)]
        case "hw" if not fits(facts.hw, wanted):
            return [_naming(row, named, [str(item).lower() for item in wanted.items], read)]
        case "dataset" if not fits(facts.dataset, wanted):
            return [_naming_data(row, named, [*map(str, wanted.items)], read, introduced)]
    value, proof = getattr(facts, wanted.field), facts.evidence.get(wanted.field)
    shown = f"{value:g}" if isinstance(value, float) else value
    at = f" at {locate(proof, facts.cells)}" if isinstance(proof, int) else ""
    return [f"{wanted.field} {shown}{at}"]


def _staged(row: ScriptRow) -> list[str]:
    """ "2 stages: train_teacher at line 40 and train_student at line 60"."""
    stages = [f"{stage.name} at {locate(stage.line, row.facts.cells)}" for stage in row.facts.stages]
    if len(stages) < 2:
        return []
    last = stages[-1] if len(stages) <= _MOST_STAGES else f"{len(stages) - _MOST_STAGES + 1} others"
    return [f"{len(stages)} stages: {', '.join(stages[: min(len(stages), _MOST_STAGES) - 1])} and {last}"]


def _written(row: ScriptRow, wanted: Filter, read: Callable[[], str]) -> bool:
    """Whether a script itself writes one of the names, in any of their spellings."""
    ways = [way for one in map(str, wanted.items) for way in (one, *apart(one))]
    told = f"{row.path}\n{read()}\n{row.facts.description}".lower()
    return any(way in told for way in ways)


def _reading(row: ScriptRow, wanted: Filter, text: str) -> str:
    """Which of some texts a script has, and at which line; "" where none stands within one."""
    for form in map(str, wanted.items):
        words = phrase(form)
        for number, line in enumerate(text.split("\n"), 1):
            if words and words[0] in line.lower() and contains(line, words):
                return f"text matches {form} at {locate(number, row.facts.cells)}"
    return ""


def _of_stage(row: ScriptRow, wanted: Filter, together: Sequence[Stage]) -> list[str]:
    """The first stage that has what is asked for, of those that have all that is asked of stages if there are any."""
    for stage in (*together, *row.facts.stages):
        value = getattr(stage, wanted.field)
        if value is not None and fits(value, wanted):
            shown = f"{value:g}" if isinstance(value, float) else value
            where = _where(row, wanted.field, value, stage.line)
            return [f"{wanted.field} {shown} in stage {stage.name} at {where}"]
    return []


def _denied(wanted: Filter, named: str) -> str:
    """What a script passes by not having it. Of a word no more is claimed than that it is not written."""
    if wanted.field == "text":
        return f"the word {named!r} does not occur" if " " not in named else f"the words {named!r} do not occur"
    if wanted.field == "uses" and named == STAGES:
        return "no second stage was found"
    if wanted.field == "uses" and {*KINDS}.issuperset(wanted.items):
        return f"nothing in its code or beside it says that it is on {named.replace('-', ' ')}"
    if wanted.field == "uses":
        return "is no neural network" if named == NETWORK else f"no {named.replace('-', ' ')} was found, under any name"
    if wanted.field == "tag":
        return f"no layer was read as {named}"
    return f"{wanted.field} is not {named}"


def _naming(row: ScriptRow, named: str, spellings: Sequence[str], read: Callable[[], str]) -> str:
    """ "names KMNIST at line 3: …", with the first line of a script that has one of some spellings, if any has."""
    return _quoting(row, named, spellings, read()) or f"names {named}"


def _naming_data(
    row: ScriptRow, named: str, datasets: list[str], read: Callable[[], str], introduced: Callable[[], str]
) -> str:
    """Where a script not trained on some data sets names one, lies in a folder called so, or names their kin; else what
    of its project does, or that what is trained on them imports it."""
    text, aliases = read(), [alias for one in datasets for alias in ALIASES.get(one, ())]
    if place := _quoting(row, named, aliases, text):
        return place
    if place := called_after(datasets, row.path, row.path.count("/")):
        return f"lies in {place}"
    if places := [match.start() for one in datasets if (match := written_out(one).search(text))]:
        return _quoted(row, named, text, text.count("\n", 0, min(places)) + 1)
    kin = [(one, alias) for one in made_of(datasets) for alias in ALIASES.get(one, ())]
    quoted = next(filter(None, (_quoting(row, one, [alias], text) for one, alias in kin)), "")
    quoted = quoted or _quoting(row, named, [word for one in datasets for word in PLAIN.get(one, ())], text)
    if quoted or row.facts.dataset:
        return quoted or f"names {named}"
    told = introduced()
    if any(contains(told, phrase(alias)) for alias in aliases):
        return f"the README of its project names {named}"
    return f"is imported by what is trained on {named}"


def _quoting(row: ScriptRow, named: str, spellings: Sequence[str], text: str) -> str:
    written = _lines(spellings, text)
    if not written:
        return ""
    return _quoted(row, named, text, min(written.values()))


def _quoted(row: ScriptRow, named: str, text: str, line: int) -> str:
    seen = text.split("\n")[line - 1].strip()
    seen = seen if len(seen) <= _QUOTED else f"{seen[: _QUOTED - 1]}…"
    return f"names {named} at {locate(line, row.facts.cells)}: {seen}"


def _where(row: ScriptRow, field: str, value: object, line: int) -> str:
    """The line of the proof where the value is that of the main stage, else where its stage begins."""
    proof = row.facts.evidence.get(field)
    main = getattr(row.facts, field) == value and isinstance(proof, int)
    return locate(proof if main and isinstance(proof, int) else line, row.facts.cells)


def naming(wanted: Filter, text: str) -> int | None:
    """The first line of a text that names a dataset which is asked for."""
    aliases = [alias for one in map(str, wanted.items) for alias in ALIASES.get(one, ())]
    return min(_lines(aliases, text).values(), default=None)


def holds(row: ScriptRow, wanted: Filter) -> bool:
    """Whether a script passes a filter, by what is known of it; a text counts as found."""
    if wanted.op in {"any", "all"}:
        passes = (any if wanted.op == "any" else all)(holds(row, part) for part in wanted.parts)
    elif wanted.field == "tag":
        tags = {tag.name for tag in row.facts.tags}
        passes = any(tags & set(implying(str(value))) for value in wanted.items)
    elif wanted.field == "uses":
        passes = any(one.name in {*map(str, wanted.items)} for one in row.facts.uses)
        passes = passes or (STAGES in wanted.items and len(row.facts.stages) > 1)
    elif wanted.field in {"created", "modified"}:
        passes = fits(f"{getattr(row, wanted.field):%Y-%m-%d}", wanted)
    elif wanted.field in _STAGED:
        passes = any(fits(getattr(stage, wanted.field), wanted) for stage in row.facts.stages)
    elif wanted.field in {"size", "path"}:
        passes = fits(getattr(row, wanted.field), wanted)
    elif wanted.field == "model":
        passes = fits(row.model_id, wanted)
    elif wanted.field == "text":
        return True
    else:
        passes = fits(getattr(row.facts, wanted.field), wanted)
    return passes != wanted.negated


def fits(value: object, wanted: Filter) -> bool:
    """Whether a value is one of those a filter asks for."""
    if value is None:
        return False
    for item in of_kin(wanted).items:
        if isinstance(item, tuple):
            low, high = item
            if (low is None or value >= low) and (high is None or value <= high):  # type: ignore[operator]
                return True
        elif isinstance(item, str):
            same = item.lower() in str(value).lower().split(" / ")
            if same or (wanted.field not in {"dataset", "optimizer"} and item.lower() in str(value).lower()):
                return True
        elif isinstance(value, int | float) and isinstance(item, int | float) and math.isclose(value, item):
            return True
    return False


def _tag(row: ScriptRow, name: str) -> str:
    return _built(row, next(tag for tag in row.facts.tags if tag.name == name))


def _built(row: ScriptRow, tag: Tag) -> str:
    where = locate(tag.line, row.facts.cells)
    return f"{tag.reason} at {where}" if tag.reason.endswith("first") else f"{tag.name}: {tag.reason}, {where}"


def _named(item: Item) -> str:
    """A value or a range in words."""
    if not isinstance(item, tuple):
        return str(item)
    low, high = (f"{end:g}" if isinstance(end, float) else end for end in item)
    if low is None and high is None:
        return "stated"
    return f"up to {high}" if low is None else f"from {low}" if high is None else f"{low} to {high}"


def _parts_of(word: str) -> list[str]:
    """The words that a joined one is found by where it stands nowhere itself: "3trained" by "trained"."""
    return [part for part in parts(word) if len(part) > 2] or [word]


def _lines(words: Sequence[str], text: str) -> dict[str, int]:
    """The first line that has each word, as the word index reads words."""
    found: dict[str, int] = {}
    lowered = text.lower()
    for word in words:
        exact = word.lower()[:LONGEST]
        at = min((place for part in {exact, joined(exact)} if (place := lowered.find(part)) >= 0), default=-1)
        while at >= 0:
            line_start = text.rfind("\n", 0, at) + 1
            line_end = text.find("\n", at)
            if has(text[line_start : line_end if line_end >= 0 else len(text)], exact):
                found[word] = text.count("\n", 0, at) + 1
                break
            at = lowered.find(exact, line_end) if line_end >= 0 else -1
    return found
