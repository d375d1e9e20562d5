"""Several processes that train one run: who they are, what they agree on, and what is the same on all of them.

`torchrun` starts the processes and tells each its place. Rank 0 writes the run's folder; the others compute. A rank
that is lost breaks the connections of the others, or lets their next agreement time out, so that none waits for ever.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

LOST_AFTER = timedelta(seconds=45)  # without an answer in the middle of a step, a rank is lost
PATIENCE = timedelta(hours=6)  # for what rank 0 does alone while the others wait: reading, sampling, measuring


@dataclass(frozen=True)
class Ranks:
    """This process among those that train the run: number `rank` of `count`, number `local` on its machine."""

    rank: int = 0
    count: int = 1
    local: int = 0
    patient: Any = None  # the group in which ranks wait for rank 0

    @property
    def main(self) -> bool:
        """Whether this process writes the run's folder and speaks to the person."""
        return self.rank == 0

    @property
    def part(self) -> slice | None:
        """Which of every `count` images of a batch are this rank's; None for all of them."""
        return slice(self.rank, None, self.count) if self.count > 1 else None

    def agree(self, *wishes: bool) -> tuple[bool, ...]:
        """For each wish whether any rank has it. All ranks get the same answers."""
        if self.count == 1:
            return wishes
        asked = torch.tensor(wishes, dtype=torch.uint8)
        dist.all_reduce(asked, dist.ReduceOp.MAX)
        return tuple(bool(a) for a in asked)

    def mean(self, values: Tensor) -> Tensor:
        """The mean over all ranks."""
        if self.count == 1:
            return values
        total = values.clone()
        dist.all_reduce(total)
        return total / self.count

    def from_main(self, value: Any) -> Any:
        """Rank 0's value on every rank; the others wait for it."""
        if self.count == 1:
            return value
        box = [value]
        dist.broadcast_object_list(box, src=0, group=self.patient)
        return box[0]

    def wait(self) -> None:
        """Wait until every rank is here, however long rank 0 works alone."""
        if self.count > 1:
            dist.barrier(group=self.patient)

    @contextmanager
    def main_first(self) -> Iterator[None]:
        """Rank 0 enters before the others: what it downloads they find."""
        if not self.main:
            self.wait()
        try:
            yield
        finally:
            if self.main:
                self.wait()

    def wrap(self, objective: nn.Module) -> nn.Module:
        """The module with gradients averaged over all ranks."""
        trained = any(p.requires_grad for p in objective.parameters())
        return DistributedDataParallel(objective, broadcast_buffers=False) if self.count > 1 and trained else objective

    def synced(self, model: nn.Module, device: torch.device) -> nn.Module:
        """The model with batch normalisation over the batches of all ranks together."""
        if self.count == 1:
            return model
        if device.type == "cuda":
            converted: nn.Module = nn.SyncBatchNorm.convert_sync_batchnorm(model)  # type: ignore[no-untyped-call]
            return converted
        for name, child in model.named_children():
            if isinstance(child, nn.BatchNorm2d):
                setattr(model, name, SyncedBatchNorm.of(child))
            else:
                self.synced(child, device)
        return model


@contextmanager
def connected(cuda: bool) -> Iterator[Ranks]:
    """The ranks torchrun started, connected; the one process itself where torchrun did not. Leaves them at the end."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count == 1:
        yield Ranks()
        return
    rank, local = int(os.environ["RANK"]), int(os.environ["LOCAL_RANK"])
    if cuda:
        torch.cuda.set_device(local)
    dist.init_process_group("cpu:gloo,cuda:nccl" if cuda else "gloo", timeout=LOST_AFTER)
    try:
        yield Ranks(rank, count, local, dist.new_group(backend="gloo", timeout=PATIENCE))
    finally:
        dist.destroy_process_group()


def lost(error: BaseException) -> bool:
    """Whether an error says that another rank does not answer."""
    return isinstance(error, dist.DistError) or "gloo" in str(error).lower() or "nccl" in str(error).lower()


class SyncedBatchNorm(nn.BatchNorm2d):
    """Batch normalisation over the batches of all ranks, on any device: torch's SyncBatchNorm is for GPUs alone."""

    @classmethod
    def of(cls, norm: nn.BatchNorm2d) -> SyncedBatchNorm:
        """The same layer, with the same weights and statistics."""
        made = cls(norm.num_features, norm.eps, norm.momentum, norm.affine, norm.track_running_stats)
        made.load_state_dict(norm.state_dict())
        return made.to(next(norm.parameters()).device)

    def forward(self, input: Tensor) -> Tensor:
        if not self.training or not dist.is_initialized():
            return super().forward(input)
        x = input.float()
        count = x.numel() // x.shape[1] * dist.get_world_size()
        mean = _summed(x.sum(dim=(0, 2, 3))) / count
        centred = x - mean[:, None, None]
        variance = _summed(centred.square().sum(dim=(0, 2, 3))) / count
        assert self.running_mean is not None and self.running_var is not None and self.num_batches_tracked is not None
        with torch.no_grad():
            momentum = self.momentum or 0.1
            self.running_mean.lerp_(mean, momentum)
            self.running_var.lerp_(variance * (count / max(1, count - 1)), momentum)
            self.num_batches_tracked.add_(1)
        scale = self.weight * (variance + self.eps).rsqrt()
        return (centred * scale[:, None, None] + self.bias[:, None, None]).to(input.dtype)


class _Sum(torch.autograd.Function):
    """The sum over all ranks; its gradient is the sum of theirs."""

    @staticmethod
    def forward(ctx: Any, values: Tensor) -> Tensor:
        total = values.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        total = gradient.contiguous().clone()
        dist.all_reduce(total)
        return total


def _summed(values: Tensor) -> Tensor:
    total: Tensor = _Sum.apply(values)
    return total
