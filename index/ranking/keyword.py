"""Search by words: Whoosh behind a seam. The word index is a cache of the catalogue; whatever is wrong with it, it is
built anew."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
from whoosh import index as whoosh_index
from whoosh.lang.porter2 import stem as snowball

from index.catalog.database import Catalog
from index.known.british import spellings
from index.known.glossary import synonyms
from index.known.words import LONGEST, holds, parts, phrase, stem
from index.lock import Busy, writing
from index.ranking.codec import loaded
from index.ranking.documents import SCHEMA, texts
from index.ranking.postings import Integers, Postings, Weights
from index.ranking.stamp import WORDS

_SHORT, _FORMS = 4, 30  # letters, with which a beginning is one of anything; words that begin alike
_ROOT, _BEGUN = 5, 300  # letters of a root that words are derived from; words looked at that begin with it
_BOOSTS = {"facts": 4.0, "name": 3.0, "title": 2.5, "symbols": 3.0, "body": 1.0, "folders": 3.0, "project": 0.5}
_HELD = ("facts", "name", "title", "symbols", "body")  # what a script has; farther folders rank, and are denied
_FARTHER = (*_HELD, "folders")
_SOURCE = ("body",)
_TOLD = ("facts", "name", "title", "symbols", "project")
_CALLED = ("name", "folders")
_CORRECTED = ("name", "symbols", "title", "facts")
# BM25F (Robertson, Zaragoza 2009): how soon a repeated word counts no more, and how much long fields are held back
_SATURATION = 1.3
_LENGTHS = {"facts": 0.2, "name": 0.2, "title": 0.6, "symbols": 0.4, "body": 0.6, "folders": 0.2, "project": 0.6}


class WordIndex:
    """An open word index; reads one state of it until reopened. A document is known by its number, see `scripts`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._state = WORDS.text(folder)
        if not WORDS.ours(folder):
            raise ValueError("written by another version")
        # the schema is given: Whoosh would unpickle the stored one
        self._index = whoosh_index.open_dir(str(folder / WORDS.folder), schema=SCHEMA)
        self._reader = self._index.reader()
        self._postings = Postings(self._reader, _SATURATION, _LENGTHS)
        self.scripts = self._scripts()

    def _scripts(self) -> Integers:
        """Document number → script id; -1 where none is left."""
        leaves = [*self._reader.leaf_readers()]
        kept = [loaded(leaf.column_reader("script", translate=False)) for leaf, _ in leaves]
        found = np.concatenate([np.empty(0, np.int64), *kept])
        found[[begin + number for leaf, begin in leaves for number in leaf.segment().deleted_docs()]] = -1
        return found

    def close(self) -> None:
        self._reader.close()
        self._index.close()

    @property
    def current(self) -> bool:
        """Whether nothing was written since it was opened."""
        return WORDS.text(self._folder) == self._state

    def identities(self) -> dict[int, str]:
        """Script id → what its words were made from."""
        return {int(self.scripts[number]): stored["identity"] for number, stored in self._reader.iter_docs()}

    def word(self, word: str) -> Weights:
        """Which documents have a word, in any field and any of its forms, exact first, and how much it counts there."""
        exact = word.lower()[:LONGEST]
        kept = self._postings.kept(exact)
        if kept is not None:
            return kept
        return self._postings.word(exact, self._forms(exact), _BOOSTS, tuple(parts(exact)))

    def _forms(self, exact: str) -> dict[str, float]:
        """How a word may be written, and what each counts."""
        forms = {exact: 1.0}
        forms.setdefault(re.sub(r"[-_.+']", "", exact), 0.9)
        forms |= dict.fromkeys(spellings(exact) - forms.keys(), 0.9)
        others = synonyms(exact)
        forms |= {synonym: 0.5 for synonym in others if synonym not in forms}
        if not others:  # a term of the field means itself: "transformer" is not "transforms"
            forms.setdefault(stem(exact), 0.6)
            for derived in self._derived(exact):
                forms.setdefault(derived, 0.5)
        return forms

    def _derived(self, word: str) -> Iterator[str]:
        """The words of the scripts that share a root with this one, as segmentation does with segmenting."""
        common = root(word)
        if len(common) < _ROOT or not word.isalpha():
            return
        for field in ("body", "name", "title"):
            begun = islice(self._reader.expand_prefix(field, common), _BEGUN)
            found = (term.decode("utf-8", "replace") for term in begun)
            yield from (term for term in found if term.isalpha() and root(term) == common)

    def lexicon(self) -> Iterator[str]:
        """The words of names, symbols and descriptions, which are worth a correction, in no order."""
        leaves = [leaf for leaf, _ in self._reader.leaf_readers()]  # all together they would be put in order
        terms = {term for leaf in leaves for field in _CORRECTED for term in leaf.lexicon(field)}
        return (term.decode("utf-8", "replace") for term in terms)

    def names(self, word: str) -> bool:
        """Whether a file's own name has a word, as main_pretrain.py has "pretrain"."""
        return len(self._postings.term("name", word.lower())) > 0

    def beginning(self, word: str) -> list[str]:
        """Words that go on from this one, as ConvTranspose2d does from ConvTranspose."""
        found = self._reader.expand_prefix("body", word.lower())
        return [term.decode("utf-8", "replace") for term in islice(found, 20)]

    def holding(self, sign: str, *, called: bool = False) -> Integers:
        """The documents that hold a word in any field, or in what they and their folders are `called`; with a star at
        its end, one that begins so."""
        found = [np.empty(0, np.int64)]
        for field in _CALLED if called else _BOOSTS:
            forms = [sign]
            if sign.endswith("*"):
                begun = islice(self._reader.expand_prefix(field, sign[:-1]), _FORMS) if len(sign) > _SHORT else ()
                forms = [sign[:-1], *(form.decode("utf-8", "replace") for form in begun)]
            found += [self._postings.term(field, form).documents for form in dict.fromkeys(forms)]
        return np.unique(np.concatenate(found))

    def having(self, text: str, *, source: bool = False, farther: bool = False, told: bool = False) -> set[int]:
        """The scripts that contain a word or phrase: anywhere, in their own `source`, or also in the names of `farther`
        folders; or what is `told` of which has it, as names and descriptions."""
        fields = _SOURCE if source else _FARTHER if farther else _TOLD if told else _HELD
        words = phrase(text)
        if not words:
            return set()
        if len(words) == 1:
            found = [self._postings.term(field, words[0]).documents for field in fields]
        else:
            found = [self._postings.phrase(field, words) for field in fields]
        return {*self.scripts[np.concatenate(found)].tolist()} - {-1}


