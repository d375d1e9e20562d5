"""The right pane: asks the search child, hears what it answers, and does what is wished of the scripts found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from textual import on
from textual.message import Message
from textual.timer import Timer

from index.understanding.asking import asks
from tui import hints
from tui.commands.ask_settings import asked_of
from tui.scripts.answering import Cite, Relaxed
from tui.scripts.chips import edited, without
from tui.scripts.evidence import OpenedScript, first_proof
from tui.scripts.finding import Found
from tui.scripts.opening import Opening
from tui.scripts.searcher import Searcher
from tui.scripts.table import Result
from tui.text import cell, line
from tui.widgets.answer import WrittenAnswer
from tui.widgets.chips import ChipRow
from tui.widgets.found_pane import FoundPane
from tui.widgets.question import QuestionInput
from tui.widgets.results import ResultsTable
from tui.widgets.walk import Walk

PAUSE = 0.12  # seconds after the last keystroke before the question is sent
LATE = 0.5  # seconds after which it is said that the search is at work


class ScriptsPane(FoundPane, can_focus=True):
    """Asks the search child and shows what it answers; keyword hits first, meaning when it is there.

    It has the focus itself where the workbench is opened at it: a key that is pressed then is not text of a question.
    """

    class Wanted(Message):
        """Something is to be done with scripts: "open" (at a line), "edit", "train", "compare", "columns"."""

        def __init__(self, what: str, results: Sequence[Result] = (), line: int | None = None) -> None:
            self.what, self.results, self.line = what, list(results), line
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._searcher: Searcher | None = None
        self._asked = 0  # number of the newest question
        self._answering = 0  # of the newest that wants a written answer
        self._renewing = 0  # the same, where nobody asked anew
        self._heard = 0  # of the newest that was answered
        self._submitted = False  # before what it finds was there
        self._completing = 0
        self._opening = Opening()
        self._pending: Timer | None = None
        self._config = Path()
        self._refusal = ""  # why no model is asked, where one is configured

    def connect(self, searcher: Searcher, config: Path) -> None:
        """Ask this search; `config` may name a model for its answers."""
        self._searcher, self._config = searcher, config

    @property
    def leading(self) -> bool:
        """Whether a key has led to what is on its way: what is found, a script's text."""
        return self._scripts is not None and (self._submitted or self._opening.waiting)

    def focus_results(self) -> None:
        if self._results:
            self.table.focus()
        elif self._answer.display:
            self._answer.focus()
        else:
            self.screen.query_one("#runs-list").focus()

    def back(self) -> bool:
        """One layer out: a model's talk is stopped; from the chips to the table, from that alone to the pane."""
        if self._stop():
            return True
        if self._chips.has_focus:
            self.enter()
            return True
        if self.has_class("-wide"):
            self.toggle_wide()
            return True
        return False

    def on_descendant_focus(self) -> None:
        """Where there are few lines, who reads the table has all of them."""
        if self.table.has_focus != self.has_class("-read"):
            self.set_class(self.table.has_focus, "-read")

    def toggle_wide(self) -> None:
        """The table alone on the whole screen, and back."""
        wide = not self.has_class("-wide")
        self.set_class(wide, "-wide")
        self.screen.set_class(wide, "-zoomed")
        self.table.scroll_to(x=0, animate=False, force=True)

    # ------------------------------------------------------------------ asking

    @on(QuestionInput.Typed)
    def _typed(self, event: QuestionInput.Typed) -> None:
        question = self.question
        if event.anew:
            self._rank_again()
        self._stop()
        if not self._indexing:
            self.tell_indexing("")
        self._answering, self._submitted = 0, False
        if self._searcher is not None and question.has_focus:
            self._completing = self._searcher.complete(question.value, question.cursor_position)
        if self._pending is not None:
            self._pending.stop()
        self._pending = self.set_timer(PAUSE, self._search)

    def _rank_again(self) -> None:
        """Another question is ranked: what comes first of one by some column does not of the next."""
        layout = self.table.layout_
        if layout.sort is not None:
            self.table.layout_ = replace(layout, sort=None, descending=False)
            self.notify("By rank again, for another question; s sorts.", markup=False)

    def _search(self) -> None:
        query, self._pending = self.question.value.strip(), None
        if not query:
            self._asked = self._heard = 0
            self._show(Found(), {})
            self._welcome()
        elif self._searcher is not None:
            self._asked = self._searcher.search(query, self.table.layout_.order)
            self.set_timer(LATE, partial(self._tell_late, self._asked))

    def _tell_late(self, number: int) -> None:
        """That the newest question is being answered, where it still is."""
        if number == self._asked != self._heard:
            self._say_found(cell("searching …", "dim"))

    def ask(self, question: str) -> None:
        """Put a question into the box, as if it had been typed."""
        self.question.value = question
        self.question.cursor_position = len(question)

    def action_answer(self) -> None:
        query = self.question.value.strip()
        if query and self._searcher is not None:
            llm, self._refusal = asked_of(self._config)
            self._answering = self._searcher.ask(query, llm)

    def _stop(self) -> bool:
        """No more of the model that talks; False where none does."""
        if not self._answer.stop("stopped"):
            return False
        self._answering = 0  # what is still on its way from it is not heard
        if self._searcher is not None:
            self._searcher.hush()
        return True

    @on(QuestionInput.Wish)
    def _wished(self, event: QuestionInput.Wish) -> None:
        if event.what == "next":
            self.screen.focus_next()
        elif event.what == "submit":
            self._submit()
        elif event.what == "down" and self._chips.chips:
            self._chips.focus()
        elif event.what == "relax":
            self._relax()
        elif event.what != "leave" or not self._stop():
            self.focus_results()

    def _submit(self) -> None:
        """To the answer of a question, or to what was found: as soon as it is there."""
        self._submitted = self._searcher is not None and (self._pending is not None or self._heard != self._asked)
        if self._submitted:
            return
        if asks(self.question.value) and self._results:
            self.action_answer()
        elif self._results or self._answer.display or not self.question.value.strip():
            self.focus_results()

    def _relax(self) -> None:
        """Ask what the first way out of an empty result asks."""
        relaxed = [item.key for item in self._answer.items if isinstance(item.key, Relaxed)]
        if relaxed and self._answer.display:
            self.ask(relaxed[0].question)

    @on(ChipRow.Wish)
    def _chip(self, event: ChipRow.Wish) -> None:
        shown = self._chips.chips
        if event.what == "remove":
            self.ask(without(shown, event.index))
        elif event.what == "edit":
            question, start = edited(shown, event.index)
            self.question.focus()
            self.question.value = question
            self.question.selection = type(self.question.selection)(start, len(question))
        elif event.what == "question":
            self.question.focus()
        else:
            self.focus_results()

    @on(Walk.Opened)
    def _follow(self, event: Walk.Opened) -> None:
        if isinstance(event.key, Relaxed):
            self.question.focus()
            self.ask(event.key.question)
        elif isinstance(event.key, Cite):
            self._want_cited("open", event.key)

    def _want_cited(self, what: str, cite: Cite) -> None:
        known = next((one for one in self._results if one.get("path") == cite.path), None)
        self.post_message(self.Wanted(what, [known or {"path": cite.path}], cite.line))

    @on(WrittenAnswer.Wish)
    def _wish_of_answer(self, event: WrittenAnswer.Wish) -> None:
        if event.what == "leave":
            if not self._stop():
                self.enter()
        elif isinstance(cite := self._answer.key, Cite):
            self._want_cited(event.what, cite)

    @on(Walk.Left)
    def _below_the_answer(self) -> None:
        if self._results:
            self.table.focus()

    @on(ResultsTable.Wish)
    def _wish(self, event: ResultsTable.Wish) -> None:
        selected, table = self.table.selected, self.table
        if event.what == "answer":
            self.action_answer()
        elif event.what == "pieces":
            self._chips.focus()
        elif event.what == "wide":
            self.toggle_wide()
        elif event.what == "order":
            if not self._found.all_shown:
                self._search()  # the first by it may not be among those that are shown
            self._tell_found()
        elif event.what == "compare" and len(table.chosen) != 2:
            self.notify("Choose two scripts with space, then compare them.", markup=False)
        elif event.what == "compare":
            self.post_message(self.Wanted("compare", table.chosen))
        elif selected is not None:
            self.post_message(self.Wanted(event.what, [selected], first_proof(selected)))
        else:
            self.notify("No script is selected: find one first.", markup=False)

    def look_into(
        self,
        results: Sequence[Result],
        done: Callable[[list[OpenedScript]], None],
        failed: Callable[[str], None],
    ) -> None:
        """Have all that is known of these scripts, then call `done` with it, or `failed` with the reason."""
        self._opening.look_into(self._searcher, results, done, failed)
        self.set_timer(LATE, self._tell_reading)

    def _tell_reading(self) -> None:
        """That scripts are being read, where they still are: nothing else is seen of a form that is to be filled."""
        if self._opening.waiting:
            self._say_found(cell("reading the script …", "dim"))

    # ------------------------------------------------------------------ hearing

    def hear(self, answer: dict[str, Any]) -> None:
        """Take in one line of the search child."""
        event, stage, number = answer.get("event"), answer.get("stage"), answer.get("id")
        response = answer.get("response")
        if event is not None:
            self._hear_event(str(event), answer)
        elif self._opening.heard(answer):
            self._tell_found()
        elif stage == "complete" and number == self._completing:
            options, start = answer.get("options"), answer.get("start")
            if isinstance(options, list) and isinstance(start, int):
                self.question.offer(start, [str(option) for option in options])
        elif stage == "answer" and number == self._answering and isinstance(response, dict):
            self._show_answer(response)
        elif stage in ("rephrasing", "rephrased") and number == self._answering:
            self._answer.hear(answer)
        elif number == self._asked and stage == "error":
            self._heard, self._submitted = self._asked, False
            column = answer.get("column")
            where = f"column {column}: " if isinstance(column, int) else ""
            self._say_found(cell(f"{where}{answer.get('message', '')}", "bold"))
        elif number == self._asked and isinstance(response, dict):
            self._heard, before = self._asked, self._results
            self._show(Found.of(response, str(stage), answer.get("notices")), response)
            if self._results != before:
                self._renew_answer()
            if self._submitted and self.question.has_focus:
                self._submit()

    def _hear_event(self, event: str, answer: dict[str, Any]) -> None:
        if event in ("ready", "gone"):  # whatever talked is gone
            self._answer.stop("the search process ended")
        if event == "ready":
            self._scripts = answer["models"] if isinstance(answer.get("models"), int) else 0
            self._unusable = line(str(answer.get("notice") or ""))
            told = answer.get("examples")
            self._examples = [str(one) for one in told] if isinstance(told, list) else ()
            self._welcome()
        elif event == "meaning-ready":
            self._meaning = "ready"
        elif event == "meaning-failed":
            self._meaning = f"words only: {line(str(answer.get('message', '')))}"
            if self._results:
                self._fill(self.table.selected)
        elif event == "gone":
            self._scripts = None
            self._hint(hints.gone(str(answer.get("message", ""))))
        self._tell_found()

    def recount(self, scripts: int, examples: Sequence[str]) -> None:
        """Take in that another number of scripts is indexed now."""
        if self._scripts not in (None, scripts):
            self._scripts, self._examples = scripts, examples
            self._welcome()

    def look_again(self, scripts: int, examples: Sequence[str]) -> None:
        """Take in another index: what is asked of it is asked once more, and the row under the cursor stays."""
        self._unusable = ""
        if self._scripts is not None:  # the search is there
            self._scripts, self._examples = scripts, examples
            self._welcome()
        if self.question.value.strip():
            self._search()

    def _renew_answer(self) -> None:
        """Where meaning has joined, or the index has changed, what was written of the results is of others; what a
        model says of them stands."""
        if self._searcher is not None and self._answer.question == self._found.query and not asked_of(self._config)[0]:
            self._answering = self._renewing = self._searcher.ask(self._answer.question)

    def _show_answer(self, response: dict[str, Any]) -> None:
        self._answer.answer(str(response.get("query", "")), response.get("answer"))
        if self._refusal:
            self._answer.hear({"stage": "rephrased", "notice": self._refusal})
        self.set_class(self._answer.display, "-answered")
        asked = self._answering != self._renewing
        if asked and self._answer.display and (self.question.has_focus or self.table.has_focus):
            self._answer.focus()
