"""What the topic says a region must hold: as the sink itself would make it, from headers alone."""

import random
import unittest
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from catalogue.proof.log import LogState
from catalogue.proof.region_leg import Held, RegionState, compare_with_log
from common.catalogue import MarkRecord, mark_record
from tests.fakes.releases import document, raw_record, record, takedown
from tests.unit.consumer.test_shelf import VERSIONS, ends_as, records_of

MOMENT = datetime(2026, 11, 27, tzinfo=UTC)


def state_of(*found: tuple[bytes, list[tuple[str, bytes]]]) -> LogState:
    """The state after these records of partition 0."""
    state = LogState()
    for offset, (value, headers) in enumerate(found):
        state.take(0, offset, headers, value)
    return state


def mark(kind: str, load_no: int) -> tuple[bytes, list[tuple[str, bytes]]]:
    """A mark of a load."""
    value, headers = mark_record(MarkRecord(kind, 1, load_no, MOMENT, 0, 0, 1, b""))
    return value, headers


class LogStateTest(unittest.TestCase):
    @given(VERSIONS, st.randoms(use_true_random=False))
    def test_it_ends_as_the_sink_does(self, versions: dict[tuple[int, int], bool], rng: random.Random) -> None:
        found = [raw_record(takedown(*key) if is_gone else document(*key)) for key, is_gone in versions.items()]
        rng.shuffle(found)
        state = state_of(*found)
        rows, _, _ = ends_as(records_of(versions))
        self.assertEqual(
            {key: (each.version, each.digest) for key, each in state.releases.items()},
            {key: (row[0], row[2]) for key, row in rows.items()},
        )

    def test_behind_a_load_what_it_didnt_name_is_gone(self) -> None:
        before = [raw_record(document(number, 1)) for number in (1, 2, 3)]
        during = [raw_record(document(2, 1)), raw_record(document(4, 1))]
        state = state_of(*before, mark("begin", 5), *during, mark("end", 5))
        self.assertEqual(sorted(state.releases), [2, 4])

    def test_an_end_whose_begin_is_cut_off_takes_nothing_away(self) -> None:
        state = state_of(raw_record(document(1, 1)), mark("end", 5))
        self.assertEqual(sorted(state.releases), [1])

    def test_what_nobody_can_read_changes_nothing(self) -> None:
        state = state_of(raw_record(document(1, 1)), (b"\xff\xfe", []), (b"{}", [("release", b"x"), ("digest", b"00")]))
        self.assertEqual(sorted(state.releases), [1])


class CompareTest(unittest.TestCase):
    def test_each_kind_of_difference_is_named(self) -> None:
        log = state_of(*(raw_record(document(number, 2)) for number in (1, 2, 3, 4)))
        right = record(document(1, 2)).digest
        held = {
            1: Held(2, "live", right, 0),
            2: Held(1, "live", record(document(2, 1)).digest, 0),
            3: Held(2, "live", b"x" * 32, 0),
            5: Held(1, "live", b"y" * 32, 0),
            6: Held(1, "ghost", b"z" * 32, 0),
        }
        found = compare_with_log(RegionState(held=held), log)
        self.assertEqual([each.release_id for each in found], [2, 3, 4, 5])
        for each, part in zip(found, ("another version", "another content", "not in the region", "never"), strict=True):
            self.assertIn(part, each.what)
