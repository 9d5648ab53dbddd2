"""Trouble that passes: the persister pauses, keeps every record, and goes on by itself, each log once."""

import unittest

from common.database import connect
from common.records import headers_of
from common.sql_rows import RowEncoder
from tests.fakes.play_requests import log, request
from tests.integration.persister_rig import PersisterRig
from tests.integration.topic_rig import eventually

DEAD = """SELECT partition_no, kafka_offset, item, reason, value_bytes, state FROM dead_letter WHERE topic_id = %s
    ORDER BY kafka_offset, item"""


class FaultTest(unittest.TestCase):
    def setUp(self) -> None:
        self.rig = PersisterRig()
        self.addCleanup(self.rig.close)

    def test_a_lock_on_a_later_table_undoes_the_whole_batch(self) -> None:  # G16
        self.rig.start()
        eventually(self.rig.is_reading, "it reads")
        holder = connect(self.rig.config.datacentre.database, self.rig.config.datacentre.password, idle_seconds=600)
        self.addCleanup(holder.close)
        blocked = request(log(id="a"), log(trackId=2), key="held")
        key = RowEncoder(holder.escape_string).row(
            (self.rig.client, "preview", b"held", blocked.digest, b"x" * 16, None)
        )
        with holder.cursor() as cursor:
            cursor.execute(b"INSERT INTO idempotency_key VALUES " + key.replace(b"NULL", b"UTC_TIMESTAMP(6)"))
        self.rig.produce(request(log(id="a"), key="other"), blocked)
        eventually(lambda: "1205" in str(self.rig.trouble()), "it waits for a lock")
        self.assertEqual((self.rig.position(), self.rig.balance()[4], self.rig.stored_rows()), (0, 0, 0))
        holder.rollback()
        self.rig.wait_until_stored(2)
        self.assertEqual(self.rig.balance(), (3, 2, 1, 0, 2))
        self.assertEqual(self.rig.stored_rows(), 2)
        eventually(self.rig.is_reading, "it reads again")

    def test_a_read_only_server_loses_nothing_and_needs_nobody(self) -> None:  # G17
        self.rig.start()
        eventually(self.rig.is_reading, "it reads")
        self.rig.as_root("SET GLOBAL read_only = 1")
        self.addCleanup(self.rig.as_root, "SET GLOBAL read_only = 0")
        self.rig.produce(*(request() for _ in range(7)))
        eventually(lambda: "1290" in str(self.rig.trouble()), "it says that the server is read-only")
        self.assertEqual(self.rig.ready()[0], 503)
        self.rig.as_root("SET GLOBAL read_only = 0")
        self.rig.wait_until_stored(7)
        self.assertEqual(self.rig.balance(), (7, 7, 0, 0, 7))

    def test_a_database_that_went_back_in_time_gets_the_rest_again(self) -> None:
        self.rig.start()
        self.rig.produce(*(request() for _ in range(9)))
        self.rig.wait_until_stored(9)
        later = f"topic_id = '{self.rig.topic_id}' AND kafka_offset >= 4"
        of_later = f"request_id IN (SELECT request_id FROM request WHERE {later})"
        self.rig.as_root(f"DELETE FROM play_log WHERE {of_later}; DELETE FROM request WHERE {later}")
        self.rig.as_root(f"UPDATE consumer_offset SET next_offset = 4 WHERE topic = '{self.rig.topic}'")
        self.rig.produce(request())
        self.rig.wait_until_stored(10)
        self.assertEqual(self.rig.balance(), (10, 10, 0, 0, 10))
        self.assertEqual(self.rig.stored_rows(), 10)

    def test_another_member_takes_over_and_both_together_store_each_log_once(self) -> None:
        rig = PersisterRig(partitions=2)
        self.addCleanup(rig.close)
        first = rig.start(FLUSH_ROWS="5")
        for partition in (0, 1):
            rig.produce(*(request() for _ in range(200)), partition=partition)
        eventually(lambda: rig.position(0) > 5, "some are stored")
        rig.start(FLUSH_ROWS="5")
        for partition in (0, 1):
            rig.produce(*(request() for _ in range(200)), partition=partition)
        first.kill()
        rig.wait_until_stored(400, 400)
        self.assertEqual(rig.balance(), (800, 800, 0, 0, 800))


