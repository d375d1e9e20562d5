"""What all scripts that fit have together: how many have each value, the most common, an average, the largest."""

from __future__ import annotations

from collections.abc import Sequence

from index.answers.claims import Claim, first, proof, told
from index.answers.found import Found, Value
from index.answers.wording import an, count, listed, name, plain, plural, quantity, value_of

_NAMES, _GROUPS = 30, 12  # values that are told of one by one, with how many scripts have each; so many of a number
_BESIDE = 4  # of those beside another answer
_TWO = 2  # scripts are told of one by one
_NAMED = 3  # scripts that are named for a value
_NUMBERS = {"lr", "batch", "epochs"}


def total(found: Found, kind_of_total: str, field: str) -> list[Claim]:
    """What is asked of one fact, over all that fits."""
    values = found.values(field)
    if not values:
        return [told(f"None of {found.all} states {an(field)}.", map(first, found.rows(_NAMED)))]
    if " " in field:
        return [_periods(found, field, values)]
    if kind_of_total in {"most", "least"}:
        return [_commonest(found, field, values, least=kind_of_total == "least")]
    if kind_of_total in {"mean", "median", "range", "sum"} and field in _NUMBERS:
        return [_spread(found, field, values, kind_of_total)]
    return [groups(found, field, values)]


def groups(found: Found, field: str, values: Sequence[Value]) -> Claim:
    """How many scripts have each value."""
    most = _GROUPS if field in _NUMBERS else _NAMES
    said, rest = values[:most], values[most:]
    stating = found.stating(field)
    each = [f"{value_of(field, one.value)} in {one.count:,}" for one in said]
    if rest:
        each.append(f"{count(len(rest), 'other value')} in {sum(one.count for one in rest):,}")
    if len(values) == 1 and stating == values[0].count:
        each = [value_of(field, values[0].value)]
    several = ", some several" if sum(one.count for one in values) > stating else ""
    states = f"{'states' if stating == 1 else 'state'} {an(field)}"
    if field == "kind":
        states = f"{'is' if stating == 1 else 'are'} of a known kind"
    whole = f"All {found.all}" if len(found.ids) > 1 else found.all
    who = whole if stating == len(found.ids) else f"Of {found.all}, {stating:,}"
    return told(f"{who} {states}{several}: {listed(each)}.", found.cites(field, said))


def _periods(found: Found, field: str, values: Sequence[Value]) -> Claim:
    """How many scripts each period has, in their order; of many periods the last."""
    ordered = sorted(values, key=lambda one: str(one.value))
    said = ordered[-_NAMES:]
    each = [f"{one.count:,} in {value_of(field, one.value)}" for one in said]
    if earlier := ordered[:-_NAMES]:
        each.insert(0, f"{sum(one.count for one in earlier):,} earlier")
    return told(f"{found.all} by {name(field)}: {listed(each)}.", found.cites(field, said))


def beside(found: Found, fields: Sequence[str]) -> list[Claim]:
    """What those that fit have in common or differ in, where there are enough of them."""
    claims = []
    for field in fields if len(found.ids) > _TWO else ():
        values = found.values(field)
        said = values[:_BESIDE]
        each = [f"{value_of(field, one.value)} in {one.count:,}" for one in said]
        if others := len(values) - len(said):
            each.append(count(others, "other"))
        if len(values) == 1 and values[0].count == len(found.ids):
            each = [f"all {value_of(field, values[0].value)}"]
        silent = len(found.ids) - found.stating(field)
        rest = f"; {silent:,} {'states' if silent == 1 else 'state'} none" if silent else ""
        if values:
            claims.append(told(f"By {name(field)}: {listed(each)}{rest}.", found.cites(field, said)))
    return claims


