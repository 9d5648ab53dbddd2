"""The long proofs: each promise removed turns its test red; converge killed at any step is made good by the next."""

import signal
import subprocess
import time

from infra.loop import Loop
from infra.testhost.host import TestHost
from infra.wheels import ROOT
from tests.infra.fingerprint import difference, fingerprint
from tests.infra.infra_case import InfraCase
from tests.infra.rig import Rig

#: What can't be kept without the promise, and what its own test isn't alone in seeing.
FALLS_WITH = {
    "zone": {"cron", "health"},
    "clock": set[str](),
    "tables": set[str](),
    "cron": set[str](),
    "rotation": set[str](),
    "health": set[str](),
    "units": {"health"},
}
KILL_SECONDS = 120


class Proofs(InfraCase):
    """What the short form takes three of, and the long form all."""

    def prove_red(self, promise: str) -> None:
        """Passes when a host that was converged without the promise fails its test."""
        with self.rig.host(f"no-{promise}", *self.rig.layers_before(promise)) as host:
            loop = self.rig.loop(host)
            done = loop.converge(self.rig.release, "--without", promise)
            found = loop.verify(self.rig.release)
            self.assertIn(promise, found.broken, found.said)
            if promise in FALLS_WITH:
                self.assertEqual(done.status, 0, done.said)
                self.assertLessEqual(found.broken, {promise} | FALLS_WITH[promise], found.said)
            else:
                # Others stand on it: converge stops there, and says at which step.
                self.assertEqual(done.status, 1, done.said)
                self.assertIn("could not be done", done.said)

    def prove_kill(self, promise: str, step: str, wait: float) -> None:
        """Passes when the next converge makes good what one has left that was killed `wait` seconds into a step."""
        reference = self.rig.first().before
        with self.rig.host("killed", *self.rig.layers_before(promise)) as host:
            loop = self.rig.loop(host)
            killed = kill_at(self.rig, loop, f"begins            {promise}: {step}", wait)
            self.assertEqual(killed, -signal.SIGKILL)
            again = loop.converge(self.rig.release)
            self.assertEqual(again.status, 0, again.said)
            self.assertEqual(difference(reference, settled(host)), [])


def kill_at(rig: Rig, loop: Loop, line: str, wait: float) -> int:
    """Starts a converge, ends it by SIGKILL `wait` seconds after it says `line`; its exit status."""
    process = subprocess.Popen(
        [*loop.command("infra.converge", rig.release), "--trace"],
        env=dict(loop.environ),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    with process, process.stdout as said:
        for each in said:
            if each.rstrip("\n") == line:
                time.sleep(wait)
                process.kill()
                break
    return process.wait(KILL_SECONDS)


def settled(host: TestHost) -> dict[str, str]:
    """The fingerprint, once what the killed run had begun has ended: it holds the host's lock until then."""
    host.inside("flock", "-w", str(KILL_SECONDS), "/run/playlog-converge.lock", "true")
    return fingerprint(host)
