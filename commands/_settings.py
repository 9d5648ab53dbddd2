"""The end of each word's manual: the settings that it reads, as its configuration declares them."""

import importlib
from collections.abc import Mapping
from typing import Any

from common.config import Declared, declared

#: By word, what it loads; words that aren't here read nothing, or say it themselves.
CONFIGS: Mapping[str, tuple[str, ...]] = {
    "acls": ("commands.acls:AclsConfig",),
    "catalogue": ("common.datacentre:Datacentre", "common.region:Region", "common.kafka:CatalogueKafka"),
    "catalogue-consume": ("consumer.catalogue.config:SinkConfig",),
    "catalogue-produce": ("catalogue.config:ProducerConfig",),
    "clients": ("commands.clienting.config:ClientsConfig",),
    "consume": ("consumer.config:ConsumerConfig",),
    "dead-letters": ("consumer.letters.config:LettersConfig",),
    "doctor": ("commands.doctoring.config:DoctorConfig",),
    "ledger": ("reports.reader_config:LedgerConfig",),
    "listeners": ("listeners.config:ListenersConfig",),
    "migrate": ("migrations.config:RegionSettings", "migrations.config:DatacentreSettings"),
    "move": ("moving.config:MoveConfig",),
    "moves": ("moving.config:FollowConfig", "moving.config:CompareConfig"),
    "receipt": ("reports.reader_config:ReceiptConfig",),
    "report": ("reports.config:ReportConfig",),
    "serve": ("app.config:AppConfig",),
    "status": ("reports.reader_config:StatusConfig",),
}
#: Some of these are read by a part of the word's actions alone.
PARTLY = frozenset({"catalogue", "migrate", "moves"})


def kinds_of(word: str) -> tuple[type[Any], ...]:
    """The dataclasses that a word loads."""
    found = (config.split(":") for config in CONFIGS.get(word, ()))
    return tuple(getattr(importlib.import_module(module), name) for module, name in found)


def settings_of(word: str) -> dict[str, Declared]:
    """The settings of a word, by name."""
    return {each.name: each for kind in kinds_of(word) for each in declared(kind)}


def shown_default(setting: Declared) -> str:
    """What is taken where nothing is set, as a person would set it."""
    if setting.is_needed:
        return "needed"
    value = setting.default
    if isinstance(value, tuple) and len(value) == 2:
        return f"{value[0]}:{value[1]}"
    return "-" if value is None or value in ("", ()) else str(value)


def settings_text(word: str) -> str:
    """The lines for a manual; nothing of a word that reads none."""
    found = settings_of(word)
    if not found:
        return ""
    rows = [
        (name, shown_default(each), each.about + (" (secret)" if each.is_secret else ""))
        for name, each in found.items()
    ]
    widths = [max(len(row[index]) for row in rows) for index in (0, 1)]
    which = "settings, of which each action reads its own" if word in PARTLY else "settings"
    head = f"{which} (environment variables; .env.example has them all):"
    return "\n".join(
        [head, *(f"  {name:<{widths[0]}}  {default:<{widths[1]}}  {about}" for name, default, about in rows)]
    )
