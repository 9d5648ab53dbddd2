"""The books go over from topic to topic, whether the next one has fewer partitions or more."""

from common.catalogue import add_to_sum
from consumer.catalogue.another_topic import begin_anew
from consumer.losses import Refused, Statement, adopt_topic
from tests.catalogue.sink_case import TOPIC_ID, SinkCase
from tests.fakes.releases import document, raw_record, takedown

SAID = Statement("a test", "a tester")
FEWER, MORE = "f" * 22, "m" * 22


class AdoptionTest(SinkCase):
    def adopt(self, topic_id: str, partitions: int) -> list[int]:
        return adopt_topic(self.connection, self.ledger, topic_id, dict.fromkeys(range(partitions), 0), SAID)

    def test_fewer_partitions_and_then_more(self) -> None:
        for number in (1, 2, 3):
            self.ledger.begin_books(self.connection, number, TOPIC_ID, 10 + number)
        self.connection.commit()
        self.assertEqual(self.adopt(FEWER, 2), [0, 1, 2, 3])
        with self.assertRaisesRegex(Refused, "already"):
            self.adopt(FEWER, 2)
        self.assertEqual(self.adopt(MORE, 4), [0, 1, 2, 3])
        positions = "SELECT partition_no, topic_id, next_offset FROM consumer_offset ORDER BY partition_no"
        self.assertEqual(self.ask(positions), [(number, MORE, 0) for number in range(4)])
        # Each end of a topic is booked once: those of partitions that the one between didn't have, too.
        ends = "SELECT topic_id, partition_no, from_offset FROM gap WHERE to_offset IS NULL ORDER BY 1 DESC, 2"
        old = [(TOPIC_ID, 0, 0), *((TOPIC_ID, number, 10 + number) for number in (1, 2, 3))]
        self.assertEqual(self.ask(ends), [*old, (FEWER, 0, 0), (FEWER, 1, 0)])

    def test_the_sums_are_those_of_the_partitions_that_the_new_topic_has(self) -> None:
        records = [raw_record(document(number, 1)) for number in range(1, 9)]
        self.store([*records, raw_record(takedown(3, 2)), self.mark("checkpoint")])
        self.connection.commit()
        for partitions in (3, 2, 5):
            begin_anew(self.connection, partitions)
            self.connection.commit()
            counted = {number: [0, 0] for number in range(partitions)}
            releases = "SELECT release_id, digest, partition_no, seen_offset FROM catalogue_release"
            for release_id, digest, partition, seen in self.ask(releases):
                self.assertEqual((partition, seen), (release_id % partitions, 0))
                counted[partition][0] += 1
                counted[partition][1] = add_to_sum(counted[partition][1], digest, None)
            kept = self.ask("SELECT partition_no, releases, digest_sum, epoch, as_of IS NULL FROM catalogue_sum")
            self.assertEqual({row[0]: list(row[1:3]) for row in kept}, counted)
            self.assertEqual({row[3:] for row in kept}, {(0, 0)})
        self.assertEqual(self.ask("SELECT number FROM catalogue_mark"), [])
