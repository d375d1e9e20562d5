"""The `diffwb` command: what was asked, which part does it, and one honest line when it cannot be served.

Nothing but the settings' table is imported before it is known what a command needs: `--help` answers at once, and a
trainer runs where the interface's packages are not installed.
"""

from __future__ import annotations

import argparse
import difflib
import gc
import io
import os
import re
import signal
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from engine.config import GROUPS, ConfigError, about, accepted, coerce, settings
from engine.home import HomeError
from tui import steering_options
from tui.errors import DONE, FAILED, INTERRUPTED, REFUSED, UsageError

MOST = 10**9  # images or results that can be asked for
MODULES = {  # where a command is; the others are in tui.commands
    **dict.fromkeys(("sample", "evaluate"), "tui.sampling"),
    **dict.fromkeys(steering_options.COMMANDS, "tui.steering"),
    **dict.fromkeys(("search", "ask", "scripts"), "tui.searching"),
    "attach": "tui.attach",
    "keys": "tui.keys",
}


class Parser(argparse.ArgumentParser):
    """argparse, with errors of one line that name the nearest option."""

    def error(self, message: str) -> NoReturn:
        prefix = "unrecognized arguments: "
        if message.startswith(prefix):
            unknown = message.removeprefix(prefix).split()[0]
            near = difflib.get_close_matches(unknown.partition("=")[0], self._option_string_actions, n=1)
            hint = f"did you mean {near[0]}?" if near else f"`{self.prog} --help` lists what is accepted"
            raise UsageError(f"{unknown}: is not known; {hint}")
        if invalid := re.match(r"argument COMMAND: invalid choice: '(.*)' \(choose from (.*)\)", message):
            near = difflib.get_close_matches(invalid[1], invalid[2].replace("'", "").split(", "), n=1)
            near = ["`diffwb --train`"] if invalid[1] == "train" else near
            hint = f"did you mean {near[0]}?" if near else f"{invalid[2]} are"
            raise UsageError(f"{invalid[1]}: is no command; {hint}")
        raise UsageError(f"{message}; `{self.prog} --help` says more")


EPILOG = """\
Without a command, diffwb opens the workbench: runs, live loss and samples, and the search over your scripts.
`diffwb --train --help` lists every setting of a run; `diffwb COMMAND --help` explains one command.
Runs, the index and datasets are kept in $DIFFWB_HOME (else the platform's user-data folder)."""


def build_parser() -> Parser:
    parser = Parser(
        prog="diffwb",
        usage="diffwb [COMMAND …]\n       diffwb --train [SETTING …]",
        description="Train and watch diffusion models in a terminal, and find the script that made one.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    parser.add_argument("--train", action="store_true", help="train without the workbench; needs no terminal")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", parser_class=Parser, title="commands", prog="diffwb"
    )

    def command(name: str, help: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".", allow_abbrev=False)

    def json_option(to: argparse.ArgumentParser) -> None:
        to.add_argument("--json", action="store_true", help="print one JSON document and nothing else on stdout")

    def limit_option(to: argparse.ArgumentParser) -> None:
        to.add_argument("--limit", type=positive, default=20, metavar="N", help="most results shown (default 20)")

    runs = command("runs", "list every run, newest first, or those that fit")
    runs.add_argument(
        "filters", nargs="*", metavar="FILTER", help="words, or fields: state:running dataset:mnist lr:<1e-3 -tag:old"
    )
    json_option(runs)
    steering_options.add(command)

    sample = command("sample", "draw images from a run's newest checkpoint")
    sample.add_argument("run", metavar="RUN", help="a run's id, the beginning of one, a path, or latest")
    sample.add_argument("-n", type=positive, metavar="N", help="images (default 32)")
    sample.add_argument("--sampler", metavar="S", help=f"{accepted('sampler')} (default the run's)")
    sample.add_argument("--sample-steps", metavar="K", help="steps of the sampler (default what suits it)")
    sample.add_argument("--class", dest="label", metavar="C", help="draw this class, by name or number")
    sample.add_argument("--guidance", metavar="W", help="how strongly the class is drawn (default the run's)")
    sample.add_argument("--seed", default="0", metavar="S", help="equal seeds draw equal images (default 0)")
    sample.add_argument("--device", default="auto", metavar="D", help=f"{accepted('device')} (default auto)")
    sample.add_argument("-o", "--output", metavar="FILE", help=".png grid, .gif denoising, .npy array")
    sample.add_argument("--columns", type=positive, metavar="N", help="images a row of the grid")
    sample.add_argument("--strip", action="store_true", help="the first image's way from noise in ten frames, as .png")
    sample.add_argument("--folder", metavar="DIR", help="one PNG an image instead, in a sub-folder a class")

    evaluate = command("evaluate", "measure a run's samples beside held-out real images")
    evaluate.add_argument("run", metavar="RUN", help="a run's id, the beginning of one, a path, or latest")
    evaluate.add_argument("--sampler", metavar="S", help=f"{accepted('sampler')} (default the run's)")
    evaluate.add_argument("--sample-steps", metavar="K", help="steps of the sampler (default the run's)")
    evaluate.add_argument("--seed", default="0", metavar="S", help="seed of the images (default 0)")
    evaluate.add_argument("--device", default="auto", metavar="D", help=f"{accepted('device')} (default auto)")
    json_option(evaluate)

    index = command("index", "bring the index up to date with the scripts under PATH")
    index.add_argument("paths", nargs="*", metavar="PATH", help="remembered; without one, all remembered are looked at")
    index.add_argument("--watch", action="store_true", help="go on, and follow every change until ctrl+c")
    json_option(index)

    scripts = command("scripts", "list every indexed script with its facts")
    scripts.add_argument("filters", nargs="*", metavar="FILTER", help="as in a search: framework:pytorch tag:cnn …")
    json_option(scripts)

    show = command("show", "show one script: its facts and the lines that prove them")
    show.add_argument("script", metavar="SCRIPT", help="a model id, a path, or an unambiguous part of either")
    show.add_argument("--notebook", metavar="FILE", help="write the script as a Jupyter notebook (.ipynb) to run")
    json_option(show)

    search = command("search", "find scripts, by words and by meaning")
    search.add_argument(
        "query", nargs="+", metavar="QUERY", help="plain English or fields; - reads one a line from stdin"
    )
    limit_option(search)
    search.add_argument("--words", action="store_true", help="search by words alone, without loading the model")
    json_option(search)

    ask = command("ask", "answer a question in sentences that cite scripts and lines, then list the scripts")
    ask.add_argument("question", nargs="+", metavar="QUESTION", help="plain English or fields, as in a search")
    limit_option(ask)
    ask.add_argument("--words", action="store_true", help="search by words alone, without loading the model")
    ask.add_argument("--llm", metavar="URL", help="an OpenAI-compatible server says it in other words, each checked")
    ask.add_argument("--llm-model", metavar="NAME", help="its model (default the first it offers)")
    ask.add_argument("--llm-remote", action="store_true", help="the server may be on another machine")
    json_option(ask)

    keys = command("keys", "list the workbench's keys as the table of config.toml that changes them")
    json_option(keys)

    doctor = command("doctor", "check terminal, device, dataset, index and search model")
    json_option(doctor)
    return parser


