"""Seventeen columns in the contract's order, readable at every width."""

from __future__ import annotations

import pytest
from rich.console import Console, RenderableType

from tests.tui.results import HOSTILE, bare, result, shown
from tui.commands.console import put_lines, put_sentence
from tui.commands.printed import facts_page
from tui.scripts.chips import chips
from tui.scripts.details import details
from tui.scripts.table import COLUMNS, cells, render, texts, widths

TITLES = (
    *("Rank", "Model ID", "Similarity Score", "Similarity Distance", "Size", "Created", "Modified", "Path"),
    *("Description", "Framework", "Arch", "Dataset", "Batch", "LR", "Optimizer", "Epochs", "HW"),
)


def printed(table: RenderableType, width: int) -> str:
    console = Console(width=width, color_system=None)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def test_the_columns_are_the_contracts() -> None:
    assert tuple(column.title for column in COLUMNS) == TITLES


def test_a_result_becomes_its_cells() -> None:
    assert texts(result()) == [
        *("1", "Generative-Fashion-MNIST_latent_new_model", "0.91", "0.45", "49 kB", "2025-04-09", "2025-05-02"),
        "/data/models/Generative-Fashion-MNIST/latent_new_model.py",
        "Latent diffusion on Fashion-MNIST: an autoencoder first, then a U-Net over its codes.",
        *("PyTorch", "Latent U-Net", "FashionMNIST", "256", "1e-4 / 1e-3", "Adam / AdamW", "20 / 100", "CPU/GPU"),
    ]


def test_what_is_not_stated_is_not_guessed() -> None:
    made = cells(bare(), {})
    assert [one.plain for one in made][8:] == ["N/A"] * 9
    assert all("dim" in str(one.style) for one in made[8:])
    assert made[3].plain == "N/A"


def test_a_stage_that_says_nothing_keeps_its_place() -> None:
    stages = [{"name": "a", "lr": 1e-4}, {"name": "b", "lr": None}]
    assert texts(result(stages=stages))[13] == "1e-4 / N/A"
    assert texts(result(stages=[*stages, *stages]))[13] == "1e-4 / N/A", "each once"
    assert texts(result(stages=[{"lr": 1e-4}, {"lr": 1e-4}], lr=1e-4))[13] == "1e-4"
    assert texts(result(stages="none", batch=True))[12] == "True"


def test_what_is_left_of_a_wide_screen_goes_to_what_would_be_cut() -> None:
    found = [result(), bare()]
    narrow, wide = (widths(found, {"model_id": 20}, COLUMNS, room) for room in (120, 400))
    assert narrow == {column.key: 20 if column.key == "model_id" else column.widest for column in COLUMNS}
    assert [one.plain for one in cells(result(), wide)] == texts(result()), "nothing is cut"
    for room in range(200, 400, 20):
        row = cells(result(), widths(found, {"model_id": 20}, COLUMNS, room))
        least = [max(map(len, column.heading.split("\n"))) for column in COLUMNS]
        assert sum(max(one.cell_len, titled) + 2 for one, titled in zip(row, least, strict=True)) <= max(room, 242)


@pytest.mark.parametrize("width", [30, 40, 60, 80, 120, 160, 213, 214, 220, 300])
def test_the_printed_table_fits(width: int) -> None:
    page = printed(render([result(), bare(), result(3, model_id=HOSTILE)], width), width)
    assert max(map(len, page.splitlines())) <= width
    assert len(page.splitlines()) == (5 if width >= 214 else 13), "no line is broken"
    assert "\x1b" not in page


@pytest.mark.parametrize("width", [120, 220])
def test_the_printed_table_can_be_read(width: int) -> None:
    page = printed(render([result(), bare()], width), width)
    for title in ("Rank", "Model ID", "Sim. Score", "Sim. Dist.", *TITLES[4:]):
        assert title in page
    for value in ("0.91", "0.45", "2025-04-09", "2025-05-02", "PyTorch", "Latent U-Net", "FashionMNIST", "256"):
        assert value in page
    for value in ("1e-4 / 1e-3", "Adam / AdamW", "20 / 100", "CPU/GPU", "latent_new_model.py", "49 kB", "N/A"):
        assert value in page


