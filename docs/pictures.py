"""`make pictures`: the README's pictures, exported by the program itself.

The demo's home is made anew where no path of a person shows; a run trains until its digits can be read, and the
workbench opens on it and searches as a person would.
"""

from __future__ import annotations

import asyncio
import io
import os
import signal
import tempfile
import time
from pathlib import Path

from rich.console import Console
from textual.pilot import Pilot

from engine.runs.folder import RunReader
from engine.runs.listing import RunList
from engine.runs.lock import lock_holder
from index.search import SearchEngine
from tests import demo
from tui.app import Workbench
from tui.runs.session import start_training
from tui.scripts.table import render

DOCS = Path(__file__).resolve().parent
SIZE = (150, 42)
TRAINED = 1500  # steps after which the digits of the running preset can be read


def running() -> RunReader:
    """The live run of the demo's home once it has drawn readable samples."""
    if not any(run.state == "running" for run in RunList(demo.HOME / "runs").scan()):
        start_training(demo.HOME, {"preset": "digits"})
    while True:
        for run in RunList(demo.HOME / "runs").scan():
            reader = RunReader(run.folder)
            reader.poll()
            if run.state == "running" and reader.samples and reader.samples[-1].step >= TRAINED:
                return reader
        time.sleep(1)


async def workbench() -> None:
    """The workbench on a live run, with a question answered."""
    app = Workbench(demo.HOME)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, "scripts are indexed")
        await pilot.press("3", *demo.QUESTION, "enter")
        await until(pilot, "words and meaning", "samples · step", "denoising")
        (DOCS / "workbench.svg").write_text(app.export_screenshot(title="diffwb"))


async def until(pilot: Pilot[None], *words: str) -> None:
    """Wait until these words are on the screen."""
    screen = pilot.app.screen
    while True:
        shown = "\n".join(strip.text for strip in screen._compositor.render_strips(screen.size))
        if all(word in shown for word in words):
            return
        await pilot.pause(0.2)


def search() -> None:
    """What `diffwb search` prints."""
    console = Console(record=True, width=220, file=io.StringIO(), force_terminal=True, highlight=False)
    console.print(f"$ diffwb search '{demo.QUESTION}'", markup=False)
    results = SearchEngine(demo.HOME / "index").search(demo.QUESTION).to_json()["results"]
    console.print(render(results, console.width))
    console.save_svg(str(DOCS / "search.svg"), title="diffwb search")


def main() -> None:
    demo.HOME = Path(tempfile.gettempdir()) / "diffwb"
    demo.SCRIPTS = demo.HOME / "experiments"
    demo.prepare()
    reader = running()
    asyncio.run(workbench())
    search()
    if (pid := lock_holder(reader.folder)) is not None:
        os.kill(pid, signal.SIGTERM)


if __name__ == "__main__":
    main()
