"""One setting: what it takes, in words and in checks. Every error names the setting, its value and what would do."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class ConfigError(ValueError):
    """A setting that cannot be used. The message is one line: the setting, its value and what would be accepted."""


@dataclass(frozen=True)
class Setting:
    """What is known about one setting beside its type and default.

    `low` and `high` are inclusive. `pattern` is what text must match, and `form` says so to a person. With `listed`,
    several of the choices are accepted too, one a level of the network, with commas between them.
    """

    group: str
    help: str
    choices: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    pattern: str = ""
    form: str = ""
    listed: bool = False

    def accepted(self, kind: type) -> str:
        """What the setting takes, in words: 'one of adam, adamw, sgd', 'a whole number from 1 to 65536'."""
        if self.choices:
            more = ", or one a level such as none,linear,softmax" if self.listed else ""
            return f"{'some' if kind is tuple else 'one'} of {', '.join(self.choices)}{more}"
        if self.form:
            return self.form
        if kind is bool:
            return "true or false"
        noun = {int: "a whole number", float: "a number", tuple: "whole numbers such as 32,64,128", str: "text"}[kind]
        if self.low > -math.inf and self.high < math.inf:
            low, high = (f"{self.low:g}", f"{self.high:g}") if kind is float else (str(self.low), str(self.high))
            return f"{noun} from {low} to {high}"
        return noun

    def allows(self, value: object) -> bool:
        """Whether a value of the right kind is one of the choices, matches the pattern and lies in the range."""
        if self.choices:
            return set(value if isinstance(value, tuple) else self.parts(value)) <= set(self.choices)
        if isinstance(value, str):
            return not self.pattern or re.fullmatch(self.pattern, value) is not None
        if isinstance(value, bool):
            return True
        numbers = value if isinstance(value, tuple) else (value,)
        return bool(numbers) and all(self.low <= n <= self.high for n in numbers)

    def parts(self, value: object) -> list[str]:
        """The choices that a text names: several where the setting is `listed`."""
        return str(value).split(",") if self.listed else [str(value)]


def setting(default: Any, group: str, help: str, **about: Any) -> Any:
    """A dataclass field that is a :class:`Setting`."""
    return field(default=default, metadata={"setting": Setting(group, help, **about)})


def converted(about: Setting, kind: type, raw: object) -> Any:
    """Text or a TOML value as the setting's kind. Raises ValueError, KeyError, TypeError or OverflowError."""
    if kind is bool:
        return raw if isinstance(raw, bool) else {"true": True, "false": False}[str(raw).strip().lower()]
    if isinstance(raw, bool):
        raise ValueError
    if kind is str:
        if about.listed and isinstance(raw, list | tuple):
            raw = ",".join(str(part) for part in raw)
        if not isinstance(raw, str) or not raw.strip():
            raise ValueError
        return re.sub(r"\s*,\s*", ",", raw.strip()) if about.listed else raw.strip()
    if kind is tuple:
        parts: Iterable[object] = re.split(r"[,\s]+", raw.strip("()[] ,")) if isinstance(raw, str) else raw  # type: ignore[assignment]
        if about.choices:
            return tuple(dict.fromkeys(str(p) for p in parts if p not in ("", "none")))
        return tuple(_whole(p) for p in parts)
    if kind is int:
        return _whole(raw)
    number = float(raw)  # type: ignore[arg-type]
    if not math.isfinite(number):
        raise ValueError
    return number


def given_path(name: str, text: str) -> Path:
    """The path that `name` is given as, `~` expanded. Raises ConfigError where it can be none."""
    if not text:
        raise ConfigError(f"{name}: nothing is not accepted; a path is")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise ConfigError(f"{name}: {text} is in the home of a user whom this machine does not know") from None


def _whole(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise ValueError
    try:
        return int(raw) if not isinstance(raw, float) else int(raw) if raw.is_integer() else _whole(str(raw))
    except ValueError:
        number = float(raw)  # 1e5 is a whole number too
        if not number.is_integer():
            raise
        return int(number)
