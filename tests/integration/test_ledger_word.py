"""The ledger before the persister runs, while it is stopped in between, and after: each log in one column."""

import io
import socket
from contextlib import AbstractContextManager
from typing import Any

from common.clock import SystemClock
from common.database import database_url
from common.metrics import NoMetrics
from reports.ledger.account import LedgerSnapshot
from reports.ledger.run import Question, ledger
from reports.snapshot import open_snapshot
from tests.fakes.play_requests import log, request
from tests.integration.words_case import AwayTopics, WordsCase


class LedgerTest(WordsCase):
    def lines(self, *arguments: str) -> dict[str, Any]:
        """The line of this test's own client today."""
        found = self.document("ledger", "--date", "today", "--client", self.rig.client, *arguments)
        ((line,),) = [day["accounts"] for day in found["days"]]
        return dict(line)

    def test_each_log_is_in_exactly_one_column_at_every_stage(self) -> None:
        self.rig.produce(
            request(log(id="a"), key="k"), request(log(id="a"), key="k"), request(log(country="GBR"), log())
        )
        before = self.lines()
        self.assertEqual((before["accepted"], before["still_in_kafka"], before["stored"]), (4, 4, 0))
        child = self.rig.start()
        self.rig.wait_until_stored(3)
        child.stop()
        self.rig.produce(request(log(), log(), log()))
        between = self.lines()
        columns = ("accepted", "stored", "duplicate", "dead_lettered", "still_in_kafka", "rows", "balance")
        self.assertEqual([between[name] for name in columns], [7, 2, 1, 1, 3, 2, 0])
        self.rig.start()
        self.rig.wait_until_stored(4)
        after = self.lines()
        self.assertEqual([after[name] for name in columns], [7, 5, 1, 1, 0, 5, 0])
        self.assertEqual(self.word("ledger").returncode, 0)

    def test_the_headers_of_unread_records_are_read_up_to_a_limit(self) -> None:
        self.rig.produce(*(request() for _ in range(5)))
        self.rig.produce_raw((b"junk", []))
        found = self.document("ledger", "--date", "today", "--unread-records", "2")
        self.assertEqual((found["unread_records"], found["uncounted_offsets"]), (2, {"0": 4}))
        text = self.word("ledger", "--date", "today").stdout
        self.assertIn("still in Kafka: 6 records", text)
        self.assertIn("1 of them name no client", text)

    def test_without_kafka_the_databases_part_is_shown_with_status_75(self) -> None:
        def opened() -> AbstractContextManager[LedgerSnapshot]:
            environ = self.rig.stack.environ("ledger")
            url = database_url(environ["DATACENTRE_DB_URL"])
            return open_snapshot(url, environ["DATACENTRE_DB_PASSWORD"], LedgerSnapshot)

        out, question = io.StringIO(), Question(None, None, 10, as_json=False)
        kafka = AwayTopics(), self.rig.config.kafka
        self.assertEqual(ledger(question, opened, kafka, SystemClock(), out, NoMetrics()), 75)
        self.assertIn("Kafka could not be asked (no answer in time)", out.getvalue())

    def test_a_row_that_nobody_accounts_for_is_named_with_status_1(self) -> None:
        self.rig.produce(request(log(), log(trackId=2)))
        self.rig.start()
        self.rig.wait_until_stored(1)
        self.rig.as_root(f"DELETE FROM play_log WHERE client = '{self.rig.client}' AND track_id = 2")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as agent:
            agent.bind(("127.0.0.1", 0))
            agent.settimeout(5)
            where = {"STATSD_HOST": "127.0.0.1", "STATSD_PORT": str(agent.getsockname()[1])}
            done = self.word("ledger", "--date", "today", "--client", self.rig.client, **where)
            self.assertRegex(agent.recv(1000).decode(), r"^playlog\.ledger\.imbalances:[1-9]\d*\|g")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn(
            f"client {self.rig.client}, stream preview: 2 logs stored by the request rows, but 1", done.stdout
        )
        self.rig.as_root(f"DELETE FROM request WHERE client = '{self.rig.client}'")
        self.rig.as_root(f"DELETE FROM play_log WHERE client = '{self.rig.client}'")
