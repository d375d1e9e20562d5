"""The stylesheets: that of the first screen is read for it, the others once it is painted; and how they are applied."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar
from weakref import WeakKeyDictionary

from rich.style import Style
from textual.app import App
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widget import Widget

FOLDER = Path(__file__).parent
FIRST = "panes.tcss"
OTHERS = ("scripts.tcss", "dialogs.tcss")


class SparingStylesheet(Stylesheet):
    """Leaves a widget alone whose rules are those in force.

    With every class that is set, Textual applies all styles of all that is below it. It means to stop where nothing has
    changed, but compares the rules with what has become of them in force (a parsed `bold`, defaults filled in), which
    is never equal: each style is set once more, and a table draws all its rows again.
    """

    _in_force: ClassVar[WeakKeyDictionary[Widget, tuple[RulesMap, Style]]] = WeakKeyDictionary()

    @classmethod
    def replace_rules(cls, node: DOMNode, rules: RulesMap, animate: bool = False) -> None:
        if not isinstance(node, Widget):
            super().replace_rules(node, rules, animate)
        elif cls._in_force.get(node) == (rules, node.rich_style):  # it looks as those that it is in have made it
            Widget.notify_style_update(node)
        else:
            super().replace_rules(node, rules, animate)
            cls._in_force[node] = rules, node.rich_style


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
