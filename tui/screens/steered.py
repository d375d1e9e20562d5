"""What the workbench does to the chosen runs, or the one under the cursor: the same as the commands of those names."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import work
from textual.screen import Screen

from engine.runs import about, steering, trash
from engine.runs.differences import differences
from engine.runs.listing import RunSummary
from engine.runs.lock import RunError
from engine.runs.waiting_line import holding
from tui.keys import actions
from tui.runs import session
from tui.runs.rows import ENDED, LIVE, Row, together
from tui.runs.session import Launch
from tui.text import line
from tui.widgets.runs_pane import RunsPane

LISTED = 8  # runs named in a question


class SteeredScreen(Screen[None]):
    """A screen with a list of runs that can be steered."""

    _removed: Mapping[str, str] = {}  # what was removed last, which can be brought back: id → name

    if TYPE_CHECKING:
        _home: Path
        _stopping: set[Path]
        _summaries: list[RunSummary]
        _launches: list[Launch]

        def _surviving(self, what: str) -> contextlib.AbstractContextManager[None]: ...
        def _show_rows(self, select: str | None = None) -> None: ...
        def _launch(self, launch: Launch) -> None: ...

    def _targets(self, what: str, *states: str) -> list[Path]:
        """The folders of the runs that are meant, as far as they are in one of these states; says where none is."""
        pane = self.query_one(RunsPane)
        rows = pane.targets(*states)
        if not rows:
            meant = pane.runs.chosen or ([pane.runs.selected] if pane.runs.selected else [])
            none = "no run fits the filter" if pane.unfitting else "there is no run yet"
            self._say(f"Nothing to {what}: {_unfit(meant) or none}.")
        return [row.folder for row in rows if row.folder is not None]

    def _left_out(self, runs: Sequence[Path]) -> str:
        """Of the chosen runs those that it is not done to, and why."""
        rest = [row for row in self.query_one(RunsPane).runs.chosen if row.folder not in runs]
        return f"{_unfit(rest)} and {'stays as it is' if len(rest) == 1 else 'stay as they are'}." if rest else ""

    def _called(self, runs: Sequence[Path]) -> list[str]:
        """The runs as the list names them: by the name a person gave, else by the id."""
        names = {row.folder: row.name for row in self.query_one(RunsPane).runs.rows}
        return [names.get(run, run.name) for run in runs]

    def _together(self, runs: Sequence[Path]) -> str:
        return together(self._called(runs))

    def _say(self, text: str) -> None:
        self.notify(line(text), markup=False)

    async def _asked(self, title: str, runs: Sequence[Path], what_follows: str) -> bool:
        from tui.screens.confirm import ConfirmScreen

        called = self._called(runs)
        names = [name if name == run.name else f"{name} ({run.name})" for run, name in zip(runs, called, strict=True)]
        names = [line(name) for name in names[:LISTED]]
        if len(runs) > LISTED:
            names.append(f"and {len(runs) - LISTED} more")
        if left_out := self._left_out(runs):
            names += ["", left_out]
        question = "\n".join([*names, "", what_follows])
        return await self.app.push_screen_wait(ConfirmScreen(title, question))

    async def _done(self, doing: Callable[..., Any], runs: Sequence[Path], *arguments: Any) -> list[Path]:
        """Have something done to each run in a thread; those it was done to. What is refused is said, once each."""
        done = []
        for run in runs:
            with self._surviving("steering the run"):
                try:
                    await asyncio.to_thread(doing, run, *arguments)
                except RunError as error:
                    self.notify(line(str(error)), severity="warning", markup=False)
                else:
                    done.append(run)
        return done

    @work(group="stop", exit_on_error=False)
    async def action_stop_run(self) -> None:
        runs = self._targets("stop", *LIVE)
        states = {row.state for row in self.query_one(RunsPane).targets(*LIVE)}
        these = "this run" if len(runs) == 1 else f"these {len(runs)} runs"
        title, what_follows = (
            f"Stop {these}?",
            f"A checkpoint is written, then it ends; {_key('resume_run')} goes on from there.",
        )
        if states == {"queued"}:
            title = f"Take {these} out of the queue?"
            start, queue = _key("resume_run"), _key("queue_run")
            what_follows = f"It stays in the list; {start} starts it, {queue} puts it back in the queue."
        if runs and await self._asked(title, runs, what_follows):
            self._stopping.update(await self._done(steering.stop, runs))
            self._show_rows()

    @work(group="checkpoint", exit_on_error=False)
    async def action_checkpoint_run(self) -> None:
        if done := await self._done(steering.checkpoint, self._targets("write", "running")):
            self._say(f"{self._together(done)} {'writes' if len(done) == 1 else 'write'} a checkpoint and samples.")

    def action_resume_run(self) -> None:
        self._resume(queue=False)

    def action_queue_run(self) -> None:
        self._resume(queue=True)

    @work(group="resume", exit_on_error=False)
    async def _resume(self, queue: bool) -> None:
        for run in self._targets("queue" if queue else "resume", *ENDED):
            with self._surviving("starting the trainer"):
                try:
                    await asyncio.to_thread(steering.check_unfinished, run)
                except RunError as error:
                    self.notify(line(str(error)), severity="warning", markup=False, timeout=15)
                    continue
                arguments = await asyncio.to_thread(session.resumption, run, queue)
                log = session.new_log(self._home)
                trainer, waits = session.start_trainer(self._home, arguments, log), "--queue" in arguments
                self._launch(Launch(run.name, log, trainer, run=run, queue=waits))
                if not waits:
                    self._say_who_shares(run)

    def _say_who_shares(self, run: Path) -> None:
        """That another run trains on its device, where it could have waited for that one."""
        known = {one.folder: one for one in self._summaries}
        device = known[run].device if run in known else None
        if device and (others := self.training_on(device)):
            queue, resume = _key("queue_run"), _key("resume_run")
            (called,) = self._called([run])
            goes, them = ("goes", "it") if len(others) == 1 else ("go", "them")
            told = f"{called} shares {device} with {together(others)}, which {goes} on there"
            self._say(f"{told}; {queue} instead of {resume} lets it wait for {them}.")

    def training_on(self, device: str) -> list[str]:
        """The runs that train on a device now or are about to, as the list names them."""
        return self._called([run.folder for run in holding(device, self._summaries)])

    @work(group="remove", exit_on_error=False)
    async def action_remove_run(self) -> None:
        if self._drop_launches() and not self.query_one(RunsPane).targets(*ENDED):
            return
        runs = self._targets("remove", *ENDED)
        title = "Remove this run?" if len(runs) == 1 else f"Remove these {len(runs)} runs?"
        if runs and await self._asked(
            title, runs, f"To the trash; {_key('undo_remove')} brings back what was removed last."
        ):
            called = dict(zip(runs, self._called(runs), strict=True))
            removed = await self._done(lambda run: trash.remove(self._home / "runs", run), runs)
            if removed:
                self._summaries = [run for run in self._summaries if run.folder not in removed]
                self._show_rows()  # at once: what is looked at is not there any more
                self._removed = {run.name: called[run] for run in removed}
                told = together(list(self._removed.values()))
                them = "it" if len(removed) == 1 else "them"
                self._say(f"{told} removed; {_key('undo_remove')} brings {them} back.")

    def _drop_launches(self) -> bool:
        """Of the runs that are meant, those that did not start: there is nothing of them but their rows."""
        runs = self.query_one(RunsPane).runs
        meant = {row.key for row in runs.chosen or filter(None, [runs.selected]) if row.folder is None}
        dropped = [one for one in self._launches if one.error and str(one.log) in meant]
        for launch in dropped:
            launch.forget()
            self._launches.remove(launch)
        if dropped:
            self._show_rows()
        return bool(dropped)

    @work(group="remove", exit_on_error=False)
    async def action_undo_remove(self) -> None:
        if not self._removed:
            self._say("Nothing to bring back: nothing was removed since the workbench was opened.")
            return
        called, self._removed = self._removed, {}
        runs = [self._home / "runs" / name for name in called]
        back = await self._done(lambda run: trash.restore(self._home / "runs", run.name), runs)
        if back:
            told = together([called[run.name] for run in back])
            self._say(f"{told} {'is' if len(back) == 1 else 'are'} back.")

    @work(group="about", exit_on_error=False)
    async def action_describe_run(self) -> None:
        """Name, note and tags of one run; of several the tags."""
        from tui.screens.about_run import AboutScreen
        from tui.screens.tags import TagsScreen

        runs = self._targets("describe", *LIVE, "stopping", *ENDED)
        if len(runs) == 1:
            said = await asyncio.to_thread(about.read, runs[0])
            wanted = await self.app.push_screen_wait(AboutScreen(runs[0].name, said))
            if wanted is not None and wanted != said:
                await self._done(about.write, runs, wanted)
        elif runs and (tags := await self.app.push_screen_wait(TagsScreen(len(runs)))) is not None and tags.told:
            done = await self._done(about.tag, runs, list(tags.added), list(tags.removed))
            if done:
                self._say(f"{self._together(done)}: {tags.told}.")

    @work(group="about", exit_on_error=False)
    async def action_pin_run(self) -> None:
        """Pin runs, or take the pins off where all have one."""
        pane = self.query_one(RunsPane)
        runs = self._targets("pin", *LIVE, "stopping", *ENDED)
        pinned = {row.folder for row in pane.runs.rows if row.pinned}
        await self._done(about.pin, runs, not pinned.issuperset(runs))

    @work(group="compare", exit_on_error=False)
    async def action_compare_settings(self) -> None:
        """The chosen runs; with one chosen, that and the one under the cursor."""
        from tui.screens.differences import MOST, DifferencesScreen

        pane = self.query_one(RunsPane)
        rows = [*pane.runs.chosen, *([pane.runs.selected] if pane.runs.selected else [])]
        runs = list(dict.fromkeys(row.folder for row in rows if row.folder is not None))
        if len(pane.runs.chosen) > 1:
            runs = [row.folder for row in pane.runs.chosen if row.folder is not None]
        if not 1 < len(runs) <= MOST:
            few = f"Choose 2 to {MOST} runs with space, then v shows in which settings they differ."
            self._say(
                f"{len(runs)} runs are chosen; v shows in which settings 2 to {MOST} differ." if runs[MOST:] else few
            )
            return
        found = await asyncio.to_thread(differences, runs)
        found.pop("name", None)  # it heads each run's column
        await self.app.push_screen_wait(DifferencesScreen(self._called(runs), found))

    @work(group="export", exit_on_error=False)
    async def action_export_run(self) -> None:
        from tui.screens.export import ExportScreen

        runs = self._targets("export", *LIVE, "stopping", *ENDED)
        like: tuple[Any, ...] = ()  # the one before it
        for number, (run, name) in enumerate(zip(runs, self._called(runs), strict=True), 1):
            which = f"{number} of {len(runs)}: " if len(runs) > 1 else ""
            screen = ExportScreen(run, f"{which}{name}", *like)
            if (written := await self.app.push_screen_wait(screen)) is None:
                return
            like = screen.kind, screen.folder
            self._say(f"Written to {written}")


def _unfit(rows: Sequence[Row]) -> str:
    """The states of runs that something is not for: of one by its name, of several by their number."""
    if len(rows) == 1:
        return f"{rows[0].name} {'has' if rows[0].state == 'failed' else 'is'} {rows[0].state}"
    counts = Counter(row.state for row in rows)
    return ", ".join(f"{count} {state}" for state, count in counts.items())


def _key(action: str) -> str:
    return actions.key(actions.MAIN, action)
