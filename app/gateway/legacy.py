"""What of the legacy API a path belongs to: legacy.artist for /1.2/artist/details."""

import re

from app.gateway.services import Service

#: Segments of plain characters: what one server reads as one path and another as another one is none of ours.
_PATH = re.compile(r"/1\.2/(?P<family>[A-Za-z][A-Za-z0-9-]{0,31})(/[A-Za-z0-9._~!$'()*+,;=:@%-]*)*")
_DOTS = re.compile(r"/(\.|%2e){1,2}(/|$)|//|%2f|%5c|%00", re.IGNORECASE)


def legacy_service(target: str) -> Service | None:
    """The service by the path of a target as the client sent it; None where there can be none."""
    path = target.partition("?")[0]
    found = _PATH.fullmatch(path)
    if found is None or _DOTS.search(path):
        return None
    return Service(f"legacy.{found['family'].lower()}")
