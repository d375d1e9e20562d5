"""An OpenAI-compatible server for tests: real HTTP, in a thread, saying what it is told to say in whatever pieces."""

from __future__ import annotations

import json
import select
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# text, a delta, seconds of silence, silence until something is set, or None: the connection is cut
Piece = str | dict[str, str] | float | threading.Event | None


@dataclass
class Model:
    """What it says, and what it was asked."""

    pieces: Sequence[Piece]
    redirect: str | None = None
    garbage: bytes | None = None
    status: int = 200
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""
    left: threading.Event = field(default_factory=threading.Event)  # whoever asked has hung up


@contextmanager
def served(model: Model) -> Iterator[Model]:
    released = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self._reply(200, json.dumps({"data": [{"id": "tiny-model"}]}).encode())

        def do_POST(self) -> None:
            model.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if model.redirect:
                self.send_response(307)
                self.send_header("Location", model.redirect)
                self.end_headers()
            elif model.garbage is not None or model.status != 200:
                self._reply(model.status, model.garbage or b"")
            else:
                self._stream()

        def _reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _stream(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for piece in model.pieces:
                if piece is None:
                    return
                if isinstance(piece, float | threading.Event):
                    if self._left_within(piece):
                        return
                    continue
                delta = {"content": piece} if isinstance(piece, str) else piece
                self._event(json.dumps({"choices": [{"delta": delta, "finish_reason": None}]}))
                time.sleep(0.001)
            self._event(json.dumps({"choices": [{"delta": {}, "finish_reason": "stop"}]}))
            self._event("[DONE]")

        def _left_within(self, silence: float | threading.Event) -> bool:
            gate, seconds = (released, silence) if isinstance(silence, float) else (silence, 60.0)
            end = time.monotonic() + seconds
            while not (gate.is_set() or released.is_set()) and time.monotonic() < end:
                if select.select([self.connection], [], [], 0.02)[0]:
                    model.left.set()
                    return True
            return False

        def _event(self, data: str) -> None:
            self.wfile.write(f": keep-alive\n\ndata: {data}\n\n".encode())
            self.wfile.flush()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    model.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield model
    finally:
        released.set()
        server.shutdown()
        server.server_close()