def _commonest(found: Found, field: str, values: Sequence[Value], *, least: bool) -> Claim:
    """Which value most or fewest scripts have, and what comes next."""
    ordered = sorted(values, key=lambda one: one.count) if least else list(values)
    alike = [one for one in ordered if one.count == ordered[0].count]
    said, others = alike[:_GROUPS], [one for one in ordered if one.count != ordered[0].count][:_BESIDE]
    more = [f"{len(alike) - len(said)} more"] if len(alike) > len(said) else []
    names = listed([*(value_of(field, one.value) for one in said), *more])
    superlative = "least common" if least else "most common"
    verb, noun, each = ("is", quantity(field), "") if len(alike) == 1 else ("are", plural(field), " each")
    among = f" among {found.all}" if found.asked(several=True) else ""
    of = f"{found.stating(field):,} that {'are of a known kind' if field == 'kind' else f'state {an(field)}'}"
    text = f"{names} {verb} the {superlative} {noun}{among}: {ordered[0].count:,}{each} of the {of}"
    if others:
        text += f"; then {listed([f'{value_of(field, one.value)} in {one.count:,}' for one in others])}"
    return told(f"{text}.", found.cites(field, [*said, *others]))


def _spread(found: Found, field: str, values: Sequence[Value], wanted: str) -> Claim:
    """The average, the median, and from where to where a number goes; a script counts once for each of its values."""
    ordered = sorted(values, key=lambda one: float(one.value))
    times = sum(one.count for one in ordered)
    low, high, common = ordered[0], ordered[-1], values[0]
    over = f"over {count(times, 'value')} that {_some(found, field)}"
    ends = f"from {plain(low.value)} to {plain(high.value)}"
    most = f"the most common {plain(common.value)} (in {common.count:,})"
    middle = f"{median(values):.4g}"
    if wanted == "sum":
        total_of = sum(float(one.value) * one.count for one in ordered)
        text = f"The {plural(field)} add up to {total_of:,.10g}, {over}; they go {ends}, {most}."
    elif wanted == "range":
        text = f"The {plural(field)} go {ends}, {over}; the median is {middle}, {most}."
    elif wanted == "median":
        text = f"The median {quantity(field)} is {middle}, {over}; they go {ends}, {most}."
    else:
        text = f"The average {quantity(field)} is {average(values):.4g}, {over}; the median is {middle}, {most}."
    return told(text, found.cites(field, [low, high, common]))


def _some(found: Found, field: str) -> str:
    """ "266 of 431 scripts state"."""
    stating = found.stating(field)
    of = found.all if stating == len(found.ids) else f"{stating:,} of {found.all}"
    return f"{of} {'states' if stating == 1 else 'state'}"


def average(values: Sequence[Value]) -> float:
    return sum(float(one.value) * one.count for one in values) / sum(one.count for one in values)


def median(values: Sequence[Value]) -> float:
    every = sorted(float(one.value) for one in values for _ in range(one.count))
    return (every[(len(every) - 1) // 2] + every[len(every) // 2]) / 2


def extreme(found: Found, field: str, *, largest: bool) -> list[Claim]:
    """The largest or smallest value of a number, and the scripts that have it and the next ones."""
    values = sorted(found.values(field), key=lambda one: float(one.value), reverse=largest)
    if not values:
        return total(found, "groups", field)
    parts, cites = [], []
    for one in values[:_NAMED]:
        rows = found.having(field, one.value, _NAMED)
        names = [row.model_id for row in rows]
        names += [f"{one.count - len(rows):,} more"] if one.count > len(rows) else []
        parts.append(f"{plain(one.value)} in {listed(names)}")
        cites += [proof(row, field, one.value) for row in rows]
    high, low = {"epochs": ("largest", "smallest"), "lr": ("highest", "lowest")}.get(field, ("largest", "smallest"))
    then = f"; then {', then '.join(parts[1:])}" if parts[1:] else ""
    text = f"The {high if largest else low} {quantity(field)} that {_some(found, field)} is {parts[0]}{then}."
    return [told(text, cites)]
