"""The doctor's judgement: each setting that loses logs is named, with what to change; what is right is not."""

import unittest
from dataclasses import replace
from datetime import date

from app.logs.limits import MAX_RECORD_BYTES
from commands.doctoring.database_checks import DatabaseFacts, findings, ledger_findings
from commands.doctoring.edge_checks import limit_findings
from commands.doctoring.finding import Finding
from commands.doctoring.kafka_checks import broker_findings, copies_findings, topic_findings
from commands.doctoring.pages import document_of, lines_of, status_of
from common.database import SQL_MODE
from common.kafka import Copies
from tests.fakes.topic_source import GOOD_SETTINGS

BROKER = {
    "auto.create.topics.enable": "false",
    "offsets.retention.minutes": "20160",
    "group.coordinator.rebalance.protocols": "classic,consumer",
    "group.consumer.session.timeout.ms": "45000",
    "offsets.topic.replication.factor": "3",
    "unclean.leader.election.enable": "false",
}
SESSION = {
    "sql_mode": SQL_MODE,
    "time_zone": "+00:00",
    "wait_timeout": "30",
    "innodb_lock_wait_timeout": "5",
    "lock_wait_timeout": "5",
    "transaction_isolation": "READ-COMMITTED",
    "character_set_connection": "utf8mb4",
    "character_set_client": "utf8mb4",
}
SERVER = {
    "max_allowed_packet": "16777216",
    "innodb_flush_log_at_trx_commit": "1",
    "innodb_doublewrite": "ON",
    "read_only": "OFF",
    "sync_binlog": "1",
    "max_connections": "151",
}
TODAY = date(2026, 3, 10)
FACTS = DatabaseFacts(SESSION, SERVER, 3, 0.2, {"play_log": "InnoDB"}, {"play_log": date(2026, 3, 25)})


def wrong(found: list[Finding]) -> dict[str, str]:
    return {each.name: each.advice for each in found if each.state == "wrong"}


class KafkaTest(unittest.TestCase):
    def test_each_setting_of_the_topic_that_is_wrong_is_named(self) -> None:
        self.assertEqual(wrong(list(topic_findings("t", GOOD_SETTINGS, "production"))), {})
        bad = {"retention.bytes": "5", "cleanup.policy": "compact", "min.insync.replicas": "1"}
        found = wrong(list(topic_findings("t", GOOD_SETTINGS | bad, "production")))
        self.assertEqual(set(found), {f"topic t: {name}" for name in bad})

    def test_each_setting_of_a_broker_that_is_wrong_is_named(self) -> None:
        self.assertEqual(wrong(list(broker_findings({1: BROKER}, GOOD_SETTINGS, "production"))), {})
        bad = {
            "auto.create.topics.enable": "true",
            "offsets.retention.minutes": "1440",
            "group.coordinator.rebalance.protocols": "classic",
            "group.consumer.session.timeout.ms": "90000",
            "offsets.topic.replication.factor": "1",
            "unclean.leader.election.enable": "true",
        }
        found = wrong(list(broker_findings({1: BROKER, 2: bad}, GOOD_SETTINGS, "production")))
        self.assertEqual(set(found), {f"broker 2: {name}" for name in bad})
        self.assertIn("to 10080 or more", found["broker 2: offsets.retention.minutes"])

    def test_copies_are_enough_and_in_sync(self) -> None:
        good = [Copies(0, 3, 3, has_leader=True), Copies(1, 3, 3, has_leader=True)]
        self.assertEqual(wrong(list(copies_findings("t", good, 2, "production"))), {})
        self.assertIn("t: copies", str(wrong(list(copies_findings("t", [Copies(0, 1, 1, True)], 1, "production")))))
        self.assertEqual(wrong(list(copies_findings("t", [Copies(0, 1, 1, True)], 1, "local"))), {})
        self.assertIn("below the number", str(wrong(list(copies_findings("t", good, 3, "production")))))
        for bad in (replace(good[1], in_sync=2), replace(good[1], has_leader=False)):
            found = list(copies_findings("t", [good[0], bad], 2, "production"))
            self.assertEqual([each.found for each in found if each.state == "wrong"], ["not in partition 1"])


