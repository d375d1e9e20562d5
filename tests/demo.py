"""`make demo`: the main job, in a home of its own under the checkout.

On a terminal it opens the workbench with a run already training and the example scripts indexed. Without one it
trains for about a minute, prints what was drawn as half blocks, and a search over the example scripts.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from engine.runlist import RunList
from engine.runs import RunReader
from tui import mosaic
from tui.session import start_training

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
    picture = mosaic.load(path).convert("L")
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


def main() -> None:
    prepare()
    if sys.stdin.isatty() and sys.stdout.isatty():
        runs = RunList(HOME / "runs")
        if not any(run.state == "running" for run in runs.scan()):
            start_training(HOME, {"preset": "digits"})
        os.environ["DIFFWB_HOME"] = str(HOME)
        os.execv(sys.executable, [sys.executable, "-P", "-m", "tui.cli"])
    diffwb("--train", *(part for name, value in MINUTE.items() for part in (f"--{name}", value)))
    newest = RunReader(RunList(HOME / "runs").scan()[0].folder)
    newest.poll()
    sample = newest.samples[-1]
    print(f"\n{newest.folder.name}: {sample.path.name}, drawn after step {sample.step:,}\n\n{half_blocks(sample.path)}")
    diffwb("search", QUESTION)


if __name__ == "__main__":
    main()
