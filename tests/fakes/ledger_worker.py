"""A fake of consumer.work.Work: stores into a list, fences as the ledger does, and fails when told to."""

import queue
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from consumer.batch import Polled
from consumer.partition import Astray, Failed, GaveUp, Held, Loaded, Lost, MayResume, News, Partition, Stored, Troubled
from consumer.trouble import Stop


@dataclass
class Shelf:
    """What is stored, by partition: the offsets, in the order in which they were stored."""

    stored: dict[int, list[int]] = field(default_factory=dict)

    def next_offset(self, number: int) -> int:
        return len(self.stored.get(number, []))


@dataclass
class LedgerWorker:
    """Does its work when `work()` is called, so that a test decides what happens between."""

    shelf: Shelf
    news: "queue.SimpleQueue[News]"
    todo: list[tuple[str, Partition, Sequence[Polled]]] = field(default_factory=list)
    trouble: str | None = None
    hold: str | None = None
    failure: Exception | None = None
    tended: list[int] = field(default_factory=list)
    #: What Kafka has: the offset of the first record left at or after one, and a partition's end.
    first_left: Callable[[int, int], int] = lambda _, offset: offset
    end: Callable[[int], int] = lambda _: 0

    def load(self, partition: Partition) -> None:
        self.todo.append(("load", partition, ()))

    def store(self, partition: Partition, records: Sequence[Polled]) -> None:
        self.todo.append(("store", partition, records))

    def tend(self, partition: Partition) -> None:
        self.todo.append(("tend", partition, ()))

    def check_resume(self, partition: Partition) -> None:
        self.todo.append(("check", partition, ()))

    def check_hole(self, partition: Partition) -> None:
        self.todo.append(("hole", partition, ()))

    def work(self) -> None:
        """Does what is to do, or tells that it can't be done now."""
        again = []
        for kind, partition, records in self.todo:
            if partition.abandoned.is_set():
                self.news.put(GaveUp(partition))
            elif self.trouble is not None:
                self.news.put(Troubled(partition, self.trouble))
                again.append((kind, partition, records))
            else:
                self._do(kind, partition, records)
        self.todo = again

    def _do(self, kind: str, partition: Partition, records: Sequence[Polled]) -> None:
        at = self.shelf.next_offset(partition.number)
        match kind:
            case "load":
                self.news.put(Loaded(partition, at))
            case "check":
                self.news.put(MayResume(partition))
            case "hole":
                left = self.first_left(partition.number, at)
                gone = Stop(f"{left - at} records of partition {partition.number} are gone: wanted {at}, got {left}")
                self.news.put(Failed(partition, gone) if left > at else Astray(partition, at))
            case "tend" if self.end(partition.number) > at:
                self.tended.append(partition.number)
                self.news.put(Astray(partition, at))
            case "tend":
                self.tended.append(partition.number)
                self.news.put(Stored(partition, at, None))
            case "store" if self.failure is not None:
                self.news.put(Failed(partition, self.failure))
            case "store" if self.hold is not None:
                self.news.put(Held(partition, self.hold))
            case "store" if records[0].offset != at:
                self.news.put(Lost(partition, "behind" if at < records[0].offset else "ahead"))
                self.news.put(Loaded(partition, at))
            case _:
                self.shelf.stored.setdefault(partition.number, []).extend(each.offset for each in records)
                self.news.put(Stored(partition, at + len(records), records[-1].appended_at))
