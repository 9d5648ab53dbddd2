"""What makes a test host itself: its name, its keys, and the loopback port on which its sshd listens."""

import shutil
import subprocess
import uuid
from pathlib import Path

SSHD = """\
Port {port}
ListenAddress 127.0.0.1
PermitRootLogin prohibit-password
PasswordAuthentication no
"""
CONFIG = """\
Host {name}
  HostName 127.0.0.1
  Port {port}
  User root
  IdentityFile {home}/key
  IdentitiesOnly yes
  UserKnownHostsFile {home}/known_hosts
  StrictHostKeyChecking yes
  ControlMaster auto
  ControlPath {home}/master
  ControlPersist 60
  LogLevel ERROR
"""


def give_identity(name: str, home: Path, root: Path, port: int) -> None:
    """Writes it into the host's files at `root`, before it boots, and into `home` what ssh needs to trust it."""
    for key in ("key", "host_key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(home / key)], check=True)
    etc = root / "etc"
    (etc / "hostname").write_text(f"{name}\n")
    (etc / "hosts").write_text(f"127.0.0.1 localhost {name}\n")
    # Without one systemd takes it for the first boot ever, and asks who it is.
    (etc / "machine-id").write_text(f"{uuid.uuid4().hex}\n")
    (etc / "ssh" / "sshd_config.d").mkdir(parents=True, exist_ok=True)
    (etc / "ssh" / "sshd_config.d" / "testhost.conf").write_text(SSHD.format(port=port))
    shutil.copy(home / "host_key", etc / "ssh" / "ssh_host_ed25519_key")
    (etc / "ssh" / "ssh_host_ed25519_key").chmod(0o600)
    shutil.copy(home / "host_key.pub", etc / "ssh" / "ssh_host_ed25519_key.pub")
    authorized = root / "root" / ".ssh" / "authorized_keys"
    authorized.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.copy(home / "key.pub", authorized)
    public = " ".join((home / "host_key.pub").read_text().split()[:2])
    (home / "known_hosts").write_text(f"{name} {public}\n[127.0.0.1]:{port} {public}\n")
    (home / "ssh_config").write_text(CONFIG.format(name=name, port=port, home=home))
