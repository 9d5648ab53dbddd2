"""The stack that a benchmark measures: its own ports, its own data, made anew each time; never anybody else's."""

import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from common.config import load
from common.kafka import KafkaException, KafkaSettings, TopicView
from devstack.mariadb_settings import DATACENTRE
from devstack.parts import Part
from devstack.process import ProcessFailed
from devstack.programs import ProgramMissing
from devstack.service import REPOSITORY
from devstack.stack import Stack
from devstack.test_mark import NotMarked, refuse_unmarked
from devstack.words import TOPIC

BUILD = REPOSITORY / "build" / "bench"
#: Each names a broker, a topic or a database of somebody's.
FOREIGN = ("KAFKA_BOOTSTRAP", "PLAY_LOGS_TOPIC", "CONSUMER_GROUP", "REGION_DB_URL", "DATACENTRE_DB_URL")
LEADER_SECONDS = 10.0


class NotOurs(Exception):
    """What would be measured isn't the benchmark's own. The message says what to change."""


class BenchFailed(Exception):
    """A figure that would mean nothing: something was wrong, lost or doubled on the way."""


def refuse_foreign(environ: Mapping[str, str]) -> None:
    """Raises NotOurs when the environment names a broker, a topic or a database."""
    named = [name for name in FOREIGN if name in environ]
    if named:
        raise NotOurs(
            f"the environment has {' and '.join(named)}: a benchmark sends to its own stack alone, on ports"
            " and data of its own, and never to another topic or database. Unset it, or use another shell."
        )


def topic_ends(stack: Stack) -> int:
    """How many records the stack's topic ever took."""
    view = TopicView(load(KafkaSettings, {"KAFKA_BOOTSTRAP": stack.kafka.bootstrap}))
    until = time.monotonic() + LEADER_SECONDS
    while True:
        try:
            _, partitions = view.describe(TOPIC)
            return sum(view.ends(TOPIC, list(range(partitions))).values())
        except KafkaException as error:
            # A topic made a moment ago has no leaders yet.
            if time.monotonic() > until:
                raise BenchFailed(f"the topic can't be asked: {error.args[0]}") from None
            time.sleep(0.1)


def refuse_used(stack: Stack) -> None:
    """Raises NotOurs when topic or database hold anything: then they aren't those that were made for this run."""
    if Part.KAFKA in stack.parts and topic_ends(stack):
        raise NotOurs(f"the topic at {stack.kafka.bootstrap} holds records: the benchmark wants one of its own")
    if Part.TABLES in stack.parts and stack.mariadb.execute("SELECT 1 FROM request LIMIT 1", DATACENTRE).strip():
        raise NotOurs(f"the database at port {stack.mariadb.port} holds requests: the benchmark wants one of its own")


@contextmanager
def ground(
    name: str, parts: frozenset[Part], overrides: Mapping[str, Mapping[str, str]] | None = None
) -> Iterator[Stack]:
    """A fresh stack under build/bench; stopped, and its data removed, at the end. Its logs stay.

    `overrides` are settings by word, over the stack's own.

    Raises NotOurs, NotMarked, ProcessFailed or ProgramMissing.
    """
    refuse_foreign(os.environ)
    home = BUILD / f"stack-{name}"
    shutil.rmtree(home, ignore_errors=True)
    try:
        with Stack(home, parts, is_test=True, overrides=overrides, say=say) as stack:
            refuse_unmarked(stack)
            refuse_used(stack)
            yield stack
    finally:
        shutil.rmtree(home / "data", ignore_errors=True)


def say(text: str) -> None:
    """A line for the person who waits."""
    print(text, file=sys.stderr, flush=True)


#: What a benchmark's door turns into a sentence and status 1.
FAILURES = (NotOurs, NotMarked, BenchFailed, ProcessFailed, ProgramMissing)
