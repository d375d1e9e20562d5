"""The commands that answer at once: data to stdout, everything said about it to stderr."""

from __future__ import annotations

import io
import json
import shlex
import sys
from argparse import Namespace
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.home import home, prepare, write_atomically
from engine.runlist import RunList
from tui.console import progress, put, put_json, put_table, say, waiting
from tui.details import doubt, said
from tui.errors import DONE, FAILED, UsageError, given_path

if TYPE_CHECKING:
    from index.rows import ScriptRow
    from index.search import SearchEngine, SearchResponse


def runs(arguments: Namespace) -> int:
    """`diffwb runs`: every run, newest first, or those that filters leave."""
    summaries = RunList(home() / "runs").scan()
    if arguments.filters:
        from engine.runfilter import FilterError, parse

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
        from tui.printed import runs_table

        put_table(lambda width: runs_table(summaries, width))
    else:
        say(f"no runs yet under {home() / 'runs'}; `diffwb --train` starts one")
    return DONE


PHASES = {
    "scan": "looking for scripts",
    "read": "reading scripts",
    "words": "indexing words",
    "meaning": "embedding meaning",
}


def index(arguments: Namespace) -> int:
    """`diffwb index`: bring the index up to date."""
    from index.indexing import IndexingError, update

    folder = prepare(home()) / "index"
    paths = [given_path("PATH", p) for p in arguments.paths]
    with progress() as bar:
        try:
            report = update(folder, paths, progress=lambda p: bar(PHASES[p.phase], p.done, p.total))
        except IndexingError as error:
            raise UsageError(str(error)) from None
    if report.notice:
        say(report.notice)
    for path, reason in report.broken:
        say(f"not read: {path}: {reason}")
    if arguments.json:
        put_json(report.to_json())
        return DONE
    put(
        f"{report.models} model scripts in {report.found} files: {report.parsed} read, {report.unchanged} unchanged, "
        f"{report.removed} gone, {len(report.broken)} not readable; {report.seconds:.1f} s"
    )
    return DONE


def scripts(arguments: Namespace) -> int:
    """`diffwb scripts`: the catalogue, or the part of it that filters leave."""
    from index.catalog import Catalog

    folder = _indexed()
    if arguments.filters:
        document = _search(_engine(folder), " ".join(arguments.filters), limit=sys.maxsize, meaning=False)
        results = document.to_json()["results"]
    else:
        with Catalog(folder, readonly=True) as catalog:
            if catalog.notice:
                say(catalog.notice)
                return FAILED
            results = [row.to_json() for row in catalog.rows()]
    if arguments.json:
        put_json(results)
        return DONE
    return _put_results(results, "no indexed script fits")


def show(arguments: Namespace) -> int:
    """`diffwb show`: one script, every fact with the line that proves it."""
    from index.catalog import Catalog, ScriptAmbiguous, ScriptNotFound

    with Catalog(_indexed(), readonly=True) as catalog:
        try:
            row = catalog.find(arguments.script)
        except (ScriptNotFound, ScriptAmbiguous) as error:
            raise UsageError(str(error)) from None
        text = catalog.source(row.id) if arguments.notebook else ""
    if arguments.notebook:
        return _write_notebook(Path(arguments.notebook), row, text)
    document = row.shown()
    if arguments.json:
        put_json(document)
    else:
        from tui.printed import facts_page

        put_table(lambda _: facts_page(document))
    return DONE


def _write_notebook(file: Path, row: ScriptRow, text: str) -> int:
    from index.files.notebook import document

    if file.suffix != ".ipynb":
        raise UsageError(f"--notebook {file}: give the name of a .ipynb file")
    made = document(text, row.model_id, row.facts.description, row.facts.cells)
    try:
        write_atomically(file, (json.dumps(made, indent=1, ensure_ascii=False) + "\n").encode())
    except OSError as error:
        raise UsageError(f"--notebook {file} cannot be written: {error.strerror}") from None
    say(f"{len(made['cells'])} cells written to {file}")
    return DONE


