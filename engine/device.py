"""The devices of this machine, and the arithmetic that is fastest on one.

`python -m engine.device` prints the devices and their load as one JSON list, for programs that do not want torch in
their process.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from engine.memory import available
from engine.processors import usable
from engine.setting import ConfigError

# Processor features as Linux names them, x86 and Arm. With them bf16 trains 1.5 to 2 times as fast as fp32, without
# them several times slower. They are read, not timed: on a busy machine a timing may flip, and a seeded run with it.
BF16_UNITS = ("amx_bf16", "avx512_bf16", "bf16")


@dataclass(frozen=True)
class Device:
    """A device a run can train on. `memory_bytes` is its own memory, 0 where that is not known."""

    id: str
    name: str
    memory_bytes: int


def devices() -> list[Device]:
    """Every device of this machine, the fastest kind first; the CPU is always the last."""
    found = []
    if torch.cuda.is_available():
        for i in range(torch.cuda.device_count()):
            facts = torch.cuda.get_device_properties(i)
            found.append(Device(f"cuda:{i}", facts.name, facts.total_memory))
    if torch.backends.mps.is_available():
        found.append(Device("mps", "Apple GPU", 0))
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return [*found, Device("cpu", f"{_processor()}, {torch.get_num_threads()} threads", pages)]


def _processor() -> str:
    return _cpuinfo("model name") or platform.processor() or platform.machine()


def _cpuinfo(*names: str) -> str:
    """The value of the first line of Linux's /proc/cpuinfo that has one of these names, or nothing."""
    try:
        lines = [line.partition(":") for line in Path("/proc/cpuinfo").read_text().splitlines()]
    except OSError:
        return ""
    return next((value.strip() for name, _, value in lines if name.strip() in names), "")


def find_device(name: str) -> tuple[torch.device, str]:
    """The torch device and the hardware's name for a `device` setting; the CPU with no more threads than this process
    has processors. Raises ConfigError for one that is not here."""
    torch.set_num_threads(min(torch.get_num_threads(), usable()))
    present = devices()
    wanted = {"auto": present[0].id, "cuda": "cuda:0"}.get(name, name)
    for device in present:
        if device.id == wanted:
            return torch.device(device.id), device.name
    listed = ", ".join(d.id for d in present)
    raise ConfigError(f"device: '{name}' is not on this machine; {listed} {'is' if len(present) == 1 else 'are'}")


def choose_precision(wanted: str, device: torch.device) -> tuple[str, str]:
    """fp32, bf16 or fp16 for a `precision` setting, and one line that says why.

    `auto` takes bf16 where the machine has units for it. Raises ConfigError for a precision the device does not have.
    """
    if device.type == "cuda":
        able = torch.cuda.get_device_capability(device) >= (8, 0)
        if wanted == "auto":
            return ("bf16", "the GPU has bf16 units") if able else ("fp32", "the GPU has no bf16 units")
        if wanted == "bf16" and not able:
            raise ConfigError(
                f"precision: 'bf16' is not computed by {torch.cuda.get_device_name(device)}; fp16, fp32 are"
            )
    elif wanted == "fp16":
        raise ConfigError(
            f"precision: 'fp16' needs a CUDA device, this run is on {device.type}; bf16, fp32 are accepted"
        )
    elif wanted in ("auto", "bf16") and device.type == "cpu":
        units = _cpuinfo("flags", "Features").split()
        if found := next((unit for unit in BF16_UNITS if unit in units), None):
            return "bf16", f"the CPU has {found} units"
        slower = " for bf16, which fp32 would be faster than" if wanted == "bf16" else " for bf16"
        return "fp32" if wanted == "auto" else "bf16", f"the CPU has no units{slower}"
    return ("fp32", "the device's plain arithmetic") if wanted == "auto" else (wanted, "as its settings say")


def room(device: torch.device) -> float:
    """Bytes that a dataset on a device may take: half of what is free there now, and in main memory, its way there."""
    main = available() / 2
    return min(main, torch.cuda.mem_get_info(device)[0] / 2) if device.type == "cuda" else main


def out_of_memory(error: Exception) -> bool:
    """Whether an error says that a device has no more memory; torch's allocator for CPUs says so in words alone."""
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or "can't allocate memory" in str(error)


def autocast(device: torch.device, precision: str) -> contextlib.AbstractContextManager[object]:
    """The context in which a network computes at `precision` (fp32, bf16, fp16)."""
    if precision == "fp32":
        return contextlib.nullcontext()
    return torch.autocast(device.type, torch.bfloat16 if precision == "bf16" else torch.float16)


if __name__ == "__main__":
    from engine.load import load_of

    json.dump([asdict(d) | asdict(load_of(d.id)) for d in devices()], sys.stdout)
