"""The middle pane: one run's facts, its loss curve, its samples and pictures."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from engine.runs.about import About
from engine.runs.gallery import Drawing, inside
from engine.runs.spans import number_at
from tui.keys import actions
from tui.plotting.overlay import Beside
from tui.runs.follow import RunSnapshot
from tui.runs.history import Asked, History, joined
from tui.text import block, cell, cut_end, line
from tui.widgets.curve import CurvePlot, Trace
from tui.widgets.facts import Facts
from tui.widgets.paragraphs import Paragraphs
from tui.widgets.picture import Drawn, Picture, Shown
from tui.widgets.run_log import RunLog

SAID = 3  # lines of what a person said of a run
NOTED = 4  # lines of what there is to know of it; the log tells all


class RunView(Vertical, can_focus=True):
    """Shows snapshots of one run, or what to do where there is none.

    Keys go through what the run has drawn; then the curve is that of the stage which drew it, and points at its step.
    """

    BINDINGS = actions.bindings(actions.RUN)

    class Resized(Message):
        """It has another size than before."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._snapshot: RunSnapshot | None = None
        self._history = History()
        self._drawn: Drawn | None = None  # of the grid; None while it is being drawn
        self._cursor: float | None = None  # the step that is looked at; None follows the newest
        self._beside: Sequence[Beside] = ()
        self._asked: dict[Path, list[Asked]] = {}  # what was drawn on demand, by the run's folder
        self._said: Mapping[Path, About] = {}  # what a person said of runs

    def compose(self) -> ComposeResult:
        yield Facts(id="facts")
        yield Paragraphs(id="said")
        yield Paragraphs(id="note")
        yield RunLog(id="log")
        yield CurvePlot(id="curve")
        yield Static(id="drawing", markup=False)
        yield Static(id="grid-title", classes="caption", markup=False)
        yield Picture(id="grid")
        yield Static(id="strip-title", classes="caption", markup=False)
        yield Picture(id="strip")

    @property
    def snapshot(self) -> RunSnapshot | None:
        return self._snapshot

    @property
    def history(self) -> History:
        return self._history

    @property
    def plot(self) -> CurvePlot:
        return self.query_one(CurvePlot)

    def enter(self) -> None:
        """Take the focus where the keys are of use: the log while it is shown, else here."""
        (self.query_one(RunLog) if self.has_class("-log") else self).focus()

    def show_log(self, shown: bool | None = None) -> bool:
        """The log instead of curves and pictures, or these again, by turns if `shown` is None. False if it was so."""
        shown = not self.has_class("-log") if shown is None else shown
        if shown == self.has_class("-log"):
            return False
        self.set_class(shown, "-log")
        log = self.query_one(RunLog)
        if shown and self._snapshot is not None:
            log.follow(self._snapshot.folder)
        else:
            log.put_away()
        return True

    def say(self, text: Text) -> None:
        """No run to show: say why, and what to do."""
        if self.has_class("-empty") and self.query_one("#note", Paragraphs).text == text:
            return
        self._snapshot, self._history, self._cursor = None, History(), None
        self.set_class(True, "-empty")
        self.remove_class("-sampled", "-strip")
        self.query_one(RunLog).put_away()
        self.query_one(Facts).show(None)
        self._write("#said", Text())
        self._write("#note", text)
        self._tell("#grid-title", Text())
        self.plot.show_nothing()
        for picture in self.query(Picture):
            picture.show(None)

    def show(self, snapshot: RunSnapshot) -> None:
        before, self._snapshot = self._snapshot, snapshot
        same_run = before is not None and before.folder == snapshot.folder
        if not same_run:
            self._cursor = None
        if not same_run or before is None or _note(before) != _note(snapshot):
            self._release_heights()
        self.set_class(False, "-empty")
        if not same_run and self.has_class("-log"):
            self.query_one(RunLog).follow(snapshot.folder)
        self.query_one(Facts).show(snapshot)
        self._write("#said", told(self._said.get(snapshot.folder, About())), SAID)
        self._write("#note", _note(snapshot), NOTED)
        history = (self._history if same_run else History()).grown(self._drawings(snapshot))
        if self._history.chosen is not None and history.chosen is None:  # a resumed run took it back
            self._cursor = None
        self._turn_to(history, anew=not same_run)
        self._show_curve()

    def _show_curve(self) -> None:
        """The curves of one stage, the one looked at or the last: the losses of another are of another scale."""
        run, cursor = self._snapshot, self._cursor
        if run is None:
            return
        slots = {beside.run.folder: beside.slot for beside in self._beside}
        shown = self._trace(run, cursor, slots.get(run.folder))
        others = [self._trace(one.run, None, one.slot) for one in self._beside if one.run.folder != run.folder]
        if self.has_class("-beside") != bool(others):  # several are compared by their curves
            self.set_class(bool(others), "-beside")
            self._release_heights()
        self.plot.show((shown, *others), shown.stage.stop if shown.stage else run.total_steps, cursor)

    def _trace(self, run: RunSnapshot, cursor: float | None, slot: int | None) -> Trace:
        """Its curves: of the stage that is looked at, where it has several, else of the one it is in."""
        stage = run.stages[number_at(run.stages, run.step if cursor is None else int(cursor))] if run.stages else None
        name = self._said.get(run.folder, About()).name or run.id
        return Trace(name, run.curves, stage if len(run.stages) > 1 else None, slot)

    def introduce(self, said: Mapping[Path, About]) -> None:
        """What a person said of the runs: their names beside the curves, note and tags of the one that is shown."""
        if said == self._said:
            return
        self._said = said
        if self._snapshot is not None:
            self._write("#said", told(said.get(self._snapshot.folder, About())), SAID)
        if self._beside:
            self._show_curve()

    def lay_beside(self, runs: Sequence[Beside]) -> None:
        """Draw the curves of these runs too."""
        self._beside = runs
        self._show_curve()

    # ------------------------------------------------------------------ what was drawn

    def action_move_history(self, by: int) -> None:
        self._look_at(self._history.moved(by))

    def action_oldest(self) -> None:
        self._look_at(self._history.moved(-len(self._history.drawings)))

    def action_newest(self) -> None:
        self._look_at(self._history.live())

    def _look_at(self, history: History) -> None:
        """Turn to a drawing, and the cursor with it."""
        cursor = history.chosen.step if history.chosen else None
        if (history, cursor) != (self._history, self._cursor):
            self._cursor = cursor
            self._turn_to(history, hurry=True)
            self._show_curve()

    def tell_drawing(self, text: str) -> None:
        """Say how far the images are that are being drawn now."""
        self._tell("#drawing", cell(text))

    def _drawings(self, run: RunSnapshot) -> Sequence[Drawing]:
        return joined(run.drawings, self._asked.get(run.folder, ()))

    def show_asked(self, run: Path, asked: Asked) -> None:
        """Take images that were drawn from a run into its history, and turn to them where it is still looked at."""
        self._asked.setdefault(run, []).append(asked)
        if self._snapshot is not None and self._snapshot.folder == run:
            self._look_at(History(self._drawings(self._snapshot), asked))

    def recall(self, drawn: Mapping[Path, Sequence[Asked]]) -> None:
        """Take what was drawn from runs before the workbench was opened into their history."""
        self._asked |= {run: [*asked, *self._asked.get(run, ())] for run, asked in drawn.items()}
        if self._snapshot is not None and self._snapshot.folder in drawn:
            self._turn_to(self._history.grown(self._drawings(self._snapshot)))

    @property
    def picture(self) -> Path | None:
        """The file of the picture that is shown, if there is one."""
        run, drawing = self._snapshot, self._history.shown
        if isinstance(drawing, Asked):
            return drawing.file
        return inside(run.folder, drawing.name) if run is not None and drawing is not None else None

    # ------------------------------------------------------------------ the curves

    def action_move_cursor(self, columns: int) -> None:
        """Move along the curve; the pictures follow: what was drawn last up to there."""
        cursor = self.plot.moved(columns)
        if cursor is not None:
            self._cursor = cursor
            self._turn_to(self._history.at(cursor), hurry=True)
            self._show_curve()

    def action_next_metric(self, by: int) -> None:
        self.plot.next_metric(by)

    def action_toggle_time(self) -> None:
        self.plot.toggle_time()

    def action_smooth(self) -> None:
        self.plot.smooth()

    def action_zoom_curve(self, by: float) -> None:
        self.plot.zoom(by)

    def action_unzoom_curve(self) -> None:
        self.plot.unzoom()
        self._look_at(self._history.live())

    def toggle_log(self) -> None:
        self.plot.toggle_log()

    # ------------------------------------------------------------------ the pictures

    def _turn_to(self, history: History, anew: bool = False, hurry: bool = False) -> None:
        """Show what the history is at now, where that is another drawing than before, and say which one it is."""
        before, self._history = self._history, history
        drawing, run = history.shown, self._snapshot
        if run is not None and (anew or drawing != before.shown):
            self._drawn = None
            self.set_class(drawing is not None, "-sampled")
            self.set_class(drawing is not None and drawing.strip is not None, "-strip")
            grid, strip = self.query_one("#grid", Picture), self.query_one("#strip", Picture)
            if _shape(before.shown) != _shape(drawing):
                self._release_heights()
            folder = drawing.file.parent if isinstance(drawing, Asked) else run.folder
            grid.show(Shown(folder, drawing.name, not drawing.sample) if drawing else None, hurry)
            strip.show(Shown(run.folder, drawing.strip) if drawing and drawing.strip else None, hurry)
        self._caption()

    def _caption(self) -> None:
        drawing, place = self._history.shown, self._history.place
        if drawing is None or place is None:
            self._tell("#grid-title", Text())
            return
        where = f"{place + 1} of {len(self._history.drawings)}" if len(self._history.drawings) > 1 else ""
        self._tell("#grid-title", caption(drawing, where, self._drawn, self.content_size.width))

    def _release_heights(self) -> None:
        for picture in self.query(Picture):
            picture.release()

    def on_resize(self) -> None:
        self._release_heights()
        self.post_message(self.Resized())

    def _write(self, selector: str, text: Text, most: int | None = None) -> None:
        widget = self.query_one(selector, Paragraphs)
        widget.show(text, most)
        widget.display = bool(text.plain)

    def _tell(self, selector: str, text: Text) -> None:
        """Update a line where it differs: an update repaints, and more."""
        widget = self.query_one(selector, Static)
        if widget.content != text:
            widget.update(text)
            widget.display = bool(text.plain)

    def on_picture_changed(self, message: Picture.Changed) -> None:
        message.stop()
        if message.picture.id == "grid":
            self._drawn = message.drawn
            self._caption()
        else:
            self.query_one("#strip-title", Static).update(cell(message.drawn.problem or "estimates while denoising"))
        # Together: one that gives up room before the other is drawn would give it to that one instead of the curve.
        shown = [picture for picture in self.query(Picture) if picture.display]
        if all(picture.drawn for picture in shown):
            for picture in shown:
                picture.settle()


