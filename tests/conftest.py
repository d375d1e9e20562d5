"""What every test starts from."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import threading
from collections.abc import Iterator

import pytest

# With as many threads as processors in every program at once they would wait for each other; read when torch is loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["LC_ALL"] = "C.UTF-8"  # screens are those of a terminal with UTF-8, wherever the tests are started

# Of a process that holds torch and Textual, looking through every object time and again is a sixth of the work.
gc.set_threshold(100_000, 20, 50)


def pytest_configure() -> None:
    """Programs under test hear ctrl+c, though a shell that starts the tests in the background has it ignored."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_auto_num_workers() -> int:
    """Twice as many as there are processors: half of the time a test waits for the programs that it starts."""
    return (os.cpu_count() or 2) * 2


@pytest.fixture(scope="session")
def trainers() -> Iterator[subprocess.Popen[str]]:
    """A process with torch loaded that forks trainers: what each of them would take to start is paid once a worker."""
    from tests.engine.trainers import host

    with host() as process:
        yield process
