"""`playlog-client send …` and `python -m playlog_client send …`: the command line by itself."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence

from playlog_client import command

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Runs a word and returns its exit status."""
    parser = argparse.ArgumentParser(prog="playlog-client", description="Sends play logs to a Playlog server.")
    words = parser.add_subparsers(dest="word", metavar="send", required=True)
    command.parser(words.add_parser("send", help=command.ABOUT))
    try:
        return command.run(parser.parse_args(argv), environ)
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
