"""`playlog catalogue replay` and `trim`: the topic's history, read again or cut."""

import argparse
import re
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tqdm import tqdm

import migrations
from catalogue.proof.region_leg import look_at_region
from catalogue.trim import CantTrim, cut, plan_cut
from commands.cataloguing.desk import ANSWER_SECONDS, IDLE_SECONDS, Desk
from common.clock import SystemClock
from common.config import load, setting
from common.converters import text
from common.database import connect, database_url
from common.kafka import KafkaException
from consumer.catalogue.replay import CantReplay, Replay, Until
from consumer.trouble import Stop, Transient
from migrations.files import read_migrations
from migrations.runner import migrate


@dataclass(frozen=True)
class Target:
    """What of the target isn't said in --into."""

    password: str = setting("REPLAY_DB_PASSWORD", text, "the password of the user in --into", secret=True)


REGION_MIGRATIONS = Path(migrations.__file__).parent / "region"
_PLACES = re.compile(r"\d+:\d+(,\d+:\d+)*", re.ASCII)


class BadUntil(Exception):
    """--until says nothing that can be found. The message names the rule."""


def replay(desk: Desk, args: argparse.Namespace) -> int:
    """Reads the topic into an empty database, and compares what comes out with what was recorded."""
    try:
        target = database_url(args.into)
    except ValueError as error:
        print(f"--into {error}", file=sys.stderr)
        return 2
    password = load(Target, desk.environ).password
    topic = desk.kafka.topic
    try:
        topic_id, partitions = desk.view.describe(topic)
        numbers = list(range(partitions))
        starts, ends = desk.view.starts(topic, numbers), desk.view.ends(topic, numbers)
        until = _until(desk, args.until, starts, ends)
    except (KafkaException, TimeoutError) as error:
        print(f"Kafka can't be asked: {error}", file=sys.stderr)
        return 1
    except BadUntil as bad:
        print(bad, file=sys.stderr)
        return 2
    with closing(connect(target, password, idle_seconds=IDLE_SECONDS, answer_seconds=ANSWER_SECONDS)) as connection:
        migrate(connection, read_migrations(REGION_MIGRATIONS), SystemClock(), print)
        run = Replay(desk.kafka, topic_id, connection)
        total = sum(max(0, until.ends[number] - starts[number]) for number in numbers)
        try:
            run.begin(starts)
            with tqdm(total=total, unit="record", delay=1) as bar:
                run.run(until, bar.update)
        except (CantReplay, Stop, Transient) as error:
            print(f"The replay ended early: {error}.", file=sys.stderr)
            return 1
        state = look_at_region(connection, topic, lambda _: None)
        status = _judge(run, state.is_equal, len(state.held), until)
    if status and any(starts.values()):
        print("Before the whole load with which the topic begins all is cut off: it is whole behind that load's end.")
    return status


def _judge(run: Replay, is_equal: bool, releases: int, until: Until) -> int:
    marks = run.marks()
    for mark in marks:
        word = "equal" if mark.is_equal else "NOT EQUAL"
        what = f"{mark.releases} releases, digest sum {mark.digest_sum:016x}"
        print(f"partition {mark.partition}: {mark.kind} {mark.number} says {what}: {word}")
    if until.checkpoint is not None and any(mark.number != until.checkpoint for mark in marks):
        print(f"Checkpoint {until.checkpoint} isn't in every partition: it never was, or its history is cut.")
        return 1
    if not marks:
        print(f"Replayed {releases} releases. No mark lies before the end: nothing was recorded to compare with.")
        return 0 if is_equal else 1
    is_right = is_equal and all(mark.is_equal for mark in marks)
    word = "equal to what was recorded" if is_right else "NOT EQUAL to what was recorded"
    print(f"Replayed {releases} releases: {word}.")
    return 0 if is_right else 1


def _until(desk: Desk, said: str, starts: dict[int, int], ends: dict[int, int]) -> Until:
    if said == "end":
        return Until(ends)
    if said.isascii() and said.isdigit() and len(said) < 10:
        return Until(ends, int(said))
    if _PLACES.fullmatch(said):
        wanted = {int(number): int(offset) for number, offset in (part.split(":") for part in said.split(","))}
        strange = sorted(wanted.keys() - ends.keys())
        if strange:
            raise BadUntil(f"--until: the topic has no partition {strange[0]}")
        return Until({number: min(wanted.get(number, starts[number]), end) for number, end in ends.items()})
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadUntil("--until must be end, a checkpoint's number, PARTITION:OFFSET[,…], or a moment with its zone")
    found = desk.view.at_or_after(desk.kafka.topic, list(ends), int(moment.timestamp() * 1000))
    return Until({number: ends[number] if offset is None else offset for number, offset in found.items()})


def trim(desk: Desk, args: argparse.Namespace) -> int:
    """Cuts what lies before the last two whole loads."""
    groups = args.group or [desk.kafka.group]
    try:
        with desk.datacentre() as connection:
            planned = plan_cut(connection, desk.kafka, desk.view, groups)
        places = ", ".join(f"{number}:{offset}" for number, offset in sorted(planned.offsets.items()))
        if args.dry_run:
            print(f"{planned.records} records lie before whole load {planned.load_no} ({places}). Nothing was cut.")
            return 0
        cut(desk.kafka, planned.offsets)
    except CantTrim as reason:
        print(f"Nothing was cut: {reason}", file=sys.stderr)
        return 1
    except (KafkaException, TimeoutError) as error:
        print(f"Kafka can't be asked, or refuses: {error}", file=sys.stderr)
        return 1
    print(f"{planned.records} records are cut: the topic begins with whole load {planned.load_no} ({places}).")
    return 0
