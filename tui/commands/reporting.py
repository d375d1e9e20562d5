"""The commands that answer at once: data to stdout, everything said about it to stderr."""

from __future__ import annotations

import json
import shlex
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.home import home, place, prepare, write_atomically
from engine.runs.listing import RunList
from engine.setting import given_path
from tui.commands.console import progress, put, put_json, put_table, say
from tui.errors import DONE, FAILED, UsageError
from tui.formats import PHASES

if TYPE_CHECKING:
    from index.catalog.rows import ScriptRow
    from index.indexing.update import Report


def runs(arguments: Namespace) -> int:
    """`diffwb runs`: every run, newest first, or those that filters leave."""
    summaries = RunList(home() / "runs").scan()
    if arguments.filters:
        from engine.runs.filter import FilterError, parse

        try:
            # A quote that was typed for the shell is gone by now: what it held together is one word.
            wanted = parse(shlex.join(word.strip() for word in arguments.filters))
        except FilterError as error:
            raise UsageError(str(error)) from None
        if summaries and not (summaries := wanted.of(summaries)) and not arguments.json:
            say("no run fits")
            return DONE
    if arguments.json:
        put_json([s.to_json() for s in summaries])
    elif summaries:
        from tui.commands.printed import runs_table

        put_table(lambda width: runs_table(summaries, width))
    else:
        say(f"no runs yet under {home() / 'runs'}; `diffwb --train` starts one")
    return DONE


def index(arguments: Namespace) -> int:
    """`diffwb index`: bring the index up to date."""
    from index.indexing.update import IndexingError, update

    folder = prepare(home()) / "index"
    paths = [given_path("PATH", p) for p in arguments.paths]
    try:
        if arguments.watch:
            return _watch(folder, paths, arguments.json)
        with progress() as bar:
            report = update(folder, paths, progress=lambda p: bar(PHASES[p.phase], p.done, p.total))
    except IndexingError as error:
        raise UsageError(str(error)) from None
    _say_indexed(report)
    if arguments.json:
        put_json(report.to_json())
    else:
        put(_indexed_line(report))
    return DONE


def _watch(folder: Path, paths: list[Path], as_json: bool) -> int:
    """Follows every change, with a line or a JSON document a line for each, until ctrl+c."""
    from index.indexing.watching import keep_fresh

    def told(report: Report) -> None:
        _say_indexed(report)
        if as_json:
            put_json(report.to_json(), indent=None)
        else:
            put(_indexed_line(report))
            sys.stdout.flush()

    with progress() as bar:
        keep_fresh(folder, paths, progress=lambda p: bar(PHASES[p.phase], p.done, p.total), told=told)
    return DONE


def _say_indexed(report: Report) -> None:
    if report.notice:
        say(report.notice)
    for path, reason in report.broken:
        say(f"not read: {path}: {reason}")


def _indexed_line(report: Report) -> str:
    return (
        f"{report.models} model scripts in {report.found} files: {report.found - report.unreadable} readable, "
        f"{report.unreadable} not; {report.parsed} new or changed, {report.unchanged} unchanged, "
        f"{report.removed} gone; {report.seconds:.1f} s"
    )


def show(arguments: Namespace) -> int:
    """`diffwb show`: one script, every fact with the line that proves it."""
    from index.catalog.database import Catalog, ScriptAmbiguous, ScriptNotFound
    from tui.commands.searching import indexed

    notebook = None if arguments.notebook is None else given_path("--notebook", arguments.notebook)
    if notebook is not None and notebook.suffix != ".ipynb":
        raise UsageError(f"--notebook: '{notebook.name}' is not accepted; a name that ends in .ipynb is")
    with Catalog(indexed(), readonly=True) as catalog:
        try:
            row = catalog.find(arguments.script)
        except (ScriptNotFound, ScriptAmbiguous) as error:
            raise UsageError(str(error)) from None
        text = catalog.source(row.id) if notebook is not None else ""
    if notebook is not None:
        return _write_notebook(notebook, row, text)
    document = row.shown()
    if arguments.json:
        put_json(document)
    else:
        from tui.commands.printed import facts_page

        put_table(lambda _: facts_page(document))
    return DONE


def _write_notebook(file: Path, row: ScriptRow, text: str) -> int:
    from index.files.notebook import document

    made = document(text, row.model_id, row.facts.description, row.facts.cells)
    try:
        write_atomically(file, (json.dumps(made, indent=1, ensure_ascii=False) + "\n").encode())
    except OSError as error:
        raise UsageError(f"--notebook: {file} cannot be written ({error.strerror})") from None
    say(f"{len(made['cells'])} cells written to {file}")
    return DONE


def doctor(arguments: Namespace) -> int:
    """`diffwb doctor`: what works here and what does not."""
    from tui.commands.doctor import examine

    checks = examine(place())
    if arguments.json:
        put_json([{"check": c.name, "ok": c.ok, "found": c.found} for c in checks])
    else:
        for check in checks:
            put(f"{'ok ' if check.ok else 'BAD'}  {check.name:<10} {check.found}")
    return DONE if all(c.ok for c in checks) else FAILED
