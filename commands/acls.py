"""`playlog acls`: the rules of Kafka's users, compared with what the brokers have, and set."""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from common.config import group, load, setting
from common.converters import one_of, text
from common.environment import refuse_plaintext
from common.kafka import KafkaSettings
from common.kafka_acls import USERS, Names, change_rules, read_rules, rules

ABOUT = "show what each user may do in Kafka, and set it"

DESCRIPTION = """\
Kafka's brokers deny what no rule allows (StandardAuthorizer, allow.everyone.if.no.acl.found=false). This word has the
rules of our users (app, persister, reports, reader, catalogue-producer, catalogue-sink), prints each that is missing
with a +, each that is too much with a -, and sets them with --apply. Rules of other users are left alone.

  playlog acls                                    what differs
  playlog acls --apply                            and set it

Users and passwords are made with Kafka's own tools: kafka-configs --alter --add-config 'SCRAM-SHA-512=[password=…]'."""

EPILOG = """\
exit status: 0 all is as it should be, 1 it differs or failed, 2 wrong usage."""


@dataclass(frozen=True)
class AclsConfig:
    """Everything that `playlog acls` reads from the environment."""

    environment: str = setting(
        "PLAYLOG_ENV", one_of("local", "uat", "production"), "the environment: local, uat or production"
    )
    catalogue_topic: str = setting("CATALOGUE_TOPIC", text, "the topic of the catalogue", "catalogue")
    catalogue_group: str = setting("CATALOGUE_GROUP", text, "the group of the region's copy", "catalogue-sink")
    kafka: KafkaSettings = group(KafkaSettings)

    def __post_init__(self) -> None:
        refuse_plaintext(self.environment, self.kafka)


def parser(sub: argparse.ArgumentParser) -> None:
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description, sub.epilog = DESCRIPTION, EPILOG
    sub.add_argument("--apply", action="store_true", help="add what is missing and remove what is too much")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    config = load(AclsConfig, environ)
    admin = AdminClient(config.kafka.client() | {"log_level": 0})
    wanted = rules(Names(config.kafka.topic, config.kafka.group, config.catalogue_topic, config.catalogue_group))
    try:
        found = [rule for rule in read_rules(admin) if rule.user in USERS]
        missing = [rule for rule in wanted if rule not in found]
        needless = [rule for rule in found if rule not in wanted]
        if args.apply:
            change_rules(admin, missing, needless)
    except KafkaException as error:
        print(f"Kafka refused: {error.args[0].str()}.", file=sys.stderr)
        return 1
    for sign, some in (("+", missing), ("-", needless)):
        for rule in some:
            print(f"{sign} {rule}")
    if not missing and not needless:
        print(f"All {len(wanted)} rules are set, and no other.")
        return 0
    return 0 if args.apply else 1
