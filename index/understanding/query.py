"""Reads a query: plain English and `field:value` terms in one line, into filters and the words that are left.

The rules are written from the forms of the language: how people put a date, a number, a comparison, a negation. What
no rule understands stays a word to search for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property

from index.understanding import aims, numbers
from index.understanding.chat import question
from index.understanding.comparing import sides
from index.understanding.dates import COUNTED, MONTHS
from index.understanding.english import Reader
from index.understanding.fields import FIELDS, OTHER_NAMES, read_field, read_sort
from index.understanding.filters import Aim, Filter, Query, QueryError, Sort
from index.understanding.sharing import shared
from index.understanding.vocabulary import DATASET_WORDS, one_field, squeeze

__all__ = ["FIELDS", "Filter", "Query", "QueryError", "parse"]

_LONGEST = 2000
_SAID = {"word", "phrase", "op"}
# "batch size: 64" is English, "batch:64" a field
_FIELD = re.compile(r"(-?)([A-Za-z_]+):(?![:/]|\s+\S)")
_TOKEN = re.compile(
    r"(?P<op><=|>=|==|!=|<>|<|>|=|≤|≥|≈|≠|~(?=\s))"
    r"|(?P<word>\d{1,3}(?:,\d{3})+(?!\d)|0,\d+|(?<!\w)'\d\d\b|[^\s\"<>=≤≥≈≠,;!?()\[\]{}]+)|(?P<mark>[,;()])|."
)
_COUNTED = re.compile(
    r"([\d.,_]+k?)-(epochs?|batch(?:es)?|days?|weeks?|months?|years?|kb|mb)", re.IGNORECASE
)  # 200-epoch
_HELD = re.compile(
    r"(\d+|[a-z]+(?:-[a-z]+)?)-(?:sample|example|image|item|instance|sentence|picture|element)s?", re.IGNORECASE
)  # 32-sample batches
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_JOINED = re.compile(  # Mar-May, Jan/Feb, 2024–2025, 2025-03..2025-05
    rf"({_MONTH})(-|–|—|/|\.\.)({_MONTH})|(20\d\d(?:-\d\d){{0,2}}?)(-|–|—|/|\.\.)(20\d\d(?:-\d\d){{0,2}})",
    re.IGNORECASE,
)
_RANGED = re.compile(r"(.*[^\W_])(\.{2,3}|…|–|—|→)(\.?\w.*)")  # 16..64, 2018..Mar
_ARROW = re.compile(r"-{1,2}>|→|\.{2,3}(?=\s)|…")  # 1 May .. 3 June, 1e-4 -> 1e-3
_YEAR = re.compile(r"(?:19|20)\d\d")
_ALONE = re.compile(rf"{_YEAR.pattern}|0?\.\d+|\d+e-\d+")  # in parentheses: March (2025), Adam (1e-3)
_SHORTHAND = re.compile(r"(bs|lr|batch|epochs?)(\d[\d.]*(?:e-?\d+)?)", re.IGNORECASE)  # bs64
_LISTED = re.compile(r"(?:in |∈ ?)?([\[{])\s*((?:[\w.^*-]*\d\s*[,;]\s*)+[\w.^*-]*\d)\s*[\]}]")  # in [5, 10], {32, 64}
_EDITIONS = re.compile(r"([A-Za-z][A-Za-z-]*?)-?(\d{1,4})/-?(\d{1,4})")
_CHOICE = re.compile(r"\d{1,3}(?:/\d{1,3})+")  # 16/32/64
_JOINED_DAYS = re.compile(r"(\d\d?(?:st|nd|rd|th)?)([-–—])(\d\d?(?:st|nd|rd|th)?)", re.IGNORECASE)  # 10-20 April
_BEFORE_OR_AFTER = re.compile(rf"(pre|post)-((?:19|20)\d\d|(?:{_MONTH}))", re.IGNORECASE)
_WITH = re.compile(r"w/(?:(o|out)(?![^\W_]))?/?(.*)", re.IGNORECASE)  # w/ Adam, w/o attention
_SHORTENED = {"approx", "ca", "no", "vs", "max", "min", "incl", "excl", "e.g", "i.e"}  # their full stop ends nothing
_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "−": "-", "‐": "-", "‑": "-", "\u00a0": " "})


@dataclass(frozen=True)
class Token:
    """A piece of the query. `kind` is word, op, mark, phrase or field; `column` counts from 1; `talk` is not looked
    for."""

    kind: str
    text: str
    column: int
    negated: bool = False
    filter: Filter | None = None
    sort: Sort | None = None
    talk: bool = False

    @cached_property
    def lower(self) -> str:
        return self.text.lower()


def parse(text: str, today: date | None = None) -> Query:
    """Understands a query; QueryError (with the column) for a field, number, date or quote that cannot be served."""
    if len(text) > _LONGEST:
        raise QueryError(f"the query is longer than {_LONGEST} characters", _LONGEST + 1)
    day = today or datetime.now(UTC).date()  # the clock of every time shown
    tokens = _tokens(text.translate(_SAME), day)
    _check_parentheses(tokens, text)
    understood, told = _read(tokens, day)
    aim, rest, whole = aims.read(tokens)
    if any(one.field in aims.NUMBERS and one.field in (*aim.fields, *aim.by) for one in understood.filters):
        aim, rest = Aim(), tokens  # the value is given, and not asked for
    if whole:
        aim = _of(aim, whole, day)
    if len(rest) < len(tokens) or aim.of is not None:
        understood, told = _read(rest, day, counted=aim.counts)
    nothing = len(rest) < len(tokens) and not (understood.words or understood.phrases)  # is looked for
    said = (
        text if nothing or len(told) == len(tokens) else " ".join(token.text for token in told if token.kind in _SAID)
    )
    return replace(understood, sort=understood.sort or aim.sort, said=said, aim=aim)


def _read(tokens: list[Token], day: date, *, counted: bool = False) -> tuple[Query, list[Token]]:
    """What tokens ask for, and those that are more than talk."""
    asked = question(tokens)
    compared = sides(asked, day)
    understood = compared if compared is not None else Reader(asked, day).query(counted=counted)
    return understood, [token for token in asked if not token.talk]


def _of(aim: Aim, whole: list[Token], day: date) -> Aim:
    """What is asked of a whole, by what its words demand; where they are not all understood, of no whole."""
    if aim.kind == "whether":
        return replace(aim, of=(Filter("model", "eq", whole[0].text),))
    found = Reader(whole, day).query(counted=True)
    free = {*found.words} - {*found.demanded}
    if free or found.phrases or found.unclear or found.components:
        return Aim("count" if aim.kind == "count" else "tell")
    if aim.kind == "count" and not found.filters:
        return aim
    return replace(aim, of=found.filters)


def _check_parentheses(tokens: list[Token], text: str) -> None:
    """QueryError for one without its other half; the beginning of a call, as "NoisyLinear(", is a name."""
    opened: list[Token] = []
    for token in tokens:
        if token.kind == "mark" and token.text == "(":
            opened.append(token)
        elif token.kind == "mark" and token.text == ")":
            if not opened:
                raise QueryError("this parenthesis was never opened; add a ( before it, or leave it out", token.column)
            opened.pop()
    for token in reversed(opened):
        if token.column == 1 or not (text[token.column - 2].isalnum() or text[token.column - 2] == "_"):
            raise QueryError("this parenthesis is not closed; add a ) after it, or leave it out", token.column)


def _tokens(text: str, today: date) -> list[Token]:
    found: list[Token] = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        at_start = position == 0 or text[position - 1].isspace() or text[position - 1] == "("
        field = _FIELD.match(text, position) if at_start else None
        if field and field[2].lower() != "cuda" and not _opens_block(field, found):  # "cuda:1" is a device
            position = _field(text, field, today, found)
            continue
        if at_start and text.startswith("-(", position):
            found.append(Token("word", "not", position + 1))
            position += 1
            continue
        if arrow := at_start and _ARROW.match(text, position):
            found.append(Token("word", "->", position + 1))
            position = arrow.end()
            continue
        if at_start and text[position] in "[{i∈" and (listed := _LISTED.match(text, position)):
            values = re.split(r"[\s,;]+", listed[2])
            joint = "->" if listed[1] == "[" and len(values) == 2 else "or"
            spoken = [piece for value in values for piece in (joint, value)][1:]
            found += [Token("word", piece, position + 1) for piece in spoken]
            position = listed.end()
            continue
        following = text[position + 1 : position + 2]
        sign = text[position]
        minus = at_start and ((sign == "-" and bool(following.strip())) or (sign == "!" and following.isalnum()))
        start = position + 1 if minus else position
        if text[start] == '"':
            inside, position = _quoted(text, start)
            found.append(Token("phrase", inside, start + 1, minus))
            continue
        match = _TOKEN.match(text, start)
        assert match is not None  # the last alternative takes any character but a newline, and those are spaces
        position = match.end()
        kind = match.lastgroup
        if kind == "word":
            plain = match.group()
            word = plain if plain == "*" else plain.strip(":`*|\\").rstrip(".'").removesuffix("'s")
            word = word if re.match(r"\.\d", word) else word.lstrip(".")
            word = re.sub(r"(?i)^(cuda):\d+$", r"\1", word)
            short = _WITH.fullmatch(word)
            word = word if short or re.fullmatch(r"'\d\d", word) or word in {"/", "&"} else word.strip("'&/")
            if word:
                digits = re.fullmatch(r"[\d.]+", word) is not None
                negated = minus and not digits
                if minus and digits and found and found[-1].lower in {"of", "the", "power"}:  # to the power of -5
                    word = f"-{word}"
                found += [Token("word", piece, start + 1, negated) for piece in _pieces(word)]
            if match.group().endswith(":"):
                found.append(Token("op", ":", match.end()))
            elif match.group().endswith(".") and not _shortened(word.lower(), text[position:]):
                found.append(Token("mark", ";", match.end()))
        elif kind:
            found.append(Token(kind, match.group(), start + 1))
    return shared([*_days_apart(_years_told(_years_bare(found)))])


def _shortened(word: str, following: str) -> bool:
    """Whether a full stop ends no more than a word: "approx. 20", "No. 5"."""
    return word in MONTHS or (word in _SHORTENED and (word != "no" or following.lstrip()[:1].isdigit()))


def _opens_block(field: re.Match[str], found: list[Token]) -> bool:
    """Whether what looks like a field is the end of a line of code: "class BERTTrainer:"."""
    name = field[2].lower()
    known = OTHER_NAMES.get(name, name) in FIELDS or name in {"sort", "order"}
    return field.end() == len(field.string) and not known and (bool(found) or name != field[2])


def _pieces(word: str) -> tuple[str, ...]:
    """A word taken apart where it is several: "200-epoch", "Mar-May", "pre-2025", "w/Adam"."""
    if (editions := _EDITIONS.fullmatch(word)) and all(
        squeeze(editions[1] + number) in DATASET_WORDS for number in editions.group(2, 3)
    ):  # CIFAR10/100
        return f"{editions[1]}{editions[2]}", "or", f"{editions[1]}{editions[3]}"
    if (several := word.split("/"))[1:] and one_field(several):  # adam/adamw
        return tuple(piece for name in several for piece in ("or", name))[1:]
    if short := _WITH.fullmatch(word):
        return ("without" if short[1] else "with", short[2]) if short[2] else ("without" if short[1] else "with",)
    if joined := _JOINED.fullmatch(word):
        first, joint, last = (piece for piece in joined.groups() if piece)
        days = first.count("-") == last.count("-") == 2  # which ISO 8601 joins by a stroke
        return first, "or" if joint == "/" and not days else "to", last
    if (ranged := _RANGED.fullmatch(word)) and _numbered(ranged[1][-1:], ranged[1]) and _numbered(*ranged.group(3, 3)):
        return ranged[1], "->", ranged[3]
    if (held := _HELD.fullmatch(word)) and numbers.read([held[1].lower()]):
        return held[1], "samples"
    if _CHOICE.fullmatch(word) and max(choice := [int(value) for value in word.split("/")]) > 31 and min(choice) > 1:
        return tuple(piece for value in word.split("/") for piece in ("or", value))[1:]
    apart = _COUNTED.fullmatch(word) or _SHORTHAND.fullmatch(word) or _BEFORE_OR_AFTER.fullmatch(word)
    return apart.groups() if apart else (word,)


def _numbered(beside: str, piece: str) -> bool:
    """Whether what stands beside the sign of a range is a number or a month."""
    return beside.lstrip(".")[:1].isdigit() or piece.lower() in MONTHS


def _years_bare(tokens: list[Token]) -> list[Token]:
    """The tokens, with "March (2025)" as "March 2025", and "2018+" as "2018 onwards"."""
    found: list[Token] = []
    texts = ["", "", *(token.text for token in tokens), "", ""]
    for token, around in zip(tokens, zip(*(texts[place:] for place in range(5)), strict=False), strict=False):
        opens, closes = around[2:], around[:3]
        if any(three[0] == "(" and three[2] == ")" and _ALONE.fullmatch(three[1]) for three in (opens, closes)):
            continue
        year = token.text.removesuffix("+")
        if year != token.text and _YEAR.fullmatch(year) and around[3].lower() not in COUNTED:
            found += [replace(token, text=year), replace(token, text="onwards")]
        else:
            found.append(token)
    return found


def _years_told(tokens: list[Token]) -> list[Token]:
    """The tokens, with the year that was named before for "that year": "from July 2021 until the end of that year"."""
    found: list[Token] = []
    year = None
    for token in tokens:
        if _YEAR.fullmatch(token.text):
            year = token.text
        if year and token.lower == "year" and found[-1].lower in {"that", "same"}:
            said = found.pop()
            if said.lower == "same" and found and found[-1].lower == "the":
                found.pop()
            token = replace(token, text=year, column=said.column)
        found.append(token)
    return found


def _days_apart(tokens: list[Token]) -> Iterator[Token]:
    """The tokens, with "10-20" beside the name of a month as "10 to 20"."""
    for place, token in enumerate(tokens):
        days = _JOINED_DAYS.fullmatch(token.text) if token.kind == "word" else None
        beside = [other.lower for other in (*tokens[max(0, place - 1) : place], *tokens[place + 1 : place + 3])]
        if days and any(word in MONTHS for word in beside):
            for piece in (days[1], "to", days[3]):
                yield replace(token, text=piece)
        else:
            yield token


def _field(text: str, match: re.Match[str], today: date, found: list[Token]) -> int:
    start = match.end()
    if start < len(text) and text[start] == '"':
        value, end = _quoted(text, start)
    else:
        end = start
        while end < len(text) and not text[end].isspace() and text[end] not in "()":
            end += 1
        value = text[start:end]
    name_column = match.start() + 1 + len(match[1])
    if match[2].lower() in {"sort", "order"}:
        found.append(Token("field", match[2], name_column, sort=read_sort(value, start + 1)))
        return end
    condition = read_field(match[2], value, name_column, start + 1, today)
    negated = match[1] == "-"
    if negated:
        condition = Filter(condition.field, condition.op, condition.value, not condition.negated)
    found.append(Token("field", match[2], name_column, negated, condition))
    return end


def _quoted(text: str, start: int) -> tuple[str, int]:
    end = text.find('"', start + 1)
    if end < 0:
        raise QueryError('this quote is not closed; add a " after the phrase', start + 1)
    return text[start + 1 : end].strip(), end + 1
