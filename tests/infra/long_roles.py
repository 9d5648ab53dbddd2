"""Two hosts with a role each, and one that loses a role: roles are the inventory's alone (make infra-all)."""

import tempfile
from pathlib import Path

from infra.inventory import ELSEWHERE
from infra.loop import Loop
from infra.testhost.host import TestHost
from infra.words import WORDS
from tests.infra.infra_case import InfraCase

INVENTORY = """
environment = "local"
settings_from = "${{PLAYLOG_SETTINGS_DIR}}"
ssh_config = "{ssh_config}"
{hosts}
[settings.report]
REPORT_DIR = "/var/lib/playlog/reports"
[settings.consume]
CONSUMER_STATUS_BIND = "127.0.0.1:${{TESTHOST_CONSUMER_PORT}}"
[settings.catalogue-produce]
PRODUCER_STATUS_BIND = "127.0.0.1:${{TESTHOST_PRODUCER_PORT}}"
"""


class Roles(InfraCase):
    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def loop(self, roles: dict[TestHost, str]) -> Loop:
        """A loop over an inventory in which these hosts have these roles."""
        config = self.folder / "ssh_config"
        config.write_text("\n".join(host.ssh_config.read_text() for host in roles))
        hosts = "\n".join(f"[hosts.{host.name}]\nroles = [{role}]" for host, role in roles.items())
        (self.folder / "developer.toml").write_text(INVENTORY.format(ssh_config=config, hosts=hosts))
        environ = self.rig.environ(next(iter(roles))) | {ELSEWHERE: str(self.folder)}
        return Loop("developer", environ, is_quiet=True)

    def units_of(self, host: TestHost) -> list[str]:
        listed = host.inside("systemctl", "list-unit-files", "--no-legend", "--plain", "playlog-*.service").stdout
        return [line.split()[0] for line in listed.splitlines() if "health" not in line]

    def test_each_host_has_what_its_role_needs_and_nothing_else(self) -> None:
        self.rig.first()
        layers = self.rig.layers_before("users")
        with self.rig.host("stores", *layers) as stores, self.rig.host("reports", *layers) as reports:
            # The persister is listed first: its tables are made on the other one, which is converged before it.
            loop = self.loop({stores: '"persister"', reports: '"reports"'})
            done = loop.converge(self.rig.release)
            self.assertEqual(done.status, 0, done.said)
            self.assertEqual(list(dict.fromkeys(step["host"] for step in done.steps)), [reports.name, stores.name])
            found = loop.verify(self.rig.release)
            self.assertEqual(found.status, 0, found.said)
            self.assertEqual(self.units_of(reports), [])
            self.assertEqual(sorted(self.units_of(stores)), sorted(word.unit for word in WORDS if word.unit))
            self.assertFalse((stores.root / "etc/cron.d/playlog").exists())
            self.assertNotEqual(stores.inside("id", "playlog-migrate").returncode, 0)
            self.assertEqual([path.name for path in (stores.root / "etc/playlog").glob("migrate*")], [])
            self.assertEqual(loop.converge(self.rig.release).changed, [])

    def test_a_host_that_loses_a_role_loses_what_it_ran_for_it(self) -> None:
        with self.rig.host("less", self.rig.green()) as host:
            for role in ('"reports"', '"persister"'):
                loop = self.loop({host: role})
                done = loop.converge(self.rig.release)
                self.assertEqual(done.status, 0, done.said)
                found = loop.verify(self.rig.release)
                self.assertEqual(found.status, 0, found.said)
                self.assertEqual(bool(self.units_of(host)), role == '"persister"')
                self.assertEqual((host.root / "etc/cron.d/playlog").exists(), role == '"reports"')
                self.assertEqual(loop.converge(self.rig.release).changed, [])
