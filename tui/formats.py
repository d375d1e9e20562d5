"""Numbers, sizes and times as a person reads them. Pure functions, used by the tables and the panels alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

NOT_STATED = "N/A"

# What an update of the index is at, by the names of its phases.
PHASES = {
    "scan": "looking for scripts",
    "read": "reading scripts",
    "words": "indexing words",
    "model": "loading the search model …",
    "meaning": "embedding passages",
}


def rate(value: float, digits: int = 4) -> str:
    """A learning rate: `1e-4`, `2.5e-4`, `0.05`."""
    if value == 0 or 0.01 <= abs(value) < 1000:
        text = f"{value:.{digits}g}"
        return text if "e" not in text else f"{value:.0f}"  # 100 in two digits
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def loss(value: float) -> str:
    """A loss to four significant digits, in a width that stays put while it falls."""
    if value == 0 or 0.001 <= abs(value) < 1000:
        return f"{value:.4f}"
    return f"{value:.2e}"


def size(count: float) -> str:
    """Bytes: `812 B`, `48 kB`, `1.4 GB`."""
    if count < 1000:
        return f"{count:.0f} B"
    for unit in ("kB", "MB", "GB"):
        count /= 1000
        if count < 999.5:
            return f"{count:.0f} {unit}" if unit == "kB" else f"{count:.3g} {unit}"
    return f"{count / 1000:.3g} TB"


def memory(count: float) -> str:
    """Memory of a device as its maker counts it: `80 GiB`."""
    return f"{count / 2**30:.0f} GiB"


def duration(seconds: float) -> str:
    """A time span in at most two units: `42s`, `1m20s`, `2h05m`, `3d4h`."""
    whole = round(max(0.0, seconds))
    minutes, s = divmod(whole, 60)
    hours, m = divmod(minutes, 60)
    days, h = divmod(hours, 24)
    if days:
        return f"{days}d{h}h"
    if hours:
        return f"{hours}h{m:02}m"
    return f"{minutes}m{s:02}s" if minutes else f"{s}s"


def roughly(seconds: float) -> str:
    """A time span in its largest unit alone, for one that grows while it is looked at: `40s`, `3m`, `2h`, `3d`."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size:.0f}{unit}"
    return f"{max(0.0, seconds):.0f}s"


def count(value: int) -> str:
    """A count that may be large: `5000`, `120k`, `3.4M`."""
    if value < 100_000:
        return str(value)
    for divisor, unit in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if value >= divisor:
            return f"{value / divisor:.3g}{unit}"
    return str(value)


def images(number: int) -> str:
    """ "1 image", "4 images"."""
    return "1 image" if number == 1 else f"{number} images"


def setting(value: object) -> str:
    """A setting's value as the command line takes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return next((told for digits in range(1, 18) if float(told := rate(value, digits)) == value), str(value))
    return ",".join(map(str, value)) or "none" if isinstance(value, list | tuple) else str(value)


def date(moment: str) -> str:
    """The day of an ISO-8601 time."""
    return moment[:10]


def ticks(marks: Sequence[float], log: bool = False) -> list[str]:
    """The labels of an axis, all in one notation: `0.50` beside `0.25`, `5k` beside `10k`, `1e-3` beside `5e-4`.

    Along a logarithmic axis each has the digits it needs, unless they are equally far apart.
    """
    sizes = [abs(mark) for mark in marks if mark]
    most, least = max(sizes, default=1.0), min(sizes, default=1.0)
    divisor, unit = next(((d, u) for d, u in ((1e9, "G"), (1e6, "M"), (1e3, "k")) if most >= d), (1.0, ""))
    if most < 10_000:
        divisor, unit = 1.0, ""
    if least < 0.001 or most >= 1e13 or (unit and least < divisor / 100):
        return [_power(mark) for mark in marks]
    if len(marks) < 2 or (log and not _equally_apart(marks)):
        return [f"{mark / divisor:.4g}{unit}" if mark else "0" for mark in marks]
    digits = _decimals(min(b - a for a, b in pairwise(marks)) / divisor)
    return [f"{mark / divisor:.{digits}f}{unit}" if mark else "0" for mark in marks]


def _equally_apart(marks: Sequence[float]) -> bool:
    gaps = [b - a for a, b in pairwise(marks)]
    return max(gaps) - min(gaps) < 1e-6 * max(gaps)


def _decimals(apart: float) -> int:
    """How many decimals numbers need that are so far apart and multiples of it."""
    return next((digits for digits in range(9) if abs(round(apart, digits) - apart) < 1e-6 * apart), 9)


def _power(value: float) -> str:
    mantissa, _, exponent = f"{value:.3e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}" if value else "0"


def moments(marks: Sequence[float]) -> list[str]:
    """The labels of an axis along the time: as :func:`duration` has it, and as exact as tells them apart."""
    apart = marks[1] - marks[0] if len(marks) > 1 else 1.0
    if apart < 1:
        return [f"{mark:.{_decimals(apart)}f}s" for mark in marks]
    return [_moment(round(mark), apart) for mark in marks]


def _moment(seconds: int, apart: float) -> str:
    minutes, s = divmod(seconds, 60)
    hours, m = divmod(minutes, 60)
    if apart < 60 and hours:
        return f"{hours}h{m:02}m{s:02}s"
    if apart < 3600 and hours >= 24:
        return f"{hours // 24}d{hours % 24}h{m:02}m"
    return duration(seconds)
