"""A receipt leads from the record in Kafka to what became of it."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.play_requests import log, request
from tests.integration.words_case import WordsCase


class ReceiptTest(WordsCase):
    def trace(self, offset: int, request_id: uuid.UUID, client: str | None = None) -> Any:
        return self.document("receipt", self.receipt(offset, request_id, client or self.rig.client))

    def test_a_request_is_followed_from_kafka_to_its_rows(self) -> None:
        first = request(log(id="a"), key="k")
        again = request(log(id="a"), key="k")
        bad = request(log(country="GBR"), log())
        self.rig.produce(first, again, bad)
        waiting = self.trace(2, bad.request_id)
        self.assertEqual((waiting["state"], waiting["records_before"]), ("acknowledged", 2))
        self.rig.start()
        self.rig.wait_until_stored(3)
        stored = self.trace(0, first.request_id)
        self.assertEqual((stored["state"], stored["rows_stored"], stored["n_items"]), ("stored", 1, 1))
        repeat = self.trace(1, again.request_id)
        self.assertEqual((repeat["state"], repeat["duplicate_of"]), ("duplicate_key", str(first.request_id)))
        self.assertEqual(repeat["first"]["offset"], 0)
        dead = self.trace(2, bad.request_id)
        self.assertEqual((dead["n_stored"], dead["n_dead"], dead["dead_letters"][0]["item"]), (1, 1, 0))
        by_id = self.document("receipt", "--request-id", str(bad.request_id))
        self.assertEqual(by_id, dead)
        without_topic = self.receipt(0, first.request_id, self.rig.client, topic_id="")
        self.assertEqual(self.document("receipt", without_topic)["state"], "stored")
        text = self.word("receipt", self.receipt(1, again.request_id, self.rig.client)).stdout
        self.assertIn(f"repeats request {first.request_id}, booked on", text)
        self.assertIn("isn't final yet", text)

    def test_a_record_that_is_the_same_record_again_leads_to_the_first(self) -> None:
        once = request()
        self.rig.produce(once, once)
        self.rig.start()
        self.rig.wait_until_stored(2)
        self.assertEqual(self.trace(1, once.request_id)["state"], "duplicate_record")

    def test_a_key_leads_to_the_first_request_under_it_of_that_client_alone(self) -> None:
        first, again, other = request(log(), key="k"), request(log(), key="k"), request(log(userId="u"), key="K")
        self.rig.produce(first, again, other)
        self.rig.start()
        self.rig.wait_until_stored(3)
        found = self.document("receipt", "--client", self.rig.client, "--key", "k")
        self.assertEqual((found["state"], found["offset"]), ("stored", 0))
        self.assertEqual(self.document("receipt", "--client", self.rig.client, "--key", "K")["offset"], 2)
        for client, key in ((self.rig.client, "kk"), ("somebody-else", "k")):
            done = self.word("receipt", "--client", client, "--key", key)
            self.assertEqual((done.returncode, "no record under this key" in done.stdout), (1, True))
        usages = (
            ["--key", "k"],
            ["--client", "c", "--key", "k\u00fc"],
            ["--client", "c", "--key", "k", "--since", "x"],
        )
        for wrong in usages:
            self.assertEqual(self.word("receipt", *wrong).returncode, 2, wrong)

    def test_a_key_is_looked_for_day_by_day_from_the_first_on(self) -> None:
        self.rig.produce(request(log(), key="k"))
        self.rig.start()
        self.rig.wait_until_stored(1)
        self.rig.as_root("UPDATE request SET received_day = UTC_DATE() - INTERVAL 100 DAY")
        ask = ("receipt", "--client", self.rig.client, "--key", "k")
        self.assertIn("--since looks further back", self.word(*ask).stdout)
        since = (datetime.now(UTC) - timedelta(days=101)).date().isoformat()
        self.assertEqual(self.word(*ask, "--since", since).returncode, 0)

    def test_what_is_not_a_receipt_of_ours_is_refused(self) -> None:
        good = self.receipt(0, uuid.uuid4(), "acme")
        for text in (good[:-1], good.replace("acme", "bolt"), "x", good + "x"):
            done = self.word("receipt", text)
            self.assertEqual((done.returncode, "not a receipt of ours" in done.stderr), (1, True), text)

    def test_a_lost_and_an_unknown_record_are_told_apart(self) -> None:
        self.rig.produce(request())
        self.rig.start()
        self.rig.wait_until_stored(1)
        self.rig.as_root(f"INSERT INTO gap VALUES ('{self.rig.topic_id}', 0, 5, 9, 'a disk', 'op', UTC_TIMESTAMP(6))")
        lost = self.trace(7, uuid.uuid4())
        self.assertEqual((lost["state"], lost["reason"], lost["operator"]), ("lost", "a disk", "op"))
        done = self.word("receipt", "--request-id", str(uuid.uuid4()))
        self.assertEqual((done.returncode, "not found" in done.stdout), (1, True))
