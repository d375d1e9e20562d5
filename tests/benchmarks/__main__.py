"""`make bench`: every benchmark, each beside a named alternative measured in the same run."""

from __future__ import annotations

import compileall
import pkgutil
import subprocess
import sys
from pathlib import Path

from tests import benchmarks


def main() -> None:
    """Run the benchmarks named on the command line (`startup training`), or all."""
    names = sorted(m.name for m in pkgutil.iter_modules(benchmarks.__path__) if m.name.startswith("bench_"))
    wanted = [f"bench_{name}" for name in sys.argv[1:]] or names
    if unknown := sorted(set(wanted) - set(names)):
        sys.exit(f"there is no {unknown[0]}; there are {', '.join(n.removeprefix('bench_') for n in names)}")
    for package in ("engine", "index", "tui"):  # as installed: what was edited since is not compiled at every start
        compileall.compile_dir(Path(__file__).resolve().parents[2] / package, quiet=2)
    for name in wanted:
        print(f"\n== {name.removeprefix('bench_')}", flush=True)
        # A process each: threads, caches and loaded libraries of one must not speed or slow another.
        subprocess.run([sys.executable, "-P", "-m", f"tests.benchmarks.{name}"], check=True)


if __name__ == "__main__":
    main()
