"""`diffwb search`, `ask` and `scripts`: by an open workbench's search process where there is one, else by an engine of
their own. Both answer alike."""

from __future__ import annotations

import io
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from engine.home import home
from tui.commands.console import put_json, put_lines, put_sentence, say, waiting
from tui.errors import DONE, FAILED, UsageError
from tui.scripts.chips import doubt, said
from tui.text import named_apart

if TYPE_CHECKING:
    from index.search import SearchEngine, SearchResponse

Document = dict[str, Any]
PATIENCE_S = 20.0  # a search process that loads its model answers after some seconds


class NothingIndexed(UsageError):  # noqa: N818  named for what the user is told
    """There is nothing to search in."""


class Searching(Protocol):
    """Answers a query with the contract's document, with an `answer` where it is asked for one."""

    def find(self, query: str, limit: int, *, meaning: bool, answered: bool = False) -> Document: ...

    def close(self) -> None: ...


class Cold:
    """An engine of this process."""

    def __init__(self, folder: Path) -> None:
        from index.search import SearchEngine

        self._engine: SearchEngine = SearchEngine(folder)

    def close(self) -> None:
        self._engine.close()

    def find(self, query: str, limit: int, *, meaning: bool, answered: bool = False) -> Document:
        from index.understanding.filters import QueryError

        try:
            found: SearchResponse = self._engine.search(query, limit, meaning=meaning)
        except QueryError as error:
            raise refused(error.message, error.column) from None
        for notice in found.notices:
            say(notice)
        document = found.to_json()
        if answered:
            from index.answers.answer import answer

            document["answer"] = answer(found, self._engine.catalog).to_json()
        return document


class Warm:
    """The search process of an open workbench; an engine of this process from when it no longer answers. Until then
    nothing of the index is opened here."""

    def __init__(self, folder: Path) -> None:
        from index.serving.door import Visitor

        self._visitor: Visitor | None = Visitor(folder, PATIENCE_S)
        self._own: Cold | None = None
        self._asked = 0

    def close(self) -> None:
        for part in (self._visitor, self._own):
            if part is not None:
                part.close()

    def find(self, query: str, limit: int, *, meaning: bool, answered: bool = False) -> Document:
        from index.serving.door import Shut

        if self._visitor is not None:
            self._asked += 1
            kind = "ask" if answered else "query"
            try:
                told = self._visitor.ask({"id": self._asked, kind: query, "limit": limit, "meaning": meaning})
                document = self._document(told)
                if not document["results"]:
                    indexed()
                return document
            except (Shut, KeyError, TypeError):
                self._visitor.close()
                self._visitor = None
        if self._own is None:
            self._own = Cold(indexed())
        return self._own.find(query, limit, meaning=meaning, answered=answered)

    @staticmethod
    def _document(told: Document) -> Document:
        if told["stage"] == "error":
            raise refused(told["message"], told["column"])
        document: Document = told["response"]
        for notice in told["notices"]:
            say(notice)
        return document


def refused(message: str, column: int | None) -> UsageError:
    return UsageError(f"query, column {column}: {message}" if column else message)


@contextmanager
def searching() -> Iterator[Searching]:
    """What answers: the open workbench if there is one. NothingIndexed where there is nothing to find."""
    from index.serving.door import Shut

    try:
        found: Searching = Warm(home() / "index")
    except Shut:
        found = Cold(indexed())
    with closing(found):
        yield found


def scripts(arguments: Namespace) -> int:
    """`diffwb scripts`: the catalogue, or the part of it that filters leave; an empty one is a list too."""
    try:
        folder = indexed()
    except NothingIndexed as nothing:
        if arguments.json:
            put_json([])
        say(str(nothing))
        return DONE
    if arguments.filters:
        with searching() as by:
            results = by.find(" ".join(arguments.filters), sys.maxsize, meaning=False)["results"]
    else:
        from index.catalog.database import Catalog

        with Catalog(folder, readonly=True) as catalog:
            if catalog.notice:
                say(catalog.notice)
                return FAILED
            results = [row.to_json() for row in catalog.rows()]
    if arguments.json:
        put_json(results)
        return DONE
    likeness = ("similarity_score", "similarity_distance")  # a list that filters leave is like nothing
    listed = [{key: value for key, value in one.items() if key not in likeness} for one in results]
    return _put_results(listed, "no indexed script fits")


