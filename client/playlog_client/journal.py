"""What a send remembers: each batch's place and key before its first try, and what became of it."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from playlog_client.batch import Batch
from playlog_client.entry import Entry, Part, Refusal
from playlog_client.lines import Line

Record = dict[str, Any]


@dataclass
class Journal:
    """The plan of a send. May be used from several threads.

    Every change is handed to `append(record, durable)` before it counts; `replay` takes it back in after a kill. A
    durable record is on the disk when `append` returns, so a key is saved before its first use. That of an accepted
    batch isn't durable: when it is lost, the batch is sent again under its key, and the server finds the duplicate.
    """

    append: Callable[[Record, bool], None]
    new_key: Callable[[], str]
    now: Callable[[], datetime]
    refusals: list[Refusal] = field(default_factory=list)
    accepted_logs: int = 0
    #: Whether a pipe was read to its end; says nothing of files.
    is_whole: bool = False
    _entries: dict[int, Entry] = field(default_factory=dict)
    _roots: list[int] = field(default_factory=list)
    _parts: dict[int, list[int]] = field(default_factory=dict)
    _accepted: set[int] = field(default_factory=set)
    _set_aside: set[int] = field(default_factory=set)
    #: Before the first try that may have been kept; what an older version wrote doesn't say.
    _since: dict[int, datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def plan(self, file: int, lines: Sequence[Line], refused: Sequence[Refusal] = ()) -> Entry:
        """Remembers a batch of these lines, without those that have a problem. It is on disk on return."""
        part = Part(file, lines, {line.number for line in lines if line.problem})
        return self._add(None, refused, [part])[0]

    def replace(self, batch: Batch, refused: Sequence[Refusal], parts: Sequence[Sequence[Line]]) -> list[Batch]:
        """Puts batches under new keys in the place of one that can't be accepted. They are on disk on return."""
        old = self._entries[batch.number]
        new = []
        for lines in parts:
            others = {line.number for line in batch.lines} - {line.number for line in lines}
            new.append(Part(old.file, lines, others | set(old.leaves_out)))
        entries = self._add(batch.number, refused, new)
        return [
            Batch(entry.number, entry.key, batch.file, tuple(lines), stream=batch.stream, query=batch.query)
            for entry, lines in zip(entries, parts, strict=True)
        ]

    def accept(self, number: int, receipt: str, at: str) -> None:
        """Remembers that a batch got its 200."""
        with self._lock:
            self._keep({"kind": "accepted", "number": number, "receipt": receipt, "at": at}, durable=False)

    def set_aside(self, number: int) -> None:
        """Remembers that no try of a batch can have been kept."""
        with self._lock:
            self._keep({"kind": "set_aside", "number": number}, durable=False)

    def take_up(self, number: int) -> bool:
        """Remembers that a batch of an earlier run is tried again. Returns whether an earlier try may be kept."""
        with self._lock:
            if number not in self._set_aside:
                return True
            self._keep({"kind": "taken_up", "number": number, "at": self._moment()}, durable=True)
            return False

    def since(self, number: int) -> datetime | None:
        """A moment before the first try of a batch that may have been kept; None where none was written down."""
        return self._since.get(number)

    def settle(self, key: str, at: str, *, kept: bool) -> bool:
        """Somebody has looked whether a batch was kept. Returns whether there is one with this key.

        One that is decided by now stays as it is.
        """
        found = [
            entry
            for root in self._roots
            for entry in self.still_to_send(root)
            if entry.key == key and entry.number not in self._set_aside
        ]
        for entry in found:
            if kept:
                self.accept(entry.number, "", at)
            else:
                self.set_aside(entry.number)
        return key in {entry.key for entry in self._entries.values()}

    def end(self) -> None:
        """Remembers that a pipe was read to its end."""
        with self._lock:
            self._keep({"kind": "whole"}, durable=True)

    def roots(self, file: int) -> list[Entry]:
        """The batches that were cut from a file, in its order."""
        return [self._entries[number] for number in self._roots if self._entries[number].file == file]

    def still_to_send(self, number: int) -> list[Entry]:
        """What is left of a batch: itself, or those in its place."""
        if number in self._parts:
            return [entry for part in self._parts[number] for entry in self.still_to_send(part)]
        entry = self._entries[number]
        return [entry] if entry.logs and number not in self._accepted else []

    def replay(self, record: Record) -> None:
        """Takes a record in. Raises KeyError or TypeError for one that isn't of this kind."""
        match record["kind"]:
            case "batches":
                self._replay_batches(record)
            case "accepted" if record["number"] not in self._accepted:
                self._accepted.add(record["number"])
                self.accepted_logs += self._entries[record["number"]].logs
            case "set_aside":
                self._set_aside.add(record["number"])
            case "taken_up":
                self._set_aside.discard(record["number"])
                self._begin([record["number"]], record)
            case "whole":
                self.is_whole = True

    def _replay_batches(self, record: Record) -> None:
        entries = [Entry(**{**each, "leaves_out": tuple(each["leaves_out"])}) for each in record["batches"]]
        numbers = [entry.number for entry in entries]
        self._entries |= zip(numbers, entries, strict=True)
        self._begin(numbers, record)
        self.refusals += [Refusal(**each) for each in record["refused"]]
        if record["instead_of"] is None:
            self._roots += numbers
        else:
            self._parts[record["instead_of"]] = numbers

    def _add(self, old: int | None, refused: Sequence[Refusal], parts: Sequence[Part]) -> list[Entry]:
        with self._lock:
            start = len(self._entries) + 1
            entries = [part.entry(number, self.new_key()) for number, part in enumerate(parts, start)]
            record = {
                "kind": "batches",
                "at": self._moment(),
                "instead_of": old,
                "refused": [asdict(each) for each in refused],
                "batches": [asdict(each) for each in entries],
            }
            self._keep(record, durable=True)
            return entries

    def _begin(self, numbers: Sequence[int], record: Record) -> None:
        """The first try of these batches follows the record."""
        if "at" in record:
            self._since |= dict.fromkeys(numbers, datetime.fromisoformat(record["at"]))

    def _moment(self) -> str:
        return self.now().isoformat()

    def _keep(self, record: Record, *, durable: bool) -> None:
        self.append(record, durable)
        self.replay(record)
