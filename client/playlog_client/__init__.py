"""Sends play logs to a Playlog server, each once, whatever is killed. Needs no other package of Playlog's."""

from playlog_client.options import Options, Outcome
from playlog_client.queued import NotALog, QueueBroken, QueueFull, QueueInUse, RefusedLog, Undecided, UnknownKey
from playlog_client.sender import Sender
from playlog_client.transport import NotReached

__all__ = [
    "NotALog",
    "NotReached",
    "Options",
    "Outcome",
    "QueueBroken",
    "QueueFull",
    "QueueInUse",
    "RefusedLog",
    "Sender",
    "Undecided",
    "UnknownKey",
]
