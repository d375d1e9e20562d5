"""What the command line imports to list or search by words must not bring the heavy libraries with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = ("torch", "transformers", "sentence_transformers", "whoosh", "numpy", "textual")


def test_importing_the_index_loads_nothing_heavy() -> None:
    code = (
        "import sys, index.catalog.database, index.indexing.update, index.search, index.understanding.query\n"
        "import index.serving.server\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "[]"


def test_asking_an_open_workbench_imports_no_reading_of_facts() -> None:
    loaded = "import sys, index.catalog.database, index.serving.door, tui.commands.searching"
    code = f"{loaded}; print('index.facts' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "False"
