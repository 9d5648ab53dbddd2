"""Answers that were given before: kept in the process until their release changes."""

import threading
from collections.abc import Hashable, Iterable
from datetime import datetime

from app.tracks.answer import ANY_RELEASE, Answer

#: Answers of a process; one takes about 4 kB.
MOST_ANSWERS = 20_000
#: A request that began before so many evictions keeps its answer to itself.
REMEMBERED_EVICTIONS = 5_000


class AnswerCache:
    """May be used from several threads. Who puts an answer says at which `tick` its releases were read.

    Between the reading and the putting the release may have changed, and have been evicted in vain: then the answer
    isn't kept.
    """

    def __init__(self, most: int = MOST_ANSWERS) -> None:
        self._most = most
        self._answers: dict[Hashable, Answer] = {}
        self._keys: dict[int, set[Hashable]] = {}
        self._evicted: dict[int, int] = {}
        self._forgotten_before = 0
        self._lock = threading.Lock()
        self.tick = 0

    def get(self, key: Hashable, now: datetime) -> Answer | None:
        """The answer, while it is true."""
        answer = self._answers.get(key)
        if answer is None or (answer.changes_at is not None and answer.changes_at <= now):
            return None
        return answer

    def put(self, key: Hashable, answer: Answer, tick: int) -> None:
        """Keeps an answer whose releases were read at the tick or later."""
        with self._lock:
            if tick < self._forgotten_before or any(self._evicted.get(each, -1) >= tick for each in answer.release_ids):
                return
            if len(self._answers) >= self._most:
                self._make_room()
            self._answers[key] = answer
            for release_id in answer.release_ids:
                self._keys.setdefault(release_id, set()).add(key)

    def evict(self, release_ids: Iterable[int]) -> None:
        """These releases have changed: whatever was made from them goes, and whatever said that there is nothing."""
        with self._lock:
            for release_id in (*release_ids, ANY_RELEASE):
                self._evicted[release_id] = self.tick
                for key in self._keys.pop(release_id, ()):
                    self._answers.pop(key, None)
            self.tick += 1
            if len(self._evicted) > REMEMBERED_EVICTIONS:
                self._evicted.clear()
                self._forgotten_before = self.tick

    def clear(self) -> None:
        """Nobody knows what has changed."""
        with self._lock:
            self._answers.clear()
            self._keys.clear()
            self._evicted.clear()
            self.tick += 1
            self._forgotten_before = self.tick

    def __contains__(self, key: Hashable) -> bool:
        return key in self._answers

    def __len__(self) -> int:
        return len(self._answers)

    def _make_room(self) -> None:
        """Drops the oldest tenth."""
        for key in list(self._answers)[: max(1, self._most // 10)]:
            answer = self._answers.pop(key)
            for release_id in answer.release_ids:
                keys = self._keys.get(release_id)
                if keys is not None:
                    keys.discard(key)
                    if not keys:
                        del self._keys[release_id]
