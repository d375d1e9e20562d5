"""The options of the commands that steer runs."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable

Options = Callable[[ArgumentParser], None]
RUN = "a run's id, the beginning of one, its name, a path, or latest"


def of_run(parser: ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help=RUN)


def resume(parser: ArgumentParser) -> None:
    of_run(parser)
    parser.add_argument("--queue", action="store_true", help="when the runs before it have left its device")


def rename(parser: ArgumentParser) -> None:
    of_run(parser)
    parser.add_argument("name", nargs="+", metavar="NAME", help="the name; an empty one takes it away")


def note(parser: ArgumentParser) -> None:
    of_run(parser)
    parser.add_argument("text", nargs="*", metavar="TEXT", help="the note; an empty one takes it away")


def tag(parser: ArgumentParser) -> None:
    of_run(parser)
    parser.add_argument("tags", nargs="*", metavar="TAG", help="tags to add, with spaces or commas between")
    parser.add_argument(
        "--remove", action="append", default=[], metavar="TAG", help="a tag to take away; may be repeated"
    )


def rm(parser: ArgumentParser) -> None:
    of_run(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask")


def restore(parser: ArgumentParser) -> None:
    parser.add_argument("run", nargs="?", metavar="RUN", help="its id, or the beginning of it")


def export(parser: ArgumentParser) -> None:
    of_run(parser)
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--csv", action="store_true", help="comma-separated values, to stdout or -o FILE")
    kind.add_argument("--tensorboard", action="store_true", help="an event file with curves and samples, in -o FOLDER")
    parser.add_argument("-o", "--output", metavar="PATH", help="file or folder (for TensorBoard, RUN-tensorboard)")


def diff(parser: ArgumentParser) -> None:
    of_run(parser)
    parser.add_argument("other", metavar="RUN", help="the other run")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else on stdout")


COMMANDS: dict[str, tuple[str, Options]] = {
    "stop": ("stop a run with a checkpoint, and wait for it", of_run),
    "checkpoint": ("have a run write a checkpoint and draw samples now", of_run),
    "resume": ("go on with a run in the background, from its newest good checkpoint", resume),
    "rename": ("give a run a name that stands beside its id", rename),
    "note": ("write a note on a run, or print the one there is", note),
    "tag": ("tag a run, or print its tags", tag),
    "rm": ("move a run to the trash, after asking", rm),
    "restore": ("bring a run back from the trash, or list what is in it", restore),
    "export": ("write a run's curves for other programs", export),
    "diff": ("show the settings in which two runs differ", diff),
}
