"""The peak memory of a whole training process on the CPU, digits preset: previews and checkpoints included.

Beside it, that of a process that imports torch and does nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

GOAL = 1.2  # GiB
# A process of its own waits for the one that is measured: the peak of "all children" is then that of one.
PEAK = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=2); "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)
TRAINING = ("-P", "-m", "tui.cli", "--train", "--preset", "digits", "--device", "cpu", "--steps", "100")


def peak(*command: str) -> float:
    """GiB that `python command…` had in memory at its highest."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-c", PEAK, sys.executable, *command],
            env=os.environ | {"DIFFWB_HOME": home},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
        )
    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux KiB
    return int(done.stdout) * unit / 2**30


def main() -> None:
    bare = peak("-c", "import torch")
    ours = peak(*TRAINING, "--sample-every", "40", "--checkpoint-every", "40")
    print("peak resident memory")
    print(f"  a process that imports torch           {bare:.2f} GiB")
    print(f"  diffwb --train, digits, CPU            {ours:.2f} GiB   goal at most {GOAL}")


if __name__ == "__main__":
    main()
