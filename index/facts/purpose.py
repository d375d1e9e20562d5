"""What a text says that a script is for: the title and the telling sentences of a docstring, of a notebook's opening
or of a README, and the words of names where nothing else tells.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from index.facts.remarks import begins, is_order, is_remark, telling
from index.files.source import Source

WORDS = 45  # of a purpose in a description
_READ = 8_000  # characters of a text
_WHOLE_PROJECT = 2  # telling words of a folder that is of no repository: it may be anything
_SPLIT = re.compile(
    r"(?<=[。！？])\s*|(?<=[\w)\]\"'”’%][.!?])(?<!\b[A-Z]\.)(?<!\bal\.)(?<!\bet\.)(?<!\bvs\.)(?<!\be\.g\.)(?<!\bi\.e\.)"
    r"(?<!\b[Ff]ig\.)(?<!\b[DM]r\.)(?<!\bNo\.)(?<!Sc\.)(?<!Prof\.)(?<!\bw\.)\s+(?=[\"'“(\[]?[A-Z0-9])"
)
_LABEL = re.compile(
    r"^(abstract|description|goal|introduction|objective|overview|purpose|summary|task) ?[.:—-] ?", re.IGNORECASE
)
_STEP = re.compile(r"^\d+[.)] |^(step|part|stage|task|exercise|lesson|chapter|section) ?\d+ ?[:.–—-] ?", re.IGNORECASE)
_OF_FILE_NAME = re.compile(r"^[\w./-]{1,80}\.(py|ipynb)\b[\s:—–-]*")
_QUESTION = re.compile(r"(what|why|who)\b", re.IGNORECASE)
_ORDERS = re.compile(r"how to (use|run|install|start|get)\b", re.IGNORECASE)
_ABOUT = re.compile(
    r"\W*(\d+[.)]? ?)?(abstract|description|goals?|intro(duction)?|objectives?|overview|purpose|summary|about|"
    r"background|motivation|context|task|what('s| is| it| does| this)?\b|(the |this |short |brief |project |general |"
    r"problem |\w+ ){1,3}(description|overview|goals?|introduction|objectives?|summary|statement|definition)|"
    r"项目简介|简介|介绍|项目介绍|contexte)",
    re.IGNORECASE,
)
# The head of a file, a field a line: `Author: …`, `Last modified: …`, `Description: …`.
_FIELD = re.compile(r"[\s@:*-]*([A-Za-z][A-Za-z ]{2,24}?)\*{0,2} ?: *(.*)")
_OF_FILE = frozenset(re.findall(r"\w+", """
    accelerator affiliation author authors contact convertedto copyright course created createdat createdate createdby
    createdon date datecreated editor email encoding file filename filepath github ide lastedited lastedittime
    lasteditor lasteditors lastmodified lastupdated license link mail modified organization software student studentid
    time updated url version website writtenby
