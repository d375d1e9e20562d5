"""Questions put together from the forms of the language: whatever stands beside it, each statement means the same."""

from __future__ import annotations

from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.understanding.filters import Filter
from index.understanding.query import Query, parse

TODAY = date(2025, 7, 16)
Statement = tuple[str, Filter]

PERIODS = {
    "April 2025": ("2025-04-01", "2025-04-30"), "2025-04": ("2025-04-01", "2025-04-30"),
    "Apr 2025": ("2025-04-01", "2025-04-30"), "04/2025": ("2025-04-01", "2025-04-30"),
    "spring 2025": ("2025-03-01", "2025-05-31"), "Q1 2025": ("2025-01-01", "2025-03-31"),
    "the first quarter of 2025": ("2025-01-01", "2025-03-31"), "9 April 2025": ("2025-04-09", "2025-04-09"),
    "April 9th, 2025": ("2025-04-09", "2025-04-09"), "2025-04-09": ("2025-04-09", "2025-04-09"),
    "the 9th of April 2025": ("2025-04-09", "2025-04-09"), "last month": ("2025-06-01", "2025-06-30"),
    "2024": ("2024-01-01", "2024-12-31"), "April '25": ("2025-04-01", "2025-04-30"),
    "Apr'25": ("2025-04-01", "2025-04-30"),
    "yesterday": ("2025-07-15", "2025-07-15"), "Friday": ("2025-07-11", "2025-07-11"),
    "yesterday evening": ("2025-07-15", "2025-07-15"), "29 February 2024": ("2024-02-29", "2024-02-29"),
    "the first Monday of June 2025": ("2025-06-02", "2025-06-02"),
    "the second half of 2024": ("2024-07-01", "2024-12-31"),
}  # fmt: skip
VERBS = {"created": "created", "written": "created", "made": "created", "modified": "modified", "edited": "modified",
         "last changed": "modified"}  # fmt: skip
WHOLE, BEFORE, UNTIL, AFTER, SINCE = ("in", "during", "within"), (
    "before", "prior to", "earlier than", "up to but not including", "until but excluding"), (
    "until", "no later than", "up to and including"), ("after", "later than"), ("since", "no earlier than")  # fmt: skip
NUMBERS = {"64": 64, "sixty-four": 64, "256": 256, "two hundred and fifty-six": 256, "1,000": 1000, "a thousand": 1000,
           "a dozen": 12, "1e3": 1000, "2k": 2000}  # fmt: skip
COMPARED = {"more than": "gt", "over": "gt", "above": "gt", ">": "gt", "greater than": "gt", "less than": "lt",
            "under": "lt", "fewer than": "lt", "<": "lt", "at least": "ge", "no less than": "ge", "≥": "ge",
            "a minimum of": "ge", "at most": "le", "up to": "le", "no more than": "le", "≤": "le", "at or above": "ge",
            "at or below": "le", "at the very least": "ge", "bigger as": "gt"}  # fmt: skip
RATES = {"1e-3": 1e-3, "0.001": 1e-3, "3e-4": 3e-4, ".01": 0.01, "10^-4": 1e-4, "one thousandth": 1e-3}
FORMS = ("with {how} {said} epochs", "trained for {how} {said} epochs", "batch size {how} {said}",
         "a batch size of {how} {said}", "epochs {how} {said}")  # fmt: skip
TERMS = {
    "RNN": ("tag", "rnn"), "attention": ("tag", "attention"), "U-Net": ("tag", "unet"), "convolutions": ("tag", "cnn"),
    "residual blocks": ("tag", "resnet"), "self-attention": ("tag", "attention"), "LSTMs": ("tag", "lstm"),
    "MNIST": ("dataset", "MNIST"), "Fashion-MNIST": ("dataset", "FashionMNIST"), "CIFAR 10": ("dataset", "CIFAR10"),
    "Oxford Flower": ("dataset", "Flowers102"), "PyTorch": ("framework", "PyTorch"), "JAX": ("framework", "JAX"),
    "AdamW": ("optimizer", "AdamW"), "RMSprop": ("optimizer", "RMSprop"),
}  # fmt: skip
DENIALS = ("not using", "without", "excluding", "except", "but no", "that do not use", "which doesn't use", "lacking",
           "other than", "never using", "leaving aside", "exclude:", "without, say,", "anything but")  # fmt: skip


