"""What nginx tells of one request: a datagram in syslog's shape that holds a JSON object (log_format compared)."""

import json
from typing import Any, NamedTuple

#: The status from which on an answer is a failure of ours.
FAILED_FROM = 500
SIGNATURE = "oauth_signature="


class Unreadable(ValueError):
    """A datagram that isn't one of our nginx."""


class Told(NamedTuple):
    """One request as nginx answered it. `target` is path and query as the client sent them, its key among them."""

    at: float
    request_id: str
    target: str
    client: str
    track: str
    #: Who answered: legacy or app.
    origin: str
    is_sampled: bool
    status: int
    verdict: str
    host: str
    scheme: str
    accept: str
    authorization: str
    trace: str

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def is_moved(self) -> bool:
        return self.origin == "app"

    @property
    def has_failed(self) -> bool:
        return self.status >= FAILED_FROM

    @property
    def can_be_compared(self) -> bool:
        """Whether both can be asked: without a verdict ours would ask for one, and count the request again.

        A signature holds once: whoever verifies it, as the legacy API may, refuses the second request that has it.
        """
        return self.is_sampled and self.verdict != "" and self.target.isascii() and not self.is_signed

    @property
    def is_signed(self) -> bool:
        return SIGNATURE in self.target.lower() or SIGNATURE in self.authorization.lower()


def read_told(datagram: bytes) -> Told:
    """Raises Unreadable."""
    _, brace, rest = datagram.partition(b"{")
    try:
        # Whatever bytes a client sends: latin-1 holds them all.
        found: dict[str, Any] = json.loads((brace + rest).decode("latin-1"))
        return Told(
            at=float(found["at"]),
            request_id=found["request_id"],
            target=found["target"],
            client=found["client"],
            track=found["track"],
            origin=found["origin"],
            is_sampled=found["is_sampled"] == "1",
            status=int(found["status"]),
            verdict=found["verdict"],
            host=found["host"],
            scheme=found["scheme"],
            accept=found["accept"],
            authorization=found["authorization"],
            trace=found["trace"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(str(error)) from None
