"""Metrics reach a UDP agent, cost the caller nothing when it is away, and are all listed."""

import logging
import re
import socket
import time
import unittest

from common.metrics import METRICS, Metrics, NoMetrics, StatsdMetrics, metrics_to
from tests.recorded_metrics import RecordedMetrics, UnknownMetric


class Agent:
    """A UDP socket in the place of the DogStatsD agent."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(5)

    def packet(self) -> str:
        return self.socket.recv(8192).decode().strip()


class StatsdMetricsTest(unittest.TestCase):
    def setUp(self) -> None:
        self.agent = Agent()
        self.addCleanup(self.agent.socket.close)
        self.metrics = StatsdMetrics(*self.agent.socket.getsockname())
        self.addCleanup(self.metrics.close)

    def test_a_count_carries_its_name_value_and_tags(self) -> None:
        self.metrics.count("logs.accepted", 40, ("stream:preview",))
        self.assertRegex(self.agent.packet(), r"^playlog\.logs\.accepted:40\|c\|#stream:preview")

    def test_a_gauge_is_a_gauge(self) -> None:
        self.metrics.gauge("publish.queue", 7)
        self.assertRegex(self.agent.packet(), r"^playlog\.publish\.queue:7\|g")

    def test_a_timing_is_in_milliseconds(self) -> None:
        self.metrics.timing("publish.ack_time", 12.5, ("stream:preview",))
        self.assertRegex(self.agent.packet(), r"^playlog\.publish\.ack_time:12\.5\|ms\|#stream:preview")

    def test_closing_sends_what_is_queued(self) -> None:
        for _ in range(50):
            self.metrics.count("logs.accepted")
        self.metrics.close()
        self.assertEqual(50, sum(1 for _ in range(50) if "logs.accepted:1|c" in self.agent.packet()))

    def test_no_packet_tells_of_the_client_library_itself(self) -> None:
        self.metrics.count("logs.accepted")
        self.assertNotIn("datadog.dogstatsd.client", self.agent.packet())


class AbsentAgentTest(unittest.TestCase):
    def test_an_agent_that_is_away_costs_the_caller_no_time_and_no_error(self) -> None:
        agent = Agent()
        address = agent.socket.getsockname()
        agent.socket.close()
        self._ten_thousand_counts(*address)

    def test_a_name_that_cant_be_looked_up_costs_the_caller_no_time_and_no_error(self) -> None:
        library = logging.getLogger("datadog.dogstatsd")
        self.addCleanup(library.setLevel, library.level)
        library.setLevel(logging.CRITICAL)
        self._ten_thousand_counts("agent.invalid", 8125)

    def _ten_thousand_counts(self, host: str, port: int) -> None:
        metrics = StatsdMetrics(host, port)
        self.addCleanup(metrics.close)
        began = time.monotonic()
        for _ in range(10_000):
            metrics.count("logs.accepted", 1, ("stream:preview",))
        self.assertLess(time.monotonic() - began, 5)


class TableTest(unittest.TestCase):
    def test_an_empty_host_means_no_metrics(self) -> None:
        self.assertIsInstance(metrics_to("", 8125), NoMetrics)

    def test_names_are_lower_case_words_with_a_dot_between_part_and_thing(self) -> None:
        for name in METRICS:
            with self.subTest(name):
                self.assertTrue(re.fullmatch(r"[a-z]+\.[a-z_]+", name))

    def test_the_fake_refuses_an_unknown_name_a_wrong_kind_and_a_strange_tag(self) -> None:
        metrics: Metrics = RecordedMetrics()
        for wrong in (
            lambda: metrics.count("logs.invented"),
            lambda: metrics.gauge("logs.accepted", 1),
            lambda: metrics.count("logs.accepted", 1, ("listener:1",)),
        ):
            self.assertRaises(UnknownMetric, wrong)

    def test_the_fake_adds_up_what_it_saw(self) -> None:
        metrics = RecordedMetrics()
        metrics.count("logs.refused", 2, ("rule:type", "stream:preview"))
        metrics.count("logs.refused", 3, ("rule:enum", "stream:preview"))
        self.assertEqual((5, 3), (metrics.total("logs.refused"), metrics.total("logs.refused", "rule:enum")))
