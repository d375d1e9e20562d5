"""Whether a sentence says only what the findings it cites say: numbers, names and negations, of the same script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from index.answers.answer import Cite, Claim
from index.known.glossary import CONCEPTS
from index.understanding import numbers
from index.understanding.lexicon import EVERYDAY
from index.understanding.vocabulary import (
    DATASET_WORDS,
    FRAMEWORK_WORDS,
    HARDWARE_WORDS,
    OPTIMIZER_WORDS,
    TAG_WORDS,
    squeeze,
)

_WORD = re.compile(r"[^\s,;:!?()\[\]{}\"“”‘`*/]+")
_NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d,_]*(?:\.\d+)?(?:e[-+]?\d+)?(?![\w])", re.IGNORECASE)
_NAME = re.compile(r"\w*[_\d]\w*|\w*[a-z]\w*[A-Z]\w*|[A-Z]{2,}\w*|\w+\.(?:py|ipynb)")
_NEGATION = re.compile(r"\b(not|no|never|none|neither|nor|without|lacks?|except|instead|cannot)\b|n't\b", re.IGNORECASE)
_JUDGEMENT = re.compile(
    r"\b(better|best|worse|worst|faster|fastest|slower|superior|inferior|outperforms?|recommended?|should|likely|probably"
    r"|perhaps|maybe|accura\w+|state.of.the.art|efficient|powerful|robust|modern|because)\b",
    re.IGNORECASE,
)
_LONGEST = 5  # words of a term
_VOCABULARIES = (DATASET_WORDS, TAG_WORDS, FRAMEWORK_WORDS, OPTIMIZER_WORDS, HARDWARE_WORDS)
_PLAIN = {"GPU", "CPU", "JSON", "A", "I"}
_CLAUSE = re.compile(r"(?:\bwhile\b|\bwhereas\b|\bbut\b|[;.](?:\s|$))", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """A sentence of a model, the lines that prove it, and whether they do."""

    text: str
    cites: tuple[Cite, ...]
    supported: bool


@dataclass(frozen=True)
class _Finding:
    """A cited claim as it can be compared: of which scripts, and what it says of them."""

    claim: Claim
    subjects: frozenset[str]


class Checker:
    """Knows the findings of one answer; `names` are the model ids of the paths they cite."""

    def __init__(self, facts: Sequence[Claim], names: dict[str, str]) -> None:
        known = {name.lower(): name for name in names.values()}
        self._names = sorted(known, key=len, reverse=True)
        self._findings = [
            _Finding(claim, frozenset(names[cite.path].lower() for cite in claim.cites if cite.path in names))
            for claim in facts
        ]

    def check(self, text: str, cites: Sequence[Any]) -> Said:
        """A sentence with the numbers (from 1) of the findings it cites."""
        cited = [self._cited(cite) for cite in cites]
        findings = [finding for finding in cited if finding is not None]
        if not findings or len(findings) != len(cited):
            return Said(text, (), False)
        lines = tuple(dict.fromkeys(cite for finding in findings for cite in finding.claim.cites))
        return Said(text, lines, all(self._holds(part, findings) for part in self._clauses(text)))

    def _cited(self, cite: Any) -> _Finding | None:
        if isinstance(cite, str):
            cite = int(cite.strip("[]# ")) if re.fullmatch(r"[\[# ]*\d{1,4}[\] ]*", cite) else None
        plain = isinstance(cite, int) and not isinstance(cite, bool)
        return self._findings[cite - 1] if plain and 1 <= cite <= len(self._findings) else None

    def _clauses(self, text: str) -> list[str]:
        """The parts of a sentence that speak of one script each, where it speaks of several."""
        if len(self._named(text)) < 2:
            return [text]
        return [part for part in _CLAUSE.split(text) if part and part.strip()]

    def _named(self, text: str) -> list[str]:
        """The scripts that a text names, the longest names first so that none is found inside another."""
        found, rest = [], text.lower()
        for name in self._names:
            pattern = rf"(?<![\w]){re.escape(name)}(?![\w])"
            if re.search(pattern, rest):
                found.append(name)
                rest = re.sub(pattern, " ", rest)
        return found

    def _holds(self, text: str, findings: Sequence[_Finding]) -> bool:
        named = self._named(text)
        if len(named) > 1:  # which of them has what cannot be told, but a finding may say the same of all
            about = [finding for finding in findings if set(named) <= finding.subjects]
        elif named:
            about = [finding for finding in findings if named[0] in finding.subjects]
            alone = [finding for finding in about if finding.subjects == {named[0]}]
            about = alone or about
        else:
            about = list(findings)
        if not about or _JUDGEMENT.search(self._without(text)):
            return False
        proof = " ".join(finding.claim.text for finding in about)
        if _NEGATION.search(text) and not _NEGATION.search(proof):
            return False
        bare, bare_proof = self._without(text), self._without(proof)
        return (
            _numbers(bare) <= _numbers(bare_proof)
            and _terms(bare) <= _implied(_terms(_affirmed(bare_proof)) | (_terms(proof) if _negated(text) else set()))
            and _names(bare) <= _names(bare_proof) | {squeeze(word) for word in _WORD.findall(bare_proof)}
        )

    def _without(self, text: str) -> str:
        """A text without the names of scripts, whose numbers and words say nothing."""
        for name in self._names:
            text = re.sub(rf"(?<![\w]){re.escape(name)}(?![\w])", " ", text, flags=re.IGNORECASE)
        return text


def _numbers(text: str) -> set[float]:
    """The numbers of a text, digits or words."""
    found = {float(number.replace(",", "").replace("_", "")) for number in _NUMBER.findall(text)}
    words = [word.lower().strip(".") for word in _WORD.findall(text)]
    at = 0
    while at < len(words):
        spoken = numbers.read(words[at:]) if words[at].isalpha() or "-" in words[at] else None
        if (
            spoken is not None
            and words[at] not in {"a", "an"}
            and not (words[at] == "one" and words[at + 1 : at + 2] == ["of"])
        ):
            found.add(float(spoken.value))
            at += spoken.taken
        else:
            at += 1
    return found


def _terms(text: str) -> set[str]:
    """What a text names of the vocabulary, each by its one name: datasets, kinds of model, frameworks and the rest."""
    words = [squeeze(word) for word in re.split(r"[\s,;:()/]+", text)]
    found: set[str] = set()
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            joined = "".join(words[at : at + length])
            named = {one[joined] for one in _VOCABULARIES if joined in one} if words[at] else set()
            if named and not (length == 1 and joined in EVERYDAY):
                found |= named
                at += length
                break
        else:
            at += 1
    return found


def _implied(terms: set[str]) -> set[str]:
    return terms | {implied for term in terms if term in CONCEPTS for implied in CONCEPTS[term].implies}


def _affirmed(text: str) -> str:
    """A text without what it denies: "no rnn", "dataset is not MNIST"."""
    return re.sub(r"\b(?:no|not|is not|without)\s+(?!stated)[^;.,]*", " ", text, flags=re.IGNORECASE)


def _negated(text: str) -> bool:
    return _NEGATION.search(text) is not None


def _names(text: str) -> set[str]:
    """Words that can only be names: with a digit, an underscore or a capital where prose has none."""
    words = (word.strip(".'’-") for word in _WORD.findall(text))
    return {
        squeeze(word)
        for word in words
        if _NAME.fullmatch(word) and not _NUMBER.fullmatch(word) and word not in _PLAIN and not _terms(word)
    }
