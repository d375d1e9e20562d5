"""The stylesheets: that of the first screen is read for it, the others once it is painted; and how they are applied."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar
from weakref import WeakKeyDictionary

from rich.style import Style
from textual.app import App
from textual.css.model import RuleSet
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widget import Widget

FOLDER = Path(__file__).parent
FIRST = "panes.tcss"
OTHERS = ("scripts.tcss", "dialogs.tcss")


class SparingStylesheet(Stylesheet):
    """Leaves a widget alone whose rules are those in force, and its parts where nothing is new that their rules name.

    With every class that is set, Textual applies all styles of all that is below it. It means to stop where nothing has
    changed, but compares the rules with what has become of them in force (a parsed `bold`, defaults filled in), which
    is never equal: each style is set once more, and a table draws all its rows again.
    """

    _in_force: ClassVar[WeakKeyDictionary[Widget, tuple[RulesMap, Style]]] = WeakKeyDictionary()

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._known: dict[str, list[RuleSet]] | None = None  # the rules that what follows is about
        self._named: dict[frozenset[str], tuple[set[str], set[str]]] = {}
        self._seen: WeakKeyDictionary[DOMNode, list[tuple[set[str], list[str]]]] = WeakKeyDictionary()

    def reparse(self) -> None:
        """With other variables. Textual parses in a stylesheet of its own, and what that has read once more later."""
        self.parse()

    @classmethod
    def replace_rules(cls, node: DOMNode, rules: RulesMap, animate: bool = False) -> None:
        if not isinstance(node, Widget):
            super().replace_rules(node, rules, animate)
        elif cls._in_force.get(node) == (rules, node.rich_style):  # it looks as those that it is in have made it
            Widget.notify_style_update(node)
        else:
            super().replace_rules(node, rules, animate)
            cls._in_force[node] = rules, node.rich_style

    def _process_component_classes(self, node: DOMNode) -> None:
        parts = node._get_component_classes()
        if not parts:
            return
        if self._known is not self.rules_map:
            self._known = self.rules_map
            self._named.clear()
            self._seen.clear()
        if parts not in self._named:
            self._named[parts] = self._named_for(parts)
        names, pseudo = self._named[parts]
        seen = [
            (names & {*one.classes, one.id}, [name for name in pseudo if one.has_pseudo_class(name)])
            for one in node.css_path_nodes
        ]
        if self._seen.get(node) != seen:
            super()._process_component_classes(node)
            self._seen[node] = seen

    def _named_for(self, parts: frozenset[str]) -> tuple[set[str], set[str]]:
        """The classes, ids and pseudo-classes that rules for these parts name."""
        rules = [rule for name in ("*", *(f".{part}" for part in parts)) for rule in self.rules_map.get(name, ())]
        selectors = [one for rule in rules for among in rule.selector_set for one in among.selectors]
        return {one.name for one in selectors}, {name for one in selectors for name in one.pseudo_classes}


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
