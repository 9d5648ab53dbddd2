"""A listener's name in files that were handed over: the newest edition gets a revision without it, older ones lose it.

The revision is made from the newest edition's own files, not from the database, so that it can be made long after the
rows are gone. Made again from renamed rows, the report has the same bytes.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from listeners.usage import rename_in
from reports import handover
from reports.delivery import client_folder, deliver
from reports.desk import About, Desk
from reports.editions import Edition, HandedOver, Wish, revised
from reports.files import Made, describe, sync_folder, write_bytes
from reports.manifest import NAME as MANIFEST
from reports.manifest import manifest_text
from reports.page import NAME as PAGE
from reports.page import with_edition
from reports.usage import file_name

#: The reason of such a revision.
REASON = "erasure"
#: A note beside a superseded edition's files: the SHA-256 that some of them have since, a line each.
ERASED = "_ERASED"


@dataclass(frozen=True)
class Name:
    """A listener's id, as its client sent it, and what is to stand in its place."""

    client: str
    user_id: str
    token: str

    @property
    def usage(self) -> str:
        return f"{file_name(self.client)}.gz"


def days_with_files(root: Path, client: str) -> list[date]:
    """The days of which any edition, provisional or final, holds a file of the client's."""
    name = f"{file_name(client)}.gz"
    found = {path.parent.name[:10] for path in root.glob(f"*/{name}")}
    found |= {path.parent.name[:10] for path in client_folder(root, client).glob(f"*/{name}")}
    return sorted(date.fromisoformat(day) for day in found if _is_day(day))


def erase_day(root: Path, desk: Desk, day: date, name: Name, operator: str) -> bool:
    """Takes the name out of every file of a day; returns whether a revision was made.

    Killed at any step, it is done by the next call: the name is looked for in the files themselves. Raises
    FileNotFoundError when the newest edition's files aren't there, and OSError.
    """
    known = desk.handed_over(day)
    made = _revise(root, desk, day, name, known, Wish(REASON, operator)) if known else False
    for path in _all_files(root, day, name):
        _rename_in_place(path, name)
    return made


def _revise(root: Path, desk: Desk, day: date, name: Name, known: list[HandedOver], wish: Wish) -> bool:
    """The next edition, if the newest names the listener. A half-made one is finished by hand_over's own rules."""
    newest = handover.final_folder(root, day, known[-1].revision)
    if not (newest / MANIFEST).exists():
        raise FileNotFoundError(f"{newest} has no manifest: make it good with `playlog report --date {day}` first")
    if not (newest / name.usage).exists():
        _finish(root, day, known[-1].revision)
        return False
    with handover.making_folder(root, day) as folder:
        renamed = rename_in(newest / name.usage, folder, name.user_id, name.token)
        if renamed is None:
            _finish(root, day, known[-1].revision)
            return False
        edition = revised(known, wish)
        names = _copy(newest, folder, renamed, edition)
        digest = sha256((folder / MANIFEST).read_bytes()).digest()
        kept = handover.final_folder(root, day, edition.revision)
        handover.place_final(folder, kept, names, is_known=False)
        rows = sum(each["rows_written"] for each in json.loads((kept / MANIFEST).read_bytes())["totals"])
        hook_state = "none" if known[-1].hook_state == "none" else "waiting"
        desk.record(day, edition, known[-1].state, digest, About(rows, hook_state, known[-1].context))
    _finish(root, day, edition.revision)
    return True


def _finish(root: Path, day: date, revision: int) -> None:
    """Whatever comes after the report table was told."""
    kept = handover.final_folder(root, day, revision)
    handover.mark(kept)
    older = [handover.final_folder(root, day, number) for number in range(1, revision)]
    for old in older:
        handover.note_superseded(old, kept)
    deliver(root, kept, older)


def _copy(newest: Path, folder: Path, renamed: Made, edition: Edition) -> list[str]:
    """The newest edition's files in the making folder, with the renamed one in its place, as the next edition."""
    document: dict[str, Any] = json.loads((newest / MANIFEST).read_bytes())
    for each in document["files"]:
        if each != renamed.name:
            shutil.copyfile(newest / each, folder / each)
    document["files"][renamed.name] = _facts(renamed)
    document |= {
        "revision": edition.revision,
        "supersedes": {"revision": edition.revision - 1, "manifest_sha256": edition.supersedes},
        "reason": edition.reason,
        "operator": edition.operator,
    }
    page = with_edition((newest / PAGE).read_text(encoding="utf-8"), edition, document["state"])
    write_bytes(folder / PAGE, page.encode())
    document["files"][PAGE] = _facts(describe(folder / PAGE, document["files"][PAGE]["rows"]))
    write_bytes(folder / MANIFEST, manifest_text(document))
    return [*document["files"], MANIFEST]


def _facts(made: Made) -> dict[str, object]:
    return {"sha256": made.sha256, "bytes": made.bytes, "rows": made.rows}


def _all_files(root: Path, day: date, name: Name) -> Iterator[Path]:
    for folder in (root, client_folder(root, name.client)):
        yield from sorted(folder.glob(f"{day.isoformat()}*/{name.usage}"))


def _rename_in_place(path: Path, name: Name) -> None:
    """In a superseded or a provisional edition: its manifest keeps the old digest, and a note has the new one."""
    making = path.parent / ".making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    renamed = rename_in(path, making, name.user_id, name.token)
    if renamed is not None:
        (making / path.name).chmod(path.stat().st_mode & 0o777)
        # The note first: killed in between, the next run makes the same file.
        _note(path.parent, making, renamed)
        (making / path.name).replace(path)
        sync_folder(path.parent)
    shutil.rmtree(making)


def _note(folder: Path, making: Path, renamed: Made) -> None:
    """Says what a file is since. Other clients' files of the edition have lines of their own, which stay."""
    known = (folder / ERASED).read_text(encoding="utf-8").splitlines() if (folder / ERASED).exists() else []
    lines = {line.partition("  ")[2]: line for line in known} | {renamed.name: f"{renamed.sha256}  {renamed.name}"}
    write_bytes(making / ERASED, "".join(f"{lines[name]}\n" for name in sorted(lines)).encode())
    (making / ERASED).replace(folder / ERASED)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
