"""The journal's file: appended to, fsynced where it must be, locked against a second send, and read back in."""

import fcntl
import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from playlog_client.journal import Journal, Record

FORMAT = 1


class BadState(Exception):
    """The state file can't be used. The message says why and what to do."""


class StateFile:
    """A file of JSON lines. Its first line says what it is the state of; a line is whole or doesn't count."""

    def __init__(
        self, path: Path, new_key: Callable[[], str], now: Callable[[], datetime], subject: dict[str, Any]
    ) -> None:
        """Opens or makes the file. Raises BadState: also when the state is that of another `subject`."""
        self._path = path
        try:
            # Not truncated, not buffered: what write() returned from survives a kill of this process.
            self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
        except OSError as error:
            raise BadState(f"{path} can't be opened: {error.strerror}. Name another file with --state.") from error
        try:
            self._lock()
            self.journal = Journal(self.append, new_key, now)
            self.is_new = not self._load(subject)
            if self.is_new:
                self.append({"kind": "send", "format": FORMAT} | subject, durable=True)
                _sync_folder(path.absolute().parent)
        except BaseException:
            self._file.close()
            raise

    def append(self, record: Record, durable: bool) -> None:
        """Writes a record; a durable one is on the disk on return."""
        self._file.write(json.dumps(record, separators=(",", ":")).encode() + b"\n")
        if durable:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Closes the file, which also gives up its lock."""
        self._file.close()

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BadState(f"{self._path} is in use by another send. Wait for its end.") from error

    def _load(self, subject: dict[str, Any]) -> bool:
        """Reads the records; whether there were any. What a kill cut off is removed: its key was never used."""
        whole = 0
        with self._path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith(b"\n"):
                    break
                whole += len(line)
                self._take(number, line, subject)
        self._file.truncate(whole)
        self._file.seek(whole)
        return whole > 0

    def _take(self, number: int, line: bytes, subject: dict[str, Any]) -> None:
        try:
            record = json.loads(line)
            if number > 1:
                return self.journal.replay(record)
            found = {name: record.get(name) for name in subject}
            is_ours = (record["kind"], record["format"]) == ("send", FORMAT)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadState(f"{self._path} line {number} is not a state of ours. Name another file.") from error
        if not is_ours:
            raise BadState(f"{self._path} was written by another version. Name another file with --state.")
        for name, value in subject.items():
            if found[name] != value:
                raise BadState(
                    f"{self._path} is the state of a send whose {name} was {found[name]}, not {value}."
                    " Use that, or name another file with --state."
                )
        return None


def _sync_folder(folder: Path) -> None:
    """A new file's name is on the disk only after this."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
