"""A region with a catalogue, as a partner's engineer meets it: nginx, app, Kafka, and a client of every service.

It comes up beside the tests of pages that are files, which need none; and schemathesis works beside the browser.
"""

import atexit
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from threading import Event, Thread
from typing import TypeVar

from devstack.parts import Part
from devstack.service import REPOSITORY
from devstack.stack import Stack
from devstack.test_mark import refuse_unmarked
from tests.integration.shared_stack import BUILD, remove_left_over
from tests.integration.topic_rig import eventually

HOME = BUILD / f"stack-pages-{os.getpid()}"
PARTS = frozenset({Part.KAFKA, Part.MARIADB, Part.TABLES, Part.CLIENT, Part.PRODUCER, Part.SINK, Part.APP, Part.NGINX})
RELEASES = 20
#: Requests that are made up for an operation, beside those at each bound of its schema; the same each time.
EXAMPLES = 15
CONTRACT_SECONDS = 180


Result = TypeVar("Result")


@cache
def stack_later() -> "Future[Stack]":
    """The stack, once it is up; started by the first call."""
    return _beside(_start)


@cache
def contract_later() -> "Future[subprocess.CompletedProcess[str]]":
    """What schemathesis said of the stack; begun once it is up."""
    return _beside(_hold_against_contract)


def stack() -> Stack:
    return stack_later().result()


def url() -> str:
    """The door's address."""
    return stack().environ("send")["PLAYLOG_URL"]


def key() -> str:
    """The demo client's key."""
    return stack().environ("send")["PLAYLOG_KEY"]


def _beside(work: Callable[[], Result]) -> "Future[Result]":
    """Works in a thread that stays: the stack's children would end with the thread that started them."""
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - whoever asks for the result gets it
            future.set_exception(error)
        Event().wait()

    Thread(target=run, daemon=True).start()
    return future


def _start() -> Stack:
    remove_left_over("stack-pages-")
    made = Stack(HOME, PARTS, is_test=True)
    made.start()
    atexit.register(_end, made)
    refuse_unmarked(made)
    done = made.run_word("catalogue", "sample", "--releases", str(RELEASES))
    assert done.returncode == 0, done.stderr
    eventually(lambda: made.run_word("catalogue", "verify").returncode == 0, "the region has the whole catalogue")
    return made


def _hold_against_contract() -> "subprocess.CompletedProcess[str]":
    command = [
        *(str(Path(sys.executable).with_name("st")), "run", f"{url()}/openapi.json"),
        *("--header", f'Authorization: OAuth oauth_consumer_key="{key()}"'),
        *("--max-examples", str(EXAMPLES), "--generation-deterministic", "--continue-on-failure"),
        *("--no-color", "--workers", "1"),
        # What a schema can't say is refused too: see tests/pages/hooks.py.
        *("--exclude-checks", "positive_data_acceptance"),
    ]
    environ = {"PATH": os.defpath, "SCHEMATHESIS_HOOKS": "tests.pages.hooks", "PYTHONPATH": str(REPOSITORY)}
    folder = BUILD / "pages" / "schemathesis"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "answers.txt").unlink(missing_ok=True)
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, timeout=CONTRACT_SECONDS, check=False
    )
    (folder / "output.txt").write_text(done.stdout + done.stderr)
    return done


def _end(made: Stack) -> None:
    made.stop()
    shutil.rmtree(HOME / "data", ignore_errors=True)  # The logs stay, for whoever looks into a failure.
