"""The search process of the workbench: JSON lines on stdin and stdout. `python -P -m index.server FOLDER`

    in   {"id": 7, "query": "…", "limit": 50}        {"id": 8, "show": "SCRIPT"}
         {"id": 9, "ask": "…", "limit": 50}          {"id": 10, "complete": "unet dataset:fa", "cursor": 15}
         {"id": 11, "open": "SCRIPT"}
    out  {"event": "ready", "scripts": N, "models": N}, later {"event": "meaning-ready"} or "meaning-failed"
         {"id": 7, "stage": "words", "response": …, "notices": ["…"]}, then the same with "stage": "hybrid"
         {"id": 7, "stage": "error", "message": …, "column": N}    {"id": 8, "stage": "show", "script": …}
         {"id": 9, "stage": "answer", "response": … with its answer, "notices": […]}
         {"id": 10, "stage": "complete", "start": 13, "options": ["fashionmnist"]}
         {"id": 11, "stage": "open", "script": …, "source": "…", "settings": {"timesteps": {"value": 500, "line": 17}}}

Words are answered at once, meaning when the model has been loaded. A newer query takes the place of older ones.
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
from typing import Any, TextIO

from index.answer import answer
from index.catalog import CatalogError
from index.facts import noise
from index.facts.noise import Stated
from index.files.source import SourceError, parse_text
from index.search import SearchEngine
from index.understanding.completing import completions
from index.understanding.filters import QueryError


class Server:
    """One engine, driven by this thread alone; stdin and the loading of the model have threads of their own."""

    def __init__(self, folder: Path, requests: TextIO, replies: TextIO) -> None:
        self._engine = SearchEngine(folder)
        self._folder = folder
        self._requests = requests
        self._replies = replies
        self._inbox: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._waiting: dict[str, Any] | None = None  # the query that still lacks its meaning
        self._meaning = "loading"

    def run(self) -> None:
        """Serves until stdin closes."""
        files, models = self._engine.catalog.counts()
        self._say({"event": "ready", "scripts": files, "models": models})
        for work in (self._listen, self._load):
            threading.Thread(target=work, daemon=True).start()
        while (message := self._inbox.get()) is not None:
            self._handle(message)
            if self._inbox.empty() and self._waiting is not None and self._meaning == "ready":
                self._hybrid()

    def _listen(self) -> None:
        for line in self._requests:
            try:
                message = json.loads(line)
            except (ValueError, RecursionError):
                message = {"invalid": line[:80]}
            self._inbox.put(message if isinstance(message, dict) else {"invalid": line[:80]})
        self._inbox.put(None)

    def _load(self) -> None:
        try:
            from index.ranking.senses import Senses
            from index.ranking.vectors import Embedder

            embedder = Embedder(self._folder)
            self._inbox.put({"loaded": embedder, "senses": Senses(embedder.embed)})
        except Exception as error:  # whatever the libraries raise: words are still found
            self._inbox.put({"failed": " ".join(str(error).split())[:200] or type(error).__name__})

    def _handle(self, message: dict[str, Any]) -> None:
        if "loaded" in message:
            self._engine.use_model(message["loaded"], message["senses"])
            self._meaning = "ready"
            self._say({"event": "meaning-ready"})
        elif "failed" in message:
            self._meaning = "failed"
            self._say({"event": "meaning-failed", "message": message["failed"]})
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
            return any(isinstance(item, dict) and "query" in item for item in self._inbox.queue)

    def _words(self, message: dict[str, Any]) -> None:
        if self._answer(message, "words", meaning=False) and self._meaning != "failed":
            self._waiting = message

    def _hybrid(self) -> None:
        message, self._waiting = self._waiting, None
        if message is not None:
            self._answer(message, "hybrid", meaning=True)

    def _answer(self, message: dict[str, Any], stage: str, *, meaning: bool) -> bool:
        limit = message.get("limit")
        try:
            response = self._engine.search(message["query"], limit if isinstance(limit, int) else 20, meaning=meaning)
        except QueryError as error:
            self._error(message, error.message, error.column)
            return False
        document = {"response": response.to_json(), "notices": list(response.notices)}
        self._say({"id": message.get("id"), "stage": stage, **document})
        return True

    def _ask(self, message: dict[str, Any]) -> None:
        limit = message.get("limit")
        most = limit if isinstance(limit, int) else 20
        try:
            response = self._engine.search(message["ask"], most, meaning=self._meaning == "ready")
        except QueryError as error:
            self._error(message, error.message, error.column)
            return
        document = {**response.to_json(), "answer": answer(response).to_json()}
        notices = list(response.notices)
        self._say({"id": message.get("id"), "stage": "answer", "response": document, "notices": notices})

    def _complete(self, message: dict[str, Any]) -> None:
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

    def _show(self, message: dict[str, Any]) -> None:
        try:
            self._engine.refresh()
            row = self._engine.catalog.find(message["show"])
        except (CatalogError, sqlite3.DatabaseError) as error:
            self._error(message, str(error))
            return
        self._say({"id": message.get("id"), "stage": "show", "script": row.shown()})

    def _open(self, message: dict[str, Any]) -> None:
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

    def _error(self, message: dict[str, Any], text: str, column: int | None = None) -> None:
        self._say({"id": message.get("id"), "stage": "error", "message": text, "column": column})

    def _say(self, document: dict[str, Any]) -> None:
        self._replies.write(json.dumps(document, ensure_ascii=True) + "\n")
        self._replies.flush()


def _noise(path: Path, text: str) -> dict[str, Stated]:
    """What the text states of its noise; nothing where it cannot be followed."""
    with suppress(SourceError, RecursionError):
        return noise.read(parse_text(path, text))
    return {}


def main() -> int:
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -P -m index.server FOLDER\n")
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
