"""`playlog report`: makes the report of one day; the work is in the package reports."""

import argparse
from collections.abc import Mapping

from reports import door

ABOUT = "make the report of a day, with the proof that the day is complete"


def parser(sub: argparse.ArgumentParser) -> None:
    door.arguments(sub)


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    return door.run(args, environ)
