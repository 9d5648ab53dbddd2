"""Brokers die, stop and hang under load."""

import statistics
import time

from confluent_kafka.admin import NewPartitions

from app.logs.circuit import STALL_SECONDS
from app.logs.topic_watch import PERIOD_SECONDS, SILENT_SECONDS
from devstack.kafka_node import KafkaNode
from tests.faults.case import FaultCase
from tests.faults.load import Attempt
from tests.faults.probes import Probes
from tests.faults.receipts_watch import ReceiptsWatch
from tests.faults.scene import Scene

#: Seconds that the brokers are away.
AWAY = 60
#: From their return to the first request that is taken.
BACK_SECONDS = 5.0
PROBE_SECONDS = 0.2
P99_SECONDS = 0.1


def leader(scene: Scene) -> KafkaNode:
    """The node that leads the topic's partition 0."""
    number = scene.admin.list_topics(scene.topic, timeout=10).topics[scene.topic].partitions[0].leader
    return next(node for node in scene.stack.kafka.nodes if node.node_id == number)


def p99(attempts: list[Attempt]) -> float:
    return statistics.quantiles((each.seconds for each in attempts), n=100)[98]


class BrokerTest(FaultCase):
    def test_the_leader_is_killed(self) -> None:  # G12
        scene = self.begin()
        node = leader(scene)
        with self.fault():
            node.kill()
            scene.run_on(10)
            node.start()
        self.settle("leading broker: kill -9, back after 10 s", self.recover())

    def test_the_leader_is_stopped(self) -> None:  # G12
        scene = self.begin()
        node = leader(scene)
        with self.fault():
            node.stop()
            scene.run_on(10)
            node.start()
        self.settle("leading broker: SIGTERM, back after 10 s", self.recover())

    def test_the_leader_hangs(self) -> None:
        scene = self.begin()
        node = leader(scene)
        with self.fault():
            node.child.pause()
            scene.run_on(15)
            node.child.resume()
        self.settle("leading broker: hangs for 15 s", self.recover())

    def test_all_brokers_are_away(self) -> None:
        scene = self.begin()
        probes = Probes(scene.tasks[0].app.port).start()
        self.addCleanup(probes.stop)
        askers = [ReceiptsWatch(scene).start() for _ in range(12)]
        with self.fault():
            scene.stack.kafka.kill()
            killed_at = time.monotonic()
            scene.run_on(AWAY)
            starting_at = time.monotonic()
            scene.stack.kafka.restart()
        back_at = time.monotonic()
        for asker in askers:
            asker.stop()
            self.assertEqual(asker.seen.wrong, [])
        self.eventually(lambda: scene.senders.statuses(back_at).get(200, 0) > 0, "requests are taken", BACK_SECONDS)
        recovered = self.recover()
        open_from = killed_at + STALL_SECONDS + 0.5
        refused = [each for each in scene.senders.attempts if open_from <= each.at < starting_at]
        self.assertEqual({each.status for each in refused}, {503})
        self.assertEqual({each.kept for each in refused}, {"no"})
        self.assertLess(p99(refused), P99_SECONDS)
        health = probes.of("/health", killed_at, starting_at)
        ready = probes.of("/ready", killed_at, starting_at)
        self.assertEqual({each.status for each in health}, {200})
        # A process that has no record under way learns it from its next question, which has to wait a while first.
        seen_from = killed_at + PERIOD_SECONDS + SILENT_SECONDS + 0.5
        self.assertEqual([each.at - killed_at for each in ready if each.at > seen_from and each.status != 503], [])
        self.assertGreater(len(ready), AWAY)
        self.assertLess(p99([Attempt(0, each.seconds, 0) for each in (*health, *ready)]), PROBE_SECONDS)
        self.eventually(lambda: probes.answers[-1].status == 200, "/ready says so")
        self.settle("all brokers: kill -9, back after 60 s", recovered, p99=p99(refused) * 1000)

    def test_partitions_are_added(self) -> None:
        scene = self.begin(partitions=3)
        with self.fault():
            scene.admin.create_partitions([NewPartitions(scene.topic, 6)])[scene.topic].result(20)
        self.eventually(
            lambda: (
                len(scene.sql(f"SELECT 1 FROM consumer_offset WHERE topic = '{scene.topic}' AND next_offset > 0")) == 6
            ),
            "all six are stored from",
        )
        self.settle("partitions: 3 become 6", self.recover())
