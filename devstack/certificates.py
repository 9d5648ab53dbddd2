"""A throw-away certificate authority for a stack whose links are closed, made by openssl at its first start."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from devstack.ports import HOST
from devstack.process import ProcessFailed
from devstack.programs import program

OPENSSL_SECONDS = 30
DAYS = "3650"
KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


@dataclass(frozen=True)
class Certificates:
    """Files in one folder: the authority's certificate, another authority's, and the servers' key and certificate.

    The servers' certificate names 127.0.0.1 and no other address.
    """

    folder: Path

    @property
    def ca(self) -> Path:
        return self.folder / "ca.pem"

    @property
    def other_ca(self) -> Path:
        """One that has signed nothing: whoever trusts it trusts none of our servers."""
        return self.folder / "other-ca.pem"

    @property
    def key(self) -> Path:
        return self.folder / "server.key"

    @property
    def certificate(self) -> Path:
        return self.folder / "server.pem"

    @property
    def keystore(self) -> Path:
        """Key and certificate in one file, as Kafka wants them."""
        return self.folder / "server-keystore.pem"

    def make_missing(self) -> None:
        """Makes all of it, once. Raises ProcessFailed."""
        if self.keystore.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        for name in ("ca", "other-ca"):
            self._run("req", "-x509", *KEY, "-days", DAYS, "-subj", f"/CN=Playlog {name}", *_out(self.folder, name))
        request = self.folder / "server.csr"
        self._run("req", *KEY, "-subj", "/CN=playlog-server", "-keyout", str(self.key), "-out", str(request))
        names = self.folder / "server.ext"
        names.write_text(f"subjectAltName=IP:{HOST}\n")
        authority = ("-CA", str(self.ca), "-CAkey", str(self.folder / "ca.key"), "-CAcreateserial")
        out = ("-days", DAYS, "-extfile", str(names), "-out", str(self.certificate))
        self._run("x509", "-req", "-in", str(request), *authority, *out)
        self.keystore.write_text(self.key.read_text() + self.certificate.read_text())

    def _run(self, *arguments: str) -> None:
        done = subprocess.run(
            [program("openssl"), *arguments], capture_output=True, text=True, timeout=OPENSSL_SECONDS, check=False
        )
        if done.returncode:
            raise ProcessFailed(f"openssl {arguments[0]} failed: {done.stderr.strip()}")


def _out(folder: Path, name: str) -> tuple[str, ...]:
    return ("-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem"))
