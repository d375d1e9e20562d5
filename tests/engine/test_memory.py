"""Out of memory, for real: a process that may not have more says which batch size would fit, and it does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

LITTLE = """
import resource, re, sys
import engine.training
from tui.cli import main
size = int(re.search(r"VmSize:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024
resource.setrlimit(resource.RLIMIT_AS, (size + 700 * 2**20,) * 2)
main()
"""
SETTINGS = ["--widths", "64,128,256", "--image-size", "32", "--steps", "2", "--sample-every", "0", "--device", "cpu"]


def train(home: Path, batch_size: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LITTLE, "--train", *SETTINGS, "--precision", "fp32", "--batch-size", str(batch_size)],
        env=os.environ | {"DIFFWB_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_out_of_memory_names_the_batch_size_and_one_that_fits(tmp_path: Path) -> None:
    done = train(tmp_path, 1024)
    assert done.returncode == 1, done.stderr
    (found,) = re.findall(r"cpu ran out of memory at batch_size = 1024; (\d+) fits", done.stderr)
    assert "Traceback" not in done.stderr
    (events,) = tmp_path.glob("runs/*/events.jsonl")
    end = json.loads(events.read_text().splitlines()[-1])
    assert (end["event"], end["state"]) == ("end", "failed")
    assert train(tmp_path, int(found)).returncode == 0, "what it names does fit"
