"""What was understood of a question, as the chips show it."""

from __future__ import annotations

from datetime import date

import pytest

from index.understanding.query import parse
from tui.details import chips


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("GAN created in 2025-13", ["“gan”", "? 2025-13: not understood as a date"]),
        ("the 3 newest scripts larger than 4 kB", ["size > 4000", "by -created", "first 3"]),
        ("using CNN or batch size 64", ["“cnn”", "tag cnn or batch 64"]),
        ("not (tag:cnn batch:64)", ["not (tag cnn and batch 64)"]),
    ],
)
def test_chips(question: str, expected: list[str]) -> None:
    assert chips({"understood": parse(question, date(2025, 7, 16)).to_json()}) == expected


@pytest.mark.parametrize("broken", [None, [], {"filters": 3, "sort": "x", "unclear": [1]}, {"corrected": [1]}])
def test_a_reading_of_another_shape_stops_nothing(broken: object) -> None:
    assert chips({"understood": broken}) == []
