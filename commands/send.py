"""`playlog send`: the command line of the partners' package."""

from playlog_client.command import ABOUT as CLIENTS_ABOUT
from playlog_client.command import parser, run

ABOUT: str = "post files of play logs to a server, each log once, whatever is killed"
assert ABOUT == CLIENTS_ABOUT

__all__ = ["ABOUT", "parser", "run"]
