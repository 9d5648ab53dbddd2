"""Logs that can't be stored, under load: set aside, their neighbours stored, and stored after all once mended."""

from functools import partial

from confluent_kafka import Producer

from common.records import canonical_value, headers_of
from devstack.process import Child
from devstack.service import REPOSITORY, child_environ, word_command
from tests.fakes.play_requests import log, request
from tests.faults.case import FaultCase
from tests.faults.stage import HOME

#: The rows of before may break it.
STRICT = "SET check_constraint_checks = 0; ALTER TABLE play_log ADD CONSTRAINT stricter CHECK (track_id % 10 <> 3)"
LENIENT = "ALTER TABLE play_log DROP CONSTRAINT stricter"
OPEN = "SELECT COUNT(*) FROM dead_letter WHERE state = 'open'"


class LetterTest(FaultCase):
    def are_fewer_than(self, count: int) -> bool:
        return self.open_letters() < count

    def open_letters(self) -> int:
        return int(self.scene.sql(OPEN)[0][0])

    def test_one_client_is_poisoned(self) -> None:
        scene = self.begin(persister={"DEAD_LETTER_LIMIT": "10"})
        noisy = f"noisy-{scene.topic}"
        producer = Producer({"bootstrap.servers": scene.stack.kafka.bootstrap, "log_level": 0})
        with self.fault():
            for _ in range(100):
                bad = request(log(country="GBR"), log(), client=noisy)
                producer.produce(scene.topic, canonical_value(bad.items), headers=list(headers_of(bad)))
            self.assertEqual(producer.flush(10), 0)
            self.eventually(lambda: self.open_letters() == 100, "its bad logs are set aside")
            scene.wait_for_line(scene.persisters[-1], f"dead letters of client {noisy}")
        stored = f"SELECT COUNT(*) FROM play_log WHERE client = '{noisy}'"
        self.eventually(lambda: scene.sql(stored) == [["100"]], "its good logs are stored")
        self.settle("one client's poisoned logs: 100 set aside", self.recover())

    def test_a_rule_of_the_database_is_stricter_and_the_replay_is_killed(self) -> None:
        scene = self.begin()
        self.addCleanup(scene.sql, "ALTER TABLE play_log DROP CONSTRAINT IF EXISTS stricter")
        with self.fault():
            scene.sql(STRICT)
            self.eventually(lambda: self.open_letters() > 200, "logs are set aside", 90)
            scene.sql(LENIENT)
        recovered = self.recover()
        scene.senders.stop()
        left = before = self.open_letters()
        for number in range(3):
            replay = self.replay(number)
            self.eventually(partial(self.are_fewer_than, left - 20), "it has begun")
            replay.kill()
            left = self.open_letters()
        self.assertGreater(left, 0)
        self.assertLess(left, before - 50)
        self.assertEqual(self.replay(3).wait(120), 0)
        self.assertEqual(self.open_letters(), 0)
        self.settle(f"a database rule stricter than ours: {before} set aside, replay killed 3 times", recovered)

    def replay(self, number: int) -> Child:
        scene = self.scene
        child = Child(f"replay-{scene.topic}-{number}", HOME)
        child.launch(
            word_command("dead-letters", "replay", "--client", scene.client, "--reason", "the rule is gone"),
            child_environ(scene.stack.environ("dead-letters") | {"PLAY_LOGS_TOPIC": scene.topic}),
            REPOSITORY,
        )
        self.addCleanup(child.stop)
        return child
