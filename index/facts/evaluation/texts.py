"""Texts that a script puts together: `"data/%s" % name`, `"{}/train".format(root)`, `os.path.join(root, "train")`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_PERCENT = re.compile(r"%(?P<kind>%|(\((?P<key>\w+)\))?[-+# 0-9.]*[a-zA-Z])")
_BRACES = re.compile(r"\{\{|\}\}|\{(?P<key>\w*)(![rsa])?(:[^{}]*)?\}")


def percent(template: str, values: Sequence[str]) -> str | None:
    """A template of `%` with its places filled in order; None where they are not as many as the values."""
    left = list(values)

    def place(match: re.Match[str]) -> str:
        return "%" if match["kind"] == "%" else left.pop(0) if left else "\0"

    text = _PERCENT.sub(place, template)
    return None if left or "\0" in text else text


def braces(template: str, values: Sequence[str], named: Mapping[str, str]) -> str | None:
    """A template of `str.format` with its places filled by order, by number or by name; None where one is missing."""
    given = {str(place): value for place, value in enumerate(values)} | dict(named)
    order = iter(range(len(values)))

    def place(match: re.Match[str]) -> str:
        if match["key"] is None:
            return match[0][0]
        return given.get(match["key"] or str(next(order, None)), "\0")

    text = _BRACES.sub(place, template)
    return None if "\0" in text else text


def joined(parts: Sequence[str]) -> str:
    """Parts of a path as `os.path.join` joins them: what begins anew at the root drops what came before."""
    text = ""
    for part in parts:
        text = part if part.startswith("/") or not text else f"{text.rstrip('/')}/{part}"
    return text
