"""Deploys to a test host, and what runs there afterwards."""

from infra.deploy import Deploy
from infra.testhost.host import TestHost
from infra.wheels import Release
from infra.words import CURRENT
from tests.infra.infra_case import InfraCase
from tests.infra.other_releases import changed


class DeployCase(InfraCase):
    """A release that works, one that doesn't, and what comes of either."""

    def deploy(self, host: TestHost, release: Release) -> tuple[int, str]:
        """The exit status, and what was said."""
        said: list[str] = []
        status = Deploy(self.rig.inventory(host), self.rig.loop(host), said.append).run(release)
        return status, "\n".join(said)

    def changed(self, path: str, added: str) -> Release:
        """This clone's release with something added to a file of Playlog's."""
        return changed(self.rig.release, self.rig.stack.home / "releases", path, added)

    def present(self, host: TestHost) -> str:
        """The release that the host runs."""
        return host.inside("readlink", CURRENT).stdout.strip().rpartition("/")[2]

    def running(self, host: TestHost) -> str:
        """The program that the persister's process runs."""
        pid = "$(systemctl show -p MainPID --value playlog-consumer)"
        return host.inside("sh", "-c", f"tr '\\0' '\\n' </proc/{pid}/cmdline").stdout
