"""Kept answers: never one that was made before its release changed, however the threads meet."""

import unittest
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.formats import JSON
from app.tracks.answer import ANY_RELEASE, Answer
from app.tracks.cache import REMEMBERED_EVICTIONS, AnswerCache
from tests.fakes.hand_clock import RunningClock

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def answer(*release_ids: int, body: bytes = b"{}", changes_at: datetime | None = None) -> Answer:
    """An answer made from some releases."""
    return Answer(200, body, JSON, '"e"', changes_at, release_ids, 1, "")


class AnswerCacheTest(unittest.TestCase):
    def setUp(self) -> None:
        self.cache = AnswerCache(RunningClock(), most=10)

    def test_an_answer_is_true_until_its_release_changes(self) -> None:
        self.cache.put("one", answer(1), self.cache.tick)
        self.cache.put("both", answer(1, 2), self.cache.tick)
        self.cache.evict([2])
        self.assertIsNotNone(self.cache.get("one", NOW))
        self.assertIsNone(self.cache.get("both", NOW))

    def test_an_answer_is_true_until_a_right_changes(self) -> None:
        self.cache.put("one", answer(1, changes_at=NOW), self.cache.tick)
        self.assertIsNone(self.cache.get("one", NOW))
        self.assertIsNotNone(self.cache.get("one", NOW - timedelta(microseconds=1)))

    def test_what_was_read_before_the_change_isnt_kept_after_it(self) -> None:
        tick = self.cache.tick
        self.cache.evict([1])  # The release changes while the answer is made.
        self.cache.put("one", answer(1), tick)
        self.assertIsNone(self.cache.get("one", NOW))
        self.cache.put("other", answer(2), tick)
        self.assertIsNotNone(self.cache.get("other", NOW))

    def test_that_nothing_was_there_is_kept_until_anything_comes(self) -> None:
        self.cache.put("nothing", answer(ANY_RELEASE), self.cache.tick)
        self.cache.evict([7])
        self.assertIsNone(self.cache.get("nothing", NOW))

    def test_after_a_clearing_nothing_of_before_comes_back(self) -> None:
        tick = self.cache.tick
        self.cache.put("one", answer(1), tick)
        self.cache.clear()
        self.cache.put("two", answer(2), tick)
        self.assertIsNone(self.cache.get("one", NOW))
        self.assertIsNone(self.cache.get("two", NOW))

    def test_it_never_holds_more_than_it_may_and_drops_the_oldest(self) -> None:
        for number in range(25):
            self.cache.put(number, answer(number % 3 + 1), self.cache.tick)
        self.assertLessEqual(len(self.cache), 10)
        self.assertIsNotNone(self.cache.get(24, NOW))
        self.assertIsNone(self.cache.get(0, NOW))

    def test_what_is_asked_for_again_outlives_what_was_asked_for_once(self) -> None:
        self.cache.put("hit", answer(1), self.cache.tick)
        for number in range(100):
            self.assertIsNotNone(self.cache.get("hit", NOW), number)
            self.cache.put(number, answer(2), self.cache.tick)
        self.assertLessEqual(len(self.cache), 10)
        # What was spared still ends with its release.
        self.cache.evict([1])
        self.assertIsNone(self.cache.get("hit", NOW))

    def test_when_all_are_used_the_oldest_goes(self) -> None:
        for number in range(10):
            self.cache.put(number, answer(number + 1), self.cache.tick)
            self.cache.get(number, NOW)
        self.cache.put("new", answer(11), self.cache.tick)
        kept = [key for key in (*range(10), "new") if self.cache.get(key, NOW)]
        self.assertEqual(kept, [*range(1, 10), "new"])

    def test_forgotten_evictions_forbid_old_answers(self) -> None:
        tick = self.cache.tick
        for number in range(1, REMEMBERED_EVICTIONS + 3):
            self.cache.evict([number])
        self.cache.put("one", answer(1), tick)
        self.assertIsNone(self.cache.get("one", NOW))

    @given(st.lists(st.tuples(st.sampled_from(["read", "put", "change"]), st.integers(1, 3)), max_size=40))
    def test_in_any_interleaving_no_answer_is_older_than_its_release(self, steps: list[tuple[str, int]]) -> None:
        cache = AnswerCache(RunningClock(), most=2)
        versions = dict.fromkeys((1, 2, 3), 0)
        pending: list[tuple[int, float, bytes]] = []
        for what, release_id in steps:
            if what == "read":
                pending.append((release_id, cache.tick, b"%d" % versions[release_id]))
            elif what == "put" and pending:
                number, tick, body = pending.pop()
                cache.put(number, answer(number, body=body), tick)
            elif what == "change":
                versions[release_id] += 1
                cache.evict([release_id])
            for number, version in versions.items():
                kept = cache.get(number, NOW)
                self.assertIn(kept and kept.body, (None, b"%d" % version))
