"""The search process of the workbench: JSON lines on stdin and stdout. `python -P -m index.serving.server FOLDER`

    in   {"id": 7, "query": "…", "limit": 50}        {"id": 8, "show": "SCRIPT"}
         with "sort": {"field": "lr", "descending": false}: the first by it of all that are found
         {"id": 9, "ask": "…", "limit": 50}          {"id": 10, "complete": "unet dataset:fa", "cursor": 15}
         {"id": 11, "open": "SCRIPT"}                {"id": 12, "ask": "…", "llm": {"llm": "URL"}}  {"hush": true}
    out  {"event": "ready", "scripts": N, "models": N, "examples": ["unet created:2025-04"]}, questions that find
         something there, with a "notice" where the index cannot be used; later {"event": "meaning-ready"} or
         "meaning-failed"
         {"id": 7, "stage": "words", "response": …, "notices": ["…"]}, then the same with "stage": "hybrid"
         {"id": 7, "stage": "error", "message": …, "column": N}    {"id": 8, "stage": "show", "script": …}
         {"id": 9, "stage": "answer", "response": … with its answer, "notices": […]}
         {"id": 10, "stage": "complete", "start": 13, "options": ["fashionmnist"]}
         {"id": 11, "stage": "open", "script": …, "source": "…", "settings": {"timesteps": {"value": 500, "line": 17}}}
         {"id": 12, "stage": "answer", …}, then what :mod:`index.answers.talk` says, until hushed or asked another

Words are answered at once, meaning when the model has been loaded, which waits until there is a script to find. A newer
query takes the place of older ones.

A command asks the same by the socket `search.sock` in FOLDER (:mod:`index.serving.door`) and hears one answer to each
request, none taking another's place: "words" where the query says `"meaning": false`, else "hybrid" once there is one.
"""

from __future__ import annotations

import json
import os
import queue
import sqlite3
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from index.answers.answer import Answer, answer
from index.catalog.database import CatalogError
from index.catalog.examples import examples
from index.files.source import SourceError, parse_text
from index.search import SearchEngine, SearchResponse
from index.serving.completing import completions
from index.serving.door import open_door
from index.understanding.filters import QueryError, Sort

if TYPE_CHECKING:
    from index.answers.talk import Talk
    from index.facts.training.noise import Stated

Message = dict[str, Any]


