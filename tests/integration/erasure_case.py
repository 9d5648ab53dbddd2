"""What the tests of erasures share: a day with a listener of two clients, and where the name may stand."""

import gzip
from pathlib import Path
from typing import Any

from common.erasure import listener_hash
from listeners.erasure import Erased, erase
from listeners.registry import Listener
from tests.integration.report_case import ReportCase, days_later, on_the_day
from tests.integration.report_day import Log, Request
from tests.integration.report_schema import DAY, connect_as

SECRET = "s" * 32
FILE = "usage.acme.csv.gz"
SECOND = f"{DAY}.r2"
GONE = Listener("acme", "gone", listener_hash(SECRET, "acme", "gone"))
LETTER = """
INSERT INTO dead_letter (topic, topic_id, partition_no, kafka_offset, item, request_id, client, stream, reason,
  value_zlib, value_bytes, value_sha256, headers_json, received_day, made_at)
VALUES ('t', 'i', 0, 1, %s, %s, %s, 'preview', 'r', %s, 1, REPEAT('x', 32), %s, '2026-11-24', NOW(6))"""


class ErasureCase(ReportCase):
    def setUp(self) -> None:
        super().setUp()
        for table in ("erased", "erasure_day"):
            self.run_sql(f"DELETE FROM {table}")
        self.listeners = connect_as("playlog_listeners")
        self.addCleanup(self.listeners.close)

    def run_sql(self, sql: str, *values: object) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
        self.connection.commit()

    def rows(self, sql: str) -> list[Any]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            found = list(cursor.fetchall())
        self.connection.commit()
        return found

    def erase(self, **changes: bool) -> Erased:
        return erase(self.listeners, self.root, GONE, "op", lambda _: None, **changes)

    def write_day(self) -> None:
        self.day.cut(0, days_later(-1), 0, "start")
        logs = [Log(b"gone", user_agent="his phone"), Log(b"here"), Log(b"gone", seconds=5), Log(b"gone ")]
        end = self.day.put(0, 0, Request(on_the_day(9), logs), Request(on_the_day(10), [Log(b"gone")], client="bolt"))
        self.day.cut(0, DAY, end)
        self.kafka = self.kafka_with(end)

    def names_in(self, folder: Path) -> list[str]:
        """Every file below a folder in which the listener's id of acme stands in a cell."""
        found = []
        for path in sorted(folder.rglob("*acme*.gz")):
            if b",gone," in gzip.decompress(path.read_bytes()):
                found.append(str(path.relative_to(folder)))
        return found
