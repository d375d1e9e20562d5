"""What the command line imports to list or search by words must not bring the heavy libraries with it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = (
    *("torch", "transformers", "sentence_transformers", "whoosh", "numpy", "textual"),
    "index.facts.extraction",  # readers import it, in processes of their own
)


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


def test_an_index_that_is_up_to_date_is_looked_at_without_libraries(full_index: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from index.indexing.update import update\n"
        "found = update(Path(sys.argv[1]))\n"
        f"print(found.parsed, found.embedded, [name for name in {HEAVY!r} if name in sys.modules])"
    )
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", code, str(full_index)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "0 0 []"


def test_a_search_by_words_imports_nothing_of_the_web(words_index: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from index.search import SearchEngine\n"
        "print(len(SearchEngine(Path(sys.argv[1])).search('unet', meaning=False).results) > 0)\n"
        "print([name for name in ('urllib.request', 'http.client', 'ssl', 'email') if name in sys.modules])\n"
        "import urllib.request; print(callable(urllib.request.urlopen))"
    )
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", code, str(words_index)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.split() == ["True", "[]", "True"]