class Server:
    """One engine, driven by this thread alone; stdin, visitors and the loading of the model have their own."""

    def __init__(self, folder: Path, requests: TextIO, replies: TextIO) -> None:
        self._engine = SearchEngine(folder)
        self._folder = folder
        self._requests = requests
        self._replies = replies
        self._inbox: queue.Queue[tuple[Message, TextIO | None] | None] = queue.Queue()  # with the visitor who asks
        self._waiting: Message | None = None  # the query that still lacks its meaning
        self._visitors: list[tuple[Message, TextIO]] = []  # who wait for the model
        self._visitor: TextIO | None = None  # who is being answered; None for the workbench
        self._meaning = "not needed"  # then "loading", then "ready" or "failed"
        self._failure = ""  # why there is no meaning
        self._talk: Talk | None = None  # a model that puts an answer of the workbench in other words
        self._talked_of: Message | None = None  # what was asked there

    def run(self) -> None:
        """Serves until stdin closes."""
        files, models = self._engine.catalog.counts()
        notice = self._engine.catalog.notice
        told: list[str] = []
        with suppress(sqlite3.DatabaseError):
            told = examples(self._engine.catalog.sketches())
        known = {"scripts": files, "models": models, "examples": told}
        self._say({"event": "ready", **known, **({"notice": notice} if notice else {})})
        threading.Thread(target=self._listen, daemon=True).start()
        self._load_where_needed()
        shut = open_door(self._folder, self._admit)
        self._engine.warm()
        try:
            while (item := self._inbox.get()) is not None:
                self._serve(*item)
                if self._inbox.empty() and self._waiting is not None and self._meaning == "ready":
                    self._hybrid()
        finally:
            if shut is not None:
                shut()

    def _listen(self) -> None:
        for line in self._requests:
            self._inbox.put((_message(line), None))
        self._inbox.put(None)

    def _admit(self, heard: TextIO, said: TextIO) -> None:
        """Passes on what a visitor asks, and keeps the door open until they leave."""
        for line in heard:
            self._inbox.put((_message(line), said))

    def _load_where_needed(self) -> None:
        """A model takes a hundred megabytes, and seconds for a new index: who only trains goes without."""
        if self._meaning != "not needed":
            return
        with suppress(sqlite3.DatabaseError):
            self._engine.refresh()
            if self._engine.catalog.counts()[1]:
                self._meaning = "loading"
                threading.Thread(target=self._load, daemon=True).start()

    def _serve(self, message: Message, visitor: TextIO | None) -> None:
        if {"query", "ask"} & message.keys():
            self._load_where_needed()
        if visitor is None:
            self._handle(message)
            if self._meaning != "loading":
                waiting, self._visitors = self._visitors, []
                for one in waiting:
                    self._serve(*one)
        elif self._meaning == "loading" and message.get("meaning") is not False and {"query", "ask"} & message.keys():
            self._visitors.append((message, visitor))
        else:
            self._visitor = visitor
            try:
                with suppress(OSError, ValueError):  # who has left hears nothing
                    self._receive(message)
            finally:
                self._visitor = None

    def _receive(self, message: Message) -> None:
        """Answers a visitor: once."""
        meaning = message.get("meaning") is not False
        if isinstance(message.get("query"), str):
            self._answer(message, "hybrid" if meaning else "words", meaning=meaning and self._meaning == "ready")
        elif not {"loaded", "failed", "talked", "hush"} & message.keys():
            self._handle(message)

    def _load(self) -> None:
        try:
            from index.ranking.mind import Mind

            self._inbox.put(({"loaded": Mind.of(self._folder)}, None))
        except Exception as error:  # whatever the libraries raise: words are still found
            self._inbox.put(({"failed": " ".join(str(error).split())[:200] or type(error).__name__}, None))

    def _handle(self, message: Message) -> None:
        if "loaded" in message:
            self._engine.use_model(message["loaded"])
            self._engine.warm()
            self._meaning = "ready"
            self._say({"event": "meaning-ready"})
        elif "failed" in message:
            self._meaning, self._failure = "failed", message["failed"]
            self._say({"event": "meaning-failed", "message": message["failed"]})
        elif "talked" in message:
            if message.get("by") is self._talked_of:
                self._say(message["talked"])
        elif "hush" in message:
            self._hush()
        elif isinstance(message.get("query"), str):
            self._waiting = None
            if not self._superseded():
                self._words(message)
        elif isinstance(message.get("show"), str):
            self._show(message)
        elif isinstance(message.get("open"), str):
            self._open(message)
        elif isinstance(message.get("ask"), str):
            self._ask(message)
        elif isinstance(message.get("complete"), str):
            self._complete(message)
        else:
            self._error(message, "a request is an object with a query, a show, an open, an ask or a complete")

    def _superseded(self) -> bool:
        """Whether a newer query is already there."""
        with self._inbox.mutex:
            return any(item is not None and item[1] is None and "query" in item[0] for item in self._inbox.queue)

    def _words(self, message: Message) -> None:
        if self._answer(message, "words", meaning=False) and self._meaning != "failed":
            self._waiting = message

    def _hybrid(self) -> None:
        message, self._waiting = self._waiting, None
        if message is not None:
            self._answer(message, "hybrid", meaning=True)

    def _answer(self, message: Message, stage: str, *, meaning: bool) -> bool:
        limit = message.get("limit")
        try:
            most = limit if isinstance(limit, int) else 20
            response = self._engine.search(message["query"], most, meaning=meaning, order=_order(message.get("sort")))
        except QueryError as error:
            self._error(message, error.message, error.column)
            return False
        document = {"response": response.to_json(), "notices": self._notices(message, response)}
        self._say({"id": message.get("id"), "stage": stage, **document})
        return True

    def _ask(self, message: Message) -> None:
        if self._visitor is None:
            self._hush()
        limit = message.get("limit")
        most = limit if isinstance(limit, int) else 20
        meaning = self._meaning == "ready" and message.get("meaning") is not False
        try:
            response = self._engine.search(message["ask"], most, meaning=meaning)
        except QueryError as error:
            self._error(message, error.message, error.column)
            return
        told = answer(response, self._engine.catalog)
        document = {**response.to_json(), "answer": told.to_json()}
        notices = self._notices(message, response)
        self._say({"id": message.get("id"), "stage": "answer", "response": document, "notices": notices})
        if self._visitor is None and isinstance(message.get("llm"), dict) and any(claim.cites for claim in told.claims):
            self._have_it_told(message, response, told)

    def _have_it_told(self, message: Message, response: SearchResponse, told: Answer) -> None:
        """In a model's words, while other questions are answered."""
        from index.answers.talk import Talk

        def say(said: Message) -> None:
            self._inbox.put(({"talked": {"id": message.get("id"), **said}, "by": message}, None))

        self._say({"id": message.get("id"), "stage": "rephrasing", "model": None, "answer": None})
        names = {result.row.path: result.row.model_id for result in response.results}
        self._talked_of = message
        self._talk = Talk(told, message["ask"], names, message["llm"], say)

    def _hush(self) -> None:
        if self._talk is not None:
            self._talk.hush()
        self._talk, self._talked_of = None, None

    def _notices(self, message: Message, response: SearchResponse) -> list[str]:
        """What a person should know; a visitor is told why there is no meaning, the workbench knows."""
        told = self._visitor is not None and message.get("meaning") is not False and self._meaning == "failed"
        return [*([self._failure] if told else []), *response.notices]

    def _complete(self, message: Message) -> None:
        cursor = message.get("cursor")
        text = message["complete"]
        try:
            self._engine.refresh()
            found = completions(text, cursor if isinstance(cursor, int) else len(text), self._engine.catalog)
        except sqlite3.DatabaseError as error:
            self._error(message, str(error))
            return
        options = {"start": found.start, "options": list(found.options)}
        self._say({"id": message.get("id"), "stage": "complete", **options})

    def _show(self, message: Message) -> None:
        try:
            self._engine.refresh()
            row = self._engine.catalog.find(message["show"])
        except (CatalogError, sqlite3.DatabaseError) as error:
            self._error(message, str(error))
            return
        self._say({"id": message.get("id"), "stage": "show", "script": row.shown()})

    def _open(self, message: Message) -> None:
        """A script with its text as it was indexed, which is what its lines are counted in."""
        try:
            self._engine.refresh()
            row = self._engine.catalog.find(message["open"])
            text = self._engine.catalog.source(row.id)
        except (CatalogError, sqlite3.DatabaseError) as error:
            self._error(message, str(error))
            return
        settings = {name: stated.to_json() for name, stated in _noise(Path(row.path), text).items()}
        opened = {"script": row.shown(), "source": text, "settings": settings}
        self._say({"id": message.get("id"), "stage": "open", **opened})

    def _error(self, message: Message, text: str, column: int | None = None) -> None:
        self._say({"id": message.get("id"), "stage": "error", "message": text, "column": column})

    def _say(self, document: Message) -> None:
        replies = self._visitor or self._replies
        replies.write(json.dumps(document, ensure_ascii=True) + "\n")
        replies.flush()


