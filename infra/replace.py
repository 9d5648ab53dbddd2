"""A lost server replaced: a new host, converged, verified, and the missing reports made up by its first run."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from infra.inventory import Inventory
from infra.loop import Loop
from infra.remote import first_run
from infra.wheels import Release

T = TypeVar("T")
ENOUGH_SECONDS = 120
#: What the first run may end with: all is final, or a day isn't complete yet, and a later run makes its report.
GOOD = (0, 75)


@dataclass
class Replaced:
    """What came of it, and how long each step took, in seconds."""

    seconds: dict[str, float] = field(default_factory=dict)
    #: Of converge's seconds, those of each promise.
    promises: dict[str, float] = field(default_factory=dict)
    trouble: str = ""
    #: The end of the first run's log.
    said: str = ""

    @property
    def total(self) -> float:
        return sum(self.seconds.values())

    def table(self) -> str:
        """The figures, a line a step."""
        lines = []
        for step, seconds in self.seconds.items():
            lines.append(f"  {step:<28} {seconds:6.1f} s")
            if step == "converge":
                lines += [f"    {promise:<26} {of_it:6.1f} s" for promise, of_it in self.promises.items()]
        verdict = "under two minutes" if self.total < ENOUGH_SECONDS else "OVER two minutes"
        return "\n".join([*lines, f"  {'in all':<28} {self.total:6.1f} s, {verdict}"])


class Replacement:
    """Replaces the host, or hosts, of one inventory, step by step; stops at the first step that fails.

    `new_host` hands over bare hosts and says which they are; `loop` converges and verifies them from then on.
    """

    def __init__(
        self,
        new_host: Callable[[], Inventory],
        loop: Callable[[], Loop],
        release: Release,
        run: Callable[[Inventory, str], tuple[int, str]] = first_run,
    ) -> None:
        self._new_host, self._loop, self._release, self._run = new_host, loop, release, run
        self._found = Replaced()

    def run(self) -> Replaced:
        """What came of it."""
        inventory = self._timed("a new host", self._new_host)
        steps = {
            "converge": self._converge,
            "verify": self._verify,
            "the first run's reports": lambda: self._report(inventory),
        }
        for step, work in steps.items():
            self._found.trouble = self._timed(step, work)
            if self._found.trouble:
                break
        return self._found

    def _timed(self, step: str, work: Callable[[], T]) -> T:
        began = time.monotonic()
        result = work()
        self._found.seconds[step] = time.monotonic() - began
        return result

    def _converge(self) -> str:
        done = self._loop().converge(self._release)
        self._found.promises = done.seconds
        return done.said.strip() or "a promise could not be kept" if done.status else ""

    def _verify(self) -> str:
        done = self._loop().verify(self._release)
        return f"not kept: {', '.join(sorted(done.broken))}\n{done.said}" if done.status else ""

    def _report(self, inventory: Inventory) -> str:
        for host in inventory.hosts:
            if "reports" in host.roles:
                status, self._found.said = self._run(inventory, host.name)
                if status not in GOOD:
                    return f"the first run on {host.name} ended with status {status}"
        return ""
