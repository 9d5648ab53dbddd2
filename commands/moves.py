"""`playlog moves`: what runs beside each nginx, one process that follows the map and one that compares."""

import argparse
import signal
import threading
from collections.abc import Mapping

ABOUT = "beside each nginx: follow the map of what is moved, or compare what both APIs answer"

DESCRIPTION = """\
  playlog moves follow       reads the newest map from the region's database, has nginx test it (nginx -t), puts it in
                             place by a rename, reloads, and says which version nginx serves. With the database away
                             the last map stays. The former one stays beside it.
  playlog moves compare      hears from nginx of a share of the requests that both APIs could answer, asks the legacy
                             API twice and ours once, and keeps what it found; takes a move back by itself when its
                             failures or differences pass a bound. nginx waits for none of it.

Both run until SIGTERM or Ctrl-C. GET /health and /ready are answered at FOLLOW_STATUS_BIND and COMPARE_STATUS_BIND."""

EPILOG = """\
exit status: 0 stopped, 78 a setting is missing or wrong."""


def parser(sub: argparse.ArgumentParser) -> None:
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description, sub.epilog = DESCRIPTION, EPILOG
    sub.add_argument("service", choices=("follow", "compare"), help="which of the two")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from common.config import load
    from common.log_lines import start_log
    from moving.config import CompareConfig, FollowConfig

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if args.service == "follow":
        from moving.service import Following

        config = load(FollowConfig, environ)
        start_log(config.log_level)
        Following(config).run(stop)
    else:
        from moving.comparator.service import Comparator

        compare = load(CompareConfig, environ)
        start_log(compare.log_level)
        Comparator(compare).run(stop)
    return 0
