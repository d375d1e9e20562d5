"""The optimizer of a stage, and its learning rate at every step."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import nn

from engine.config import TrainConfig

FINAL_LR = 0.02  # share of the highest learning rate at which cosine decay ends


def learning_rate(config: TrainConfig, highest: float, step: int, steps: int) -> float:
    """The rate of step `step` (from 0) of `steps`: linear warm-up to `highest`, then constant or cosine decay."""
    warmup = min(config.warmup_steps, steps)
    if step < warmup:
        return highest * (step + 1) / config.warmup_steps
    if config.lr_schedule == "constant":
        return highest
    progress = (step - warmup) / max(1, steps - 1 - warmup)
    return highest * (FINAL_LR + (1 - FINAL_LR) * 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))


def build_optimizer(config: TrainConfig, parameters: Iterable[nn.Parameter], lr: float) -> torch.optim.Optimizer:
    if config.optimizer == "sgd":
        return torch.optim.SGD(parameters, lr, momentum=0.9, weight_decay=config.weight_decay, fused=True)
    kind = torch.optim.AdamW if config.optimizer == "adamw" else torch.optim.Adam
    return kind(parameters, lr, weight_decay=config.weight_decay, fused=True)
