"""Metrics that remember what they were given, and refuse what common/metrics.py doesn't list."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from common.metrics import METRICS, Kind


class UnknownMetric(AssertionError):
    """A name, kind or tag is not in METRICS: add it there, with its unit and meaning."""


def check(kind: Kind, name: str, tags: Sequence[str]) -> None:
    """Raises UnknownMetric unless METRICS has this name, of this kind, with these tags."""
    known = METRICS.get(name)
    if known is None:
        raise UnknownMetric(f"{name} is not in METRICS of common/metrics.py")
    if known.kind != kind:
        raise UnknownMetric(f"{name} is a {known.kind} in METRICS, but was sent as a {kind}")
    strange = sorted({tag.partition(":")[0] for tag in tags} - set(known.tags))
    if strange:
        raise UnknownMetric(f"METRICS has no tag {', '.join(strange)} for {name}")


@dataclass(frozen=True)
class Measurement:
    """One thing that was measured."""

    kind: Kind
    name: str
    value: float
    tags: tuple[str, ...] = ()


@dataclass
class RecordedMetrics:
    """A fake of common.metrics.Metrics."""

    seen: list[Measurement] = field(default_factory=list)

    def count(self, name: str, value: int = 1, tags: Sequence[str] = ()) -> None:
        self._record("count", name, value, tags)

    def gauge(self, name: str, value: float, tags: Sequence[str] = ()) -> None:
        self._record("gauge", name, value, tags)

    def timing(self, name: str, milliseconds: float, tags: Sequence[str] = ()) -> None:
        self._record("timing", name, milliseconds, tags)

    def total(self, name: str, *tags: str) -> float:
        """The sum of what was measured under a name, with at least these tags."""
        return sum(each.value for each in self.seen if each.name == name and set(tags) <= set(each.tags))

    def _record(self, kind: Kind, name: str, value: float, tags: Sequence[str]) -> None:
        check(kind, name, tags)
        self.seen.append(Measurement(kind, name, value, tuple(tags)))
