"""One fact for each value of another: the average learning rate by optimizer, the batch sizes by framework."""

from __future__ import annotations

from collections.abc import Sequence

from index.answers.claims import Cite, Claim, proof, told
from index.answers.found import Found, Value
from index.answers.totals import average, median, total
from index.answers.wording import count, name, plain, plural, quantity, value_of
from index.ranking.reasons import fits
from index.understanding.filters import Filter

_GROUPS = 20  # that are told of one by one
_VALUES = 4  # of each, where all are asked for
_MOST = {"most": "most common", "least": "least common", "largest": "largest", "smallest": "smallest"}


def divided(found: Found, wanted: str, field: str, by: str, only: Filter | None = None) -> list[Claim]:
    """What is asked of a fact, for each value of another one, or for those of `only`; and for all together where
    it is a figure."""
    groups = {group: values for group, values in found.crossed(field, by).items() if only is None or fits(group, only)}
    if not groups:
        return total(found, wanted, field)
    said = [*groups.items()][:_GROUPS]
    parts = [f"{value_of(by, group)} {_told(wanted, field, values)}" for group, values in said]
    if " over " in parts[0]:
        parts[0] += " value" if parts[0].endswith(" 1") else " values"
    if rest := [*groups.items()][_GROUPS:]:
        parts.append(f"{count(len(rest), 'other value')} in {sum(one.count for _, some in rest for one in some):,}")
    cites = [cite for _, values in said for cite in _cites(found, field, _shown(wanted, values))]
    claim = told(f"{_title(found, wanted, field)} by {name(by)}: {'; '.join(parts)}.", cites)
    together = wanted in {"mean", "median", "sum"} and len(groups) > 1
    return [claim, *(total(found, wanted, field) if together else [])]


def _title(found: Found, wanted: str, field: str) -> str:
    among = f" of {found.all}" if found.asked(several=True) else ""
    if wanted in {"mean", "median"}:
        return f"The {'average' if wanted == 'mean' else wanted} {quantity(field)}{among}"
    if wanted in _MOST:
        return f"The {_MOST[wanted]} {quantity(field)}{among}"
    if wanted == "sum":
        return f"The sum of {plural(field)}{among}"
    title = plural(field)
    return f"{title[:1].upper()}{title[1:]}{among}"


def _told(wanted: str, field: str, values: Sequence[Value]) -> str:
    over = f" over {sum(one.count for one in values):,}"
    if wanted == "mean":
        return f"{average(values):.4g}{over}"
    if wanted == "median":
        return f"{median(values):.4g}{over}"
    if wanted == "sum":
        return f"{sum(float(one.value) * one.count for one in values):,.10g}{over}"
    if wanted == "range":
        low, high = _shown(wanted, values)
        return f"{plain(low.value)} to {plain(high.value)}{over}"
    shown = _shown(wanted, values)
    each = ", ".join(f"{value_of(field, one.value)} in {one.count:,}" for one in shown)
    rest = len(values) - len(shown)
    others = f" and {count(rest, 'other')}" if rest and wanted == "groups" else ""
    return f"has {each}{others}"


def _shown(wanted: str, values: Sequence[Value]) -> list[Value]:
    """The values that a total tells of, or that stand for it."""
    ordered = sorted(values, key=lambda one: float(one.value)) if wanted in {"largest", "smallest", "range"} else []
    if wanted == "range":
        return [ordered[0], ordered[-1]]
    if ordered:
        return [ordered[-1 if wanted == "largest" else 0]]
    if wanted == "least":
        return [min(values, key=lambda one: one.count)]
    return [*values[: _VALUES if wanted == "groups" else 1]]


def _cites(found: Found, field: str, values: Sequence[Value]) -> list[Cite]:
    rows = {row.id: row for row in found.catalog.rows(one.script for one in values)}
    return [proof(rows[one.script], field, one.value) for one in values if one.script in rows]
