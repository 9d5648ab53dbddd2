"""GET /1.2/limits: a client sees its own limit, what it has used of it today, and what it may use."""

import orjson
from flask import Blueprint, Response, g, request

from app.formats import JSON, XML, reply_format
from app.gateway.client import Client
from app.gateway.decision import Allowance
from app.gateway.gate import Gate
from app.gateway.services import LIMITS
from app.xml_text import xml_attribute, xml_text
from common.clock import Clock


def limits_routes(gate: Gate, clock: Clock) -> Blueprint:
    """The endpoint; it isn't counted."""
    routes = Blueprint("limits", __name__)

    @routes.get("/1.2/limits")
    def limits() -> Response:
        client = gate.enter(request, LIMITS).client
        facts = limits_facts(client, g.decision.allowance, clock.now().date().isoformat())
        if reply_format(request) == XML:
            return Response(_xml(facts, client), content_type=XML)
        services = [{"name": name, "signed": sign} for name, sign in sorted(client.services.items())]
        document = {"status": "ok", "version": "1.2", "limits": facts | {"services": services}}
        return Response(orjson.dumps(document), content_type=JSON)

    return routes


def limits_facts(client: Client, allowance: Allowance | None, day: str) -> dict[str, object]:
    """What both formats say. Without a limit there is nothing but the day: such a client's requests aren't limited."""
    facts: dict[str, object] = {"client": client.name, "day": day}
    if allowance is None:
        return facts
    left = max(0, allowance.limit - allowance.current)
    numbers = {"dailyLimit": allowance.limit, "current": allowance.current, "remaining": left}
    return facts | numbers | {"resetSeconds": allowance.reset_seconds}


def _xml(facts: dict[str, object], client: Client) -> bytes:
    inner = "".join(f"<{name}>{xml_text(str(value))}</{name}>" for name, value in facts.items())
    services = "".join(
        f"<service signed={xml_attribute('true' if sign else 'false')}>{xml_text(name)}</service>"
        for name, sign in sorted(client.services.items())
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<response status="ok" version="1.2">'
        f"<limits>{inner}<services>{services}</services></limits></response>"
    ).encode()
