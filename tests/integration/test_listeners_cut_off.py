"""An erasure that is cut off, and writers that are at work beside it."""

import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any

from common.database import rows
from consumer.erased import ErasedListeners
from listeners import files, letters, registry
from listeners.erasure import Erased
from reports import handover
from tests.fakes.play_requests import log
from tests.integration.erasure_case import SECOND, SECRET, ErasureCase
from tests.integration.report_schema import connect_as
from tests.integration.topic_rig import eventually

#: The listener's first row once more, as a later request.
INSERT_COPY = """
INSERT INTO play_log SELECT received_day, REPEAT('z', 16), item, client, stream, is_test, received_at, played_at,
  user_id, country, track_id, release_id, format_id, total_time_played, play_mode, play_type, end_reason, user_agent,
  log_id, is_id_conflict
FROM play_log WHERE user_id = 'gone' AND client = 'acme' LIMIT 1"""


class CutOff(ErasureCase):
    """A kill at each step: the next call finds what is left."""

    STEPS: tuple[tuple[object, str], ...] = (
        (letters, "search"),
        (handover, "place_final"),
        (files, "_finish"),
        (files, "deliver"),
        (files, "_rename_in_place"),
        (registry, "close_day"),
        (registry, "finish"),
    )

    def test_at_each_step(self) -> None:
        for number, (module, name) in enumerate(self.STEPS):
            for kills_after in (False, True):
                with self.subTest(f"{name}, {kills_after}"):
                    self.setUp()
                    self.write_day()
                    self.report()
                    whole: Callable[..., object] = getattr(module, name)
                    setattr(module, name, dying(whole, kills_after))
                    try:
                        with self.assertRaises(Killed):
                            self.erase()
                    finally:
                        setattr(module, name, whole)
                    self.listeners.rollback()
                    done = self.erase()
                    self.assertEqual((done.undone, self.names_in(self.root)), ({}, []), number)
                    self.assertEqual([row[1] for row in self.recorded()], [1, 2])
                    second = self.bytes_of(SECOND)
                    self.assertIn("_SUCCESS", second)
                    self.assertEqual(self.report(), 0, self.err.getvalue())
                    self.assertEqual(self.bytes_of(SECOND), second)


class Killed(BaseException):
    """As SIGKILL would: nothing but the database's own rules cleans up."""


def dying(whole: Callable[..., object], kills_after: bool) -> Callable[..., object]:
    """The function, but the process ends before or after it."""

    def function(*args: Any, **kwargs: Any) -> object:
        if kills_after:
            whole(*args, **kwargs)
        raise Killed

    return function


class Writers(ErasureCase):
    """A log that is being stored while its listener is erased is renamed, or stored under the token."""

    def test_an_erasure_waits_for_a_transaction_that_stores_the_listener(self) -> None:
        self.write_day()
        persister = connect_as("playlog_persister")
        self.addCleanup(persister.close)
        writer = ErasedListeners(SECRET)
        writer.refresh(persister)
        late = log(userId="gone")
        writer.apply("acme", [late])
        self.assertEqual(late["userId"], "gone")
        with persister.cursor() as cursor:
            cursor.execute(INSERT_COPY)
        outcome: list[Erased] = []
        thread = threading.Thread(target=lambda: outcome.append(self.erase()))
        thread.start()
        waiting = "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'UPDATE erasure_version%'"
        with closing(connect_as("playlog_listeners")) as watcher:
            eventually(lambda: rows(watcher, waiting)[0][0] == 1, "the erasure waits")
        persister.commit()
        thread.join(30)
        self.assertEqual(outcome[0].rows, 3)
        writer.refresh(persister)
        writer.apply("acme", [late])
        self.assertEqual((late["userId"], late["userAgent"]), (outcome[0].token, outcome[0].token))
