"""The settings of `playlog catalogue-consume`."""

from dataclasses import dataclass

from common.config import group, setting
from common.converters import number, whole
from common.environment import refuse_plaintext
from common.kafka import CatalogueKafka
from common.region import Region
from consumer.config import LoopConfig


@dataclass(frozen=True)
class SinkConfig(LoopConfig):
    """Everything that `playlog catalogue-consume` reads from the environment."""

    region: Region = group(Region)
    # A change is to be seen within a second: what came is written at once.
    flush_seconds: float = setting(
        "FLUSH_SECONDS", number(0.01, 60), "age in seconds at which a batch is written", 0.05
    )
    flush_rows: int = setting("FLUSH_ROWS", whole(1, 50_000), "rows at which a batch is written", 5_000)
    kafka: CatalogueKafka = group(CatalogueKafka)

    def __post_init__(self) -> None:
        refuse_plaintext(self.region.environment, self.kafka)
