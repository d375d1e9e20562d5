"""Exit codes of the contract, and the error that a person can mend."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

DONE, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130


class UsageError(Exception):
    """The request cannot be served as asked. The message is one line that says what would be accepted."""


@contextmanager
def refusing() -> Iterator[None]:
    """What a run does not let happen is refused in its own words."""
    from engine.runs.lock import RunError  # whoever deals with a run has it, a search does without

    try:
        yield
    except RunError as error:
        raise UsageError(str(error)) from None
