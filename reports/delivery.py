"""A folder for each client: its own usage file and figures, and nothing of anybody else."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from reports.files import sync, sync_folder, write_bytes
from reports.handover import MARK, is_same, note_superseded
from reports.handover import mark as set_mark
from reports.manifest import NAME as MANIFEST
from reports.usage import file_name

CLIENTS = "clients"
#: For whoever is in the folder's group, whatever the umask is: an operator gives each client's folder its group, and
#: what is made in it inherits that.
FOLDER_MODE, FILE_MODE = 0o2750, 0o640


def client_folder(root: Path, client: str) -> Path:
    """Where a client's reports are; a name can't lead out of it."""
    return root / CLIENTS / quote(client, safe="")


def deliver(root: Path, kept: Path, older: Sequence[Path]) -> list[str]:
    """Gives each client of a finished edition its part; returns the clients whose folder was written.

    `kept` is the edition's folder, `older` are those before it. Cut off, it is made good by the next run: a client's
    mark comes last. Raises OSError.
    """
    manifest = (kept / MANIFEST).read_bytes()
    document: dict[str, Any] = json.loads(manifest)
    written: list[str] = []
    for client in clients_of(document):
        target = client_folder(root, client) / kept.name
        usage, own = kept / f"{file_name(client)}.gz", client_manifest(document, client)
        if not _is_there(usage, target, own):
            _write(usage, target, own)
            written.append(client)
        for old in older:
            note_superseded(client_folder(root, client) / old.name, target)
    return written


def is_delivered(root: Path, kept: Path) -> bool:
    """Whether an edition's folder is complete, and each client's part of it is there."""
    try:
        document = json.loads((kept / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    parts = [client_folder(root, client) / kept.name for client in clients_of(document)]
    return all((folder / MARK).exists() for folder in (kept, *parts))


def clients_of(document: dict[str, Any]) -> list[str]:
    """The clients that a manifest has a usage file of."""
    return list(document["clients"])


def client_manifest(document: dict[str, Any], client: str) -> bytes:
    """The client's own part of a manifest, with what proves that its day is complete."""
    usage = f"{file_name(client)}.gz"
    names = ("day", "state", "revision", "reason", "reasons")
    replaced = document["supersedes"]
    own = {
        **{name: document[name] for name in names},
        "supersedes": None if replaced is None else {"revision": replaced["revision"]},
        "client": client,
        "files": {usage: document["files"][usage]},
        "totals": [each for each in document["totals"] if each["client"] == client and not each["is_test"]],
        "replays": [each for each in document["replays"] if each["client"] == client and not each["is_test"]],
        "proof": {"balance": document["proof"]["balance"], "losses": document["proof"]["losses"]},
    }
    return (json.dumps(own, ensure_ascii=False, indent=2) + "\n").encode()


def _is_there(usage: Path, target: Path, manifest: bytes) -> bool:
    try:
        is_own = (target / MANIFEST).read_bytes() == manifest
    except OSError:
        return False
    return is_own and (target / MARK).exists() and is_same(usage, target / usage.name)


def _write(usage: Path, target: Path, manifest: bytes) -> None:
    _make_folder(target)
    (target / MARK).unlink(missing_ok=True)
    for path in target.glob("*.making"):
        path.unlink()
    sync_folder(target)
    making = target / f"{usage.name}.making"
    shutil.copyfile(usage, making)
    with making.open("rb") as copied:
        sync(copied.fileno())
    making.chmod(FILE_MODE)
    making.replace(target / usage.name)
    write_bytes(target / MANIFEST, manifest)
    (target / MANIFEST).chmod(FILE_MODE)
    sync_folder(target)
    set_mark(target)
    (target / MARK).chmod(FILE_MODE)


def _make_folder(target: Path) -> None:
    """Makes what is missing of the way. Folders that are there keep their group and mode."""
    for folder in (target.parent.parent, target.parent, target):
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            # The clients' common folder shows nobody who the others are.
            folder.chmod(0o711 if folder == target.parent.parent else FOLDER_MODE)
            sync_folder(folder.parent)
