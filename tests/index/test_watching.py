"""Watching: what changes in the scripts shows in the index shortly, whoever else writes it meanwhile."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.catalog.database import Catalog
from index.indexing.watching import is_remote
from index.lock import writing
from index.search import SearchEngine

SCRIPTS = Path(__file__).resolve().parent.parent / "examples" / "scripts"
MODEL = (SCRIPTS / "faces" / "dcgan.py").read_text()
_PATIENCE = 40.0

_WATCH = """
import sys
from pathlib import Path
from index.indexing.watching import keep_fresh
def told(report):
    print(report.parsed, report.removed, flush=True)
try:
    keep_fresh(Path(sys.argv[1]), [Path(sys.argv[2])], embed=False, told=told)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.fixture(params=["", "1"], ids=["events", "polling"])
def watched(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Path, Path]]:
    """A folder of scripts, and the index that a process keeps of it."""
    scripts, folder = tmp_path / "scripts", tmp_path / "index"
    (scripts / "faces").mkdir(parents=True)
    (scripts / "faces" / "dcgan.py").write_text(MODEL)
    environment = {**os.environ, "WATCHFILES_FORCE_POLLING": request.param}
    command = [sys.executable, "-P", "-c", _WATCH, str(folder), str(scripts)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    assert process.stdout.readline() == "1 0\n"
    yield scripts, folder
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    process.stdout.close()


def names(folder: Path) -> set[str]:
    with Catalog(folder, readonly=True) as catalog:
        return {Path(row.path).name for row in catalog.rows()}


def soon(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_an_interrupt_that_python_loses_ends_it_too(tmp_path: Path) -> None:
    """It loses what is raised in a finaliser, such as Whoosh's locks have."""
    (tmp_path / "dcgan.py").write_text(MODEL)
    lost = """
import os, signal
class Lock:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
def told(report):
    Lock()
"""
    code = _WATCH.replace("try:", lost + "try:")
    command = [sys.executable, "-P", "-c", code, str(tmp_path / "index"), str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "Exception ignored" in ended.stderr  # it was lost
    assert ended.returncode == 130


def test_what_changes_is_found_shortly(watched: tuple[Path, Path]) -> None:
    scripts, folder = watched
    engine = SearchEngine(folder)

    def found(word: str) -> list[str]:
        paths = [Path(result.row.path) for result in engine.search(word, meaning=False).results]
        return [path.relative_to(scripts).as_posix() for path in paths]

    new = scripts / "new" / "wombat.py"
    new.parent.mkdir()
    new.write_text(MODEL.replace("faces", "wombats") + "\n# marsupial\n")
    soon(lambda: found("marsupial") == ["new/wombat.py"])
    new.write_text(new.read_text().replace("marsupial", "quokkas"))
    soon(lambda: found("quokkas") == ["new/wombat.py"])
    new.parent.rename(scripts / "old.v2")
    soon(lambda: found("quokkas") == ["old.v2/wombat.py"])
    (scripts / "old.v2" / "wombat.py").unlink()
    soon(lambda: names(folder) == {"dcgan.py"})
    ignored = scripts / "env" / "lib" / "site-packages"
    ignored.mkdir(parents=True)
    (ignored / "net.py").write_text(MODEL)
    (scripts / ".gitignore").write_text("dcgan.py\n")
    soon(lambda: names(folder) == set())


def test_another_writer_is_waited_for(watched: tuple[Path, Path]) -> None:
    scripts, folder = watched
    with writing(folder):
        (scripts / "late.py").write_text(MODEL)
        time.sleep(1.5)
        assert names(folder) == {"dcgan.py"}
    soon(lambda: names(folder) == {"dcgan.py", "late.py"})


def test_a_file_system_of_another_machine_is_known(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    lines = (
        "22 1 8:1 / / rw - ext4 /dev/sda1 rw", "23 22 0:50 / /home rw shared:1 - nfs4 server:/home rw",
        "24 23 0:51 / /home/me/local rw - xfs /dev/sdb rw", "25 22 0:52 / /mnt/with\\040space rw - fuse.sshfs me@x rw",
        "torn",
    )  # fmt: skip
    mounts.write_text("\n".join(lines))
    remote = {"/home/me": True, "/home/me/local/x": False, "/": False, "/homes": False, "/mnt/with space/y": True}
    assert {path: is_remote(Path(path), mounts) for path in remote} == remote
    assert not is_remote(Path("/"), tmp_path / "nothing")


def test_the_command_follows_changes_until_ctrl_c(tmp_path: Path) -> None:
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    command = [sys.executable, "-P", "-m", "tui.cli", "index", str(scripts), "--watch", "--json"]
    environment = {**os.environ, "DIFFWB_HOME": str(tmp_path / "home")}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["models"] == 0
    (scripts / "broken.py").write_text("import torch\nx = (")
    assert json.loads(process.stdout.readline())["parsed"] == 1
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    process.stdout.close()
