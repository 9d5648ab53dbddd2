"""What counts as a repeat, within one batch and against what is stored; nothing is stored twice or left out."""

import unittest
import uuid

from common.records import RequestRecord
from consumer.play_logs.decode import Entry, entries_of
from consumer.play_logs.repeats import Seen, mark_repeats
from tests.fakes.play_requests import booked, log, request


def mark(*requests: RequestRecord, seen: Seen | None = None) -> list[Entry]:
    entries = entries_of([booked(offset, each) for offset, each in enumerate(requests)])
    mark_repeats(entries, seen or Seen())
    return entries


class RequestTest(unittest.TestCase):
    def test_one_request_id_at_two_offsets_is_a_duplicate_record(self) -> None:
        once = request(log(), log(trackId=2))
        first, second = mark(once, once)
        self.assertEqual((first.outcome, first.n_stored), ("stored", 2))
        self.assertEqual((second.outcome, second.n_duplicate, second.n_stored), ("duplicate_record", 2, 0))
        self.assertEqual(second.duplicate_of, once.request_id.bytes)

    def test_same_key_and_content_is_a_duplicate(self) -> None:
        first, second = mark(request(key="k"), request(key="k"))
        self.assertEqual(second.outcome, "duplicate_key")
        assert first.request is not None
        self.assertEqual(second.duplicate_of, first.request.request_id.bytes)

    def test_same_key_with_other_content_is_stored_and_flagged_and_its_retry_is_a_duplicate(self) -> None:
        other = log(trackId=2)
        outcomes = [each.outcome for each in mark(request(key="k"), request(other, key="k"), request(other, key="k"))]
        self.assertEqual(outcomes, ["stored", "key_conflict", "duplicate_key"])

    def test_keys_of_two_clients_are_two_keys(self) -> None:
        outcomes = [each.outcome for each in mark(request(key="k", client="a"), request(key="k", client="b"))]
        self.assertEqual(outcomes, ["stored", "stored"])

    def test_keys_that_differ_only_in_case_or_blanks_are_two_keys(self) -> None:
        outcomes = {each.outcome for each in mark(request(key="k"), request(key="K"), request(key="k."))}
        self.assertEqual(outcomes, {"stored"})

    def test_without_a_key_equal_requests_are_both_stored(self) -> None:
        self.assertEqual([each.n_stored for each in mark(request(), request())], [1, 1])

    def test_what_an_earlier_batch_stored_is_found_again(self) -> None:
        seen = Seen()
        first = request(log(id="a"), key="k")
        mark(first, seen=seen)
        known, by_key, by_id = mark(first, request(log(id="a"), key="k"), request(log(id="a")), seen=seen)
        self.assertEqual((known.outcome, by_key.outcome), ("duplicate_record", "duplicate_key"))
        self.assertEqual((by_id.outcome, by_id.n_duplicate, by_id.n_stored), ("stored", 1, 0))


class LogIdTest(unittest.TestCase):
    def test_two_equal_ids_in_one_flush_store_one_row(self) -> None:
        first, second = mark(request(log(id="a"), log(id="b")), request(log(id="a"), log(id="c")))
        self.assertEqual((first.n_stored, second.n_stored, second.duplicate_items), (2, 1, {0}))

    def test_two_equal_ids_in_one_request_store_one_row(self) -> None:
        (entry,) = mark(request(log(id="a"), log(id="a")))
        self.assertEqual((entry.n_stored, entry.n_duplicate), (1, 1))

    def test_an_id_with_other_content_is_stored_and_flagged(self) -> None:
        first, second, third = mark(
            request(log(id="a")), request(log(id="a", totalTimePlayed=9)), request(log(id="a", totalTimePlayed=9))
        )
        self.assertEqual((second.n_stored, second.conflicts), (1, {0}))
        self.assertEqual((third.n_stored, third.n_duplicate), (0, 1))
        self.assertEqual(first.conflicts, set())

    def test_a_duplicate_request_leaves_its_ids_to_the_first(self) -> None:
        seen = Seen()
        mark(request(log(id="a"), key="k"), request(log(id="a"), key="k"), seen=seen)
        self.assertEqual(len(seen.new_log_ids), 1)

    def test_every_log_is_stored_repeated_or_dead(self) -> None:
        logs = [log(id=name, totalTimePlayed=seconds) for name in "aab" for seconds in (1, 1, 2)]
        for entry in mark(request(*logs), request(*logs), request(*logs, key="k"), request(*logs, key="k")):
            self.assertEqual(entry.n_items, entry.n_stored + entry.n_duplicate + entry.n_dead)


class UnreadableTest(unittest.TestCase):
    def test_unreadable_records_count_no_items(self) -> None:
        (entry,) = entries_of([booked(0, request(request_id=uuid.uuid4()))])
        self.assertIsNone(entry.unreadable)
        bad = entries_of([type(entry.booked)(1, entry.booked.booked_at, entry.booked.booked_at, None, b"[]")])[0]
        mark_repeats([bad], Seen())
        self.assertEqual((bad.outcome, bad.n_items, bad.n_stored), ("unreadable", 0, 0))
