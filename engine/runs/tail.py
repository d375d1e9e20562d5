"""Following a file of lines that another process appends to: by offset, in blocks of whole lines, never twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from engine.runs.events import open_file

BLOCK = 1 << 16  # bytes; the fastest of those tried, for it stays in the processor's cache
LONGEST = 1 << 22  # bytes of a line; a longer one is passed over


class Tail:
    """Where one reader of a file is. A torn last line is left for later: whoever writes on cuts it off or ends it."""

    def __init__(self, path: Path, last: int | None = None) -> None:
        """Begin at the beginning, or at the first line that begins in the `last` bytes the file has now."""
        self.path = path
        self.behind = False  # there is more to read than the last blocks were to hold
        self._offset = 0
        self._overlong = False  # the line at the offset began before it and is passed over
        self._inode = 0
        if last is not None:
            try:
                status = path.stat()
            except OSError:
                return
            # One byte more: where it ends a line, the line after it is whole.
            self._inode, self._offset = status.st_ino, max(0, status.st_size - last - 1)
            self._overlong = status.st_size > last

    def blocks(self, most: int | None = None) -> Iterator[bytes | None]:
        """What was appended, as blocks of whole lines; `most` bytes of it or a little more.

        None is yielded before the first block of a file that is another one than before. Nothing is read of what is
        missing or no file. Raises OSError where reading fails.
        """
        self.behind = False
        try:
            file = open_file(self.path)
        except OSError:
            return
        with file:
            status = os.fstat(file.fileno())
            if status.st_ino != self._inode or status.st_size < self._offset:
                self._offset, self._overlong, self._inode = 0, False, status.st_ino
                yield None
            if status.st_size == self._offset:
                return
            file.seek(self._offset)
            rest, begun = b"", self._offset
            while block := file.read(BLOCK):
                if end := block.rfind(b"\n") + 1:
                    whole = b"".join((rest, memoryview(block)[:end]))
                    rest = block[end:]
                    self._offset += len(whole)
                    if self._overlong:
                        whole, self._overlong = whole.partition(b"\n")[2], False
                    yield whole
                else:
                    rest += block
                if self._overlong or len(rest) > LONGEST:
                    self._offset += len(rest)
                    self._overlong, rest = True, b""
                if most is not None and self._offset - begun >= most:
                    self.behind = file.tell() < os.fstat(file.fileno()).st_size
                    return
