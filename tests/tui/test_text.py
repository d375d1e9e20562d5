"""Text from disk is safe to show, whatever it holds, and fits where it must."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from tests.tui.results import HOSTILE
from tui import formats
from tui.text import (
    apart,
    block,
    breaks,
    cell,
    cut_end,
    cut_paths,
    cut_values,
    cut_words,
    line,
    sanitise,
    short_name,
    short_names,
    shorten,
    shorten_id,
    shorten_path,
    told_apart,
)
from tui.widgets.command import in_lines as in_command_lines
from tui.widgets.facts import in_lines
from tui.widgets.paragraphs import Paragraphs, wrapped
from tui.widgets.walk import Item, lay

ANY_TEXT = st.text(st.characters() | st.sampled_from("\x1b\x07\u202e\u200d[]/@\ud800\u2028\t\n"))


@given(ANY_TEXT)
def test_nothing_a_terminal_obeys_is_left(text: str) -> None:
    safe = sanitise(text)
    assert {unicodedata.category(c) for c in safe if c not in "\t\n"}.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})
    assert len(safe) == len(text)
    assert sanitise(safe) == safe
    assert "\n" not in line(text)


@given(ANY_TEXT, st.integers(0, 20))
def test_an_identifier_is_cut_and_broken_between_its_parts(text: str, width: int) -> None:
    assert cell_len(shorten_id(sanitise(text), width)) <= width
    assert shorten_id("LeeJunHyun+Image_Segmentation_network", 28) == "LeeJunHyun+…_network"
    assert shorten_id("abcdefghijklmnop", 9) == "abcd…mnop"
    named = "fits: LeeJunHyun+Image_Segmentation_network, and"
    parts = [part.plain for part in Text(named).divide(breaks(named, 20))]
    assert parts == ["fits: ", "LeeJunHyun+Image_", "Segmentation_", "network, and"]
    assert sorted(set(breaks(text, width + 1))) == breaks(text, width + 1)


def test_names_that_would_be_cut_alike_are_told_apart() -> None:
    names = ["Conditional-Diffusion-a_waifu_diffusion", "conditional-diffusion-b_train_diffusion", "Conditional-x_unet"]
    assert list(apart(names, 24).values()) == ["…a_waifu_diffusion", "…b_train_diffusion", "Conditional-x_unet"]
    assert len(set(apart([f"{'folder_' * 5}{n}_script_of_one_name" for n in range(3)], 20).values())) == 3
    assert apart(["x" * 40, "x" * 41], 10).keys() == {"x" * 40, "x" * 41}


@given(st.lists(st.text(max_size=30), max_size=6), st.integers(1, 20))
def test_names_told_apart_fit(names: list[str], width: int) -> None:
    assert all(cell_len(cut) <= width for cut in apart(map(line, names), width).values())


@given(ANY_TEXT)
def test_cells_are_never_markup(text: str) -> None:
    for made in (cell(text), block(text)):
        assert isinstance(made, Text)
        assert made.spans == []
    assert "\n" not in cell(text).plain
    safe = cell(text).plain
    assert {unicodedata.category(c) for c in safe}.isdisjoint({"Cc", "Cf", "Cs"})


def test_harmless_text_is_kept() -> None:
    assert sanitise("naïve – 数字 [x]\n\tend") == "naïve – 数字 [x]\n\tend"
    assert cell(HOSTILE).plain.startswith("a[/b] [@click=app.quit]x[/]")


@given(st.text(st.characters(categories=["L", "N", "P"])), st.integers(1, 40))
def test_cut_text_fits(text: str, width: int) -> None:
    assert cell_len(shorten(text, width)) <= width
    assert cell_len(cut_end(text, width)) <= width
    assert cell_len(shorten_path(text, width)) <= width


def test_a_path_in_a_sentence_keeps_its_end() -> None:
    said = "from /data/models/fashion/latent_model.py  #best"
    assert cut_paths(said, 60) == said
    assert cut_paths(said, 38) == "from …/fashion/latent_model.py  #best"
    assert cut_paths("no more than words, and/or fewer", 12) == "no more tha…"
    assert cut_paths("from /data/models/fashion/latent_model.py", 12) == "from …/late…"


def test_a_path_keeps_its_end() -> None:
    assert shorten_path("/data/models/fashion/latent_model.py", 26) == "…/fashion/latent_model.py"
    assert shorten("Generative-model", 9) == "Gene…odel"


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        ((0, 0.25, 0.5, 1), "0 0.25 0.50 1.00"),
        ((0, 500, 1000), "0 500 1000"),
        ((0, 5000, 10_000), "0 5k 10k"),
        ((10_000, 12_500), "10.0k 12.5k"),
        ((0, 5e-4, 1e-3, 1.5e-3), "0 5e-4 1e-3 1.5e-3"),
        ((-1e100, 0), "-1e100 0"),
        ((2e9, 4e9), "2G 4G"),
        ((123_400, 123_450, 123_500), "123.40k 123.45k 123.50k"),
        ((), ""),
    ],
)
def test_an_axis_has_one_notation(marks: tuple[float, ...], told: str) -> None:
    assert " ".join(formats.ticks(marks)) == told


def test_a_logarithmic_axis_has_one_notation() -> None:
    assert formats.ticks((0.001, 0.01, 0.1, 1, 10), log=True) == ["0.001", "0.01", "0.1", "1", "10"]
    assert formats.ticks((1e-4, 0.01, 1), log=True) == ["1e-4", "1e-2", "1e0"]
    assert formats.ticks((1, 1000, 1_000_000), log=True) == ["1e0", "1e3", "1e6"]


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        ((0, 0.5, 1, 1.5), "0.0s 0.5s 1.0s 1.5s"),
        ((0, 30, 60, 90), "0s 30s 1m00s 1m30s"),
        ((3600, 3630), "1h00m00s 1h00m30s"),
        ((86_400, 88_200), "1d0h00m 1d0h30m"),
        ((0, 43_200, 86_400), "0s 12h00m 1d0h"),
    ],
)
def test_times_of_an_axis_are_told_apart(marks: tuple[float, ...], told: str) -> None:
    assert " ".join(formats.moments(marks)) == told


@pytest.mark.parametrize(
    ("room", "told"),
    [
        (27, "digits-20260314-090400-a4f3"),
        (26, "digits 0314-0904 a4f3"),
        (11, "digits a4f3"),
        (10, "digi… a4f3"),
        (8, "di… a4f3"),
        (7, "…a4f3"),
        (4, "a4f3"),
        (2, "di"),
    ],
)
def test_a_run_is_called_something_in_any_room(room: int, told: str) -> None:
    assert short_name("digits-20260314-090400-a4f3", room) == told


def test_runs_of_a_list_are_told_in_one_form() -> None:
    """Dates beside some names and none beside others would seem to say something."""
    a, b = "digits-20260314-090400-a4f3", "flowers-by-night-20260314-090500-b4f3"
    assert list(short_names([a, b], 37).values()) == [a, b]
    assert list(short_names([a, b], 31).values()) == ["digits 0314-0904 a4f3", "flowers-by-night 0314-0905 b4f3"]
    assert list(short_names([a, b], 28).values()) == ["digits a4f3", "flowers-by-night b4f3"]
    assert list(short_names([a, b], 16).values()) == ["digits a4f3", "flowers-by… b4f3"]
    assert short_names([a, "a try with a cosine"], 14) == {a: "digits a4f3", "a try with a cosine": "a try…cosine"}


def test_runs_that_are_called_differently_need_no_date() -> None:
    a, b = "digits-20260314-090400-a4f3", "digits-20260314-090500-b4f3"
    assert told_apart([a, "hot-20260314-090400-c4f3", "mine"]) == ["digits", "hot", "mine"]
    assert told_apart([a, b]) == [a, b]


def test_parts_are_not_broken() -> None:
    laid = in_lines([("step ", "10"), ("loss ", "0.2"), ("", "1280 images/s")], 18)
    assert [strip.text for strip in laid] == ["step 10  loss 0.2", "1280 images/s"]


def test_numbers_read_as_they_are_said() -> None:
    assert [formats.rate(v, digits=2) for v in (0.002219, 0.002, 0.05123, 99.6)] == [
        *("2.2e-3", "2e-3", "0.051", "100"),
    ]
    assert [formats.rate(v) for v in (1e-4, 2.5e-4, 0.001, 0.05, 0, 6.0021e-5)] == [
        *("1e-4", "2.5e-4", "1e-3", "0.05", "0", "6.002e-5"),
    ]
    assert [formats.size(v) for v in (812, 48_000, 999_600, 1_400_000_000)] == ["812 B", "48 kB", "1 MB", "1.4 GB"]
    assert [formats.duration(v) for v in (0.4, 42, 80, 7500, 360_000)] == ["0s", "42s", "1m20s", "2h05m", "4d4h"]
    assert [formats.count(v) for v in (5000, 120_000, 3_400_000)] == ["5000", "120k", "3.4M"]
    assert formats.loss(0.04123) == "0.0412"
    assert formats.loss(1.2e-5) == "1.20e-05"
    assert formats.memory(150_323_855_360) == "140 GiB"


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [
        ("A U-Net that draws digits", 40, "A U-Net that draws digits"),
        ("A U-Net that draws digits", 18, "A U-Net that …"),
        ("Antidisestablishmentarianism now", 10, "Antidises…"),
        ("Conditional (Latent", 14, "Conditional …"),
    ],
)
def test_sentence_is_cut_between_words(text: str, width: int, cut: str) -> None:
    assert cut_words(text, width) == cut and cell_len(cut) <= width


@pytest.mark.parametrize(
    ("text", "hang", "told"),
    [
        (" · names CIFAR10 at line 459", 3, " · names CIFAR10|   at line 459"),
        ("  conv: Conv2d(64, 3, padding=1)", 4, "  conv: Conv2d(64,|    3, padding=1)"),
        ("no more than one", 3, "no more than one"),
        ("words of no list go on at the edge", 0, "words of no list|go on at the edge"),
    ],
)
def test_what_goes_on_is_below_its_own_beginning(text: str, hang: int, told: str) -> None:
    assert "|".join(one.plain.rstrip() for one in wrapped(Text(text), 18, hang)) == told


def test_of_values_none_is_cut_in_two() -> None:
    """`3e-4 / 9.447e-4` shortened in its middle would read as another rate."""
    assert cut_values("3e-4 / 9.447e-4", 15) == "3e-4 / 9.447e-4"
    assert cut_values("3e-4 / 9.447e-4", 14) == "3e-4 / …"
    assert cut_values("1000 / 20 / 300", 11) == "1000 / …"
    assert cut_values("1000 / 20 / 300", 13) == "1000 / 20 / …"
    assert cut_values("123456789", 5) == "1234…"


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (60, "diffwb --train --preset digits --name 'a try' --lr 3e-4"),
        (30, "diffwb --train --preset digits|--name 'a try' --lr 3e-4"),
        (23, "diffwb --train|--preset digits|--name 'a try'|--lr 3e-4"),
        (10, "diffwb|--train|--preset|digits|--name|'a try'|--lr 3e-4"),
    ],
)
def test_an_option_is_on_a_line_with_its_value(width: int, told: str) -> None:
    command = "diffwb --train --preset digits --name 'a try' --lr 3e-4"
    assert "|".join(in_command_lines(command, width)) == told


def test_a_long_value_is_broken_between_its_parts() -> None:
    lines = in_command_lines("diffwb sample generative-fashion_latent_new-20260314 -n 16", 20)
    assert lines == ["diffwb sample", "generative-fashion_", "latent_new-20260314", "-n 16"]
    assert in_command_lines("a" * 25 + " 'it", 10) == ["a" * 10, "a" * 10, "aaaaa 'it"]


def test_of_more_lines_than_there_is_room_for_the_last_tells_that_there_are_more() -> None:
    note = Paragraphs()
    note.show(Text("out of memory while a batch of 64 was on its way"), 2)
    assert [one.plain.rstrip() for one in note._lines(18)] == ["out of memory", "while a batch of …"]
    note.show(Text("out of memory"), 2)
    assert [one.plain for one in note._lines(18)] == ["out of memory"]


def test_what_a_label_is_for_goes_on_beside_it() -> None:
    facts = Paragraphs()
    facts.show(Text("Arch       StackedDenoisingAutoEncoder  line 60\na description of it that is longer  than a line"))
    assert [one.plain.rstrip() for one in facts._lines(40)] == [
        "Arch       StackedDenoisingAutoEncoder",
        "           line 60",
        "a description of it that is longer  than",
        "a line",
    ]


def test_what_has_no_room_beside_a_fact_is_below_its_value() -> None:
    label = Item(Text("Arch          StackedDenoisingAutoEncoder"), hang=14)
    lines = [[part.plain for part, _ in one] for one in lay([label, Item(Text("line 60"), beside=True, hang=14)], 45)]
    assert lines == [["Arch          StackedDenoisingAutoEncoder"], ["              line 60"]]
