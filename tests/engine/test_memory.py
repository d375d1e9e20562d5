"""Out of memory, for real: a process that may not have more says which batch size would fit, and it does."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.engine.trainers import Trainers

LITTLE = """
import re, resource
size = int(re.search(r"VmSize:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024
resource.setrlimit(resource.RLIMIT_AS, (size + 300 * 2**20,) * 2)
"""
SETTINGS = ["--widths", "64,128,256", "--image-size", "32", "--steps", "2", "--sample-every", "0", "--device", "cpu"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_out_of_memory_names_the_batch_size_and_one_that_fits(tmp_path: Path, trainers: subprocess.Popen[str]) -> None:
    started = Trainers(tmp_path, trainers)

    def train(batch_size: str) -> subprocess.CompletedProcess[str]:
        settings = (*SETTINGS, "--precision", "fp32", "--batch-size", batch_size)
        return started.run("--train", *settings, before=LITTLE)

    done = train("64")
    assert done.returncode == 1, done.stderr
    (found,) = re.findall(r"cpu ran out of memory at batch_size = 64; (\d+) fits", done.stderr)
    assert "Traceback" not in done.stderr
    (events,) = tmp_path.glob("runs/*/events.jsonl")
    end = json.loads(events.read_text().splitlines()[-1])
    assert (end["event"], end["state"]) == ("end", "failed")
    assert int(found) >= 8, "what the failed step had computed takes no room from what is tried"
    assert train(found).returncode == 0, "what it names does fit"
