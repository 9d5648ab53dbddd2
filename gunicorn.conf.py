"""How gunicorn serves the app; `playlog serve` starts it. Each worker builds its own application after the fork."""

import os
import signal
import tempfile
from pathlib import Path

from app.config import AppConfig
from app.logs.limits import GRACEFUL_SECONDS
from app.tracks.shared import inherited
from app.wsgi import EXTENSION
from common.config import load

_config = load(AppConfig, os.environ)
_memory = Path("/dev/shm")  # noqa: S108 - a folder that the system keeps in memory

bind = "{}:{}".format(*_config.bind)
worker_class = "app.server_worker.ServerWorker"
workers = _config.workers
threads = _config.threads
# Longer than nginx keeps its connections to us: it never picks one that we are closing.
keepalive = 75
graceful_timeout = GRACEFUL_SECONDS
# A worker that doesn't beat for so long hangs, and is replaced; requests never last this long.
timeout = 40
backlog = 1024
# nginx's limits on a request's head come first and answer with JSON: what passes them passes here.
limit_request_line = 0
limit_request_fields = 8_192
limit_request_field_size = 32 * 1024
# The heartbeat's files: in memory, for a slow disk would look like a worker that hangs.
worker_tmp_dir = str(_memory) if _memory.is_dir() else tempfile.gettempdir()
logger_class = "app.server_log.ServerLog"
errorlog = "-"
# An open door to the workers that nobody here uses, at a path that all instances of one user share.
control_socket_disable = True
# nginx alone talks to us, and overwrites what a sender says of itself.
forwarded_allow_ips = ""


def on_starting(_: object) -> None:
    """Here, in the workers' parent: each inherits it, and finds what the others have made."""
    inherited()


def when_ready(_: object) -> None:
    """Ctrl-C reaches every process of the terminal; only `playlog serve` acts on it, and then stops us in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def post_worker_init(_: object) -> None:
    """As when_ready, in each worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def worker_exit(_: object, worker: object) -> None:
    """The worker has answered its last request: its last records leave, then its threads end."""
    application = getattr(worker, "wsgi", None)
    if application is not None and EXTENSION in getattr(application, "extensions", {}):
        application.extensions[EXTENSION].close()