def _shape(drawing: Drawing | None) -> object:
    """What has room of its own: a picture is of another shape than a sample, and images on demand are of any."""
    return drawing if drawing is None or isinstance(drawing, Asked) else drawing.sample


def caption(drawing: Drawing, where: str, drawn: Drawn | None, width: int) -> Text:
    """One line: what it is, drawn at which step, its place in the history, and how much of it is to be seen.

    Where it is narrow, first the last of these goes, then the title is cut: it comes from the run and may be long.
    """
    title = "samples" if drawing.sample else line(drawing.title) or "picture"
    if drawn is not None and drawn.problem:
        return cell(drawn.problem + (f" · {where}" if where else ""))
    part = ""
    if drawn is not None and drawn.shown < drawn.total:
        part = " ".join(filter(None, (f"{drawn.shown} of {drawn.total}", drawn.what, "shown")))
    rests: tuple[tuple[str, ...], ...] = ((f"step {drawing.step}", where, part), (f"step {drawing.step}", where))
    if isinstance(drawing, Asked):  # its title tells the step
        title = f"drawn {'before' if drawing.earlier else 'now'}: {drawing.title}"
        rests = ((where, part, f"{actions.key(actions.MAIN, 'save_picture')} saves it"), (where, part), (part,))
    ways = [(title, rest) for rest in rests]
    if drawing.sample and part and not isinstance(drawing, Asked):
        ways.insert(1, ("", rests[0]))  # that they are samples is plain
    for title, rest in ways:
        told = " · ".join(one for one in rest if one)
        if cell_len(title) + 3 * bool(title) + cell_len(told) <= width:
            break
    if not title or not told:
        return cell(told or cut_end(title, width))
    return cell(f"{cut_end(title, max(8, width - cell_len(told) - 3))} · {told}")


