"""What must be right in a database: what our sessions really get, the server's durability, and the tables."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from MySQLdb.connections import Connection

from commands.doctoring.finding import Finding, Rule, at_least, judge, one_of
from common.database import IDLE_SECONDS, SQL_MODE, rows

#: The clocks of the hosts may differ by so much; bookings are by Kafka's clock, days are cut by ours.
CLOCK_SECONDS = 5.0
#: Connections that should be free: a persister that comes back needs its own at once.
FREE_CONNECTIONS = 10
#: `playlog migrate` makes 14 days ahead every night.
LEAST_DAYS_AHEAD = 4

VARIABLES = "SHOW {scope} VARIABLES"
STATUS = "SHOW GLOBAL STATUS LIKE 'Threads_connected'"
ENGINES = """
SELECT table_name, engine FROM information_schema.tables
WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name"""
LAST_DAYS = """
SELECT table_name, MAX(partition_description) FROM information_schema.partitions
WHERE table_schema = DATABASE() AND partition_description IS NOT NULL AND partition_method LIKE 'RANGE%'
GROUP BY table_name ORDER BY table_name"""

#: What common.database asks for at every connection; a proxy in between may not pass it on.
SESSION_RULES = (
    Rule(
        "sql_mode",
        lambda value: set(SQL_MODE.split(",")) <= set(value.split(",")),
        SQL_MODE,
        "values would be cut or zeroed in silence",
    ),
    Rule("time_zone", one_of("+00:00"), "+00:00", "days and moments are UTC"),
    Rule("wait_timeout", one_of(str(IDLE_SECONDS)), str(IDLE_SECONDS), "a dead session keeps its locks for so long"),
    Rule("innodb_lock_wait_timeout", one_of("5"), "5", "a lock must be given up before the broker gives us up"),
    Rule("lock_wait_timeout", one_of("5"), "5", "the same for a table's lock"),
    Rule("tx_isolation", one_of("READ-COMMITTED"), "READ-COMMITTED", "the fence must see what others committed"),
    Rule("transaction_isolation", one_of("READ-COMMITTED"), "READ-COMMITTED", "the fence must see others' commits"),
    Rule("character_set_connection", one_of("UTF8MB4"), "utf8mb4", "emoji and others would be lost"),
    Rule("character_set_client", one_of("UTF8MB4"), "utf8mb4", "emoji and others would be lost"),
)


def server_rules(least_packet: int) -> tuple[Rule, ...]:
    """The server's own settings; `least_packet` is the least max_allowed_packet, in bytes."""
    return (
        Rule(
            "max_allowed_packet",
            at_least(least_packet),
            "16777216 (16 MiB) or more",
            f"the largest statement takes {least_packet} bytes",
        ),
        Rule(
            "innodb_flush_log_at_trx_commit",
            one_of("1", "3"),
            "1",
            "a crash of the host would take back what was committed (it is read from Kafka again, with an alert)",
        ),
        Rule("innodb_doublewrite", lambda value: value.upper() != "OFF", "ON", "a torn page can't be mended"),
        Rule("read_only", one_of("OFF", "0"), "OFF", "nothing can be stored"),
        Rule("sync_binlog", one_of("1"), "1", "after a crash a replica could lack what was committed"),
    )


@dataclass(frozen=True)
class DatabaseFacts:
    """What one connection told."""

    session: Mapping[str, str]
    server: Mapping[str, str]
    connected: int
    clock_seconds: float
    engines: Mapping[str, str]
    last_days: Mapping[str, date]


