"""The command line: what can be asked for, and one honest line about what cannot."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, NoReturn

from tui.commands import steering_options
from tui.commands.steering_options import Options
from tui.errors import UsageError

MOST = 10**9  # images or results that can be asked for
MODULES = {  # where a command is; the others are in tui.commands.reporting
    **dict.fromkeys(("sample", "evaluate"), "tui.commands.sampling"),
    **dict.fromkeys(steering_options.COMMANDS, "tui.commands.steering"),
    **dict.fromkeys(("search", "ask", "scripts"), "tui.commands.searching"),
    "attach": "tui.commands.attach",
    "keys": "tui.commands.keys",
}


def parse(argv: Sequence[str]) -> dict[str, Any]:
    """What a command line says, by the options' names. Raises UsageError, and SystemExit where it asked for help."""
    # To argparse a word that begins with a dash is an option; with a space before it, `-dataset:mnist` is a filter.
    argv = [f" {word}" if re.match(r"-\w+:", word) else word for word in argv]
    parser = build_train_parser() if "--train" in argv and argv[0].startswith("-") else build_parser(argv)
    return vars(parser.parse_args(argv))


def command(name: str) -> Callable[[Mapping[str, Any]], int]:
    """What does the command of this name with what was parsed; returns its exit code."""
    function = getattr(import_module(MODULES.get(name, "tui.commands.reporting")), name)
    return lambda arguments: function(argparse.Namespace(**arguments))


class Parser(argparse.ArgumentParser):
    """argparse, with errors of one line that name the nearest option."""

    def error(self, message: str) -> NoReturn:
        prefix = "unrecognized arguments: "
        if message.startswith(prefix):
            unknown = message.removeprefix(prefix).split()[0]
            near = difflib.get_close_matches(unknown.partition("=")[0], self._option_string_actions, n=1)
            hint = f"did you mean {near[0]}?" if near else f"`{self.prog} --help` lists what is accepted"
            if near == [unknown]:  # known, though not after a command
                hint = f"`{self.prog} {unknown}` is, without a command"
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


def build_parser(argv: Sequence[str]) -> Parser:
    """The parser of a command line: every command by name and help, with options only what it asks for."""
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
    for name, (help, options) in COMMANDS.items():
        about = help[0].upper() + help[1:] + "."
        command = commands.add_parser(name, help=help, description=about, allow_abbrev=False)
        if name in argv:
            options(command)
    return parser


def _json(to: argparse.ArgumentParser) -> None:
    to.add_argument("--json", action="store_true", help="print one JSON document and nothing else on stdout")


def _limit(to: argparse.ArgumentParser) -> None:
    to.add_argument("--limit", type=positive, default=20, metavar="N", help="most results shown (default 20)")


def _runs(runs: argparse.ArgumentParser) -> None:
    runs.add_argument(
        "filters", nargs="*", metavar="FILTER", help="words, or fields: state:running dataset:mnist lr:<1e-3 -tag:old"
    )
    _json(runs)


def _sample(sample: argparse.ArgumentParser) -> None:
    from engine.config import accepted

    steering_options.of_run(sample)
    sample.add_argument("-n", type=positive, metavar="N", help="images (default 32)")
    sample.add_argument("--sampler", metavar="S", help=f"{accepted('sampler')} (default the run's)")
    sample.add_argument("--sample-steps", metavar="K", help="steps of the sampler (default what suits it)")
    sample.add_argument("--class", dest="label", metavar="C", help="draw this class, by name or number")
    sample.add_argument("--guidance", metavar="W", help="how strongly the class is drawn (default the run's)")
    sample.add_argument("--seed", default="0", metavar="S", help="equal seeds draw equal images (default 0)")
    sample.add_argument("--device", default="auto", metavar="D", help=f"{accepted('device')} (default auto)")
    where = sample.add_mutually_exclusive_group(required=True)
    where.add_argument("-o", "--output", metavar="FILE", help=".png grid, .gif denoising, .npy array")
    where.add_argument("--folder", metavar="DIR", help="one PNG an image instead, in a sub-folder a class")
    sample.add_argument("--columns", type=positive, metavar="N", help="images a row of the grid")
    sample.add_argument("--strip", action="store_true", help="the first image's way from noise in ten frames, as .png")


