"""What the library fills in for an offset that no broker told is never taken for one."""

import unittest

from confluent_kafka import OFFSET_INVALID, KafkaError, KafkaException

from common.kafka_offsets import LOWEST, NOTHING_SINCE, answered


class AnsweredTest(unittest.TestCase):
    def test_offsets_from_nought_on_are_answers(self) -> None:
        self.assertEqual(answered({0: 0, 5: 2**63 - 1}, LOWEST), {0: 0, 5: 2**63 - 1})

    def test_what_was_not_told_is_a_failure_that_names_the_partition(self) -> None:
        for offset in (OFFSET_INVALID, -1, -2):
            with self.subTest(offset), self.assertRaisesRegex(KafkaException, "partition 3") as failed:
                answered({0: 7, 3: offset}, LOWEST)
            self.assertEqual(failed.exception.args[0].code(), KafkaError._NO_OFFSET)

    def test_nothing_since_a_moment_is_an_answer_and_no_answer_is_not(self) -> None:
        self.assertEqual(answered({0: NOTHING_SINCE, 1: 4}, NOTHING_SINCE), {0: -1, 1: 4})
        with self.assertRaises(KafkaException):
            answered({0: OFFSET_INVALID}, NOTHING_SINCE)
