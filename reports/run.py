"""Makes one day's report, from the lock to the mark and to the clients' folders."""

import logging
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from common.clock import Clock
from reports import handover
from reports.brokers import Topics, ask
from reports.context import Context, context_text, read_context
from reports.delivery import deliver
from reports.desk import About, Desk
from reports.digest import Digest, digest_of
from reports.editions import Edition, HandedOver, NoRevision, Wish, newest, revised
from reports.files import Made, compress, write_bytes, write_summary
from reports.findings import Findings
from reports.manifest import NAME as MANIFEST
from reports.manifest import manifest_bytes
from reports.naming import make_context
from reports.page import write_page
from reports.placing import place_edition
from reports.progress import Progress
from reports.proof import KafkaView
from reports.reading import read_proof, read_rows
from reports.repeats import find_repeats
from reports.snapshot import Snapshot
from reports.usage import file_name
from reports.workbench import SumsFailed, Workbench

logger = logging.getLogger(__name__)

#: Between two looks at the compressing threads, in which the session is kept alive.
PATIENCE_SECONDS = 1.0


class Unbalanced(Exception):
    """The day's equations don't hold: something was lost or doubled. Nothing was written."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        super().__init__("; ".join(findings.imbalances))


class RowsGone(Exception):
    """The day is final, and its rows were removed by retention: its files are what there is."""


@dataclass(frozen=True)
class Done:
    """A run that went well: what was found, and the folder of its files, unless none were wanted."""

    findings: Findings
    folder: Path | None
    edition: Edition = Edition()


@dataclass(frozen=True)
class Draft:
    """An edition's files in the making folder, and its manifest."""

    edition: Edition
    names: list[str]
    digest: bytes
    context: str


