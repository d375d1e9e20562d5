"""Writing the word index: in however many processes and segments, it says the same, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from whoosh import index as whoosh_index

from index.catalog.database import Catalog
from index.indexing.update import update
from index.known.words import WORD, places
from index.ranking import keyword, segment, writers
from index.ranking.documents import SCHEMA, texts
from index.search import SearchEngine

ROOT = Path(__file__).resolve().parents[2]
FIELDS = ("body", "facts", "folders", "name", "project", "symbols", "title")
Said = dict[tuple[str, str], dict[int, list[int]]]  # field and term → script → positions


@pytest.fixture
def folder(words_index: Path, tmp_path: Path) -> Path:
    """An index without its words."""
    made = Path(shutil.copytree(words_index, tmp_path / "index"))
    shutil.rmtree(made / "words")
    return made


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with many scripts and two processors."""
    monkeypatch.setattr(writers, "_FEW", 4)
    monkeypatch.setattr(writers, "at_once", lambda: 2)


def words(folder: Path, tell: Callable[[int, int], None] = lambda done, total: None) -> int:
    with Catalog(folder, readonly=True) as catalog:
        return keyword.update(folder, catalog, tell)


def said(folder: Path) -> Said:
    """All that a word index has."""
    found: Said = defaultdict(dict)
    scripts = keyword.WordIndex(folder).scripts
    reader = whoosh_index.open_dir(str(folder / "words"), schema=SCHEMA).reader()
    for field in FIELDS:
        for term in reader.lexicon(field):
            matcher = reader.postings(field, term)
            while matcher.is_active():
                positions = matcher.value_as("positions")
                assert matcher.weight() == len(positions)
                found[field, term.decode()][int(scripts[matcher.id()])] = positions
                matcher.next()
    return found


def wanted(folder: Path) -> Said:
    """The same, of the catalogue."""
    found: Said = defaultdict(dict)
    with Catalog(folder, readonly=True) as catalog:
        for row in catalog.rows():
            for field, text in texts(catalog, row).items():
                for term, positions in places(text).items():
                    found[field, term][row.id] = positions
    return found


def running() -> list[psutil.Process]:
    """The processes that write, of those that this one has started."""
    found = []
    for child in psutil.Process().children():
        with suppress(psutil.Error):  # it has just ended
            found += [child] if "index.ranking.writers" in child.cmdline() else []
    return found


def left(folder: Path) -> list[Path]:
    return [*(folder / "words").glob("part-*")]


def test_phrases_are_found_as_by_reading(folder: Path, apart: None) -> None:
    words(folder)
    index = keyword.WordIndex(folder)
    with Catalog(folder, readonly=True) as catalog:
        for row in catalog.rows()[::5]:
            text = WORD.findall(catalog.source(row.id))
            asked = [text[at : at + 2 + at % 2] for at in range(0, len(text) - 3, 83)]
            for phrase in map(" ".join, (*asked, text[:40:20], asked[0][::-1], ["self", "nowhere"])):
                assert index.having(phrase) == keyword.read_through(catalog, phrase), phrase


def test_every_term_is_where_the_text_has_it(folder: Path) -> None:
    assert words(folder) == 14
    assert said(folder) == wanted(folder)


def test_processes_write_what_one_would(folder: Path, apart: None) -> None:
    told: list[tuple[int, int]] = []
    assert words(folder, lambda done, total: told.append((done, total))) == 14
    assert said(folder) == wanted(folder)
    assert len(list((folder / "words").glob("*.seg"))) == 2 and not left(folder)
    assert told == sorted(told) and told[-1] == (14, 14)


def test_what_would_take_too_much_memory_is_written_in_parts(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "_MEMORY", 500_000)
    words(folder)
    assert said(folder) == wanted(folder)
    assert len(list((folder / "words").glob("*.seg"))) > 2


