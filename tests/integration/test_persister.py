"""The persister on the real broker and database: what it stores, and that a kill or a repeat changes nothing."""

import unittest
import uuid

from tests.fakes.play_requests import log, request
from tests.integration.persister_rig import PersisterRig
from tests.integration.topic_rig import eventually

OUTCOMES = "SELECT outcome FROM request WHERE topic_id = %s ORDER BY partition_no, kafka_offset"


class PersisterTest(unittest.TestCase):
    def setUp(self) -> None:
        self.rig = PersisterRig()
        self.addCleanup(self.rig.close)

    def outcomes(self) -> list[str]:
        return [str(row[0]) for row in self.rig.rows(OUTCOMES, self.rig.topic_id)]

    def test_stores_each_log_of_each_request_once(self) -> None:
        self.rig.produce(*(request(log(), log(trackId=2), log(trackId=3)) for _ in range(20)))
        self.rig.start()
        self.rig.wait_until_stored(20)
        self.assertEqual(self.rig.balance(), (60, 60, 0, 0, 20))
        self.assertEqual(self.rig.stored_rows(), 60)

    def test_each_stream_fills_the_columns_of_its_fields(self) -> None:
        played = log()["dateTimePlayed"]
        common = {"trackId": 1, "dateTimePlayed": played, "totalTimePlayed": 0, "userAgent": "a", "country": "XK"}
        subscription = common | {"userId": "u", "releaseId": 12134, "formatId": 17, "playMode": "offline"}
        catalogue = common | {"userId": "v", "releaseId": 2**31 - 1, "formatId": 26, "endReason": "userSkipped"}
        self.rig.produce(request(subscription, stream="subscription"), request(catalogue, stream="catalogue"))
        self.rig.start()
        self.rig.wait_until_stored(2)
        fields = "p.stream, p.user_id, p.release_id, p.format_id, p.play_mode, p.play_type, p.end_reason"
        found = self.rig.rows(
            f"SELECT {fields} FROM play_log p JOIN request r USING (request_id) WHERE r.topic_id = %s"
            " ORDER BY p.user_id",
            self.rig.topic_id,
        )
        self.assertEqual(
            found,
            [
                ("subscription", b"u", 12134, 17, "offline", None, None),
                ("catalogue", b"v", 2**31 - 1, 26, None, None, "userSkipped"),
            ],
        )

    def test_a_kill_at_any_time_changes_nothing_that_is_stored(self) -> None:
        self.rig.produce(*(request(log(), log(trackId=2)) for _ in range(300)))
        for kills in range(2):
            child = self.rig.start(FLUSH_ROWS="20")
            eventually(lambda least=kills * 60: self.rig.position() > least, "some are stored")  # type: ignore[misc]
            child.kill()
        self.rig.produce(request())
        self.rig.start()
        self.rig.wait_until_stored(301)
        self.assertEqual(self.rig.balance(), (601, 601, 0, 0, 301))
        self.assertEqual(self.rig.stored_rows(), 601)

    def test_sigterm_ends_it_with_status_0_and_all_that_was_begun_stored_or_not(self) -> None:
        self.rig.produce(*(request() for _ in range(50)))
        child = self.rig.start()
        eventually(lambda: self.rig.position() > 0, "some are stored")
        self.assertEqual(child.stop(), 0)
        self.assertEqual(self.rig.balance()[4], self.rig.position())

    def test_repeats_are_counted_and_not_stored(self) -> None:
        once = request(log(id="a"), key="key-1")
        self.rig.produce(once, once)
        self.rig.start()
        self.rig.wait_until_stored(2)
        later = [
            request(log(id="a"), key="key-1"),  # a retry
            request(log(id="a"), log(id="b")),  # the same log in another request
            request(log(id="c"), key="key-1"),  # the key once more, with other content
            request(log(id="c"), key="key-1"),  # and that once more
            request(log(id="b", totalTimePlayed=5)),  # the id once more, with other content
        ]
        self.rig.produce(*later)
        self.rig.wait_until_stored(7)
        expected = ["stored", "duplicate_record", "duplicate_key", "stored", "key_conflict", "duplicate_key", "stored"]
        self.assertEqual(self.outcomes(), expected)
        self.assertEqual(self.rig.balance(), (8, 4, 4, 0, 7))
        self.assertEqual(self.rig.stored_rows(), 4)
        flagged = self.rig.rows(
            "SELECT COUNT(*) FROM play_log WHERE request_id = %s AND is_id_conflict", later[-1].request_id.bytes
        )
        self.assertEqual(flagged[0][0], 1)

    def test_equal_keys_and_ids_at_once_in_two_partitions_are_stored_once(self) -> None:
        rig = PersisterRig(partitions=2)
        self.addCleanup(rig.close)
        keys = [uuid.uuid4().hex for _ in range(150)]
        for partition in (0, 1):
            rig.produce(*(request(log(id=key, trackId=7), key=key) for key in keys), partition=partition)
            rig.produce(*(request(log(id=f"{key}-2"), log(trackId=8)) for key in keys), partition=partition)
        rig.start(FLUSH_ROWS="10")
        rig.wait_until_stored(300, 300)
        items, stored, duplicate, dead, _ = rig.balance()
        # Stored: each key's log, each id's log, and every log that has neither.
        self.assertEqual((items, stored, duplicate, dead), (900, 150 + 150 + 300, 300, 0))
        self.assertEqual(rig.stored_rows(), stored)

    def test_users_that_a_collation_would_think_equal_are_three(self) -> None:  # G10
        self.rig.produce(request(*(log(userId=user) for user in ("u1", "u1 ", "U1"))))
        self.rig.start()
        self.rig.wait_until_stored(1)
        sql = "SELECT DISTINCT user_id FROM play_log JOIN request USING (request_id) WHERE topic_id = %s"
        self.assertEqual({row[0] for row in self.rig.rows(sql, self.rig.topic_id)}, {b"u1", b"u1 ", b"U1"})

    def test_text_and_time_come_back_as_they_were_sent(self) -> None:  # G07, G09
        agent = "a" * 255 + "\U0001f3b5"
        played = "2026-03-09T23:59:59.999999Z"
        self.rig.produce(request(log(userAgent=agent, dateTimePlayed=played, userId="quote ' \\ end")))
        self.rig.start()
        self.rig.wait_until_stored(1)
        sql = """SELECT user_agent, CAST(played_at AS CHAR), user_id FROM play_log JOIN request USING (request_id)
            WHERE topic_id = %s"""
        ((stored_agent, stored_time, user),) = self.rig.rows(sql, self.rig.topic_id)
        self.assertEqual(stored_agent, agent)
        self.assertEqual(stored_time, "2026-03-09 23:59:59.999999")
        self.assertEqual(user, b"quote ' \\ end")

    def test_kafka_hears_how_far_the_ledger_got(self) -> None:
        self.rig.produce(request(), request())
        self.rig.start()
        self.rig.wait_until_stored(2)
        group = self.rig.config.kafka.group
        eventually(lambda: self.rig.view.committed(group, self.rig.topic, [0]) == {0: 2}, "the group stands at 2", 10)

    def test_partitions_added_later_are_read_from_their_start(self) -> None:
        from confluent_kafka.cimpl import NewPartitions

        self.rig.produce(request())
        self.rig.start()
        self.rig.wait_until_stored(1)
        self.rig.admin.create_partitions([NewPartitions(self.rig.topic, 3)])[self.rig.topic].result(10)
        eventually(lambda: self.rig.view.describe(self.rig.topic)[1] == 3, "there are 3 partitions")
        self.rig.produce(request(), request(), partition=2)
        self.rig.wait_until_stored(1, 0, 2)
        self.assertEqual(self.rig.balance(), (3, 3, 0, 0, 3))
