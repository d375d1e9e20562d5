"""The commands that steer runs: they stop, resume, name, remove, export and compare them. None imports torch."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.home import home, prepare
from engine.runs import about, steering, trash
from engine.runs.differences import differences
from engine.runs.events import parse_event
from engine.runs.folder import EVENTS
from engine.runs.listing import summarise
from engine.runs.lock import is_locked
from engine.runs.tail import Tail
from engine.setting import given_path
from tui.commands.console import progress, put, put_json, put_table, say, waiting
from tui.commands.named_run import named_run
from tui.errors import DONE, FAILED, UsageError, refusing
from tui.text import line

PATIENCE = 120.0  # seconds; a stop comes within ten unless samples are being drawn


def stop(arguments: Namespace) -> int:
    """`diffwb stop`: a checkpoint and the end, waited for."""
    run = named_run(arguments.run)
    with refusing():
        steering.stop(run)
    with waiting(f"{run.name} writes a checkpoint …"):
        ended = _within(PATIENCE, lambda: not is_locked(run))
    if not ended:
        say(f"{run.name}: was asked to stop {PATIENCE:.0f} s ago and still runs; stopped again, it ends at once")
        return FAILED
    summary = summarise(run)
    say(f"{run.name}: {summary.state} at step {summary.step:,}")
    return DONE


def checkpoint(arguments: Namespace) -> int:
    """`diffwb checkpoint`: a checkpoint and samples now, waited for; prints the checkpoint's folder."""
    run = named_run(arguments.run)
    tail = Tail(run / EVENTS, last=0)
    written: list[object] = []
    with refusing():
        steering.checkpoint(run)

    def done() -> bool:
        for block in tail.blocks():
            records = map(parse_event, (block or b"").split(b"\n"))
            written.extend(r["path"] for r in records if r and r["event"] == "checkpoint" and r.get("path"))
        return bool(written) or not is_locked(run)

    with waiting(f"{run.name} writes a checkpoint …"):
        _within(PATIENCE, done)
    if not written:
        state = summarise(run).state
        say(f"{run.name}: {'was asked, and has not written one yet' if state == 'running' else f'is {state}'}")
        return FAILED
    put(line(str(run / str(written[-1]))))
    return DONE


def _within(seconds: float, done: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def resume(arguments: Namespace) -> int:
    """`diffwb resume`: `--train --resume` in the background, or back in the queue; prints the id."""
    from tui.commands.detached import start
    from tui.runs.session import resumption

    run = named_run(arguments.run)
    if is_locked(run):
        raise UsageError(f"{run.name}: is {summarise(run).state} already; `diffwb attach` follows it")
    with refusing():
        steering.check_unfinished(run)
    return start(prepare(home()), resumption(run, arguments.queue))


def rename(arguments: Namespace) -> int:
    """`diffwb rename`: a name beside the id."""
    run = named_run(arguments.run)
    with refusing():
        said = about.rename(run, " ".join(arguments.name))
    say(f"{run.name}: is called {said.name}" if said.name else f"{run.name}: has no other name now")
    return DONE


def note(arguments: Namespace) -> int:
    """`diffwb note`: write a note, or print the one there is."""
    run = named_run(arguments.run)
    if not arguments.text:
        said = about.read(run)
        if said.origin:
            say(f"{run.name}: from {said.origin}")
        if text := said.note:
            put(text)
        else:
            say(f"{run.name}: there is no note yet; `diffwb note {arguments.run} TEXT` writes one")
        return DONE
    with refusing():
        said = about.note(run, " ".join(arguments.text))
    say(f"{run.name}: {'noted' if said.note else 'has no note now'}")
    return DONE


def tag(arguments: Namespace) -> int:
    """`diffwb tag`: add and take away tags; prints those there are."""
    run = named_run(arguments.run)
    said = about.read(run)
    if arguments.tags or arguments.remove:
        with refusing():
            said = about.tag(run, _listed(arguments.tags), _listed(arguments.remove))
    for one in said.tags:
        put(line(one))
    return DONE


def _listed(words: Sequence[str]) -> list[str]:
    """What was given word by word, or with commas between: a filter `tag:a,b` means one or the other."""
    return [one for word in words for one in word.split(",")]


def rm(arguments: Namespace) -> int:
    """`diffwb rm`: to the trash, after asking."""
    run, runs = named_run(arguments.run), home() / "runs"
    if is_locked(run):
        raise UsageError(f"{run.name}: is {summarise(run).state}; `diffwb stop {run.name}` ends it")
    if not arguments.yes:
        if not sys.stdin.isatty():
            raise UsageError("rm: asks before it removes and stdin is no terminal; --yes answers")
        summary = summarise(run)
        print(f"Remove {line(run.name)} ({summary.state} at step {summary.step:,})? [y/N] ", end="", file=sys.stderr)
        sys.stderr.flush()
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            say("nothing was removed")
            return FAILED
    with refusing():
        target = trash.remove(runs, run)
    say(f"{run.name}: removed; `diffwb restore {run.name}` brings it back, and {target.parent} may be emptied by hand")
    return DONE


def restore(arguments: Namespace) -> int:
    """`diffwb restore`: out of the trash, or a list of what is in it."""
    runs = home() / "runs"
    if arguments.run is None:
        if not (removed := trash.removed(runs)):
            say("the trash is empty")
        for folder in removed:
            put(line(folder.name))
        return DONE
    with refusing():
        put(line(trash.restore(runs, arguments.run).name))
    return DONE


def export(arguments: Namespace) -> int:
    """`diffwb export`: the curves as CSV, or an event file for TensorBoard."""
    from engine.runs import export as exporting

    run = named_run(arguments.run)
    target = given_path("-o", arguments.output) if arguments.output is not None else None
    with progress() as show:

        def advance(done: int, total: int | None) -> None:
            show("exporting", done, total)

        try:
            if arguments.tensorboard:
                folder = target or Path(f"{run.name}-tensorboard")
                put(line(str(exporting.write_tensorboard(run, folder, advance))))
            elif target is None:
                exporting.write_csv(run, sys.stdout, advance)
            else:
                put(line(str(exporting.save_csv(run, target, advance))))
        except BrokenPipeError:
            raise
        except OSError as error:
            where = target or (Path(f"{run.name}-tensorboard") if arguments.tensorboard else "stdout")
            raise UsageError(f"-o: {where} cannot be written ({error.strerror})") from None
    return DONE


def diff(arguments: Namespace) -> int:
    """`diffwb diff`: the settings in which two runs differ."""
    one, other = (named_run(name) for name in (arguments.run, arguments.other))
    found = differences((one, other))
    if arguments.json:
        put_json({name: list(values) for name, values in found.items()})
    elif found:
        from tui.commands.printed import differences_table

        put_table(lambda _: differences_table(one.name, other.name, [(name, *found[name]) for name in found]))
    else:
        say(f"{one.name} and {other.name} have the same settings")
    return DONE
