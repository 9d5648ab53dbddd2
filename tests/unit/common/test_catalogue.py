"""The records of the catalogue's topic: written, read, and refused with a reason."""

import unittest
from datetime import UTC, datetime
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from common.catalogue import (
    MarkRecord,
    add_to_sum,
    identity_of,
    instant,
    instant_of,
    mark_record,
    moment_of,
    partition_of,
)
from common.catalogue_reading import read_catalogue_record
from common.records import Unreadable
from tests.fakes.releases import document, raw_record, record, takedown, track

DIGESTS = st.binary(min_size=32, max_size=32)


class ReleaseRecordTest(unittest.TestCase):
    def test_a_release_comes_back_as_it_was(self) -> None:
        found = record(document(5, 7))
        self.assertEqual((found.release_id, found.version, found.is_takedown, found.epoch), (5, 7, False, 1))
        self.assertEqual(found.track_ids, [500])
        self.assertEqual(found.changed_at, datetime(2026, 1, 1, tzinfo=UTC))

    def test_a_takedown_has_a_version_and_no_tracks(self) -> None:
        found = record(takedown(5, 8))
        self.assertEqual((found.version, found.is_takedown, found.track_ids), (8, True, []))

    def test_the_same_document_always_has_the_same_bytes(self) -> None:
        one, other = document(5, 7), dict(reversed(document(5, 7).items()))
        self.assertEqual(raw_record(one), raw_record(other))

    def test_the_ledger_knows_a_record_by_its_digest(self) -> None:
        _, headers = raw_record(document(5, 7))
        self.assertEqual(identity_of(list(headers)), record(document(5, 7)).digest)
        for data in (b"", b"zz", "ü".encode()):
            self.assertIsNone(identity_of([("digest", data)]))
        self.assertIsNone(identity_of(None))


class UnreadableTest(unittest.TestCase):
    def reason(self, value: bytes | None, headers: list[tuple[str, bytes | None]] | None = None) -> str:
        with self.assertRaises(Unreadable) as caught:
            read_catalogue_record(headers, value)
        return str(caught.exception)

    def of_document(self, changed: Any) -> str:
        """The reason why a value with a right digest is refused."""
        import hashlib

        value = orjson.dumps(changed)
        return self.reason(value, [("digest", hashlib.sha256(value).hexdigest().encode())])

    def test_what_is_no_record_of_ours_is_named(self) -> None:
        self.assertIn("no value", self.reason(None))
        self.assertIn("digest", self.reason(b"{}"))
        self.assertIn("digest", self.reason(b"{}", [("digest", b"00" * 32)]))
        self.assertIn("not a JSON object", self.of_document([]))
        self.assertIn("schema", self.of_document({"schema": 99}))

    def test_each_field_that_isnt_as_it_should_be_is_named(self) -> None:
        cases: list[tuple[dict[str, Any], str]] = [
            ({"id": 0}, "id is not"),
            ({"id": -5}, "id is not"),
            ({"id": True}, "id is not"),
            ({"id": 2**32}, "id is not"),
            ({"version": 0}, "version is not"),
            ({"version": "7"}, "version is not"),
            ({"version": 2**63}, "version is not"),
            ({"changedAt": "2026-01-01"}, "instant"),
            ({"changedAt": 5}, "instant"),
            ({"takedown": "yes"}, "takedown"),
            ({"tracks": {}}, "tracks"),
            ({"tracks": [5]}, "tracks"),
            ({"tracks": [{"id": "5"}]}, "id is not"),
            ({"tracks": [track(5), track(5)]}, "twice"),
            ({"title": None}, "title"),
            ({"artist": "x"}, "artist"),
        ]
        for changes, reason in cases:
            with self.subTest(changes):
                self.assertIn(reason, self.of_document(document() | {"schema": 1} | changes))
        for name in ("id", "version", "changedAt", "tracks", "title", "artist"):
            left = {key: value for key, value in document().items() if key != name} | {"schema": 1}
            self.assertIn(f"{name} is missing", self.of_document(left))

    def test_a_mark_of_an_unknown_kind_is_none(self) -> None:
        about = {"schema": 1, "number": 1, "load": None, "asOf": "2026-01-01T00:00:00Z", "releases": 0, "epoch": 1}
        self.assertIn("mark", self.of_document(about | {"mark": "pause", "digestSum": "0"}))
        self.assertIn("digestSum", self.of_document(about | {"mark": "begin"}))


class MarkTest(unittest.TestCase):
    def test_a_mark_comes_back_as_it_was(self) -> None:
        moment = datetime(2026, 11, 27, 1, 2, 3, 456789, tzinfo=UTC)
        mark = MarkRecord("end", 4, 2, moment, 17, 2**64 - 1, 9, b"")
        value, headers = mark_record(mark)
        found = read_catalogue_record(list(headers), value)
        assert isinstance(found, MarkRecord)
        self.assertEqual((found.kind, found.number, found.load_no, found.as_of), ("end", 4, 2, moment))
        self.assertEqual((found.releases, found.digest_sum, found.epoch), (17, 2**64 - 1, 9))


class SumTest(unittest.TestCase):
    @given(st.lists(DIGESTS, max_size=20), st.data())
    def test_the_sum_is_of_what_is_left_in_whatever_order_it_came(
        self, digests: list[bytes], data: st.DataObject
    ) -> None:
        removed = data.draw(st.lists(st.sampled_from(digests), unique=True)) if digests else []
        total = 0
        for digest in digests:
            total = add_to_sum(total, digest, None)
        for digest in removed:
            total = add_to_sum(total, None, digest)
        left = list(digests)
        for digest in removed:
            left.remove(digest)
        expected = 0
        for digest in reversed(left):
            expected = add_to_sum(expected, digest, None)
        self.assertEqual(total, expected)
        self.assertTrue(0 <= total < 2**64)

    @given(st.integers(1, 2**32 - 1), st.integers(1, 50))
    def test_a_release_always_goes_to_one_partition(self, release_id: int, partitions: int) -> None:
        self.assertIn(partition_of(release_id, partitions), range(partitions))

    @given(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - as it is asked for
    def test_an_instant_is_read_as_it_was_written(self, moment: datetime) -> None:
        self.assertEqual(moment_of(instant(moment)), moment)
        self.assertEqual(instant(moment.replace(tzinfo=None)), instant(moment))
        self.assertEqual(instant_of(f"{moment:%Y-%m-%d %H:%M:%S.%f}"), instant(moment))
