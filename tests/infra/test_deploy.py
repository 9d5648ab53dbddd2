"""`make deploy-datacentre`: a release that doesn't work leaves the former one running."""

from infra.deploy import WENT_BACK
from tests.infra.deploying import DeployCase


class DeployTest(DeployCase):
    def test_a_bad_release_leaves_the_former_one_running(self) -> None:
        bad = self.changed("reports/door.py", "raise RuntimeError('half of it is missing')")
        with self.rig.host("deploy", self.rig.green()) as host:
            status, said = self.deploy(host, bad)
            self.assertEqual(status, WENT_BACK, said)
            self.assertIn("ended with status 1", said)
            self.assertIn("half of it is missing", said)
            self.assertIn(f"goes back to release {self.rig.release.name}", said)
            self.assertEqual(self.present(host), self.rig.release.name)
            self.assertIn(self.rig.release.name, self.running(host))
