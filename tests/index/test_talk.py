"""A model that talks while the search process serves others, over real pipes and a real model server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from index.serving.door import Shut, Visitor
from tests.index.model_server import Model, served
from tests.index.test_server import Client

TRUE = json.dumps({"text": "faces_dcgan is for CelebA.", "cites": [2]})
ASKED = {"ask": "tag:gan", "meaning": False}


@pytest.fixture
def client(words_index: Path, tmp_path: Path) -> Iterator[Client]:
    (tmp_path / "torch.py").write_text("raise ImportError('words will do')")
    made = Client(words_index, instead=tmp_path)
    made.until(event="ready")
    yield made
    made.close()


def test_searches_are_answered_meanwhile_and_its_words_come_as_they_are_said(client: Client) -> None:
    go_on = Event()
    with served(Model([{"reasoning": "hm"}, go_on, TRUE])) as model:
        client.send({"id": 1, **ASKED, "llm": {"llm": model.url}})
        assert client.until(id=1)["stage"] == "answer"
        assert client.until(id=1) == {"id": 1, "stage": "rephrasing", "model": None, "answer": None}
        assert client.until(id=1)["model"] == "tiny-model"
        client.send({"id": 2, "query": "faces"})
        assert client.until(id=2)["stage"] == "words"
        go_on.set()
        said = client.until(id=1)
        assert (said["stage"], said["answer"]["text"]) == ("rephrasing", "faces_dcgan is for CelebA.")
        assert said["answer"]["claims"][0]["cites"][0]["path"].endswith("dcgan.py")
        told = client.until(id=1)
        assert (told["stage"], told["answer"], told["notice"]) == ("rephrased", said["answer"], "")


def test_it_is_hushed_by_a_word_and_by_the_next_question(client: Client) -> None:
    with served(Model([TRUE, Event()])) as first, served(Model([TRUE, Event()])) as second:
        for number, model in ((1, first), (2, second)):
            client.send({"id": number, **ASKED, "llm": {"llm": model.url}})
            while not client.until(id=number, stage="rephrasing")["answer"]:
                continue
        assert first.left.wait(60) and not second.left.is_set()
        client.send({"hush": True})
        assert second.left.wait(60)
        client.send({"id": 3, "query": "faces"})
        while (said := client.read()).get("id") != 3:
            assert said.get("stage") != "rephrased"


@pytest.mark.parametrize("llm", [{}, {"llm": 7}, {"llm": "http://198.51.100.7"}, {"llm": "ftp://x", "llm_model": []}])
def test_a_server_that_cannot_be_asked_leaves_the_facts(client: Client, llm: dict[str, object]) -> None:
    client.send({"id": 1, **ASKED, "llm": llm})
    facts = client.until(id=1, stage="answer")["response"]["answer"]
    told = client.until(id=1, stage="rephrased")
    assert told["answer"] == facts and told["notice"].startswith("llm: ")


def test_a_visitor_is_told_the_facts_and_hushes_nobody(client: Client, words_index: Path) -> None:
    with served(Model([Event()])) as model:
        client.send({"id": 1, **ASKED, "llm": {"llm": model.url}})
        client.until(id=1, stage="rephrasing", model="tiny-model")
        visitor = Visitor(words_index, 10)
        assert visitor.ask({"id": 5, **ASKED, "llm": {"llm": model.url}})["stage"] == "answer"
        visitor.close()
        impatient = Visitor(words_index, 0.1)
        with pytest.raises(Shut):
            impatient.ask({"id": 6, "hush": True})
        impatient.close()
        assert len(model.asked) == 1 and not model.left.is_set()
