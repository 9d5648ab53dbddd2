"""What the tests of reports share: an empty schema, a folder, a clock, Kafka's answers, and the run itself."""

import csv
import gzip
import io
import json
import shutil
import tempfile
import unittest
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from lxml import html

from common.datacentre import Datacentre
from common.kafka import KafkaSettings
from reports.config import ReportConfig
from reports.editions import Wish
from reports.office import Office
from tests.fakes.hand_clock import HandClock
from tests.integration.report_day import TOPIC, TOPIC_ID, DayWriter
from tests.integration.report_schema import DAY, connect_as, empty_tables, make_schema, password_of, url_of
from tests.recorded_metrics import RecordedMetrics

NEXT_MORNING = datetime(2026, 11, 25, 6, tzinfo=UTC)


class KnownTopic:
    """Kafka as the test wants it: partitions and ends, or out of reach."""

    def __init__(self, ends: dict[int, int], topic_id: str = TOPIC_ID) -> None:
        self._ends, self._topic_id = ends, topic_id
        self.is_reachable = True
        self.asked = 0

    def describe(self, topic: str) -> tuple[str, int]:
        assert topic == TOPIC
        self.asked += 1
        if not self.is_reachable:
            raise TimeoutError
        return self._topic_id, len(self._ends)

    def ends(self, topic: str, partitions: list[int]) -> dict[int, int]:
        return {number: self._ends[number] for number in partitions}


class ReportCase(unittest.TestCase):
    """A test with an empty ledger; `self.day` fills it."""

    def setUp(self) -> None:
        make_schema()
        self.connection = connect_as("playlog_migrate")
        self.addCleanup(self.connection.close)
        empty_tables(self.connection)
        self.root = Path(tempfile.mkdtemp(prefix="playlog-reports-"))
        self.addCleanup(shutil.rmtree, self.root)
        self.day = DayWriter(self.connection)
        self.clock = HandClock(NEXT_MORNING)
        self.kafka = KnownTopic({0: 0})
        self.metrics = RecordedMetrics()
        self.hook: Path | None = None
        self.hook_seconds = 5
        self.out, self.err = io.StringIO(), io.StringIO()

    def report(self, day: date = DAY, *, provisional: bool = False) -> int:
        """Runs a report; returns its exit status."""
        return self.office().report(day, wants_provisional=provisional)

    def revise(self, reason: str, day: date = DAY) -> int:
        """Asks for a revision; returns the exit status."""
        return self.office().report(day, wish=Wish(reason, "op"))

    def until_final(self) -> int:
        """Runs what cron runs; returns the exit status."""
        return self.office().until_final()

    def office(self) -> Office:
        """Reports, as a door makes them; what they say is in `out` and `err`."""
        self.out, self.err = io.StringIO(), io.StringIO()
        return Office(self.config(), self.kafka, self.clock, self.metrics, (self.out, self.err))

    def config(self) -> ReportConfig:
        return ReportConfig(
            datacentre=Datacentre("local", url_of("playlog_reports"), password_of("playlog_reports")),
            report_dir=self.root,
            hook=self.hook,
            hook_seconds=self.hook_seconds,
            statsd_host="",
            statsd_port=8125,
            log_level="ERROR",
            kafka=KafkaSettings("127.0.0.1:1", "PLAINTEXT", "", "", "", TOPIC, "group"),
        )

    def kafka_with(self, *ends: int, topic_id: str = TOPIC_ID) -> KnownTopic:
        """A topic with these end offsets, partition by partition."""
        return KnownTopic(dict(enumerate(ends)), topic_id)

    def manifest(self, folder: str = DAY.isoformat()) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.root / folder / "manifest.json").read_bytes())
        return document

    def usage(self, client: str = "acme", folder: str = DAY.isoformat()) -> list[dict[str, str]]:
        """The client's usage file as a partner's own program would read it."""
        with gzip.open(self.root / folder / f"usage.{client}.csv.gz", "rt", encoding="utf-8", newline="") as opened:
            return list(csv.DictReader(opened))

    def summary(self, folder: str = DAY.isoformat()) -> list[dict[str, str]]:
        with (self.root / folder / "summary.csv").open(encoding="utf-8", newline="") as opened:
            return list(csv.DictReader(opened))

    def bytes_of(self, folder: str = DAY.isoformat()) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted((self.root / folder).iterdir())}

    def folders(self) -> list[str]:
        """The folders of editions, without the clients'."""
        return sorted(path.name for path in self.root.iterdir() if path.name != "clients")

    def page(self, folder: str = DAY.isoformat()) -> Any:
        """The page, as a browser reads it."""
        return html.document_fromstring((self.root / folder / "report.html").read_text(encoding="utf-8"))

    def table(self, name: str, folder: str = DAY.isoformat()) -> list[list[str]]:
        """The rows of one of the page's tables, without its headings, as they are copied."""
        (table,) = self.page(folder).xpath(f"//table[@id='{name}']")
        return [[cell.text_content() for cell in row.xpath("td|th")] for row in table.xpath(".//tbody/tr")]

    def recorded(self) -> list[tuple[Any, ...]]:
        """The rows of the report table."""
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT day, revision, state, rows_reported FROM report ORDER BY day, revision")
            found = list(cursor.fetchall())
        self.connection.commit()
        return found


def on_the_day(hour: int = 12, minute: int = 0, microsecond: int = 0) -> datetime:
    """A moment of the reported day."""
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, microsecond=microsecond, tzinfo=UTC)


def days_later(days: int) -> date:
    return DAY + timedelta(days=days)
