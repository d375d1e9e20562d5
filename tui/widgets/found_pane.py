"""What the right pane shows: a question, what was understood of it, its answer, the table, one script's details."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import DataTable, Static

from tui import hints
from tui.keys import actions
from tui.scripts.answering import empty_items
from tui.scripts.chips import chips
from tui.scripts.details import details
from tui.scripts.finding import Found
from tui.scripts.table import Result
from tui.text import block, cell, line
from tui.widgets.answer import WrittenAnswer
from tui.widgets.chips import ChipRow
from tui.widgets.paragraphs import Paragraphs
from tui.widgets.question import Completions, QuestionInput
from tui.widgets.results import Layout, ResultsTable
from tui.widgets.walk import Item


class FoundPane(Vertical):
    """Lays out what was found, or says what to do where nothing was."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._scripts: int | None = None  # how many are indexed, while the search is there
        self._unusable = ""  # why an index is none
        self._examples: Sequence[str] = ()  # of what may be asked
        self._meaning = "loading"
        self._indexing = False  # whether scripts are being indexed, as far as this workbench knows
        self._found = Found()

    def compose(self) -> ComposeResult:
        completions = Completions(id="completions")
        about = {"placeholder": "find a script, or ask", "compact": True, "select_on_focus": False}
        yield QuestionInput(completions, id="question", **about)
        yield completions
        yield ChipRow(id="chips")
        yield Static(id="found", markup=False)
        yield WrittenAnswer(id="answer")
        yield Static(block("Starting the search …", "dim"), id="hint", markup=False)
        yield ResultsTable(id="results")
        with VerticalScroll(id="details", can_focus=False):
            yield Paragraphs(id="detail-text")
        yield Static(id="indexing", markup=False)

    @property
    def question(self) -> QuestionInput:
        return self.query_one(QuestionInput)

    @property
    def table(self) -> ResultsTable:
        return self.query_one(ResultsTable)

    @property
    def _results(self) -> Sequence[Result]:
        return self._found.results

    @property
    def _answer(self) -> WrittenAnswer:
        return self.query_one(WrittenAnswer)

    @property
    def _chips(self) -> ChipRow:
        return self.query_one(ChipRow)

    def enter(self) -> None:
        """Take the focus where it is of most use: the results, or the question where there are none."""
        if self._results:
            self.table.focus()
        else:
            self.question.focus()

    def lay_out(self, layout: Layout) -> None:
        self.table.lay_out(layout)
        self._tell_found()

    @property
    def bare(self) -> bool:
        """Whether nothing is indexed, nor about to be."""
        return self._scripts == 0 and not self._indexing

    def tell_indexing(self, text: str, working: bool = False, failed: bool = False) -> None:
        """How far the indexing is that goes on, or what came of it; until something is asked."""
        if working != self._indexing:
            self._indexing = working
            self._welcome()
        told = self.query_one("#indexing", Static)
        told.set_class(failed, "-failed")
        told.set_class(not working, "-done")
        keys = f" · {actions.key(actions.MAIN, 'index')} stops it" if working else ""
        self._set("#indexing", block(f"{line(text)}{keys}" if text else ""))

    def _welcome(self) -> None:
        if self._scripts is not None and (self._scripts == 0 or not self.question.value.strip()):
            self._hint(self._greeting())

    def _greeting(self) -> Text:
        return hints.welcome(self._scripts or 0, self._examples, self._unusable, self._indexing)

    def _show(self, found: Found, response: dict[str, Any]) -> None:
        before, self._found, results = self._found, found, found.results
        refined = found.query == before.query  # meaning joins, or another order: the row stays
        kept = self.table.selected if refined and self.table.cursor_row > 0 else None
        shown = chips(response)
        self._chips.show(shown)
        if not results or found.query != self._answer.question:
            self._lay_ways([])
        if results != before.results or found.stage != before.stage or not refined:
            with self.app.batch_update():
                self._fill(kept)
        if not refined:
            self.table.scroll_to(x=0, animate=False, force=True)  # of another question nothing has been looked at
        self.set_class(bool(results), "-found")
        if results:
            self._hint(Text())
            self._show_script(self.table.selected or results[0])
        elif self._scripts == 0:
            self._hint(self._greeting())
        elif self.question.value.strip():
            self._say_empty(empty_items(response.get("empty"), shown))
        self._tell_found()

    def _say_empty(self, ways: list[Item]) -> None:
        self._lay_ways(ways)
        self._hint(hints.nothing_found(bool(ways), any(item.key is not None for item in ways)))

    def _lay_ways(self, ways: list[Item]) -> None:
        """Ways out of an empty result, or nothing, in place of an answer."""
        if not ways and self._answer.has_focus:
            self.enter()
        self._answer.lay(ways)
        self.set_class(bool(ways), "-answered")

    def _tell_found(self) -> None:
        """How many were found, how fast, and whether meaning was part of it."""
        found = self._found
        if not found.stage or self._scripts == 0:  # nothing was searched
            self._say_found(Text())
            return
        said = cell(found.told(self.table.layout_, self._meaning), "dim")
        self._say_found(said.append(f"\n{found.notice}" if found.notice else ""))

    def _say_found(self, text: Text) -> None:
        self._set("#found", text)

    def _hint(self, text: Text) -> None:
        self._set("#hint", text)

    def _set(self, selector: str, text: Text) -> None:
        widget = self.query_one(selector, Static)
        widget.display = bool(text.plain)
        widget.update(text)

    @on(DataTable.RowHighlighted)
    def _highlighted(self) -> None:
        self._show_selected()

    def _show_script(self, result: Result) -> None:
        page = self.query_one(Paragraphs)
        page.show(details(result, page.content_size.width or None))

    def on_resize(self) -> None:
        if self._results:
            self._fill(self.table.selected)
            self.call_after_refresh(self._show_selected)  # its path is as long as there is room

    def _show_selected(self) -> None:
        if (result := self.table.selected) is not None:
            self._show_script(result)

    def _fill(self, kept: Result | None) -> None:
        """Lay out the table, its cursor on the script that is to be kept under it."""
        path = kept.get("path") if kept else None
        self.table.fill(self._results, self.size.width, path, self._found.measured(self._meaning))
