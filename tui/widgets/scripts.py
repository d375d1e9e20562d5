"""The right pane: a question, what was understood of it, the wide table of answers, one script's details."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.timer import Timer
from textual.widgets import DataTable, Input, Static

from tui import actions
from tui.details import chips, details
from tui.searcher import Searcher
from tui.table import COLUMNS, FROZEN, Result, cells
from tui.text import block, cell, line, sanitise, wrapped

PAUSE = 0.12  # seconds after the last keystroke before the question is sent
EXAMPLES = ("unet created:2025-04", "cnn, not trained on mnist", "dataset:cifar10 lr:<1e-3")


class QuestionInput(Input):
    """The search box; its keys beyond those of typing come from the registry."""

    BINDINGS = actions.bindings(actions.SEARCH)

    def action_leave_input(self) -> None:
        self.query_ancestor(ScriptsPane).focus_results()


class ResultsTable(DataTable[Text], inherit_bindings=False):
    """Seventeen columns, the first two in place; the cursor is a row."""

    BINDINGS = actions.bindings(actions.LIST, actions.TABLE)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, cursor_type="row", header_height=2, zebra_stripes=False, show_row_labels=False)
        self._results: Sequence[Result] = ()

    def fill(self, results: Sequence[Result], room: int, keep: str | None) -> None:
        """Show these results in a pane `room` cells wide, the cursor on the script with path `keep` if it is there."""
        self._results = results
        rows = [cells(result) for result in results]
        widest = {"Model ID": max(10, min(28, room // 2 - 8))}
        scrolled = self.scroll_x
        self.clear(columns=True)
        self.fixed_columns = FROZEN
        for index, column in enumerate(COLUMNS):
            heading = cell(column.title) if "\n" not in column.heading else Text(column.heading)
            heading.justify = "right" if column.right else "left"
            longest = max((part for part in column.heading.split("\n")), key=len)
            width = max(len(longest), *(row[index].cell_len for row in rows), 1)
            self.add_column(heading, width=min(width, widest.get(column.title, width)))
        self.add_rows(rows)
        paths = [result.get("path") for result in results]
        if keep in paths:
            self.move_cursor(row=paths.index(keep), animate=False)
        self.scroll_to(x=scrolled, animate=False, force=True)

    @property
    def selected(self) -> Result | None:
        return self._results[self.cursor_row] if 0 <= self.cursor_row < len(self._results) else None

    def action_first(self) -> None:
        self.move_cursor(row=0)

    def action_last(self) -> None:
        self.move_cursor(row=self.row_count - 1)

    def action_open(self) -> None:
        self.query_ancestor(ScriptsPane).open_details()

    def action_scroll_columns(self, by: int) -> None:
        """Scroll to where the next or previous column begins, after those in place."""
        edges, edge = [], 0.0
        for column in list(self.ordered_columns)[FROZEN:]:
            edges.append(edge)
            edge += column.get_render_width(self)
        ahead = [e for e in edges if (e > self.scroll_x if by > 0 else e < self.scroll_x)]
        if ahead:
            self.scroll_to(x=min(ahead) if by > 0 else max(ahead), animate=False, force=True)


class Chips(Static):
    """What was understood of the question."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"chip"}


