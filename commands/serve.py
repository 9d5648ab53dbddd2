"""`playlog serve`: the web process. Starts gunicorn, tells it when to stop, and says first that it will."""

import argparse
import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from app.checks import publishing_problems, time_problems
from app.config import AppConfig
from app.logs.limits import GRACEFUL_SECONDS, MESSAGE_TIMEOUT_SECONDS
from common.config import BadSettings, load
from common.kafka import KafkaException, TopicView
from common.log_lines import start_log

ABOUT = "take play logs over HTTP, and publish them to Kafka"

DESCRIPTION = """\
Starts gunicorn with gunicorn.conf.py, WEB_WORKERS processes of WEB_THREADS threads on WEB_BIND, and stays with it;
nginx stands in front (nginx.conf). A wrong setting, of ours or of the topic, stops the start with a sentence that says
what to change. Brokers or a database that can't be reached don't: GET /ready then is 503, and says why.

  playlog serve                                   until SIGTERM

SIGTERM and SIGINT: /ready turns false, requests are served for DRAIN_SECONDS more, those under way end, and the last
records are acknowledged. A second signal skips the wait. What was answered 200 is kept, whatever becomes of it."""

EPILOG = """\
exit status: 0 stopped, 1 gunicorn ended by itself or not in time, 78 a setting is missing or wrong."""

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent
#: Beyond gunicorn's own time for requests under way and the last flush: then it is ended.
MARGIN_SECONDS = 5


def parser(sub: argparse.ArgumentParser) -> None:
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description, sub.epilog = DESCRIPTION, EPILOG


def run(_: argparse.Namespace, environ: Mapping[str, str]) -> int:
    config = load(AppConfig, environ)
    start_log(config.log_level)
    refuse_wrong_settings(config)
    config.runtime.mkdir(parents=True, exist_ok=True)
    config.drain_file.unlink(missing_ok=True)
    stop = threading.Event()
    hurry = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: hurry.set() if stop.is_set() else stop.set())
    gunicorn = start_gunicorn(environ)
    threading.Thread(target=watch, args=(gunicorn, stop, hurry), daemon=True).start()
    stop.wait()
    if gunicorn.poll() is None:
        drain(config, hurry)
        return end(gunicorn)
    logger.error("gunicorn ended by itself with status %(status)s", facts := {"status": gunicorn.poll()}, extra=facts)
    return 1


def refuse_wrong_settings(config: AppConfig) -> None:
    """Raises BadSettings when something is wrong, here or with the topic. A topic out of reach is watched later."""
    problems = time_problems(config.drain_seconds)
    try:
        settings = TopicView(config.kafka).settings(config.kafka.topic)
        problems += publishing_problems(config.kafka.topic, settings, config.environment)
    except KafkaException as error:
        facts = {"error_name": error.args[0].name()}
        logger.warning("the topic can't be checked yet (%(error_name)s): serving, but not ready", facts, extra=facts)
    if problems:
        raise BadSettings(problems)


def start_gunicorn(environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """gunicorn as a child that the kernel asks to stop should this process die."""
    argv = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py"), "app.wsgi:build()"]
    return subprocess.Popen(["setpriv", "--pdeathsig", "TERM", "--", *argv], env=dict(environ), cwd=ROOT)


def watch(gunicorn: subprocess.Popen[bytes], stop: threading.Event, hurry: threading.Event) -> None:
    """Ends the waiting when gunicorn ended by itself."""
    gunicorn.wait()
    stop.set()
    hurry.set()


def drain(config: AppConfig, hurry: threading.Event) -> None:
    """Says that this instance isn't ready, and leaves the load balancer time to notice."""
    config.drain_file.touch()
    logger.info("stopping: serving for %(seconds)d s more", facts := {"seconds": config.drain_seconds}, extra=facts)
    hurry.wait(config.drain_seconds)


def end(gunicorn: subprocess.Popen[bytes]) -> int:
    """Stops gunicorn: requests under way end first."""
    gunicorn.terminate()
    try:
        gunicorn.wait(GRACEFUL_SECONDS + MESSAGE_TIMEOUT_SECONDS + MARGIN_SECONDS)
    except subprocess.TimeoutExpired:
        logger.error("gunicorn didn't end in time and is killed")
        gunicorn.kill()
        return 1
    return 0
