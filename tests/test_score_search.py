"""The scorer scores: nDCG as it is defined, labels that name files, and every judged query has them."""

from __future__ import annotations

import tomllib

import pytest

from tests.score_search import JUDGED, SETS, _files, ndcg


def test_ndcg_is_one_for_the_best_order_and_less_for_any_other() -> None:
    grades = {"a": 3, "b": 2, "c": 1}
    assert ndcg(["a", "b", "c"], grades) == 1
    assert ndcg(["b", "a", "c"], grades) == pytest.approx(
        (3 + 7 / 1.58496 + 1 / 2) / (7 + 3 / 1.58496 + 1 / 2), abs=1e-4
    )
    assert ndcg(["x", "y"], grades) == 0


def test_pattern_names_model_scripts_and_a_plain_path_itself() -> None:
    models = ["gan/a/model.py", "gan/b/model.py", "vae/model.py"]
    assert _files(["gan/*"], models) == models[:2]
    assert _files(["vae/other.py", "none/*"], models) == ["vae/other.py"]


@pytest.mark.parametrize("name", SETS)
def test_every_judged_query_has_three_wordings_and_labels_of_repositories_that_are_named(name: str) -> None:
    document = tomllib.loads((JUDGED / f"{name}.toml").read_text("utf-8"))
    for pinned in document["repositories"].values():
        commit = pinned.partition(":")[0].partition("@")[2]
        assert len(commit) == 40
    for query in document["queries"]:
        assert len(set(query["asked"])) == 3 and query["best"]
        for label in (*query["best"], *query.get("some", ()), *query.get("never", ())):
            assert label.startswith("*") or label.split("/")[0] in document["repositories"], label
