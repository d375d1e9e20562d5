"""The devices of this machine, and the arithmetic that is fastest on one.

`python -m engine.device` prints the devices as one JSON list, for programs that do not want torch in their process.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import nn

from engine.config import ConfigError

# bf16 on a processor without bf16 units is emulated and several times slower; with them it is 1.5 to 2 times faster.
WORTHWHILE = 1.15


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
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def find_device(name: str) -> tuple[torch.device, str]:
    """The torch device and the hardware's name for a `device` setting. Raises ConfigError for one that is not here."""
    present = devices()
    wanted = {"auto": present[0].id, "cuda": "cuda:0"}.get(name, name)
    for device in present:
        if device.id == wanted:
            return torch.device(device.id), device.name
    listed = ", ".join(d.id for d in present)
    raise ConfigError(f"device: '{name}' is not on this machine; {listed} {'is' if len(present) == 1 else 'are'}")


def choose_precision(wanted: str, device: torch.device) -> tuple[str, str]:
    """fp32, bf16 or fp16 for a `precision` setting, and one line that says why.

    `auto` takes bf16 where the machine computes it faster, which on a CPU is tried out. Raises ConfigError for a
    precision the device does not have.
    """
    if device.type == "cuda":
        able = torch.cuda.is_bf16_supported(including_emulation=False)
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
    elif wanted == "auto" and device.type == "cpu":
        ratio = _bf16_speedup()
        if ratio >= WORTHWHILE:
            return "bf16", f"bf16 ran {ratio:.1f} times as fast as fp32 on this CPU"
        return "fp32", f"bf16 ran {ratio:.1f} times as fast as fp32 on this CPU, which is not worth it"
    return ("fp32", "the device's plain arithmetic") if wanted == "auto" else (wanted, "as asked")


def _bf16_speedup() -> float:
    """How many times faster a convolution runs forward and backward in bf16 than in fp32; takes about 0.2 s.

    The two take turns and the best of each counts, so that a busy machine does not decide.
    """
    conv = nn.Conv2d(128, 128, 3, padding=1).to(memory_format=torch.channels_last)
    x = torch.randn(32, 128, 16, 16).to(memory_format=torch.channels_last)
    best = {False: float("inf"), True: float("inf")}
    for _ in range(6):
        for bf16 in best:
            start = time.perf_counter()
            with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
                y = conv(x)
            y.float().mean().backward()
            best[bf16] = min(best[bf16], time.perf_counter() - start)
    return best[False] / best[True]


if __name__ == "__main__":
    json.dump([asdict(d) for d in devices()], sys.stdout)
