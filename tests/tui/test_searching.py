"""`diffwb search` and `ask` as a shell sees them: cold or by an open workbench, with a model server or without."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.indexing.update import update
from index.serving.door import Shut, Visitor
from tests.index.model_server import Model, served

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "tests" / "examples" / "scripts"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    update(folder / "index", [SCRIPTS], embed=False)
    return folder


def diffwb(home: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DIFFWB_HOME": str(home), "NO_COLOR": "1"}
    command = [sys.executable, "-P", "-m", "tui.cli", *arguments]
    return subprocess.run(
        command, env=environment, input=stdin, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT
    )


@pytest.fixture
def open_workbench(home: Path) -> Iterator[None]:
    """The search process that a workbench keeps."""
    command = [sys.executable, "-P", "-m", "index.serving.server", str(home / "index")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        while True:
            try:
                Visitor(home / "index", 60).close()
                break
            except Shut:
                assert child.poll() is None
        yield
        child.kill()


COMMANDS: list[tuple[list[str], str]] = [
    (["search", "--words", "--json", "diffusion on Fashion-MNIST"], ""),
    (["search", "--words", "unet", "--limit", "2"], ""),
    (["search", "--words", "batch size 77777"], ""),
    (["search", "--words", "lr:<"], ""),
    (["search", "--words", "-"], "gan\n\ncreated:2025-13\nvae\n"),
    (["ask", "--words", "compare latent_diffusion with dcgan"], ""),
    (["scripts", "tag:cnn", "--json"], ""),
]


def same(told: subprocess.CompletedProcess[str]) -> tuple[int, str, list[Any]]:
    """What a command said, without the milliseconds it took."""
    try:
        documents = [json.loads(told.stdout)]
    except ValueError:
        try:
            documents = [json.loads(line) for line in told.stdout.splitlines()]
        except ValueError:
            documents = [told.stdout]
    for one in documents:
        if isinstance(one, dict):
            one.pop("took_ms", None)
    return told.returncode, told.stderr, documents


def test_open_workbench_answers_as_a_cold_search_does(home: Path, request: pytest.FixtureRequest) -> None:
    cold = [same(diffwb(home, *arguments, stdin=stdin)) for arguments, stdin in COMMANDS]
    request.getfixturevalue("open_workbench")
    warm = [same(diffwb(home, *arguments, stdin=stdin)) for arguments, stdin in COMMANDS]
    assert warm == cold
    assert cold[3][0] == 2 and cold[3][1].startswith("diffwb: error: query, column 4")
    assert [document.get("error", "")[:16] for document in cold[4][2]] == ["", "query, column 9:", ""]


def test_open_workbench_spares_a_command_the_libraries(home: Path, open_workbench: None) -> None:
    code = "import sys; from tui.cli import run; run(['search', '--words', 'unet', '--json']); print(*sys.modules)"
    environment = os.environ | {"DIFFWB_HOME": str(home)}
    told = subprocess.run(
        [sys.executable, "-P", "-c", code], env=environment, capture_output=True, text=True, check=True, cwd=ROOT
    )
    imported = told.stdout.splitlines()[-1].split()
    assert "index.serving.door" in imported
    assert not {"numpy", "whoosh", "torch", "sqlite3", "index.catalog.database", "engine.config"} & {*imported}


def answered(home: Path, *arguments: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(diffwb(home, "ask", "--words", "--json", *arguments).stdout)
    return document["answer"]  # type: ignore[no-any-return]


def said_of(home: Path, question: str) -> str:
    """A true sentence about the first script with an optimizer, and a false one, in a model's words."""
    facts = answered(home, question)
    number, claim = next((n, c) for n, c in enumerate(facts["claims"], 1) if "Adam at" in c["text"])
    name = claim["text"].split(":")[0]
    lines = [{"text": f"{name} trains with Adam.", "cites": [number]},
             {"text": f"{name} trains for 9999 epochs.", "cites": [number]}]  # fmt: skip
    return "<think>…</think>" + "\n".join(map(json.dumps, lines))


def test_a_model_says_it_in_other_words_and_is_held_to_the_facts(home: Path) -> None:
    with served(Model([said_of(home, "GAN")])) as model:
        told = answered(home, "--llm", model.url, "GAN")
        shown = diffwb(home, "ask", "--words", "--llm", model.url, "GAN")
    assert told["source"] == "tiny-model" and told["text"].endswith("trains with Adam.")
    assert told["claims"][0]["cites"] and "9999" in told["struck"][0]
    assert "trains with Adam. [" in shown.stdout and "9999" not in shown.stdout
    assert "struck out, no fact supports it" in shown.stderr


def test_a_model_may_be_named_in_the_homes_settings(home: Path) -> None:
    with served(Model([said_of(home, "GAN")])) as model:
        (home / "config.toml").write_text(f'[ask]\nllm = "{model.url}"\nllm_model = "mine"\n')
        try:
            assert answered(home, "GAN")["source"] == "mine"
            assert answered(home, "--llm", "none", "GAN")["source"] == "facts"
            (home / "config.toml").write_text('[ask]\nllm_modell = "x"\n')
            assert "llm_modell = 'x' is not accepted" in diffwb(home, "ask", "GAN").stderr
        finally:
            (home / "config.toml").unlink()


def test_a_model_that_fails_leaves_the_facts_and_a_line(home: Path) -> None:
    with served(Model([None])) as model:
        told = diffwb(home, "ask", "--words", "--llm", model.url, "GAN")
    assert told.returncode == 0 and "is a GAN" in told.stdout and "broke off" in told.stderr
    told = diffwb(home, "ask", "--words", "--llm", "http://198.51.100.7", "GAN")
    assert told.returncode == 2 and told.stderr.startswith("diffwb: error: llm: 198.51.100.7 is not this machine")
