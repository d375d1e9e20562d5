"""All scripts of the catalogue at one moment, in the order of their paths, as arrays that a ranking adds up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.known.glossary import implying
from index.known.words import parts

if TYPE_CHECKING:
    from index.catalog.database import Catalog
    from index.ranking.postings import Floats, Integers

_FOLDER = 0.5  # of what a file's name counts, a folder's


class Snapshot:
    """Place → script. Ties by path need no rule: the places are in that order."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        every = catalog.named()
        self.ids: Integers = np.array([script for script, _, _ in every], dtype=np.int64)
        self.paths = [path for _, path, _ in every]
        self._identified = {name.lower(): place for place, (_, _, name) in enumerate(every) if name}
        self._lower = [path.lower() for path in self.paths]
        self._order = np.argsort(self.ids)
        self._sorted = self.ids[self._order]
        self._tags: dict[str, NDArray[np.bool_]] = {}
        self._on: dict[str, NDArray[np.bool_]] = {}
        self._standings: dict[str, Integers] = {}
        self._numbers: dict[str, NDArray[np.float64]] = {}
        self._shares: dict[str, tuple[Integers, Floats]] = {}

    def __len__(self) -> int:
        return len(self.paths)

    def places(self, ids: Integers) -> Integers:
        """The place of each script id, -1 for one that is not there."""
        if not len(self.ids):
            return np.full(len(ids), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._sorted, ids), len(self.ids) - 1)
        return np.where(self._sorted[at] == ids, self._order[at], -1)

    def mask(self, ids: Iterable[int]) -> NDArray[np.bool_]:
        found = np.zeros(len(self), dtype=bool)
        places = self.places(np.fromiter(ids, dtype=np.int64))
        found[places[places >= 0]] = True
        return found

    def tag(self, name: str) -> NDArray[np.bool_]:
        """Which scripts have a tag."""
        if name not in self._tags:
            self._tags[name] = self.mask(self._catalog.tagged(name))
        return self._tags[name]

    def on(self, kind: str) -> NDArray[np.bool_]:
        """Which scripts are on a kind of data, as their own code tells it."""
        if kind not in self._on:
            self._on[kind] = self.mask(self._catalog.ids("s.id IN (SELECT script FROM uses WHERE name = ?)", [kind]))
        return self._on[kind]

    def of_kinds(self, concepts: Iterable[str]) -> NDArray[np.bool_]:
        """Which scripts are all that some concepts name, by their tags."""
        found = np.ones(len(self), dtype=bool)
        for concept in concepts:
            found &= np.logical_or.reduce([self.tag(name) for name in implying(concept)])
        return found

    def standing(self, column: str) -> Integers:
        """Where each script stands by a column of the catalogue, from 0 for the least value; -1 without one.

        Small letters and capitals are alike.
        """
        if column not in self._standings:
            stated = {script: value for script, value in self._catalog.column(column).items() if value != ""}
            values = {script: v.casefold() if isinstance(v, str) else v for script, v in stated.items()}
            order = {value: place for place, value in enumerate(sorted(set(values.values())))}
            self._standings[column] = self._placed(values, [order[value] for value in values.values()], -1, np.int64)
        return self._standings[column]

    def numbers(self, column: str) -> NDArray[np.float64]:
        """A column of numbers, NaN for a script without one."""
        if column not in self._numbers:
            values = self._catalog.column(column)
            self._numbers[column] = self._placed(values, list(values.values()), np.nan, np.float64)
        return self._numbers[column]

    def _placed(self, ids: Iterable[int], values: list[Any], default: float, kind: type) -> NDArray[Any]:
        found: NDArray[Any] = np.full(len(self), default, dtype=kind)
        places = self.places(np.fromiter(ids, dtype=np.int64))
        found[places[places >= 0]] = np.array(values, dtype=kind)[places >= 0]
        return found

    def called(self, words: Iterable[str]) -> Floats:
        """How much of each script's name the words say, from 0 to 1."""
        found = np.zeros(len(self), dtype=np.float32)
        for said in {piece for word in words for piece in (word.lower(), *parts(word)) if len(piece) > 2}:
            places, shares = self._called(said)
            found[places] += shares
        return np.minimum(found, 1.0)

    def exactly(self, name: str) -> list[int]:
        """The scripts that a text names: by the end of the path, by model id or stem, or all in a folder."""
        wanted = name.lower().replace("\\", "/").strip("/")
        if "/" in wanted or "." in wanted:
            ends = ("/" + wanted, "/" + wanted + ".py", "/" + wanted + ".ipynb")
            file = wanted.rpartition("/")[2]
            near = {place for stem in (file, file.rpartition(".")[0]) for place in self._of_name(stem)}
            if found := [place for place in sorted(near) if self._lower[place].endswith(ends)]:
                return found
        if called := self._of_name(wanted.removesuffix(".py").removesuffix(".ipynb")):
            return sorted(called)
        if "/" not in wanted:
            return []
        inside = f"/{wanted}/"
        # a folder's name may be cut short: "pytorch/main.py" of "my-pytorch"
        return [place for place, path in enumerate(self._lower) if inside in path] or [
            place for place, path in enumerate(self._lower) if path.endswith(wanted)
        ]

    def partly(self, name: str) -> list[int]:
        """The script of whose model id or stem alone a text is a part."""
        wanted = name.lower()
        found = {place for stem, places in self._stems.items() if wanted in stem for place in places}
        found |= {place for name, place in self._identified.items() if wanted in name}
        return [*found] if len(found) == 1 else []

    def _called(self, said: str) -> tuple[Integers, Floats]:
        """The scripts with a word in their name or their folder's, and how much of the name it is."""
        if said not in self._shares:
            text, starts = self._names
            found = [match.start() for match in re.finditer(re.escape(said), text)]
            near = np.searchsorted(starts, found, side="right") - 1
            near = near[np.diff(near, prepend=-1) > 0]  # np.unique would import the masked arrays: 20 ms
            shares = np.array([_share(said, self.paths[place]) for place in near], dtype=np.float32)
            self._shares[said] = near[shares > 0], shares[shares > 0]
        return self._shares[said]

    @cached_property
    def _names(self) -> tuple[str, Integers]:
        """What all scripts and their folders are called, one after the other, and where each begins."""
        names = ["/".join(path.rsplit("/", 2)[-2:]) for path in self._lower]
        ends = np.cumsum(np.fromiter(map(len, names), np.int64) + 1)
        return "\n".join(names), np.concatenate([[0], ends[:-1]])

    def _of_name(self, name: str) -> set[int]:
        """The scripts whose file, or which themselves, are called so, in small letters."""
        found = {*self._stems.get(name, ()), self._identified.get(name, -1)}
        return found - {-1}

    @cached_property
    def _stems(self) -> dict[str, list[int]]:
        """The name of a file, in small letters → its places."""
        found: dict[str, list[int]] = defaultdict(list)
        for place, path in enumerate(self._lower):
            begin = path.rfind("/") + 1
            found[path[begin : path.rfind(".")] or path[begin:]].append(place)
        return found


def _stem(file: str) -> str:
    return file.rpartition(".")[0] or file


def _share(said: str, path: str) -> float:
    """How much of a script's name a word is, or of its folder's."""
    folder, file = path.rsplit("/", 2)[-2:]
    return max(_part(said, _stem(file)), _FOLDER * _part(said, folder))


@lru_cache(maxsize=50_000)  # files are called alike
def _part(said: str, name: str) -> float:
    """How much of a name a word is."""
    if said not in name.lower():
        return 0.0
    pieces = [*parts(name)]
    return 1 / max(2, len(pieces) - 1) if said in (name.lower(), *pieces) else 0.0
