"""The stylesheets: that of the first screen is read for it, the others once it is painted."""

from __future__ import annotations

from pathlib import Path

from textual.app import App

FOLDER = Path(__file__).parent
FIRST = "panes.tcss"
OTHERS = ("scripts.tcss", "dialogs.tcss")


def read_first(app: App[None]) -> None:
    """Not by CSS_PATH: what that names is parsed before the theme is taken, and then once more."""
    app.stylesheet.read(FOLDER / FIRST)


def read_others(app: App[None]) -> None:
    """So that the first dialog need not wait for them, nor the first screen."""
    for name in OTHERS:
        app.stylesheet.read(FOLDER / name)
    app.stylesheet.parse()
    if len(app.screen_stack) > 1:  # a key was quicker
        app.refresh_css(animate=False)
