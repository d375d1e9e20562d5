"""A list of texts with a cursor that goes from one that can be opened to the next; the others are headings."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.console import Console
from rich.segment import Segment
from rich.text import Text
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.keys import actions
from tui.widgets.ground import Grounded
from tui.widgets.paragraphs import wrapped

_CONSOLE = Console(width=80, legacy_windows=False)
GAP = 2  # cells between items on one line
BESIDE = 3  # cells that no item takes: the cursor's edge and a gap, and the bar where all of them do not fit


@dataclass(frozen=True)
class Item:
    """A text, wrapped to the width there is; `key` is what it stands for, None for one the cursor passes over.

    `beside` puts it on the line of the item before, where that leaves room; a `link` leads away and looks so. Where it
    takes several lines, those after the first begin `hang` cells further right, and the first too where there was no
    room beside.
    """

    text: Text
    key: Hashable | None = None
    beside: bool = False
    link: bool = False
    hang: int = 0


Line = list[tuple[Text, int]]  # the items on it, or a part of one: what is shown, and which it is


def lay(items: Sequence[Item], width: int) -> list[Line]:
    """Items in lines of `width` cells."""
    lines: list[Line] = []
    for index, item in enumerate(items):
        if item.beside and lines:
            used = sum(part.cell_len + GAP for part, _ in lines[-1])
            if used + item.text.cell_len <= width:
                lines[-1].append((item.text, index))
                continue
            if item.hang < width // 2:
                item = replace(item, text=Text(" " * item.hang).append_text(item.text))
        lines += [[(part, index)] for part in wrapped(item.text, width, item.hang)]
    return lines


class Walk(Grounded, ScrollView, can_focus=True):
    """Items below each other. The cursor stays on its key while items come and go."""

    PLACE = actions.LIST
    BINDINGS = actions.bindings(actions.LIST)
    COMPONENT_CLASSES: ClassVar[set[str]] = {"walk--cursor", "walk--edge", "walk--link"}

    class Moved(Message):
        """The cursor is on another item."""

        def __init__(self, walk: Walk, key: Hashable) -> None:
            self.walk, self.key = walk, key
            super().__init__()

    class Opened(Moved):
        """Enter was pressed on an item."""

    class Left(Message):
        """The cursor would go beyond the last item."""

        def __init__(self, walk: Walk) -> None:
            self.walk = walk
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._items: Sequence[Item] = ()
        self._lines: list[Line] = []
        self._cursor: int | None = None
        self._laid_for = 0

    @property
    def key(self) -> Hashable | None:
        """What the cursor is on."""
        return self._items[self._cursor].key if self._cursor is not None else None

    @property
    def items(self) -> Sequence[Item]:
        return self._items

    def show(self, items: Sequence[Item]) -> None:
        """Show these; the cursor stays where it was, else it is on the first that can be opened."""
        before = self.key
        self._items = items
        keys = [item.key for item in items]
        self._cursor = keys.index(before) if before is not None and before in keys else None
        if self._cursor is None:
            self._cursor = next((i for i, key in enumerate(keys) if key is not None), None)
        self._lay()

    def go(self, key: Hashable | None) -> None:
        """Put the cursor on the item with this key, if there is one, without telling of it."""
        keys = [item.key for item in self._items]
        if key is not None and key in keys:
            self._cursor = keys.index(key)
            self.call_after_refresh(self._reveal)  # it may be shown only now
            self.refresh()

    def _reveal(self) -> None:
        places = [y for y, line in enumerate(self._lines) if any(index == self._cursor for _, index in line)]
        if places:
            self.scroll_to_region(Region(0, places[0], 1, len(places)), animate=False, force=True)

    @property
    def _room(self) -> int:
        return max(1, self.content_size.width - BESIDE)

    def _lay(self) -> None:
        self._laid_for = self._room
        self._lines = lay(self._items, self._laid_for)
        self.virtual_size = Size(self._laid_for, len(self._lines))
        self.refresh(layout=True)

    def on_resize(self) -> None:
        if self.virtual_size != Size(self._room, len(self._lines)) or self._laid_for != self._room:
            self._lay()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(lay(self._items, max(1, width - BESIDE)))

    def move(self, to: int | None) -> None:
        if to is None or to == self._cursor:
            return
        self._cursor = to
        self.refresh()
        self._reveal()
        if (key := self.key) is not None:
            self.post_message(self.Moved(self, key))

    def _stops(self) -> list[int]:
        return [index for index, item in enumerate(self._items) if item.key is not None]

    def _step(self, by: int) -> int | None:
        """The item `by` stops on, at most the last; None beyond it."""
        stops = self._stops()
        if self._cursor not in stops:
            return stops[0] if stops else None
        place = stops.index(self._cursor) + by
        if abs(by) == 1 and place >= len(stops):
            return None
        return stops[max(0, min(place, len(stops) - 1))]

    def action_cursor_down(self) -> None:
        to = self._step(1)
        if to is None:
            self.post_message(self.Left(self))
        self.move(to)

    def action_cursor_up(self) -> None:
        if self._cursor == next(iter(self._stops()), None):
            self.scroll_home(animate=False)  # what is above the first is read too
        self.move(self._step(-1))

    def action_page_down(self) -> None:
        self.move(self._step(max(2, self.size.height - 1)))

    def action_page_up(self) -> None:
        self.move(self._step(-max(2, self.size.height - 1)))

    def action_first(self) -> None:
        self.scroll_home(animate=False)
        self.move(next(iter(self._stops()), None))

    def action_last(self) -> None:
        self.move(next(reversed(self._stops()), None))

    def action_open(self) -> None:
        if (key := self.key) is not None:
            self.post_message(self.Opened(self, key))

    def on_click(self, event: events.Click) -> None:
        y, at = event.y + round(self.scroll_y), 2
        for text, index in self._lines[y] if y < len(self._lines) else []:
            if at <= event.x < at + text.cell_len and self._items[index].key is not None:
                if index == self._cursor:
                    self.action_open()
                self.move(index)
            at += text.cell_len + GAP

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        ground = self.ground
        width = self.size.width
        at = y + round(self.scroll_y)
        if self._laid_for != self._room:  # before Resize is heard: the first paint has the texts on it
            self._laid_for = self._room
            self._lines = lay(self._items, self._laid_for)
        if at >= len(self._lines):
            return Strip.blank(width, ground)
        edge = self.part_style("walk--edge")
        marked = self.part_style("walk--cursor")
        here = self.has_focus and any(index == self._cursor for _, index in self._lines[at])
        segments = [Segment("▌" if here else " ", edge), Segment(" ")]
        for place, (text, index) in enumerate(self._lines[at]):
            own = _CONSOLE.get_style(text.style)
            parts = list(Segment.apply_style((part for part in text.render(_CONSOLE) if part.text != "\n"), own))
            if self._items[index].link:
                parts = list(Segment.apply_style(parts, self.part_style("walk--link")))
            if here and index == self._cursor:
                parts = list(Segment.apply_style(parts, post_style=marked))
            segments += [Segment(" " * GAP)] * bool(place) + parts
        alone = here and len(self._lines[at]) == 1
        if alone:
            ground += marked
        return Strip(segments).adjust_cell_length(width, ground).apply_style(ground)
