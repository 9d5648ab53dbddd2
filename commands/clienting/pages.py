"""What `playlog clients` prints of clients: a list, and one of them whole."""

from datetime import datetime

from app.gateway import table, usage_table
from app.gateway.table import ClientLine
from commands.clienting.desk import Desk, complain


def show_all(desk: Desk) -> int:
    """Prints a line a client: name, kind, when added, when revoked, daily limit, services."""
    for client in table.all_clients(desk.connection):
        services = table.services_of(desk.connection, client.name)
        fields = [client.name, _kind(client), _shown(client.created_at), _shown(client.revoked_at)]
        print(*fields, _limit(client), ",".join(services) or "-", sep="\t")
    return 0


def show_one(desk: Desk, name: str) -> int:
    """Prints a client with its keys, its services and its day."""
    client = table.one_client(desk.connection, name)
    if client is None:
        complain(f"There is no client {name}: `playlog clients list` prints those there are.")
        return 1
    today = desk.clock.now().date()
    used = usage_table.used_on(desk.connection, today, is_all=True).get(name, 0)
    print(f"client    {name} ({_kind(client)}), added {_shown(client.created_at)}")
    if client.revoked_at is not None:
        print(f"revoked   {_shown(client.revoked_at)}")
    print(f"limit     {_limit(client)} requests a day")
    print(f"used      {used} on {today} (GMT)")
    services = table.services_of(desk.connection, name)
    for service, sign in services.items():
        print(f"service   {service}{', signed requests only' if sign else ''}")
    if not services:
        print("service   none: it may use nothing")
    for key in table.keys_of(desk.connection, name):
        state = "live" if key.revoked_at is None else f"revoked {_shown(key.revoked_at)}"
        used_at = "never used" if key.last_used_at is None else f"last used {_shown(key.last_used_at)}"
        sealed = "no secret" if key.sealed is None else f"secret sealed with {key.sealed.key_id}"
        print(f"key       {key.key_id}, {state}, added {_shown(key.created_at)}, {used_at}, {sealed}")
    return 0


def _kind(client: ClientLine) -> str:
    return "test" if client.is_test else "live"


def _limit(client: ClientLine) -> str:
    return "unlimited" if client.daily_limit is None else str(client.daily_limit)


def _shown(moment: datetime | None) -> str:
    return "-" if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"
