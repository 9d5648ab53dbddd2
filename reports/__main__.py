"""`python -m reports`: the same door as `playlog report`, without the other words."""

import argparse
import os
import sys

from common.config import BadSettings
from reports.door import arguments, run

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m reports")
    arguments(parser)
    try:
        sys.exit(run(parser.parse_args(), os.environ))
    except BadSettings as bad:
        sys.stderr.write("\n".join(bad.problems) + "\n")
        sys.exit(78)
