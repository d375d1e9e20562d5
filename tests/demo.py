"""`make demo`: the main job, in a home of its own under the checkout.

On a terminal it opens the workbench with a run already training and the example scripts indexed. Without one it
trains for about a minute, prints what was drawn as half blocks, and a search over the example scripts.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from engine.runs.folder import RunReader
from engine.runs.listing import RunList
from tui.painting.picturefile import load
from tui.runs.session import start_training

CHECKOUT = Path(__file__).resolve().parent.parent
HOME = CHECKOUT / ".demo"
SCRIPTS = HOME / "scripts"
QUESTION = "Please find models created in April 2025 and using CNN."
MINUTE = {"preset": "digits", "steps": "1500"}  # about 60 s on two cores with bf16 units


def diffwb(*arguments: str) -> None:
    command = [sys.executable, "-P", "-m", "tui.cli", *arguments]
    print(f"\n$ {shlex.join(['diffwb', *arguments])}", file=sys.stderr, flush=True)
    if code := subprocess.run(command, env=os.environ | {"DIFFWB_HOME": str(HOME)}, check=False).returncode:
        sys.exit(code)


def half_blocks(path: Path) -> str:
    """A picture in two brightnesses, two pixels a character: a log without colours can hold it."""
    picture = load(path)[0].convert("L")
    signs = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}

    def bright(x: int, y: int) -> bool:
        return y < picture.height and int(picture.getpixel((x, y))) > 110  # type: ignore[arg-type]

    rows = range(0, picture.height, 2)
    lines = ("".join(signs[bright(x, y), bright(x, y + 1)] for x in range(picture.width)) for y in rows)
    return "\n".join(line.rstrip() for line in lines)


def prepare() -> None:
    """The example scripts as a repository of their own, indexed."""
    subprocess.run([sys.executable, "-P", str(CHECKOUT / "tests/examples/repository.py"), str(SCRIPTS)], check=True)
    diffwb("index", str(SCRIPTS))


def training() -> bool:
    return any(run.state == "running" for run in RunList(HOME / "runs").scan())


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    """What is started takes its time; what takes longer tells of itself in the workbench."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.2)


def main() -> None:
    prepare()
    if sys.stdin.isatty() and sys.stdout.isatty():
        if not training():
            start_training(HOME, {"preset": "digits"})
            print("Starting a run …", file=sys.stderr)
            wait_for(training)
        diffwb()
        print("`make demo` opens this again; in a shell: DIFFWB_HOME=.demo .venv/bin/diffwb", file=sys.stderr)
        return
    if training():
        print("Another run of the demo is training, so this one takes longer.", file=sys.stderr)
    diffwb("--train", *(part for name, value in MINUTE.items() for part in (f"--{name}", value)))
    newest = RunReader(RunList(HOME / "runs").scan()[0].folder)
    newest.poll()
    sample = newest.samples[-1]
    print(f"\n{newest.folder.name}: {sample.path.name}, drawn after step {sample.step:,}\n\n{half_blocks(sample.path)}")
    diffwb("search", QUESTION)


if __name__ == "__main__":
    main()