def search(arguments: Namespace) -> int:
    """`diffwb search`: the wide table, or the contract's document; `-` answers one query a line."""
    folder = _indexed()
    engine = _engine(folder)
    meaning = not arguments.words
    if arguments.query == ["-"]:
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")
        for line in sys.stdin:
            if query := line.strip():
                try:
                    document = _search(engine, query, arguments.limit, meaning=meaning).to_json()
                except UsageError as error:  # one bad line is no reason to leave the others unanswered
                    document = {"query": query, "error": str(error), "results": []}
                put_json(document, indent=None)
        return DONE
    with _model_awaited(meaning):
        found = _search(engine, " ".join(arguments.query), arguments.limit, meaning=meaning)
    document = found.to_json()
    if arguments.json:
        put_json(document)
        return DONE
    say(understood(document["understood"]))
    return _put_results(document["results"], _why_empty(found))


def ask(arguments: Namespace) -> int:
    """`diffwb ask`: sentences made of facts, each with the lines that prove it, then the table."""
    from index.answer import answer, cited

    engine = _engine(_indexed())
    meaning = not arguments.words
    with _model_awaited(meaning):
        found = _search(engine, " ".join(arguments.question), arguments.limit, meaning=meaning)
    told = answer(found)
    if arguments.json:
        put_json({**found.to_json(), "answer": told.to_json()})
        return DONE
    say(understood(found.to_json()["understood"]))
    for claim in told.claims:
        put(f"{claim.text} [{cited(claim)}]" if claim.cites else claim.text)
    return _put_results(found.to_json()["results"], "") if found.results else DONE


def _model_awaited(meaning: bool) -> AbstractContextManager[None]:
    return waiting("reading the search model …") if meaning else nullcontext()


def _why_empty(found: SearchResponse) -> str:
    """What is said of a search that found nothing: what emptied it, and what would not."""
    from index.answer import answer

    return answer(found).text if not found.results else ""


def understood(reading: dict[str, Any]) -> str:
    """What a query was taken to mean, on one line."""
    parts = [said(f) for f in reading["filters"]]
    if reading["text"]:
        parts.append(f"words: {reading['text']}")
    parts += [f"by {'-' if order['descending'] else ''}{order['field']}" for order in reading["sort"]]
    parts += [f"{right} for {wrong}" for wrong, right in reading["corrected"].items()]
    parts += [doubt(one) for one in reading["unclear"]]
    return "understood: " + (" · ".join(parts) or "everything")


def doctor(arguments: Namespace) -> int:
    """`diffwb doctor`: what works here and what does not."""
    from tui.doctor import examine

    checks = examine(home())
    if arguments.json:
        put_json([{"check": c.name, "ok": c.ok, "found": c.found} for c in checks])
    else:
        for check in checks:
            put(f"{'ok ' if check.ok else 'BAD'}  {check.name:<10} {check.found}")
    return DONE if all(c.ok for c in checks) else FAILED


def _indexed() -> Path:
    """The index's folder, once there is something in it."""
    from index.catalog import Catalog

    folder = home() / "index"
    nothing = UsageError("nothing is indexed yet; `diffwb index PATH` reads the scripts under PATH")
    if not folder.is_dir():
        raise nothing
    with Catalog(folder, readonly=True) as catalog:
        if catalog.notice is None and catalog.counts()[0] == 0:
            raise nothing
    return folder


def _engine(folder: Path) -> SearchEngine:
    from index.search import SearchEngine

    return SearchEngine(folder)


def _search(engine: SearchEngine, query: str, limit: int, *, meaning: bool = True) -> SearchResponse:
    from index.understanding.query import QueryError

    try:
        found = engine.search(query, limit, meaning=meaning)
    except QueryError as error:
        raise UsageError(f"query, column {error.column}: {error.message}") from None
    for notice in found.notices:
        say(notice)
    return found


def _put_results(results: list[dict[str, Any]], empty: str) -> int:
    from tui.table import render

    if results:
        put_table(lambda width: render(results, width))
    else:
        say(empty)
    return DONE