def _ended(run: RunSnapshot) -> str:
    """How a run ended that can be gone on with, and the key that does so."""
    key = actions.key(actions.MAIN, "resume_run")
    if not run.start:  # it never had its device
        stopped, lost = "Taken out of the queue before it began. {} starts it", "Lost in the queue. {} puts it back"
    elif run.kept:
        stopped, lost = "Stopped with a checkpoint. {} goes on", _LOST + ". {} goes on"
    else:
        stopped, lost = "Stopped before a checkpoint. {} begins again", _LOST + " before a checkpoint. {} begins again"
    return (stopped if run.state == "stopped" else lost).format(key)


_LOST = "Lost: the trainer was killed or its machine went down"


def told(said: About) -> Text:
    """The tags and the note that a person gave a run, and the script it came from."""
    origin = line(f"from {said.origin}") if said.origin else ""
    parts = [(" ".join(f"#{line(tag)}" for tag in said.tags), "bold"), (line(said.note or ""), ""), (origin, "dim")]
    return Text("  ").join(Text(*part) for part in parts if part[0])


def _note(run: RunSnapshot) -> Text:
    """What a person should know about the run, if there is anything."""
    if run.gone:
        return block("The run's folder is no longer there.", "bold")
    if run.error:
        return block(line(run.error), "bold")
    if run.state == "starting":
        return block("It goes on once torch is loaded, which takes some seconds.", "dim")
    if run.state == "queued":
        return block("It is in the queue until its device is free and torch is loaded; S takes it out.", "dim")
    if run.state in ("stopped", "lost"):
        told = (f"{_ended(run)}, or\n", "dim")
        return Text.assemble(told, f"diffwb resume {shlex.quote(line(run.id))}")
    if run.warning:
        return block(f"warning: {line(run.warning)}", "dim")
    if run.state == "running" and not len(run.loss):
        return block("The first point of the curve is coming.", "dim")
    if run.state == "running" and not run.drawings and (first := run.first_samples) is not None:
        come = f"come at step {first}." if first > run.step else "are being drawn …"
        return block(f"The first samples {come}", "dim")
    return Text()
