"""Text from disk, made safe to show: run names, scripts, events and paths may hold anything.

Strings never reach a markup sink: widgets and tables get the `Text` that :func:`cell` makes of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.text import Text

_PARTING = "_+-./ "  # what an identifier, a path or a name of words is put together with
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Control, format (direction marks, joiners), surrogates, and separators that some terminals break lines at.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def sanitise(text: str) -> str:
    """The text with every control, format and surrogate character but tab and newline replaced."""
    if text.isprintable():
        return text
    return "".join(c if c in "\t\n" or unicodedata.category(c) not in _UNSAFE else REPLACEMENT for c in text)


def line(text: str) -> str:
    """Sanitised text on one line."""
    return " ".join(sanitise(text).split()) if not text.isprintable() else text


def cell(value: object, style: str = "") -> Text:
    """One line of safe text, for anything that shows text."""
    return Text(line(str(value)), style=style, no_wrap=True, overflow="ellipsis", end="")


def block(value: object, style: str = "") -> Text:
    """Safe text that keeps its line breaks, for panels that wrap."""
    return Text(sanitise(str(value)), style=style)


def shorten(text: str, width: int) -> str:
    """At most `width` cells of text; what is cut is cut from the middle, where names differ least."""
    if cell_len(text) <= width:
        return text
    if width <= 2:
        return _head(text, width)
    head, tail = width // 2, (width - 1) // 2
    return f"{_head(text, head)}…{_head(text[::-1], tail)[::-1]}"


def shorten_id(text: str, width: int) -> str:
    """At most `width` cells of a model's id, cut from the middle, where that leaves enough between two of its parts."""
    cut = shorten(text, width)
    head, mark, tail = cut.partition("…")
    if cut == text or not mark:
        return cut
    whole = next((place for place in range(len(head), len(head) // 2, -1) if head[place - 1] in _PARTING), len(head))
    ending = next((place for place in range(len(tail) // 2) if tail[place] in _PARTING), 0)
    return f"{head[:whole].rstrip()}…{tail[ending:].lstrip()}"


def apart(names: Iterable[str], width: int) -> dict[str, str]:
    """Name → at most `width` cells of it, cut so that it is told from the others: what they begin with alike goes first
    where they would be cut alike, in whatever case."""
    found, alike = dict[str, str](), dict[str, list[str]]()
    for name in dict.fromkeys(names):
        found[name] = shorten_id(name, width)
        alike.setdefault(found[name].casefold(), []).append(name)
    for group in (group for group in alike.values() if len(group) > 1 and width > 2):
        first = group[0]
        same = next((place for place, signs in enumerate(zip(*group)) if len({*map(str.casefold, signs)}) > 1), 0)  # noqa: B905
        start = next((place for place in range(same, 0, -1) if first[place - 1 : place] in _PARTING), same)
        if start:
            rests = apart((name[start:] for name in group), width - 1)
            found |= {name: f"…{rests[name[start:]].removeprefix('…')}" for name in group}
    return found


def breaks(text: str, width: int) -> list[int]:
    """Where to break words of a text that are longer than a line of `width` cells: between two parts of an identifier.

    Positions in the text, the first of each such word among them.
    """
    found = []
    for match in re.finditer(r"\S+", text):
        start, end = match.span()
        if cell_len(match[0]) <= width:
            continue
        found.append(start)
        # Of the rest only what one line takes is looked at: a word may be of any length.
        while cell_len(rest := text[start : min(end, start + width + 1)]) > width and (cut := _parted(rest, width)):
            start += cut
            found.append(start)
    return found


def _parted(word: str, width: int) -> int:
    """Where the last part of a word ends that is in its first `width` cells; 0 where none does."""
    ends = (place for place, sign in enumerate(word, 1) if sign in _PARTING)
    return max((place for place in ends if cell_len(word[:place]) <= width), default=0)


def cut_end(text: str, width: int) -> str:
    """At most `width` cells of a sentence."""
    return text if cell_len(text) <= width else f"{_head(text, max(0, width - 1)).rstrip()}…"


def cut_words(text: str, width: int) -> str:
    """At most `width` cells of a sentence, cut between two words where they are not longer than half of it."""
    cut = cut_end(text, width)
    whole, space, _ = cut.rpartition(" ")
    return cut if cut == text or not space or cell_len(whole) * 2 < width else f"{whole.rstrip(',;:.(- ')} …"


def cut_paths(text: str, width: int) -> str:
    """At most `width` cells of a sentence: of a full path in it the first folders go before the sentence's end does."""
    for path in re.findall(r"(?<!\S)/\S+", text):
        if (over := cell_len(text) - width) > 0:
            least = cell_len(path.rpartition("/")[2]) + 2
            text = text.replace(path, shorten_path(path, max(least, cell_len(path) - over)))
    return cut_end(text, width)


def cut_values(text: str, width: int) -> str:
    """At most `width` cells of values with ` / ` between them: the first of them, whole: half is another one."""
    parts = text.split(" / ")
    shorter = (" / ".join([*parts[:count], "…"]) for count in range(len(parts) - 1, 0, -1))
    return next((short for short in (text, *shorter) if cell_len(short) <= width), cut_end(text, width))


def shorten_path(path: str, width: int) -> str:
    """At most `width` cells of a path; the file's name and its nearest folders stay."""
    if cell_len(path) <= width:
        return path
    parts = path.split("/")
    for start in range(1, len(parts)):
        short = "…/" + "/".join(parts[start:])
        if cell_len(short) <= width:
            return short
    return shorten(parts[-1], width)


def named_apart(paths: Iterable[str]) -> dict[str, str]:
    """Path → the name of its file, with as many of its folders as tell it apart from the other paths."""
    parts = {path: path.strip("/").split("/") for path in paths}
    taken = dict.fromkeys(parts, 1)

    def named(path: str) -> str:
        return "/".join(parts[path][-taken[path] :])

    while len(set(map(named, parts))) < len(parts):
        alike = Counter(map(named, parts))
        longer = [path for path in parts if alike[named(path)] > 1 and taken[path] < len(parts[path])]
        for path in longer:
            taken[path] += 1
        if not longer:
            break
    return {path: line(named(path)) for path in parts}


def _head(text: str, width: int) -> str:
    taken = 0
    for index, character in enumerate(text):
        taken += cell_len(character)
        if taken > width:
            return text[:index]
    return text


CALLED = 3  # cells that are kept of what a run is called, where there is room for any


def _id_parts(name: str) -> tuple[str, str, str, str] | None:
    """What a run's id is made of: what it is called, the day, the time, and what tells it from others of then."""
    parts = name.rsplit("-", 3)
    return (parts[0], parts[1], parts[2], parts[3]) if len(parts) == 4 and (parts[1] + parts[2]).isdigit() else None


def told_apart(names: Sequence[str]) -> list[str]:
    """Runs by what they are called alone, where no two of them are called the same; else by their ids."""
    called = [parts[0] if (parts := _id_parts(name)) else name for name in names]
    return called if len(set(called)) == len(called) else list(names)


def short_name(name: str, room: int) -> str:
    """A run's id in `room` cells; where it does not fit, the date goes first, then the end of what it is called."""
    parts = _id_parts(name)
    if parts is None or cell_len(name) <= room:
        return shorten_id(name, room)
    fits = (form for form in _forms(name, parts, room) if cell_len(form) <= room)
    return next(fits, "") or shorten(name, room)


def short_names(names: Iterable[str], room: int) -> dict[str, str]:
    """Name of a run → at most `room` cells of it, ids all in the same form: the fullest that each of them fits in.

    Where what they are called has to be cut, that is of those alone that are too long.
    """
    named = {name: _id_parts(name) for name in names}
    forms = {name: _forms(name, parts, room) for name, parts in named.items() if parts is not None}
    fits = (form for form in range(_CUT) if all(cell_len(one[form]) <= room for one in forms.values()))
    form = next(fits, _CUT - 1)
    return {
        name: told[form] if (told := forms.get(name)) and cell_len(told[form]) <= room else short_name(name, room)
        for name in named
    }


_CUT = 3  # forms of an id before those that are cut


def _forms(name: str, parts: tuple[str, str, str, str], room: int) -> tuple[str, ...]:
    """How an id may be told, the fullest first."""
    stem, day, time, tail = parts
    cut = cut_end(stem, max(CALLED, room - cell_len(tail) - 1))
    return (name, f"{stem} {day[4:]}-{time[:4]} {tail}", f"{stem} {tail}", f"{cut} {tail}", f"…{tail}", tail)
