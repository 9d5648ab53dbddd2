"""The settings of `playlog migrate`: the databases, as the user who may change tables."""

from dataclasses import dataclass

from common.config import setting
from common.converters import whole
from common.datacentre import Datacentre
from common.region import Region
from migrations.retention import Keep

#: A report looks at the requests of 31 days before its own, and a duplicate record can be as old as the topic keeps it.
MARGIN_DAYS = 62
#: Runs that make late reports good look back so far, and more.
LEAST_DAYS = 31


@dataclass(frozen=True)
class RegionSettings(Region):
    """The region's database."""


@dataclass(frozen=True)
class DatacentreSettings(Datacentre):
    """The data centre's database."""

    play_log_days: int = setting(
        "PLAY_LOG_RETENTION_DAYS", whole(0, 36_500), "days for which logs stay in the database; 0 for ever", 400
    )
    request_days: int = setting(
        "REQUEST_RETENTION_DAYS", whole(0, 36_500), "days for which the ledger's request rows stay; 0 for ever", 800
    )
    dead_letter_days: int = setting(
        "DEAD_LETTER_RETENTION_DAYS", whole(0, 36_500), "days for which closed dead letters stay; 0 for ever", 400
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        kept, least = self.request_days, self.play_log_days + MARGIN_DAYS
        if self.play_log_days and 0 < self.play_log_days < LEAST_DAYS:
            raise ValueError(f"PLAY_LOG_RETENTION_DAYS must be 0 or at least {LEAST_DAYS}.")
        if kept and (self.play_log_days == 0 or kept < least):
            raise ValueError(
                "REQUEST_RETENTION_DAYS must be 0 or, so that a report can be made again while its logs are kept, at"
                f" least {MARGIN_DAYS} more than PLAY_LOG_RETENTION_DAYS."
            )

    @property
    def keep(self) -> Keep:
        """How long each kind of rows is kept."""
        return Keep(self.play_log_days, self.request_days, self.dead_letter_days)
