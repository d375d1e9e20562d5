"""What models are made for and known by, beyond the tags: tasks, kinds of a family, subjects of data.

A topic never filters. Its names in a question, or a question that means what its definition says, add the words that
scripts on it use (`signs`), as a reason to rank them higher.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from index.known.british import american
from index.known.topics.agents import AGENTS
from index.known.topics.data import DATA
from index.known.topics.devices import DEVICES
from index.known.topics.images import IMAGES
from index.known.topics.known_data import KNOWN_DATA
from index.known.topics.networks import NETWORKS
from index.known.topics.optimizers import OPTIMIZERS
from index.known.topics.sequences import SEQUENCES
from index.known.topics.sight import SIGHT
from index.known.topics.statistics import STATISTICS
from index.known.topics.texts import TEXTS
from index.known.topics.topic import Topic
from index.known.topics.training import TRAINING

TOPICS: dict[str, Topic] = {
    **AGENTS, **IMAGES, **SIGHT, **NETWORKS, **TEXTS, **DATA, **SEQUENCES, **TRAINING, **KNOWN_DATA,
    **STATISTICS, **OPTIMIZERS, **DEVICES,
}  # fmt: skip
_WORD = re.compile(r"[a-z0-9']+")
_BY_NAME: dict[tuple[str, ...], list[str]] = {}


@lru_cache(maxsize=10_000)
def plain(word: str) -> str:
    """A word in the form in which topics are known by it: American, and one rather than many."""
    word = american(word.removesuffix("'s"))
    if len(word) <= 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


def key(text: str) -> tuple[str, ...]:
    """The words of a text in that form."""
    return tuple(map(plain, _WORD.findall(text.lower())))


for _name, _topic in TOPICS.items():
    for _spoken in (_name, *_topic.names):
        _BY_NAME.setdefault(key(_spoken), []).append(_name)
_LONGEST = max(map(len, _BY_NAME))
_SAYING_NO_MORE = {key(word) for word in ("audio", "sound", "speech", "voice", "music", "video", "medicine", "medical")}


def named(text: str) -> list[str]:
    """The topics whose names stand in a text, in the order of the text; of names in names the longest."""
    return list(dict.fromkeys(topic for name in _names(key(text)) for topic in _BY_NAME[name]))


def wholly(texts: Iterable[str]) -> list[str]:
    """The topics of which one of some texts is a name that says no more: of "audio", not of "yolo" or "cora"."""
    named = (topic for text in texts if key(text) in _SAYING_NO_MORE for topic in _BY_NAME.get(key(text), ()))
    return list(dict.fromkeys(named))


def wholes(text: str) -> dict[str, str]:
    """The words of the names of several words that stand in a text, each with the topic: "part", "of", "speech"."""
    return {word: _BY_NAME[name][0] for name in _names(key(text)) if len(name) > 1 for word in name}


def _names(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    start = 0
    while start < len(words):
        lengths = range(min(_LONGEST, len(words) - start), 0, -1)
        length = next((length for length in lengths if words[start : start + length] in _BY_NAME), 0)
        if length:
            yield words[start : start + length]
        start += max(1, length)
