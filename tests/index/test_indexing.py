"""Keeping an index: only what changed is done again, nothing is lost, and whatever breaks is built anew."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from index import model
from index.catalog.database import Catalog, ScriptAmbiguous, ScriptNotFound
from index.catalog.naming import model_ids
from index.files import created
from index.indexing.update import IndexingError, Progress, update
from index.lock import writing
from index.ranking import embedding, vectors
from index.search import SearchEngine

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def scripts(examples: Path, tmp_path: Path) -> Path:
    """The examples without their history."""
    return Path(shutil.copytree(examples, tmp_path / "scripts", ignore=shutil.ignore_patterns(".git")))


@pytest.fixture
def cheap_model(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """In place of the model: every text gets a vector of its own; the texts it was given are returned."""
    import numpy as np

    seen: list[str] = []

    class Embedder:
        def __init__(self, folder: Path) -> None:
            pass

        def __enter__(self) -> Embedder:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def embed(self, texts: list[str]) -> model.Matrix:
            seen.extend(texts)
            rows = np.array([np.random.default_rng(len(text)).normal(size=model.WIDTH) for text in texts])
            unit: model.Matrix = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
            return unit

    monkeypatch.setattr(embedding, "EmbeddingProcess", Embedder)
    monkeypatch.setattr(embedding, "Senses", lambda *_: None)
    return seen


def test_a_second_update_does_only_what_changed(scripts: Path, tmp_path: Path, cheap_model: list[str]) -> None:
    folder = tmp_path / "index"
    first = update(folder, [scripts])
    assert (first.found, first.parsed, first.models, first.unreadable) == (16, 16, 14, 1)
    assert first.embedded == len(cheap_model) > 20
    again = update(folder)
    assert (again.parsed, again.unchanged, again.removed, again.embedded) == (0, 16, 0, 0)
    changed = scripts / "faces" / "dcgan.py"
    changed.write_text(changed.read_text().replace("default=25", "default=26"))
    (scripts / "games" / "dqn_2048.py").unlink()
    third = update(folder)
    assert (third.parsed, third.unchanged, third.removed, third.models) == (1, 14, 1, 13)
    with Catalog(folder, readonly=True) as catalog:
        assert catalog.find("dcgan").facts.epochs == 26


def test_a_touched_file_is_not_parsed_again(scripts: Path, tmp_path: Path) -> None:
    update(tmp_path / "index", [scripts], embed=False)
    os.utime(scripts / "faces" / "dcgan.py", (1, 1))
    assert update(tmp_path / "index", embed=False).parsed == 0


def test_a_moved_file_keeps_its_embeddings(scripts: Path, tmp_path: Path, cheap_model: list[str]) -> None:
    folder = tmp_path / "index"
    update(folder, [scripts])
    before = len(cheap_model)
    (scripts / "faces" / "old").mkdir()
    (scripts / "faces" / "dcgan.py").rename(scripts / "faces" / "old" / "dcgan.py")
    report = update(folder)
    assert (report.parsed, report.removed) == (1, 1)
    # the names it is searched by include its folder; all that the text says is kept
    assert len(cheap_model) - before == report.embedded <= 1
    with Catalog(folder, readonly=True) as catalog:
        moved = catalog.find("dcgan").id
        kept = {key for key, script, _ in catalog.passage_places() if script == moved}
    assert len(kept) > 1 and kept <= set(vectors.VectorStore(folder).keys)


def test_vectors_grow_and_those_of_no_passage_go(tmp_path: Path) -> None:
    import numpy as np

    names = [f"{number:032}" for number in range(10)]
    rows = np.arange(10 * model.WIDTH, dtype=np.float32).reshape(10, -1)
    reader = vectors.VectorStore(tmp_path)
    vectors.VectorStore(tmp_path).append(names[:4], rows[:4])
    assert not reader.current
    reader = vectors.VectorStore(tmp_path)
    with next((tmp_path / "vectors").glob("rows-*")).open("ab") as file:
        file.write(b"torn")  # by a kill, after a row and before its key
    vectors.VectorStore(tmp_path).append(names[4:], rows[4:])
    found = vectors.VectorStore(tmp_path)
    assert (found.keys, found.matrix.tolist()) == (names, rows.tolist())
    found.keep(names[1::2])
    assert (reader.keys, reader.matrix.tolist()) == (names[:4], rows[:4].tolist()), "it reads what it opened"
    assert not reader.current
    found = vectors.VectorStore(tmp_path)
    assert (found.keys, found.matrix.tolist(), found.current) == (names[1::2], rows[1::2].tolist(), True)
    assert found.find(np.array([names[3], names[2]], dtype="S32")).tolist() == [1, -1]
    assert len(list((tmp_path / "vectors").iterdir())) == 2


def test_a_model_that_ends_in_the_middle_keeps_what_it_did(
    scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real process, killed after its first vectors, as when memory runs out."""
    folder = tmp_path / "index"
    monkeypatch.setattr(embedding, "_CHUNK", 8)

    def kill(progress: Progress) -> None:
        if progress.phase == "meaning" and progress.done:
            for child in psutil.Process().children():
                if "index.ranking.embedding" in child.cmdline():
                    child.kill()

    report = update(folder, [scripts], progress=kill)
    assert report.models == 14
    assert report.notice is not None and "the process of the embedding model has ended" in report.notice
    assert len(vectors.VectorStore(folder).keys) == 8
    assert SearchEngine(folder).search("faces", meaning=False).results