"""))  # fmt: skip
_OF_PURPOSE = {"description", "desc", "abstract", "summary", "purpose", "goal", "objective", "overview", "brief",
               "introduction"}  # fmt: skip
_COMMENTS = re.compile(r"<!--.{0,2000}?-->", re.DOTALL)
_FRONT = re.compile(r"\A\s*---\n.*?\n---\s*\n", re.DOTALL)
_FENCED = re.compile(r"^[ \t]*(```|~~~).*?^[ \t]*\1[ \t]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(
    r"(?<![\w.])(?:[\w.]+ [+*/-]?= ?[\w\[({\"'.]|\w+\.\w+\(|import \w|def \w+\(|"
    r"for \w[\w, ]{0,40} in [\w.()]{1,40}:|return \w)"
)
_LINES_OF_CODE = 3  # more or less, and it is none of prose: a formula is one or two
_HEADING = re.compile(
    r"^(?P<ruled>[^\n#>|`-][^\n]*)\n[=-]{3,}\s*$|^\s{0,3}#{1,6}\s+(?P<marked>[^\n]*)$"
    r"|^\s{0,9}<h[1-4]\b[^>\n]{0,200}>(?P<tagged>[^\n]*)$",
    re.MULTILINE,
)
_LISTED = re.compile(r"\s*(--?|[*+•]|->|\d+[.)])\s")
_MARKUP = re.compile(
    r"\[\[\w{1,9}\]\]\([^)]{0,300}\)|\[?!\[[^\]]{0,300}\]\([^)]{0,600}\)(\]\([^)]{0,300}\))?|"
    r"\[(?P<shown>[^\]]{0,300})\]\([^)]{0,600}\)|<[^>\n]{1,300}>|[`*]{1,3}|^\s*[#>]+\s*|_{2,}|[=\-]{4,}|"
    r"\\(?=\W)|(?<!\w)_(?=\w)|(?<=[\w.!?'\"])_(?!\w)|:\w{2,30}:",
    re.MULTILINE,
)
_ADDRESS = re.compile(r"[(\[<]?\bhttps?://[^\s)>\]]+[)\]>]?")
# What leads on to a picture or a paper behind a sentence that is whole without it.
_LEADS_ON = re.compile(
    r"(,? (for example|such as|namely|as follows|like|i\.e\.)| (in|from|of) the (following )?(original )?papers?) ?:$"
)
_WHOLE = re.compile(
    r"^(.{0,99}\b(?:implementation|code|example)s? (?:of|for) .{3,99}?)(?<!including)(?<!following)(?<! as) ?:$"
)
_NAME = re.compile(r"\S*[\d_./A-Z]")
_SYMBOLS = re.compile(r"[\U0001F000-\U0001FAFF\u2190-\u21FF\u2300-\u27BF\u2B00-\u2BFF\uFE0F\u200D]")


class Told(NamedTuple):
    """What a text says of a purpose: its title, and sentences, each "" where it says nothing; whether the title is a
    name as files have: `pytorch-AdaIN`."""

    title: str = ""
    prose: str = ""
    named: bool = False
    headed: bool = False  # though by words that tell nothing: "Models", "Week 3"
    role: str = ""  # a sentence that tells no purpose: "The main script, for now only of the training."

    def __bool__(self) -> bool:
        return bool(self.title or self.prose)


def docstring(source: Source) -> Told:
    """What a module's docstring says, or a notebook's opening text."""
    return told(ast.get_docstring(source.tree) or source.prose)


@lru_cache(maxsize=32)  # a docstring is asked for again, and the README beside many scripts
def told(text: str) -> Told:
    """The title, and of the first paragraph that tells a purpose the sentences that do; neither badges, links, lists,
    licences and orders, nor what stands below a heading of something else."""
    title, general, named, headed, spoken = "", "", False, False, False
    about = first = True  # stands where a purpose is told
    text = _FENCED.sub("\n\n", _FRONT.sub("", _COMMENTS.sub("", text[:_READ]).replace("\r\n", "\n")))
    for found in re.split(r"\n\s*\n", _HEADING.sub(_apart, text)):
        if (heading := found.lstrip()).startswith("# "):
            called = _title(heading)
            about = bool(_ABOUT.match(called)) or not (title or spoken or _ORDERS.match(called))
            first = about
            headed = headed or not (title or general or telling(called) or _ABOUT.match(called))
            if about and not title and _names_it(called):
                title, named = called, " " not in heading.strip("# \n")
            continue
        if not about:
            continue
        paragraph = _said(found)
        if paragraph.startswith("# "):
            title = title or _title(paragraph)
            continue
        sentences = list(_sentences(paragraph, begins=first))
        first = first and not sentences
        spoken = spoken or bool(sentences)
        own = _together(sentences)
        if own:
            return Told(title, own, named, headed and not title)
        general = general or next((one for one in sentences if not is_remark(one)), "")
    return Told(title, "" if title or not telling(general) else general, named, headed and not title, general)


def prose(text: str) -> str:
    """The sentences that tell a purpose, else the title."""
    found = told(text)
    return found.prose or found.title or found.role


def of_names(path: Path, top: Path | None, known: set[str]) -> str:
    """What the nearest folder that says anything is called, else the script, in words."""
    for folder in path.parents if top is not None else [path.parent]:
        if top is None and len(telling(folder.name)) < _WHOLE_PROJECT:
            break
        if telling(folder.name) - known:
            return spaced(folder.name)
        if folder == top:
            break
    return of_file(path, known)


def of_file(path: Path, known: set[str]) -> str:
    """What a script is called, in words, where two of them at least tell what for."""
    words = telling(spaced(path.stem))
    return spaced(path.stem) if len(words) > 1 and words - known else ""


def first(prose: str) -> str:
    """The first sentence of some."""
    return _SPLIT.split(prose, maxsplit=1)[0]


def spaced(name: str) -> str:
    """`train_chained_fusion` and `Pose-Estimation` in words, without the number that it begins with."""
    words = " ".join(re.split(r"(?:[\s_+-]|(?<!\d)\.|\.(?!\d))+", name)).strip()
    return re.sub(r"^(\d+(\.\d+)*)\s(?=\w{3})", "", words)


def part(path: Path, home: Path, title: str, known: set[str]) -> str:
    """Of the folders between a README and a script the last that is of something else than what the README is about,
    in words; "" where none is."""
    names = path.relative_to(home).parts[:-1]
    said = telling(title) | telling(path.stem) | known
    whole = letters(title)
    return next((spaced(name) for name in reversed(names) if telling(name) - said and letters(name) not in whole), "")


def letters(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()


def _apart(found: re.Match[str]) -> str:
    """A heading as a paragraph of its own."""
    return f"\n\n# {found['ruled'] or found['marked'] or found['tagged'] or ''}\n\n"


def _names_it(title: str) -> bool:
    return (
        bool(telling(title))
        and not _QUESTION.match(title)
        and not _ORDERS.match(title)
        and not is_order(title.rstrip("?"))
    )


def _title(heading: str) -> str:
    plain = _plain(heading.lstrip("# "))
    plain = re.sub(r"^\[[^\]]*\](?=.)|(?<=.)\[[^\]]*\]$", "", _LABEL.sub("", _STEP.sub("", plain))).strip(" .:-–—|#*=")
    return spaced(plain) if " " not in plain else plain


def _plain(text: str) -> str:
    plain = text
    for _ in range(2):  # what a link shows may be marked itself
        plain = _MARKUP.sub(lambda found: found["shown"] or " ", plain)
    plain = _SYMBOLS.sub(" ", _ADDRESS.sub(" ", plain))
    plain = " ".join(plain.split())
    return re.sub(r" ([.,;:!?])(?=\s|$)", r"\1", plain).encode("utf-8", "replace").decode()


def _sentences(paragraph: str, *, begins: bool = False) -> Iterator[str]:
    """The sentences of a paragraph up to its first list, table or code, without marks."""
    kept: list[str] = []
    for line in paragraph.splitlines():
        if _LISTED.match(line) or line.lstrip().startswith(("|", "```", "- [", "$$")):
            break
        if not line.startswith(("    ", "\t")) or kept:
            kept.append(line)
    plain = _OF_FILE_NAME.sub("", _LABEL.sub("", _plain("\n".join(kept))))
    if begins and plain[:1].islower() and _NAME.match(plain) is None:
        plain = plain[0].upper() + plain[1:]
    if plain and not _is_code(plain):
        yield from (_WHOLE.sub(r"\1.", _LEADS_ON.sub(".", sentence)) for sentence in _SPLIT.split(plain))


def _together(sentences: list[str]) -> str:
    """From the first that tells a purpose, those that follow it without a remark, as many as may be said."""
    own: list[str] = []
    for sentence in sentences:
        if is_remark(sentence) if own else not begins(sentence):
            if own:
                break
            continue
        if own and len(" ".join([*own, sentence]).split()) > WORDS:
            break
        own.append(sentence)
    return " ".join(own)


def _said(paragraph: str) -> str:
    """What the head of a file says that it is for, else its title as a heading; any other paragraph as it is."""
    lines = paragraph.splitlines()
    fields: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        field = _FIELD.fullmatch(line[:300])
        called = field[1].replace(" ", "").lower() if field else ""
        if field and called in _OF_FILE | _OF_PURPOSE | {"title"}:
            name = called
            fields[name] = [field[2]]
        else:  # what a field goes on with, or what stands before the first
            fields.setdefault(name, []).append(line)
    if len(fields.keys() - {""}) < 2:
        return paragraph
    purpose = next((" ".join(fields[name]) for name in fields if name in _OF_PURPOSE), "")
    if purpose:
        return purpose
    called = " ".join(fields.get("title") or fields.get("", []))
    return called if called.endswith(".") else f"# {called}"


def _is_code(plain: str) -> bool:
    return sum(1 for _ in islice(_CODE.finditer(plain), _LINES_OF_CODE)) == _LINES_OF_CODE