class Reporter:
    """Makes reports. Killed at any moment, it leaves the last good files, and the next run makes good what is missing.

    `open_snapshot` gives a new view of the database each time it is called. `hook_state` is what a new report's hook
    begins with: waiting, or none.
    """

    def __init__(
        self,
        desk: Desk,
        open_snapshot: Callable[[], AbstractContextManager[Snapshot]],
        kafka: tuple[Topics, str],
        root: Path,
        clock: Clock,
        hook_state: str = "none",
    ) -> None:
        self._desk, self._open_snapshot, self._root, self._clock = desk, open_snapshot, root, clock
        self._topics, self._topic = kafka
        self._hook_state = hook_state
        self._progress = Progress(clock, desk.stay_alive)

    def make(self, day: date, *, wants_provisional: bool = False, wish: Wish | None = None) -> Done:
        """Makes the day's report, the newest edition once more, or with a wish the next.

        Raises Unbalanced, Changed, NoRevision, RowsGone, MySQLdb.Error or OSError; good files stay then.
        """
        known = self._desk.handed_over(day)
        edition = newest(known) if wish is None else revised(known, wish)
        with handover.making_folder(self._root, day) as folder, closing(Workbench(folder)) as bench:
            findings = self._read(day, known, folder, bench, wants_provisional)
            if findings.imbalances:
                raise Unbalanced(findings)
            if not findings.is_final and known:
                raise handover.Changed(f"its proof: {'; '.join(findings.reasons)}")
            if not findings.is_final and not wants_provisional:
                return Done(findings, None)
            findings = replace(findings, repeats=find_repeats(bench.sent_in_order()))
            files, digest = self._files(folder, findings, bench)
            if digest.total.plays != sum(findings.rows_written.values()):
                raise SumsFailed(f"{digest.total.plays} rows were read from the files that were written")
            context = self._context(known, bench, digest, day)
            draft = self._draft(folder, findings, (files, digest, context), newest(known))
            if not findings.is_final:
                kept = handover.provisional_folder(self._root, day)
                handover.hand_over_provisional(folder, kept, draft.names)
                return Done(findings, kept)
            if wish is not None:
                if draft.digest == known[-1].manifest_sha256:
                    raise NoRevision("its data gives the report that was handed over already")
                context = make_context(self._desk, bench, digest, day)
                draft = self._draft(folder, findings, (files, digest, context), edition)
            return Done(findings, self._hand_over(findings, folder, draft, known), edition)

    def _read(
        self, day: date, known: Sequence[HandedOver], folder: Path, bench: Workbench, wants_provisional: bool
    ) -> Findings:
        def ask_kafka() -> KafkaView | str | None:
            # Handed over, the day had every partition; those added since hold nothing of it.
            return None if known else ask(self._topics, self._topic)

        with self._open_snapshot() as snapshot:
            if known and not snapshot.has_rows_of(day):
                raise RowsGone(f"its rows were removed by retention after revision {known[-1].revision}")
            findings = read_proof(snapshot, self._topic, day, self._clock.now(), ask_kafka)
            if findings.imbalances or not (findings.is_final or wants_provisional):
                return findings
            return read_rows(snapshot, findings, folder, bench, self._progress.tick)

    def _files(self, folder: Path, findings: Findings, bench: Workbench) -> tuple[list[Made], Digest]:
        """The usage files and the summary, and what else the sums say."""
        plain = {folder / file_name(client): rows for client, rows in findings.file_rows.items()}
        bench.read_plays(list(plain))
        # Side by side, the sums last: compressor and sums let other threads run, and a core is free then.
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            making = [threads.submit(compress, path, rows) for path, rows in plain.items()]
            summing = threads.submit(lambda: (write_summary(folder, bench.summary()), digest_of(bench)))
            waiting: list[Future[Any]] = [*making, summing]
            while wait(waiting, PATIENCE_SECONDS).not_done:
                self._progress.beat()
            summary, digest = summing.result()
            return [*(each.result() for each in making), summary], digest

    def _context(self, known: Sequence[HandedOver], bench: Workbench, digest: Digest, day: date) -> Context:
        """As it was kept with the report; of a day that has none, as it is now."""
        if not known:
            return make_context(self._desk, bench, digest, day)
        kept = known[-1].context
        return Context() if kept is None else read_context(kept)

    def _draft(
        self, folder: Path, findings: Findings, parts: tuple[Sequence[Made], Digest, Context], edition: Edition
    ) -> Draft:
        files, digest, context = parts
        made = [*files, write_page(folder, findings, digest, edition, context)]
        late = {str(each.key[0]): each.plays for each in digest.by_played_day}
        manifest = manifest_bytes(findings, made, edition, late)
        write_bytes(folder / MANIFEST, manifest)
        names = [*(each.name for each in made), MANIFEST]
        return Draft(edition, names, sha256(manifest).digest(), context_text(context, digest))

    def _hand_over(self, findings: Findings, folder: Path, draft: Draft, known: Sequence[HandedOver]) -> Path:
        day, revision = findings.day, draft.edition.revision
        kept = handover.final_folder(self._root, day, revision)
        is_known = bool(known) and known[-1].revision == revision
        written = place_edition(folder, kept, draft.names, known[-1].manifest_sha256 if is_known else None)
        if not is_known:
            about = About(sum(findings.rows_written.values()), self._hook_state, draft.context)
            self._desk.record(day, draft.edition, findings.state, draft.digest, about)
        handover.mark(kept)
        older = [handover.final_folder(self._root, day, number) for number in range(1, revision)]
        for old in older:
            handover.note_superseded(old, kept)
        delivered = deliver(self._root, kept, older)
        shutil.rmtree(handover.provisional_folder(self._root, day), ignore_errors=True)
        facts = {"day": day.isoformat(), "state": findings.state, "written": len(written), "files": len(draft.names)}
        facts |= {"revision": revision, "clients": len(delivered)}
        logger.info("report of %(day)s is %(state)s: %(written)d of %(files)d files were new", facts, extra=facts)
        return kept
