"""The command line as a shell sees it: exit codes, one honest line, data on stdout, nothing heavy before its time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pexpect
import pytest

from engine.home import HomeError, prepare
from tests.engine.trainers import Trainers
from tests.tui.fake_run import FakeRun
from tests.tui.terminal import drop
from tui import cli
from tui.commands import doctor, searching, train

HEAVY = ("torch", "textual", "transformers", "whoosh", "sentence_transformers", "rich_pixels", "sklearn")
QUICK = ["--steps", "8", "--widths", "8,8", "--log-every", "2", "--sample-count", "4", "--sample-steps", "4"]
RUN_FOREVER = ["--steps", "1000000", "--widths", "8,8", "--log-every", "1", "--sample-every", "0"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return os.environ | {"DIFFWB_HOME": str(tmp_path / "home"), "NO_COLOR": "1"}


@pytest.fixture
def started(tmp_path: Path, trainers: subprocess.Popen[str]) -> Trainers:
    return Trainers(tmp_path / "home", trainers)


def python(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def diffwb(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return python("-m", "tui.cli", *arguments, environment=environment)


def imported(environment: dict[str, str], *arguments: str) -> tuple[set[str], tuple[int, str, str]]:
    """The heavy packages that a command line imports before it answers; and its exit code, stdout and stderr."""
    code = (
        f"import sys; from tui.cli import run; code = run({list(arguments)!r})\n"
        "print(*sys.modules, file=sys.stderr); sys.exit(code)"
    )
    done = python("-c", code, environment=environment)
    *said, modules = done.stderr.splitlines()
    return {name for name in HEAVY if name in modules.split()}, (done.returncode, done.stdout, "\n".join(said))


STEERING = ["stop", "checkpoint", "resume", "rename", "note", "tag", "rm", "restore", "export", "diff", "attach"]
COMMANDS = ["runs", "sample", "evaluate", "index", "scripts", "show", "search", "doctor", *STEERING]


@pytest.mark.parametrize("arguments", [[], ["--train"], *([command] for command in COMMANDS)])
def test_help_answers_without_importing_anything_heavy(arguments: list[str], environment: dict[str, str]) -> None:
    heavy, (code, printed, said) = imported(environment, *arguments, "--help")
    assert (heavy, code, said) == (set(), 0, "")
    assert "usage: diffwb" in printed


STEERED = [
    *(["runs"], ["stop", "latest"], ["checkpoint", "latest"], ["attach", "latest"], ["rename", "latest", "x"]),
    *(["note", "latest"], ["tag", "latest"], ["rm", "latest"], ["restore"], ["export", "latest", "--csv"]),
]


@pytest.mark.parametrize("arguments", STEERED, ids=" ".join)
def test_steering_imports_nothing_heavy(arguments: list[str], environment: dict[str, str], tmp_path: Path) -> None:
    run = FakeRun(tmp_path / "home" / "runs" / "digits-1").start().train(10, 20).end("finished", 20)
    assert run.folder.exists()
    heavy, (code, _, said) = imported(environment, *arguments)
    assert (heavy, code in (0, 2)) == (set(), True), said


def test_the_help_of_training_names_every_setting_and_its_default(environment: dict[str, str]) -> None:
    text = " ".join(diffwb(environment, "--train", "--help").stdout.split())
    for said in ("--batch-size X images per step", "--lr X", "default 64", "one of adam, adamw, sgd", "--resume RUN"):
        assert said in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "the workbench needs a terminal and stdin is none; `diffwb --train` trains without one"),
        (["--train", "--preset", "imagenet"], "preset: 'imagenet' is not accepted; one of digits,"),
        (["--train", "--device", "cuda:77"], "device: 'cuda:77' is not on this machine; "),
        (["--train", "--batch-size", "-3"], "batch_size: '-3' is not accepted; a whole number from 1"),
        (["--train", "--batch_size", "3"], "did you mean --batch-size?"),
        (["--train", "--lr"], "--lr: expected one argument"),
        (["--train", "--epochs", "1", "--steps", "1"], "set one of them"),
        (["--train", "--config", "/nowhere.toml"], "/nowhere.toml: cannot be read"),
        (["--train", "--resume", "nothing"], "nothing: there is no such run; `diffwb runs` lists them"),
        (["--train", "--resume", "latest", "--lr", "1"], "lr: a resumed run keeps its settings"),
        (["serch", "cnn"], "did you mean search?"),
        (["search"], "required: QUERY"),
        (["runs", "--train"], "--train: is not known; `diffwb --train` is, without a command"),
        (["search", "cnn", "--limit", "0"], "'0' is not accepted; a whole number from 1 to 1000000000 is"),
        (["search", "cnn"], "nothing is indexed yet; `diffwb index PATH`"),
        (["show", "x"], "nothing is indexed yet"),
        (["show", "x", "--notebook", ""], "--notebook: nothing is not accepted; a path is"),
        (["show", "x", "--notebook", "x.py"], "--notebook: 'x.py' is not accepted; a name that ends in .ipynb is"),
        (["index", "/no/such/folder"], "/no/such/folder"),
        (["index", "/dev/null"], "neither a file nor a folder: /dev/null"),
        (["sample", "latest", "-o", "x.jpg"], "a name that ends in .png or .gif or .npy is"),
        (["sample", "latest", "-o", "x.png"], "there is no run yet"),
        (["sample", "x" * 300, "-o", "x.png"], "there is no such run"),
        (["sample", "latest", "-o", "~nobody-at-all/x.png"], "-o: ~nobody-at-all/x.png is in the home of a user whom"),
        (["sample", "latest", "-n", "9" * 30, "-o", "x.png"], "a whole number from 1 to 1000000000 is; `diffwb sample"),
        (["--train", "--config", ""], "--config: nothing is not accepted; a path is"),
        (["--train", "--data-dir", "~nobody-at-all/x"], "data_dir: ~nobody-at-all/x is in the home of a user whom"),
        (["index", ""], "PATH: nothing is not accepted; a path is"),
    ],
)
def test_what_cannot_be_served_is_refused_on_one_line(arguments: list[str], says: str, started: Trainers) -> None:
    done = started.run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    *before, line = done.stderr.splitlines()
    assert line.startswith("diffwb: error: ")
    assert says in line
    assert all(other.startswith("diffwb: on ") for other in before), "no traceback, no usage"


def test_a_rate_that_hardly_learns_is_told_and_trained_with(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DIFFWB_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(train, "_work", lambda *_: 0)
    assert cli.run(["--train", "--lr", "99", "--optimizer", "sgd"]) == 0
    said = capsys.readouterr().err
    assert said == "diffwb: warning: lr: 99 is accepted, though sgd hardly learns with more than 10\n"
    assert cli.run(["--train", "--lr", "1", "--optimizer", "sgd"]) == 0
    assert capsys.readouterr().err == ""


def test_an_unwritable_home_is_refused(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "file").write_text("")
    done = diffwb(environment | {"DIFFWB_HOME": str(tmp_path / "file" / "home")}, "--train")
    assert done.returncode == 2
    assert "set DIFFWB_HOME to a folder" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_home_of_nobody_is_refused(environment: dict[str, str]) -> None:
    done = diffwb(environment | {"DIFFWB_HOME": "~nobody-at-all/x"}, "runs")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith("diffwb: error: DIFFWB_HOME: ~nobody-at-all/x is in the home of a user whom")


@pytest.mark.parametrize("arguments", [["runs"], ["runs", "--json"], ["--help"]])
def test_closed_streams_are_no_failure(arguments: list[str], environment: dict[str, str]) -> None:
    closing = "import os; [os.close(n) for n in (0, 1)]; os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    done = python("-c", f"import sys; {closing}", "-P", "-m", "tui.cli", *arguments, environment=environment)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_a_home_in_a_folder_that_is_gone_is_refused(environment: dict[str, str], tmp_path: Path) -> None:
    code = (
        "import os, sys, tempfile\nfolder = tempfile.mkdtemp()\nos.chdir(folder)\nos.rmdir(folder)\n"
        "from tui.cli import run\nsys.exit(run(['runs']))"
    )
    done = python("-c", code, environment=environment | {"DIFFWB_HOME": "relative"})
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "a full path is accepted" in done.stderr


def test_help_is_readable_without_unicode(environment: dict[str, str]) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
    done = diffwb(environment | plain, "--train", "--help")
    assert done.returncode == 0, done.stderr
    assert "--batch-size" in done.stdout


def test_a_hang_up_before_torch_is_there_is_ignored_too(environment: dict[str, str]) -> None:
    code = (
        "import os, signal, sys, tui.commands.train\n"
        "from engine.config import ConfigError\n"
        "def prepared(folder):\n"
        "    os.kill(os.getpid(), signal.SIGHUP)\n"
        "    os.kill(os.getpid(), signal.SIGUSR1)\n"
        "    raise ConfigError('still here')\n"
        "tui.commands.train.prepare = prepared\n"
        "from tui.cli import run\n"
        "sys.exit(run(['--train']))"
    )
    done = python("-c", code, environment=environment)
    assert (done.returncode, done.stderr) == (2, "diffwb: error: still here\n")


def test_escapes_in_an_argument_do_not_reach_the_terminal(environment: dict[str, str]) -> None:
    done = diffwb(environment, "--train", "--preset", "a\x1b[2J\nb")
    assert done.returncode == 2
    assert "\x1b" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_run_trains_without_the_interface_is_listed_and_drawn_from(
    environment: dict[str, str], tmp_path: Path, started: Trainers
) -> None:
    interface = ("textual", "rich_pixels", "whoosh", "sentence_transformers")
    code = (
        "import atexit, sys\nfrom tui.cli import main\n"
        f"sys.argv[1:] = ['--train', *{QUICK!r}]\n"
        f"atexit.register(lambda: print([m for m in {interface!r} if m in sys.modules]))\n"
        "main()"
    )
    done = python("-c", code, environment=environment)
    assert done.returncode == 0, done.stderr
    run, modules = done.stdout.splitlines()
    assert modules == "[]"
    assert "step 8/8" in done.stderr, "without a terminal it says how far it is in lines"
    assert done.stderr.splitlines()[-1].startswith("diffwb: finished; "), "nothing is said after the end"
    (listed,) = json.loads(started.run("runs", "--json").stdout)
    assert (listed["id"], listed["state"], listed["step"], listed["total_steps"]) == (run, "finished", 8, 8)
    assert {"preset", "dataset", "device", "loss", "started", "duration"} <= set(listed)
    assert run in started.run("runs").stdout
    target = tmp_path / "grid.png"
    drawn = started.run("sample", "latest", "-n", "4", "--sample-steps", "3", "-o", str(target))
    assert (drawn.returncode, drawn.stdout) == (0, f"{target}\n"), drawn.stderr
    assert target.stat().st_size > 0


def test_an_unforeseen_failure_is_one_line_and_its_trace_is_kept(environment: dict[str, str]) -> None:
    code = (
        "import engine.runs.listing, tui.cli\n"
        "def broken(self): raise RuntimeError('a\x1b[2Jb')\n"
        "engine.runs.listing.RunList.scan = broken\n"
        "raise SystemExit(tui.cli.run(['runs']))"
    )
    done = python("-c", code, environment=environment)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("diffwb: failed: RuntimeError: a")
    assert "\x1b" not in done.stderr
    assert "Traceback" in (Path(environment["DIFFWB_HOME"]) / "error.txt").read_text()


def test_no_runs_yet_says_what_to_do(environment: dict[str, str]) -> None:
    done = diffwb(environment, "runs")
    assert (done.returncode, done.stdout) == (0, "")
    assert "`diffwb --train` starts one" in done.stderr
    assert json.loads(diffwb(environment, "runs", "--json").stdout) == []


def wait_for_step(home: Path, step: int, seconds: float = 60) -> Path:
    """The folder of the one run under `home`, once it has trained past `step`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for events in (home / "runs").glob("*/events.jsonl"):
            lines = [line for line in events.read_text().splitlines() if line.startswith('{"event": "metrics"')]
            if lines and json.loads(lines[-1])["step"] > step:
                return events.parent
        time.sleep(0.1)
    raise AssertionError(f"step {step} never came: {list(home.rglob('*'))}")


