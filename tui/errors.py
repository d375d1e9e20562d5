"""Exit codes of the contract, and the error that a person can mend."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.lock import RunError

DONE, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130


class UsageError(Exception):
    """The request cannot be served as asked. The message is one line that says what would be accepted."""


def given_path(option: str, text: str) -> Path:
    """The path an option names, `~` expanded. Raises UsageError where it can be none."""
    if not text:
        raise UsageError(f"{option}: nothing is not accepted; a path is")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise UsageError(f"{option}: {text} is in the home of a user whom this machine does not know") from None


@contextmanager
def refusing() -> Iterator[None]:
    """What a run does not let happen is refused in its own words."""
    try:
        yield
    except RunError as error:
        raise UsageError(str(error)) from None
