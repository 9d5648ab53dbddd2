"""Two processes that write what they share at once, and a third whose answer the first finds."""

import os
from collections.abc import Callable

from app.formats import XML
from app.tracks.answer import Answer
from app.tracks.shared import SharedAnswers

KEYS = 60
ROUNDS = 5_000


def answer(key: int) -> Answer:
    """The answer of a key: of its own length, and of nothing but the key."""
    return Answer(200, b"%d," % key * (key + 1), XML, '"e"', None, (key,), key, "")


def hammer(shared: SharedAnswers, step: int) -> None:
    """Writes and reads what the other process writes and reads as well."""
    found = 0
    for number in range(ROUNDS):
        written, read = number % KEYS, number * step % KEYS
        shared.put(written, answer(written), 1.0)
        kept = shared.get(read)
        if kept is not None:
            found += 1
            assert kept.answer == answer(read), kept
    # A ring that holds a part of them: most reads find nothing, and many do.
    assert found > ROUNDS // 20, found


def in_a_child(work: Callable[[], None]) -> int:
    """Its process id; its status is 1 when the work fails."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return child


def main() -> None:
    """Fails when a process found what wasn't its key's, or nothing."""
    shared = SharedAnswers(16 * 1024)
    child = in_a_child(lambda: hammer(shared, 7))
    hammer(shared, 11)
    assert os.waitpid(child, 0)[1] == 0
    child = in_a_child(lambda: shared.put("left", answer(1), 5.0))
    assert os.waitpid(child, 0)[1] == 0
    assert shared.get("left") == (answer(1), 5.0)


if __name__ == "__main__":
    main()