def test_while_vectors_are_made_search_works_by_words_and_says_so(
    scripts: Path, tmp_path: Path, cheap_model: list[str]
) -> None:
    folder = tmp_path / "index"
    update(folder, [scripts])
    shutil.copy(scripts / "faces" / "dcgan.py", scripts / "faces" / "quokka.py")
    (scripts / "faces" / "wombat.py").write_text((scripts / "faces" / "dcgan.py").read_text().replace("a", "aa"))
    (scripts / "games" / "wombat.py").write_text("import torch\nnet = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3))\n")
    update(folder, embed=False)
    vectors.VectorStore(folder).keep(())
    found = SearchEngine(folder).search("quokka")
    assert found.results[0].row.model_id == "faces_quokka"
    assert any(re.match(r"\d+ of \d+ scripts are found by words alone until", notice) for notice in found.notices)
    with writing(folder):
        (notice,) = SearchEngine(folder).search("quokka").notices
    assert notice.endswith("are found by words alone as yet: their vectors are being made")
    update(folder)
    assert not SearchEngine(folder).search("quokka").notices


def test_a_search_during_an_indexing_is_not_behind_afterwards(
    scripts: Path, tmp_path: Path, cheap_model: list[str]
) -> None:
    folder = tmp_path / "index"
    update(folder, [scripts])
    engine = SearchEngine(folder)
    engine.search("faces")
    shutil.copy(scripts / "faces" / "dcgan.py", scripts / "faces" / "quokka.py")
    text = (scripts / "faces" / "dcgan.py").read_text().replace("faces", "wombats")
    (scripts / "faces" / "wombat.py").write_text(text)
    seen: list[str] = []

    def during(progress: Progress) -> None:
        engine.search("quokka")
        seen.append(progress.phase)

    update(folder, progress=during)
    assert {"words", "meaning"} <= set(seen)
    result = engine.search("quokka").results[0]
    assert (result.row.model_id, result.keyword_rank) == ("faces_quokka", 1)
    assert all(found.distance is not None for found in engine.search("path:wombat").results)


def test_a_broken_script_is_listed_and_stops_nothing(words_index: Path) -> None:
    with Catalog(words_index, readonly=True) as catalog:
        ((path, reason),) = catalog.broken()
        assert path.endswith("scratch/broken.py") and reason.startswith("line 10")
        names = [row.model_id for row in catalog.rows()]
    assert len(names) == 14 == len(set(names)) and names == sorted(names)


def test_created_is_the_first_commit_of_the_path(words_index: Path) -> None:
    with Catalog(words_index, readonly=True) as catalog:
        row = catalog.find("Generative-Fashion-MNIST_unet_ddpm")
    assert (f"{row.created:%Y-%m-%d %H:%M}", row.created_source) == ("2025-04-09 15:55", "git")


def test_without_git_created_says_so(scripts: Path, tmp_path: Path) -> None:
    update(tmp_path / "index", [scripts], embed=False)
    with Catalog(tmp_path / "index", readonly=True) as catalog:
        assert {row.created_source for row in catalog.rows()} <= {"birth", "modified"}


def test_a_file_that_is_committed_later_gets_its_date(scripts: Path, tmp_path: Path) -> None:
    update(tmp_path / "index", [scripts], embed=False)
    _commit(scripts, "2024-05-06T07:08:09Z")
    assert update(tmp_path / "index", embed=False).parsed == 0
    assert _created(tmp_path / "index") == ("2024-05-06", "git")


def _commit(folder: Path, date: str) -> None:
    names = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for words in (["init"], ["add", "."], ["commit", "-m", "all"]):
        subprocess.run(
            ["git", "-C", str(folder), *words], check=True, capture_output=True,
            env={**os.environ, **names, "GIT_AUTHOR_DATE": date},
        )  # fmt: skip


