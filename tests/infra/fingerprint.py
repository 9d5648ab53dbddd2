"""What a host is, in a form that can be compared: files with mode, owner and hash, packages, units, and who runs."""

import hashlib
import os
import stat
from pathlib import Path

from infra.testhost.host import TestHost

#: Kernel, memory, and what fills up by itself.
PASSING = ("dev", "proc", "sys", "run", "tmp", "var/tmp", "var/log", "var/cache", "var/lib/apt/lists", "root/.ssh")
#: Of this host alone, or of the moment: who it is, and what a job, a timer or a package noted of its last time.
OWN = (
    "etc/hostname",
    "etc/hosts",
    "etc/machine-id",
    "etc/resolv.conf",
    "etc/.updated",
    "var/.updated",
    "etc/ssh",
    # The day on which a password was changed; the users are compared by passwd and group.
    *(
        "etc/shadow",
        "etc/shadow-",
        "etc/gshadow",
        "etc/gshadow-",
        "etc/passwd-",
        "etc/group-",
        "etc/subuid-",
        "etc/subgid-",
    ),
    # Compared by dpkg-query: in what order packages came is no matter.
    *("var/lib/dpkg", "var/lib/systemd", "var/lib/logrotate", "var/lib/dbus"),
    *("var/lib/playlog/reports", "var/lib/apt"),
)
OWN_ENDINGS = (".pyc", ".ended", ".lock")


def fingerprint(host: TestHost) -> dict[str, str]:
    """By path, or by the kind of what isn't a file. Two hosts are alike when these are equal."""
    found = dict(sorted(_files(host.root)))
    for name, command in {
        "packages": "dpkg-query -W -f='${Package} ${Version} ${db:Status-Abbrev}\\n' | sort",
        "enabled units": "systemctl list-unit-files --state=enabled --no-legend --plain | awk '{print $1}' | sort",
        "our units": "systemctl show -p Id,ActiveState,User,FragmentPath 'playlog-*' | sort",
        "failed units": "systemctl --failed --no-legend --plain",
        "zone": "date +%Z",
    }.items():
        found[name] = host.inside("sh", "-c", command).stdout
    return found


def difference(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """What differs, a line each; empty when they are alike."""
    return [
        f"{path}: {one.get(path, 'is not there')} / {other.get(path, 'is not there')}"
        for path in sorted({*one, *other})
        if one.get(path) != other.get(path)
    ]


def _files(root: Path) -> list[tuple[str, str]]:
    found = []
    for folder, folders, names in os.walk(root):
        at = Path(folder).relative_to(root)
        folders[:] = [name for name in folders if str(at / name) not in {*PASSING, *OWN} and name != "__pycache__"]
        for name in [*names, *folders]:
            path = str(at / name)
            if path not in OWN and not name.endswith(OWN_ENDINGS):
                found.append((path, _about(root / path)))
    return found


def _about(path: Path) -> str:
    facts = path.lstat()
    text = f"{stat.filemode(facts.st_mode)} {facts.st_uid}:{facts.st_gid}"
    if stat.S_ISLNK(facts.st_mode):
        return f"{text} -> {path.readlink()}"
    if stat.S_ISREG(facts.st_mode):
        return f"{text} {hashlib.sha256(path.read_bytes()).hexdigest()[:16]}"
    return text
