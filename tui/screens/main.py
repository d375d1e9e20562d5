"""The workbench: runs on the left, the selected run in the middle, scripts on the right.

Screens that a key opens are imported by that key, here and in the classes this one is made of: the first paint waits
for none of them.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from rich.cells import cell_len
from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.worker import WorkerCancelled, WorkerFailed

from engine.setting import ConfigError
from tui import hints
from tui.keys import actions
from tui.left import PANES
from tui.look import styles
from tui.painting.partial import PartialCompositor
from tui.plotting.overlay import Overlay
from tui.runs import machine
from tui.runs.follow import Follower, RunSnapshot
from tui.runs.machine import Machine
from tui.runs.rows import ENDED, Row
from tui.runs.session import AUTO, CPU, Device, Launch, list_devices
from tui.screens.found import FoundScreen
from tui.screens.paned import PanedScreen
from tui.screens.pictured import PicturedScreen
from tui.screens.remembering import RememberingScreen
from tui.screens.watching import WatchingScreen
from tui.text import cell, line, short_name
from tui.widgets.keybar import KeyBar
from tui.widgets.run_view import RunView
from tui.widgets.runs import RunsList
from tui.widgets.runs_pane import RunsPane

if TYPE_CHECKING:
    from tui.screens.new_run import NewRunScreen
    from tui.scripts.carrying import CarryOver

PATIENCE = 0.3  # seconds that the first layout waits for the runs: a disk may be slow
LONG = 1.0  # seconds that what is not on it waits for the curve
FOLLOW = 0.4  # seconds between looks at the selected run: what is written is on the screen within half a second
SPARING = 1.0  # the same while all cores are taken: training comes first
RESTING = 2.0  # the same while nothing trains; the list of runs tells what begins


class MainScreen(PanedScreen, WatchingScreen, FoundScreen, PicturedScreen, RememberingScreen):
    """Composes the panes and carries what happens in one to the others."""

    BINDINGS = actions.bindings(actions.MAIN)
    AUTO_FOCUS = "#runs-list"
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (70, "-narrow"), (116, "-wide"), (190, "-broad")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-medium"), (30, "-tall"), (44, "-lofty")]  # noqa: RUF012

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self._compositor = PartialCompositor()
        self._follower: Follower | None = None
        self._snapshot: RunSnapshot | None = None  # what it saw last
        self._told = ("", "")  # the name and the state that are told of it
        self._overlay = Overlay()
        self._machine = Machine()
        self._devices: list[Device] | None = None
        self._titles: dict[str, str] = {}
        self._wake = asyncio.Event()
        self._said: set[tuple[str, str]] = set()
        self.add_class("-at-runs")

    def compose(self) -> ComposeResult:
        # Before there is anything that they style; Textual finds them set when it is told the size.
        width, height = self.app.size
        for size, breakpoints in ((width, self.HORIZONTAL_BREAKPOINTS), (height, self.VERTICAL_BREAKPOINTS)):
            self.add_class(next(name for least, name in reversed(breakpoints) if size >= least), update=False)
        with Horizontal(id="panes"):
            yield RunsPane(id="runs", classes="pane")
            yield RunView(id="run", classes="pane")
            yield Vertical(id="scripts", classes="pane")
        yield KeyBar(actions.MAIN)

    async def on_mount(self) -> None:
        """The first layout waits a moment for the first look at the runs: what it paints is then not painted twice."""
        for number, (pane, title) in enumerate(zip(PANES, ("Runs", "Run", "Scripts"), strict=True), 1):
            self._title(pane, f"{number} {title}")
        self._restore()
        self._watch_runs()
        self._follow()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._looked.wait(), PATIENCE)
        self.call_after_refresh(self._begin)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Styles have been applied where parts were mounted: Textual would apply all of them again."""
        event.refresh_styles = False

    async def on_unmount(self) -> None:
        """Leave no child process behind: what the workers started, they end when they are cancelled."""
        mine = [worker for worker in self.workers if worker.node is self]
        self.workers.cancel_node(self)
        for worker in mine:
            with contextlib.suppress(WorkerCancelled, WorkerFailed):
                await worker.wait()

    def _title(self, pane: str, title: str) -> None:
        """Name a pane; setting a title repaints its pane, so only another one is set."""
        if self._titles.get(pane) != title:
            self._titles[pane] = title
            # A Text is taken as it is; a string would be read as markup.
            self.query_one(f"#{pane}").border_title = cell(f" {title} ")

    @work(group="begin", exit_on_error=False)
    async def _begin(self) -> None:
        """All that the first screen does not show comes once it is painted, with the curve of a long run on it."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._looked.wait(), LONG)
        with self._surviving("the scripts"):
            styles.read_others(self.app)
            await self._open_scripts()
        self._keep_remembering()
        self._watch_machine()

    @work(group="machine", exit_on_error=False)
    async def _watch_machine(self) -> None:
        """Readings are taken from the start on, so that there are some minutes to show once they are asked for."""
        while True:
            with self._surviving("the machine's figures"):
                await asyncio.to_thread(self._machine.read)
            await asyncio.sleep(machine.EVERY)

    def action_machine(self) -> None:
        from tui.screens.machine import MachineScreen

        self.app.push_screen(MachineScreen(self._machine))

    @contextlib.contextmanager
    def _surviving(self, what: str) -> Iterator[None]:
        """Say what went wrong, each kind once, and go on: one broken run must not hide what the others do."""
        try:
            yield
        except Exception as error:
            kind = type(error).__name__
            if (what, kind) not in self._said:
                self._said.add((what, kind))
                self.notify(line(f"Trouble with {what}: {error or kind}"), severity="error", markup=False)

    # ------------------------------------------------------------------ the list of runs

    @on(RunsList.Chosen)
    def _chosen(self) -> None:
        """The curves of the chosen runs are drawn beside that of the run under the cursor."""
        pane = self.query_one(RunsPane)
        if self._opened and not pane.runs.rows:
            self._say_nothing_listed()
        self._compare([row.folder for row in pane.runs.chosen if row.folder is not None])
        self._title("runs", f"1 {pane.title}")
        self._name_keys()

    @on(RunsList.Selected)
    def _select(self, message: RunsList.Selected) -> None:
        self._look_at(message.row)
        self._name_keys()

    def _look_at(self, row: Row) -> None:
        view = self.query_one(RunView)
        if row.folder is None:
            self._follower = None
            self._title("run", f"2 {row.name}")
            view.say(hints.launch(row))
            self._looked.set()
        elif self._follower is None or self._follower.folder != row.folder:
            self._follower = Follower(row.folder)
            self._wake.set()
        elif self._snapshot is not None and self._snapshot.folder == row.folder:
            if (row.name, row.told) != self._told:
                self._show_run(self._snapshot)
            if not self.running:
                self._wake.set()  # its folder has changed

    @on(RunsList.Opened)
    def _open(self) -> None:
        self.action_focus_run()

    def _say_nothing_listed(self) -> None:
        self._follower = None
        self._title("run", "2 Run")
        wanted = self.query_one(RunsPane).unfitting
        self.query_one(RunView).say(hints.none_fits(wanted) if wanted else hints.no_runs())
        self._name_keys()
        self._looked.set()

    # ------------------------------------------------------------------ the selected run

    @work(group="follow", exit_on_error=False)
    async def _follow(self) -> None:
        while True:
            behind = False
            with self._surviving("the selected run"):
                behind = await self._follow_once()
            if not behind:
                await self._pause()

    async def _follow_once(self) -> bool:
        """Show what is new of the selected run; True where there is more to read at once."""
        if self._overlay.slots:
            changed = await asyncio.to_thread(self._overlay.look)
            if changed:
                self.query_one(RunView).lay_beside(self._overlay.beside)
        follower = self._follower
        if follower is None:
            return False
        snapshot = await asyncio.to_thread(follower.look)
        if snapshot is not None and follower is self._follower:
            self._show_run(snapshot)
        return follower.behind

    def _compare(self, folders: Sequence[Path]) -> None:
        """Draw the curves of these runs beside the one that is selected."""
        self._overlay.choose(folders)
        self.query_one(RunsList).colour(self._overlay.slots)
        self.query_one(RunView).lay_beside(self._overlay.beside)
        self._wake.set()

    async def _pause(self) -> None:
        self._wake.clear()
        pace = SPARING if self._machine.taken else FOLLOW
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), pace if self.running else RESTING)

    def _show_run(self, snapshot: RunSnapshot) -> None:
        self._snapshot = snapshot
        asked = snapshot.state == "running" and snapshot.folder in self._stopping
        state = "stopping" if asked else snapshot.state
        again = next((one for one in self._launches if one.run == snapshot.folder and not one.error), None)
        if state in ENDED and again is not None:
            state, snapshot = again.state, replace(snapshot, state=again.state, error=None)
        listed = next((run for run in self._summaries if run.folder == snapshot.folder), None)
        if listed is not None and snapshot.left is not None and listed.left is not None:
            snapshot = replace(snapshot, left=listed.left)  # one estimate on one screen
        row = self.query_one(RunsList).selected
        name = line(snapshot.id)
        if row is not None and row.folder == snapshot.folder:
            name = row.name
            if state == "running" and row.stalled:
                state, snapshot = row.stalled, replace(snapshot, left=None)
        self._told = (name, state)
        self._title_run()
        self.query_one(RunView).show(snapshot)
        self._name_keys()
        self._looked.set()

    def _title_run(self) -> None:
        """Name the run's pane by the run and its state; of both it is the name that is shortened."""
        (name, state), width = self._told, self.query_one(RunView).size.width
        room = width - cell_len(f"━ 2  · {state} ━") if width else cell_len(name)
        self._title("run", f"2 {short_name(name, max(1, room))} · {state}")

    def on_resize(self) -> None:
        self.call_after_refresh(self._name_keys)  # there may be room for other panes

    @on(RunView.Resized)
    def _fit_title(self) -> None:
        if self._snapshot is not None and self._follower is not None:
            self._title_run()

    # ------------------------------------------------------------------ starting

    @work(group="new-run", exit_on_error=False)
    async def action_new_run(self) -> None:
        """The form; with a run under the cursor that did not start, as it was filled for that one."""
        row = self.query_one(RunsList).selected
        failed = next((one for one in self._launches if one.error and row and str(one.log) == row.key), None)
        await self._fill_form(self._defaults(), failed.carried if failed else None, failed)

    def _defaults(self) -> dict[str, Any]:
        """The home's own settings; a mistake in them is said."""
        from engine.config import read_toml

        try:
            path = self._home / "config.toml"
            return read_toml(path) if path.exists() else {}
        except (ConfigError, OSError) as error:
            self.notify(line(str(error)), severity="error", markup=False)
            return {}

    async def _fill_form(
        self, defaults: dict[str, Any], carried: CarryOver | None, failed: Launch | None = None
    ) -> None:
        from tui.screens.new_run import NewRunScreen

        form = NewRunScreen(defaults, self._devices or [AUTO, CPU], carried, failed.values if failed else None)
        form.training_on = self.training_on
        form.queued = failed is not None and failed.queue
        self._find_devices(form)
        values = await self.app.push_screen_wait(form)
        if values is not None:
            self._start(values, carried, form.queued)

    @work(group="devices", exclusive=True, exit_on_error=False)
    async def _find_devices(self, form: NewRunScreen) -> None:
        with self._surviving("the list of devices"):
            self._devices = await list_devices()
            form.offer(self._devices)

    def _start(self, values: dict[str, str], carried: CarryOver | None, queue: bool) -> None:
        try:
            launch = Launch.begin(self._home, values, carried, queue)
        except OSError as error:
            self.notify(f"The run cannot be started: {line(str(error))}", severity="error", markup=False)
            return
        if self.pane != "runs":  # the focus leaves for the new run
            self._unzoom()
        self._launch(launch)

    # ------------------------------------------------------------------ the rest

    def action_show_log(self) -> None:
        if self.query_one(RunView).snapshot is None:
            self.notify("No run is shown, and so no log.", markup=False)
            return
        self.query_one(RunView).show_log()
        self.action_focus_run()

    def action_toggle_log(self) -> None:
        self.query_one(RunView).toggle_log()

    def action_copy_path(self) -> None:
        if self.pane == "scripts":
            result = self.scripts.table.selected if self.scripts is not None else None
            path = str(result.get("path")) if result else None
        else:
            row = self.query_one(RunsList).selected
            path = str(row.folder) if row and row.folder else None
        if path is None:
            self.notify("Nothing is selected.", markup=False)
        else:
            self.app.copy_to_clipboard(path)
            self.notify(f"Copied {line(path)}", markup=False)

    def action_detach(self) -> None:
        self._remember()
        self.app.exit()

    action_quit = action_detach
