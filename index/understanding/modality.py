"""The kinds of data as people call them: in full where they are denied, and by words that go before what is of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from index.known.modalities import GRAPHS, IMAGES, SERIES, SOUND, TABLES, TEXT, VIDEO

_DATA = {
    IMAGES: "images pictures photos photographs imagery vision image|data picture|data images|data computer|vision "
            "visual|data",
    TEXT: "text texts words language nlp natural|language text|data texts|data textual|data sentences",
    SOUND: "sound sounds audio audio|data sound|data audio|recordings audio|files sound|recordings sound|files",
    VIDEO: "video videos video|data video|clips",
    TABLES: "tables tabular tabular|data spreadsheets",
    GRAPHS: "graphs graph|data",
    SERIES: "time|series timeseries time-series series time|series|data time-series|data temporal|data",
}  # fmt: skip
# before what is of such data: "non-image data"
ADJECTIVES_OF_DATA = {
    **dict.fromkeys(("image", "images", "visual", "vision", "picture"), IMAGES), "video": VIDEO, "tabular": TABLES,
    **dict.fromkeys(("text", "textual", "language", "nlp"), TEXT), **dict.fromkeys(("audio", "sound"), SOUND),
    "graph": GRAPHS, "time-series": SERIES,
}  # fmt: skip
KINDS_OF_DATA: dict[tuple[str, ...], str] = {
    tuple(said.split("|")): kind for kind, ways in _DATA.items() for said in ways.split()
}
_ALONE = {said[0]: kind for said, kind in KINDS_OF_DATA.items() if len(said) == 1} | ADJECTIVES_OF_DATA
_PAIRS = {said: kind for said, kind in KINDS_OF_DATA.items() if len(said) == 2}


def named(words: Sequence[str]) -> tuple[str, ...]:
    """The kinds of data that words of a question name: "image classifiers" → image-data."""
    lowered = [word.lower() for word in words]
    found = [_ALONE[word] for word in lowered if word in _ALONE]
    found += [_PAIRS[pair] for pair in pairwise(lowered) if pair in _PAIRS]
    return tuple(dict.fromkeys(found))
