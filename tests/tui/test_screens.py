"""Every screen at three sizes, compared with the files in `screens/`.

A screen that is meant to look otherwise: `make screens` writes the files anew, and the review shows what has changed.
"""

from __future__ import annotations

import difflib
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from textual.events import Paste
from textual.widgets import Input

from engine.runs.listing import RunSummary
from tests.tui.conftest import Driven, opened
from tests.tui.scenes import DIALOGS, EMPTY, RUN, RUNS, SCRIPTS, Gpus, Scene, home_of_scenes
from tests.tui.snapshot import snapshot
from tui import app as app_module
from tui.app import Workbench
from tui.painting import glyphs
from tui.painting.encoding import plain
from tui.runs import session
from tui.screens import main

FILES = Path(__file__).with_name("screens")
RENEW = "DIFFWB_RENEW_SCREENS" in os.environ
SIZES = ((80, 24), (120, 36), (200, 60))
PATIENCE = 20.0  # seconds until a screen has to be what it is in its file
UNCHANGED = 1.5  # seconds after which a screen that is written anew is taken to be done
THEMES = {"light": '[workbench]\ntheme = "light"\n'}
PLAIN = "plain"  # no sign beyond ASCII, sixteen colours


@pytest.fixture(autouse=True)
def same_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No clock, no machine of its own, no folder that has another name elsewhere."""

    async def devices() -> list[session.Device]:
        return [session.AUTO, session.Device("cuda:0", "NVIDIA H200, 139 GiB, busy 87%"), session.CPU]

    monkeypatch.setattr(main, "Machine", Gpus)
    monkeypatch.setattr(main, "list_devices", devices)
    monkeypatch.setattr(RunSummary, "silence", lambda self, now: None)
    monkeypatch.setattr(Input, "_toggle_cursor", lambda self: None)
    # What lies beneath a dialog is not looked at, and is most of the work.
    monkeypatch.setattr(Workbench, "CSS", "ModalScreen { background: $background !important; }")
    monkeypatch.setattr(Path, "cwd", lambda: Path("/home/me"))
    monkeypatch.setattr(Path, "absolute", lambda self: Path("/home/me") / self)
    for name in ("NO_COLOR", "COLORFGBG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def plain_signs(theme: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The terminal's encoding is ASCII where the theme is plain."""
    if theme == PLAIN:
        for module in (app_module, glyphs):
            monkeypatch.setattr(module, "encoding", lambda: "ascii")
    glyphs.glyphs.cache_clear()
    yield
    glyphs.glyphs.cache_clear()


@pytest.mark.usefixtures("plain_signs")
@pytest.mark.parametrize(
    ("scenes", "theme"),
    [
        pytest.param(RUNS, "dark", id="runs"),
        pytest.param(RUN, "dark", id="run"),
        pytest.param(DIALOGS, "dark", id="dialogs"),
        pytest.param(SCRIPTS, "dark", id="scripts"),
        pytest.param(EMPTY, "dark", id="empty"),
        pytest.param(RUNS[:2], "light", id="light"),
        pytest.param(RUNS[:1], PLAIN, id=PLAIN),
    ],
)
async def test_screens(empty_home: Path, scenes: Sequence[Scene], theme: str) -> None:
    runs = home_of_scenes(empty_home) if scenes is not EMPTY else {}
    empty_home.mkdir(parents=True, exist_ok=True)
    (empty_home / "config.toml").write_text(THEMES.get(theme, ""))
    differ: list[str] = []
    try:
        async with opened(empty_home, SIZES[-1]) as driven:
            for scene in scenes:
                await driven.press(*scene.keys.split())
                # At once, and apart from what was typed: what is asked while a person pauses depends on the machine.
                if scene.text:
                    pane = driven.main.scripts
                    await driven.until(lambda p=pane: p is None or p._pending is None, "what the keys ask")
                    driven.app.post_message(Paste(scene.text))
                await driven.shows(plain("ascii")(scene.shows) if theme == PLAIN else scene.shows)
                await compare(driven, scene, theme, differ)
    finally:
        for run in runs.values():
            run.release()
    assert not differ, "\n\n".join(differ) + "\n\nIf that is meant: make screens"


async def compare(driven: Driven, scene: Scene, theme: str, differ: list[str]) -> None:
    """Compare a screen with its file at every size; what differs is added to `differ`."""
    file = FILES / (f"{scene.name}.txt" if theme == "dark" else f"{scene.name}-{theme}.txt")
    kept = {} if RENEW else sections(file.read_text())
    shown: list[str] = []
    take = partial(snapshot, driven.app, scene.of, sixteen=theme == PLAIN)
    for width, height in SIZES:
        await driven.pilot.resize_terminal(width, height)
        wanted = kept.get(f"{width}×{height}", "")
        # What takes its time on a busy machine is waited for, but once: the first difference tells of the others.
        shown.append(
            await settled(driven, take) if RENEW else await like(driven, take, wanted, 1.0 if differ else PATIENCE)
        )
        if not RENEW and shown[-1] != wanted:
            lines = difflib.unified_diff(
                wanted.split("\n"), shown[-1].split("\n"), str(file.relative_to(FILES.parent)), "now", lineterm=""
            )
            differ.append("\n".join(lines))
    if RENEW:
        FILES.mkdir(exist_ok=True)
        file.write_text("\n\n".join(shown) + "\n")


def sections(text: str) -> dict[str, str]:
    """The pictures of a file by their size."""
    parts = re.split(r"\n\n(?=== )", text.rstrip("\n"))
    return {part[3 : re.search(r"[,\n]", part).start()]: part for part in parts}  # type: ignore[union-attr]


async def like(driven: Driven, take: Callable[[], str], wanted: str, seconds: float) -> str:
    """The screen once it is as wanted, or how it is after this time."""
    deadline = time.monotonic() + seconds
    while (shown := take()) != wanted and time.monotonic() < deadline:
        await driven.pilot.pause(0.1)
    return shown


async def settled(driven: Driven, take: Callable[[], str]) -> str:
    shown, since = "", time.monotonic()
    while time.monotonic() - since < UNCHANGED:
        await driven.pilot.pause(0.1)
        if (now := take()) != shown:
            shown, since = now, time.monotonic()
    return shown
