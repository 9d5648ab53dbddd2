"""`make bench-persist`: how many rows a second the persister stores, beside LOAD DATA of the same rows."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.door import door
from bench.figures import memory_table, publish, table
from bench.ground import BenchFailed, ground, say
from bench.load_data import LoadData
from bench.memory import memory_of, peak_mb
from bench.pair import Pair
from bench.records import fill
from common.config import load
from common.database import connect, rows
from consumer.config import ConsumerConfig
from devstack.emptied import empty_datacentre
from devstack.parts import Part
from devstack.process import Child
from devstack.stack import Stack

LOGS_A_RECORD = 100
LOOK_SECONDS = 0.01
LONGEST_SECONDS = 900.0
SAY_SECONDS = 2.0

POSITION = "SELECT COALESCE(SUM(next_offset), 0) FROM consumer_offset"
BALANCE = "SELECT COUNT(*), SUM(n_items), SUM(n_stored) FROM request"

MANUAL = """\
Starts Kafka and MariaDB of its own (build/bench/stack-persist; the durability of a server's defaults), fills the topic
with records of 100 realistic logs, then starts one persister with its default settings, and measures from its first
commit to its last. Then the same rows are loaded into the same table, emptied, by LOAD DATA LOCAL INFILE over one
connection and over two: the fastest way in that the server has, without ledger, repeats or dead letters. At last the
tables are emptied, and two persisters of one group store the same topic again. Prints a table, writes
build/bench/persist.json.
"""


@dataclass(frozen=True)
class Stored:
    """What the persister did between its first commit and its last."""

    rows: int
    seconds: float
    peak_mb: float

    @property
    def rows_per_second(self) -> float:
        return self.rows / self.seconds


def watch(stack: Stack, records: int, children: Sequence[Child]) -> Stored:
    """Looks at the ledger until these persisters have stored all records. Raises BenchFailed."""
    config = load(ConsumerConfig, stack.environ("consume"))
    connection = connect(config.datacentre.database, config.datacentre.password, idle_seconds=600)
    began, first, said = 0.0, 0, time.perf_counter()
    until = said + LONGEST_SECONDS
    while True:
        position = int(str(rows(connection, POSITION)[0][0]))
        connection.rollback()
        now = time.perf_counter()
        if position and not began:
            began, first = now, position
        if position >= records:
            break
        if now > until or any(child.died for child in (*children, *stack.children())):
            raise BenchFailed(f"{position} of {records} records were stored: look into {stack.home}/log")
        if now - said > SAY_SECONDS:
            said = now
            say(f"{position * LOGS_A_RECORD:,} of {records * LOGS_A_RECORD:,} rows stored")
        time.sleep(LOOK_SECONDS)
    found = Stored((records - first) * LOGS_A_RECORD, now - began, max(peak_mb(child.pid) for child in children))
    balance = tuple(int(str(value)) for value in rows(connection, BALANCE)[0])
    connection.close()
    if balance != (records, records * LOGS_A_RECORD, records * LOGS_A_RECORD):
        raise BenchFailed(f"the ledger has records, logs, stored = {balance}, not {records} records of {LOGS_A_RECORD}")
    return found


def figures_of(stored: Stored, pair: Stored, rows_loaded: int, by_one: float, by_two: float) -> dict[str, float]:
    """The flat figures: rows a second, the share of LOAD DATA, of one persister, megabytes."""
    return {
        "two_rows_per_s": pair.rows_per_second,
        "two_share_of_one": pair.rows_per_second / stored.rows_per_second,
        "two_share_of_load_data_2": pair.rows_per_second / (rows_loaded / by_two),
        "rows_per_s": stored.rows_per_second,
        "load_data_1_rows_per_s": rows_loaded / by_one,
        "load_data_2_rows_per_s": rows_loaded / by_two,
        "share_of_load_data_2": stored.rows_per_second / (rows_loaded / by_two),
        "peak_mb": stored.peak_mb,
    }


def run(records: int) -> None:
    """Raises one of FAILURES."""
    with ground("persist", frozenset({Part.KAFKA, Part.MARIADB, Part.TABLES})) as stack:
        say(f"filling the topic: {records:,} records of {LOGS_A_RECORD} logs")
        fill(stack.kafka.bootstrap, records, LOGS_A_RECORD)
        stack.persister.start()
        stored = watch(stack, records, [stack.persister.child])
        memory = memory_table(memory_of(stack.children()))
        stack.persister.stop()
        limit = LoadData(stack)
        count = limit.export()
        say("LOAD DATA by one connection, then by two")
        by_one, by_two = limit.seconds(1, count), limit.seconds(2, count)
        say("two persisters")
        empty_datacentre(stack)
        two = Pair(stack)
        two.start()
        pair = watch(stack, records, two.children)
        two.stop()
    figures = figures_of(stored, pair, count, by_one, by_two)
    speeds = [
        ("persister", figures["rows_per_s"], f"{figures['share_of_load_data_2']:.2f} of LOAD DATA by two"),
        ("two persisters", figures["two_rows_per_s"], f"{figures['two_share_of_one']:.2f} of one"),
        ("LOAD DATA, 1 connection", figures["load_data_1_rows_per_s"], ""),
        ("LOAD DATA, 2 connections", figures["load_data_2_rows_per_s"], ""),
    ]
    publish("persist", figures, table((f"{count:,} rows", "rows/s", "share"), speeds), memory)


if __name__ == "__main__":
    sys.exit(door("bench-persist", MANUAL, run))
