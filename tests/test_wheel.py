"""The built wheel runs from an environment of its own, presets and styles inside, far from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.tui.terminal import Terminal

CHECKOUT = Path(__file__).resolve().parent.parent


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel in it.

    The dependencies are borrowed from the environment of the tests by their path alone: a path does not bring its .pth
    files along, so the checkout that is installed there is out of reach.
    """
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(CHECKOUT / name, source)
    for package in ("engine", "index", "tui"):
        shutil.copytree(CHECKOUT / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, source, cwd=folder)
    (wheel,) = folder.glob("diffwb-*.whl")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    run(*pip, "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=folder)
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).stdout.strip()
    (Path(site) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "venv"


def test_the_wheel_carries_everything_and_nothing_else(environment: Path, tmp_path: Path) -> None:
    code = "import engine, index, tui; print(*(p.__file__ for p in (engine, index, tui)), sep='\\n')"
    places = run(environment / "bin" / "python", "-c", code, cwd=tmp_path).stdout.split()
    assert all(Path(place).is_relative_to(environment) for place in places)
    site = Path(places[0]).parent.parent
    shipped = {str(p.relative_to(site)) for p in site.rglob("*") if p.suffix in (".toml", ".tcss")}
    wanted = {str(p.relative_to(CHECKOUT)) for part in ("engine", "tui") for p in (CHECKOUT / part).rglob("*.t*ml")}
    wanted |= {str(p.relative_to(CHECKOUT)) for p in (CHECKOUT / "tui").rglob("*.tcss")}
    assert shipped == wanted
    assert not (site / "tests").exists()


def test_the_wheel_trains(environment: Path, tmp_path: Path) -> None:
    diffwb = environment / "bin" / "diffwb"
    small = ("--steps", "4", "--widths", "8,8", "--sample-steps", "2", "--sample-count", "2")
    done = run(diffwb, "--train", *small, cwd=tmp_path, DIFFWB_HOME=str(tmp_path))
    assert (tmp_path / "runs" / done.stdout.strip() / "samples" / "step-00000004.png").is_file()
    assert run(diffwb, "--version", cwd=tmp_path).stdout.startswith("diffwb ")


def test_the_wheel_opens_its_workbench(environment: Path, tmp_path: Path) -> None:
    settings = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | {"DIFFWB_HOME": str(tmp_path)}
    terminal = Terminal(settings, str(environment / "bin" / "diffwb"))
    try:
        terminal.until(lambda text: "new run" in text and "Runs" in text, "the workbench")
        terminal.press("q")
        terminal.pump(2)
        assert not terminal.child.isalive()
        assert terminal.child.exitstatus == 0
    finally:
        terminal.close()