class DatabaseTest(unittest.TestCase):
    def found(self, facts: DatabaseFacts) -> dict[str, str]:
        return wrong(list(findings("db", facts, 5_000_000, TODAY)))

    def test_a_database_as_it_should_be_is_right(self) -> None:
        self.assertEqual(self.found(FACTS), {})

    def test_each_wrong_setting_of_a_session_or_the_server_is_named(self) -> None:
        session = dict.fromkeys(SESSION, "other") | {"sql_mode": "STRICT_TRANS_TABLES"}
        self.assertEqual(set(self.found(replace(FACTS, session=session))), set(SESSION))
        bad = {
            "max_allowed_packet": "4194304",
            "innodb_flush_log_at_trx_commit": "2",
            "innodb_doublewrite": "OFF",
            "read_only": "ON",
            "sync_binlog": "0",
        }
        self.assertEqual(set(self.found(replace(FACTS, server=SERVER | bad))), set(bad))

    def test_clock_connections_engines_and_days(self) -> None:
        facts = DatabaseFacts(
            SESSION, SERVER, 145, -7.0, {"play_log": "InnoDB", "gap": "MyISAM"}, {"play_log": date(2026, 3, 13)}
        )
        found = self.found(facts)
        self.assertEqual(set(found), {"clock", "connections", "engine of the tables", "days of play_log"})
        self.assertIn("for gap", found["engine of the tables"])

    def test_books_of_another_topic_or_of_more_partitions_are_wrong(self) -> None:
        self.assertEqual(wrong(list(ledger_findings("db", [(0, "id"), (5, "id")], "id", 6))), {})
        self.assertEqual(list(ledger_findings("db", [], "id", 6)), [])
        self.assertIn("adopt-topic", str(wrong(list(ledger_findings("db", [(0, "old")], "id", 6)))))
        self.assertIn("never loses partitions", str(wrong(list(ledger_findings("db", [(6, "id")], "id", 6)))))


class LimitTest(unittest.TestCase):
    def test_the_chains_of_sizes_and_times(self) -> None:
        self.assertEqual(wrong(list(limit_findings(10, 300, 2_097_152))), {})
        found = wrong(list(limit_findings(10**6, 20, MAX_RECORD_BYTES - 1)))
        self.assertEqual(set(found), {"chain of times", "MAX_POLL_SECONDS", "chain of sizes"})
        self.assertEqual(len(list(limit_findings(10, 300, None))), 2)


class PageTest(unittest.TestCase):
    FOUND = (
        Finding("a", "clock", "right", "7"),
        Finding("a", "days of play_log", "wrong", "8", "Set it to 9."),
        Finding("b", "can be asked", "unknown", advice="no answer"),
    )

    def test_what_is_wrong_comes_first_with_what_to_do(self) -> None:
        lines = lines_of(self.FOUND, ["the door"], with_right=True)
        self.assertEqual(lines[:2], ["WRONG  a: days of play_log: 8", "       Set it to 9."])
        self.assertEqual(lines[2], "       docs/runbook.md: Doctor: days of a table")
        self.assertEqual(lines[3:5], ["?      b: can be asked: no answer", "-      not looked at: the door"])
        self.assertEqual(lines[5:], ["right  a: clock: 7", "3 checks: 1 right, 1 wrong, 1 couldn't be made"])

    def test_the_status_tells_wrong_from_unknown(self) -> None:
        self.assertEqual([status_of(self.FOUND[:number]) for number in (1, 2, 3)], [0, 1, 1])
        self.assertEqual(status_of(self.FOUND[::2]), 75)
        self.assertEqual(document_of(self.FOUND, [])["wrong"], 1)
