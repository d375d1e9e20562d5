"""The written answer to a question: the facts' own, and over it, as they come, a model's words for it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from textual.message import Message
from textual.timer import Timer

from tui.keys import actions
from tui.scripts.answering import answer_items
from tui.widgets.walk import Item, Walk

EVERY = 1.0  # seconds between two looks at the clock while a model talks


class WrittenAnswer(Walk):
    """Sentences with the lines that prove them; or, where nothing was found, ways out."""

    PLACE = actions.ANSWER
    BINDINGS = actions.bindings(actions.ANSWER)

    class Wish(Message):
        """A key asked for something: "train" from the script of what the cursor is on, "leave"."""

        def __init__(self, what: str) -> None:
            self.what = what
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.question = ""  # that is answered; "" while there is no answer
        self._facts: object = None
        self._said: object = None  # by the model, up to now
        self._model = ""
        self._since = 0.0
        self._clock: Timer | None = None  # while a model talks

    def lay(self, items: Sequence[Item]) -> None:
        """These in place of an answer."""
        self._quiet()
        self.question, self._facts = "", None
        self._put(items)

    def answer(self, question: str, facts: object) -> None:
        """The facts' answer, which stands until a model has said what they support."""
        self._quiet()
        self.question, self._facts = question, facts
        self._put(answer_items(facts))

    def hear(self, told: Mapping[str, Any]) -> None:
        """How far the model is, or how it ended."""
        answer = told.get("answer")
        if told.get("stage") == "rephrased":
            why = str(told.get("notice") or "")
            self._quiet()
            self._put(answer_items(self._facts if why else answer, why))
            return
        if self._clock is None:
            self._since = time.monotonic()
            self._clock = self.set_interval(EVERY, self._tell)
        self._said = answer
        self._model = str(told.get("model") or self._model)
        self._tell()

    def stop(self, why: str) -> bool:
        """No more of the model: the facts' answer stands. False where none talks."""
        if self._clock is None:
            return False
        self._quiet()
        self._put(answer_items(self._facts, why))
        return True

    def _quiet(self) -> None:
        if self._clock is not None:
            self._clock.stop()
        self._clock, self._said, self._model = None, None, ""

    def _tell(self) -> None:
        said = self._said if isinstance(self._said, Mapping) and self._said.get("source") != "facts" else None
        doing = "is writing" if said else "is thinking"
        remark = f"{self._model or 'the model'} {doing} … {time.monotonic() - self._since:.0f} s · esc stops it"
        self._put(answer_items(said or self._facts, remark))

    def action_train(self) -> None:
        self.post_message(self.Wish("train"))

    def action_leave(self) -> None:
        self.post_message(self.Wish("leave"))

    def _put(self, items: Sequence[Item]) -> None:
        self.display = bool(items)
        self.show(items)