def _created(folder: Path, script: str = "dcgan") -> tuple[str, str]:
    with Catalog(folder, readonly=True) as catalog:
        row = catalog.find(script)
    return f"{row.created:%Y-%m-%d}", row.created_source


def test_a_commit_from_the_far_future_dates_nothing(scripts: Path, tmp_path: Path) -> None:
    _commit(scripts, "@99999999999999 +0000")
    update(tmp_path / "index", [scripts], embed=False)
    assert _created(tmp_path / "index")[1] in {"birth", "modified"}


def test_an_absurd_time_of_change_breaks_no_row(scripts: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    update(folder, [scripts], embed=False)
    with Catalog(folder) as catalog:
        path = catalog.find("dcgan").path
        catalog.touch(path, 1, 2**63 - 1)
        catalog.date(path, 1e300, "birth")
        catalog.commit()
    with Catalog(folder, readonly=True) as catalog:
        document = catalog.find("dcgan").to_json()
    assert document["created"].startswith("9999-12-31T") and document["modified"].startswith("2262-")
    os.utime(scripts / "faces" / "dcgan.py", (0, 10**12))  # as far as the file system follows
    assert update(folder, embed=False).models == 14


def test_the_repository_of_another_user_is_read(scripts: Path, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may give a folder away")
    _commit(scripts, "2024-05-06T07:08:09Z")
    for path in (scripts, scripts / ".git"):
        os.chown(path, 12345, 12345)
    update(tmp_path / "index", [scripts], embed=False)
    assert _created(tmp_path / "index") == ("2024-05-06", "git")


def test_a_history_that_could_not_be_read_is_read_next_time(
    scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _commit(scripts, "2024-05-06T07:08:09Z")
    git = created._git
    with monkeypatch.context() as slow:
        slow.setattr(created, "_git", lambda top, *words, **how: None if words[0] == "log" else git(top, *words, **how))
        update(tmp_path / "index", [scripts], embed=False)
    assert _created(tmp_path / "index")[1] != "git"
    update(tmp_path / "index", embed=False)
    assert _created(tmp_path / "index") == ("2024-05-06", "git")


def test_what_cannot_be_served_is_said_in_one_line(tmp_path: Path) -> None:
    for paths, says in (([tmp_path / "nowhere"], "no such file or folder"), ([], "name a folder")):
        with pytest.raises(IndexingError, match=says):
            update(tmp_path / "index", paths)
    (tmp_path / "file").touch()
    with pytest.raises(IndexingError, match="cannot be written"):
        update(tmp_path / "file" / "index", [tmp_path])


def test_a_second_writer_is_told(scripts: Path, tmp_path: Path) -> None:
    told: list[str] = []

    def during(progress: Progress) -> None:
        if not told:
            with pytest.raises(IndexingError) as caught:
                update(tmp_path / "index", [scripts], embed=False)
            told.append(str(caught.value))

    update(tmp_path / "index", [scripts], embed=False, progress=during)
    assert "another diffwb is indexing" in told[0] and f"process {os.getpid()}, since 20" in told[0]


def test_progress_is_told_in_phases(scripts: Path, tmp_path: Path, cheap_model: list[str]) -> None:
    seen: list[Progress] = []
    update(tmp_path / "index", [scripts], progress=seen.append)
    assert list(dict.fromkeys(item.phase for item in seen)) == ["scan", "read", "words", "model", "meaning"]
    for phase in ("read", "meaning"):
        assert next(item.done for item in seen if item.phase == phase) == 0  # a bar before the first is done
    assert all(item.total is None for item in seen if item.phase == "scan")  # nobody knows how many there will be
    assert all(item.total is None or item.done <= item.total for item in seen)


def test_a_root_that_is_gone_loses_nothing(scripts: Path, tmp_path: Path) -> None:
    update(tmp_path / "index", [scripts], embed=False)
    scripts.rename(tmp_path / "unmounted")
    report = update(tmp_path / "index", embed=False)
    assert (report.removed, report.models) == (0, 14)
    assert (str(scripts), "folder is not there") in report.broken


def test_an_interrupted_update_keeps_what_is_done(scripts: Path, tmp_path: Path) -> None:
    for number in range(100):
        shutil.copy(scripts / "faces" / "dcgan.py", scripts / f"copy_{number:03}.py")

    def interrupt(progress: Progress) -> None:
        if progress.phase == "read" and progress.done == 90:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update(tmp_path / "index", [scripts], embed=False, progress=interrupt)
    assert 0 < update(tmp_path / "index", embed=False).parsed < 100


def test_what_is_found_before_all_is_read_has_a_name(scripts: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"

    def interrupt(progress: Progress) -> None:
        if progress.phase == "read" and progress.done == progress.total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update(folder, [scripts], embed=False, progress=interrupt)
    found = SearchEngine(folder).search("", 200, meaning=False).results
    assert {one.row.path: one.row.model_id for one in found}[str(scripts / "faces" / "dcgan.py")] == "faces_dcgan"
    assert all(one.row.model_id for one in found)
    assert update(folder, embed=False).parsed == 0
    with Catalog(folder, readonly=True) as catalog:
        assert all(catalog.column("model_id").values()), "they are named where nothing is left to read"


_KILLED = """
import sys
from pathlib import Path
from index.indexing.update import update
def tell(progress):
    print(progress.phase, progress.done, flush=True)
update(Path(sys.argv[1]), [Path(sys.argv[2])], embed=False, progress=tell)
"""


@pytest.mark.parametrize("moment", ["scan", "read 5", "read 80", "words 3", "words 60"])
def test_kill_9_leaves_an_index_that_opens(scripts: Path, tmp_path: Path, moment: str) -> None:
    for number in range(90):
        (scripts / f"copy_{number:03}.py").write_text(f"# {number}\n" + (scripts / "faces" / "dcgan.py").read_text())
    folder = tmp_path / "index"
    child = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(folder), str(scripts)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert child.stdout is not None
    for line in child.stdout:
        if line.startswith(moment):
            child.send_signal(signal.SIGKILL)
            break
    child.wait()
    child.stdout.close()
    report = update(folder, [scripts], embed=False)
    assert report.models == 104
    assert len(SearchEngine(folder).search("dcgan faces", 200, meaning=False).results) >= 90


def test_killed_again_and_again_every_opening_works(scripts: Path, tmp_path: Path) -> None:
    draw, folder = random.Random(int(os.environ.get("DIFFWB_KILLS", "4"))), tmp_path / "index"
    text = (scripts / "faces" / "dcgan.py").read_text()
    for number in range(int(os.environ.get("DIFFWB_KILLS", "4"))):
        for copy in range(70):  # something to do each time
            (scripts / f"copy_{copy:03}.py").write_text(f"# {number}\n{text}")
        child = subprocess.Popen(
            [sys.executable, "-c", _KILLED, str(folder), str(scripts)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert child.stdout is not None
        for _ in range(draw.randint(1, 120)):
            child.stdout.readline()
        time.sleep(draw.random() / 50)
        child.kill()
        child.wait()
        child.stdout.close()
        response = SearchEngine(folder).search("dcgan faces", 200, meaning=False)
        assert not response.notices
    assert update(folder, [scripts], embed=False).models == 84
    assert len(SearchEngine(folder).search("dcgan faces", 200, meaning=False).results) >= 70


def _damage_words(folder: Path) -> None:
    for path in (folder / "words").iterdir():
        path.write_bytes(b"\xff" * 40)


def _age_words(folder: Path) -> None:
    (folder / "words" / "state").write_text("1:3")


def _remove_words(folder: Path) -> None:
    shutil.rmtree(folder / "words")


def _damage_vectors(folder: Path) -> None:
    for path in (folder / "vectors").iterdir():
        path.write_bytes(path.read_bytes()[:50])


def _damage_catalog(folder: Path) -> None:
    (folder / "catalog.sqlite").write_bytes(b"this is no database" * 100)


def _age_catalog(folder: Path) -> None:
    database = sqlite3.connect(folder / "catalog.sqlite")
    database.execute("UPDATE meta SET value = '0' WHERE key = 'schema'")
    database.commit()
    database.close()


@pytest.mark.parametrize(
    "damage", [_damage_words, _age_words, _remove_words, _damage_vectors, _damage_catalog, _age_catalog]
)
def test_whatever_is_damaged_is_built_anew(
    scripts: Path, tmp_path: Path, damage: Callable[[Path], None], cheap_model: list[str]
) -> None:
    folder = tmp_path / "index"
    update(folder, [scripts])
    damage(folder)
    SearchEngine(folder).search("faces", meaning=False)  # a reader meets the damage first, and says what it can
    report = update(folder, [scripts])
    assert report.models == 14
    found = SearchEngine(folder).search("faces", meaning=False).results
    assert found and found[0].row.model_id == "faces_dcgan"
    assert len(vectors.VectorStore(folder).keys) == len({key for key, _, _ in Catalog(folder).passage_places()})
    if damage in (_damage_catalog, _age_catalog):
        assert report.notice and len(list(folder.glob("catalog-set-aside-*.sqlite"))) == 1


def test_a_catalogue_of_another_version_hands_on_its_roots(scripts: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    update(folder, [scripts], embed=False)
    _age_catalog(folder)
    report = update(folder, embed=False)
    assert report.models == 14 and report.notice and "another version" in report.notice


def test_an_index_from_before_there_was_one_of_facts_gets_it(scripts: Path, tmp_path: Path) -> None:
    update(tmp_path, [scripts], embed=False)
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite")) as database:
        database.execute("DROP INDEX scripts_facts")
    update(tmp_path, embed=False)
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite")) as database:
        asked = "SELECT id, path FROM scripts WHERE status = 'ok' AND lower(dataset) = 'mnist' ORDER BY path"
        plan = [told for *_, told in database.execute(f"EXPLAIN QUERY PLAN {asked}")]
    assert plan == ["SEARCH scripts USING COVERING INDEX scripts_facts (status=?)"]  # no row of the table, no sorting


def test_a_damage_is_told_where_no_root_can_be_read(scripts: Path, tmp_path: Path) -> None:
    update(tmp_path, [scripts], embed=False)
    _damage_catalog(tmp_path)
    with pytest.raises(IndexingError, match=r"cannot be read .* kept as catalog-set-aside.*name a folder"):
        update(tmp_path, embed=False)


def test_a_locked_catalogue_is_not_set_aside(scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "index"
    update(folder, [scripts], embed=False)
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **named: connect(*given, **{**named, "timeout": 0.1}))
    holder = connect(folder / "catalog.sqlite", isolation_level=None)
    holder.execute("PRAGMA journal_mode = DELETE")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(IndexingError, match="locked"):
        update(folder, embed=False)
    engine = SearchEngine(folder)
    assert "locked" in engine.search("faces", meaning=False).notices[0]
    holder.close()
    assert not list(folder.glob("catalog-set-aside-*"))
    found = engine.search("faces", meaning=False)
    assert found.results and not found.notices


def test_a_filter_on_the_text_holds_without_a_word_index(scripts: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    update(folder, [scripts], embed=False)
    queries = ("-text:dcgan", "text:dcgan", "without batch norm", 'text:"batch norm"', "text:skips.pop")

    def found() -> list[list[str]]:
        engine = SearchEngine(folder)
        return [[result.row.path for result in engine.search(query, 50, meaning=False).results] for query in queries]

    told = found()
    assert [len(paths) for paths in told[:2]] == [13, 1]
    _remove_words(folder)
    with writing(folder):  # another process is at it
        assert found() == told


def test_a_script_is_found_by_any_unambiguous_part(words_index: Path, examples: Path) -> None:
    with Catalog(words_index, readonly=True) as catalog:
        for name in ("faces_dcgan", str(examples / "faces" / "dcgan.py"), "dcgan", "DCGAN"):
            assert catalog.find(name).model_id == "faces_dcgan"
        for name in ("nothing-like-it", "~nobody-at-all/dcgan.py"):
            with pytest.raises(ScriptNotFound, match="no indexed script"):
                catalog.find(name)
        with pytest.raises(ScriptAmbiguous, match="sequence_gru_characters"):
            catalog.find("sequence")


def test_model_ids_grow_until_they_are_alone() -> None:
    ids = model_ids(["/a/x/v1/script.py", "/a/y/v1/script.py", "/a/y/v2/script.py", "/a/n/t.py", "/a/n/t.ipynb"])
    assert ids == {
        "/a/x/v1/script.py": "x_v1_script",
        "/a/y/v1/script.py": "y_v1_script",
        "/a/y/v2/script.py": "v2_script",
        "/a/n/t.py": "n_t.py",
        "/a/n/t.ipynb": "n_t.ipynb",
    }


def test_reading_an_index_that_is_not_there_finds_nothing(tmp_path: Path) -> None:
    with Catalog(tmp_path / "none", readonly=True) as catalog:
        assert catalog.rows() == [] and catalog.broken() == []
    assert SearchEngine(tmp_path / "none").search("cnn", meaning=False).results == ()
    assert not (tmp_path / "none").exists()


def test_an_update_without_changes_reads_nothing_of_the_word_index(
    words_index: Path, examples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.ranking.keyword.WordIndex", None)  # opening one takes longer the more scripts there are
    written = (words_index / "words" / "state").stat().st_mtime_ns
    assert update(words_index, [examples], embed=False).parsed == 0
    assert (words_index / "words" / "state").stat().st_mtime_ns == written
