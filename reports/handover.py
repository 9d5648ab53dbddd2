"""Hands finished files over: the mark last, a final report never replaced, an interrupted hand-over made good."""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from reports.files import sync_folder, write_bytes
from reports.manifest import NAME as MANIFEST

MARK = "_SUCCESS"
SUPERSEDED = "_SUPERSEDED"
_CHUNK_BYTES = 1 << 20


class Changed(Exception):
    """A final report that was handed over can't be made again as it was. The message names what differs."""


def final_folder(root: Path, day: date, revision: int = 1) -> Path:
    """The folder of an edition: DAY for the first, DAY.r2 for the second, and so on."""
    return root / (day.isoformat() if revision == 1 else f"{day.isoformat()}.r{revision}")


def provisional_folder(root: Path, day: date) -> Path:
    return root / f"{day.isoformat()}.provisional"


@contextmanager
def making_folder(root: Path, day: date) -> Iterator[Path]:
    """An empty folder on the reports' own disk, gone at the end; what a killed run left in it goes first."""
    folder = root / f"{day.isoformat()}.making"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def place_final(made: Path, kept: Path, names: Sequence[str], *, is_known: bool) -> list[str]:
    """Moves the files into the edition's folder, or finds them there already; returns the names that were written.

    The mark is another step: in between, the report table is told. `is_known`: it knows this edition, so what is
    missing in the folder was lost. Without that and without a mark, an earlier run was cut off before it handed
    anything over. Raises Changed for a file with other bytes.
    """
    if is_known or (kept / MARK).exists():
        different = [name for name in names if (kept / name).exists() and not is_same(made / name, kept / name)]
        if different:
            raise Changed(describe_difference(made, kept, different))
        names = [name for name in names if not (kept / name).exists()]
    else:
        shutil.rmtree(kept, ignore_errors=True)
    _move(made, kept, names)
    return list(names)


def mark(kept: Path) -> None:
    """Says that everything is there; a folder without the mark is unfinished."""
    if not (kept / MARK).exists():
        write_bytes(kept / MARK, b"")
        sync_folder(kept)


def note_superseded(old: Path, new: Path) -> None:
    """Leaves a note in the folder of an older edition: where the newer one is."""
    if old.exists() and not is_text(old / SUPERSEDED, new.name):
        write_bytes(old / SUPERSEDED, f"{new.name}\n".encode())
        sync_folder(old)


def hand_over_provisional(made: Path, kept: Path, names: Sequence[str]) -> None:
    """Puts the files in the place of the last provisional ones. While there is no mark the folder is unfinished."""
    (kept / MARK).unlink(missing_ok=True)
    if kept.exists():
        sync_folder(kept)
        for path in kept.iterdir():
            if path.name not in names:
                path.unlink()
    _move(made, kept, names)
    mark(kept)


def describe_difference(made: Path, kept: Path, different: Sequence[str]) -> str:
    """What differs between a handed-over report and the one made now, in words."""
    parts = [", ".join(different)]
    if MANIFEST in different:
        now, then = _load(made / MANIFEST), _load(kept / MANIFEST)
        keys = [key for key in now if now[key] != then.get(key)]
        parts.append(f"(manifest: {', '.join(keys) or 'unreadable'})")
    return " ".join(parts)


def _move(made: Path, kept: Path, names: Sequence[str]) -> None:
    kept.mkdir(exist_ok=True)
    sync_folder(kept.parent)
    for name in names:
        (made / name).replace(kept / name)
    sync_folder(kept)


def is_text(path: Path, text: str) -> bool:
    """Whether a small file holds a text, but for blanks at its ends."""
    return path.exists() and path.read_text(encoding="utf-8").strip() == text


def is_same(one: Path, other: Path) -> bool:
    """Whether two files are there with the same bytes."""
    if not (one.exists() and other.exists()):
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while True:
            ours, theirs = left.read(_CHUNK_BYTES), right.read(_CHUNK_BYTES)
            if ours != theirs:
                return False
            if not ours:
                return True


def _load(path: Path) -> dict[str, object]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
