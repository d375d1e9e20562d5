"""What filters say by themselves, whatever the words beside them find: what scripts are of, have, or are called."""

from __future__ import annotations

from collections.abc import Sequence

from index.understanding.filters import Filter

_SETTINGS = {"batch", "lr", "epochs", "optimizer", "hw"}


def of_its_kind(wanted: Filter) -> bool:
    """Whether a filter says what scripts are of, rather than when, how large, or what not."""
    return not wanted.negated and wanted.field in {"dataset", "tag", "arch"}


def enough(filters: Sequence[Filter], *, known: bool, unanswered: bool, of_the_field: bool) -> bool:
    """Whether filters are an answer where the words find none of what passes them: one that names a dataset or a
    library is; so are others beside a single word that scripts have (`known`); and, where nothing at all has the words
    (`unanswered`), those of settings, and any where the words are not of other things (`of_the_field`)."""
    if any(map(_names, filters)) or (known and any(map(_states, filters))):
        return True
    setting = any(one.field in _SETTINGS for one in filters)
    return unanswered and (setting or (of_the_field and any(map(_states, filters))))


def _states(wanted: Filter) -> bool:
    """Whether a filter says what scripts are to have, rather than not, or merely hold; of a device also not."""
    return wanted.field in {"hw", "all"} or (not wanted.negated and wanted.field != "text")


def _names(wanted: Filter) -> bool:
    """Whether a filter is a proper name, of a dataset, a library or a game."""
    return not wanted.negated and wanted.field in {"dataset", "framework", "text"} and wanted.op in {"eq", "in"}