def _evaluate(evaluate: argparse.ArgumentParser) -> None:
    from engine.config import accepted

    steering_options.of_run(evaluate)
    evaluate.add_argument("--sampler", metavar="S", help=f"{accepted('sampler')} (default the run's)")
    evaluate.add_argument("--sample-steps", metavar="K", help="steps of the sampler (default the run's)")
    evaluate.add_argument("--seed", default="0", metavar="S", help="seed of the images (default 0)")
    evaluate.add_argument("--device", default="auto", metavar="D", help=f"{accepted('device')} (default auto)")
    _json(evaluate)


def _index(index: argparse.ArgumentParser) -> None:
    index.add_argument("paths", nargs="*", metavar="PATH", help="remembered; without one, all remembered are looked at")
    index.add_argument("--watch", action="store_true", help="go on, and follow every change until ctrl+c")
    _json(index)


def _scripts(scripts: argparse.ArgumentParser) -> None:
    scripts.add_argument("filters", nargs="*", metavar="FILTER", help="as in a search: framework:pytorch tag:cnn …")
    _json(scripts)


def _show(show: argparse.ArgumentParser) -> None:
    show.add_argument("script", metavar="SCRIPT", help="a model id, a path, or an unambiguous part of either")
    show.add_argument("--notebook", metavar="FILE", help="write the script as a Jupyter notebook (.ipynb) to run")
    _json(show)


def _search(search: argparse.ArgumentParser) -> None:
    search.add_argument(
        "query",
        nargs="+",
        metavar="QUERY",
        help="plain English or fields; - reads one a line from stdin and prints a JSON document a line",
    )
    _limit(search)
    search.add_argument("--words", action="store_true", help="search by words alone, without loading the model")
    _json(search)


def _ask(ask: argparse.ArgumentParser) -> None:
    ask.add_argument(
        "question", nargs="+", metavar="QUESTION", help="plain English or fields; - answers one a line, as in a search"
    )
    _limit(ask)
    ask.add_argument("--words", action="store_true", help="search by words alone, without loading the model")
    ask.add_argument("--llm", metavar="URL", help="an OpenAI-compatible server says it in other words, each checked")
    ask.add_argument("--llm-model", metavar="NAME", help="its model (default the first it offers)")
    ask.add_argument("--llm-remote", action="store_true", help="the server may be on another machine")
    _json(ask)


COMMANDS: dict[str, tuple[str, Options]] = {
    "runs": ("list every run, newest first, or those that fit", _runs),
    "attach": ("follow a run's progress and log as plain lines; ctrl+c leaves it training", steering_options.of_run),
    **steering_options.COMMANDS,
    "sample": ("draw images from a run's newest checkpoint", _sample),
    "evaluate": ("measure a run's samples beside held-out real images", _evaluate),
    "index": ("bring the index up to date with the scripts under PATH", _index),
    "scripts": ("list every indexed script with its facts", _scripts),
    "show": ("show one script: its facts and the lines that prove them", _show),
    "search": ("find scripts, by words and by meaning", _search),
    "ask": ("answer a question in sentences that cite scripts and lines, then list the scripts", _ask),
    "keys": ("list the workbench's keys as the table of config.toml that changes them", _json),
    "doctor": ("check terminal, device, dataset, index and search model", _json),
}


def positive(text: str) -> int:
    number = int(text) if text.isdecimal() and len(text) <= 20 else 0
    if not 1 <= number <= MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is not accepted; a whole number from 1 to {MOST} is")
    return number


def build_train_parser() -> Parser:
    """The parser of `diffwb --train`: a flag for every setting."""
    from engine.config import GROUPS, about, accepted, settings

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
    return ",".join(map(str, value)) or "none" if isinstance(value, tuple) else str(value)
