"""What every long fault test does: break, mend, wait until all is stored, count, and write the result down."""

import json
import time
import unittest
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from tests.faults.receipts_watch import ReceiptsWatch
from tests.faults.scene import Scene
from tests.faults.stage import Stage, stage
from tests.faults.verdict import Verdict, balance, count
from tests.integration.shared_stack import BUILD
from tests.integration.topic_rig import eventually

RESULTS = BUILD / "faults"
STORED_SECONDS = 120.0
TOLD_SECONDS = 20.0


class FaultCase(unittest.TestCase):
    """A test makes a scene, breaks something within `fault`, and ends with `settle`."""

    scene: Scene
    watch: ReceiptsWatch

    def begin(self, **how: object) -> Scene:
        """A scene of its own, under load; `persisters` and `rate` are start's, the rest is the scene's."""
        starts = {name: how.pop(name) for name in ("persisters", "rate") if name in how}
        self.scene = Scene(self.stage(), **how)  # type: ignore[arg-type]
        self.addCleanup(self.scene.close)
        self.scene.start(**starts)  # type: ignore[arg-type]
        self.watch = ReceiptsWatch(self.scene).start()
        self.addCleanup(self.watch.stop)
        self.broken_at = self.mended_at = time.monotonic()
        return self.scene

    def stage(self) -> Stage:
        """Where it plays."""
        return stage()

    @contextmanager
    def fault(self) -> Iterator[None]:
        """While something is broken; recovery is timed from its end."""
        self.broken_at = time.monotonic()
        yield
        self.mended_at = time.monotonic()

    def recover(self, seconds: float = STORED_SECONDS) -> float:
        """Waits until a request that was begun after the mending is stored; seconds since then."""
        scene = self.scene

        def is_stored() -> bool:
            later = [each for each in scene.senders.accepted if each.first_tried_at >= self.mended_at]
            return any(self.is_stored(each.request_id) for each in later[:1])

        eventually(is_stored, "a request of after the fault is stored", seconds)
        return time.monotonic() - self.mended_at

    def is_stored(self, request_id: str) -> bool:
        return bool(self.scene.sql(f"SELECT 1 FROM request WHERE request_id = UNHEX('{request_id}')"))

    def settle(
        self, name: str, recovered: float | None, lost_requests: frozenset[str] = frozenset(), p99: float | None = None
    ) -> Verdict:
        """Ends the load, waits until all is stored, counts, writes the line down, and fails if it isn't as promised."""
        scene = self.scene
        scene.senders.stop()
        self.watch.stop()
        ends = scene.ends()
        eventually(lambda: scene.position() >= sum(ends.values()), "the backlog is stored", STORED_SECONDS)
        verdict = count(scene, name, lost_requests)
        # What the group has committed is what receipts go by: each of them says so now.
        told = partial(scene.view.committed, scene.group, scene.topic, list(ends))
        eventually(lambda: told() == ends, "Kafka was told of every offset", TOLD_SECONDS)
        if not lost_requests:
            self.watch.settle()
        if not self.watch.seen.asked:
            verdict.wrong.append("no receipt was asked for")
        verdict.receipts_asked = self.watch.seen.asked
        verdict.recovered_seconds, verdict.outage_p99_ms = recovered, p99
        verdict.silence_seconds = scene.senders.silence(self.broken_at)
        verdict.wrong += [*self.watch.seen.wrong, *balance(scene)]
        _write(self.id(), verdict)
        self.assertTrue(verdict.is_good, json.dumps(verdict.as_json(), indent=1))
        self.assertGreater(verdict.acknowledged, 0)
        return verdict

    def eventually(self, claim: Callable[[], bool], about: str, seconds: float = 60.0) -> None:
        eventually(claim, about, seconds)


def _write(test: str, verdict: Verdict) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{test.rpartition('.')[2]}.json").write_text(json.dumps(verdict.as_json()))
