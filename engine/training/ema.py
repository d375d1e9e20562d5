"""The exponential moving average of the weights, which samples are drawn with."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel


def averaged(model: nn.Module, decay: float) -> AveragedModel:
    """torch's averaged copy of a model. Its decay ramps up from 0, so early samples do not show the first weights.

    Buffers (batch norm's statistics) are copied, not averaged.
    """
    return AveragedModel(model, multi_avg_fn=_ramped(decay))


def _ramped(decay: float) -> Callable[[Iterable[Tensor], Iterable[Tensor], Tensor | int], None]:
    @torch.no_grad()
    def update(averages: Iterable[Tensor], current: Iterable[Tensor], count: Tensor | int) -> None:
        n = int(count)
        torch._foreach_lerp_(list(averages), list(current), 1.0 - min(decay, (1 + n) / (10 + n)))

    return update