def test_small_segments_are_merged_and_say_the_same(examples: Path, tmp_path: Path) -> None:
    scripts = Path(shutil.copytree(examples, tmp_path / "scripts", ignore=shutil.ignore_patterns(".git")))
    folder = tmp_path / "index"
    update(folder, [scripts], embed=False)
    for number in range(8):
        text = (scripts / "faces" / "dcgan.py").read_text()
        (scripts / "faces" / "dcgan.py").write_text(f"{text}# wombat{number}\n")
        (scripts / "faces" / f"copy{number}.py").write_text(f"{text}# quokka{number}\n")
        update(folder, embed=False)
    assert said(folder) == wanted(folder)
    assert len(list((folder / "words").glob("*.seg"))) < 8


@pytest.mark.parametrize("killed", ["one writer", "every writer"])
def test_a_writer_that_is_killed_loses_nothing(folder: Path, apart: None, killed: str) -> None:
    ended: set[int] = set()

    def kill(done: int, _total: int) -> None:
        for child in running():
            if not ended or killed == "every writer":
                child.kill()
                ended.add(child.pid)

    assert words(folder, kill) == 14
    assert len(ended) >= (1 if killed == "one writer" else 2) and said(folder) == wanted(folder) and not left(folder)


def test_an_interruption_ends_the_writers_and_the_rest_is_written_next_time(folder: Path, apart: None) -> None:
    def interrupt(done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        words(folder, interrupt)
    assert not running() and not left(folder)
    words(folder)
    assert said(folder) == wanted(folder)


_KILLED = """
import sys
import time
from pathlib import Path
from index.catalog.database import Catalog
from index.ranking import keyword, segment, writers
writers._FEW, writers._SEGMENT, writers.at_once = 2, 3, lambda: 2
with Catalog(Path(sys.argv[1]), readonly=True) as catalog:
    keyword.update(Path(sys.argv[1]), catalog, lambda done, total: print(done, flush=True))
"""


@pytest.mark.parametrize("moment", [1, 4, 9])
def test_kill_9_while_processes_write_leaves_an_index_that_opens(folder: Path, moment: int) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(folder)],
        stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True,
    )  # fmt: skip
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) >= moment:
            child.send_signal(signal.SIGKILL)
            break
    child.wait()
    child.stdout.close()
    assert not SearchEngine(folder).search("dcgan faces", meaning=False).notices
    _wait_for_group(
        child.pid
    )  # its writers end by themselves, and may still be at a part: the next index takes it away
    words(folder)
    assert said(folder) == wanted(folder) and not left(folder)


def _wait_for_group(leader: int) -> None:
    """Until no process of the group is left, ten seconds at most."""
    deadline = time.monotonic() + 10
    with suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            os.killpg(leader, 0)
            time.sleep(0.05)


def test_what_is_written_is_found_while_the_rest_is_being_written(
    folder: Path, apart: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "_SEGMENT", 3)
    found: list[int] = []

    def look(done: int, _total: int) -> None:
        if any((folder / "words").glob("*.seg")):
            found.append(len(keyword.WordIndex(folder).scripts))

    words(folder, look)
    assert found == sorted(found) and found[0] < found[-1] == 14


def test_a_change_merges_small_segments_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "_MEMORY", 10_000)
    monkeypatch.setattr(segment, "_FEW", 1)  # all of these are large
    words(folder)
    segments = sorted((folder / "words").glob("*.seg"))
    assert len(segments) > 6
    with Catalog(folder) as catalog:
        catalog.remove(catalog.rows()[0].id)
        catalog.commit()
    words(folder)
    assert {*segments} >= {*(folder / "words").glob("*.seg")}
    monkeypatch.setattr(segment, "_FEW", 256)
    with Catalog(folder) as catalog:
        catalog.remove(catalog.rows()[0].id)
        catalog.commit()
    words(folder)
    assert len(list((folder / "words").glob("*.seg"))) < len(segments)
    assert said(folder) == wanted(folder)
