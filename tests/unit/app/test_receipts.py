"""Receipts: only their client can use them, and none can be made up."""

import unittest
from uuid import UUID

from app.logs.delivery import Published
from app.logs.progress import Progress
from app.logs.receipt_state import receipt_state
from app.logs.topic_watch import TopicFacts
from common.receipts import Receipt, Receipts
from tests.fakes.hand_clock import HandClock
from tests.fakes.topic_source import FakeTopicSource

ID = UUID("01a2111b-f179-7de1-9cea-82dc3aa263e6")
TOPIC_ID = "Hu/vDRG+RtG9Yc3o0kq2Wg"
WHERE = Published(TOPIC_ID, 4, 120_391)


class ReceiptTest(unittest.TestCase):
    def setUp(self) -> None:
        self.receipts = Receipts("s" * 32)

    def test_it_can_be_read_back(self) -> None:
        text = self.receipts.write(WHERE, ID, "acme")
        self.assertEqual(self.receipts.read(text, "acme"), Receipt("Hu_vDRG-", 4, 120_391, ID, "acme"))

    def test_the_first_offset_and_the_largest_can_be_read_back(self) -> None:
        for offset in (0, 2**63 - 1):
            found = self.receipts.read(self.receipts.write(Published(TOPIC_ID, 0, offset), ID, "acme"), "acme")
            assert found is not None
            self.assertEqual(found.offset, offset)

    def test_a_topic_whose_id_was_not_seen_is_unknown(self) -> None:
        found = self.receipts.read(self.receipts.write(Published("", 0, 1), ID, "acme"), "acme")
        assert found is not None
        self.assertIsNone(found.topic_id_prefix)

    def test_a_url_holds_it_as_it_is(self) -> None:
        self.assertRegex(self.receipts.write(WHERE, ID, "a_b-C9"), r"\A[A-Za-z0-9._-]{40,200}\Z")

    def test_another_client_can_not_use_it(self) -> None:
        self.assertIsNone(self.receipts.read(self.receipts.write(WHERE, ID, "acme"), "other"))

    def test_none_can_be_changed_in_any_character(self) -> None:
        text = self.receipts.write(WHERE, ID, "acme")
        for place, character in enumerate(text):
            for other in "0a._-":
                if other != character:
                    changed = text[:place] + other + text[place + 1 :]
                    self.assertIsNone(self.receipts.read(changed, "acme"), changed)

    def test_one_signed_with_another_secret_is_forged(self) -> None:
        self.assertIsNone(self.receipts.read(Receipts("t" * 32).write(WHERE, ID, "acme"), "acme"))

    def test_what_is_no_receipt_is_none(self) -> None:
        text = self.receipts.write(WHERE, ID, "acme")
        for other in (
            "",
            "x",
            text[:-1],
            text + "A",
            text + "\n",
            f" {text}",
            "1" + text,
            "..",
            "é",
            text.replace("4", "٤"),
        ):
            self.assertIsNone(self.receipts.read(other, "acme"), other)


class StateTest(unittest.TestCase):
    def setUp(self) -> None:
        self.source = FakeTopicSource()
        self.progress = Progress(self.source, "play-logs", "persister", HandClock())

    def state(self, offset: int = 7, prefix: str | None = "Hu_vDRG-", partition: int = 1) -> tuple[str, bool]:
        facts = TopicFacts(TOPIC_ID, 2, 1)
        found = receipt_state(Receipt(prefix, partition, offset, ID, "acme"), facts, self.progress)
        return found.state, found.remark is not None

    def test_it_is_acknowledged_until_the_group_has_passed_its_offset(self) -> None:
        for committed, state in ((None, "acknowledged"), (0, "acknowledged"), (7, "acknowledged"), (8, "consumed")):
            with self.subTest(committed):
                self.source.group = {} if committed is None else {1: committed}
                self.progress = Progress(self.source, "play-logs", "persister", HandClock())
                self.assertEqual(self.state(), (state, False))

    def test_the_first_record_of_a_partition_is_consumed_when_the_second_is_next(self) -> None:
        self.source.group = {0: 1}
        self.assertEqual(self.state(offset=0, partition=0), ("consumed", False))

    def test_what_can_not_be_looked_up_says_so(self) -> None:
        self.source.group = {1: 99}
        self.assertEqual(self.state(prefix=None), ("acknowledged", True))
        self.assertEqual(self.state(prefix="AAAAAAAA"), ("acknowledged", True))

    def test_a_partition_that_is_not_there_is_not_consumed(self) -> None:
        self.assertEqual(self.state(partition=5), ("acknowledged", False))
