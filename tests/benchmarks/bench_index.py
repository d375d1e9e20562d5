"""How fast scripts are read, and how large an index may grow: files a second and core, a scan with nothing changed,
the memory of the process that keeps the catalogue.

`python -m tests.benchmarks.bench_index [SCRIPTS [FOLDER]]` makes so many variants of the example scripts (4,000;
100,000 take the better part of an hour; in FOLDER,
where it is given, and keeps them and the index there: what was interrupted goes on). Beside it: git listing the same
folder by the same rules, and CPython parsing the same files and doing nothing else.
"""

from __future__ import annotations

import ast
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from index.files.scanner import scan

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).resolve().parent.parent / "examples" / "scripts"
_PARSED = 2000  # files that CPython parses for comparison
_FOLDER = 200  # scripts in a folder
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.])")
_NAME = re.compile(r"\b(?:[a-z]+_[a-z_]+|[A-Z][a-z]+[A-Z]\w+)\b")
_WORDS = ("latent", "coarse", "wide", "slow", "early", "second", "final", "tiny", "masked", "noisy", "paired", "frozen")

# Each part in a process of its own, so that its peak of memory is its own.
_UPDATE = """
import json, resource, sys, time
from pathlib import Path
from index.indexing.update import update

phases, used, started = {}, {}, time.perf_counter()
def tell(progress):
    if progress.phase not in phases:
        phases[progress.phase], used[progress.phase] = time.perf_counter(), children()

def children():
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime

if __name__ == "__main__":
    report = update(Path(sys.argv[1]), [Path(sys.argv[2])], embed=False, progress=tell)
    ends = [*list(phases.values())[1:], time.perf_counter()]
    spent = {name: end - start for (name, start), end in zip(phases.items(), ends)}
    readers = used.get("words", 0)
    print(json.dumps({
        "parsed": report.parsed, "models": report.models, "found": report.found, "seconds": spent,
        "wall": time.perf_counter() - started, "readers": readers, "writers": children() - readers,
        "own": time.process_time(), "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }))
"""


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    if len(sys.argv) > 2:
        measure(Path(sys.argv[2]), count)
        return
    with tempfile.TemporaryDirectory() as place:
        measure(Path(place), count)


def measure(place: Path, count: int) -> None:
    root, folder = place / "scripts", place / "index"
    if not root.exists():
        make_tree(root, count)
        subprocess.run(["git", "init", "--quiet", root], check=True)
    files = [Path(found.path) for found in scan(root)]
    size = sum(path.stat().st_size for path in files)
    print(f"{'scripts':44} {len(files)}, {size / len(files) / 1000:.1f} kB each", flush=True)
    ours = _timed(lambda: sum(1 for _ in scan(root)))
    listing = ["git", "-C", str(root), "ls-files", "--others", "--exclude-standard", "*.py", "*.ipynb"]
    theirs = _timed(lambda: subprocess.run(listing, check=True, capture_output=True))
    print(f"{'list the scripts / git ls-files':44} {ours:.2f} / {theirs:.2f} s", flush=True)
    parsed = _per_second(files[:: max(1, len(files) // _PARSED)], _parse)
    first = _update(folder, root)
    if first["parsed"]:
        each = first["parsed"] / first["readers"]
        print(f"{'read, files a second and core / only parsed':44} {each:.0f} / {parsed:.0f}")
        spent = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in first["seconds"].items())
        print(f"{'indexed':44} {first['parsed']} in {first['wall']:.1f} s: {spent}")
        spent = " / ".join(f"{1000 * first[part] / first['parsed']:.1f}" for part in ("readers", "writers", "own"))
        print(f"{'processor time a file, readers / words / own':44} {spent} ms")
        print(f"{'peak memory of the parent':44} {first['peak'] / 2**20:.0f} MiB", flush=True)
    again = min((_update(folder, root) for _ in range(3)), key=lambda run: float(run["wall"]))
    print(f"{'again, nothing changed':44} {again['wall']:.2f} s, {again['peak'] / 2**20:.0f} MiB", flush=True)
    with files[0].open("a") as script:
        script.write("# changed\n")
    changed = _update(folder, root)
    print(f"{'again, one script changed':44} {changed['wall']:.2f} s", flush=True)


def make_tree(root: Path, count: int) -> None:
    """Variants of the examples: other numbers, other names, other words, in folders of their own."""
    draw = random.Random(0)
    bases = [(path, path.read_text()) for path in sorted(SCRIPTS.rglob("*.py"))]
    for number in range(count):
        path, text = bases[number % len(bases)]
        folder = root / f"{draw.choice(_WORDS)}_{number // _FOLDER:04}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{path.stem}_{number:06}.py").write_text(_variant(text, draw, number))


def _variant(text: str, draw: random.Random, number: int) -> str:
    word, factor = draw.choice(_WORDS), draw.choice((1, 2, 3, 5))
    renamed = {name: f"{name}_{word}" if name.islower() else f"{word.title()}{name}" for name in _own(text)}
    text = _NAME.sub(lambda match: renamed.get(match[0], match[0]), text)
    text = _NUMBER.sub(lambda match: str(int(match[0]) * factor) if match[0].isdigit() else match[0], text)
    return f"{text}\n# {' '.join(draw.sample(_WORDS, 4))}, variant {number}\n"


def _own(text: str) -> set[str]:
    """The functions and classes that a script defines itself."""
    return set(re.findall(r"^\s*(?:def|class) ([A-Za-z_]\w*)", text, re.MULTILINE)) - {"forward", "__init__", "call"}


def _parse(path: Path) -> None:
    try:
        ast.parse(path.read_bytes())
    except SyntaxError:  # one of the examples is broken on purpose
        return


def _update(folder: Path, root: Path) -> dict[str, float]:
    command = [sys.executable, "-P", "-c", _UPDATE, str(folder), str(root)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _per_second(files: list[Path], work: Callable[[Path], None]) -> float:
    started = time.process_time()
    for path in files:
        work(path)
    return len(files) / (time.process_time() - started)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
