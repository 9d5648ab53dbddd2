"""`playlog clients`: who may use the API, what of it, and how much a day."""

import argparse
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

import MySQLdb

from app.gateway.services import grant_name
from commands._arguments import whole
from commands.clienting import keys, pages, rights, usage
from commands.clienting.config import ClientsConfig
from commands.clienting.desk import Desk
from common.clock import SystemClock
from common.config import load
from common.database import connect
from common.records import CLIENT_NAME_RULE

ABOUT = "add, show, limit, rotate and revoke the clients of the API, and explain what it answers them"

DESCRIPTION = """\
Clients live in the region database; the web processes see a change within two seconds.

  playlog clients add acme --allow logs.preview --limit 4000
  playlog clients show acme                       its keys and when each was last used, its services, its day
  playlog clients rotate acme                     a second key; both work until one is revoked
  playlog clients revoke acme --key 3f2a91bc      that key alone; without --key the client, for good
  playlog clients allow acme 'legacy.*' --signed  and what isn't allowed is denied
  playlog clients explain 'http://host/1.2/user/preview/log?oauth_consumer_key=KEY'
  playlog clients usage --date 2026-11-25 --access-log access.log

A key and the OAuth secret that signs are printed when they are made, a line each, and never again. The database
holds the key's HMAC under CLIENT_KEY_SECRET, and the secret sealed under the first of CLIENT_SECRET_KEYS: both have to
be the web processes' own. To change the sealing key: put a new one in front (`new:HEX,old:HEX`) everywhere, run
`playlog clients rekey`, then take the old one out.

Services: logs.preview, logs.subscription, logs.catalogue, tracks, and legacy.NAME for the legacy API's /1.2/NAME/...
`logs.*` and `legacy.*` are all of a family."""

EPILOG = """\
exit status: 0 done, 1 failed (or, of usage, the two differ), 2 wrong usage."""


def explain(desk: Desk, args: argparse.Namespace) -> int:
    """As commands.clienting.explain, whose half of the web application the other actions don't need."""
    from commands.clienting.explain import explain as explained

    return explained(desk, args.url, args.authorization, args.client, is_signed=args.signed)


Action = Callable[[Desk, argparse.Namespace], int]

ACTIONS: Mapping[str, Action] = {
    "add": lambda desk, args: keys.add(
        desk,
        args.name,
        dict.fromkeys(args.allow, False) | dict.fromkeys(args.signed, True),
        args.limit,
        is_test=args.test,
    ),
    "list": lambda desk, _: pages.show_all(desk),
    "show": lambda desk, args: pages.show_one(desk, args.name),
    "rotate": lambda desk, args: keys.rotate(desk, args.name),
    "revoke": lambda desk, args: keys.revoke(desk, args.name, args.key),
    "allow": lambda desk, args: rights.allow(desk, args.name, args.service, is_signed=args.signed),
    "deny": lambda desk, args: rights.deny(desk, args.name, args.service),
    "limit": lambda desk, args: rights.limit(desk, args.name, args.most),
    "usage": lambda desk, args: usage.show(desk, args.date or desk.clock.now().date(), args.access_log),
    "explain": explain,
    "rekey": lambda desk, _: keys.rekey(desk),
}


def parser(sub: argparse.ArgumentParser) -> None:
    sub.formatter_class = argparse.RawDescriptionHelpFormatter
    sub.description, sub.epilog = DESCRIPTION, EPILOG
    actions = sub.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add a client, and print its key and its secret once")
    add.add_argument("name", metavar="NAME", type=client_name, help="of letters, digits, - and _; it stands in reports")
    add.add_argument("--test", action="store_true", help="its logs are stored and counted, but reach no partner's file")
    add.add_argument("--limit", type=whole(0, 4_000_000_000), metavar="N", help="requests a GMT day; no limit without")
    for option, about in (("--allow", "a service it may use"), ("--signed", "the same, by signed requests only")):
        add.add_argument(option, action="append", default=[], type=service, metavar="SERVICE", help=about)
    actions.add_parser("list", help="print all clients, without keys")
    for name, about in (
        ("show", "one client: keys and when each was last used, services, limit, today's use"),
        ("rotate", "a second key, beside the first"),
        ("revoke", "refuse a client from now on, or with --key one of its keys"),
        ("allow", "let a client use a service, or change whether it has to sign"),
        ("deny", "take a service away"),
        ("limit", "change the daily limit; what was used today stays counted"),
    ):
        actions.add_parser(name, help=about).add_argument("name", metavar="NAME", type=client_name, help="of a client")
    actions.choices["revoke"].add_argument("--key", metavar="ID", help="of one key, as `show` prints it")
    for name in ("allow", "deny"):
        actions.choices[name].add_argument("service", type=service, metavar="SERVICE", help="or a family: logs.*")
    actions.choices["allow"].add_argument("--signed", action="store_true", help="by signed requests only")
    actions.choices["limit"].add_argument("most", type=limit, metavar="N|none", help="requests a GMT day")
    _questions(actions)


def _questions(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    used = actions.add_parser("usage", help="requests of each client on a day, beside nginx's access log")
    used.add_argument("--date", type=day, metavar="D", help="GMT (default today)")
    used.add_argument(
        "--access-log", type=Path, action="append", default=[], metavar="FILE", help="of every nginx; .gz too"
    )
    why = actions.add_parser("explain", help="what the gateway would answer a request, and by which rule")
    why.add_argument("url", metavar="URL", help="with its key, or give --authorization or --client")
    why.add_argument("--authorization", metavar="HEADER", help="the Authorization header")
    why.add_argument("--client", metavar="NAME", type=client_name, help="instead of a key")
    why.add_argument("--signed", action="store_true", help="as if rightly signed: signatures aren't checked here")
    actions.add_parser("rekey", help="seal every OAuth secret under the newest key of CLIENT_SECRET_KEYS")


def client_name(value: str) -> str:
    """A client's name: it stands in records, receipts and names of files."""
    if not re.fullmatch(CLIENT_NAME_RULE, value):
        raise argparse.ArgumentTypeError("must have 1 to 64 letters, digits, - or _")
    return value


def service(value: str) -> str:
    """A service, or a family of them."""
    try:
        return grant_name(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def limit(value: str) -> int | None:
    """A daily limit, or none."""
    return None if value == "none" else whole(0, 4_000_000_000)(value)


def day(value: str) -> date:
    """A date."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a date such as 2026-11-25") from None


def run(args: argparse.Namespace, environ: Mapping[str, str]) -> int:
    config = load(ClientsConfig, environ)
    try:
        with closing(connect(config.region, config.password)) as connection:
            desk = Desk(connection, config.client_key_secret, config.secret_keys, SystemClock())
            return ACTIONS[args.action](desk, args)
    except MySQLdb.Error as error:
        print(f"The region database can't be used: {error.args}. Check REGION_DB_URL.", file=sys.stderr)
        return 1
