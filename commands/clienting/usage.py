"""The ledger of use: what each client used on a day, beside what nginx's access log says."""

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from app.gateway import usage_table
from commands.clienting.desk import Desk, complain


def show(desk: Desk, day: date, logs: Sequence[Path]) -> int:
    """Prints client and requests; with access logs also what they say, and 1 when the two differ."""
    used = usage_table.used_on(desk.connection, day, is_all=True)
    if not logs:
        for client, requests in used.items():
            print(client, requests, sep="\t")
        return 0
    try:
        logged = count_admitted(_lines(logs), day)
    except OSError as error:
        complain(f"{error.filename} can't be read: {error.strerror}.")
        return 1
    differing = 0
    for client in sorted(used.keys() | logged.keys()):
        difference = used.get(client, 0) - logged[client]
        differing += difference != 0
        print(client, used.get(client, 0), logged[client], f"{difference:+d}" if difference else "equal", sep="\t")
    if differing:
        complain(f"{differing} clients differ (counter, access log, counter - log). More in the counter: a process was")
        complain(
            "killed, or has leases out (up to a second). More in the log: the files hold what another region served,"
        )
        complain("or the counters were away and their process ended before they came back.")
    return 1 if differing else 0


def count_admitted(lines: Iterable[str], day: date) -> Counter[str]:
    """Requests that were let in and counted, by client, of the lines that nginx wrote on a day (GMT)."""
    found: Counter[str] = Counter()
    for line in lines:
        facts = _facts(line)
        if facts.get("charged_on") == day.isoformat():
            found[str(facts["client"])] += 1
    return found


def _facts(line: str) -> dict[str, Any]:
    # Other processes' lines may stand between, and the last one may be cut off.
    if '"logger":"nginx"' not in line:
        return {}
    try:
        facts: dict[str, Any] = json.loads(line)
    except ValueError:
        return {}
    return facts


def _lines(logs: Sequence[Path]) -> Iterator[str]:
    for path in logs:
        if path.suffix == ".gz":
            with gzip.open(path, "rt", errors="replace") as file:
                yield from file
        else:
            with path.open(errors="replace") as plain:
                yield from plain
