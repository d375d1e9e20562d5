"""What is not sent to the terminal is there already."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tests.tui.fake_run import home_with_runs
from tests.tui.terminal import Terminal
from tui.painting.painted import Painted

WIDTH, HEIGHT = 12, 3
CONSOLE = Console(file=io.StringIO(), force_terminal=True, color_system="256")
STYLES = [
    None,
    Style.parse("#00afd7 on #121212"),
    Style.parse("bold #d0d0d0 on #121212"),
    Style.parse("underline #d0d0d0 on #303030"),
    Style.parse("bold reverse #d0d0d0 on #121212"),
]
Update = LayoutUpdate | ChopsUpdate


def strip(parts: list[tuple[str, Style | None]], width: int) -> Strip:
    return Strip([Segment(text, style) for text, style in parts]).adjust_cell_length(width, STYLES[1])


def full(lines: list[list[tuple[str, Style | None]]]) -> Update:
    return LayoutUpdate([[strip(parts, WIDTH)] for parts in lines], Region(0, 0, WIDTH, HEIGHT))


def part(y: int, x: int, width: int, parts: list[tuple[str, Style | None]]) -> Update:
    """A widget at `x` has changed; those beside it have not, and are not rendered."""
    end = min(WIDTH, x + width)
    cuts = sorted({0, x, end, WIDTH})
    chops: list[dict[int, Strip | None]] = [dict.fromkeys(cuts[:-1]) for _ in range(HEIGHT)]
    chops[y][x] = strip(parts, end - x)
    return ChopsUpdate(chops, [(y, x, end)], [cuts[1:]] * HEIGHT)


texts = st.lists(st.sampled_from([" ", "a", "b", "·", "─", "中", "👍", "e\u0301"]), min_size=1, max_size=5).map("".join)
parts = st.lists(st.tuples(texts, st.sampled_from(STYLES)), min_size=1, max_size=4)
updates = st.lists(
    st.builds(full, st.lists(parts, min_size=HEIGHT, max_size=HEIGHT))
    | st.builds(part, st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1), st.integers(1, WIDTH), parts),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(updates)
def test_the_terminal_shows_what_it_would_if_it_were_sent_everything(updates: list[Update]) -> None:
    painted, sent, everything = Painted(), pyte.Screen(WIDTH, HEIGHT), pyte.Screen(WIDTH, HEIGHT)
    for screen in (sent, everything):
        screen.reset_mode(pyte.modes.DECAWM)
    for update in updates:
        pyte.Stream(sent).feed(painted.news(update, CONSOLE))
        pyte.Stream(everything).feed(update.render_segments(CONSOLE))
        assert cells(sent) == cells(everything)
        assert painted.news(update, CONSOLE) == ""


def test_what_was_forgotten_is_sent_again() -> None:
    painted, update = Painted(), full([[("abc", STYLES[1])]] * HEIGHT)
    first = painted.news(update, CONSOLE)
    assert painted.news(part(1, 1, 1, [("x", STYLES[1])]), CONSOLE) == "\x1b[2;2H\x1b[38;5;38;48;5;233mx\x1b[0m"
    painted.forget()
    assert painted.news(update, CONSOLE) == first


def cells(screen: pyte.Screen) -> list[list[tuple[object, ...]]]:
    """Every cell with what is seen of its style."""
    rows = [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]
    return [
        [(c.data, c.bg, c.reverse, c.underscore, *(() if plain(c) else (c.fg, c.bold))) for c in row] for row in rows
    ]


def plain(cell: pyte.screens.Char) -> bool:
    return cell.data == " " and not cell.reverse and not cell.underscore


def test_a_dialog_costs_a_slow_link_little_and_leaves_nothing(tmp_path: Path) -> None:
    """Whatever was done before, the screen is what a repaint of everything shows; also after a resize."""
    home_with_runs(tmp_path, live=False)
    environment = {k: v for k, v in os.environ.items() if k not in ("COLORTERM", "NO_COLOR")}
    terminal = Terminal(environment | {"DIFFWB_HOME": str(tmp_path)})

    def settle() -> None:
        while not terminal.quiet(0.3):
            pass

    def cost(key: str, shown: Callable[[str], bool]) -> int:
        before = terminal.received
        terminal.child.send(key)
        terminal.until(shown, f"what {key!r} does")
        settle()
        return terminal.received - before

    try:
        terminal.until(lambda text: "samples · step" in text and "▄▄▄▄" in text, "the workbench")
        settle()
        assert cost("D", lambda text: "Remove this run?" in text) < 3_000
        assert cost("n", lambda text: "Remove this run?" not in text and "samples · step" in text) < 5_000
        assert cost("?", lambda text: "Start a training run" in text) < 20_000
        # esc is heard before more is typed: with a letter at once it would be another key
        for leave, keys, told in (("\x1b", "jjn", "New run"), ("\x1b", "\x10zo", "This pane alone")):
            cost(leave, lambda text: "Start a training run" not in text and "New run ─" not in text)
            cost(keys, lambda text, told=told: told in text)  # type: ignore[misc]
        cost("\x1b", lambda text: "1 Runs" in text and "This pane alone" not in text)
        terminal.press("zz2tt1G")
        for columns, rows in ((90, 30), (120, 36)):
            terminal.child.setwinsize(rows, columns)
            terminal.screen.resize(rows, columns)
            terminal.press("j")
        cost("g?", lambda text: "Start a training run" in text)  # what was pressed before has been done by then
        cost("\x1b", lambda text: "a4f3 · lost" in text and "samples · step 3000" in text)
        shown = cells(terminal.screen)
        terminal.screen.reset()
        terminal.press("\x0c")
        terminal.until(lambda _: cells(terminal.screen) == shown, "what it showed before", 10)
    finally:
        terminal.close()
