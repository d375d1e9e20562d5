"""The whole program in a pseudo-terminal, and what its process holds."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.tui.fake_run import FakeRun
from tests.tui.terminal import Terminal

BRAILLE = re.compile("[\u2801-\u28ff]")
WALL = ("torch", "transformers", "sentence_transformers", "whoosh", "sklearn", "numpy", "pandas")


def environment(home: Path, **changes: str) -> dict[str, str]:
    return (
        {k: v for k, v in os.environ.items() if k not in ("COLORTERM", "NO_COLOR")}
        | {"DIFFWB_HOME": str(home)}
        | changes
    )


def test_it_opens_shows_the_plot_and_leaves(home: Path, runs: dict[str, FakeRun]) -> None:
    terminal = Terminal(environment(home))
    try:
        terminal.until(lambda text: BRAILLE.search(text) is not None, "the plot")
        terminal.until(lambda text: "samples · step 3000" in text and "▄▄▄▄" in text, "the samples")
        runs["running"].train(3130, 3300)
        terminal.until(lambda text: "step 3300/5000" in text, "the new point")
        terminal.press("q")
        terminal.until(lambda text: "1 run goes on training; `diffwb` shows it again." in text, "the goodbye")
        terminal.pump(1)
        assert terminal.child.wait() == 0
    finally:
        terminal.close()


def test_bytes_that_are_no_text_are_no_end(home: Path) -> None:
    """An old mouse report, a latin-1 key, a paste of anything."""
    terminal = Terminal(environment(home))
    try:
        terminal.until(lambda text: "3120/5000" in text, "the workbench")
        terminal.child.send(b"\xff\xe9\x1b[M\xff\xff\xff")
        terminal.pump(1)
        terminal.press("?")
        terminal.until(lambda text: "Start a training run" in text, "the help")
    finally:
        terminal.close()


def test_linuxs_own_console_is_sent_what_its_font_has(home: Path) -> None:
    terminal = Terminal(environment(home, LANG="C"), term="linux")
    try:
        terminal.until(lambda text: "samples · step 3000" in text and "****" in text, "the samples and the curve")
        assert BRAILLE.search(terminal.text) is None
        terminal.text.encode("cp437")
    finally:
        terminal.close()


def test_a_dumb_terminal_is_sent_no_control_sequence(home: Path) -> None:
    terminal = Terminal(environment(home), term="dumb")
    try:
        said = terminal.child.read().decode()
        assert terminal.child.wait() == 2
        assert said.startswith("diffwb: error: TERM=dumb is no terminal to paint on")
        assert said.strip().isprintable()
    finally:
        terminal.close()


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_it_works_inside_tmux(home: Path, tmp_path: Path) -> None:
    """A server of its own, killed at the end; what its window shows is asked of it."""
    tmux = ("tmux", "-S", str(tmp_path / "socket"), "-f", "/dev/null")

    def window(*command: str) -> str:
        done = subprocess.run([*tmux, *command], check=True, capture_output=True, text=True, env=environment(home))
        return done.stdout

    def shows(text: str, seconds: float = 40) -> None:
        deadline = time.monotonic() + seconds
        while text not in (shown := window("capture-pane", "-p")):
            assert time.monotonic() < deadline, f"{text} is not shown:\n{shown}"
            time.sleep(0.2)

    try:
        window("new-session", "-d", "-x", "120", "-y", "36", sys.executable, "-P", "-m", "tui.cli")
        shows("samples · step 3000")
        window("send-keys", "?")
        shows("Start a training run")
        window("send-keys", "Escape")
        shows("n new run")
        window("resize-window", "-x", "80", "-y", "24")
        window("send-keys", "j")
        shows("a3f3 · finished")
        window("send-keys", "q")
        deadline = time.monotonic() + 60
        while subprocess.run([*tmux, "list-sessions"], check=False, capture_output=True).returncode == 0:
            assert time.monotonic() < deadline, "it was not left"
            time.sleep(0.2)
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)


@pytest.mark.skipif(shutil.which("screen") is None, reason="screen is not installed")
def test_escape_comes_through_gnu_screen(home: Path, tmp_path: Path) -> None:
    (tmp_path / "screenrc").write_text("startup_message off\n")
    (sockets := tmp_path / "sockets").mkdir(mode=0o700)
    around = environment(home, SCREENDIR=str(sockets), SCREENRC=str(tmp_path / "screenrc"))
    terminal = Terminal(around, "screen", "-S", "test", sys.executable, "-P", "-m", "tui.cli")
    try:
        terminal.until(lambda text: "3120/5000" in text, "the workbench")
        terminal.press("?")
        terminal.until(lambda text: "─ Keys ─" in text, "the help")
        terminal.press("\x1b")
        terminal.until(lambda text: "─ Keys ─" not in text and "3120/5000" in text, "the workbench again")
    finally:
        subprocess.run(["screen", "-S", "test", "-X", "quit"], env=around, check=False, capture_output=True)
        terminal.close()


def test_it_comes_back_from_the_shell(home: Path) -> None:
    """`ctrl+z` gives the terminal back and stops the process; `fg`, which is SIGCONT, draws it again."""
    terminal = Terminal(environment(home))
    try:
        terminal.until(lambda text: "3120/5000" in text, "the workbench")
        terminal.press("?")  # a dialog leaves it as the workbench does
        terminal.until(lambda text: "─ Keys ─" in text, "the help")
        terminal.press("\x1a")
        assert state_of(terminal.child.pid) == "T"
        terminal.screen.reset()  # a shell's screen: nothing of the workbench is left on it
        os.kill(terminal.child.pid, 18)
        terminal.until(lambda text: "─ Keys ─" in text, "the help again")
    finally:
        terminal.close()


def state_of(pid: int) -> str:
    """The state letter of a process, once it is stopped or it has had its time."""
    deadline = time.monotonic() + 30
    while True:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        if state == "T" or time.monotonic() > deadline:
            return state
        time.sleep(0.05)


@pytest.mark.parametrize("changes", [{"LC_ALL": "C"}, {"NO_COLOR": "1"}], ids=["without unicode", "without colour"])
def test_poorer_terminals(home: Path, changes: dict[str, str]) -> None:
    terminal = Terminal(environment(home, **changes))
    try:
        text = terminal.until(
            lambda text: "samples - step 3000" in text or "samples · step 3000" in text, "the samples"
        )
        assert "running" in text
        assert "\\u" not in text
        if "LC_ALL" in changes:
            terminal.pump(1.5)
            assert terminal.text.isascii()
            assert "*" in terminal.text
            terminal.press("n")
            assert terminal.until(lambda text: "diffwb --train --preset digits" in text, "the form").isascii()
    finally:
        terminal.close()


def test_nothing_heavy_lives_in_the_workbench(home: Path) -> None:
    """Run it, draw everything it has, then look at what was imported."""
    code = f"""
import asyncio, sys
from pathlib import Path
from tui.app import Workbench
from tui.widgets.picture import Picture

async def main():
    app = Workbench(Path({str(home)!r}))
    async with app.run_test(size=(120, 36)) as pilot:
        for _ in range(200):
            await asyncio.sleep(0.05)
            if app.main.query_one("#grid", Picture)._strips:
                break
        else:
            sys.exit("no picture was drawn")
        await pilot.press("n", "escape", "question_mark", "escape")
    print([name for name in {WALL!r} if name in sys.modules])

asyncio.run(main())
"""
    said = subprocess.run([sys.executable, "-P", "-c", code], check=False, capture_output=True, text=True, timeout=60)
    assert said.stdout.strip() == "[]", said.stdout + said.stderr


def test_first_paint_waits_for_no_drawing_library() -> None:
    code = "import sys, tui.app; print([m for m in ('rich_pixels', 'PIL') if m in sys.modules])"
    said = subprocess.run([sys.executable, "-P", "-c", code], check=False, capture_output=True, text=True, timeout=60)
    assert said.stdout.strip() == "[]", said.stderr
