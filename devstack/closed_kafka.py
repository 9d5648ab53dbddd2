"""A broker that lets in nobody without TLS, a password, and a rule: what a stack with closed links adds to its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from common.kafka_acls import USERS, Names, change_rules, rules
from devstack.certificates import Certificates
from devstack.kafka_settings import NodeAddress
from devstack.ports import HOST

ADMIN = "admin"
ANSWER_SECONDS = 2.0
SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"


@dataclass(frozen=True)
class ClosedKafka:
    """The certificates and the users' passwords, `admin`'s among them."""

    certificates: Certificates
    passwords: Mapping[str, str]

    def settings(self, own: NodeAddress) -> dict[str, str]:
        """What the broker's properties say differently: clients by SASL_SSL, controllers by certificates of both sides.

        A controller can't look up SCRAM passwords, which lie in the log that it keeps: so it goes by certificate.
        """
        jaas = f'{SCRAM} required username="{ADMIN}" password="{self.passwords[ADMIN]}";'
        return {
            "listeners": f"CLIENTS://{HOST}:{own.port},CONTROLLER://{HOST}:{own.controller_port}",
            "advertised.listeners": f"CLIENTS://{HOST}:{own.port}",
            "listener.security.protocol.map": "CLIENTS:SASL_SSL,CONTROLLER:SSL",
            "inter.broker.listener.name": "CLIENTS",
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
            "listener.name.clients.scram-sha-512.sasl.jaas.config": jaas,
            "listener.name.controller.ssl.client.auth": "required",
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self.certificates.keystore),
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": str(self.certificates.ca),
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found": "false",
            "super.users": f"User:{ADMIN};User:CN=playlog-server",
        }

    def format_arguments(self) -> list[str]:
        """The users, who have to be there before anybody can log in to make them."""
        users = (f"SCRAM-SHA-512=[name={name},password={word}]" for name, word in sorted(self.passwords.items()))
        return [part for user in users for part in ("--add-scram", user)]

    def client(self, bootstrap: str, user: str = ADMIN) -> dict[str, Any]:
        """librdkafka's settings for one of the users."""
        return {
            "bootstrap.servers": bootstrap,
            "security.protocol": "SASL_SSL",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.username": user,
            "sasl.password": self.passwords[user],
            "ssl.ca.location": str(self.certificates.ca),
            "log_level": 0,
        }

    def is_ready(self, bootstrap: str) -> bool:
        """Whether the broker lets the administrator in and knows itself."""
        try:
            return bool(AdminClient(self.client(bootstrap)).list_topics(timeout=ANSWER_SECONDS).brokers)
        except KafkaException:
            return False

    def allow(self, bootstrap: str, topic: str, group: str) -> None:
        """Gives each user its rules."""
        change_rules(AdminClient(self.client(bootstrap)), rules(Names(topic, group)), ())


def user_names() -> tuple[str, ...]:
    """The users that have a password."""
    return (ADMIN, *USERS)
