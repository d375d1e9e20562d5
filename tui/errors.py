"""Exit codes of the contract, and the error that a person can mend."""

from __future__ import annotations

DONE, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130


class UsageError(Exception):
    """The request cannot be served as asked. The message is one line that says what would be accepted."""