class DeadLetterTest(unittest.TestCase):
    def setUp(self) -> None:
        self.rig = PersisterRig()
        self.addCleanup(self.rig.close)
        # The limit counts what the other tests left behind as well.
        self.rig.as_root("UPDATE dead_letter SET state = 'dropped'")

    def test_records_that_are_not_ours_are_kept_aside_and_their_neighbours_stored(self) -> None:  # G15
        foreign: list[tuple[bytes | None, list[tuple[str, bytes]]]] = [
            (None, []),
            (b"\xff\xfe\x00", []),
            (b"[]", []),
            (b'{"schema":99}', []),
        ]
        for record in foreign:
            self.rig.produce(request())
            self.rig.produce_raw(record)
        self.rig.produce(request())
        child = self.rig.start()
        self.rig.wait_until_stored(9)
        self.assertEqual(self.rig.balance(), (5, 5, 0, 0, 9))
        found = self.rig.rows(DEAD, self.rig.topic_id)
        self.assertEqual([row[:3] for row in found], [(0, offset, None) for offset in (1, 3, 5, 7)])
        self.assertEqual([row[4] for row in found], [None, 3, 2, 13])
        self.assertTrue(all(row[3] for row in found))
        child.stop()
        self.rig.start()
        self.rig.produce(request())
        self.rig.wait_until_stored(10)
        self.assertEqual(len(self.rig.rows(DEAD, self.rig.topic_id)), 4)

    def test_a_row_that_the_database_refuses_leaves_its_neighbours_alone(self) -> None:
        bad: dict[int, dict[str, object]] = {
            3: {"totalTimePlayed": 99_999},
            7: {"country": "GBR"},
            8: {"trackId": -1},
            11: {"userId": "x" * 2000},
        }
        bad |= {12: {"dateTimePlayed": "2026-03-10T25:00:00.000000Z"}, 13: {"trackId": "text"}}
        self.rig.produce(request(*(log(**bad.get(number, {})) for number in range(20))), request())
        self.rig.start()
        self.rig.wait_until_stored(2)
        self.assertEqual(self.rig.balance(), (21, 15, 0, 6, 2))
        found = self.rig.rows(DEAD, self.rig.topic_id)
        self.assertEqual([row[2] for row in found], sorted(bad))
        self.assertEqual(self.rig.stored_rows(), 15)
        self.assertNotIn("x" * 50, "".join(str(row[3]) for row in found))

    def test_a_flood_of_unreadable_records_holds_the_partition_until_it_is_allowed(self) -> None:
        self.rig.produce_raw(*((b"junk", []) for _ in range(30)))
        child = self.rig.start(DEAD_LETTER_LIMIT="10")
        eventually(lambda: "--allow-dead-letters 30" in str(self.rig.trouble()), "it is held")
        self.assertEqual((self.rig.ready()[0], self.rig.position()), (503, 0))
        child.stop()
        self.rig.start("--allow-dead-letters", "30", DEAD_LETTER_LIMIT="10")
        self.rig.wait_until_stored(30)
        self.assertEqual(len(self.rig.rows(DEAD, self.rig.topic_id)), 30)

    def test_one_clients_flood_does_not_stop_the_others(self) -> None:
        flood = request(*(log(country="GBR") for _ in range(40)), client="noisy")
        self.rig.produce(flood, request(client="quiet"))
        child = self.rig.start(DEAD_LETTER_LIMIT="10")
        self.rig.wait_until_stored(2)
        self.assertEqual(self.rig.balance(), (41, 1, 0, 40, 2))
        self.assertIn("dead letters of client noisy", child.log_path.read_text())

    def test_a_repeat_of_a_dead_letter_is_a_repeat(self) -> None:
        bad = request(log(id="a", country="GBR"), key="k")
        self.rig.produce(bad, request(log(id="a", country="GBR"), key="k"), request(log(id="a", country="GBR")))
        self.rig.start()
        self.rig.wait_until_stored(3)
        self.assertEqual(self.rig.balance(), (3, 0, 2, 1, 3))

    def test_a_record_whose_digest_or_count_is_wrong_is_kept_aside(self) -> None:
        good = request(log(), log())
        headers = [pair for pair in headers_of(good) if pair[0] not in {"digest", "count"}]
        value = b'{"logs":[{"a":1}],"schema":1}'
        self.rig.produce_raw(
            (value, [*headers, ("count", b"1"), ("digest", b"00" * 32)]),
            (value, [*headers, ("count", b"x"), ("digest", b"00" * 32)]),
            (value, headers),
        )
        self.rig.start()
        self.rig.wait_until_stored(3)
        self.assertEqual(self.rig.balance(), (0, 0, 0, 0, 3))
        self.assertEqual(len(self.rig.rows(DEAD, self.rig.topic_id)), 3)
