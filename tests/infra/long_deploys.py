"""Deploys one after the other: good ones come to run, bad ones of each kind don't (make infra-all)."""

from infra.deploy import DONE, STUCK, WENT_BACK, Deploy
from infra.remote import Unreachable
from tests.infra.deploying import DeployCase

#: By what it fails at: a file of Playlog's, and what is added to it.
BAD = {
    "a promise could not be kept": ("common/config.py", "raise RuntimeError('settings')"),
    "ended with status": ("reports/door.py", "raise RuntimeError('report')"),
    "not kept: health, units": ("consumer/process.py", "raise RuntimeError('persister')"),
}


class Deploys(DeployCase):
    def test_good_releases_run_and_bad_ones_of_each_kind_do_not(self) -> None:
        with self.rig.host("deploy", self.rig.green()) as host:
            for number in range(3):
                good = self.changed("reports/__init__.py", f"# another release, number {number}")
                status, said = self.deploy(host, good)
                self.assertEqual((status, said), (DONE, f"release {good.name} runs and is proved on {host.name}"))
                self.assertIn(good.name, self.running(host))
            for why, (path, added) in BAD.items():
                with self.subTest(why):
                    status, said = self.deploy(host, self.changed(path, added))
                    self.assertEqual(status, WENT_BACK, said)
                    self.assertIn(why, said)
                    self.assertEqual(self.present(host), good.name)
                    self.assertIn(good.name, self.running(host))

    def test_a_deploy_that_was_killed_before_its_proof_is_nothing_to_go_back_to(self) -> None:
        good = self.changed("reports/__init__.py", "# proved")
        unproved = self.changed("reports/door.py", "raise RuntimeError('nobody has seen this yet')")
        with self.rig.host("deploy", self.rig.green()) as host:
            self.assertEqual(self.deploy(host, good)[0], DONE)
            # What a deploy had done that was killed before its proof.
            self.assertEqual(self.rig.loop(host).converge(unproved).status, 0)
            self.assertEqual(self.present(host), unproved.name)
            status, said = self.deploy(host, self.changed("reports/door.py", "raise RuntimeError('nor this')"))
            self.assertEqual((status, self.present(host)), (WENT_BACK, good.name), said)

    def test_a_host_that_cannot_be_reached_is_named_and_nothing_is_begun(self) -> None:
        with self.rig.host("deploy", self.rig.green()) as host:
            inventory, loop = self.rig.inventory(host), self.rig.loop(host)
            host.inside("systemctl", "stop", "ssh")
            with self.assertRaisesRegex(Unreachable, f"{host.name} can't be reached by ssh"):
                Deploy(inventory, loop, lambda _: None).run(self.rig.release)

    def test_a_first_release_that_fails_says_that_there_is_no_way_back(self) -> None:
        with self.rig.host("deploy", *self.rig.layers_before("settings")) as host:
            host.inside("rm", "-rf", "/srv/playlog/releases")
            status, said = self.deploy(host, self.changed("common/config.py", "raise RuntimeError('x')"))
            self.assertEqual(status, STUCK, said)
            self.assertIn("had no release before", said)
