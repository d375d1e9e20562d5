"""The machine's figures: a processor alone, GPUs of every kind of driver, and what is not told."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pynvml
import pytest

from tests.tui.conftest import opened
from tests.tui.results import HOSTILE
from tui.runs.machine import KEPT, NO_DRIVER, Gpu, Machine, Reading, User

GIB = 2**30


def gpu(busy: float | None = 0.87, **changes: Any) -> Gpu:
    told = {"used": 40 * GIB, "total": 139 * GIB, "temperature": 62, "power": 350.0, "limit": 700.0}
    return Gpu("NVIDIA H200", busy, **(told | {"users": (User(4242, "alice python", 30 * GIB),)} | changes))


@pytest.fixture
def no_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where these tests run on a machine with one."""

    def missing() -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)

    monkeypatch.setattr(pynvml, "nvmlInit", missing)


@pytest.mark.usefixtures("no_driver")
def test_a_machine_without_a_driver_is_read() -> None:
    machine = Machine()
    first, second = machine.read(), machine.read()
    assert machine.gpu_trouble == NO_DRIVER
    assert 0 <= second.cpu <= 1
    assert 0 < first.used < first.total
    assert first.cores >= 1
    assert list(machine.readings) == [first, second]


@pytest.mark.usefixtures("no_driver")
@pytest.mark.parametrize(("percent", "taken"), [(100.0, True), (90.0, True), (55.0, False)])
def test_a_machine_whose_cores_are_all_at_work_is_taken(
    monkeypatch: pytest.MonkeyPatch, percent: float, taken: bool
) -> None:
    machine = Machine()
    assert not machine.taken  # nobody has looked
    monkeypatch.setattr(psutil, "cpu_percent", lambda: percent)
    machine.read()
    assert machine.taken == taken


def test_what_a_gpu_does_not_tell_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small GPUs know no power limit, and in a container nobody knows whose a process is."""

    def unknown(*_: Any) -> Any:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)

    answers: dict[str, Any] = {
        "nvmlInit": lambda: None,
        "nvmlDeviceGetCount": lambda: 1,
        "nvmlDeviceGetHandleByIndex": lambda index: index,
        "nvmlDeviceGetName": lambda _: f"GPU {HOSTILE}".encode(),
        "nvmlDeviceGetMemoryInfo": lambda _: SimpleNamespace(used=GIB, total=2 * GIB),
        "nvmlDeviceGetComputeRunningProcesses": lambda _: [SimpleNamespace(pid=2**30, usedGpuMemory=None)],
    }
    for name in ("UtilizationRates", "PowerUsage", "EnforcedPowerLimit", "Temperature"):
        answers[f"nvmlDeviceGet{name}"] = unknown
    for name, answer in answers.items():
        monkeypatch.setattr(pynvml, name, answer)
    (found,) = Machine().read().gpus
    assert (found.busy, found.temperature, found.power, found.used) == (None, None, None, GIB)
    assert found.users == (User(2**30, "another's process", None),)
    assert not any(ord(character) < 32 for character in found.name)


async def test_the_last_ten_minutes_are_shown(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Machine, "read", lambda self: None)  # also the reading that opening begins with
    async with opened(empty_home, size=(120, 36)) as driven:
        machine = driven.main._machine
        for second in range(KEPT):
            machine.readings.append(Reading(second / KEPT, 16, 12 * GIB, 24 * GIB, (gpu(second / KEPT),)))
        await driven.press("4")
        await driven.shows("GPU 0  NVIDIA H200", "62°C  350/700 W", "40.0/139 GiB", "30 GiB  alice python (4242)")
        await driven.shows("Processor  16 cores", "50%  12.0/24 GiB", "ten minutes ago")
        use = next(line for line in driven.text.splitlines() if "62°C" in line)
        assert use.index("▁") < use.index("▄") < use.index("█")
        await driven.press("4")
        assert "Machine" not in driven.text


@pytest.mark.usefixtures("no_driver")
async def test_no_driver_is_said_once_and_quietly(empty_home: Path) -> None:
    async with opened(empty_home, size=(80, 24)) as driven:
        await driven.until(lambda: driven.main._machine.gpu_trouble is not None, "the first reading")
        assert NO_DRIVER not in driven.text
        await driven.press("4")
        await driven.shows(NO_DRIVER)
        assert driven.text.count(NO_DRIVER) == 1
        await driven.press("escape")
        await driven.pilot.resize_terminal(20, 5)
        await driven.press("4")
        assert driven.app.is_running