def last_step(run: Path) -> int:
    return int(json.loads((run / "events.jsonl").read_text().splitlines()[-1])["step"])


def test_training_outlives_its_terminal_and_stops_with_a_checkpoint(environment: dict[str, str]) -> None:
    """The connection drops: the terminal is closed, SIGHUP comes, and what is written to stderr fails."""
    child = pexpect.spawn(sys.executable, ["-P", "-m", "tui.cli", "--train", *RUN_FOREVER], env=environment)
    ended = 0
    try:
        child.expect(r"/1000000, loss .*images/s", timeout=60)
        run = wait_for_step(Path(environment["DIFFWB_HOME"]), 3)
        drop(child)
        os.kill(child.pid, signal.SIGHUP)
        wait_for_step(Path(environment["DIFFWB_HOME"]), last_step(run) + 50)
        os.kill(child.pid, signal.SIGINT)
        deadline = time.monotonic() + 60
        while not ended:
            assert time.monotonic() < deadline, "it still takes an interrupt"
            time.sleep(0.1)
            ended, status = os.waitpid(child.pid, os.WNOHANG)
    finally:
        if not ended:
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 128 + signal.SIGINT
    end = json.loads((run / "events.jsonl").read_text().splitlines()[-1])
    assert (end["event"], end["state"]) == ("end", "stopped")
    assert (run / "checkpoints" / f"step-{end['step']:08d}" / "meta.json").is_file()


