"""A written answer and an empty one's ways out, as lists."""

from __future__ import annotations

from typing import Any

from tests.tui.results import HOSTILE
from tui.scripts.answering import Cite, Relaxed, answer_items, empty_items
from tui.scripts.chips import chips

APRIL = {"field": "created", "op": "range", "value": ["2025-04-01", "2025-04-30"], "negated": False}


def test_sentences_with_their_lines() -> None:
    claims = [{"text": "Two fit.", "cites": [{"path": "/m/a.py", "line": 3}, {"path": "/m/b.py", "line": 9}]}]
    items = answer_items({"text": "Two fit.\nNo more is known.", "claims": claims, "source": "facts"})
    assert [item.text.plain for item in items] == ["Two fit.", "a.py:3", "b.py:9", "No more is known."]
    assert [(item.key.path, item.key.line) for item in items if isinstance(item.key, Cite)] == [
        ("/m/a.py", 3), ("/m/b.py", 9)
    ]  # fmt: skip
    assert "in the words of some model" in answer_items({"text": "x", "source": "some model"})[0].text.plain


def test_files_of_one_name_are_cited_with_the_folders_that_tell_them_apart() -> None:
    cites = [
        {"path": path, "line": 3} for path in ("/m/a/src/train.py", "/m/b/src/train.py", "/m/c/net.py", "train.py")
    ]
    items = answer_items({"text": "Four.", "claims": [{"text": "Four.", "cites": cites}], "source": "facts"})
    assert [item.text.plain for item in items[1:]] == [
        "a/src/train.py:3", "b/src/train.py:3", "net.py:3", "train.py:3"
    ]  # fmt: skip


def test_ways_out_of_an_empty_result() -> None:
    found = chips({"understood": {"text": "gan", "filters": [APRIL]}})
    emptied = {"filter": APRIL, "without": 12, "nearest": APRIL | {"op": "ge", "value": "2025-05-02"}}
    items = empty_items({"filters": [emptied], "words": []}, found)
    assert [item.text.plain for item in items] == [
        "Nothing passes created 2025-04.", "the nearest: created ≥ 2025-05-02", "without it 12 fit"
    ]  # fmt: skip
    assert [item.key for item in items[1:]] == [Relaxed("gan created:>=2025-05-02"), Relaxed("gan")]


def test_words_that_nothing_has() -> None:
    assert [item.text.plain for item in empty_items({"filters": [], "words": ["sourdough"]}, [])] == [
        "No script has 'sourdough', and none is near in meaning."
    ]
    found = chips({"understood": {"text": "sourdough", "filters": [APRIL]}})
    items = empty_items({"filters": [], "words": ["sourdough"]}, found)
    assert items[0].text.plain == "No script that passes these has 'sourdough', and none is near in meaning."
    assert items[1].key == Relaxed("sourdough")


def test_documents_of_any_shape() -> None:
    odd: list[Any] = [None, 7, HOSTILE, [HOSTILE], {"text": HOSTILE, "claims": HOSTILE, "source": HOSTILE},
                      {"text": HOSTILE, "claims": [{"text": HOSTILE, "cites": [{"path": HOSTILE, "line": 3}, 7]}]},
                      {"filters": [{"filter": HOSTILE}, {"filter": {}, "nearest": {}, "without": HOSTILE}],
                       "words": [HOSTILE]}, {"words": HOSTILE}]  # fmt: skip
    for one in odd:
        for item in (*answer_items(one), *empty_items(one, chips({"understood": one}))):
            assert not any(ord(c) < 32 or c in "\u202e\u200d\x7f" for c in item.text.plain)
