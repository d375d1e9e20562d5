"""How fast the index is: files read, words search, hybrid search, beside a plain scan of the same files.

`python tests/benchmarks/bench_search.py [COPIES]` indexes COPIES variants of the example scripts in a temporary
folder and prints one table. The alternative is what people use today: read every file, look for every word.
"""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from index.catalog import Catalog
from index.indexing import update
from index.search import SearchEngine

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).resolve().parent.parent / "examples" / "scripts"
QUERIES = (
    "unet denoise", "LinearAttention", "Please find models created in April 2025 and using CNN.", "adds two numbers",
    "trained on Fashion MNIST without attention", "lr below 1e-3 batch size 64", "agent for the game 2048", "faces",
)  # fmt: skip

# libraries that are already imported would make a second load look free
_LOAD = "import pathlib, sys; from index.vectors import Embedder; Embedder(pathlib.Path(sys.argv[1]))"


def main() -> None:
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    with tempfile.TemporaryDirectory() as place:
        root, folder = Path(place) / "scripts", Path(place) / "index"
        count = _multiply(root, copies)
        read_s = _timed(lambda: update(folder, [root], embed=False))
        again_s = _timed(lambda: update(folder, embed=False))
        with Catalog(folder, readonly=True) as catalog:
            models = catalog.counts()[1]
            passages = len({key for _, key in catalog.passage_hashes()})
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
