"""Counts, gauges and timings of every process, sent to a DogStatsD agent; METRICS lists all that exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["count", "gauge", "timing"]

#: Packets that may wait for the sending thread; more are dropped rather than waited for.
QUEUED_PACKETS = 10_000
#: How long a process that ends waits for its last packets to leave.
CLOSE_SECONDS = 1.0


class Metrics(Protocol):
    """Takes measurements. None of these blocks, and none raises when the agent is away.

    Tags are `key:value`. Their values come from a short list (a rule, a status), never from what a client sent.
    """

    def count(self, name: str, value: int = 1, tags: Sequence[str] = ()) -> None:
        """Something happened `value` times."""

    def gauge(self, name: str, value: float, tags: Sequence[str] = ()) -> None:
        """Something stands at `value` now."""

    def timing(self, name: str, milliseconds: float, tags: Sequence[str] = ()) -> None:
        """Something took this long."""


class ClosingMetrics(Metrics, Protocol):
    """Metrics with a thread of their own."""

    def close(self) -> None:
        """Sends what is queued and ends the thread."""


@dataclass(frozen=True)
class Metric:
    """What one name of METRICS means."""

    kind: Kind
    unit: str
    tags: tuple[str, ...]
    meaning: str


METRICS = {
    # app
    "http.requests": Metric("count", "requests", ("status", "stream"), "answered, by status code"),
    "http.time": Metric("timing", "ms", ("status", "stream"), "from the request's first byte to the answer"),
    "logs.accepted": Metric("count", "logs", ("stream",), "acknowledged by Kafka"),
    "logs.refused": Metric("count", "logs", ("rule", "stream"), "refused as invalid, by the rule that was broken"),
    "logs.validators_disagree": Metric("count", "requests", ("stream",), "500, for our two validators disagree: a bug"),
    "publish.ack_time": Metric("timing", "ms", ("stream",), "from produce to the broker's acknowledgement"),
    "publish.failed": Metric("count", "requests", ("reason", "stream"), "503, for Kafka didn't acknowledge"),
    "publish.circuit": Metric("gauge", "state", (), "0 closed, 1 half open, 2 open: requests get 503 at once"),
    "publish.queue": Metric("gauge", "records", (), "produced and not yet acknowledged, in one process"),
    "clients.list_age": Metric("gauge", "seconds", (), "since the client list was last read from the database"),
    "gateway.refused": Metric("count", "requests", ("rule",), "not let in, by the rule that said no"),
    "quota.leased": Metric("count", "requests", (), "taken from the daily counters, some of them ahead"),
    "quota.degraded": Metric("gauge", "state", (), "1 while a process counts by itself, for the counters are away"),
    # the catalogue: producer, region's copy, and what is served of it
    "move.version": Metric("gauge", "version", (), "of the map of what is moved, as one nginx serves it"),
    "move.refused": Metric("gauge", "versions", (), "1 while an nginx doesn't take the newest map; else 0"),
    "move.compared": Metric("count", "requests", ("verdict",), "answers of the legacy API and ours compared"),
    "move.without_legacy": Metric("count", "requests", (), "not compared: the legacy API gave no answer"),
    "move.dropped": Metric("count", "requests", (), "not compared: too many at once, or not readable"),
    "move.waiting": Metric("gauge", "requests", (), "that wait to be compared"),
    "move.step_back": Metric("count", "moves", (), "taken back by themselves: failures or differences passed a bound"),
    "catalogue.published": Metric("count", "releases", ("why",), "acknowledged by Kafka: of a change, or of a load"),
    "catalogue.not_publishable": Metric("count", "releases", (), "too large for the topic: tried again later"),
    "catalogue.publish_retries": Metric("count", "tries", ("reason",), "nothing could be published: Kafka, database"),
    "catalogue.outbox": Metric("gauge", "changes", (), "not published yet"),
    "catalogue.outbox_age": Metric("gauge", "seconds", (), "since the oldest change that isn't published yet"),
    "catalogue.mismatches": Metric("count", "marks", (), "at which a region held something else than was published"),
    "catalogue.age": Metric(
        "gauge",
        "seconds",
        (),
        "since the moment up to which the region has every change; while it never had all, since a process saw that",
    ),
    "catalogue.answers_kept": Metric("gauge", "answers", (), "in the memory of one process"),
    "catalogue.rows_stored": Metric("count", "rows", (), "releases and tracks written in the region"),
    "catalogue.records": Metric("count", "records", ("outcome",), "of the catalogue's topic, by outcome"),
    "catalogue.duplicates": Metric("count", "records", (), "of a version that the region has, or had"),
    "catalogue.dead_letters": Metric("count", "records", (), "set aside as unreadable"),
    "catalogue.commit": Metric("timing", "ms", (), "of one transaction's COMMIT in the region"),
    "catalogue.retries": Metric("count", "batches", ("reason",), "rolled back and tried again"),
    "catalogue.fenced": Metric("count", "batches", ("cause",), "the fence touched no row: ours, ahead or behind"),
    "catalogue.paused": Metric("gauge", "partitions", (), "paused for trouble with the region database"),
    "catalogue.held": Metric("gauge", "partitions", (), "held until an operator allows the dead letters"),
    "catalogue.lag": Metric("gauge", "records", ("partition",), "in Kafka and not yet in the region"),
    "catalogue.freshness": Metric("gauge", "seconds", ("partition",), "age of the oldest record not yet stored"),
    "catalogue.backlog_end": Metric("gauge", "seconds", (), "until all is stored, at the present rate"),
    "catalogue.retention_used": Metric("gauge", "percent", ("partition",), "0: the catalogue's topic keeps all"),
    # persister
    "persister.rows_stored": Metric("count", "rows", (), "play logs stored"),
    "persister.records": Metric("count", "records", ("outcome",), "records stored, by outcome"),
    "persister.duplicates": Metric("count", "logs", (), "not stored again: recognised by key, id or record"),
    "persister.dead_letters": Metric("count", "items", (), "set aside as unreadable or refused by the database"),
    "persister.commit": Metric("timing", "ms", (), "of one transaction's COMMIT"),
    "persister.retries": Metric("count", "batches", ("reason",), "rolled back and tried again"),
    "persister.fenced": Metric("count", "batches", ("cause",), "the fence touched no row: ours, ahead or behind"),
    "persister.paused": Metric("gauge", "partitions", (), "paused for trouble with the database"),
    "persister.held": Metric("gauge", "partitions", (), "held until an operator allows the dead letters"),
    "persister.lag": Metric("gauge", "records", ("partition",), "in Kafka and not yet stored"),
    "persister.freshness": Metric("gauge", "seconds", ("partition",), "age of the oldest record not yet stored"),
    "persister.backlog_end": Metric("gauge", "seconds", (), "until the backlog is stored, at the present rate"),
    "persister.retention_used": Metric(
        "gauge", "percent", ("partition",), "age of the oldest unread record / retention"
    ),
    "persister.days_ahead": Metric("gauge", "days", (), "for which the day's table partition exists already"),
    # ledger
    "ledger.imbalances": Metric(
        "gauge", "equations", (), "that don't hold, over the days that aren't final; 0 is right"
    ),
    # report
    "report.made": Metric("count", "reports", ("state",), "made: final, final-with-loss or provisional; or failed"),
    "report.late": Metric("gauge", "hours", (), "since yesterday ended, while its report isn't final; else 0"),
    "report.hook": Metric("count", "calls", ("outcome",), "of REPORT_HOOK: done or failed"),
}


class StatsdMetrics:
    """Sends to an agent by UDP, from a thread of its own. Make it after the fork, once a process."""

    def __init__(self, host: str, port: int) -> None:
        # Imported here: the package brings all of Datadog's API along, a quarter of the time in which a word starts.
        from datadog.dogstatsd.base import DogStatsd

        self._client = DogStatsd(
            host=host,
            port=port,
            namespace="playlog",
            disable_telemetry=True,
            # The calling thread only puts a packet into a queue: a slow look-up of the agent's name costs it nothing.
            disable_background_sender=False,
            sender_queue_size=QUEUED_PACKETS,
            sender_queue_timeout=0,
        )

    def count(self, name: str, value: int = 1, tags: Sequence[str] = ()) -> None:
        self._client.increment(name, value, tags=list(tags))

    def gauge(self, name: str, value: float, tags: Sequence[str] = ()) -> None:
        self._client.gauge(name, value, tags=list(tags))

    def timing(self, name: str, milliseconds: float, tags: Sequence[str] = ()) -> None:
        self._client.timing(name, milliseconds, tags=list(tags))

    def close(self) -> None:
        """Sends what is queued and ends the thread."""
        self._client.stop(timeout=CLOSE_SECONDS)


class NoMetrics:
    """Takes measurements and forgets them: STATSD_HOST is empty."""

    def count(self, name: str, value: int = 1, tags: Sequence[str] = ()) -> None:
        """Forgets it."""

    def gauge(self, name: str, value: float, tags: Sequence[str] = ()) -> None:
        """Forgets it."""

    def timing(self, name: str, milliseconds: float, tags: Sequence[str] = ()) -> None:
        """Forgets it."""

    def close(self) -> None:
        """Nothing to end."""


def metrics_to(host: str, port: int) -> StatsdMetrics | NoMetrics:
    """Returns metrics that go to an agent, or nowhere when `host` is empty."""
    return StatsdMetrics(host, port) if host else NoMetrics()


class FamilyMetrics:
    """The measurements of one family of names under those of another: one loop, and two that run it."""

    def __init__(self, metrics: ClosingMetrics, family: str, own: str) -> None:
        self._metrics, self._family, self._own = metrics, f"{family}.", f"{own}."

    def count(self, name: str, value: int = 1, tags: Sequence[str] = ()) -> None:
        self._metrics.count(self._named(name), value, tags)

    def gauge(self, name: str, value: float, tags: Sequence[str] = ()) -> None:
        self._metrics.gauge(self._named(name), value, tags)

    def timing(self, name: str, milliseconds: float, tags: Sequence[str] = ()) -> None:
        self._metrics.timing(self._named(name), milliseconds, tags)

    def close(self) -> None:
        """Ends the thread."""
        self._metrics.close()

    def _named(self, name: str) -> str:
        return name.replace(self._family, self._own, 1) if name.startswith(self._family) else name
