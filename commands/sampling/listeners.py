"""The listeners of a sample: each has an id, a country and a player, and a few of them play much."""

import base64
import random
from collections.abc import Sequence
from typing import NamedTuple

from commands.sampling.habits import USER_AGENTS
from commands.sampling.weights import Weighted, zipf

#: Below 1: heavy listeners exist, but none plays as much as the top track is played.
EXPONENT = 0.7


class Listener(NamedTuple):
    """Who plays."""

    user_id: str
    country: str
    user_agent: str


def make_listeners(rng: random.Random, count: int, countries: Sequence[tuple[str, float]]) -> Weighted[Listener]:
    """`count` listeners, spread over the countries by weight.

    The ids are opaque and tell upper from lower case, as those of real partners do.
    """
    ids = (base64.urlsafe_b64encode(rng.randbytes(15)).decode("ascii") for _ in range(count))
    where = Weighted(countries).draw(rng, count)
    players = Weighted(USER_AGENTS).draw(rng, count)
    return zipf((Listener(*facts) for facts in zip(ids, where, players, strict=True)), EXPONENT)
