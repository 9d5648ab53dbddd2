"""The data centre's hosts as tested code (docs/infra.md). `make` calls it; ENV is developer, uat or production.

  converge   keep all promises on the environment's hosts; a second run changes nothing
  verify     prove them; changes nothing there
  replace    a new test host, or the new host that --host names, to a proved one, timed, with the missing reports
  deploy     converge, verify, make a report; go back to the former release when anything fails
  up, down   the test host of this clone, which is `developer`
  prepare    what takes a while the first time: the base of the test hosts, and the wheels

Exit status: 0 done, 1 not, 2 wrong usage, 3 deploy: no proved release runs, 78 a wrong inventory or a missing tool.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from infra.deploy import Deploy
from infra.inventory import ENVIRONMENTS, BadInventory, Inventory, of_host, read
from infra.loop import Loop
from infra.remote import Unreachable
from infra.replace import Replacement
from infra.testhost.base import CannotMake
from infra.testhost.here import bring_up, environ_of, host_here, prepare, stack_settings
from infra.wheels import NoWheels, build

WORDS = ("converge", "verify", "replace", "deploy", "up", "down", "prepare")
OK, FAILED, BAD = 0, 1, 78


def say(text: str) -> None:
    print(text, flush=True)


class Desk:
    """Runs one word on one environment."""

    def __init__(self, env: str, without: Sequence[str], host: str | None) -> None:
        self._env = env
        self._without = [part for name in without for part in ("--without", name)]
        self._only = host
        self._environ = dict(os.environ)

    def run(self, word: str) -> int:
        """The exit status. Raises BadInventory, NoWheels, CannotMake."""
        if word in {"up", "down", "prepare"}:
            return self._test_host(word)
        if word == "replace" and self._env != "developer" and not self._only:
            raise BadInventory([f"say which host of {self._env} is new: make replace-host ENV={self._env} ONLY=HOST"])
        if word != "replace":
            self._reach()
            self._inventory()
        release = build(say)
        if word == "converge":
            return self._loop().converge(release, *self._without).status
        if word == "verify":
            return self._loop().verify(release).status
        if word == "deploy":
            return Deploy(self._inventory(), self._loop(), say).run(release)
        found = Replacement(self._new_host, self._loop, release).run()
        say(found.said.rstrip())
        say(found.table())
        if found.trouble:
            say(found.trouble)
        return FAILED if found.trouble else OK

    def _test_host(self, word: str) -> int:
        match word:
            case "up":
                bring_up(host_here(), say)
            case "down":
                host_here().down()
            case _:
                prepare(say)
        return OK

    def _reach(self) -> None:
        """Brings the test host up where it is the one that is meant."""
        if self._env == "developer" and not self._environ.get("TESTHOST"):
            stack_settings(self._environ)
            bring_up(host_here(), say)
            self._environ = environ_of(host_here(), self._environ)

    def _new_host(self) -> Inventory:
        if self._env == "developer":
            host_here().down()
        self._reach()
        return self._inventory()

    def _inventory(self) -> Inventory:
        return of_host(read(self._env, self._environ), self._only)

    def _loop(self) -> Loop:
        return Loop(self._env, self._environ, only=self._only)


def environment(value: str) -> str:
    """`make deploy` says prod."""
    return "production" if value == "prod" else value


def main(argv: Sequence[str] | None = None) -> int:
    """Reads the arguments and runs the word."""
    parser = argparse.ArgumentParser(
        prog="python -m infra", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("word", choices=WORDS)
    parser.add_argument(
        "--env", default="developer", type=environment, choices=ENVIRONMENTS, help="whose hosts (default: developer)"
    )
    parser.add_argument("--without", action="append", default=[], metavar="PROMISE", help="converge: leave it out")
    parser.add_argument("--host", help="this host of the inventory alone")
    args = parser.parse_args(argv)
    try:
        return Desk(args.env, args.without, args.host).run(args.word)
    except (BadInventory, NoWheels, CannotMake) as bad:
        print(bad, file=sys.stderr)
        return BAD
    except Unreachable as gone:
        print(gone, file=sys.stderr)
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
