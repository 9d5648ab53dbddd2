"""Several processes, each with a cache, and what they share: none gives what it knows to be over."""

import unittest
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.tracks.cache import AnswerCache
from app.tracks.shared import SharedAnswers
from tests.fakes.hand_clock import RunningClock
from tests.unit.app.test_answer_cache import NOW, answer

RELEASES = (1, 2)


class Process:
    """A cache, what its follower has seen of each release, and answers that are being made."""

    def __init__(self, clock: RunningClock, shared: SharedAnswers) -> None:
        self.cache = AnswerCache(clock, most=2, shared=shared)
        self.seen = dict.fromkeys(RELEASES, 0)
        self.pending: list[tuple[int, float, int]] = []

    def begins(self, release_id: int, version: int) -> None:
        self.pending.append((release_id, self.cache.tick, version))

    def ends(self) -> None:
        if self.pending:
            release_id, tick, version = self.pending.pop(0)
            self.cache.put(release_id, answer(release_id, body=b"%d" % version), tick)

    def looks(self, versions: dict[int, int]) -> None:
        self.cache.evict([each for each in RELEASES if versions[each] > self.seen[each]])
        self.seen = dict(versions)

    def given(self, release_id: int) -> int | None:
        """The version of the answer that it gives."""
        kept = self.cache.get(release_id, NOW)
        return int(kept.body) if kept else None


class SharedByProcessesTest(unittest.TestCase):
    def setUp(self) -> None:
        self.clock, self.shared = RunningClock(), SharedAnswers(64 * 1024)
        self.one, self.other = (AnswerCache(self.clock, shared=self.shared) for _ in range(2))

    def test_what_one_made_the_other_gives(self) -> None:
        made = answer(1, body=b"made once", changes_at=NOW)
        self.one.put("key", made, self.one.tick)
        self.assertIsNone(self.other.get("key", NOW))
        self.assertEqual(self.other.get("key", NOW - timedelta(seconds=1)), made)
        self.assertEqual(len(self.other), 1)

    def test_what_was_made_before_the_other_began_is_nothing_to_it(self) -> None:
        """What it doesn't know of may have changed meanwhile."""
        self.one.put("key", answer(1), self.one.tick)
        late = AnswerCache(self.clock, shared=self.shared)
        self.assertIsNone(late.get("key", NOW))

    def test_after_a_clearing_nothing_of_before_comes_back(self) -> None:
        self.one.put("key", answer(1), self.one.tick)
        self.other.clear()
        self.assertIsNone(self.other.get("key", NOW))
        self.one.put("key", answer(1), self.one.tick)
        self.assertIsNotNone(self.other.get("key", NOW))

    def test_what_isnt_kept_isnt_left_for_others(self) -> None:
        tick = self.one.tick
        self.one.evict([1])
        self.one.put("key", answer(1), tick)
        self.assertIsNone(self.other.get("key", NOW))

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["begin", "end", "look", "change"]), st.integers(0, 2), st.sampled_from(RELEASES)
            ),
            max_size=60,
        )
    )
    def test_in_any_interleaving_no_process_gives_what_it_knows_to_be_over(
        self, steps: list[tuple[str, int, int]]
    ) -> None:
        clock, shared = RunningClock(), SharedAnswers(64 * 1024)
        processes = [Process(clock, shared) for _ in range(3)]
        versions = dict.fromkeys(RELEASES, 0)
        for what, which, release_id in steps:
            process = processes[which]
            if what == "begin":
                process.begins(release_id, versions[release_id])
            elif what == "end":
                process.ends()
            elif what == "look":
                process.looks(versions)
            else:
                versions[release_id] += 1
            for each in processes:
                for number in RELEASES:
                    given_version = each.given(number)
                    self.assertTrue(given_version is None or given_version >= each.seen[number])
        for each in processes:
            each.looks(versions)
        for each in processes:
            for number in RELEASES:
                self.assertIn(each.given(number), (None, versions[number]))
