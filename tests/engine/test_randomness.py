"""What is random in a step: every image once an epoch, and the same numbers for any number of ranks."""

from __future__ import annotations

from itertools import islice

import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.data.randomness import Draws, ShuffledOrder


@given(st.integers(1, 50), st.integers(1, 60), st.integers(0, 5))
def test_every_image_comes_once_an_epoch_whatever_the_batch(count: int, size: int, seed: int) -> None:
    batches = islice(ShuffledOrder(count, seed).batches(0, size), 3 * count // size + 1)
    seen = torch.cat(list(batches)).tolist()
    for epoch in range(len(seen) // count):
        assert sorted(seen[epoch * count : (epoch + 1) * count]) == list(range(count))


@given(st.integers(2, 40), st.integers(0, 100), st.integers(1, 8), st.integers(1, 4))
def test_ranks_share_each_batch_without_overlap(count: int, start: int, each: int, ranks: int) -> None:
    size = each * ranks
    whole = next(ShuffledOrder(count, 3).batches(start, size))
    parts = [next(ShuffledOrder(count, 3).batches(start, size, slice(r, None, ranks))) for r in range(ranks)]
    assert all(len(part) == each for part in parts)
    assert torch.equal(torch.stack(parts, dim=1).flatten(), whole)


def test_an_order_begun_in_the_middle_goes_on_as_the_whole_would() -> None:
    whole = torch.cat(list(islice(ShuffledOrder(17, 1).batches(0, 4), 12)))
    late = torch.cat(list(islice(ShuffledOrder(17, 1).batches(20, 4), 7)))
    assert torch.equal(late, whole[20:])
    assert not torch.equal(whole[:17], whole[17:34]), "epochs differ"


@given(st.integers(1, 6), st.integers(1, 4))
def test_a_rank_draws_the_numbers_of_its_own_images(each: int, ranks: int) -> None:
    def draws(part: slice | None) -> list[torch.Tensor]:
        found = Draws(torch.Generator().manual_seed(4), each * ranks, part)
        return [found.normal(2, 3), found.uniform(), found.integers(1000)]

    whole = draws(None)
    parts = [draws(slice(r, None, ranks)) for r in range(ranks)]
    for i, numbers in enumerate(whole):
        assert torch.equal(torch.stack([part[i] for part in parts], dim=1).flatten(0, 1), numbers)
