"""Makes one day's report, from the lock to the mark."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from common.clock import Clock
from reports import handover
from reports.brokers import Topics, ask
from reports.desk import Desk, HandedOver
from reports.files import Made, compress, write_bytes, write_summary
from reports.findings import Findings
from reports.manifest import NAME as MANIFEST
from reports.manifest import REVISION, manifest_bytes
from reports.progress import Progress
from reports.proof import KafkaView
from reports.reading import read_proof, read_rows
from reports.repeats import find_repeats
from reports.snapshot import Snapshot
from reports.usage import file_name
from reports.workbench import Workbench

logger = logging.getLogger(__name__)


class Unbalanced(Exception):
    """The day's equations don't hold: something was lost or doubled. Nothing was written."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        super().__init__("; ".join(findings.imbalances))


@dataclass(frozen=True)
class Done:
    """A run that went well: what was found, and the folder of its files, unless none were wanted."""

    findings: Findings
    folder: Path | None


class Reporter:
    """Makes reports. Killed at any moment, it leaves the last good files, and the next run makes good what is missing.

    `open_snapshot` gives a new view of the database each time it is called.
    """

    def __init__(
        self,
        desk: Desk,
        open_snapshot: Callable[[], AbstractContextManager[Snapshot]],
        topics: Topics,
        topic: str,
        root: Path,
        clock: Clock,
    ) -> None:
        self._desk, self._open_snapshot, self._root, self._clock = desk, open_snapshot, root, clock
        self._topics, self._topic = topics, topic
        self._progress = Progress(clock, desk.stay_alive)

    def make(self, day: date, *, wants_provisional: bool) -> Done:
        """Makes the day's report. Raises Unbalanced, Changed, MySQLdb.Error or OSError; good files stay then."""
        known = self._desk.handed_over(day)
        with handover.making_folder(self._root, day) as folder, closing(Workbench(folder / "work.sqlite")) as bench:
            findings = self._read(day, known, folder, bench, wants_provisional)
            if findings.imbalances:
                raise Unbalanced(findings)
            if not findings.is_final and known is not None:
                raise handover.Changed(f"its proof: {'; '.join(findings.reasons)}")
            if not findings.is_final and not wants_provisional:
                return Done(findings, None)
            findings = replace(findings, repeats=find_repeats(bench.sent_in_order()))
            files = [*self._compress(folder, findings), write_summary(folder, bench.summary())]
            manifest = manifest_bytes(findings, files)
            write_bytes(folder / MANIFEST, manifest)
            names = [*(made.name for made in files), MANIFEST]
            if not findings.is_final:
                kept = handover.provisional_folder(self._root, day)
                handover.hand_over_provisional(folder, kept, names)
                return Done(findings, kept)
            return Done(findings, self._hand_over(findings, folder, names, sha256(manifest).digest(), known))

    def _read(
        self, day: date, known: HandedOver | None, folder: Path, bench: Workbench, wants_provisional: bool
    ) -> Findings:
        def ask_kafka() -> KafkaView | str | None:
            # Handed over, the day had every partition; those added since hold nothing of it.
            return ask(self._topics, self._topic) if known is None else None

        with self._open_snapshot() as snapshot:
            findings = read_proof(snapshot, self._topic, day, self._clock.now(), ask_kafka)
            if findings.imbalances or not (findings.is_final or wants_provisional):
                return findings
            return read_rows(snapshot, findings, folder, bench, self._progress.tick)

    def _compress(self, folder: Path, findings: Findings) -> list[Made]:
        return [
            compress(folder / file_name(client), rows, self._progress.beat)
            for client, rows in findings.file_rows.items()
        ]

    def _hand_over(
        self, findings: Findings, folder: Path, names: list[str], digest: bytes, known: HandedOver | None
    ) -> Path:
        kept = handover.final_folder(self._root, findings.day)
        if known is not None and known.manifest_sha256 != digest:
            different = [name for name in names if not handover.is_same(folder / name, kept / name)]
            raise handover.Changed(handover.describe_difference(folder, kept, different or [MANIFEST]))
        written = handover.hand_over_final(folder, kept, names, is_known=known is not None)
        if known is None:
            reported = sum(findings.rows_written.values())
            self._desk.record(findings.day, REVISION, findings.state, digest, reported)
        facts = {"day": findings.day.isoformat(), "state": findings.state, "written": len(written), "files": len(names)}
        logger.info("report of %(day)s is %(state)s: %(written)d of %(files)d files were new", facts, extra=facts)
        return kept