class ScriptsPane(Vertical):
    """Asks the search child and shows what it answers; keyword hits first, meaning when it is there."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._searcher: Searcher | None = None
        self._asked = 0  # number of the newest question
        self._shown = 0  # number of the newest request for one script
        self._pending: Timer | None = None
        self._scripts: int | None = None  # how many are indexed, while the search is there
        self._meaning = "loading"
        self._results: Sequence[Result] = ()
        self._stage = ""
        self._took: float | None = None
        self._notice = ""
        self._chips: list[str] = []

    def compose(self) -> ComposeResult:
        yield QuestionInput(placeholder="find a script", id="question", compact=True, select_on_focus=False)
        yield Chips(id="chips", markup=False)
        yield Static(id="found", markup=False)
        yield Static(id="hint", markup=False)
        yield ResultsTable(id="results")
        with VerticalScroll(id="details"):
            yield Static(id="detail-text", markup=False)

    def on_mount(self) -> None:
        self._hint(block("Starting the search …", "dim"))

    def connect(self, searcher: Searcher) -> None:
        self._searcher = searcher

    @property
    def question(self) -> Input:
        return self.query_one(QuestionInput)

    @property
    def table(self) -> ResultsTable:
        return self.query_one(ResultsTable)

    def enter(self) -> None:
        """Take the focus where it is of most use: the results, or the question where there are none."""
        if self._results:
            self.table.focus()
        else:
            self.question.focus()

    def focus_results(self) -> None:
        if self._results:
            self.table.focus()
        else:
            self.screen.query_one("#runs-list").focus()

    def open_details(self) -> None:
        result = self.table.selected
        if result is None:
            return
        self.add_class("-details")
        self.query_one("#details").focus()
        if self._searcher is not None and isinstance(result.get("path"), str):
            self._shown = self._searcher.show(result["path"])

    def close_details(self) -> bool:
        """Back to the table; False where it was shown already."""
        if not self.has_class("-details"):
            return False
        self.remove_class("-details")
        self.table.focus()
        return True

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        clean = line(sanitise(event.value)) if not event.value.isprintable() else event.value
        if clean != event.value:
            event.input.value = clean
            return
        if self._pending is not None:
            self._pending.stop()
        self._pending = self.set_timer(PAUSE, self._ask)

    def _ask(self) -> None:
        query = self.question.value.strip()
        if not query:
            self._asked = 0
            self._show([], {}, "")
            self._welcome()
        elif self._searcher is not None:
            self._asked = self._searcher.ask(query)

    def hear(self, answer: dict[str, Any]) -> None:
        """Take in one line of the search child."""
        event, stage = answer.get("event"), answer.get("stage")
        if event is not None:
            self._hear_event(str(event), answer)
        elif stage == "show" and answer.get("id") == self._shown and isinstance(answer.get("script"), dict):
            self._show_script({**(self.table.selected or {}), **answer["script"]})
        elif answer.get("id") == self._asked and stage == "error":
            column = answer.get("column")
            where = f"column {column}: " if isinstance(column, int) else ""
            self._say_found(cell(f"{where}{answer.get('message', '')}", "bold"))
        elif answer.get("id") == self._asked and isinstance(answer.get("response"), dict):
            results = [r for r in answer["response"].get("results") or [] if isinstance(r, dict)]
            notices = answer.get("notices")
            self._notice = line(str(notices[0])) if isinstance(notices, list) and notices else ""
            self._show(results, answer["response"], str(stage))

    def _hear_event(self, event: str, answer: dict[str, Any]) -> None:
        if event == "ready":
            self._scripts = answer["models"] if isinstance(answer.get("models"), int) else 0
            self._welcome()
        elif event == "meaning-ready":
            self._meaning = "ready"
        elif event == "meaning-failed":
            self._meaning = f"words only: {line(str(answer.get('message', '')))}"
        elif event == "gone":
            self._scripts = None
            self._hint(
                block(
                    f"The search is not there: {line(str(answer.get('message', '')))}.\n\n"
                    "`diffwb doctor` says what is missing. Training does not need it."
                )
            )
        self._tell_found()

    def recount(self, scripts: int) -> None:
        """Take in that another number of scripts is indexed now."""
        if self._scripts not in (None, scripts):
            self._scripts = scripts
            self._welcome()

    def _welcome(self) -> None:
        if self.question.value.strip() or self._scripts is None:
            return
        if self._scripts == 0:
            self._hint(
                block(
                    "No scripts yet. In a shell:\n\n  diffwb index PATH\n\n"
                    "reads every model script under PATH, without running any, and they are found here."
                )
            )
            return
        count = "1 script is" if self._scripts == 1 else f"{self._scripts} scripts are"
        text = Text(f"{count} indexed.\n\nPress 3 and ask, for example:\n\n")
        self._hint(text.append("\n".join(f"  {example}" for example in EXAMPLES), "dim"))

    def _show(self, results: Sequence[Result], response: dict[str, Any], stage: str) -> None:
        kept = self.table.selected if self.table.cursor_row > 0 else None
        self._stage = stage
        took = response.get("took_ms")
        self._took = took.get("total") if isinstance(took, dict) else None
        self._chips = chips(response)
        self._lay_chips()
        if results != self._results:
            self._results = results
            with self.app.batch_update():
                self.table.fill(results, self.size.width, kept.get("path") if kept else None)
        self.set_class(bool(results), "-found")
        if results:
            self._hint(Text())
            self._show_script(self.table.selected or results[0])
        elif self.question.value.strip():
            self._hint(block("Nothing found. Fewer or other words may find more; what was understood is above."))
        self._tell_found()

    def _lay_chips(self) -> None:
        """The chips in as many lines as the pane needs, none broken in two."""
        style = str(self.query_one("#chips").get_component_rich_style("chip", partial=True))
        laid = wrapped([cell(f" {one} ", style) for one in self._chips], self.size.width - 2, gap=1)
        self._set("#chips", laid)

    def _tell_found(self) -> None:
        """How many were found, how fast, and whether meaning was part of it."""
        if not self._stage:
            self._say_found(Text())
            return
        count = len(self._results)
        parts = [f"{count} script{'' if count == 1 else 's'}"]
        if isinstance(self._took, int | float):
            parts.append(f"{self._took:.0f} ms")
        if self._stage == "words":
            parts.append("words now, meaning in a moment" if self._meaning in ("loading", "ready") else self._meaning)
        else:
            parts.append("words and meaning")
        self._say_found(cell(" · ".join(parts), "dim").append(f"\n{self._notice}" if self._notice else ""))

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
        if (result := self.table.selected) is not None:
            self._show_script(result)

    def _show_script(self, result: Result) -> None:
        self.query_one("#detail-text", Static).update(details(result))

    def on_resize(self) -> None:
        self._lay_chips()
        if self._results:
            kept = self.table.selected
            self.table.fill(self._results, self.size.width, kept.get("path") if kept else None)
