"""The table of metrics lists what is sent, and nothing else."""

import re
import unittest
from pathlib import Path

from common.metrics import METRICS

ROOT = Path(__file__).parents[3]
SENT = re.compile(r"metrics\.(?:count|gauge|timing)\(\s*\"([a-z_.]+)\"")


class SentTest(unittest.TestCase):
    def test_every_listed_metric_is_sent_and_every_sent_one_is_listed(self) -> None:
        sources = (path.read_text() for room in ("app", "consumer", "reports") for path in (ROOT / room).rglob("*.py"))
        self.assertEqual({name for text in sources for name in SENT.findall(text)}, set(METRICS))
