"""How fast the index is: files read, words search, hybrid search, beside a plain scan of the same files.

`python tests/benchmarks/bench_search.py [COPIES]` indexes COPIES variants of the example scripts in a temporary
folder and prints one table. The alternative is what people use today: read every file, look for every word.

`python tests/benchmarks/bench_search.py --scripts 10000` measures searches alone among so many scripts: the facts of
the examples, read once, with other paths, other words and other vectors. The alternative is SQLite's own full-text
index (FTS5, bm25) over the same texts; of `diffwb search --words` from a cold shell what its two libraries take to be
imported, in runs that take turns.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import psutil

from index.catalog.database import Catalog
from index.catalog.naming import model_ids
from index.catalog.rows import Entry
from index.files.scanner import Found
from index.indexing.reading import read
from index.indexing.update import update
from index.search import SearchEngine

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).resolve().parent.parent / "examples" / "scripts"
QUERIES = (
    "unet denoise", "LinearAttention", "Please find models created in April 2025 and using CNN.", "adds two numbers",
    "trained on Fashion MNIST without attention", "lr below 1e-3 batch size 64", "agent for the game 2048", "faces",
)  # fmt: skip

PAGE = 50  # results, as the workbench asks for
COLD = 7  # commands, each beside the libraries alone

# libraries that are already imported would make a second load look free
_LOAD = "import pathlib, sys; from index.ranking.minilm import MiniLM; MiniLM(pathlib.Path(sys.argv[1]))"


def main() -> None:
    if sys.argv[1:2] == ["--scripts"]:
        scaled(int(sys.argv[2]))
        return
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    with tempfile.TemporaryDirectory() as place:
        root, folder = Path(place) / "scripts", Path(place) / "index"
        count = _multiply(root, copies)
        read_s = _timed(lambda: update(folder, [root], embed=False))
        again_s = _timed(lambda: update(folder, embed=False))
        with Catalog(folder, readonly=True) as catalog:
            models = catalog.counts()[1]
            passages = len({key for key, _, _ in catalog.passage_places()})
        embed_s = _timed(lambda: update(folder))
        engine = SearchEngine(folder)
        load_s = _timed(lambda: subprocess.run([sys.executable, "-c", _LOAD, str(folder)], check=True, cwd=ROOT))
        words = _latencies(lambda query: engine.search(query, meaning=False))
        hybrid = _latencies(engine.search)
        plain = _latencies(lambda query: _grep(root, query))
        rows = [
            ("scripts / models / passages", f"{count} / {models} / {passages}"),
            ("index files (read, facts, words)", f"{count / read_s:.0f} files/s"),
            ("index again, nothing changed", f"{again_s * 1000:.0f} ms"),
            ("embed", f"{passages / embed_s:.0f} passages/s, the model's loading included"),
            ("load model, in a fresh process", f"{load_s:.1f} s"),
            ("search words    p50 / p95", _line(words)),
            ("search hybrid   p50 / p95", _line(hybrid)),
            (f"{_scan_name()}   p50 / p95", _line(plain)),
        ]
        for label, value in rows:
            print(f"{label:36} {value}")


def scaled(count: int) -> None:
    """Searches among `count` scripts, warm: words, hybrid, and FTS5 beside them."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "index"
        folder.mkdir()
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:  # what indexing takes is not a search's
            written = apart.submit(_made, folder, count).result()
        engine = SearchEngine(folder)
        opened = _timed(engine.warm)
        asked = [_timed(lambda query=query: engine.search(query, PAGE, meaning=False)) for query in QUERIES]
        engine.load_model()
        joined = _timed(engine.warm)
        rows = [
            ("scripts", f"{count}"),
            ("index words", f"{written:.0f} s"),
            ("made ready, words / meaning", f"{opened:.1f} / {joined:.1f} s"),
            ("a query first asked, words, most", f"{max(asked) * 1000:.0f} ms"),
            ("search words    p50 / p95", _line(_latencies(lambda query: engine.search(query, PAGE, meaning=False)))),
            ("search hybrid   p50 / p95", _line(_latencies(lambda query: engine.search(query, PAGE)))),
            ("memory, of its own / with mapped files", _memory()),
        ]
        command, libraries = _cold(Path(place))
        rows.append(("from a cold shell, processor time", f"{command:.2f} s; {libraries:.2f} s its libraries alone"))
        table = _fts(folder)
        rows.append(("SQLite FTS5     p50 / p95", _line(_latencies(lambda query: _ask_fts(table, query)))))
        for label, value in rows:
            print(f"{label:36} {value}", flush=True)