def test_a_home_that_was_opened_to_others_is_left_so_and_said(tmp_path: Path) -> None:
    folder = prepare(tmp_path / "shared")
    for mode, said in ((0o700, "GB free"), (0o755, "may read it, `chmod 700"), (0o777, "may write to it, `chmod 700")):
        folder.chmod(mode)
        assert prepare(folder).stat().st_mode & 0o777 == mode
        assert said in doctor._home(folder)
    folder.chmod(0o700)
    assert "others" not in doctor._home(folder)


def test_the_catalogue_is_listed_without_likeness(monkeypatch: pytest.MonkeyPatch) -> None:
    class By:
        def find(self, *_: object, **__: object) -> dict[str, object]:
            return {"results": [{"rank": 1, "model_id": "net", "similarity_score": 0.0, "similarity_distance": None}]}

    printed: list[object] = []
    monkeypatch.setattr(searching, "indexed", Path)
    monkeypatch.setattr(searching, "searching", lambda: nullcontext(By()))
    monkeypatch.setattr(searching, "put_lines", lambda laid: printed.append(laid(220)))
    assert cli.run(["scripts", "framework:pytorch"]) == 0
    (lines,) = printed
    assert str(lines).split("\n")[0] == "Rank  Model ID"


def test_an_empty_catalogue_is_an_empty_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DIFFWB_HOME", str(tmp_path))
    assert cli.run(["scripts", "--json", "tag:cnn"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out) == [] and "diffwb index PATH" in told.err


def test_a_home_that_is_a_file_is_refused_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("DIFFWB_HOME", str(file))
    for command in (["runs"], ["scripts"], ["--train"]):
        assert cli.run(command) == 2
        assert capsys.readouterr().err == f"diffwb: error: the home {file} is a file; set DIFFWB_HOME to a folder\n"
    monkeypatch.setenv("DIFFWB_HOME", str(file / "home"))
    assert cli.run(["runs"]) == 2
    assert f"cannot be: {file} is a file" in capsys.readouterr().err
    for look in (lambda: prepare(file), lambda: doctor._index(file / "index")):
        with pytest.raises(HomeError):
            look()


def test_progress_is_told_in_the_numbers_of_the_workbench() -> None:
    """`lr 1.0e+02` would be read as another notation than the form's."""
    tick = SimpleNamespace(step=1200, total_steps=5000, loss=1713.2, lr=100.0, images_per_s=1620.0, left=150.0)
    assert train.describe(tick) == "step 1,200/5,000  loss 1.71e+03  lr 100  1,620 images/s  2m30s left"  # type: ignore[arg-type]
