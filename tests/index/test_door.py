"""The socket of the search process: the same answers as cold, and nothing lost where it is stale, deaf or strange."""

from __future__ import annotations

import json
import shutil
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from index.search import SearchEngine
from index.serving.door import Shut, Visitor, open_door

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def listening(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A search process over an index, once it is listening."""
    command = [sys.executable, "-P", "-m", "index.serving.server", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdout is not None and child.stdin is not None
        json.loads(child.stdout.readline())
        ask(folder, {"id": 0, "query": "", "meaning": False})
        yield child
        child.kill()


@pytest.fixture(scope="module")
def indexed(full_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An index with a search process behind its door, and nobody else's."""
    folder = Path(shutil.copytree(full_index, tmp_path_factory.mktemp("door") / "index"))
    with listening(folder):
        yield folder


def ask(folder: Path, message: dict[str, Any]) -> dict[str, Any]:
    for _ in range(200):
        try:
            visitor = Visitor(folder, 60)
        except Shut:
            threading.Event().wait(0.05)
            continue
        try:
            return visitor.ask(message)
        finally:
            visitor.close()
    raise AssertionError("nobody answers")


@pytest.mark.parametrize("query", ["unet", "created:2025-04", "-tag:cnn batch:64", "sourdough"])
def test_answers_are_those_of_a_cold_search(indexed: Path, query: str) -> None:
    told = ask(indexed, {"id": 3, "query": query, "limit": 5, "meaning": False})
    cold = SearchEngine(indexed).search(query, 5, meaning=False).to_json()
    assert told["stage"] == "words" and told["id"] == 3
    assert {**told["response"], "took_ms": None} == {**cold, "took_ms": None}


def test_meaning_is_waited_for(indexed: Path) -> None:
    assert ask(indexed, {"id": 1, "query": "an agent that plays a game"})["stage"] == "hybrid"


def test_several_visitors_at_once_each_hear_their_own(indexed: Path) -> None:
    heard: dict[int, list[str]] = {}

    def visit(number: int) -> None:
        visitor = Visitor(indexed, 60)
        for place in range(5):
            message = {"id": number * 10 + place, "query": f"word{number}{place}", "meaning": False}
            heard.setdefault(number, []).append(visitor.ask(message)["response"]["query"])
        visitor.close()

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {number: [f"word{number}{place}" for place in range(5)] for number in range(4)}


def test_visitor_who_leaves_or_talks_nonsense_does_no_harm(indexed: Path) -> None:
    with socket.socket(socket.AF_UNIX) as rude:
        rude.connect(str(indexed / "search.sock"))
        rude.sendall(
            b'{"id": 1, "query": "gan", "meaning": false}\n\xff\xfe not json\n{"loaded": 1}\n{"id": 2, "query"'
        )
    assert ask(indexed, {"id": 5, "query": "gan", "meaning": False})["stage"] == "words"
    assert ask(indexed, {"id": 6, "query": "lr:<", "meaning": False})["stage"] == "error"


def test_socket_is_its_owners_alone_and_goes_with_the_process(words_index: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(words_index, tmp_path / "index"))
    with listening(folder) as process:
        place = folder / "search.sock"
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        assert process.stdin is not None
        process.stdin.close()
        process.wait(60)
        assert not place.exists()


def test_second_process_leaves_the_first_its_door(indexed: Path) -> None:
    assert open_door(indexed, lambda heard, said: None) is None
    assert ask(indexed, {"id": 1, "query": "gan", "meaning": False})["stage"] == "words"


def test_door_left_by_a_killed_process_is_replaced(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(tmp_path / "search.sock"))
    with pytest.raises(Shut):
        Visitor(tmp_path, 1)
    shut = open_door(tmp_path, lambda heard, said: said.write(heard.readline()) and None)
    assert shut is not None
    visitor = Visitor(tmp_path, 5)
    visitor.close()
    shut()
    assert not (tmp_path / "search.sock").exists()


@pytest.mark.parametrize("said", ["", "not json\n", "[]\n", '{"id": 99}\n', "[" * 5000 + "\n"])
def test_strange_answer_is_none(tmp_path: Path, said: str) -> None:
    def enter(heard: Any, replies: Any) -> None:
        heard.readline()
        replies.write(said)
        replies.flush()

    shut = open_door(tmp_path, enter)
    assert shut is not None
    visitor = Visitor(tmp_path, 5)
    with pytest.raises(Shut):
        visitor.ask({"id": 1, "query": "x"})
    visitor.close()
    shut()


def test_path_too_long_for_a_socket_is_no_error(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    assert open_door(deep, lambda heard, said: None) is None
    with pytest.raises(Shut):
        Visitor(deep, 1)


def test_file_that_is_no_socket_is_no_door(tmp_path: Path) -> None:
    (tmp_path / "search.sock").write_text("hello")
    with pytest.raises(Shut):
        Visitor(tmp_path, 1)
    assert (tmp_path / "search.sock").exists()
