"""A MariaDB server of the stack's own: its data under the home, reached by socket and by a loopback port."""

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from devstack.mariadb_settings import create_statements, server_arguments
from devstack.ports import HOST, Ports
from devstack.process import Child, ProcessFailed
from devstack.programs import program
from devstack.waiting import wait_or_choose_again, wait_until_ready

READY_SECONDS = 60.0
INSTALL_SECONDS = 120.0
CLIENT_SECONDS = 60.0


class MariaDB:
    """One server with both schemas. The user who runs it is its administrator, by the socket and without a password."""

    def __init__(self, home: Path, ports: Ports, options: Sequence[str] = (), port: int | None = None) -> None:
        self.child = Child("mariadb", home)
        self.data = home / "data" / "mariadb"
        self.port = 0
        self._preferred = port
        self._ports = ports
        self._options = list(options)
        self._socket_note = home / "run" / "mariadb-socket-folder"
        self._socket_folder: Path | None = None

    @property
    def socket(self) -> Path:
        if self._socket_folder is None:
            raise ProcessFailed("mariadb was never started")
        return self._socket_folder / "db.sock"

    def launch(self) -> None:
        """Makes the data folder where there is none, and starts the server without waiting for it."""
        self._remove_old_socket_folder()
        # A path of more than 107 bytes would abort the server: short, and not under the home.
        self._socket_folder = Path(tempfile.mkdtemp(prefix="playlog-db-", dir="/tmp"))
        self._socket_note.parent.mkdir(parents=True, exist_ok=True)
        self._socket_note.write_text(str(self._socket_folder))
        self.port = self._ports.take(self._preferred)
        if not (self.data / "mysql").exists():
            self._install()
        self._launch_server()

    def wait(self) -> None:
        """Waits until the server answers; a port that somebody took meanwhile is chosen again."""
        wait_or_choose_again(self)

    def wait_once(self) -> None:
        wait_until_ready(self.child, self.is_ready, READY_SECONDS)

    def listens_on(self) -> tuple[int, ...]:
        return (self.port,)

    def start(self) -> None:
        self.launch()
        self.wait()

    def stop(self) -> None:
        self.child.stop()
        self._remove_old_socket_folder()

    def kill(self) -> None:
        self.child.kill()

    def restart(self) -> None:
        """Starts the server again with its data, its socket and its port."""
        self._launch_server()
        self.wait_once()

    def is_ready(self) -> bool:
        """Says whether our own server, found by its socket, answers a statement."""
        return self._client(["--execute=SELECT 1"]).returncode == 0

    def execute(self, sql: str, schema: str | None = None) -> str:
        """Runs statements as the administrator; returns what they print, columns apart by tabs."""
        done = self._client([schema] if schema else [], sql)
        if done.returncode:
            raise ProcessFailed(f"mariadb refused a statement of the set-up: {done.stderr.strip()}")
        return done.stdout

    def create_schemas_and_users(self, passwords: dict[str, str]) -> None:
        self.execute(create_statements(passwords))

    def url(self, user: str, schema: str) -> str:
        """The value of a *_DB_URL; the password has a variable of its own."""
        return f"mysql://{user}@{HOST}:{self.port}/{schema}"

    def _launch_server(self) -> None:
        arguments = server_arguments(self.data, self.socket, self.port, as_root=os.geteuid() == 0)
        self.child.launch([program("mariadbd"), *arguments, *self._options], os.environ)

    def _client(self, arguments: list[str], sql: str | None = None) -> subprocess.CompletedProcess[str]:
        argv = [program("mariadb"), "--no-defaults", "--batch", "--skip-column-names", f"--socket={self.socket}"]
        argv += [f"--user={getpass.getuser()}", "--default-character-set=utf8mb4", *arguments]
        return subprocess.run(
            argv, input=sql or "", capture_output=True, text=True, timeout=CLIENT_SECONDS, check=False
        )

    def _install(self) -> None:
        """Makes the system tables in a new folder and moves it into place: cut off half-way it is made again."""
        making = self.data.with_name(f"{self.data.name}.making")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        # The script splits a path at its blanks: it is given a link that has none.
        link = self.socket.with_name("making")
        link.symlink_to(making.absolute())
        argv = [program("mariadb-install-db"), "--no-defaults", f"--datadir={link}", f"--tmpdir={self._socket_folder}"]
        argv += ["--skip-test-db", "--skip-name-resolve", "--auth-root-authentication-method=socket"]
        argv += [f"--auth-root-socket-user={getpass.getuser()}", f"--user={getpass.getuser()}"]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
        if done.returncode:
            raise ProcessFailed(
                f"mariadb-install-db failed with status {done.returncode}: {done.stderr or done.stdout}"
            )
        link.unlink()
        making.rename(self.data)

    def _remove_old_socket_folder(self) -> None:
        try:
            folder = Path(self._socket_note.read_text())
        except OSError:
            return
        # Only a folder that we made ourselves, whatever the note says.
        if folder.name.startswith("playlog-db-"):
            shutil.rmtree(folder, ignore_errors=True)
        self._socket_note.unlink(missing_ok=True)
