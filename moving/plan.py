"""What is moved: the map that every nginx follows, as one immutable value with a number."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

#: What ours answers, and so what can be moved (app.tracks.making.READERS; a test compares them).
PATHS = ("/1.2/track/details", "/1.2/track/details/batch", "/1.2/release/details", "/1.2/release/tracks")
#: The path whose query names one track.
PATH_OF_TRACK = "/1.2/track/details"
#: By whom a share is told apart: each client is wholly in or out, or each track is.
STICKY = ("client", "track")
#: Of the requests that could be compared, in percent.
DEFAULT_SHADOW = 10.0
#: nginx's split_clients counts in hundredths of a percent.
LEAST_SHARE, MOST_SHARE = 0.01, 100.0

_CLIENT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TRACK = re.compile(r"[1-9][0-9]{0,9}")


class BadPlan(ValueError):
    """A move that can't be: the message names what is wrong, and what is possible."""


@dataclass(frozen=True)
class Move:
    """One entry of the map: of the requests to `path`, of one client, for one track, this share goes to ours.

    `number` is the version that added it. A client or track of None stands for each.
    """

    number: int
    path: str
    client: str | None = None
    track: str | None = None
    share: float = MOST_SHARE
    by: str = "client"

    def __post_init__(self) -> None:
        if self.path not in PATHS:
            raise BadPlan(f"{self.path} can't be moved: ours answers {', '.join(PATHS)}")
        if self.client is not None and not _CLIENT.fullmatch(self.client):
            raise BadPlan(f"{self.client!r} is no client's name")
        if self.track is not None and not _TRACK.fullmatch(self.track):
            raise BadPlan(f"{self.track!r} is no track's id: a whole number without leading zeros")
        if self.track is not None and self.path != PATH_OF_TRACK:
            raise BadPlan(f"only {PATH_OF_TRACK} names one track: leave --track away, or move that path")
        if self.by not in STICKY:
            raise BadPlan(f"a share is by {' or by '.join(STICKY)}")
        if not LEAST_SHARE <= self.share <= MOST_SHARE or round(self.share, 2) != self.share:
            raise BadPlan(f"a share is from {LEAST_SHARE} to {MOST_SHARE:g} percent, with two decimals at most")
        if self.share < MOST_SHARE:
            self._refuse_share_of_one()

    def _refuse_share_of_one(self) -> None:
        if self.by == "client" and self.client is not None:
            raise BadPlan("a share of one client is by track: one client is wholly in or out otherwise")
        if self.by == "track" and self.track is not None:
            raise BadPlan("one track is wholly in or out: a share of its clients is by client")
        if self.by == "track" and self.path != PATH_OF_TRACK:
            raise BadPlan(f"only {PATH_OF_TRACK} names one track: a share of another path is by client")

    @property
    def scope(self) -> tuple[str, str | None, str | None]:
        """What it is about; no two moves of a plan have the same."""
        return (self.path, self.client, self.track)

    @property
    def is_whole(self) -> bool:
        return self.client is None and self.track is None and self.share == MOST_SHARE

    def about(self) -> str:
        """In words."""
        of = f" of {self.client}" if self.client else ""
        track = f" for track {self.track}" if self.track else ""
        share = "" if self.share == MOST_SHARE else f", {self.share:g} % by {self.by}"
        return f"{self.path}{of}{track}{share}"


@dataclass(frozen=True)
class Plan:
    """A version of the map. `shadow` is the share of comparable requests that are compared, in percent."""

    version: int = 0
    moves: tuple[Move, ...] = ()
    shadow: float = DEFAULT_SHADOW

    def find(self, path: str, client: str, track: str) -> Move | None:
        """The move that decides about a request, whatever its share: the one that says most about it."""
        by_scope = {move.scope: move for move in self.moves}
        # nginx asks in the same order (moving/render.py).
        scopes = ((path, client, track), (path, client, None), (path, None, track), (path, None, None))
        return next((by_scope[scope] for scope in scopes if scope in by_scope), None)

    def move(self, number: int) -> Move:
        """The move of that number. Raises BadPlan."""
        for move in self.moves:
            if move.number == number:
                return move
        known = ", ".join(str(move.number) for move in self.moves) or "nothing is moved"
        raise BadPlan(f"there is no move {number}: {known}")

    def with_move(self, move: Move) -> "Plan":
        """With one more. Raises BadPlan when there is one about the same."""
        for other in self.moves:
            if other.scope == move.scope:
                raise BadPlan(
                    f"move {other.number} is about the same ({other.about()}): change its ratio, or remove it"
                )
        return replace(self, version=self.version + 1, moves=(*self.moves, move))

    def with_share(self, number: int, share: float, by: str | None = None) -> "Plan":
        """With another share of one move. Raises BadPlan."""
        before = self.move(number)
        changed = replace(before, share=share, by=by or before.by)
        moves = tuple(changed if move.number == number else move for move in self.moves)
        return replace(self, version=self.version + 1, moves=moves)

    def without(self, numbers: Iterable[int]) -> "Plan":
        """Without those moves. Raises BadPlan for one that isn't there."""
        gone = {self.move(number).number for number in numbers}
        return replace(
            self, version=self.version + 1, moves=tuple(move for move in self.moves if move.number not in gone)
        )

    def with_shadow(self, share: float) -> "Plan":
        """With another share of compared requests, in percent; 0 for none. Raises BadPlan."""
        if not 0 <= share <= MOST_SHARE or round(share, 2) != share:
            raise BadPlan("the compared share is from 0 to 100 percent, with two decimals at most")
        return replace(self, version=self.version + 1, shadow=share)


def natural_by(path: str, client: str | None, track: str | None) -> str:
    """What a share of a move is told apart by, where nobody says: one client's can only be of its tracks."""
    return "track" if client is not None and track is None and path == PATH_OF_TRACK else "client"


def plan_bytes(plan: Plan) -> bytes:
    """As the database keeps it."""
    moves = [
        {
            "number": move.number,
            "path": move.path,
            "client": move.client,
            "track": move.track,
            "share": move.share,
            "by": move.by,
        }
        for move in plan.moves
    ]
    return orjson.dumps({"shadow": plan.shadow, "moves": moves}, option=orjson.OPT_SORT_KEYS)


def read_plan(version: int, data: bytes | str) -> Plan:
    """What plan_bytes wrote. Raises BadPlan for anything else."""
    try:
        found: Mapping[str, Any] = orjson.loads(data)
        moves = tuple(Move(**each) for each in found["moves"])
        return Plan(version, moves, float(found["shadow"]))
    except (ValueError, TypeError, KeyError) as error:
        raise BadPlan(f"version {version} of the map can't be read: {error}") from None


@dataclass(frozen=True)
class Step:
    """One version of the map, and why there is one: who did what, for which reason, by what evidence."""

    plan: Plan
    action: str
    about: str
    operator: str
    reason: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