def test_a_table_for_a_pipe_cuts_no_name_and_no_path(capsys: pytest.CaptureFixture[str]) -> None:
    long = result(model_id="folder_" + "x" * 90, path="/data/" + "models/" * 30 + "a.py", description="word " * 90)
    put_lines(lambda width: render([long, bare()], width, whole=True))
    lines = capsys.readouterr().out.splitlines()
    assert long["model_id"] in lines[2] and long["path"] in lines[2]
    assert len(lines) == 4
    assert long["description"] not in lines[2]
    assert "word " * 8 in lines[2], "what is cut is as long as in the workbench"


def test_an_empty_table_is_its_heading() -> None:
    assert "Model ID" in printed(render([], 220), 220)
    assert "Model ID" in printed(render([], 80), 80)


def test_details_say_why_and_where() -> None:
    said = details(result()).plain
    for part in (
        "latent_new_model.py",
        "Conv2d used 14 times",
        "line 1020",
        "train_autoencoder",
        "lr 1e-4",
        "cnn, unet",
    ):
        assert part in said
    assert "N/A" in details(bare()).plain
    outline = [{"tag": HOSTILE, "line": 3, "reason": HOSTILE}]
    assert "\x1b" not in details(result(description=HOSTILE, why=[HOSTILE], tags=[HOSTILE], outline=outline)).plain


def test_the_lines_of_a_notebook_are_told_by_its_cells() -> None:
    found = result(path="/m/a.ipynb", evidence={"batch": 34, "dataset": "cfg.data"}, dataset=None)
    known = shown(path="/m/a.ipynb", cells=[[2, 1], [5, 30], [9, 800]], evidence=found["evidence"], dataset=None)
    said = details({**found, **known}).plain
    for part in ("256  cell 5 line 5", "cell 9 line 13", "unet: class UNet, cell 5 line 11", "N/A  set by cfg.data"):
        assert part in said
    page = printed(facts_page(known), 120)
    for part in ("cell 5 line 5", "cell 9 line 13", "cell 5 line 11: class UNet", "set by cfg.data"):
        assert part in page
    assert "line 34" not in details(found).plain  # where its cells begin is not known yet


def test_chips_say_what_was_understood() -> None:
    filters = [
        {"field": "created", "op": "range", "value": ["2025-04-01", "2025-04-30"], "negated": False},
        {"field": "dataset", "op": "eq", "value": "MNIST", "negated": True},
        {"field": "lr", "op": "lt", "value": 0.001, "negated": False},
        {"field": "created", "op": "range", "value": ["2025-04-03", "2025-05-30"], "negated": False},
        "nonsense",
    ]
    assert [one.label for one in chips({"understood": {"text": "cnn", "filters": filters}})] == [
        *("“cnn”", "created 2025-04", "not dataset MNIST", "lr < 0.001", "created 2025-04-03…2025-05-30"),
    ]
    assert chips({}) == []


def test_a_sentence_breaks_between_words_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "Adam is the most common optimizer: 174 of the 309 scripts that state one. [a-long/path-of-a/script.py:1]"
    put_sentence(text)
    assert capsys.readouterr().out == f"{text}\n"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    put_sentence(text)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 1 and all(len(line) <= 60 for line in lines) and all(line[:2] == "  " for line in lines[1:])
    assert " ".join(line.strip() for line in lines) == text


def test_the_path_is_one_line_and_values_of_stages_are_told_to_be() -> None:
    told = details(result(), 30).plain.splitlines()
    assert told[1].endswith("/latent_new_model.py") and len(told[1]) <= 30
    assert any(one.startswith("LR") and "1e-4 / 1e-3  by stage  line 1020" in one for one in told)