def search(arguments: Namespace) -> int:
    """`diffwb search`: the wide table, or the contract's document; `-` answers one query a line."""
    meaning = not arguments.words
    with searching() as by:
        if arguments.query == ["-"]:
            return _each_line(lambda query: by.find(query, arguments.limit, meaning=meaning))
        query = " ".join(arguments.query)
        with _model_awaited(meaning):
            document = by.find(query, arguments.limit, meaning=meaning)
        if arguments.json:
            put_json(document)
            return DONE
        say(understood(document["understood"]))
        why = ""
        if not document["results"]:
            why = by.find(query, arguments.limit, meaning=meaning, answered=True)["answer"]["text"]
        return _put_results(document["results"], why)


def _each_line(find: Callable[[str], Document]) -> int:
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    for line in sys.stdin:
        if query := line.strip():
            try:
                document = find(query)
            except UsageError as error:  # one bad line is no reason to leave the others unanswered
                document = {"query": query, "error": str(error), "results": []}
            put_json(document, indent=None)
    return DONE


def ask(arguments: Namespace) -> int:
    """`diffwb ask`: sentences made of facts, each with the lines that prove it, then the table; `-` as in a search."""
    from tui.commands.rephrasing import rephrase, server_of

    server = server_of(arguments, home() / "config.toml")
    meaning = not arguments.words
    with searching() as by:

        def find(question: str) -> Document:
            document = by.find(question, arguments.limit, meaning=meaning, answered=True)
            if server is not None:
                document["answer"] = rephrase(document, server)
            return document

        if arguments.question == ["-"]:
            return _each_line(find)
        with _model_awaited(meaning):
            document = find(" ".join(arguments.question))
    if arguments.json:
        put_json(document)
        return DONE
    say(understood(document["understood"]))
    told = document["answer"]
    if told["source"] != "facts":
        say(f"in the words of {told['source']}, each sentence checked against the facts")
    names = named_apart(cite["path"] for claim in told["claims"] for cite in claim["cites"])
    cites = {claim["text"]: f" [{_cited(claim['cites'], names)}]" for claim in told["claims"]}
    for text in told["text"].split("\n"):
        put_sentence(f"{text}{cites.get(text, '')}")
    for struck in told.get("struck", ()):
        say(f"struck out, no fact supports it: {struck}")
    return _put_results(document["results"], "") if document["results"] else DONE


def _cited(cites: list[Document], names: Mapping[str, str]) -> str:
    """The lines of a claim as a person reads them: `dcgan.py:34,80`."""
    lines: dict[str, dict[str, None]] = {}
    for cite in cites:
        lines.setdefault(names[cite["path"]], {})[str(cite["line"])] = None
    return ", ".join(f"{name}:{','.join(numbers)}" for name, numbers in lines.items())


def _model_awaited(meaning: bool) -> AbstractContextManager[None]:
    return waiting("reading the search model …") if meaning else nullcontext()


def understood(reading: Document) -> str:
    """What a query was taken to mean, on one line."""
    parts = [said(f) for f in reading["filters"]]
    if reading["text"]:
        parts.append(f"words: {reading['text']}")
    parts += [f"by {'-' if order['descending'] else ''}{order['field']}" for order in reading["sort"]]
    parts += [f"first {reading['limit']}"] if reading["limit"] is not None else []
    parts += [f"{right} for {wrong}" for wrong, right in reading["corrected"].items()]
    parts += [doubt(one) for one in reading["unclear"]]
    return "understood: " + (" · ".join(parts) or "everything")


def indexed() -> Path:
    """The index's folder, once there is something in it."""
    from index.catalog.database import Catalog

    folder = home() / "index"
    nothing = NothingIndexed("nothing is indexed yet; `diffwb index PATH` reads the scripts under PATH")
    if not folder.is_dir():
        raise nothing
    with Catalog(folder, readonly=True) as catalog:
        if catalog.notice is None and catalog.counts()[0] == 0:
            raise nothing
    return folder


def _put_results(results: list[Document], empty: str) -> int:
    from tui.scripts.table import render

    if results:
        put_lines(lambda width: render(results, width, whole=not sys.stdout.isatty()))
    else:
        say(empty)
    return DONE