def _cold(home: Path) -> tuple[float, float]:
    """The processor time of a search by words, and of importing what it searches with; medians."""
    search = [sys.executable, "-P", "-m", "tui.cli", "search", "--words", QUERIES[0]]
    alone = [sys.executable, "-P", "-c", "import numpy, whoosh.index"]
    spent: list[list[float]] = [[], []]
    for _ in range(COLD):
        for command, found in zip((search, alone), spent, strict=True):
            before = psutil.Process().cpu_times()
            subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=os.environ | {"DIFFWB_HOME": home})
            after = psutil.Process().cpu_times()
            found.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return statistics.median(spent[0]), statistics.median(spent[1])


def _made(folder: Path, count: int) -> float:
    """An index of so many scripts; the seconds that its words took."""
    _fill(folder, count)
    written = _timed(lambda: _index_words(folder))
    _vectors(folder)
    return written


def _fill(folder: Path, count: int) -> None:
    """A catalogue of variants: each with a few words of its own, as rare and as common as words are (Zipf)."""
    draw = random.Random(0)
    vocabulary = [f"word{number}" for number in range(20_000)]
    weights = [1 / (rank + 1) for rank in range(len(vocabulary))]
    entries = [entry for path in sorted(SCRIPTS.rglob("*.py")) if (entry := _read(path)) and entry.status == "ok"]
    with Catalog(folder) as catalog:
        for number in range(count):
            base = entries[number % len(entries)]
            own = " ".join(draw.choices(vocabulary, weights, k=40))
            path = f"/models/{number % 997:03}/{number:06}/{Path(base.path).name}"
            passages = tuple(replace(passage, text=f"{passage.text} {number}") for passage in base.passages)
            text = zlib.compress(zlib.decompress(base.text) + f"\n# {own}\n".encode())
            catalog.put(replace(base, path=path, hash=f"{number:064x}", text=text, passages=passages))
            catalog.date(path, 1.7e9 + number, "git")
        catalog.name(model_ids(path for _, path in catalog.select("1", [])))
        catalog.commit()


def _read(path: Path) -> Entry | None:
    status = path.stat()
    return read(str(path), Found(str(path), status.st_size, status.st_mtime_ns))


def _index_words(folder: Path) -> None:
    import index.ranking.keyword as words

    with Catalog(folder, readonly=True) as catalog:
        words.update(folder, catalog, lambda done, total: None)


def _memory() -> str:
    now = psutil.Process().memory_full_info()
    return f"{now.uss / 2**20:.0f} / {now.rss / 2**20:.0f} MiB"


def _vectors(folder: Path) -> None:
    """Vectors of the right number and length that stand for nothing: what is measured is time."""
    import numpy as np

    from index.model import WIDTH
    from index.ranking.vectors import VectorStore

    with Catalog(folder, readonly=True) as catalog:
        keys = sorted({key for key, _, _ in catalog.passage_places()})
    drawn = np.random.default_rng(0).standard_normal((len(keys), WIDTH), dtype=np.float32)
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    VectorStore(folder).append(keys, drawn)


def _fts(folder: Path) -> sqlite3.Connection:
    table = sqlite3.connect(folder / "fts.sqlite")
    table.execute("CREATE VIRTUAL TABLE texts USING fts5 (text)")
    with Catalog(folder, readonly=True) as catalog:
        table.executemany("INSERT INTO texts VALUES (?)", ((catalog.source(row),) for row in catalog.identities()))
    table.commit()
    return table


def _ask_fts(table: sqlite3.Connection, query: str) -> int:
    words = " OR ".join(f'"{word}"' for word in re.findall(r"\w{3,}", query.lower()))
    found = table.execute("SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY bm25(texts) LIMIT 20", (words,))
    return len(found.fetchall())


def _multiply(root: Path, copies: int) -> int:
    """Copies of the examples that differ in a comment, so that none is the same file."""
    count = 0
    for number in range(copies):
        for script in sorted(SCRIPTS.rglob("*.py")):
            target = root / f"{number:04}" / script.relative_to(SCRIPTS)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(script.read_text() + f"\n# variant number {number} of this script\n")
            count += 1
    return count


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _latencies(search: Callable[[str], object], rounds: int = 5) -> list[float]:
    for query in QUERIES:
        search(query)
    return sorted(_timed(lambda query=query: search(query)) * 1000 for _ in range(rounds) for query in QUERIES)


def _line(times: list[float]) -> str:
    return f"{statistics.median(times):.1f} / {times[int(len(times) * 0.95)]:.1f} ms"


def _scan_name() -> str:
    return "ripgrep        " if shutil.which("rg") else "scan in Python "


def _grep(root: Path, query: str) -> int:
    words = re.findall(r"\w{3,}", query.lower())
    if shutil.which("rg"):
        command = ["rg", "--ignore-case", "--count", "|".join(map(re.escape, words)), str(root)]
        return len(subprocess.run(command, capture_output=True, check=False).stdout)
    return sum(any(word in path.read_text().lower() for word in words) for path in root.rglob("*.py"))


if __name__ == "__main__":
    main()
