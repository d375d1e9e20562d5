"""What a script is, in a few short texts: its facts in words, its docstrings, its names, its comments.

These are what the meaning of a script is taken from. Its first lines, licences and imports would say nothing of it.
"""

from __future__ import annotations

import ast
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from index.facts.description import plainly
from index.files.source import Source
from index.known.glossary import IN_FULL
from index.known.words import CAMEL
from index.record import ScriptFacts

_READ = 200_000  # characters in which comments are looked for
_READ_OF_README = 20_000  # characters
_FEWEST = 5  # words that say anything
_NO_PROSE = tuple((re.compile(pattern, re.DOTALL), left) for pattern, left in (
    (r"```.*?(?:```|\Z)", " "), (r"<[^<>]{0,2000}>", " "), (r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,500}\)", r"\1"),
    (r"https?://\S+", " "), (r"[#*`_|>=~+-]+", " "),
))  # fmt: skip
_WORDS = 110  # about what the embedding model reads of one text
_COMMENTS = 40
_DEFINED = {ast.ClassDef, ast.FunctionDef}
# A comment, or a whole string, in which a # begins none; what was parsed has no string without an end. Each begins with
# a sign of its own: what does not is passed over at once.
_COMMENT = re.compile(
    r"""\#(?P<comment>[^\n]*)"""
    r"""|\"\"\"(?:[^"\\]|\\.|"(?!""))*+(?:\"\"\")?|'''(?:[^'\\]|\\.|'(?!''))*+(?:''')?"""
    r"""|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'""",
    re.DOTALL,
)


@dataclass(frozen=True)
class Passage:
    """One text to embed; `hash` (hex) is its identity, so that text that only moved is not embedded again."""

    text: str

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()[:32]


def passages(source: Source, facts: ScriptFacts) -> list[Passage]:
    """The passages of a model script, the telling ones first."""
    folder = source.path.parent.name
    found = [Passage(_limit(f"{facts.summary} {in_words(facts)}"))]
    found += [Passage(_limit(f"{plainly(facts)} {in_words(facts)}"))]  # a purpose would leave little of the facts
    found += [Passage(_limit(facts.description))]
    names = [f"{spaced(folder)} {spaced(source.path.stem)}."]
    texts = []
    for node in [node for node in source.nodes if type(node) in _DEFINED]:
        assert isinstance(node, ast.ClassDef | ast.FunctionDef)
        names.append(spaced(node.name))
        text = ast.get_docstring(node)
        if text:
            texts.append(f"{spaced(node.name)}: {' '.join(text.split()[:30])}")
    found.append(Passage(_limit(", ".join(dict.fromkeys(names)))))
    module = ast.get_docstring(source.tree) or source.prose
    if module:
        found.append(Passage(_limit(module)))
    if texts:
        found.append(Passage(_limit(" ".join(texts))))
    comments = _comments(source.text)
    if comments:
        found.append(Passage(_limit(comments)))
    unique: dict[str, Passage] = {}
    for passage in found:
        if passage.text:
            unique.setdefault(passage.text, passage)
    return list(unique.values())


@lru_cache(maxsize=16)  # the scripts of a project have one
def introduction(readme: str) -> Passage | None:
    """What a README begins with, without code, pictures, addresses and marks; None where it says nothing."""
    text = readme[:_READ_OF_README]
    for pattern, left in _NO_PROSE:
        text = pattern.sub(left, text)
    return Passage(_limit(text)) if len(text.split()) >= _FEWEST else None


def in_words(facts: ScriptFacts) -> str:
    """The facts as a sentence: "A diffusion U-Net trained on FashionMNIST with AdamW, PyTorch"."""
    parts = [", ".join(IN_FULL.get(tag.name, tag.name) for tag in facts.tags)]
    for label, value in (
        ("model", facts.arch), ("trained on", facts.dataset), ("framework", facts.framework),
        ("optimizer", facts.optimizer),
    ):  # fmt: skip
        if value:
            parts.append(f"{label} {value}")
    return "; ".join(part for part in parts if part) + "."


def spaced(name: str) -> str:
    """ "train_autoencoder", "ConvAutoencoder" → words."""
    return " ".join(CAMEL.findall(name))


def _comments(text: str) -> str:
    found = []
    for match in _COMMENT.finditer(text, 0, _READ):
        comment = match["comment"]
        if comment is None:
            continue
        comment = comment.lstrip("#!% ").strip()
        if len(comment.split()) >= 3 and "=" not in comment and "(" not in comment:
            found.append(comment)
            if len(found) == _COMMENTS:
                break
    return ". ".join(found)


def _limit(text: str) -> str:
    words = text.encode("utf-8", "replace").decode().split()
    return " ".join(words[:_WORDS])
