"""The search child: a process that holds the index and the model, spoken to in JSON lines over pipes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Answer = dict[str, Any]
LINE_LIMIT = 64 << 20  # bytes; a page of results with descriptions is one line
RESTARTS = 1


def server_command(home: Path) -> list[str]:
    return [sys.executable, "-P", "-m", "index.serving.server", str(home / "index")]


class Searcher:
    """Keeps one search server alive. `heard` is called in the event loop with every line it says.

    When the server dies it is started again once; after that, and when it cannot be started, `heard` gets
    `{"event": "gone", "message": …}`.
    """

    def __init__(self, command: Sequence[str], heard: Callable[[Answer], None]) -> None:
        self._command = list(command)
        self._heard = heard
        self._child: asyncio.subprocess.Process | None = None
        self._unanswered: dict[str, Answer] = {}  # the newest of each kind
        self._newest = 0

    async def run(self) -> None:
        """Start the server and pass on what it says, until cancelled or until it is gone for good."""
        reason = ""
        for _ in range(1 + RESTARTS):
            try:
                reason = f"it ended with exit code {await self._serve()}"
            except OSError as error:
                reason = error.strerror or str(error)
                break
            except Exception as error:  # what is no line of the protocol is as good as no server
                reason = f"what it says cannot be read: {error}"
        self._heard({"event": "gone", "message": reason})

    async def _serve(self) -> int:
        """One server from its start to its end. Returns its exit code; raises OSError where it cannot be started."""
        child = self._child = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=LINE_LIMIT,
            start_new_session=True,
        )
        try:
            await self._listen(child)
            return await child.wait()
        finally:
            await self._end(child)

    async def _listen(self, child: asyncio.subprocess.Process) -> None:
        assert child.stdout is not None
        for request in self._unanswered.values():
            self._write(request)
        while raw := await child.stdout.readline():
            try:
                answer = json.loads(raw)
            except (ValueError, RecursionError):
                continue
            if isinstance(answer, dict):
                self._settle(answer)
                self._heard(answer)

    def _settle(self, answer: Answer) -> None:
        """An answered request need not be asked again of a restarted server."""
        self._unanswered = {kind: one for kind, one in self._unanswered.items() if one["id"] != answer.get("id")}

    async def _end(self, child: asyncio.subprocess.Process) -> None:
        self._child = None
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
        await asyncio.shield(child.communicate())

    def search(self, query: str, sort: Answer | None = None, limit: int = 50) -> int:
        """Send a query, for the first results by a column if there is a `sort`; answers carry the number returned."""
        return self._send("search", {"query": query, "limit": limit, **({"sort": sort} if sort else {})})

    def ask(self, question: str, llm: Answer | None = None, limit: int = 50) -> int:
        """Ask for a written answer, and have it put in other words by the model of an `[ask]` table."""
        return self._send("ask", {"ask": question, "limit": limit, **({"llm": llm} if llm else {})})

    def hush(self) -> None:
        """No more of the model that talks."""
        self._write({"hush": True})

    def complete(self, text: str, cursor: int) -> int:
        """Ask what the word before the cursor may be on its way to."""
        return self._send("complete", {"complete": text, "cursor": cursor})

    def open(self, path: str) -> int:
        """Ask for all that is known of one script, its text among it."""
        return self._send(f"open {path}", {"open": path})

    def _send(self, kind: str, request: Answer) -> int:
        self._newest += 1
        request = {"id": self._newest, **request}
        # Only the newest of its kind matters after a restart.
        self._unanswered[kind] = request
        self._write(request)
        return self._newest

    def _write(self, request: Answer) -> None:
        if self._child is not None and self._child.stdin is not None and not self._child.stdin.is_closing():
            self._child.stdin.write(json.dumps(request).encode() + b"\n")