def look(connection: Connection, now: Callable[[], datetime]) -> DatabaseFacts:
    """Asks a database. Raises MySQLdb.Error."""
    session = _pairs(rows(connection, VARIABLES.format(scope="SESSION")))
    server = _pairs(rows(connection, VARIABLES.format(scope="GLOBAL")))
    if server.get("log_bin", "OFF").upper() == "OFF":
        server.pop("sync_binlog", None)  # There is no binlog to be synchronised.
    before = now()
    ((moment,),) = rows(connection, "SELECT UTC_TIMESTAMP(6)")
    assert isinstance(moment, datetime)
    off = (moment - before.replace(tzinfo=None)).total_seconds()
    bounds = _pairs(rows(connection, LAST_DAYS))
    return DatabaseFacts(
        session=session,
        server=server,
        connected=int(_pairs(rows(connection, STATUS))["Threads_connected"]),
        clock_seconds=off,
        engines=_pairs(rows(connection, ENGINES)),
        # A partition's bound is the day after its own, quoted.
        last_days={table: date.fromisoformat(bound.strip("'")) for table, bound in bounds.items() if "-" in bound},
    )


def findings(part: str, facts: DatabaseFacts, least_packet: int, today: date) -> Iterator[Finding]:
    """Everything of one database."""
    yield from judge(part, {f"{name}": value for name, value in facts.session.items()}, SESSION_RULES)
    yield from judge(part, facts.server, server_rules(least_packet))
    yield _clock(part, facts.clock_seconds)
    yield _connections(part, facts)
    foreign = [name for name, engine in facts.engines.items() if engine.upper() != "INNODB"]
    if foreign:
        advice = f"ALTER TABLE … ENGINE = InnoDB for {', '.join(foreign)}: others know no transaction."
        yield Finding(part, "engine of the tables", "wrong", facts.engines[foreign[0]], advice)
    else:
        yield Finding(part, "engine of the tables", "right", f"InnoDB, {len(facts.engines)} tables")
    for table, bound in sorted(facts.last_days.items()):
        yield _days(part, table, (bound - today).days - 1)


def ledger_findings(part: str, books: Sequence[tuple[int, str]], topic_id: str, partitions: int) -> Iterator[Finding]:
    """Whether the ledger's books (partition, topic id) are those of the topic that Kafka has."""
    if not books:
        return
    foreign = {found for _, found in books} - {topic_id}
    if foreign:
        advice = "The topic was made again: see `playlog consume adopt-topic --help`."
        yield Finding(part, "ledger and topic", "wrong", f"books of {', '.join(sorted(foreign))}", advice)
    elif max(number for number, _ in books) >= partitions:
        advice = "Compare KAFKA_BOOTSTRAP with this database: a topic never loses partitions."
        yield Finding(part, "ledger and topic", "wrong", f"{len(books)} books, {partitions} partitions", advice)
    else:
        yield Finding(part, "ledger and topic", "right", f"{len(books)} of {partitions} partitions have books")


def _clock(part: str, seconds: float) -> Finding:
    found = f"{seconds:+.1f} s from ours"
    if abs(seconds) <= CLOCK_SECONDS:
        return Finding(part, "clock", "right", found)
    return Finding(part, "clock", "wrong", found, "Set both hosts' clocks by NTP: days are cut by them.")


def _connections(part: str, facts: DatabaseFacts) -> Finding:
    most = int(facts.server["max_connections"])
    found = f"{facts.connected} of {most} taken"
    if most - facts.connected >= FREE_CONNECTIONS:
        return Finding(part, "connections", "right", found)
    advice = f"Raise max_connections, or end idle sessions: {FREE_CONNECTIONS} should be free."
    return Finding(part, "connections", "wrong", found, advice)


def _days(part: str, table: str, ahead: int) -> Finding:
    found = f"{ahead} days ahead"
    if ahead >= LEAST_DAYS_AHEAD:
        return Finding(part, f"days of {table}", "right", found)
    advice = "Run `playlog migrate datacentre`, and see why cron doesn't: without its day nothing is stored."
    return Finding(part, f"days of {table}", "wrong", found, advice)


def _pairs(found: Sequence[Sequence[object]]) -> dict[str, str]:
    return {str(name): str(value) for name, value in found}
