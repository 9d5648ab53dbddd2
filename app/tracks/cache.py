"""Answers that were given before, by this process or another: kept until their release changes."""

import threading
from collections.abc import Hashable, Iterable
from datetime import datetime

from app.tracks.answer import ANY_RELEASE, Answer
from app.tracks.shared import SharedAnswers
from common.clock import Clock

#: Answers of a process. One of 1,800 bytes takes 2,700 with all that is kept about it.
MOST_ANSWERS = 20_000
#: A request that began before so many evictions keeps its answer to itself.
REMEMBERED_EVICTIONS = 5_000
#: When a release was evicted of which no eviction is remembered.
NEVER = float("-inf")


class _Entry:
    """A kept answer, and whether it was given since it was put or last spared."""

    __slots__ = ("answer", "is_used")

    def __init__(self, answer: Answer) -> None:
        self.answer, self.is_used = answer, False


class AnswerCache:
    """May be used from several threads. When it is full, what nobody asked for again goes first.

    Who puts an answer says at which `tick` its releases were read. Between the reading and the putting the release may
    have changed, and have been evicted in vain: then the answer isn't kept.

    What other processes made is looked up in what they share, and is held to the same rule: a tick is a moment of the
    monotonic clock, which is the same for all of them.
    """

    def __init__(self, clock: Clock, most: int = MOST_ANSWERS, shared: SharedAnswers | None = None) -> None:
        self._clock, self._most, self._shared = clock, most, shared
        self._entries: dict[Hashable, _Entry] = {}
        self._keys: dict[int, set[Hashable]] = {}
        self._evicted: dict[int, float] = {}
        self._forgotten_before = clock.monotonic()
        self._lock = threading.Lock()

    @property
    def tick(self) -> float:
        """Now; to be taken before the releases are read."""
        return self._clock.monotonic()

    def get(self, key: Hashable, now: datetime) -> Answer | None:
        """The answer, while it is true."""
        entry = self._entries.get(key)
        if entry is None:
            return self._of_another(key, now)
        if _is_over(entry.answer, now):
            return None
        entry.is_used = True
        return entry.answer

    def put(self, key: Hashable, answer: Answer, tick: float) -> None:
        """Keeps an answer whose releases were read at the tick or later, and leaves it for the other processes."""
        if self._keep(key, answer, tick) and self._shared is not None:
            self._shared.put(key, answer, tick)

    def evict(self, release_ids: Iterable[int]) -> None:
        """These releases have changed: whatever was made from them goes, and whatever said that there is nothing."""
        with self._lock:
            moment = self._clock.monotonic()
            for release_id in (*release_ids, ANY_RELEASE):
                self._evicted[release_id] = moment
                for key in self._keys.pop(release_id, ()):
                    self._entries.pop(key, None)
            if len(self._evicted) > REMEMBERED_EVICTIONS:
                self._evicted.clear()
                self._forgotten_before = moment

    def clear(self) -> None:
        """Nobody knows what has changed."""
        with self._lock:
            self._entries.clear()
            self._keys.clear()
            self._evicted.clear()
            self._forgotten_before = self._clock.monotonic()

    def __len__(self) -> int:
        return len(self._entries)

    def _of_another(self, key: Hashable, now: datetime) -> Answer | None:
        found = None if self._shared is None else self._shared.get(key)
        if found is None or _is_over(found.answer, now) or not self._keep(key, found.answer, found.read_at):
            return None
        return found.answer

    def _keep(self, key: Hashable, answer: Answer, tick: float) -> bool:
        """Whether it may be kept: nothing that it was made from is known to have changed since."""
        with self._lock:
            if tick <= self._forgotten_before:
                return False
            if any(self._evicted.get(each, NEVER) >= tick for each in answer.release_ids):
                return False
            if len(self._entries) >= self._most:
                self._make_room()
            self._entries[key] = _Entry(answer)
            for release_id in answer.release_ids:
                self._keys.setdefault(release_id, set()).add(key)
            return True

    def _make_room(self) -> None:
        """Drops a tenth: of the oldest, what wasn't used; the others have a second chance (the clock algorithm)."""
        wanted = max(1, self._most // 10)
        while wanted:
            for key in list(self._entries):
                entry = self._entries.pop(key)
                if entry.is_used:
                    entry.is_used = False
                    self._entries[key] = entry
                    continue
                self._forget(key, entry.answer)
                wanted -= 1
                if not wanted:
                    return

    def _forget(self, key: Hashable, answer: Answer) -> None:
        for release_id in answer.release_ids:
            keys = self._keys.get(release_id)
            if keys is not None:
                keys.discard(key)
                if not keys:
                    del self._keys[release_id]


def _is_over(answer: Answer, now: datetime) -> bool:
    """A right has begun or ended since."""
    return answer.changes_at is not None and answer.changes_at <= now
