"""Brings a release to the data centre's hosts, proves it, and goes back to the former one when it can't be proved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from infra.inventory import Host, Inventory, in_order
from infra.loop import Loop
from infra.remote import first_run, former_release, note_proven
from infra.replace import GOOD
from infra.wheels import Release

DONE, WENT_BACK, STUCK = 0, 1, 3


@dataclass(frozen=True)
class Deploy:
    """One deploy to all hosts of an inventory."""

    inventory: Inventory
    loop: Loop
    say: Callable[[str], None]
    former: Callable[[Inventory, str], str | None] = former_release
    report: Callable[[Inventory, str], tuple[int, str]] = first_run
    note: Callable[[Inventory, str, str], None] = note_proven

    def run(self, release: Release) -> int:
        """0: the release runs. 1: it failed, the former one runs. 3: neither could be proved. Raises Unreachable."""
        former = {host.name: self.former(self.inventory, host.name) for host in self.inventory.hosts}
        trouble = self._put(release, self.inventory.hosts)
        if not trouble:
            self.say(f"release {release.name} runs and is proved on {', '.join(former)}")
            return DONE
        self.say(f"release {release.name} failed: {trouble}")
        went_back = [self._go_back(host, former[host.name]) for host in in_order(self.inventory.hosts)]
        if all(went_back):
            return WENT_BACK
        self.say("NOT all hosts run a proved release: look at what is said above, then deploy a good one")
        return STUCK

    def _put(self, release: Release, hosts: Sequence[Host], *only: str) -> str:
        """Converges, makes what reports are missing, verifies; what went wrong in words, empty when nothing did."""
        if self.loop.converge(release, *only).status:
            return "a promise could not be kept"
        for host in hosts:
            if "reports" in host.roles:
                # Before the proof: a host whose last run has failed isn't well.
                status, said = self.report(self.inventory, host.name)
                if status not in GOOD:
                    return f"`playlog report --until-final` on {host.name} ended with status {status}:\n{said}"
        verified = self.loop.verify(release, *only)
        if verified.status:
            return f"not kept: {', '.join(sorted(verified.broken))}"
        for host in hosts:
            self.note(self.inventory, host.name, release.name)
        return ""

    def _go_back(self, host: Host, former: str | None) -> bool:
        """One host back to what it ran before; whether that is proved."""
        if former is None:
            self.say(f"{host.name}: had no release before, and there is none to go back to")
            return False
        self.say(f"{host.name}: goes back to release {former}")
        trouble = self._put(Release(former, None), [host], "--host", host.name)
        if trouble:
            self.say(f"{host.name}: release {former}: {trouble}")
        return not trouble