@lru_cache(maxsize=50_000)
def root(word: str) -> str:
    """What a word has in common with those derived from it, and begins with: "segment" of segmenting and segmentation.

    Snowball's stem (Porter 2001), of classify and classification alike.
    """
    return str(snowball(word)).rstrip("ie")


def update(folder: Path, catalog: Catalog, progress: Callable[[int, int], None]) -> int:
    """Makes the word index say what the catalogue says; returns how many scripts were written."""
    if WORDS.holds(folder, catalog):  # opening it would read something of every script
        return 0
    try:
        return _write(folder, catalog, progress)
    except Exception:  # a cache: whatever went wrong in it, the catalogue is intact
        shutil.rmtree(folder / WORDS.folder, ignore_errors=True)
        return _write(folder, catalog, progress)


def _as_it_is(folder: Path) -> WordIndex | None:
    try:
        return WordIndex(folder)
    except Exception:  # Whoosh raises whatever its parsing of a damaged file ran into
        return None


def _write(folder: Path, catalog: Catalog, progress: Callable[[int, int], None]) -> int:
    from index.ranking import writers  # with what processes talk by: a search needs none of it

    place = folder / WORDS.folder
    wanted = catalog.identities()
    have: dict[int, str] = {}
    numbers: dict[int, int] = {}
    if WORDS.ours(folder):
        current = WordIndex(folder)
        have = current.identities()
        numbers = {int(script): number for number, script in enumerate(current.scripts) if script >= 0}
        current.close()
    stale = [script for script, identity in have.items() if wanted.get(script) != identity]
    if len(stale) == len(have):  # whatever is left of it is of no use
        have, stale = {}, []
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        whoosh_index.create_in(str(place), SCHEMA).close()
    WORDS.begin(folder)
    changed = {script: identity for script, identity in wanted.items() if have.get(script) != identity}
    if stale:
        _delete(place, [numbers[script] for script in stale], merge=not changed)
    writers.add(folder, place, catalog, changed, lambda done: progress(done, len(changed)))
    WORDS.put(folder, catalog)
    return len(changed)


def _delete(place: Path, numbers: list[int], *, merge: bool) -> None:
    from index.ranking.segment import Writer, merged

    with closing(whoosh_index.open_dir(str(place), schema=SCHEMA)) as index:
        writer = Writer(index)
        try:
            for number in numbers:
                writer.delete_document(number)
        except BaseException:
            writer.cancel()
            raise
        writer.commit(merge=merge, mergetype=merged if merge else None)


def read_through(catalog: Catalog, text: str, *, source: bool = False, farther: bool = False) -> set[int]:
    """What `having` says, without a word index: by reading every script in the catalogue."""
    wanted = phrase(text)
    rows = catalog.rows()
    fields = _SOURCE if source else _FARTHER if farther else _HELD
    return {row.id for row in rows if any(holds(texts(catalog, row)[field], wanted) for field in fields)}


def opened(folder: Path, catalog: Catalog) -> WordIndex | None:
    """The word index for reading. One that will not open is built anew, unless another process is writing it or the
    folder cannot be written: then there is none for now."""
    found = _as_it_is(folder)
    if found is not None:
        return found
    try:
        with writing(folder):
            WORDS.remove(folder)
            update(folder, catalog, lambda done, total: None)
        return WordIndex(folder)
    except (OSError, Busy):
        return None
