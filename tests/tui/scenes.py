"""Every screen of the workbench, by the keys that lead to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.config import resolve, to_toml
from tests.tui.fake_run import FakeRun, home_with_runs
from tui.runs.machine import Gpu, Machine, Reading, User

GIB = 2**30


@dataclass(frozen=True)
class Scene:
    """`keys` are pressed where the scene before it was left, `text` is pasted then; `shows` tells that it is there.

    `of` selects the part of the screen that it is about.
    """

    name: str
    keys: str
    shows: str
    text: str = ""
    of: str = ""


RUNS: Sequence[Scene] = (
    Scene("main", "", "samples · step 3000"),
    Scene("runs-chosen", "space space", "2 chosen"),
    Scene("settings-that-differ", "v", "Settings that differ"),
    Scene("tags-of-several", "escape e", "Tags of 2 runs"),
    Scene("runs-filtered", "escape escape slash", "1 Runs 2 of 5", "state:stopped,failed", of="#runs"),
    Scene("runs-filter-wrong", "ctrl+u", "is nothing a run has", "created:2019", of="#runs"),
    Scene("runs-filter-none", "ctrl+u", "no run fits", "dataset:mnist", of="#runs"),
    Scene("runs-alone", "escape z", "dataset", of="#runs"),
    Scene("run-failed", "z G k", "a lower lr may help", of="#run"),
    Scene("run-lost", "j", "or its machine went down", of="#run"),
)
RUN: Sequence[Scene] = (
    Scene("curve-cursor", "2 comma comma less_than_sign", "step 3", of="#run"),
    Scene("curve-zoomed", "plus plus", "2200", of="#run"),
    Scene("curve-otherwise", "0 end m l x", "log · time", of="#run"),
    Scene("run-alone", "l x M z", "denoising", of="#run"),
    Scene("history", "left left", "1 of 3", of="#run"),
    Scene("log", "end z t", "no newer line", of="#run"),
)
DIALOGS: Sequence[Scene] = (
    Scene("stop", "S", "Stop this run?"),
    Scene("name-note-tags", "n e", "tags"),
    Scene("export", "escape E", "Export digits"),
    Scene("machine", "escape 4", "NVIDIA H200"),
    Scene("index-folder", "escape ctrl+o", "$ diffwb index"),
    Scene("draw", "escape i", "diffwb sample"),
    Scene("save", "escape w", "Save the picture"),
    Scene("remove", "escape j D", "Remove this run?"),
    Scene("palette", "n ctrl+p", "Checkpoint"),
    Scene("palette-searched", "", "Zoom", "zoo"),
    Scene("help", "escape question_mark", "Start a training run"),
    Scene("new-run", "escape n", "diffwb --train"),
    Scene("new-run-devices", "down down right", "--device cuda:0"),
    Scene("new-run-refused", "down down ctrl+u", "is not accepted", "fast"),
    Scene("new-run-all", "ctrl+u ctrl+o", "data dir", "120"),
    Scene("new-run-found", "ctrl+o ctrl+g", "guidance", "guid"),
)
SCRIPTS: Sequence[Scene] = (
    Scene("scripts-welcome", "3", "12 scripts are indexed", of="#scripts"),
    Scene("completions", "", "fashionmnist", "dataset:f", of="#scripts"),
    Scene("scripts-wrong", "ctrl+u", "a value is missing", "bad:", of="#scripts"),
    Scene("scripts-nothing", "ctrl+u", "Nothing found", "nothing", of="#scripts"),
    Scene("scripts-emptied", "ctrl+u", "without it 12 fit", "emptied words created:2025-04", of="#scripts"),
    Scene("pieces", "ctrl+u ctrl+k", "12 scripts", "unet created:2025-04 -dataset:mnist", of="#scripts"),
    Scene("results", "enter", "12 scripts", of="#scripts"),
    Scene("scripts-chosen", "space space", "●", of="#scripts"),
    Scene("compare", "c", "facts differ"),
    Scene("columns", "escape s", "[x] Rank"),
    Scene("wide-table", "escape w", "v1_script", of="#scripts"),
    Scene("answer", "w a", "12 scripts fit", of="#scripts"),
    Scene("script", "escape g enter", "line_34"),
    Scene("script-source", "tab j j", "line_36"),
    Scene("train-from", "t", "left out"),
)
EMPTY: Sequence[Scene] = (Scene("empty", "", "12 scripts are indexed"),)


def home_of_scenes(home: Path) -> dict[str, FakeRun]:
    """Runs of every state, that differ in their settings, one with a log and with more than samples."""
    made = home_with_runs(home)
    for state, changes in (("running", {"lr": "1e-3"}), ("finished", {"attention": "linear", "batch_size": "128"})):
        config = resolve({"preset": "digits"} | changes)
        (made[state].folder / "config.toml").write_text(to_toml(config))
    running = made["running"]
    for step, far in ((1000, 40.0), (2000, 9.5), (3000, 4.2)):
        running.event("evaluation", step, step / 20, frechet=far, valid_rate=0.8, classes_covered=10, count=360)
    running.sample(2000, 2).sample(1000, 1)
    told = [f"09:04:{second:02} step {second * 20} of 5000" for second in range(60)]
    (running.folder / "log.txt").write_text("\n".join([*told, "09:05:00 there is no newer line"]) + "\n")
    return made


class Gpus(Machine):
    """A machine that is always as busy: two GPUs, one of them in use, and a processor."""

    def __init__(self) -> None:
        super().__init__()
        self.read()

    def read(self) -> Reading:
        if not self.readings:
            users = (User(4242, "alice python", 30 * GIB),)
            busy = Gpu("NVIDIA H200", 0.87, 40 * GIB, 139 * GIB, 62, 350.0, 700.0, users)
            idle = Gpu("NVIDIA H200", 0.0, 1 * GIB, 139 * GIB, 31, 76.0, 700.0)
            for second in range(200):
                reading = Reading(0.2 + second % 20 / 40, 16, (20 + second // 10) * GIB, 128 * GIB, (busy, idle))
                self.readings.append(reading)
        return self.readings[-1]
