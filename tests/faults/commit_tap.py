"""Sees a COMMIT of stored logs go by, and does something at that very moment."""

from collections.abc import Callable
from typing import Literal

#: As the client library sends it: a head of four bytes, the command, the text.
COMMIT = b"\x03COMMIT"
HEAD_BYTES = 4


class CommitTap:
    """A tap for a link to the database whose client has one writer.

    At the next COMMIT that follows an INSERT of logs it acts once: `before` it goes on to the server, `in` it (the
    server has done it, and its answer hasn't come through), or `after` the answer has come through. The connection is
    broken then, but where the COMMIT or its answer `may_pass`.
    """

    def __init__(self, step: Literal["before", "in", "after"], *, may_pass: bool = False) -> None:
        self._step, self._may_pass = step, may_pass
        self._act: Callable[[], object] | None = None
        self._has_rows = self._is_committing = False
        self.met = 0

    def on_commit(self, act: Callable[[], object]) -> None:
        """Acts at the next COMMIT of logs."""
        self._has_rows = self._is_committing = False
        self._act = act

    def has_met(self, times: int) -> bool:
        """Whether it has acted so many times."""
        return self.met >= times

    def __call__(self, data: bytes, is_client: bool) -> bytes | None:
        return data if self._act is None or self._look(data, is_client) else None

    def _look(self, data: bytes, is_client: bool) -> bool:
        if is_client:
            return self._see_client(data)
        if self._is_committing:
            self._is_committing = False
            return self._meet(self._step == "after" or self._may_pass)
        return True

    def _see_client(self, data: bytes) -> bool:
        self._has_rows = self._has_rows or b"INSERT INTO play_log" in data
        if not self._has_rows or data[HEAD_BYTES:].upper() != COMMIT:
            return True
        if self._step == "before":
            return self._meet(self._may_pass)
        self._is_committing = True
        return True

    def _meet(self, passes: bool) -> bool:
        act, self._act = self._act, None
        self._has_rows = False
        if act is not None:
            act()
            self.met += 1
        return passes
