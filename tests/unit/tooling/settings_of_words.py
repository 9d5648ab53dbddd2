"""What each word of playlog reads from the environment, and what is wrong with an environment for it."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from app.config import AppConfig
from catalogue.config import ProducerConfig
from commands.clienting.config import ClientsConfig
from commands.doctoring.config import DoctorConfig
from common.config import BadSettings, load
from common.datacentre import Datacentre
from common.kafka import CatalogueKafka
from common.region import Region
from consumer.catalogue.config import SinkConfig
from consumer.config import ConsumerConfig
from consumer.letters.config import LettersConfig
from listeners.config import ListenersConfig
from migrations.config import DatacentreSettings, RegionSettings
from moving.config import CompareConfig, FollowConfig, MoveConfig
from reports.config import ReportConfig
from reports.reader_config import LedgerConfig, ReceiptConfig, StatusConfig

#: The words that containers run, each with the settings that it loads.
READ_BY: Mapping[str, tuple[type[Any], ...]] = {
    "catalogue": (Datacentre, Region, CatalogueKafka),
    "catalogue-consume": (SinkConfig,),
    "catalogue-produce": (ProducerConfig,),
    "clients": (ClientsConfig,),
    "consume": (ConsumerConfig,),
    "dead-letters": (LettersConfig,),
    "doctor": (DoctorConfig,),
    "ledger": (LedgerConfig,),
    "listeners": (ListenersConfig,),
    "migrate": (RegionSettings, DatacentreSettings),
    "move": (MoveConfig,),
    "moves": (FollowConfig, CompareConfig),
    "receipt": (ReceiptConfig,),
    "report": (ReportConfig,),
    "serve": (AppConfig,),
    "status": (StatusConfig,),
}


def stand_in(secret: str) -> str:
    """A value that a word takes for a secret of this name."""
    return f"stand-in:{'0f' * 32}" if secret == "CLIENT_SECRET_KEYS" else "x" * 40


def names_of(word: str) -> set[str]:
    """The names that a word reads."""
    return {name for kind in READ_BY[word] for name in _names(kind)}


def problems_of(word: str, environ: Mapping[str, str]) -> list[str]:
    """What stops a word that is started with this environment."""
    found: list[str] = []
    for kind in READ_BY[word]:
        try:
            load(kind, environ)
        except BadSettings as bad:
            found.extend(bad.problems)
    return found


def _names(kind: type[Any]) -> set[str]:
    found: set[str] = set()
    for field in dataclasses.fields(kind):
        found |= {field.metadata["name"]} if "name" in field.metadata else _names(field.metadata["group"])
    return found
