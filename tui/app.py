"""The workbench's application: it composes the screens and hands the registry to the palette."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

if os.environ.get("SSH_CONNECTION"):  # Textual reads these when it is imported
    os.environ.setdefault("TEXTUAL_FPS", "20")
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")

from textual.filter import LineFilter
from textual.notifications import Notify
from textual.screen import Screen
from textual.scrollbar import ScrollBar

from engine.home import prepare
from tui.keys import actions
from tui.keys.in_order import InOrderApp
from tui.look import styles
from tui.look.theme import THEMES
from tui.painting.encoding import PlainText, take_any_input
from tui.painting.glyphs import encoding, glyphs
from tui.painting.scrollbars import ThinScrollBar
from tui.painting.slow_link import PacedApp
from tui.preferences import CONFIG
from tui.preferences import read as read_preferences
from tui.screens.main import MainScreen
from tui.text import line

if TYPE_CHECKING:
    from textual.command import Provider

SETTLED = 2.0  # seconds until what the first screen needs is there

ScrollBar.renderer = ThinScrollBar


def _palette() -> type[Provider]:
    from tui.keys.palette import ActionsProvider

    return ActionsProvider


class Workbench(PacedApp, InOrderApp):
    """Shows one home. Training goes on without it."""

    TITLE = "diffwb"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_palette}
    BINDINGS = actions.bindings(actions.APP, everywhere=True)
    SUSPENDED_SCREEN_CLASS = "-beneath"
    # A terminal's own selection works where Textual's would hide it.
    ALLOW_SELECT = False

    def __init__(self, home: Path) -> None:
        preferences = read_preferences(home)
        actions.choose(preferences.keys)
        super().__init__()
        self.stylesheet = styles.SparingStylesheet(variables=self.theme_variables)
        self._home = home
        self._troubles = preferences.troubles
        self.theme_fixed = preferences.fixed
        self.main = MainScreen(home)
        self._plain = [] if glyphs().unicode else [PlainText(encoding())]
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = preferences.theme
        self.set_keymap(dict(preferences.keys))

    def on_mount(self) -> None:
        if not gc.isenabled():  # the command turned it off
            self.set_timer(SETTLED, _collect_garbage)
        for trouble in self._troubles:
            self.notify(line(trouble), severity="warning", markup=False, timeout=15)
        if not self._troubles and (self._home / CONFIG).exists():
            self.set_timer(SETTLED, self._check_settings)

    def _check_settings(self) -> None:
        """Say what the home's settings of runs are that cannot be, before a run is started with them."""
        from engine.config import read_toml
        from engine.setting import ConfigError

        try:
            read_toml(self._home / CONFIG)
        except ConfigError as error:
            self.notify(line(str(error)), severity="warning", markup=False, timeout=15)

    def _on_notify(self, event: Notify) -> None:
        """What is said once more takes the place of what says so already; Textual then shows it."""
        said = event.notification
        for one in list(self._notifications):
            if (one.message, one.title, one.severity) == (said.message, said.title, said.severity):
                self._unnotify(one, refresh=False)

    def get_default_screen(self) -> Screen[None]:
        styles.read_first(self)
        return self.main

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The filters everything painted goes through; without UTF-8, one that writes plainly."""
        return [*super().get_line_filters(), *self._plain]


def _collect_garbage() -> None:
    """From now on, and not among what was there at the start: that stays, and looking through it takes time."""
    gc.freeze()
    gc.enable()


def _in_screen() -> bool:
    """Whether GNU screen is around it. While a program hears of the mouse, screen keeps `escape` to itself until
    another key follows, which then comes as one with alt."""
    return bool(os.environ.get("STY") or (os.environ.get("TERM", "").startswith("screen") and "TMUX" not in os.environ))


def run(home: Path) -> int:
    """Open the workbench on a home until it is left; says what goes on training. Returns the exit code."""
    app = Workbench(prepare(home))
    take_any_input()
    app.run(mouse=not _in_screen())
    if app.return_code == 0 and (count := app.main.running):
        goes = "1 run goes" if count == 1 else f"{count} runs go"
        sys.stdout.write(f"{goes} on training; `diffwb` shows {'it' if count == 1 else 'them'} again.\n")
    if app.return_code == 0 and app.main.indexing is not None:
        sys.stdout.write("Indexing goes on; `diffwb` shows it again.\n")
    return app.return_code or 0
