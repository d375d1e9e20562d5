"""How busy the devices of this machine are, whoever uses them; asked without disturbing what trains there."""

from __future__ import annotations

import os
from dataclasses import dataclass

import pynvml
import torch


@dataclass(frozen=True)
class Load:
    """`busy` is the share of the device's time in use, in [0, 1]; `used_bytes` of its memory. None is not known."""

    busy: float | None = None
    used_bytes: int | None = None


def load_of(device: str) -> Load:
    """The load of a device by its id (`cuda:0`, `cpu`, `mps`). The processor's is that of the last minute."""
    if device == "cpu":
        return Load(min(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))
    if device.startswith("cuda:"):
        return _of_gpu(int(device.partition(":")[2]))
    return Load()


def _of_gpu(index: int) -> Load:
    """By its UUID: CUDA_VISIBLE_DEVICES renumbers the GPUs for torch and not for the driver."""
    try:
        pynvml.nvmlInit()
        handle = pynvml.nvmlDeviceGetHandleByUUID(f"GPU-{torch.cuda.get_device_properties(index).uuid}")
        busy = pynvml.nvmlDeviceGetUtilizationRates(handle).gpu / 100
        return Load(busy, int(pynvml.nvmlDeviceGetMemoryInfo(handle).used))
    except pynvml.NVMLError:
        return Load()
