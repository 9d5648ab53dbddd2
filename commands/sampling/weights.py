"""Draws from a list in which some entries are more likely than others."""

import itertools
import random
from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Values with a weight each; the sums are made once, so that a draw is quick."""

    def __init__(self, pairs: Iterable[tuple[T, float]]) -> None:
        values, weights = zip(*pairs, strict=True)
        self._values: Sequence[T] = values
        self._sums = list(itertools.accumulate(weights))

    def draw(self, rng: random.Random, count: int) -> list[T]:
        """`count` values, each drawn on its own."""
        return rng.choices(self._values, cum_weights=self._sums, k=count)


def zipf(values: Iterable[T], exponent: float) -> Weighted[T]:
    """Weights by rank, the first value being the most likely: a few hits, and a long tail."""
    return Weighted((value, rank**-exponent) for rank, value in enumerate(values, start=1))
