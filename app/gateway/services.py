"""What a client can be allowed to use, and whether it is."""

import re
from typing import NamedTuple

from app.gateway.client import Client
from app.paths import TRACK_PATHS

#: A service, or with `.*` all of its family.
GRANT = re.compile(r"[a-z]+(\.([a-z][a-z0-9-]{0,31}|\*))?")
FAMILIES = ("logs", "legacy")
#: Our own services; those of the legacy API are named by its paths (legacy.artist for /1.2/artist/...).
OWN = ("logs.preview", "logs.subscription", "logs.catalogue", "tracks")


class Service(NamedTuple):
    """What a request asks for."""

    name: str
    #: Any live key may, and the request isn't counted.
    is_open: bool = False
    #: One service of the family is enough.
    is_any_of_family: bool = False
    #: The legacy API's service at the same path, which is enough as well: a path that moves keeps its users.
    legacy: str = ""


STATUS = Service("status", is_open=True)
LIMITS = Service("limits", is_open=True)
#: By path.
TRACKS = {path: Service("tracks", legacy=f"legacy.{path.split('/')[2]}") for path in TRACK_PATHS}
#: A receipt is its sender's, whichever stream it came from.
RECEIPTS = Service("logs", is_any_of_family=True)


def grant_name(value: str) -> str:
    """A name that a client can be allowed; raises ValueError with the rule."""
    family, dot, _ = value.partition(".")
    is_known = value in OWN or value == "logs.*" or (family == "legacy" and dot and GRANT.fullmatch(value))
    if not is_known:
        raise ValueError(f"must be {', '.join(OWN)}, logs.*, legacy.* or legacy.NAME")
    return value


def must_sign(client: Client, service: Service) -> bool | None:
    """Whether the client has to sign for the service; None when it may not use it. What nobody allowed is denied."""
    services = client.services
    found = services.get(service.name)
    if found is None and service.is_any_of_family:
        family = [sign for name, sign in services.items() if name.partition(".")[0] == service.name]
        # What is the least demanding of its streams is enough for a receipt.
        return all(family) if family else None
    names = [f"{service.name.partition('.')[0]}.*", service.legacy, "legacy.*" if service.legacy else ""]
    return found if found is not None else next((services[name] for name in names if name in services), None)
