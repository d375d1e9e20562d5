"""The search process's door: a socket in the index's folder, by which a command asks what an open workbench already has
in memory. Behind it the same JSON lines as on its stdin, see :mod:`index.serving.server`."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, TextIO

_NAME = "search.sock"
_LONGEST = 100  # bytes of a path that every system takes for a socket
_KNOCK_S = 0.3  # a live process answers at once
Message = dict[str, Any]


class Shut(Exception):  # noqa: N818  named for what it says
    """Nobody answers: there is no open workbench, or it is of another version."""


def open_door(folder: Path, enter: Callable[[TextIO, TextIO], None]) -> Callable[[], None] | None:
    """Listens in a thread of its own; `enter` is called, in a thread for each who comes, with what they say and what
    they hear. Returns what shuts it; None where another process listens already, or none can."""
    import threading

    place = folder / _NAME
    if len(os.fsencode(place)) > _LONGEST or not hasattr(socket, "AF_UNIX") or _alive(place):
        return None
    listener = socket.socket(socket.AF_UNIX)
    try:
        with suppress(FileNotFoundError):
            place.unlink()  # left by one that was killed
        before = os.umask(0o077)
        try:
            listener.bind(str(place))
        finally:
            os.umask(before)
        place.chmod(0o700)
        listener.listen(8)
        own = place.stat().st_ino
    except OSError:  # a folder that cannot be written, or knows no sockets
        listener.close()
        return None

    def come_in(visitor: socket.socket) -> None:
        heard = visitor.makefile("r", encoding="utf-8", errors="replace")
        said = visitor.makefile("w", encoding="utf-8")
        with suppress(OSError, ValueError), visitor, heard, said:
            enter(heard, said)

    def listen() -> None:
        with suppress(OSError):  # shut
            while True:
                visitor, _ = listener.accept()
                threading.Thread(target=come_in, args=(visitor,), daemon=True).start()

    def shut() -> None:
        with suppress(OSError):
            if place.stat().st_ino == own:  # not one that another process has put there since
                place.unlink()
        listener.close()

    threading.Thread(target=listen, daemon=True).start()
    return shut


def _alive(place: Path) -> bool:
    with closing(socket.socket(socket.AF_UNIX)) as knock:
        knock.settimeout(_KNOCK_S)
        try:
            knock.connect(str(place))
        except OSError:
            return False
        return True


class Visitor:
    """Asks through the door. Shut where nobody is behind it, at any time."""

    def __init__(self, folder: Path, patience_s: float) -> None:
        place = folder / _NAME
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            if place.lstat().st_uid != os.getuid():
                raise PermissionError
            self._socket.settimeout(_KNOCK_S)
            self._socket.connect(str(place))
        except OSError:
            self._socket.close()
            raise Shut from None
        self._socket.settimeout(patience_s)
        self._heard = self._socket.makefile("r", encoding="utf-8")

    def close(self) -> None:
        self._heard.close()
        self._socket.close()

    def ask(self, message: Message) -> Message:
        """The one answer to a request."""
        try:
            self._socket.sendall(json.dumps(message).encode() + b"\n")
            answer = json.loads(self._heard.readline())
        except (OSError, ValueError, RecursionError):
            raise Shut from None
        if not isinstance(answer, dict) or answer.get("id") != message["id"]:
            raise Shut
        return answer
