"""`playlog catalogue-produce`: the catalogue's changes, and the whole of it when asked, to Kafka."""

import argparse
import signal
import sys
import threading
from collections.abc import Mapping

from common.config import load
from common.log_lines import start_log

ABOUT = "publish the catalogue's changes, and the whole of it when `playlog catalogue publish` asks for it"

DESCRIPTION = """
Runs until SIGTERM or Ctrl-C. What changes in the tables of the catalogue is sent to CATALOGUE_TOPIC, a release whole,
within a tenth of a second. Of several such processes one works, and the others wait to take over. It stops with
status 1 when the topic isn't the one that the catalogue was published to, and says what to do. GET /health and /ready
are answered at PRODUCER_STATUS_BIND.

  playlog catalogue-produce                       until SIGTERM
"""

EPILOG = """\
exit status: 0 stopped, 1 it isn't the topic that the catalogue was published to, 78 a setting is missing or wrong."""


def parser(sub: argparse.ArgumentParser) -> None:
    sub.description, sub.epilog = f"{ABOUT}\n{DESCRIPTION}", EPILOG
    sub.formatter_class = argparse.RawDescriptionHelpFormatter


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from catalogue.config import ProducerConfig
    from catalogue.publishing.books import Replaced
    from catalogue.publishing.process import Producer

    config = load(ProducerConfig, environ)
    start_log(config.log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        Producer(config).run(stop)
    except Replaced as reason:
        print(f"playlog catalogue-produce stopped: {reason}", file=sys.stderr)
        return 1
    return 0
