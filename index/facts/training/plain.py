"""A training as plain facts: its numbers within what they can be, and the lines that prove them."""

from __future__ import annotations

from index.facts.evaluation.values import Value
from index.facts.training.training import Training
from index.record import Stage


def stage(training: Training) -> Stage:
    """The training without what proves it."""
    return Stage(
        training.name,
        training.line,
        count(training.batch),
        rate(training.lr),
        training.optimizer_name or None,
        count(training.epochs),
    )


def proof(training: Training) -> int:
    """The line of what is stepped, or of what names it; of one in another file the line that leads there."""
    made, named = training.optimizer, training.named
    return (made.line if made is not None else named.line if named is not None else 0) or training.line


def count(value: Value | None) -> int | None:
    """A batch size or a number of epochs: a whole number above 0; None for any other."""
    number = value.number if value is not None else None
    return int(number) if number is not None and number == int(number) and 0 < number < 10**9 else None


def rate(value: Value | None) -> float | None:
    """A learning rate: a number above 0 and below 1,000; None for any other."""
    number = value.number if value is not None else None
    # 3 * 10 ** -4 is 3e-4 to whoever wrote it
    return float(f"{float(number):.12g}") if number is not None and 0 < number < 1000 else None


def evidence(training: Training) -> dict[str, int | str]:
    """Field → the line of its proof; or what an unresolved value hangs on."""
    found: dict[str, int | str] = {}
    if training.optimizer_name:
        made = training.optimizer
        named = made.named if made is not None else training.named
        found["optimizer"] = (named.line if named is not None else 0) or proof(training)
        if beside := named.beside if named is not None else made.beside if made is not None else "":
            found["optimizer_from"] = beside
    for field, value, number in (
        ("batch", training.batch, count(training.batch)),
        ("lr", training.effective or training.lr, rate(training.effective or training.lr)),
        ("epochs", training.epochs, count(training.epochs)),
    ):
        if value is not None and (number is not None or value.text):
            found[field] = value.line if number is not None else value.text
            if number is not None and value.beside:
                found[f"{field}_from"] = value.beside
    return found
