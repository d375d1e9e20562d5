"""Keys that come faster than they are answered, in one write: each acts on what the one before it led to."""

from __future__ import annotations

from pathlib import Path

from tests.tui.terminal import Terminal
from tests.tui.test_program import environment


def test_a_burst_is_typed_where_its_first_keys_lead(home: Path) -> None:
    terminal = Terminal(environment(home))
    try:
        terminal.until(lambda text: "1 Runs" in text, "the first frame")
        terminal.child.send("3unet denoise")  # before the scripts' pane is there
        terminal.until(lambda text: "unet denoise" in text and "tab complete" in text, "the question")
        terminal.press(
            "\x1b"
        )  # heard before more is typed: with a letter at once it would be another key, alt and that
        terminal.until(lambda text: "3120/5000" in text and "tab complete" not in text, "the workbench, out of the box")
        terminal.child.send("1/state:failed\rE")
        terminal.until(lambda text: "Export digits" in text and "1 Runs 1 of 5" in text, "an export of what is left")
        terminal.child.send("\x1b")
        terminal.until(lambda text: "Export digits" not in text, "the runs")
        terminal.child.send("1?/stop")
        terminal.until(lambda text: "checkpoint" in text.lower() and "Choose it for" not in text, "the help of `stop`")
    finally:
        terminal.close()
