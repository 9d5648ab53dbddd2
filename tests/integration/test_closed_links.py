"""The pipeline over closed links: it works, and whoever isn't who he should be isn't let in."""

import json
import unittest
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import MySQLdb
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from common.config import BadSettings, load
from common.database import connect, database_url, rows
from common.kafka import KafkaSettings, TopicView
from consumer.config import ConsumerConfig
from devstack.ports import HOST
from devstack.words import TOPIC
from tests.integration.closed_stack import closed_stack, links
from tests.integration.ingest_sender import PATH, body_of, log
from tests.integration.link import Link
from tests.integration.topic_rig import eventually

OTHER_HOST = "127.0.0.2"


class PipelineTest(unittest.TestCase):
    def test_a_log_goes_all_the_way_and_every_word_gets_its_part(self) -> None:
        stack = closed_stack()
        key = stack.secrets["PLAYLOG_KEY"]
        url = f"http://{HOST}:{stack.app.port}{PATH}?country=GB&oauth_consumer_key={key}"
        sent = urllib.request.Request(url, body_of(log()), {"Content-Type": "application/json"})
        with urllib.request.urlopen(sent, timeout=20) as reply:
            receipt = reply.headers["X-Receipt"]

        def state() -> str:
            return str(json.loads(stack.run_word("receipt", receipt, "--json").stdout)["state"])

        eventually(lambda: state() == "stored", "the log is stored")
        report = stack.run_word("report", "--date", "today", "--provisional")
        self.assertEqual((report.returncode, "demo" in report.stdout), (75, True), report.stderr)
        self.assertEqual(stack.run_word("ledger").returncode, 0)
        self.assertIn("still in Kafka: 0 records", stack.run_word("status").stdout)
        self.assertEqual(stack.run_word("dead-letters", "list").returncode, 0)
        rules = stack.run_word("acls")
        self.assertEqual((rules.returncode, "and no other" in rules.stdout), (0, True), rules.stdout + rules.stderr)


class KafkaDoorTest(unittest.TestCase):
    def settings(self, **changes: str) -> KafkaSettings:
        return load(KafkaSettings, closed_stack().environ("consume") | changes)

    def refused(self, **changes: str) -> str:
        """What is said of a link that can't be made."""
        with self.assertRaises((KafkaException, TimeoutError)) as refused:
            TopicView(self.settings(**changes)).describe(TOPIC)
        return str(refused.exception)

    def test_the_right_user_over_the_right_link_is_let_in(self) -> None:
        self.assertEqual(TopicView(self.settings()).describe(TOPIC)[1], 6)

    def test_a_wrong_password_another_authority_and_another_name_are_refused(self) -> None:
        port = int(closed_stack().kafka.bootstrap.rpartition(":")[2])
        with closing(Link()) as link:
            cases = {
                "password": {"KAFKA_PASSWORD": "wrong"},
                "authority": {"KAFKA_CA": str(links().certificates.other_ca)},
                "name": {"KAFKA_BOOTSTRAP": f"{OTHER_HOST}:{link.door_to(port, OTHER_HOST)}"},
            }
            # Each waits for as long as a question to the brokers may take: all at once.
            with ThreadPoolExecutor() as pool:
                asked = {name: pool.submit(self.refused, **changes) for name, changes in cases.items()}
                said = {name: answer.result() for name, answer in asked.items()}
        self.assertIn("uthentication failed", said["password"])
        for name in ("authority", "name"):
            self.assertIn("certificate", said[name].lower(), name)

    def test_plaintext_is_no_link(self) -> None:
        admin = AdminClient({"bootstrap.servers": closed_stack().kafka.bootstrap, "log_level": 0})
        with self.assertRaises(KafkaException):
            admin.list_topics(timeout=1)


class DatabaseDoorTest(unittest.TestCase):
    def setUp(self) -> None:
        stack = closed_stack()
        self.port = stack.mariadb.port
        self.password = stack.environ("consume")["DATACENTRE_DB_PASSWORD"]

    def connect(self, host: str = HOST, port: int | None = None, option: str = "") -> Any:
        url = database_url(f"mysql://playlog_persister@{host}:{port or self.port}/playlog_datacentre{option}")
        connection = connect(url, self.password)
        self.addCleanup(connection.close)
        return rows(connection, "SHOW STATUS LIKE 'Ssl_cipher'")[0][1]

    def assert_refused(self, word: str, numbers: tuple[int, ...] = (2026,), **how: Any) -> None:
        with self.assertRaises(MySQLdb.OperationalError) as refused:
            self.connect(**how)
        self.assertIn(refused.exception.args[0], numbers)
        self.assertRegex(str(refused.exception.args[1]).lower(), word)

    def test_the_right_link_is_encrypted(self) -> None:
        self.assertRegex(self.connect(option=f"?ssl_ca={links().certificates.ca}"), "^TLS")

    def test_plaintext_another_authority_and_another_name_are_refused(self) -> None:
        # MariaDB 11 has a number of its own for a link that isn't secure.
        self.assert_refused("access denied|insecure transport", (1045, 3159))
        self.assert_refused("certificate", option=f"?ssl_ca={links().certificates.other_ca}")
        with closing(Link()) as link:
            option = f"?ssl_ca={links().certificates.ca}"
            # The libraries name it in words of their own.
            self.assert_refused(
                "certificate|hostname", host=OTHER_HOST, port=link.door_to(self.port, OTHER_HOST), option=option
            )


class StartTest(unittest.TestCase):
    """Outside `local` a link without TLS stops the start, with a sentence that says what to change."""

    def test_each_plaintext_setting_stops_the_start(self) -> None:
        environ = closed_stack().environ("consume")
        load(ConsumerConfig, environ)
        plain = environ["DATACENTRE_DB_URL"].partition("?")[0]
        nobody = {"KAFKA_USERNAME": "", "KAFKA_PASSWORD": "", "KAFKA_CA": ""}
        cases = (
            ({"KAFKA_SECURITY_PROTOCOL": "PLAINTEXT"}, "over which nobody logs in"),
            (nobody | {"KAFKA_SECURITY_PROTOCOL": "PLAINTEXT"}, "KAFKA_SECURITY_PROTOCOL to SASL_SSL"),
            (nobody, "set KAFKA_USERNAME, KAFKA_PASSWORD and KAFKA_CA"),
            ({"DATACENTRE_DB_URL": plain}, "ssl_ca=FILE to DATACENTRE_DB_URL"),
            ({"KAFKA_CA": "/nowhere/ca.pem"}, "KAFKA_CA"),
            ({"DATACENTRE_DB_URL": f"{plain}?ssl_ca=/nowhere/ca.pem"}, "DATACENTRE_DB_URL"),
        )
        for changes, word in cases:
            with self.assertRaises(BadSettings) as bad:
                load(ConsumerConfig, environ | changes)
            self.assertIn(word, str(bad.exception))
        done = closed_stack().run_word("report", "--date", datetime.now(UTC).date().isoformat())
        self.assertEqual(done.returncode, 75, done.stderr)


class DoctorTest(unittest.TestCase):
    def test_its_users_may_look_at_everything(self) -> None:
        done = closed_stack().run_word("doctor", "--json")
        found = json.loads(done.stdout)["findings"]
        self.assertEqual([each for each in found if each["state"] == "unknown"], [])
        # One broker is too few outside `local`, and nothing else is wrong.
        wrong = {each["name"] for each in found if each["state"] == "wrong"}
        few = {f"topic {TOPIC}: copies", f"topic {TOPIC}: min.insync.replicas"}
        self.assertEqual(wrong, {*few, "broker 1: offsets.topic.replication.factor"})
