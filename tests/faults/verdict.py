"""What became of every log of a scene, counted by its track: stored once, or the promise is broken."""

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.faults.scene import Scene

TRACKS = "SELECT track_id, COUNT(*) FROM play_log WHERE client = '{client}' GROUP BY track_id"
OUTCOMES = "SELECT outcome, COUNT(*) FROM request WHERE client = '{client}' GROUP BY outcome"


#: Nobody waits longer for an answer, whatever happens: nginx's patience with the app, and a second of a busy machine.
LATEST_SECONDS = 16.0


@dataclass
class Verdict:
    """One line of the table of results; counts are of logs unless the name says otherwise."""

    fault: str
    acknowledged: int = 0
    refused_requests: int = 0
    unknown_requests: int = 0
    lost: int = 0
    doubled: int = 0
    strange: int = 0
    declared_lost: int = 0
    repeats: int = 0
    receipts_asked: int = 0
    #: The longest time in which no request was accepted, and the longest that anybody waited for an answer.
    silence_seconds: float = 0.0
    longest_answer_seconds: float = 0.0
    outage_p99_ms: float | None = None
    recovered_seconds: float | None = None
    wrong: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.doubled or self.strange or self.wrong)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def count(scene: Scene, fault: str, lost_requests: frozenset[str] = frozenset()) -> Verdict:
    """Compares what was answered 200 with what is stored. `lost_requests` are ids that Kafka itself lost."""
    load = scene.senders
    wanted: set[int] = set()
    gone: set[int] = set()
    for each in list(load.accepted):
        (gone if each.request_id in lost_requests else wanted).update(each.tracks)
    stored = Counter({int(track): int(number) for track, number in scene.sql(TRACKS.format(client=scene.client))})
    outcomes = {name: int(number) for name, number in scene.sql(OUTCOMES.format(client=scene.client))}
    statuses = [each for each in load.attempts if each.status != 200]
    found = Verdict(
        fault,
        acknowledged=len(wanted) + len(gone),
        refused_requests=sum(each.kept == "no" for each in statuses),
        unknown_requests=sum(each.kept != "no" for each in statuses),
        lost=len(wanted - set(stored)),
        doubled=sum(number - 1 for number in stored.values() if number > 1),
        strange=len(set(stored) - wanted),
        declared_lost=len(gone),
        repeats=sum(number for name, number in outcomes.items() if name.startswith("duplicate")),
        longest_answer_seconds=max(each.seconds for each in load.attempts),
        wrong=list(load.wrong),
    )
    if found.longest_answer_seconds > LATEST_SECONDS:
        found.wrong.append(f"an answer took {found.longest_answer_seconds:.1f} s")
    silent = [each for each in statuses if each.status == 503 and not each.has_retry_after]
    if silent:
        found.wrong.append(f"{len(silent)} answers 503 had no Retry-After")
    return found


def balance(scene: Scene) -> list[str]:
    """What `playlog ledger` says against the scene's accounts; empty when all of them balance."""
    status, said, errors = scene.run_word("ledger", "--client", scene.client, "--json")
    if not said:
        return [f"playlog ledger ended with {status}: {errors}"]
    document = json.loads(said)
    found: list[str] = []
    for day in document["days"]:
        found += [str(each) for each in day["imbalances"]]
        for account in day["accounts"]:
            sums = account["stored"] + account["duplicate"] + account["dead_lettered"] + account["still_in_kafka"]
            if account["balance"] or account["accepted"] != sums:
                found.append(f"the ledger's account of {day['day']} doesn't balance: {account}")
    if status != 0:
        found.append(f"playlog ledger ended with {status}: {said[-500:]} {errors}")
    return found
