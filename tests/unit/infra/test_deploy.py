"""What a deploy does with each way in which it can fail, and a replacement with each of its steps."""

import unittest
from collections.abc import Sequence

from infra.deploy import DONE, STUCK, WENT_BACK, Deploy
from infra.inventory import Host, Inventory
from infra.loop import Converged, Loop, Verified
from infra.replace import Replacement
from infra.wheels import Release

HOSTS = (Host("b", ("persister",)), Host("a", ("reports",)))
INVENTORY = Inventory("uat", HOSTS, None, None, {})
NEW = Release("new", None)
BROKEN = {"a": {"cron": ["test_x: no"]}}


class FakeLoop(Loop):
    """Says what it was told to; remembers what it was asked."""

    def __init__(self, converge: Sequence[str] = (), verify: Sequence[str] = ()) -> None:
        super().__init__("uat", {})
        object.__setattr__(self, "asked", [])
        object.__setattr__(self, "fails", {"converge": set(converge), "verify": set(verify)})

    asked: list[str]
    fails: dict[str, set[str]]

    def converge(self, release: Release, *more: str) -> Converged:
        self.asked.append(" ".join(("converge", release.name, *more)))
        steps = [{"host": "a", "promise": "zone", "step": "it", "seconds": 2.0, "is_changed": True, "is_failed": False}]
        return Converged(int(release.name in self.fails["converge"]), steps)

    def verify(self, release: Release, *more: str) -> Verified:
        self.asked.append(" ".join(("verify", release.name, *more)))
        bad = release.name in self.fails["verify"]
        return Verified(int(bad), BROKEN if bad else {})


class FakeHosts:
    """The hosts, as a deploy asks them."""

    def __init__(self, former: str | None = "old", failing: Sequence[str] = ()) -> None:
        self.before, self.failing = former, set(failing)
        self.proven: list[str] = []

    def former(self, inventory: Inventory, host: str) -> str | None:
        return self.before

    def note(self, inventory: Inventory, host: str, release: str) -> None:
        self.proven.append(f"{host} {release}")

    def run(self, inventory: Inventory, host: str) -> tuple[int, str]:
        return (1, "Traceback") if host in self.failing else (75, "not complete yet")


class DeployTest(unittest.TestCase):
    def deploy(self, loop: FakeLoop, hosts: FakeHosts) -> tuple[int, str]:
        said: list[str] = []
        status = Deploy(INVENTORY, loop, said.append, hosts.former, hosts.run, hosts.note).run(NEW)
        return status, "\n".join(said)

    def test_a_release_that_is_proved_runs(self) -> None:
        loop, hosts = FakeLoop(), FakeHosts()
        self.assertEqual(self.deploy(loop, hosts), (DONE, "release new runs and is proved on b, a"))
        self.assertEqual(hosts.proven, ["b new", "a new"])
        self.assertEqual(loop.asked, ["converge new", "verify new"])

    def test_each_failure_leads_each_host_back_reports_first(self) -> None:
        for loop, why in (
            (FakeLoop(converge=["new"]), "release new failed: a promise could not be kept"),
            (FakeLoop(verify=["new"]), "release new failed: not kept: cron"),
        ):
            with self.subTest(why):
                hosts = FakeHosts()
                status, said = self.deploy(loop, hosts)
                self.assertEqual(status, WENT_BACK, said)
                self.assertEqual(hosts.proven, ["a old", "b old"])
                self.assertIn(why, said)
                back = [f"{word} old --host {host}" for host in "ab" for word in ("converge", "verify")]
                self.assertEqual(loop.asked[-4:], back)

    def test_a_report_that_fails_is_a_failure_and_its_log_is_shown(self) -> None:
        status, said = self.deploy(FakeLoop(), FakeHosts(failing=["a"]))
        self.assertIn("on a ended with status 1:\nTraceback", said)
        # The former release can't make it either: nobody would call that proved.
        self.assertEqual(status, STUCK)

    def test_a_way_back_that_fails_or_is_none_is_said(self) -> None:
        status, said = self.deploy(FakeLoop(verify=["new", "old"]), FakeHosts())
        self.assertEqual(status, STUCK)
        self.assertIn("NOT all hosts run a proved release", said)
        status, said = self.deploy(FakeLoop(converge=["new"]), FakeHosts(former=None))
        self.assertEqual(status, STUCK)
        self.assertIn("a: had no release before", said)


class ReplacementTest(unittest.TestCase):
    def replace(self, loop: FakeLoop, hosts: FakeHosts) -> tuple[list[str], str, str]:
        found = Replacement(lambda: INVENTORY, lambda: loop, NEW, hosts.run).run()
        return list(found.seconds), found.trouble, found.table()

    def test_all_steps_are_taken_and_timed(self) -> None:
        steps, trouble, table = self.replace(FakeLoop(), FakeHosts())
        self.assertEqual((steps[-1], trouble), ("the first run's reports", ""))
        self.assertRegex(table, r"(?m)^    zone +2\.0 s$")
        self.assertRegex(table, r"in all +0\.0 s, under two minutes$")

    def test_it_stops_at_the_first_step_that_fails(self) -> None:
        self.assertEqual(self.replace(FakeLoop(converge=["new"]), FakeHosts())[0], ["a new host", "converge"])
        steps, trouble, _ = self.replace(FakeLoop(verify=["new"]), FakeHosts())
        self.assertEqual(steps[-1], "verify")
        self.assertIn("not kept: cron", trouble)
        steps, trouble, _ = self.replace(FakeLoop(), FakeHosts(failing=["a"]))
        self.assertEqual(trouble, "the first run on a ended with status 1")
