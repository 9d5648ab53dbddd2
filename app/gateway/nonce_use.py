"""Uses nonces up in the table that all processes share: those that wait at one moment by one statement."""

from collections.abc import Iterable
from threading import Event

from MySQLdb.connections import Connection

from app.gateway import usage_table
from app.gateway.nonces import Seen

#: How long a signed request waits for the table.
WAIT_SECONDS = 1.0


class NonceUse:
    """One nonce; who comes first is told that it is new, everybody after that it isn't."""

    def __init__(self, signed_at: int, nonce_hash: bytes) -> None:
        self._place = (signed_at, nonce_hash)
        self._answered = Event()
        self._seen = Seen.NEW_HERE

    @property
    def place(self) -> tuple[int, bytes]:
        """Its row."""
        return self._place

    def wait(self) -> tuple[Seen, bool]:
        """NEW_HERE when the table couldn't be asked; and whether there was an answer in time."""
        was_answered = self._answered.wait(WAIT_SECONDS)
        return self._seen, was_answered

    def answer(self, *, is_new: bool | None) -> None:
        """None: the table couldn't be asked."""
        if is_new is not None:
            self._seen = Seen.NEW if is_new else Seen.BEFORE
        self._answered.set()


class NonceUses:
    """All that wait at one moment. Rows are locked in one order by all processes, after the counters."""

    def __init__(self, uses: Iterable[NonceUse]) -> None:
        self._uses = sorted(uses, key=lambda use: use.place)
        self._are_new: list[bool] = []

    def run(self, connection: Connection) -> None:
        self._are_new = usage_table.use_nonces(connection, [use.place for use in self._uses])

    def done(self) -> None:
        for use, is_new in zip(self._uses, self._are_new, strict=True):
            use.answer(is_new=is_new)

    def failed(self, *, may_be_written: bool) -> None:  # noqa: ARG002 - as all jobs
        """None is tried again: if it was written after all, a second try would find its own."""
        for use in self._uses:
            use.answer(is_new=None)
