"""The settings of `playlog dead-letters`."""

from dataclasses import dataclass

from common.config import group
from common.datacentre import Datacentre, ListenerSecret


@dataclass(frozen=True)
class LettersConfig:
    """Everything that `playlog dead-letters` reads from the environment."""

    datacentre: Datacentre = group(Datacentre)
    listener_secret: ListenerSecret = group(ListenerSecret)
