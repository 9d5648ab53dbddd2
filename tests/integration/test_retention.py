"""Retention on real tables: what goes, and what a report, the persister or an operator still needs."""

from datetime import date, timedelta
from typing import Any

from common.database import rows, run
from migrations import removal
from migrations.days import CLIENT_LOG_ID, PLAY_LOG, add_days, read_bounds
from migrations.files import read_migrations
from migrations.removal import remove_old
from migrations.retention import Keep, days_of
from tests.integration.migrate_case import MigrateCase, quietly
from tests.integration.report_schema import MIGRATIONS

BEGIN = date(2026, 1, 10)
TODAY = date(2026, 3, 31)
KEEP = Keep(play_log=40, request=60, dead_letter=50)
REPORT = """
INSERT INTO report (day, revision, state, manifest_sha256, rows_reported, hook_state, made_at)
VALUES (%s, %s, 'final', REPEAT('x', 32), 0, %s, NOW(6))"""
REQUEST = """
INSERT INTO request (topic_id, partition_no, kafka_offset, appended_at, booked_at, received_day, outcome, n_items,
  n_stored, n_duplicate, n_dead) VALUES (REPEAT('t', 22), 0, %s, %s, %s, %s, 'unreadable', 0, 0, 0, 0)"""
OFFSET = "INSERT INTO consumer_offset VALUES ('t', %s, REPEAT('t', 22), %s, NULL, NULL, NOW(6))"
CUT = "INSERT INTO day_cut VALUES (REPEAT('t', 22), %s, %s, 0, 'record', NOW(6))"
KEY = "INSERT INTO idempotency_key VALUES ('acme', 'preview', %s, REPEAT('d', 32), REPEAT('r', 16), %s)"
LETTER = """
INSERT INTO dead_letter (topic, topic_id, partition_no, kafka_offset, reason, received_day, made_at, state, closed_at)
VALUES ('t', REPEAT('t', 22), 0, 1, 'r', %s, %s, %s, %s)"""


class RetentionTest(MigrateCase):
    def setUp(self) -> None:
        super().setUp()
        self.migrate(read_migrations(MIGRATIONS))
        add_days(self.connection, BEGIN, lambda _: None, quietly)
        add_days(self.connection, TODAY, lambda _: None, quietly)

    def put(self, sql: str, *values: object) -> None:
        run(self.connection, sql, values)
        self.connection.commit()

    def days(self, table: str) -> list[date]:
        return days_of(read_bounds(self.connection, table))

    def count(self, table: str, rule: str = "TRUE") -> Any:
        found = rows(self.connection, f"SELECT COUNT(*) FROM {table} WHERE {rule}")[0][0]
        self.connection.rollback()
        return found

    def remove(self, keep: Keep = KEEP) -> int:
        return remove_old(self.connection, TODAY, keep, self.told.append, quietly)

    def test_a_day_goes_when_it_is_final_and_handed_over_and_not_before(self) -> None:
        old = [TODAY - timedelta(days=number) for number in (45, 44, 43, 42)]
        first = BEGIN + timedelta(days=1)
        self.put(REQUEST, 0, first, first, first)
        for day, hook in ((old[0], "none"), (old[1], "waiting"), (old[2], "done")):
            self.put(REPORT, day, 1, hook)
        self.remove()
        left = self.days(PLAY_LOG.name)
        self.assertEqual([day in left for day in old], [False, True, False, True])
        self.assertEqual([day in left for day in (BEGIN, BEGIN + timedelta(days=1))], [False, True])
        self.assertIn(f"days are old enough to go, from {BEGIN + timedelta(days=1)} on", " ".join(self.told))
        self.put("UPDATE report SET hook_state = 'done'")
        self.put(REPORT, old[1], 2, "waiting")
        self.remove()
        self.assertIn(old[1], self.days(PLAY_LOG.name))

    def test_ids_and_keys_go_by_the_slowest_partitions_books(self) -> None:
        for partition, day in ((0, TODAY), (1, TODAY - timedelta(days=10))):
            self.put(OFFSET, partition, 5)
            self.put(CUT, partition, day)
        self.put(KEY, b"old", TODAY - timedelta(days=30))
        self.put(KEY, b"new", TODAY - timedelta(days=20))
        self.remove()
        progress = TODAY - timedelta(days=10)
        self.assertEqual(min(self.days(CLIENT_LOG_ID.name)), progress - timedelta(days=61))
        self.assertEqual(rows(self.connection, "SELECT idempotency_key FROM idempotency_key"), [(b"new",)])

    def test_a_partition_without_books_keeps_every_id_and_key(self) -> None:
        before = self.days(CLIENT_LOG_ID.name)
        self.put(OFFSET, 0, 5)
        self.put(CUT, 0, TODAY)
        self.put(OFFSET, 1, 0)
        self.put(KEY, b"old", TODAY - timedelta(days=300))
        self.remove()
        self.assertEqual((self.days(CLIENT_LOG_ID.name), self.count("idempotency_key")), (before, 1))

    def test_an_empty_ledger_keeps_everything(self) -> None:
        before = self.days(CLIENT_LOG_ID.name), self.days(PLAY_LOG.name)
        self.remove()
        self.assertEqual((self.days(CLIENT_LOG_ID.name), self.days(PLAY_LOG.name)), before)

    def test_request_rows_go_with_their_final_day_but_for_each_partitions_newest(self) -> None:
        day = TODAY - timedelta(days=61)
        for offset in range(4):
            self.put(REQUEST, offset, day, day, day)
        self.put(REQUEST, 9, TODAY, TODAY, TODAY)
        self.put(OFFSET, 0, 4)
        self.remove()
        self.assertEqual(self.count("request"), 5)
        self.put(REPORT, day, 1, "none")
        self.remove()
        found = rows(self.connection, "SELECT kafka_offset FROM request ORDER BY kafka_offset")
        self.assertEqual(found, [(3,), (9,)])

    def test_an_open_dead_letter_stays_for_ever(self) -> None:
        old = TODAY - timedelta(days=51)
        for state, closed in (("open", None), ("replayed", old), ("dropped", old), ("dropped", TODAY)):
            self.put(LETTER, old, old, state, closed)
        self.remove()
        found = rows(self.connection, "SELECT state, closed_at = made_at FROM dead_letter ORDER BY id")
        self.assertEqual(found, [("open", None), ("dropped", 0)])

    def test_chunks_go_on_until_all_is_gone(self) -> None:
        self.put(OFFSET, 0, 5)
        self.put(CUT, 0, TODAY)
        removal.CHUNK_ROWS, before = 3, removal.CHUNK_ROWS
        self.addCleanup(setattr, removal, "CHUNK_ROWS", before)
        for number in range(10):
            self.put(KEY, str(number).encode(), TODAY - timedelta(days=30))
        self.remove()
        self.assertEqual(self.count("idempotency_key"), 0)
        self.assertIn("idempotency_key: 10 rows deleted", self.told)
        self.assertEqual((self.remove(), self.told[-1]), (0, "idempotency_key: 10 rows deleted"))

    def test_what_is_kept_for_ever_stays(self) -> None:
        day = TODAY - timedelta(days=70)
        self.put(REPORT, day, 1, "none")
        self.put(REQUEST, 0, day, day, day)
        self.put(LETTER, day, day, "dropped", day)
        before = self.days(PLAY_LOG.name)
        self.remove(Keep(0, 0, 0))
        self.assertEqual((self.days(PLAY_LOG.name), self.count("request"), self.count("dead_letter")), (before, 1, 1))
