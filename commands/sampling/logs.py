"""Puts listeners, tracks and moments together: an endless, repeatable stream of play logs for `playlog sample`."""

import base64
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from commands.sampling.habits import (
    DURATIONS,
    END_REASONS,
    FORMATS,
    PLAY_MODES,
    PLAY_TYPES,
    SECONDS_AS_TEXT,
    TIME_FORMS,
    TRACK_ID_AS_TEXT,
    TRACKS_A_RELEASE,
)
from commands.sampling.listeners import Listener
from commands.sampling.times import HOUR_MICROSECONDS, WRITERS, hours_ago
from commands.sampling.weights import Weighted

#: Draws are made for so many logs at a time, which is several times quicker than one by one.
CHUNK = 1000

MODES, TYPES, LENGTHS, FORMS = Weighted(PLAY_MODES), Weighted(PLAY_TYPES), Weighted(DURATIONS), Weighted(TIME_FORMS)
ENDS, STREAM_FORMATS = Weighted(END_REASONS), Weighted(FORMATS)

STREAMS = ("preview", "subscription", "catalogue")


@dataclass(frozen=True)
class SamplePlan:
    """What to make logs of. The same plan gives the same logs."""

    seed: int
    now: datetime
    days_back: int
    tracks: Weighted[int]
    listeners: Weighted[Listener]
    with_ids: bool = False


def logs_of(stream: str, plan: SamplePlan) -> Iterator[dict[str, Any]]:
    """Endless logs of a stream, in the contract's names.

    Those of the two other streams are the same plays as previews', with a release, a format, and how they ended. Each
    has its listener and its country, which `playlog send` puts into the query there.
    """
    if stream == "preview":
        yield from preview_logs(plan)
    rng = random.Random(f"{stream} {plan.seed}")
    logs = preview_logs(plan)
    while True:
        for reason, form in zip(ENDS.draw(rng, CHUNK), STREAM_FORMATS.draw(rng, CHUNK), strict=True):
            item = next(logs)
            item.pop("playType", None)
            item |= {"releaseId": (int(item["trackId"]) - 1) // TRACKS_A_RELEASE + 1, "formatId": form}
            if stream == "catalogue":
                del item["playMode"]
                item["endReason"] = reason if int(item["totalTimePlayed"]) else "other"
            yield item


def preview_logs(plan: SamplePlan) -> Iterator[dict[str, Any]]:
    """Endless logs of the preview stream, in the contract's names."""
    rng = random.Random(f"logs {plan.seed}")
    # The ids depend on `now` as well: another day's sample of the same seed has other logs, so other ids.
    ids = random.Random(f"ids {plan.seed} {plan.now.isoformat()}")
    hours = hours_ago(plan.now, plan.days_back)
    while True:
        chunk = zip(
            plan.listeners.draw(rng, CHUNK),
            plan.tracks.draw(rng, CHUNK),
            hours.draw(rng, CHUNK),
            LENGTHS.draw(rng, CHUNK),
            FORMS.draw(rng, CHUNK),
            MODES.draw(rng, CHUNK),
            TYPES.draw(rng, CHUNK),
            strict=True,
        )
        for listener, track, hour, (shortest, longest), form, mode, kind in chunk:
            seconds = shortest if shortest == longest else rng.randint(shortest, longest)
            item: dict[str, Any] = {"id": _id(ids)} if plan.with_ids else {}
            item |= {
                "userId": listener.user_id,
                "country": listener.country,
                "trackId": str(track) if rng.random() < TRACK_ID_AS_TEXT else track,
                "dateTimePlayed": WRITERS[form](_moment(plan.now, hour, seconds, rng), rng),
                "totalTimePlayed": str(seconds) if rng.random() < SECONDS_AS_TEXT else seconds,
                "userAgent": listener.user_agent,
                "playMode": mode,
            }
            if kind is not None:
                item["playType"] = kind
            yield item


def _moment(now: datetime, hour: int, seconds: int, rng: random.Random) -> datetime:
    """When a play began: within its hour, and so long ago that it can have ended by now."""
    ago = max(hour * HOUR_MICROSECONDS + int(rng.random() * HOUR_MICROSECONDS), (seconds + 1) * 1_000_000)
    return now.astimezone(UTC) - timedelta(microseconds=ago)


def _id(rng: random.Random) -> str:
    return base64.urlsafe_b64encode(rng.randbytes(15)).decode("ascii")
