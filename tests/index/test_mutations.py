"""No mutation of a script breaks the reader. `DIFFWB_MUTATIONS=10000` for as many (`make soak`)."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from index.catalog.rows import part_to
from index.files.scanner import Found
from index.indexing.reading import read
from tests.index.mutations import mutated

SCRIPTS = Path(__file__).resolve().parent.parent / "examples" / "scripts"
FIXTURES = Path(__file__).resolve().parent
MUTATIONS = int(os.environ.get("DIFFWB_MUTATIONS", "240"))
_PARTS = 4


@pytest.mark.parametrize("part", range(_PARTS))
def test_no_mutation_breaks_the_reader(part: int, tmp_path: Path) -> None:
    # the tests of facts hold scripts of every kind in their strings
    texts = [path.read_text() for path in [*sorted(SCRIPTS.rglob("*.py")), *sorted(FIXTURES.glob("test_fact*.py"))]]
    script = tmp_path / "script.py"
    statuses = set()
    for number in range(part, MUTATIONS, _PARTS):
        text = mutated(texts, random.Random(number))
        script.write_bytes(text.encode("utf-8", "surrogatepass" if number % 2 else "replace"))
        entry = read(str(script), Found(str(script), script.stat().st_size, 1))
        assert entry is not None, number
        statuses.add(entry.status)
        assert "\n" not in entry.reason
        assert all(part_to(outline) for outline in entry.facts.outline)
        # all of it can be kept and shown
        said = [entry.facts.description, entry.facts.summary, *(passage.text for passage in entry.passages)]
        "".join(text.encode().decode() for text in said)
    assert "broken" in statuses and statuses & {"ok", "not-a-model"}  # both ways through the reader were gone
