"""A stack whose links are closed: certificates, Kafka's users and rules, and databases that refuse plaintext."""

from pathlib import Path

from devstack.certificates import Certificates
from devstack.closed_kafka import ClosedKafka, user_names
from devstack.secrets_file import SecretsFile
from devstack.words import Links


class ClosedLinks:
    """Makes what is missing under the stack's home, and tells each part and each word its own."""

    def __init__(self, home: Path, secrets: SecretsFile) -> None:
        self.certificates = Certificates(home / "etc" / "tls")
        self.certificates.make_missing()
        passwords = secrets.kafka_passwords(user_names())
        self.kafka = ClosedKafka(self.certificates, passwords)
        self.links = Links(self.certificates.ca, passwords)

    def mariadb_options(self) -> list[str]:
        """The server's options: its certificate, and nothing without TLS but its own socket."""
        tls = self.certificates
        files = (f"--ssl-ca={tls.ca}", f"--ssl-cert={tls.certificate}", f"--ssl-key={tls.key}")
        return [*files, "--require-secure-transport=ON"]
