"""What a client may use, and how much of it a day."""

from app.gateway import changes
from commands.clienting.desk import Desk, complain


def allow(desk: Desk, name: str, service: str, *, is_signed: bool) -> int:
    """Allows one more service; again, it changes whether requests have to be signed."""
    if desk.live_client(name) is None:
        return 1
    if is_signed and not any(key.sealed for key in desk.live_keys(name)):
        complain(f"{name} has no OAuth secret yet, with which it could sign: playlog clients rotate {name}")
    changes.allow(desk.connection, name, {service: is_signed})
    complain(f"{name} may use {service}{', signed' if is_signed else ''}: within two seconds.")
    return 0


def deny(desk: Desk, name: str, service: str) -> int:
    """Takes a service away."""
    if desk.live_client(name) is None:
        return 1
    if not changes.deny(desk.connection, name, service):
        complain(f"{name} wasn't allowed {service}: `playlog clients show {name}` prints what it is.")
        return 1
    complain(f"{name} may not use {service} any more: within two seconds.")
    return 0


def limit(desk: Desk, name: str, most: int | None) -> int:
    """Changes the daily limit; what was used today stays counted."""
    if desk.live_client(name) is None:
        return 1
    changes.set_limit(desk.connection, name, most)
    complain(f"{name} has {'no limit' if most is None else f'{most} requests a day (GMT)'} from now on.")
    return 0
