"""The search process over real pipes."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from index.indexing.update import update
from index.model import ModelError
from index.ranking.mind import Mind
from index.serving.server import Server

ROOT = Path(__file__).resolve().parents[2]


class Client:
    """Modules in `instead` stand for those that the process would import."""

    def __init__(self, folder: Path, instead: Path = ROOT) -> None:
        path = os.pathsep.join(map(str, (instead, ROOT)))
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "index.serving.server", str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={"PYTHONPATH": path, "PATH": "/usr/bin:/bin"},
        )  # fmt: skip

    def send(self, line: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write((line if isinstance(line, str) else json.dumps(line)) + "\n")
        self.process.stdin.flush()

    def read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        document: dict[str, Any] = json.loads(self.process.stdout.readline())
        return document

    def until(self, **wanted: object) -> dict[str, Any]:
        while True:
            document = self.read()
            if all(document.get(key) == value for key, value in wanted.items()):
                return document

    def close(self) -> int:
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()
        return self.process.wait(60)


@pytest.fixture
def client(full_index: Path) -> Iterator[Client]:
    made = Client(full_index)
    yield made
    made.close()


def test_words_at_once_then_meaning(client: Client) -> None:
    ready = client.read()
    assert (ready["event"], ready["scripts"], ready["models"]) == ("ready", 16, 14)
    client.send({"id": 7, "query": "faces", "limit": 5})
    words = client.read()
    assert (words["id"], words["stage"]) == (7, "words")
    assert words["response"]["results"][0]["model_id"] == "faces_dcgan"
    assert words["response"]["results"][0]["similarity_distance"] is None
    assert client.read() == {"event": "meaning-ready"}
    hybrid = client.read()
    assert (hybrid["id"], hybrid["stage"]) == (7, "hybrid")
    assert isinstance(hybrid["response"]["results"][0]["similarity_distance"], float)


def test_errors_and_show(client: Client) -> None:
    examples = client.until(event="ready")["examples"]
    assert len(examples) == 4 and any("created:" in one for one in examples)
    for number, example in enumerate(examples, 10):
        client.send({"id": number, "query": example, "meaning": False})
        found = client.until(id=number, stage="words")["response"]
        assert found["results"] and not found["understood"]["unclear"], example
    client.send({"id": 1, "query": "lr:abc"})
    error = client.until(id=1)
    assert (error["stage"], error["column"]) == ("error", 4)
    client.send("this is not json")
    assert client.until(stage="error")["id"] is None
    client.send({"id": 2, "show": "dcgan"})
    script = client.until(id=2)["script"]
    assert script["model_id"] == "faces_dcgan" and "source" not in script
    client.send({"id": 3, "show": "sequence"})
    assert "may be" in client.until(id=3)["message"]


def test_a_damaged_index_is_said_to_be_damaged(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"this is no database" * 100)
    client = Client(tmp_path)
    client.send({"id": 1, "query": "faces"})
    (notice,) = client.until(id=1, stage="words")["notices"]
    assert "cannot be read" in notice
    client.send({"id": 2, "show": "dcgan"})
    assert client.until(id=2)["message"] == notice
    assert client.close() == 0


def test_any_failure_to_load_the_model_is_told(words_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(folder: Path) -> None:
        raise AttributeError("a library\nof another version")

    monkeypatch.setattr(Mind, "of", broken)
    replies = io.StringIO()
    requests, end = os.pipe()
    with os.fdopen(requests) as lines, os.fdopen(end, "w") as keyboard:
        server = threading.Thread(target=Server(words_index, lines, replies).run)
        server.start()
        deadline = time.monotonic() + 60
        while "meaning-failed" not in replies.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
        keyboard.close()
        server.join(30)
    assert json.loads(replies.getvalue().splitlines()[1])["message"] == "a library of another version"


def test_it_ends_when_its_stdin_closes(words_index: Path) -> None:
    client = Client(words_index)
    client.until(event="ready")
    assert client.close() == 0


def test_the_model_is_loaded_once_there_is_a_script_to_find(
    examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[Path] = []

    def load(folder: Path) -> None:
        loaded.append(folder)
        raise ModelError("of no use here")

    monkeypatch.setattr(Mind, "of", load)
    replies = io.StringIO()
    requests, end = os.pipe()

    def ask(number: int) -> None:
        keyboard.write(json.dumps({"id": number, "query": "faces"}) + "\n")
        keyboard.flush()
        deadline = time.monotonic() + 60
        while f'"id": {number}' not in replies.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)

    with os.fdopen(requests) as lines, os.fdopen(end, "w") as keyboard:
        server = threading.Thread(target=Server(tmp_path, lines, replies).run)
        server.start()
        ask(1)
        assert not loaded
        update(tmp_path, [examples / "faces"], embed=False)
        ask(2)
        deadline = time.monotonic() + 60
        while not loaded and time.monotonic() < deadline:
            time.sleep(0.01)
        keyboard.close()
        server.join(30)
    assert loaded == [tmp_path]


def test_it_says_that_an_index_is_of_another_version(examples: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    update(folder, [examples / "faces"], embed=False)
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as database, database:
        database.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
    ready = Client(folder).read()
    assert ready["models"] == 0 and "another version; `diffwb index`" in ready["notice"]


def test_it_sees_that_the_index_changed(examples: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    client = Client(folder)
    assert client.read() == {"event": "ready", "scripts": 0, "models": 0, "examples": []}
    client.send({"id": 1, "query": "faces"})
    assert client.until(id=1, stage="words")["response"]["results"] == []
    update(folder, [examples / "faces"], embed=False)
    client.send({"id": 2, "query": "faces"})
    assert len(client.until(id=2, stage="words")["response"]["results"]) == 1
    update(folder, [examples / "games"], embed=False)
    client.send({"id": 3, "query": "2048"})
    assert client.until(id=3, stage="words")["response"]["results"][0]["model_id"] == "games_dqn_2048"
    assert client.close() == 0


def test_a_script_is_opened_with_its_text_and_settings(client: Client, examples: Path) -> None:
    client.until(event="ready")
    path = examples / "Generative-Fashion-MNIST/latent_diffusion.py"
    client.send({"id": 1, "open": str(path)})
    opened = client.until(id=1)
    assert opened["stage"] == "open"
    assert opened["source"] == path.read_text()
    assert opened["settings"]["timesteps"] == {"value": 500, "line": 17}
    assert opened["script"]["model_id"].endswith("latent_diffusion")
    client.send({"id": 2, "open": "no such script"})
    assert client.until(id=2)["stage"] == "error"