def positive(text: str) -> int:
    number = int(text) if text.isdecimal() and len(text) <= 20 else 0
    if not 1 <= number <= MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is not accepted; a whole number from 1 to {MOST} is")
    return number


def build_train_parser() -> Parser:
    """The parser of `diffwb --train`: a flag for every setting."""
    parser = Parser(
        prog="diffwb --train",
        usage="diffwb --train [SETTING …]\n       diffwb --train --resume RUN",
        description="Train in the foreground. Stop with ctrl+c: a checkpoint is written and --resume goes on from it.",
        epilog="The command line wins over --config, that over the preset, that over the home's config.toml.",
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    parser.add_argument("--train", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--config", metavar="FILE", help="a TOML file of settings, such as a run's config.toml")
    parser.add_argument(
        "--resume", metavar="RUN", help="go on with a run (an id, the beginning of one, a path, latest)"
    )
    parser.add_argument("--detach", action="store_true", help="train in the background and print the run's id")
    parser.add_argument("--queue", action="store_true", help="wait until the runs before this one leave its device")
    for group in GROUPS:
        section = parser.add_argument_group(group)
        for name, field in settings().items():
            s = about(name)
            if s.group == group:
                default = "" if field.default is None else f"; default {_shown(field.default)}"
                text = f"{s.help} ({accepted(name)}{default})"
                section.add_argument(f"--{name.replace('_', '-')}", metavar="X", help=text.replace("%", "%%"))
    return parser


def _shown(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


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
    # To argparse a word that begins with a dash is an option; with a space before it, `-dataset:mnist` is a filter.
    argv = [f" {word}" if re.match(r"-\w+:", word) else word for word in argv]
    try:
        if "--train" in argv and argv[0].startswith("-"):
            arguments = vars(build_train_parser().parse_args(argv))
        else:
            arguments = vars(build_parser().parse_args(argv))
    except SystemExit as stop:  # argparse's own --help
        return DONE if stop.code in (None, 0) else REFUSED
    if arguments.get("version"):
        from importlib.metadata import version

        sys.stdout.write(f"diffwb {version('diffwb')}\n")
        return DONE
    if arguments.pop("train", False):
        from tui.train import Request, train

        given = {name: coerce(name, arguments[name]) for name in settings() if name in arguments}
        asked = {name: arguments[name] for name in ("config", "resume", "queue", "detach") if name in arguments}
        return train(Request(given, argv, **asked))
    name = arguments.pop("command", None)
    if name is None:
        return _workbench()
    from importlib import import_module

    code: int = getattr(import_module(MODULES.get(name, "tui.commands")), name)(argparse.Namespace(**arguments))
    return code


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
