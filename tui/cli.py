"""The `diffwb` command: what was asked, which part does it, and one honest line when it cannot be served.

Nothing is imported before it is known what a command needs: `--help` answers at once, the workbench waits for no
parser, and a trainer runs where the interface's packages are not installed.
"""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from engine.home import HomeError
from engine.setting import ConfigError
from tui.errors import DONE, FAILED, INTERRUPTED, REFUSED, UsageError


def main() -> NoReturn:
    """The entry point: run, and end with the contract's exit code."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed; a file opened later must not take its place
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), "r" if name == "stdin" else "w"))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # not every terminal's encoding has every character
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError:  # the reader (head, less) has seen enough, or the terminal is gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if "torch" not in sys.modules:  # its libraries tell the terminal of all that was not cleared away
        gc.freeze()  # all there is goes with the process: nobody need look through it once more
    sys.exit(code)


def run(argv: Sequence[str]) -> int:
    try:
        return _dispatch(argv)
    except (UsageError, ConfigError, HomeError) as error:
        return refuse(str(error))
    except BrokenPipeError:
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        return fail(error)


def refuse(message: str) -> int:
    """Say on one line why a request is not served."""
    from tui.text import line

    print(f"diffwb: error: {line(message)}", file=sys.stderr)
    return REFUSED


def fail(error: Exception) -> int:
    """Say on one line what went wrong while working, and keep the trace where it can be read."""
    from engine.home import home
    from tui.text import line

    reason, kept = traceback.format_exception_only(error)[0].splitlines()[0], home() / "error.txt"
    try:
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept.write_text("".join(traceback.format_exception(error)))
        where = f" (the trace is in {kept})"
    except OSError:
        where = ""
    print(f"diffwb: failed: {line(reason + where)}", file=sys.stderr)
    return FAILED


def _dispatch(argv: Sequence[str]) -> int:
    if not argv:
        return _workbench()
    from tui.commands import parsers

    try:
        arguments = parsers.parse(argv)
    except SystemExit as stop:  # argparse's own --help
        return DONE if stop.code in (None, 0) else REFUSED
    if arguments.pop("version", False):
        from importlib.metadata import version

        sys.stdout.write(f"diffwb {version('diffwb')}\n")
        return DONE
    if arguments.pop("train", False):
        from engine.config import coerce, settings
        from tui.commands.train import Request, train

        given = {name: coerce(name, arguments[name]) for name in settings() if name in arguments}
        asked = {name: arguments[name] for name in ("config", "resume", "queue", "detach") if name in arguments}
        return train(Request(given, argv, **asked))
    name = arguments.pop("command", None)
    if name is None:
        return _workbench()
    gc.set_threshold(100_000)  # what is imported is no garbage: looking through it is a sixth of a short command's time
    return parsers.command(name)(arguments)


def _workbench() -> int:
    for stream, which in ((sys.stdin, "stdin"), (sys.stdout, "stdout")):
        if not stream.isatty():
            raise UsageError(f"the workbench needs a terminal and {which} is none; `diffwb --train` trains without one")
    if os.environ.get("TERM") == "dumb":  # an editor's shell, a log: it would be full of control sequences
        raise UsageError("TERM=dumb is no terminal to paint on; `diffwb runs` and `diffwb attach` write plain lines")
    gc.disable()  # what is imported now is no garbage; the workbench turns it on again
    from engine.home import home, prepare

    folder = prepare(home())
    # It dies with its terminal, whatever started it ignores (nohup): without one its input would spin for ever.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    from tui.app import run as run_app

    return run_app(folder)


if __name__ == "__main__":
    main()
