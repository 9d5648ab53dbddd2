"""Whatever the order, and however often: a release ends as its highest version says, and the dead stay dead."""

import random
import unittest
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from common.catalogue import ReleaseRecord, add_to_sum
from consumer.catalogue.shelf import APPLIED, CONFLICT, GHOST, OLDER, SAME, Row, Shelf, Sum
from tests.fakes.releases import document, record, takedown

#: A history: of each release and version one content, a takedown now and then.
VERSIONS = st.dictionaries(st.tuples(st.integers(1, 4), st.integers(1, 6)), st.booleans(), min_size=1, max_size=12)


def records_of(versions: dict[tuple[int, int], bool]) -> list[ReleaseRecord]:
    """The records of a history; True is a takedown."""
    return [
        record(takedown(release_id, version) if is_gone else document(release_id, version))
        for (release_id, version), is_gone in versions.items()
    ]


def ends_as(records: Sequence[ReleaseRecord]) -> tuple[dict[int, tuple[int, str, bytes]], int, int]:
    """Rows and sums after records came in this order."""
    shelf = Shelf(Sum())
    for offset, each in enumerate(records):
        shelf.put(each, offset)
    rows = {row.release_id: (row.version, row.state, row.digest) for row in shelf.rows.values()}
    return rows, shelf.sum.releases, shelf.sum.digest_sum


class AnyOrderTest(unittest.TestCase):
    @given(VERSIONS, st.randoms(use_true_random=False), st.integers(0, 12))
    def test_any_order_and_any_duplication_end_in_the_same_rows(
        self, versions: dict[tuple[int, int], bool], rng: random.Random, again: int
    ) -> None:
        records = records_of(versions)
        in_order = sorted(records, key=lambda each: each.version)
        shuffled = [*records, *rng.choices(records, k=again)]
        rng.shuffle(shuffled)
        self.assertEqual(ends_as(in_order), ends_as(shuffled))
        rows, releases, digest_sum = ends_as(shuffled)
        newest = {each.release_id: each for each in in_order}
        self.assertEqual(
            {key: row[0] for key, row in rows.items()}, {key: each.version for key, each in newest.items()}
        )
        expected = 0
        for each in newest.values():
            expected = add_to_sum(expected, each.digest, None)
        self.assertEqual((releases, digest_sum), (len(newest), expected))

    @given(st.permutations([3, 5, 4, 3, 1, 2, 5]))
    def test_a_takedown_never_comes_back_by_a_late_message(self, order: list[int]) -> None:
        rows, _, _ = ends_as([record(takedown(1, 5) if each == 5 else document(1, each)) for each in order])
        self.assertEqual(rows[1][:2], (5, "takedown"))


class LateNewsTest(unittest.TestCase):
    """G25: late news about a dead album."""

    def test_what_is_late_changes_nothing_until_a_newer_version_comes(self) -> None:
        shelf = Shelf(Sum())
        said = [shelf.put(record(document(1, 3)), 0), shelf.put(record(takedown(1, 5)), 1)]
        said += [shelf.put(record(document(1, 4)), 2), shelf.put(record(document(1, 3)), 3)]
        self.assertEqual(said, [APPLIED, APPLIED, OLDER, OLDER])
        row = shelf.rows[1]
        self.assertEqual((row.version, row.state, row.seen_offset), (5, "takedown", 3))
        self.assertEqual(shelf.put(record(takedown(1, 5)), 4), SAME)
        self.assertEqual(shelf.put(record(document(1, 6)), 5), APPLIED)
        self.assertEqual((row.version, row.state), (6, "live"))

    def test_two_contents_of_one_version_are_a_conflict_and_the_first_stays(self) -> None:
        shelf = Shelf(Sum())
        shelf.put(record(document(1, 3)), 0)
        before = shelf.sum.digest_sum
        self.assertEqual(shelf.put(record(document(1, 3, title="other")), 1), CONFLICT)
        self.assertEqual((shelf.rows[1].digest, shelf.sum.digest_sum), (record(document(1, 3)).digest, before))

    def test_a_ghost_counts_again_when_a_newer_version_comes_and_not_before(self) -> None:
        old = record(document(1, 3))
        shelf = Shelf(Sum())
        shelf.know([Row(1, 3, GHOST, old.digest, 0)])
        self.assertEqual(shelf.put(old, 1), SAME)
        self.assertEqual((shelf.rows[1].state, shelf.sum.releases), (GHOST, 0))
        self.assertEqual(shelf.put(record(document(1, 4)), 2), APPLIED)
        self.assertEqual((shelf.rows[1].state, shelf.sum.releases), ("live", 1))
        self.assertEqual(shelf.sum.digest_sum, add_to_sum(0, shelf.rows[1].digest, None))
