"""Asks again and again, for a bounded time."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PAUSE_SECONDS = 0.25


def first_true(ask: Callable[[], T], is_enough: Callable[[T], bool], seconds: float) -> T:
    """The first answer that is enough, or the last one when the time is over."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while not is_enough(answer := ask()) and time.monotonic() < end:
        pause.wait(PAUSE_SECONDS)
    return answer
