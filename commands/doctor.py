"""`playlog doctor`: looks at every setting on which nothing-lost rests, on the running system."""

import argparse
import json
import sys
from collections.abc import Mapping

from common.clock import SystemClock
from common.config import load

ABOUT = "check the running system's sizes, time-outs, topic and database settings, and say what to change"

DESCRIPTION = """\
Looks at what it can reach from here, and says of each thing what is there, whether it is right, and what to change:
the topic, its copies and the brokers; the databases' sessions, durability, clock, tables and migrations; the limits
that follow from one another; and, where PLAYLOG_URL is given, the door as a sender finds it. It changes nothing.

  playlog doctor                                  what is wrong, and what to change
  playlog doctor --all                            what is right as well

Run it in the region with KAFKA_BOOTSTRAP and REGION_DB_URL, in the data centre with KAFKA_BOOTSTRAP and
DATACENTRE_DB_URL. What isn't set isn't looked at, and that is said. A store that can't be reached is said too."""

EPILOG = """\
exit status: 0 all is right, 1 something is wrong, 75 nothing is wrong but something couldn't be looked at."""


def parser(sub: argparse.ArgumentParser) -> None:
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description, sub.epilog = DESCRIPTION, EPILOG
    sub.add_argument("--all", action="store_true", help="list what is right as well")
    sub.add_argument("--json", action="store_true", help="everything, for machines")


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from commands.doctoring.config import DoctorConfig
    from commands.doctoring.pages import document_of, lines_of, status_of
    from commands.doctoring.visit import visit

    found, unset = visit(load(DoctorConfig, environ), SystemClock())
    if args.json:
        json.dump(document_of(found, unset), sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        print(*lines_of(found, unset, with_right=args.all), sep="\n")
    return status_of(found)