def _message(line: str) -> Message:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        message = None
    return message if isinstance(message, dict) else {"invalid": line[:80]}


def _order(asked: object) -> Sort | None:
    """The column that the table is sorted by; None where it is none."""
    from index.ranking.columns import ORDERS

    field = asked.get("field") if isinstance(asked, dict) else None
    if not isinstance(asked, dict) or not isinstance(field, str) or field not in ORDERS:
        return None
    return Sort(field, asked.get("descending") is True)


def _noise(path: Path, text: str) -> dict[str, Stated]:
    """What the text states of its noise; nothing where it cannot be followed."""
    from index.facts.training import noise  # where a script is opened for the first time

    with suppress(SourceError, RecursionError):
        return noise.read(parse_text(path, text))
    return {}


def main() -> int:
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -P -m index.serving.server FOLDER\n")
        return 2
    # whatever a library prints goes to stderr: stdout carries the protocol alone
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    requests = os.fdopen(0, "r", encoding="utf-8", errors="replace", closefd=False)
    with suppress(BrokenPipeError):  # the workbench is gone
        Server(Path(sys.argv[1]), requests, replies).run()
    return 0


if __name__ == "__main__":
    code = main()
    # a model still loading in its thread must not hold the exit
    sys.stderr.flush()
    os._exit(code)
