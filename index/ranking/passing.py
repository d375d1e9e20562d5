"""Which scripts pass the filters of a question."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.catalog.conditions import (
    NAMED_EVERYWHERE,
    PLAIN,
    TPU,
    called_after,
    condition,
    made_of,
    naming,
    spelled,
    worlds,
)
from index.known.components import spoken
from index.known.datasets import ALIASES, in_words, written_out
from index.known.glossary import implying
from index.known.modalities import KINDS
from index.known.words import holds, phrase
from index.ranking.keyword import read_through
from index.ranking.neighbours import Neighbours
from index.understanding.filters import Filter, stated
from index.understanding.vocabulary import SCHEMES, kinds_in

if TYPE_CHECKING:
    from index.catalog.database import Catalog
    from index.ranking.keyword import WordIndex
    from index.ranking.snapshot import Snapshot

_NO_NETWORK = ("scikit-learn", "XGBoost", "LightGBM", "CatBoost")
_PARTS = 4  # of a path: the file, and folders up to that of a project
_STATED = {"optimizer", "dataset", "hw"}
_KEPT = 200  # filters, a byte a script each


class Passing:
    """The filters of one state of the index; what passes each is kept for the next question."""

    def __init__(self, catalog: Catalog, scripts: Snapshot, index: Callable[[], WordIndex | None]) -> None:
        self._catalog = catalog
        self._scripts = scripts
        self._index = index
        self._masks: OrderedDict[Filter, NDArray[np.bool_]] = OrderedDict()
        self._certain: dict[Filter, NDArray[np.bool_]] = {}
        self._own: dict[Filter, NDArray[np.bool_]] = {}
        self._beside = Neighbours(catalog)

    def fitting(self, filters: Sequence[Filter]) -> NDArray[np.bool_]:
        """Which scripts pass every filter; what passes each is kept for the next question, which mostly repeats it."""
        allowed = np.ones(len(self._scripts), dtype=bool)
        for wanted in filters:
            if wanted not in self._masks:
                self._masks[wanted] = self._scripts.mask(self._passing(wanted) or self._offering(wanted))
                if len(self._masks) > _KEPT:
                    oldest, _ = self._masks.popitem(last=False)
                    self._certain.pop(oldest, None)
                    self._own.pop(oldest, None)
            self._masks.move_to_end(wanted)
            allowed &= self._masks[wanted]
        return allowed

    def _passing(self, wanted: Filter) -> set[int]:
        """The scripts that pass one filter."""
        where, values = condition(wanted, self.containing)
        found = self._catalog.ids(where, values)
        if not wanted.negated and wanted.field == "dataset" and wanted.op in {"eq", "in"}:
            found |= self._trained_on(wanted)
        if wanted.negated and wanted.field == "dataset" and wanted.op in {"eq", "in"}:
            found -= self._called_after(map(str, wanted.items))  # "not MNIST" of a folder mnist-gan
            found -= self._trained_on(wanted)
        if wanted.negated and wanted.field == "tag" and wanted.op in {"eq", "in"}:
            denied = [name for item in wanted.items for name in implying(str(item))]
            found -= self._of_tags(denied)
        if wanted.field == "uses" and (kinds := {*KINDS}.intersection(map(str, wanted.items))):
            beside = self._beside.on_kinds(kinds)
            found = found - beside if wanted.negated else found | beside
        return found | self._beside.imported(found) if worlds(wanted) else found

    def _trained_on(self, wanted: Filter) -> set[int]:
        """The scripts that state no dataset, and that are imported by one trained on what is named, and by none that
        is trained on something else: the network in "model.py"."""
        names = [str(item).lower() for item in wanted.items]
        on = self._catalog.ids(f"lower(s.dataset) IN ({','.join('?' * len(names))})", names)
        stating = self._catalog.ids("s.dataset IS NOT NULL", [])
        return self._beside.imported_only(on, stating - on) - stating

    def _of_tags(self, tags: Sequence[str]) -> set[int]:
        """The scripts that are of some kinds of networks though none of their layers tells: in which no kind was read,
        and that are called after one ("lstm.py") or import what is of one; and those of ways to learn."""
        marks = ",".join("?" * len(tags))
        tagged = self._catalog.ids(f"s.id IN (SELECT script FROM tags WHERE name IN ({marks}))", [*tags])
        unread = self._catalog.ids("s.id NOT IN (SELECT script FROM tags)", [])
        paths = self._beside.paths.items()
        found = {script for path, script in paths if script in unread and _named(path) & {*tags}}
        if "conditional" in tags:  # which the code of few tells, and what the project is called: "pix2pix"
            found |= {script for path, script in paths if any("conditional" in kinds_in(part) for part in _last(path))}
        schemes = [tag for tag in tags if tag in SCHEMES]
        return found | self._beside.importing(tagged, unread) | self._of_schemes(schemes)

    def _of_schemes(self, schemes: Sequence[str]) -> set[int]:
        """The scripts of some ways to learn that no layer tells, by what they say of themselves: their file or their
        network is called so, or they import what is of it from beside them."""
        if not schemes:
            return set()
        called = self._catalog.column("arch").items()
        named = {script for script, arch in called if not kinds_in(arch).isdisjoint(schemes)}
        named |= {script for path, script in self._beside.paths.items() if not _named(path).isdisjoint(schemes)}
        marks = ",".join("?" * len(schemes))
        known = named | self._catalog.ids(f"s.id IN (SELECT script FROM tags WHERE name IN ({marks}))", [*schemes])
        return named | self._beside.importing(known, {*self._beside.paths.values()} - known)

    def _called_after(self, datasets: Iterable[str]) -> set[int]:
        """The scripts that state no dataset, in files or folders called after one of some."""
        names = [*datasets]
        unstated = self._catalog.select("s.dataset IS NULL", [])
        return {script for script, path in unstated if called_after(names, path)}

    def _of_project(self, datasets: Iterable[str]) -> set[int]:
        """The scripts that state no dataset, somewhere below a folder called after one of some, which is indexed itself
        or lies in what is."""
        names, roots = [*datasets], self._catalog.roots()
        found: set[int] = set()
        for script, path in self._catalog.select("s.dataset IS NULL", []):
            above = max((root.count("/") for root in roots if path.startswith(f"{root}/")), default=path.count("/"))
            if called_after(names, path, path.count("/") - above + 1):
                found.add(script)
        return found

    def _writing_out(self, datasets: Iterable[str]) -> set[int]:
        """The scripts whose code names one of some data sets in several words, or beside what loads it."""
        found: set[int] = set()
        for one in {*datasets} - NAMED_EVERYWHERE:
            having = self.containing(in_words(one) or one.lower(), source=True)
            found |= {script for script in having if written_out(one).search(self._catalog.source(script))}
        return found

    def _introduced(self, datasets: Iterable[str]) -> set[int]:
        """The scripts that state no dataset, of projects whose README begins with the name of one of some."""
        aliases = (alias for one in {*datasets} - NAMED_EVERYWHERE for alias in ALIASES.get(one, ()))
        wanted = [phrase(alias) for alias in aliases]
        unstated = {script for script, _ in self._catalog.select("s.dataset IS NULL", [])}
        return {
            script
            for script, text in self._catalog.introductions()
            if script in unstated and any(holds(text, words) for words in wanted)
        }

    def _offering(self, wanted: Filter) -> set[int]:
        """Where none states a dataset, an optimizer, a component or a TPU as it stands: the scripts that name it. Of a
        dataset else those that name one made of it, as CelebA-HQ of CelebA, or write it out in words, or that state
        none, in a file or folder called after it, or with a word in them that is hardly anything else; and at last, in
        a project called so or whose README begins with it."""
        if (
            wanted.field not in {"dataset", "optimizer", "hw", "uses"}
            or wanted.op not in {"eq", "in"}
            or wanted.negated
        ):
            return set()
        names = [*map(str, wanted.items)]
        if wanted.field == "hw":
            return self.containing(TPU.lower(), source=True) if names == [TPU] else set()
        if wanted.field in {"optimizer", "uses"}:
            ways = spelled(names) if wanted.field == "optimizer" else spoken(names)
            return set[int]().union(*(self.containing(way, source=True) for way in ways))
        if naming_it := naming(names, self.containing) or naming(made_of(names), self.containing):
            return naming_it
        if found := self._writing_out(names) or self._called_after(names):
            return found
        words = [word for one in names for word in PLAIN.get(one, ())]
        plain = set[int]().union(*(self.containing(word, source=True) for word in words))
        plain &= {script for script, _ in self._catalog.select("s.dataset IS NULL", [])}
        plain = plain.union(*(self._catalog.ids("instr(lower(s.dataset), ?) > 0", [word]) for word in words))
        return plain or self._of_project(names) or self._introduced(names)

    def certain(self, filters: Sequence[Filter]) -> NDArray[np.bool_]:
        """Which scripts are certain to be trained on what is asked for, rather than to name it, and to be without the
        kinds that are denied: of one whose network lies in another file it is not known what that is."""
        found = np.ones(len(self._scripts), dtype=bool)
        for wanted in filters:
            if wanted not in self._certain and (sure := self._sure(wanted)):
                self._certain[wanted] = self._scripts.mask(self._catalog.ids(*sure))
            found &= self._certain.get(wanted, True)
        return found

    def themselves(self, filters: Sequence[Filter]) -> NDArray[np.bool_]:
        """Which scripts pass filters by what they state or name, and not only by what imports them."""
        found = np.ones(len(self._scripts), dtype=bool)
        for wanted in filters:
            if wanted not in self._own:
                self._own[wanted] = self._scripts.mask(self._catalog.ids(*condition(wanted, self.containing)))
            found &= self._own[wanted]
        return found

    def otherwise(self, filters: Sequence[Filter]) -> NDArray[np.bool_]:
        """Which scripts state something else than what is denied: of one without an optimizer it is not known what
        that is. None where nothing of the kind is denied."""
        denied = [one for one in filters if one.negated and one.field in _STATED and one.op in {"eq", "in"}]
        return (
            self.fitting([stated(one.field) for one in denied]) if denied else np.zeros(len(self._scripts), dtype=bool)
        )

    def _sure(self, wanted: Filter) -> tuple[str, list[Any]] | None:
        """Of which scripts it is certain that they pass a filter, as SQL; None where all that pass are."""
        if wanted.field == "dataset" and not wanted.negated:
            names = [str(item).lower() for item in wanted.items]
            return f"lower(s.dataset) IN ({','.join('?' * len(names))})", names
        if worlds(wanted):
            return condition(wanted, self.containing)
        if wanted.field == "tag" and wanted.negated:
            return f"s.id IN (SELECT script FROM tags) OR s.framework IN ({','.join('?' * len(_NO_NETWORK))})", [
                *_NO_NETWORK
            ]
        return None

    def containing(self, text: str, *, source: bool = False, farther: bool = False) -> set[int]:
        index = self._index()
        if index is not None:
            return index.having(text, source=source, farther=farther)
        # a filter holds, with a word index or without
        return read_through(self._catalog, text, source=source, farther=farther)


def _last(path: str) -> list[str]:
    return path.split("/")[-_PARTS:]


def _named(path: str) -> set[str]:
    """The kinds of networks that the name of a file says."""
    return kinds_in(path.rpartition("/")[2].partition(".")[0])
