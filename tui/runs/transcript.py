"""What a run's trainer has said, as a terminal would show it: `log.txt`, and of one in the background `output.txt`.

Read by offset, never twice; kept are the newest lines. A carriage return begins its line anew (a progress bar is one
line), colours and cursor movements are left out, and everything else that is no text is replaced.
"""

from __future__ import annotations

import codecs
import os
import re
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from engine.runs.events import open_file
from engine.runs.folder import LOG, OUTPUT
from tui.text import sanitise

MOST_LINES = 5000
AT_OPENING = 1 << 18  # bytes of a file that was there before
AT_ONCE = 1 << 20  # bytes between two looks
LONGEST = 4000  # characters of a line
# Of what ECMA-48 calls control sequences and strings: ESC [ … letter, ESC ] … BEL or ESC \
ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")


class Said(Struct, frozen=True):
    """A line, or where `heading` is set the name of the file that the next ones come from."""

    text: str
    heading: bool = False


class Transcript:
    """Both files of one run. :meth:`look` may block on a slow disk, so it is called in a thread."""

    def __init__(self, run: Path) -> None:
        self.run = run
        self._files = [_Growing(run / OUTPUT), _Growing(run / LOG)]
        self._lines: deque[Said] = deque(maxlen=MOST_LINES)
        self._last: _Growing | None = None

    def look(self) -> bool:
        """Read what is new; whether there was anything."""
        grown = False
        for file in self._files:
            before = file.unfinished
            for text in (found := file.more()):
                if self._last is not file:
                    self._last = file
                    self._lines.append(Said(file.path.name, heading=True))
                self._lines.append(Said(text))
            grown = grown or bool(found) or file.unfinished != before
        return grown

    @property
    def lines(self) -> Sequence[Said]:
        """Oldest first; those that are still being written last."""
        return [*self._lines, *(Said(file.unfinished) for file in self._files if file.unfinished)]


class _Growing:
    """A file of text that another process appends to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.unfinished = ""  # the last line, as it looks now
        self._raw = ""  # what it was made of
        self._offset: int | None = None
        self._inode = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def more(self) -> list[str]:
        """The lines that were ended since the last time. A file that is missing or none has none."""
        try:
            with open_file(self.path) as file:
                status = os.fstat(file.fileno())
                if self._offset is None or status.st_ino != self._inode or status.st_size < self._offset:
                    self._inode, self._offset = status.st_ino, max(0, status.st_size - AT_OPENING)
                    self._decoder.reset()
                    self._raw = ""
                    file.seek(self._offset)
                    if self._offset:
                        self._offset += len(file.readline(AT_OPENING))
                file.seek(self._offset)
                data = file.read(AT_ONCE)
        except OSError:
            return []
        self._offset += len(data)
        *ended, self._raw = (self._raw + self._decoder.decode(data)).split("\n")
        self.unfinished = shown(self._raw)
        if len(self._raw) > LONGEST:  # a bar that was drawn a thousand times
            self._raw = self.unfinished + ("\r" if self._raw.endswith("\r") else "")
        return [shown(line) for line in ended]


def shown(line: str) -> str:
    """A line as a terminal shows it in the end: what follows a carriage return is written over what was there."""
    text = ""
    for part in ESCAPES.sub("", line).split("\r"):
        text = part + text[len(part) :]
    return sanitise(text.expandtabs())[:LONGEST].rstrip()
