"""Whatever the order, repeats, batches and crashes, the same tables come out."""

import random
import zlib

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalogue.sink_case import Raw, SinkCase
from tests.fakes.releases import document, raw_record, takedown, track
from tests.unit.consumer.test_shelf import VERSIONS


class AnyOrderTest(SinkCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(VERSIONS, st.randoms(use_true_random=False), st.integers(0, 8), st.integers(1, 6), st.integers(0, 3))
    def test_any_order_and_any_crash_end_in_the_same_tables(
        self, versions: dict[tuple[int, int], bool], rng: random.Random, again: int, size: int, crashes: int
    ) -> None:
        records: list[Raw] = [
            raw_record(takedown(*key) if is_gone else document(*key, tracks=[track(key[1]), track(100 + key[0])]))
            for key, is_gone in sorted(versions.items(), key=lambda each: each[0][1])
        ]
        self.connection.close()
        self.begin()
        self.store(records)
        in_order = self.tables()
        shuffled = [*records, *rng.choices(records, k=again)]
        rng.shuffle(shuffled)
        self.connection.close()
        self.begin()
        self.sink.crashes = crashes
        for start in range(0, len(shuffled), size):
            self.store(shuffled[start : start + size], start)
        self.assertEqual(self.tables(), in_order)
        self.assertEqual(len(self.outcomes()), len(shuffled))

    def test_late_news_about_a_dead_album(self) -> None:
        """G25, and the feed's own case: changed, new and deleted, in every order."""
        self.store([raw_record(document(1, 3)), raw_record(takedown(1, 5)), raw_record(document(1, 4))])
        self.store([raw_record(document(1, 3))], 3)
        self.assertEqual(self.outcomes(), ["applied", "applied", "older", "older"])
        ((_, version, state, _, _),), tracks, _ = self.tables()
        self.assertEqual((version, state, tracks), (5, "takedown", []))
        self.store([raw_record(document(1, 6, title="Back"))], 4)
        ((_, version, state, _, packed),), tracks, _ = self.tables()
        self.assertEqual((version, state, tracks), (6, "live", [(100, 1)]))
        self.assertEqual(orjson.loads(zlib.decompress(packed))["title"], "Back")

    def test_a_track_that_moves_is_on_the_release_that_changed_last(self) -> None:
        self.store([raw_record(document(1, 1, tracks=[track(7)])), raw_record(document(2, 1, tracks=[track(7)]))])
        self.store([raw_record(document(1, 2, tracks=[track(8)]))], 2)
        self.assertEqual(self.tables()[1], [(7, 2), (8, 1)])
