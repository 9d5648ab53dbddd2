"""What every action of `playlog catalogue` works with: each of the settings it needs, and no other."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from functools import cached_property

from MySQLdb.connections import Connection

from common.config import load
from common.database import connect
from common.datacentre import Datacentre
from common.environment import refuse_plaintext
from common.kafka import CatalogueKafka, TopicView
from common.region import Region

#: Between two statements an action may ask Kafka, or a person.
IDLE_SECONDS = 900
ANSWER_SECONDS = 600


@dataclass(frozen=True)
class Desk:
    """The environment, and who works. What is missing in it raises BadSettings when it is needed."""

    environ: Mapping[str, str]
    operator: str = field(default="")

    def has(self, name: str) -> bool:
        """Whether a setting is there."""
        return bool(self.environ.get(name))

    def datacentre(self) -> AbstractContextManager[Connection]:
        """The catalogue's own database. Raises MySQLdb.Error."""
        at = load(Datacentre, self.environ)
        return closing(connect(at.database, at.password, idle_seconds=IDLE_SECONDS, answer_seconds=ANSWER_SECONDS))

    def region(self) -> AbstractContextManager[Connection]:
        """A region's copy. Raises MySQLdb.Error."""
        at = load(Region, self.environ)
        return closing(connect(at.database, at.password, idle_seconds=IDLE_SECONDS, answer_seconds=ANSWER_SECONDS))

    @cached_property
    def kafka(self) -> CatalogueKafka:
        """The topic."""
        found = load(CatalogueKafka, self.environ)
        refuse_plaintext(self.environ.get("PLAYLOG_ENV", "production"), found)
        return found

    @cached_property
    def view(self) -> TopicView:
        """Questions about the topic."""
        return TopicView(self.kafka)