@st.composite
def dated(draw: st.DrawFn) -> Statement:
    (said, field), (period, ends) = draw(st.sampled_from([*VERBS.items()])), draw(st.sampled_from([*PERIODS.items()]))
    how = draw(st.sampled_from([*WHOLE, *BEFORE, *UNTIL, *AFTER, *SINCE]))
    first, last = (date.fromisoformat(end) for end in ends)
    after = date.fromordinal(last.toordinal() + 1).isoformat()
    if how in WHOLE:
        return f"{said} {how} {period}", Filter(field, "range", ends)
    if how in BEFORE:
        return f"{said} {how} {period}", Filter(field, "lt", first.isoformat())
    if how in UNTIL:
        return f"{said} {how} {period}", Filter(field, "lt", after)
    return f"{said} {how} {period}", Filter(field, "ge", first.isoformat() if how in SINCE else after)


@st.composite
def counted(draw: st.DrawFn) -> Statement:
    (how, op), (said, value) = draw(st.sampled_from([*COMPARED.items()])), draw(st.sampled_from([*NUMBERS.items()]))
    form = draw(st.sampled_from(FORMS))
    return form.format(how=how, said=said), Filter("batch" if "batch" in form else "epochs", op, value)


@st.composite
def rated(draw: st.DrawFn) -> Statement:
    said, value = draw(
        st.sampled_from([("1e-3", 1e-3), ("0.001", 1e-3), ("3e-4", 3e-4), (".01", 0.01), ("10^-4", 1e-4)])
    )
    how, op = draw(st.sampled_from([*COMPARED.items(), ("", "eq"), ("of", "eq")]))
    name = draw(st.sampled_from(["lr", "learning rate", "a learning rate", "learning_rate"]))
    return " ".join(f"{name} {how} {said}".split()), Filter("lr", op, value)


@st.composite
def denied(draw: st.DrawFn) -> Statement:
    how, (said, (field, value)) = draw(st.sampled_from(DENIALS)), draw(st.sampled_from([*TERMS.items()]))
    return f"{how} {said}", Filter(field, "eq", value, True)


@st.composite
def used(draw: st.DrawFn) -> Statement:
    said, (field, value) = draw(st.sampled_from([*TERMS.items()]))
    how = "trained on" if field == "dataset" else draw(st.sampled_from(["using", "with", "that use"]))
    return f"{how} {said}", Filter(field, "eq", value)


STATEMENTS = st.one_of(dated(), counted(), rated(), denied(), used())
STARTS = ("models", "show me scripts", "please find models", "GANs", "which of my scripts are", "autoencoders")


def meaning(one: Filter) -> tuple[object, ...]:
    value = round(one.value, 12) if isinstance(one.value, float) else one.value
    return one.field, one.op, value, one.negated


def read(text: str) -> Query:
    return parse(text, TODAY)


@settings(max_examples=400, deadline=None)
@given(STATEMENTS, st.sampled_from(STARTS))
@example(("created in April 2025", Filter("created", "range", ("2025-04-01", "2025-04-30"))), "please find models")
def test_every_form_of_a_statement_is_its_filter(statement: Statement, start: str) -> None:
    text, wanted = statement
    found = read(f"{start} {text}")
    assert {meaning(one) for one in found.filters} == {meaning(wanted)}
    assert not found.unclear


@settings(max_examples=400, deadline=None)
@given(st.lists(STATEMENTS, min_size=2, max_size=3, unique_by=lambda one: one[1].field), st.sampled_from([", ", "; "]))
def test_statements_beside_each_other_keep_their_meaning(statements: list[Statement], joint: str) -> None:
    text = "models " + joint.join(said for said, _ in statements)
    assert {meaning(one) for one in read(text).filters} == {meaning(wanted) for _, wanted in statements}


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_nothing_typed_breaks_the_reading(text: str) -> None:
    try:
        found = read(text)
    except ValueError as error:  # a QueryError names its column
        assert getattr(error, "column", 0) >= 1
    else:
        assert all(one.column >= 1 for one in found.unclear)
