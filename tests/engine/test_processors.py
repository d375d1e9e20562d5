"""How many processors may be used: those of the machine, or the share of time of a group around the process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.processors import usable

OWN = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def told(root: Path, groups: str, **files: str) -> Path:
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(groups)
    for place, content in files.items():
        at = root / "sys/fs/cgroup" / place.replace("__", "/").replace("_dot_", ".")
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(content)
    return root


@pytest.mark.parametrize(
    ("quota", "processors"), [("50000 100000", 1), ("100000 100000", 1), ("max 100000", OWN), ("900000000 100000", OWN)]
)
def test_a_share_of_time_is_rounded_up_and_never_more_than_there_are(
    tmp_path: Path, quota: str, processors: int
) -> None:
    assert usable(told(tmp_path, "0::/job/step\n", job__cpu_dot_max=quota)) == processors


@pytest.mark.parametrize(("quota", "processors"), [("100000", 1), ("-1", OWN)])
def test_the_older_kind_of_group_has_its_share_in_two_files(tmp_path: Path, quota: str, processors: int) -> None:
    files = {"cpu__cpu_dot_cfs_quota_us": quota, "cpu__cpu_dot_cfs_period_us": "100000"}
    assert usable(told(tmp_path, "3:cpu,cpuacct:/docker/0123\n", **files)) == processors


@pytest.mark.parametrize("nonsense", ["", "x y", "100000 0", "100000"])
def test_what_cannot_be_read_limits_nothing(tmp_path: Path, nonsense: str) -> None:
    assert usable(told(tmp_path, "0::/\n", cpu_dot_max=nonsense)) == OWN
