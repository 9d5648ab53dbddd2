"""A loop on fakes, whose worker works when the test says so."""

import queue

from consumer.assigned import Assigned
from consumer.batch import Limits
from consumer.courtesy import Courtesy
from consumer.loop import ConsumerLoop
from consumer.partition import News
from consumer.steering import Steering
from consumer.workers import Workers
from tests.fakes.hand_clock import HandClock
from tests.fakes.kafka_consumer import FakeConsumer, FakeTopic
from tests.fakes.ledger_worker import LedgerWorker, Shelf

SMALL = Limits(rows=3, bytes=10**9, seconds=1)


class Rig:
    """A loop on fakes; `turn` lets the worker work, then the loop."""

    def __init__(self, topic: FakeTopic, shelf: Shelf, limits: Limits = SMALL, most: int = 1000) -> None:
        self.clock = HandClock()
        self.consumer = FakeConsumer(topic, most)
        news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self.worker = LedgerWorker(shelf, news, first_left=topic.first_left, end=topic.end)
        workers = Workers([self.worker])
        self.courtesy = courtesy = Courtesy(self.consumer, "t", self.clock)
        self.assigned = Assigned(self.consumer, "t", workers.load, news, courtesy, self.clock)
        steering = Steering(self.consumer, "t", self.assigned, workers, limits, self.clock)
        self.loop = ConsumerLoop(self.consumer, "t", self.assigned, steering, courtesy, self.clock)
        self.loop.run(lambda: True)  # Subscribes, and ends at once.
        self.consumer.is_closed = False

    def turn(self, times: int = 1, seconds: float = 2) -> None:
        for _ in range(times):
            self.worker.work()
            self.loop.turn()
            self.clock.turn(seconds)


def topic_of(**records: int) -> FakeTopic:
    """p0=5 makes partition 0 with five records."""
    topic = FakeTopic()
    for name, number in records.items():
        for place in range(number):
            topic.append(int(name[1:]), b"%d" % place)
    return topic
