"""The loop on one host: red when it is bare, green after converge, nothing left to do, and what drifts is put right."""

import json

from infra.promises import PROMISES
from tests.infra.drifts import DRIFTS, RELEASE
from tests.infra.fingerprint import difference, fingerprint
from tests.infra.infra_case import InfraCase
from tests.infra.yesterday import CLIENT, LOGS


class LoopTest(InfraCase):
    def test_a_bare_host_keeps_no_promise(self) -> None:
        self.assertEqual(self.rig.first().bare.broken, set(PROMISES))

    def test_a_new_host_is_converged_and_proved(self) -> None:
        replaced = self.rig.first().replaced
        self.assertEqual(replaced.trouble, "")
        self.assertEqual(list(replaced.seconds), ["a new host", "converge", "verify", "the first run's reports"])
        self.assertEqual(list(replaced.promises), list(PROMISES))

    def test_its_first_run_makes_up_the_report_that_is_missing(self) -> None:
        folder = self.rig.green() / "var/lib/playlog/reports" / self.rig.day.isoformat()
        self.assertTrue((folder / "_SUCCESS").exists())
        manifest = json.loads((folder / "manifest.json").read_text())
        self.assertEqual((manifest["state"], manifest["totals"][0]["stored"]), ("final", LOGS))
        self.assertTrue((folder / f"usage.{CLIENT}.csv.gz").exists())

    def test_a_second_converge_changes_nothing(self) -> None:
        first = self.rig.first()
        self.assertEqual((first.again.status, first.again.changed), (0, []))
        self.assertEqual(len(first.again.steps), len(first.converged.steps))
        self.assertEqual(difference(first.before, first.after), [])

    def test_what_has_drifted_is_found_and_repaired_and_only_that(self) -> None:
        with self.rig.host("drift", self.rig.green()) as host:
            loop, before, name = self.rig.loop(host), fingerprint(host), self.rig.release.name
            for drift in DRIFTS:
                done = host.inside("bash", "-ec", drift.script.replace(RELEASE, name))
                self.assertEqual(done.returncode, 0, done.stderr)
            found = loop.verify(self.rig.release)
            self.assertEqual(found.broken, {name for drift in DRIFTS for name in drift.found_by}, found.said)
            repaired = loop.converge(self.rig.release)
            self.assertEqual(repaired.status, 0, repaired.said)
            wanted = {step.replace(RELEASE, name) for drift in DRIFTS for step in drift.repaired_by}
            self.assertEqual(set(repaired.changed), wanted)
            self.assertEqual(difference(before, fingerprint(host)), [])
