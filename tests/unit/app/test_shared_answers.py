"""What processes leave for each other: found whole and under its own key, or not found."""

import subprocess
import sys
import unittest
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.formats import JSON, XML
from app.tracks.answer import Answer
from app.tracks.shared import BYTES_A_PLACE, LARGEST_SHARE, Found, SharedAnswers

SMALL = 16 * 1024
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
IDS = st.integers(0, 2**32 - 1)
ANSWERS = st.builds(
    Answer,
    st.sampled_from([200, 404]),
    st.binary(max_size=300),
    st.sampled_from([JSON, XML]),
    TEXTS,
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.lists(IDS, max_size=5).map(tuple),
    st.none() | st.integers(0, 2**64 - 1),
    TEXTS,
)


def answer(body: bytes) -> Answer:
    """An answer with this body."""
    return Answer(200, body, XML, '"e"', datetime(2026, 11, 27, 1, 2, 3, 4, UTC), (7,), 1, "")


class SharedAnswersTest(unittest.TestCase):
    @given(st.tuples(st.sampled_from(["track", "release"]), IDS, TEXTS), ANSWERS, st.floats(0, 1e9))
    def test_what_is_put_is_found(self, key: tuple[str, int, str], given_answer: Answer, read_at: float) -> None:
        shared = SharedAnswers(SMALL)
        self.assertIsNone(shared.get(key))
        shared.put(key, given_answer, read_at)
        self.assertEqual(shared.get(key), Found(given_answer, read_at))

    def test_two_keys_of_one_place_are_never_taken_for_each_other(self) -> None:
        shared = SharedAnswers(SMALL)
        bodies = {}
        for number in range(100):
            shared.put(number, answer(b"%d" % number), 1.0)
            for other in range(100):
                found = shared.get(other)
                if found is not None:
                    bodies[other] = found.answer.body
        self.assertEqual(bodies, {number: b"%d" % number for number in range(100)})

    def test_the_oldest_is_overwritten(self) -> None:
        shared = SharedAnswers(SMALL)
        for number in range(1_000):
            shared.put(number, answer(b"x" * 500), 1.0)
            self.assertIsNotNone(shared.get(number))
        found = [number for number in range(1_000) if shared.get(number)]
        # A ring of 16 kB, and entries of 600 bytes; a few lost their place to another.
        self.assertGreater(len(found), 10)
        self.assertEqual(found, [number for number in found if number >= 1_000 - SMALL // 600])

    def test_what_is_larger_than_its_share_stays_away_and_harms_nobody(self) -> None:
        shared = SharedAnswers(SMALL)
        shared.put("small", answer(b"x"), 1.0)
        shared.put("large", answer(b"x" * (SMALL // LARGEST_SHARE)), 1.0)
        self.assertIsNone(shared.get("large"))
        self.assertIsNotNone(shared.get("small"))

    def test_a_mixture_isnt_found(self) -> None:
        """Each byte of all that lies in the memory, spoiled: a torn table, length, checksum or answer."""
        shared = SharedAnswers(BYTES_A_PLACE * 4)
        shared.put("key", answer(b"body"), 1.0)
        whole = bytes(shared.memory)
        spoiled = 0
        for place, byte in enumerate(whole):
            for wrong in {byte ^ 0xFF, byte ^ 1, 0, 0xFF} - {byte}:
                shared.memory[place : place + 1] = bytes([wrong])
                found = shared.get("key")
                if found is None:
                    spoiled += 1
                else:
                    self.assertEqual(found.answer, answer(b"body"))
            shared.memory[place : place + 1] = whole[place : place + 1]
        self.assertGreater(spoiled, 100)

    def test_a_position_that_is_spoiled_is_mended_by_the_next(self) -> None:
        shared = SharedAnswers(SMALL)
        for wrong in (0, 3, 2**31, 2**63):
            shared.memory[:8] = wrong.to_bytes(8, "little")
            shared.put("key", answer(b"body"), 1.0)
            shared.put("other", answer(b"other"), 1.0)
            bodies = [found and found.answer.body for found in map(shared.get, ("key", "other"))]
            self.assertEqual(bodies, [b"body", b"other"])

    def test_processes_that_write_at_once_find_their_own_or_nothing(self) -> None:
        argv = [sys.executable, "-W", "error", "-m", "tests.unit.app.shared_by_processes"]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
