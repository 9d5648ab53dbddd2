"""Reads an inventory: which hosts an environment has, what each is for, and the settings of its words.

It is all by which developer, UAT and production differ. `${NAME}` in a value is read from the environment of whoever
converges, and a secret can't be written in any other way: the file lies in the repository.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from infra.words import BY_NAME, ROLES, words_of

FOLDER = Path(__file__).parent / "inventories"
#: Names a folder of inventories that lies elsewhere.
ELSEWHERE = "PLAYLOG_INVENTORIES"
ENVIRONMENTS = {"developer": "local", "uat": "uat", "production": "production"}
PLACEHOLDER = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")
SECRET = re.compile(r"(PASSWORD|SECRET|_KEYS?)$")
NAME = re.compile(r"[A-Z][A-Z0-9_]*")
KEYS = {"environment", "ssh_config", "ca", "settings_from", "hosts", "settings"}
#: Of a stack's settings: the data centre's hosts don't reach the region's database, nor the stack's folders.
FOREIGN = ("REGION_DB_", "RUNTIME_DIR")


class BadInventory(Exception):
    """What is wrong with an inventory, a sentence for each place."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class Host:
    """A host, by the name under which ssh knows it."""

    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Inventory:
    """An environment, with all placeholders filled in. `settings` are by word."""

    environment: str
    hosts: tuple[Host, ...]
    ssh_config: Path | None
    ca: bytes | None = field(repr=False)
    settings: Mapping[str, Mapping[str, str]] = field(repr=False)


def read(name: str, environ: Mapping[str, str]) -> Inventory:
    """The inventory of an environment, from this repository or a folder of yours. Raises BadInventory."""
    path = Path(environ.get(ELSEWHERE) or FOLDER) / f"{name}.toml"
    if name not in ENVIRONMENTS:
        raise BadInventory([f"ENV is {name!r}: it must be one of {', '.join(ENVIRONMENTS)}"])
    if not path.is_file():
        raise BadInventory([f"there is no {path}: {ELSEWHERE} names the folder of your inventories"])
    try:
        document = tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError as error:
        raise BadInventory([f"{path.name}: {error}"]) from error
    return _Reader(path.name, document, environ).read(ENVIRONMENTS[name])


def in_order(hosts: Sequence[Host]) -> list[Host]:
    """Those with the reports first: there the tables are made, which the others' processes need."""
    return sorted(hosts, key=lambda host: "reports" not in host.roles)


def of_host(inventory: Inventory, name: str | None) -> Inventory:
    """The inventory with this host alone, if one is named. Raises BadInventory when it has no such host."""
    if name is None:
        return inventory
    found = tuple(host for host in inventory.hosts if host.name == name)
    if not found:
        raise BadInventory([f"no host is called {name}; there are {', '.join(host.name for host in inventory.hosts)}"])
    return replace(inventory, hosts=found)


class _Reader:
    """Collects the problems on its way."""

    def __init__(self, file: str, document: Mapping[str, Any], environ: Mapping[str, str]) -> None:
        self._file, self._document, self._environ = file, document, environ
        self._problems: list[str] = []

    def read(self, environment: str) -> Inventory:
        for key in sorted(set(self._document) - KEYS):
            self._bad(key, f"is unknown; known are {', '.join(sorted(KEYS))}")
        if self._document.get("environment") != environment:
            self._bad("environment", f'must be "{environment}", which is the PLAYLOG_ENV of this file\'s hosts')
        hosts = self._hosts()
        settings = self._settings(environment, hosts)
        ssh_config, ca = self._file_of("ssh_config"), self._file_of("ca")
        inventory = Inventory(environment, hosts, ssh_config, ca.read_bytes() if ca else None, settings)
        if self._problems:
            raise BadInventory(self._problems)
        return inventory

    def _hosts(self) -> tuple[Host, ...]:
        found = []
        for name, host in self._table("hosts").items():
            roles = host.get("roles") if isinstance(host, dict) else None
            if not isinstance(roles, list) or not roles or not set(roles) <= set(ROLES):
                self._bad(f"hosts.{name}.roles", f"must be a list of {' and '.join(ROLES)}")
                continue
            found.append(Host(self._filled(f"hosts.{name}", name), tuple(roles)))
        if not self._table("hosts"):
            self._bad("hosts", "names no host")
        return tuple(found)

    def _settings(self, environment: str, hosts: tuple[Host, ...]) -> dict[str, dict[str, str]]:
        table = dict(self._table("settings"))
        shared = {key: value for key, value in table.items() if not isinstance(value, dict)}
        for word in sorted(set(table) - set(shared) - set(BY_NAME)):
            self._bad(f"settings.{word}", f"is no word of these hosts; they are {', '.join(BY_NAME)}")
        wanted = dict.fromkeys(word.name for host in hosts for word in words_of(host.roles))
        common = self._values("settings", shared)
        own = {word: self._values(f"settings.{word}", table.get(word, {})) for word in wanted}
        stack = {word: self._from_stack(word) for word in wanted}
        return {word: {**stack[word], **common, **own[word], "PLAYLOG_ENV": environment} for word in wanted}

    def _from_stack(self, word: str) -> dict[str, str]:
        """What a stack on this machine tells the word: the folder that `. .local/env` names."""
        if "settings_from" not in self._document:
            return {}
        folder = self._filled("settings_from", self._document["settings_from"])
        path = Path(folder) / f"{word}.env"
        if not path.is_file():
            if folder:
                self._bad(
                    "settings_from", f"has no file {path.name}: start the stack by `make run`, then `. .local/env`"
                )
            return {}
        lines = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
        return {name: value for name, value in lines if not name.startswith(FOREIGN)}

    def _values(self, place: str, table: Mapping[str, Any]) -> dict[str, str]:
        found = {}
        for name, value in table.items():
            at = f"{place}.{name}"
            if not NAME.fullmatch(name):
                self._bad(at, "must be the name of a setting, in capitals")
            elif isinstance(value, bool) or not isinstance(value, str | int):
                self._bad(at, "must be a text or a number")
            elif SECRET.search(name) and not PLACEHOLDER.fullmatch(str(value)):
                self._bad(at, "is a secret: write ${NAME}, and set NAME where you converge")
            else:
                found[name] = self._filled(at, str(value))
        return found

    def _file_of(self, key: str) -> Path | None:
        text = self._filled(key, self._document.get(key, ""))
        if not text:
            return None
        path = Path(text).expanduser()
        if not path.is_file():
            self._bad(key, f"names {path}, which is no file")
            return None
        return path

    def _filled(self, place: str, value: Any) -> str:
        """The value with its placeholders filled in."""
        text = str(value)
        for name in PLACEHOLDER.findall(text):
            if not self._environ.get(name):
                self._bad(place, f"wants ${{{name}}}, which is not set")
        text = PLACEHOLDER.sub(lambda found: self._environ.get(found[1], ""), text)
        if "'" in text or "\n" in text:
            # One file for bash and for systemd: they agree on everything else between two of these.
            self._bad(place, "must have neither ' nor a line's end in it")
        return text

    def _table(self, key: str) -> Mapping[str, Any]:
        table = self._document.get(key, {})
        if not isinstance(table, dict):
            self._bad(key, "must be a table")
            return {}
        return table

    def _bad(self, place: str, rule: str) -> None:
        self._problems.append(f"{self._file}: {place} {rule}")
