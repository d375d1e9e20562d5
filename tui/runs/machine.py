"""The machine's own figures, its GPUs' and its processor's, now and over the last ten minutes.

nvidia-ml-py and psutil are imported at the first reading, in a thread: neither is needed for the first screen.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from msgspec import Struct

from tui.text import line

EVERY = 2.0  # seconds between readings
KEPT = 300  # readings: ten minutes
NO_DRIVER = "no NVIDIA driver"
TAKEN = 0.75  # the share of all cores from which on they count as taken: threads of a training wait for each other
MOST_USERS = 4  # processes named of a GPU


class User(Struct, frozen=True):
    """A process on a GPU. `memory` is in bytes, None where the driver does not tell."""

    pid: int
    name: str
    memory: int | None


class Gpu(Struct, frozen=True):
    """One GPU. `busy` is a share in [0, 1], memory in bytes, temperature in °C, power in W; None is not told."""

    name: str
    busy: float | None
    used: int | None
    total: int | None
    temperature: int | None
    power: float | None
    limit: float | None
    users: tuple[User, ...] = ()


class Reading(Struct, frozen=True):
    """The machine at one moment. `cpu` is a share of all cores in [0, 1], memory in bytes."""

    cpu: float
    cores: int
    used: int
    total: int
    gpus: tuple[Gpu, ...] = ()


class Machine:
    """Reads the machine. `gpu_trouble` says why no GPU is told of, once that is known."""

    def __init__(self) -> None:
        self.readings: deque[Reading] = deque(maxlen=KEPT)
        self.gpu_trouble: str | None = None
        self._nvml: Any = None
        self._lock = threading.Lock()

    @property
    def taken(self) -> bool:
        """Whether all cores were at work when it was last read."""
        return bool(self.readings) and self.readings[-1].cpu >= TAKEN

    def read(self) -> Reading:
        """Take a reading; it may block, so it is called in a thread. The first one counts from the machine's start."""
        import psutil

        with self._lock:
            memory = psutil.virtual_memory()
            reading = Reading(
                cpu=psutil.cpu_percent() / 100,
                cores=psutil.cpu_count() or 1,
                used=memory.total - memory.available,
                total=memory.total,
                gpus=self._gpus(),
            )
            self.readings.append(reading)
            return reading

    def _gpus(self) -> tuple[Gpu, ...]:
        if self.gpu_trouble is not None:
            return ()
        import pynvml

        try:
            if self._nvml is None:
                pynvml.nvmlInit()
                self._nvml = pynvml
            handles = [pynvml.nvmlDeviceGetHandleByIndex(i) for i in range(pynvml.nvmlDeviceGetCount())]
        except pynvml.NVMLError:
            self.gpu_trouble = NO_DRIVER
            return ()
        return tuple(_gpu(pynvml, handle) for handle in handles)


def _gpu(nvml: Any, handle: Any) -> Gpu:
    def told(ask: Any, *arguments: Any) -> Any:
        """What the driver answers; None where this GPU has no such figure."""
        try:
            return ask(handle, *arguments)
        except nvml.NVMLError:
            return None

    rates, memory = told(nvml.nvmlDeviceGetUtilizationRates), told(nvml.nvmlDeviceGetMemoryInfo)
    power, limit = told(nvml.nvmlDeviceGetPowerUsage), told(nvml.nvmlDeviceGetEnforcedPowerLimit)
    users = [_user(process) for process in told(nvml.nvmlDeviceGetComputeRunningProcesses) or ()]
    return Gpu(
        name=line(_text(told(nvml.nvmlDeviceGetName) or "GPU")),
        busy=rates.gpu / 100 if rates else None,
        used=int(memory.used) if memory else None,
        total=int(memory.total) if memory else None,
        temperature=told(nvml.nvmlDeviceGetTemperature, nvml.NVML_TEMPERATURE_GPU),
        power=power / 1000 if power is not None else None,
        limit=limit / 1000 if limit is not None else None,
        users=tuple(sorted(users, key=lambda user: user.memory or 0, reverse=True)[:MOST_USERS]),
    )


def _user(process: Any) -> User:
    """Whose process it is, and of what name: of other people's in a container neither may be known."""
    import psutil

    try:
        known = psutil.Process(process.pid)
        name = f"{known.username()} {known.name()}"
    except (psutil.Error, KeyError):
        name = "another's process"
    memory = process.usedGpuMemory
    return User(process.pid, line(name), int(memory) if memory else None)


def _text(name: str | bytes) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else name
