"""Main memory that may be taken: the machine's, or what is left of a limit around the process."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.memory import available

GIB = 1 << 30


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with 64 GiB available."""
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/meminfo").write_text(f"MemTotal: {96 * GIB >> 10} kB\nMemAvailable: {64 * GIB >> 10} kB\n")
    return tmp_path


def group(machine: Path, folder: str, **files: object) -> None:
    at = machine / "sys/fs/cgroup" / folder
    at.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (at / name.replace("__", ".")).write_text(f"{content}\n")


def test_where_nothing_limits_it_is_what_the_machine_has(machine: Path) -> None:
    (machine / "proc/self/cgroup").write_text("0::/user.slice/session-1.scope\n")
    group(machine, "user.slice/session-1.scope", memory__max="max", memory__current=GIB, memory__stat="inactive_file 0")
    assert available(machine) == 64 * GIB


def test_a_job_may_take_what_is_left_of_its_limit_and_files_can_be_dropped(machine: Path) -> None:
    (machine / "proc/self/cgroup").write_text("0::/slurm/job_7/step_0\n")
    group(
        machine,
        "slurm/job_7",
        memory__max=16 * GIB,
        memory__current=6 * GIB,
        memory__stat=f"anon 1\ninactive_file {GIB}",
    )
    group(machine, "slurm/job_7/step_0", memory__max="max", memory__current=6 * GIB, memory__stat="inactive_file 0")
    assert available(machine) == 11 * GIB


def test_a_container_sees_its_group_at_the_top(machine: Path) -> None:
    (machine / "proc/self/cgroup").write_text("4:memory:/docker/0123abcd\n1:cpu:/docker/0123abcd\n")
    limits = {"memory__limit_in_bytes": 8 * GIB, "memory__usage_in_bytes": 5 * GIB}
    group(machine, "memory", **limits, memory__stat=f"total_inactive_file {2 * GIB}")
    assert available(machine) == 5 * GIB


@pytest.mark.parametrize("told", ["", "nonsense\n", "0::/../../etc\n", "0::/gone\n"])
def test_what_cannot_be_read_limits_nothing(machine: Path, told: str) -> None:
    (machine / "proc/self/cgroup").write_text(told)
    assert available(machine) == 64 * GIB


def test_a_group_over_its_limit_leaves_nothing(machine: Path) -> None:
    (machine / "proc/self/cgroup").write_text("0::/full\n")
    group(machine, "full", memory__max=GIB, memory__current=2 * GIB, memory__stat="inactive_file 0")
    assert available(machine) == 0


def test_here_something_is_left() -> None:
    assert available() > 1 << 20
