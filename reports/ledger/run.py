"""Reads the ledger of some days, and says whether it balances."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import date
from typing import TextIO

from tqdm import tqdm

from common.clock import Clock
from common.kafka import KafkaSettings
from common.metrics import Metrics
from reports.balance import Account
from reports.brokers import Topics
from reports.ledger.account import LedgerSnapshot, balance, read
from reports.ledger.pages import document_of, lines_of
from reports.ledger.unread import Unread, count_unread, open_consumer
from reports.proof import KafkaView

BALANCED, NOT_BALANCED, KAFKA_AWAY = 0, 1, 75


@dataclass(frozen=True)
class Question:
    """What is asked: one day or the open ones, one client or all, and how many unread records are looked at."""

    day: date | None
    client: str | None
    unread_records: int
    as_json: bool


def ledger(
    question: Question,
    open_snapshot: Callable[[], AbstractContextManager[LedgerSnapshot]],
    kafka: tuple[Topics, KafkaSettings],
    clock: Clock,
    out: TextIO,
    metrics: Metrics,
) -> int:
    """Prints the ledger; returns 0 when it balances, 1 when it doesn't, 75 when Kafka couldn't be asked.

    Raises MySQLdb.Error.
    """
    topics, settings = kafka
    with open_snapshot() as snapshot:
        now = clock.now()
        days = [question.day] if question.day else snapshot.open_days(now.date())
        reading = read(snapshot, topics, settings.topic, days, now)
    unread = _unread(settings, reading.unread_spans(), question.unread_records)

    def is_wanted(account: Account) -> bool:
        return question.client in {None, account[0]}

    found = balance(reading, unread, is_wanted)
    if question.as_json:
        json.dump(document_of(found, reading, unread), out, indent=2, ensure_ascii=False)
        out.write("\n")
    else:
        out.writelines(f"{line}\n" for line in lines_of(found, reading, unread))
    imbalances = sum(len(day.imbalances) for day in found)
    metrics.gauge("ledger.imbalances", imbalances)
    if imbalances:
        return NOT_BALANCED
    return BALANCED if isinstance(reading.kafka, KafkaView) and not unread.problems else KAFKA_AWAY


def _unread(settings: KafkaSettings, spans: dict[int, tuple[int, int]], limit: int) -> Unread:
    wanted = {number: span for number, span in spans.items() if span[1] > span[0]}
    if not wanted:
        return Unread()
    most = min(limit, sum(end - first for first, end in wanted.values()))
    consumer = open_consumer(settings, wanted)
    with closing(consumer), tqdm(total=most, unit="record", delay=2, leave=False) as bar:
        return count_unread(consumer, wanted, limit, lambda total: bar.update(total - bar.n))
