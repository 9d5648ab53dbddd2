"""Finds requests that were probably sent twice."""

import unittest
import uuid

from reports.repeats import MAX_NAMED, WINDOW_MICROSECONDS, find_repeats

Sent = tuple[str, str, bytes, int, bytes, int, int]


def sent(booked: int, digest: bytes = b"d", client: str = "acme", suspect: bool = True) -> Sent:
    return (client, "preview", digest, booked, uuid.uuid4().bytes, 5, int(suspect))


class FindRepeats(unittest.TestCase):
    def test_the_second_of_two_is_the_repeat(self) -> None:
        first, second = sent(1), sent(2)
        found = find_repeats([first, second])
        self.assertEqual((found.requests, found.logs), (1, 5))
        self.assertEqual(found.named[0]["repeats"], str(uuid.UUID(bytes=first[4])))

    def test_equal_moments_are_repeats_too(self) -> None:
        self.assertEqual(find_repeats([sent(1), sent(1), sent(1)]).requests, 2)

    def test_48_hours_are_the_limit(self) -> None:
        self.assertEqual(find_repeats([sent(0), sent(WINDOW_MICROSECONDS)]).requests, 1)
        self.assertEqual(find_repeats([sent(0), sent(WINDOW_MICROSECONDS + 1)]).requests, 0)

    def test_other_content_and_other_clients_are_no_repeats(self) -> None:
        self.assertEqual(find_repeats([sent(1), sent(2, b"e"), sent(3, b"e", "bolt")]).requests, 0)

    def test_one_with_a_key_or_of_another_day_is_compared_with_but_never_a_repeat(self) -> None:
        self.assertEqual(find_repeats([sent(1, suspect=False), sent(2, suspect=False)]).requests, 0)
        self.assertEqual(find_repeats([sent(1, suspect=False), sent(2)]).requests, 1)

    def test_all_are_counted_and_the_first_thousand_named(self) -> None:
        found = find_repeats(sent(1) for _ in range(MAX_NAMED + 2))
        self.assertEqual((found.requests, len(found.named)), (MAX_NAMED + 1, MAX_NAMED))
