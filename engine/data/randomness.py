"""What is random in a step: which images, and the numbers drawn for them. The same for any number of ranks.

The order of the images is an endless row of permutations of the dataset, one an epoch, of which each step takes the
next batch: every image comes once an epoch, and none is left out. Random numbers are drawn for the whole batch of all
ranks, and each rank keeps those of its own images; so a run on two ranks is the run on one with twice the batch.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor


class ShuffledOrder:
    """The order in which a dataset of `count` images is trained on, from its seed alone."""

    def __init__(self, count: int, seed: int, device: torch.device | str = "cpu") -> None:
        self._count, self._seed, self._device = count, seed, device
        self._epoch, self._order = -1, torch.empty(0)

    def rows(self, start: int, stop: int) -> Tensor:
        """(stop - start,) rows of the dataset, the images number `start` to `stop` that training sees."""
        parts = []
        while start < stop:
            epoch, place = divmod(start, self._count)
            taken = min(stop - start, self._count - place)
            parts.append(self._permutation(epoch)[place : place + taken])
            start += taken
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    def batches(self, start: int, size: int, part: slice | None = None) -> Iterator[Tensor]:
        """The rows of each batch of `size` from image number `start` on, for ever; `part` of each where it is given."""
        while True:
            rows = self.rows(start, start + size)
            yield rows if part is None else rows[part]
            start += size

    def _permutation(self, epoch: int) -> Tensor:
        if epoch != self._epoch:
            generator = torch.Generator().manual_seed(self._seed + epoch + 1)
            self._order = torch.randperm(self._count, generator=generator).to(self._device)
            self._epoch = epoch
        return self._order


class Draws:
    """Random numbers for one batch of `count` images over all ranks, of which `part` are this rank's."""

    def __init__(self, generator: torch.Generator, count: int, part: slice | None = None) -> None:
        self.generator, self.count, self.part = generator, count, part

    def _own(self, drawn: Tensor) -> Tensor:
        return drawn if self.part is None else drawn[self.part]

    def normal(self, *shape: int) -> Tensor:
        """(B, *shape) of the standard normal distribution."""
        return self._own(torch.randn((self.count, *shape), generator=self.generator, device=self.generator.device))

    def uniform(self, *shape: int) -> Tensor:
        """(B, *shape) in [0, 1)."""
        return self._own(torch.rand((self.count, *shape), generator=self.generator, device=self.generator.device))

    def integers(self, high: int) -> Tensor:
        """(B,) whole numbers in 0 … high - 1."""
        return self._own(torch.randint(high, (self.count,), generator=self.generator, device=self.generator.device))
