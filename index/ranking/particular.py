"""Particular subjects: a question that names one is of that alone, and nothing answers it where no script has a trace
of it. "Knowledge distillation" is not answered by whatever else has a teacher.

Beside this lies the list of them. A line of it is a subject: how people name it, which gives away a script on it as
well, then what else does; a star stands for the rest of a word, a tilde before what other scripts may have, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from index.known import listed
from index.known.glossary import CONCEPTS
from index.known.topics import key
from index.ranking.keyword import root

_SHORT = 3  # letters
_JOINTS = {"of", "for", "in", "from", "on", "to", "inside", "within"}
_ARTICLES = {"a", "an", "the", "this", "some", "my", "our"}
# what else gives away that a language is translated: how corpora call it, "deu-eng"
_LANGUAGES = {
    "german": "deu ger deutsch* de_core*", "french": "fra fre francais fr_en en_fr fren giga",
    "spanish": "spa esp es_en", "italian": "ita it_en", "portuguese": "por pt_to_en pt_en", "dutch": "nld nl_en",
    "russian": "rus ru_en", "chinese": "cmn zho mandarin zh_en", "japanese": "jpn ja_en mecab", "korean": "kor ko_en",
    "hindi": "hin hi_en", "arabic": "ara ar_en", "turkish": "tur tr_en", "swedish": "swe sv_en", "polish": "pol pl_en",
    "czech": "ces cs_en", "vietnamese": "vie vi_en", "greek": "ell el_en", "hebrew": "heb he_en",
    "finnish": "fin fi_en", "latin": "lat", "romanian": "ron ro_en", "persian": "farsi fas", "danish": "dan da_en",
    "norwegian": "nor nb_en", "thai": "tha", "ukrainian": "ukr uk_en", "hungarian": "hun hu_en",
    "bengali": "ben bn_en", "urdu": "urd", "tamil": "tam",
}  # fmt: skip
_MANY_LANGUAGES = (
    "multi30k* wmt wmt14 wmt15 wmt16 wmt17 iwslt* europarl* tatoeba* newstest* mbart* opus_books m2m100* helsinki*"
    " ted_hrlr*"
)
_TRANSLATED = ("translate {}", "translates {}", "translating {}", "from {}", "into {}", "to {}", "{} to", "{} into",
               "{} translation", "{} translator", "{} english", "english {}")  # fmt: skip


@dataclass(frozen=True)
class Particular:
    """A subject: its name, the first of several, how people name it, and what else gives a script on it away."""

    name: str
    names: tuple[str, ...]
    given: str

    @cached_property
    def signs(self) -> tuple[Sign, ...]:
        """What gives a script on it away."""
        return (*map(_named, self.names), *map(_sign, self.given.split()))


@dataclass(frozen=True)
class Sign:
    """What a script on a subject has: any of some words, phrases, or beginnings of words (with a star at the end); one
    that is not `sure` may stand in other scripts as well."""

    forms: tuple[str, ...]
    sure: bool

    @property
    def short(self) -> bool:
        """Whether it is an abbreviation or a number, which names of files have of nothing else: "10_SAC", "medical-qa",
        "2048-dqn"."""
        return len(self.forms) == 1 and (len(self.forms[0].rstrip("*")) <= _SHORT or self.forms[0].isdigit())


@lru_cache(maxsize=1)
def _by_name() -> dict[tuple[str, ...], list[Particular]]:
    found: dict[tuple[str, ...], list[Particular]] = {}
    for spoken, given in listed.beside(__file__):
        names = tuple(spoken.split(", "))
        one = Particular(names[0].lstrip("~"), names, given)
        for name in names:
            found.setdefault(key(name), []).append(one)
    for language, codes in _LANGUAGES.items():  # "from German into English" is about no other pair
        one = Particular(f"translation of {language.capitalize()}", (), f"{language} {codes} {_MANY_LANGUAGES}")
        for way in _TRANSLATED:
            found.setdefault(key(way.format(language)), []).append(one)
    for concept in CONCEPTS.values():  # "long short-term memory networks" are no memory networks
        for name in concept.names:
            found.setdefault(key(name), [])
    return found


def _sign(text: str) -> Sign:
    return Sign((text.lstrip("~"),), not text.startswith("~"))


def _named(text: str) -> Sign:
    """A name as a sign, also as one word, and of one thing rather than many, as in its key."""
    plainly = text.lstrip("~")
    forms = (plainly, plainly.replace(" ", ""), " ".join(key(text)))
    return Sign(tuple(dict.fromkeys(forms)), not text.startswith("~"))


@lru_cache(maxsize=1)
def every() -> tuple[Particular, ...]:
    """All particular subjects."""
    return tuple({id(one): one for meant in _by_name().values() for one in meant}.values())


@lru_cache(maxsize=1)
def _longest() -> int:
    """Words of a name."""
    return max(map(len, _by_name()))


@lru_cache(maxsize=1)
def _by_two() -> dict[tuple[str, str], list[Particular]]:
    """The subjects that have a name of two words, by the roots of these."""
    names = ((name, meant) for name, meant in _by_name().items() if meant and len(name) == 2 and not _JOINTS & {*name})
    return {(root(name[0]), root(name[1])): meant for name, meant in names}


def _turned(words: tuple[str, ...]) -> list[list[Particular]]:
    """What is named by the two words of a name the other way round, with one other between them: "captions for images",
    "clouds of 3D points"."""
    if not _JOINTS & {*words}:  # the roots of all names take a while, the first time
        return []
    known, roots = _by_two(), [*map(root, words)]
    found = []
    for at in range(len(words) - 2):
        if words[at + 1] not in _JOINTS:
            continue
        between = 0
        for after in range(at + 2, len(words)):
            meant = known.get((roots[after], roots[at]))
            found += [meant] if meant and meant not in found else []
            between += words[after] not in _ARTICLES
            if between > 1:
                break
    return found


def spans(text: str) -> list[list[Particular]]:
    """What each name of a particular subject in a text may stand for, in the order of the text; of names in names the
    longest. At the end what is named the other way round."""
    known, words, longest = _by_name(), key(text), _longest()
    found: list[list[Particular]] = []
    start = 0
    while start < len(words):
        lengths = range(min(longest, len(words) - start), 0, -1)
        length = next((length for length in lengths if words[start : start + length] in known), 0)
        if length:
            found += filter(None, [known[words[start : start + length]]])
        start += max(1, length)
    return found + [meant for meant in _turned(words) if meant not in found]
