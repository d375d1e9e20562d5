"""Keys that come faster than they are answered wait until what those before them led to is there.

Textual hands a key to what has the focus at that moment, while the key before it may still be on its way to the action
that moves the focus or opens a dialog: of `/unet` typed or pasted at once, the letters would be keys of the list.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import WorkerState

PATIENCE = 3.0  # seconds that a key waits at most: a disk may be slow, a search gone
ACTING = ("action_", "_gather_commands")  # how workers are called that a key waits for; the latter is the palette's
LOOK = 0.01  # seconds between looks at what is not done by messages


class InOrderApp(App[None]):
    """An application whose keys and pastes act one after the other, each on what the one before has led to."""

    def __init__(self) -> None:
        super().__init__()
        self._typed = deque[events.Key | events.Paste]()
        self._since: float | None = None  # when one was first held back by what is still under way
        self._written: Widget | None = None  # the field that the last one was a letter for

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Paste):
            event.text = one_line(event.text)
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._typed.append(event)
            if len(self._typed) == 1:
                await self._type()
        else:
            await super().on_event(event)

    async def _type(self) -> None:
        """Let the next key act, if it may; else look again once other messages have been dealt with."""
        if not self._goes_on() and await self._held_back():
            return
        event = self._typed.popleft()
        letter = isinstance(event, events.Key) and event.is_printable and isinstance(self.focused, Input)
        self._written = self.focused if letter else None
        await super().on_event(event)
        if self._typed:
            self.call_later(self._type)

    def _goes_on(self) -> bool:
        """Whether the next is a letter in the field that the last was one for: such leads nowhere."""
        event = self._typed[0]
        here = self._written is not None and self._written is self.focused
        return here and isinstance(event, events.Key) and event.is_printable

    async def _held_back(self) -> bool:
        """Whether the next key is held back by what those before it led to; then it is looked at again."""
        await asyncio.sleep(0)  # an action that is a worker begins
        underway = self._underway()
        if not underway and not self._led():
            self._since = None
            return False
        self._since = self._since or time.monotonic()
        if time.monotonic() - self._since > PATIENCE:
            return False
        if underway:
            self.call_later(self._type)
        else:
            self.set_timer(LOOK, self._type)
        return True

    def _underway(self) -> bool:
        """Whether a message is on its way to any part of the screen, a key that bubbles or a change of the focus."""
        return any(map(_has_messages, (self, self.screen, *self.screen.walk_children())))

    def _led(self) -> bool:
        """Whether an action of the screen is at work, or the screen says that it is `leading` to something."""
        screen = self.screen
        working = (WorkerState.PENDING, WorkerState.RUNNING)
        acting = (w.node is screen and w.state in working and w.name.startswith(ACTING) for w in self.workers)
        return any(acting) or bool(getattr(screen, "leading", False))


def one_line(text: str) -> str:
    """What is pasted, for fields that have one line: Textual's would take the first and drop the others unsaid."""
    lines = text.splitlines()
    return text if len(lines) < 2 else " ".join(part for line in lines if (part := line.strip()))


def _has_messages(pump: MessagePump) -> bool:
    return pump.message_queue_size > 0 or pump._pending_message is not None
