"""What was understood of a question, as the chips show it."""

from __future__ import annotations

from datetime import date

import pytest

from index.understanding.query import parse
from tui.scripts.chips import chips, edited, joined, without


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("GAN created in 2025-13", ["“gan” as tag gan", "? 2025-13: not understood as a date"]),
        ("attention", ["“attention” as tag attention"]),
        ("adamw", ["“adamw”", "optimizer AdamW"]),
        ("the 3 newest scripts larger than 4 kB", ["size > 4000", "by -created", "first 3"]),
        ("using CNN or batch size 64", ["“cnn”", "tag cnn or batch 64"]),
        ("not (tag:cnn batch:64)", ["not (tag cnn and batch 64)"]),
        ("without batch norm, with dropout", ["“dropout”", "without batch-norm", "with dropout"]),
    ],
)
def test_chips(question: str, expected: list[str]) -> None:
    found = chips({"understood": parse(question, date(2025, 7, 16)).to_json()})
    assert [one.label for one in found] == expected


@pytest.mark.parametrize("broken", [None, [], {"filters": 3, "sort": "x", "unclear": [1]}, {"corrected": [1]}])
def test_a_reading_of_another_shape_stops_nothing(broken: object) -> None:
    assert chips({"understood": broken}) == []


TODAY = date(2025, 7, 16)
QUESTIONS = [
    "Please find models created in April 2025 and using CNN.",
    "the 3 newest scripts larger than 4 kB",
    "using CNN or batch size 64, not on mnist",
    "unet denoise lr:<1e-3 sort:-created batch:64..256 dataset:mnist,cifar10",
    "created in April or May 2025 epochs < 20 or > 100",
    "-(tag:cnn batch:64) resnet but not vit",
    'path:"a b" lr:<0.00012345678 -model:"(x)"',
    "modified last week or created before March",
    "compare dcgan with vae",
    "differences between my diffusion models on CIFAR-10 and MNIST",
    "GAN created in 2025-13",
    "limit 3",
]


def understood(question: str) -> dict[str, object]:
    return {"understood": parse(question, TODAY).to_json()}


def asked_for(question: str) -> list[object]:
    """What a question is understood to ask: its words, filters, order, limit and sides."""
    found = parse(question, TODAY).to_json()
    sides = [{**side, "text": "", "filters": sorted(map(str, side["filters"]))} for side in found["sides"]]
    items = sorted(str(parse(joined([c]), TODAY).filters) for c in chips({"understood": found}) if c.kind == "filter")
    return [found["sort"], found["limit"], sides, items, [one["text"] for one in found["unclear"]]]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_box_takes_back_what_was_understood(question: str) -> None:
    again = joined(chips(understood(question)))
    assert asked_for(again) == asked_for(question)
    assert asked_for(joined(chips(understood(again)))) == asked_for(question)  # and stays what it is


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_filter_that_is_removed_is_gone_and_the_others_stay(question: str) -> None:
    found = chips(understood(question))
    filters = [one.about for one in found if one.kind == "filter"]
    for index, gone in enumerate(found):
        left = parse(without(found, index), TODAY).to_json()
        for one in filters:
            assert (one in left["filters"]) == (one != gone.about or gone.kind != "filter"), gone.label
        if gone.kind == "sort":
            assert left["sort"] == []
        if gone.kind == "limit":
            assert left["limit"] is None


def test_a_word_that_stands_for_a_filter_is_searched_for_as_it_is() -> None:
    found = chips(understood("unet denoise sort:-created lr:<1e-3"))
    index = next(i for i, one in enumerate(found) if one.label == "tag unet")
    assert without(found, index) == '"unet" denoise lr:<0.001 sort:-created'


def test_a_correction_that_is_removed_takes_the_word_literally() -> None:
    found = chips({"understood": {"text": "resnet cats", "corrected": {"resnt": "resnet"}}})
    assert [one.label for one in found] == ["“resnet cats”", "resnet for resnt"]
    assert without(found, 1) == '"resnt" cats'


def test_a_piece_that_is_edited_stands_at_the_end() -> None:
    found = chips(understood("cnn created:2025-04 lr:<1e-3"))
    index = next(i for i, one in enumerate(found) if one.label == "created 2025-04")
    question, start = edited(found, index)
    assert question[start:] == "created:2025-04-01..2025-04-30"
    assert asked_for(question) == asked_for("cnn created:2025-04 lr:<1e-3")
