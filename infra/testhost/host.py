"""Boots a test host over the base, and throws it away: nothing that it wrote is left.

It is a container on this machine's kernel, clock and network: not a virtual machine. It needs root. Its sshd listens
on a loopback port of its own; `ssh -F HOST/ssh_config NAME` leads in.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.testhost.base import CannotMake
from infra.testhost.identity import give_identity
from infra.testhost.mounts import leave_cgroup, mount_over, own_cgroup, unmount

RUN = Path("/run/playlog-testhost")
BOOT_SECONDS = 60
OFF_SECONDS = 15
LOOK_SECONDS = 0.05
#: As machinectl does it: systemd inside powers off.
POWER_OFF = signal.SIGRTMIN + 4

#: Those that this process has booted: each is its child, to be buried by it.
_BOOTED: dict[str, "subprocess.Popen[bytes]"] = {}


@dataclass(frozen=True)
class TestHost:
    """A test host that was booted, by its name; what is known of it lies in its folder."""

    name: str

    @property
    def home(self) -> Path:
        return RUN / self.name

    @property
    def root(self) -> Path:
        """The host's own `/`, seen from outside."""
        return self.home / "root"

    @property
    def ssh_config(self) -> Path:
        return self.home / "ssh_config"

    @property
    def log(self) -> Path:
        """What its console said."""
        return self.home / "console"

    @property
    def is_up(self) -> bool:
        return self._nspawn() is not None

    @property
    def written(self) -> Path:
        """What it has written over its layers: a layer for another host, once this one is off."""
        return self.home / "upper"

    def up(self, layers: Sequence[Path], port: int, without: Sequence[str] = ()) -> None:
        """Boots it over the base and what is to lie over that, with sshd on `port` of the loopback.

        `without`: files of the layers, by their paths below /, that it is not to have.
        Raises CannotMake when it doesn't come up.
        """
        self.down()
        mount_over(layers, self.home)
        try:
            for path in without:
                (self.root / path).unlink(missing_ok=True)
            give_identity(self.name, self.home, self.root, port)
            self._boot()
            self._wait(port)
        except BaseException:
            self.down()
            raise

    def down(self) -> None:
        """Powers it off and forgets it; what isn't there is no error."""
        self.off()
        unmount(self.home)
        shutil.rmtree(self.home, ignore_errors=True)

    def off(self) -> None:
        """Powers it off and leaves what it has written."""
        if not self.home.exists():
            return
        subprocess.run(
            ["ssh", "-F", str(self.ssh_config), "-O", "exit", self.name],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        process = self._nspawn()
        if process is not None:
            leader = self._leader(process)
            if leader is not None:
                os.kill(leader, POWER_OFF)
            if not self._ends():
                os.kill(leader or process, signal.SIGKILL)
                self._ends()
        unmount(self.root)
        leave_cgroup(self.name)

    def inside(self, *argv: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        """Runs a program as root in the host, past ssh; its exit status and output."""
        process = self._nspawn()
        leader = None if process is None else self._leader(process)
        if leader is None:
            raise CannotMake(f"the test host {self.name} is not up")
        return subprocess.run(
            ["nsenter", "-t", str(leader), "-m", "-u", "-i", "-n", "-p", "--", *argv],
            stdin=subprocess.DEVNULL,
            env={"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def _boot(self) -> None:
        options = (
            "--register=no",
            "--keep-unit",
            "--resolv-conf=copy-host",
            "--console=pipe",
            "--timezone=off",
            "--boot",
        )
        argv = ["systemd-nspawn", "-q", "-D", str(self.root), "-M", self.name, f"--hostname={self.name}", *options]
        with self.log.open("wb") as console:
            _BOOTED[self.name] = process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # Else two hosts at once would share a cgroup, and neither would boot.
                preexec_fn=lambda: own_cgroup(self.name),  # noqa: PLW1509 - it only writes its own pid to two files
            )
        (self.home / "pid").write_text(str(process.pid))

    def _wait(self, port: int) -> None:
        deadline = time.monotonic() + BOOT_SECONDS
        while time.monotonic() < deadline:
            process = self._nspawn()
            if process is None:
                raise CannotMake(f"systemd-nspawn ended at once: {self._said()}")
            leader = self._leader(process)
            if leader and self._state() in {"running", "degraded"} and self._has_sshd(port):
                return
            time.sleep(LOOK_SECONDS)
        raise CannotMake(f"the test host did not boot within {BOOT_SECONDS} s: {self._said()}")

    def _state(self) -> str:
        return self.inside("systemctl", "is-system-running").stdout.strip()

    def _has_sshd(self, port: int) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as link:
                return link.recv(4) == b"SSH-"
        except OSError:
            return False

    def _said(self) -> str:
        return " ".join(self.log.read_text(errors="replace").split()[-40:]) or "it said nothing"

    def _nspawn(self) -> int | None:
        """The pid of the container's systemd-nspawn, if it runs and isn't somebody else's by now."""
        try:
            pid = int((self.home / "pid").read_text())
            words = Path("/proc", str(pid), "cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return pid if str(self.root).encode() in words else None

    def _leader(self, process: int) -> int | None:
        """The pid, seen from outside, of the host's own pid 1."""
        try:
            children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        except OSError:
            return None
        return int(children[0]) if children else None

    def _ends(self) -> bool:
        deadline = time.monotonic() + OFF_SECONDS
        while time.monotonic() < deadline:
            booted = _BOOTED.get(self.name)
            if (booted is None or booted.poll() is not None) and self._nspawn() is None:
                _BOOTED.pop(self.name, None)
                return True
            time.sleep(LOOK_SECONDS)
        return False
