"""The options of the commands that steer runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Command = Callable[[str, str], argparse.ArgumentParser]
COMMANDS = ("stop", "checkpoint", "resume", "rename", "note", "tag", "rm", "restore", "export", "diff")
RUN = "a run's id, the beginning of one, its name, a path, or latest"


def add(command: Command) -> None:
    """Add the commands; `command(name, help)` makes a parser for one."""

    def of_run(name: str, help: str) -> argparse.ArgumentParser:
        parser = command(name, help)
        parser.add_argument("run", metavar="RUN", help=RUN)
        return parser

    of_run("attach", "follow a run's progress and log as plain lines; ctrl+c leaves it training")
    of_run("stop", "stop a run with a checkpoint, and wait for it")
    of_run("checkpoint", "have a run write a checkpoint and draw samples now")
    resume = of_run("resume", "go on with a run in the background, from its newest good checkpoint")
    resume.add_argument("--queue", action="store_true", help="when the runs before it have left its device")

    rename = of_run("rename", "give a run a name that stands beside its id")
    rename.add_argument("name", nargs="+", metavar="NAME", help="the name; an empty one takes it away")

    note = of_run("note", "write a note on a run, or print the one there is")
    note.add_argument("text", nargs="*", metavar="TEXT", help="the note; an empty one takes it away")

    tag = of_run("tag", "tag a run, or print its tags")
    tag.add_argument("tags", nargs="*", metavar="TAG", help="tags to add, with spaces or commas between")
    tag.add_argument("--remove", action="append", default=[], metavar="TAG", help="a tag to take away; may be repeated")

    rm = of_run("rm", "move a run to the trash, after asking")
    rm.add_argument("--yes", action="store_true", help="do not ask")

    restore = command("restore", "bring a run back from the trash, or list what is in it")
    restore.add_argument("run", nargs="?", metavar="RUN", help="its id, or the beginning of it")

    export = of_run("export", "write a run's curves for other programs")
    kind = export.add_mutually_exclusive_group(required=True)
    kind.add_argument("--csv", action="store_true", help="comma-separated values, to stdout or -o FILE")
    kind.add_argument("--tensorboard", action="store_true", help="an event file with curves and samples, in -o FOLDER")
    export.add_argument("-o", "--output", metavar="PATH", help="file or folder (for TensorBoard, RUN-tensorboard)")

    diff = of_run("diff", "show the settings in which two runs differ")
    diff.add_argument("other", metavar="RUN", help="the other run")
    diff.add_argument("--json", action="store_true", help="print one JSON document and nothing else on stdout")
