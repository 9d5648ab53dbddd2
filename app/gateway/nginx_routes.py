"""What nginx asks of the gateway, for requests that it passes on to the legacy API. Nobody else can reach it.

nginx's auth_request understands 2xx, 401 and 403, and makes a 500 of everything else: a refusal is a 403 here, with the
verdict in a header, and /gateway/refused speaks it. The body of a form isn't part of such a question: nginx sends forms
to /gateway/pass, which lets them go on (X-Accel-Redirect).
"""

from datetime import date
from typing import Any

from flask import Blueprint, Response, g, request

from app.codes import NOT_FOUND, TIMED_OUT, UNABLE
from app.errors import ApiError
from app.formats import XML, answer_alike
from app.gateway.decide import Quota
from app.gateway.decision import Caller, Decision, Fault
from app.gateway.form import read_form
from app.gateway.gate import Gate, refused
from app.gateway.legacy import legacy_service
from app.gateway.presented import Presented, present_original
from app.gateway.services import TRACKS
from app.gateway.verdicts import VERDICT, Verdicts

CURRENT = "X-RateLimit-Current"
#: Whatever the legacy API makes of them.
ANY = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
#: Where nginx sends a form on to.
SENT_ON_TO = "@legacy"

NOTHING_THERE = Fault(404, "path", NOT_FOUND, "There is nothing at this path.")
AWAY = ApiError(502, UNABLE, "The service can't be reached. Try again after Retry-After seconds.")
NO_ANSWER = Fault(
    503, "no_answer", UNABLE, "The service can't take the request now. Try again after Retry-After seconds."
)
TOO_SLOW = ApiError(504, TIMED_OUT, "The service didn't answer in time. Try again after Retry-After seconds.")


def nginx_routes(gate: Gate, quota: Quota, verdicts: Verdicts) -> Blueprint:
    """/gateway/authorise, /gateway/refused, /gateway/failed and /gateway/pass."""
    routes = Blueprint("gateway", __name__, url_prefix="/gateway")

    @routes.before_request
    def speak_xml() -> None:
        # As the legacy API does, unless Accept prefers JSON.
        answer_alike(XML)

    @routes.get("/authorise")
    def authorise() -> Response:
        presented, decision = _decide(gate)
        g.decision = decision
        reply = Response(status=200 if decision.fault is None else 403)
        reply.headers["X-Gw-Status"] = str(200 if decision.fault is None else decision.fault.status)
        reply.headers[VERDICT] = verdicts.write(decision, presented.target)
        return reply

    @routes.get("/refused")
    def refuse() -> Response:
        verdict = _read(verdicts)
        status, _, code, message = verdict["fault"]
        raise ApiError(status, code, message, headers=verdict["headers"])

    @routes.get("/failed/<int:status>")
    def failed(status: int) -> Response:
        """nginx got no answer of the legacy API: what was counted for it is given back."""
        headers = _undone(_read(verdicts), quota)
        error = TOO_SLOW if status == TOO_SLOW.status else AWAY
        raise ApiError(error.status, error.code, error.message, headers={**headers, "Retry-After": "5"})

    @routes.route("/pass", methods=ANY, provide_automatic_options=False)
    def let_pass() -> Response:
        presented, decision = _decide(gate, read_form(request.environ))
        g.decision = decision
        if decision.fault is not None:
            raise refused(decision.fault)
        return Response(headers={"X-Accel-Redirect": SENT_ON_TO, VERDICT: verdicts.write(decision, presented.target)})

    return routes


def _decide(gate: Gate, form: bytes | None = None) -> tuple[Presented, Decision]:
    """The request that nginx asks about, and the verdict on it."""
    presented = present_original(request.environ, form)
    # The same service whoever answers the path just now, the legacy API or we.
    service = TRACKS.get(presented.target.partition("?")[0]) or legacy_service(presented.target)
    if service is None:
        return presented, Decision(Caller(None), NOTHING_THERE)
    return presented, gate.decide(presented, service)


def _read(verdicts: Verdicts) -> dict[str, Any]:
    """What was decided before. nginx may have had no answer of ours to hand back."""
    nothing: dict[str, Any] = {"client": None, "charged_on": None, "allowance": None, "headers": {}, "fault": None}
    found = nothing | (verdicts.read(request.headers.get(VERDICT, "")) or {})
    name = found["client"] and found["client"][0]
    headers = dict(found["headers"]) | ({"X-Gw-Client": name} if name else {})
    return found | {"client": name, "headers": headers, "fault": found["fault"] or NO_ANSWER}


def _undone(verdict: dict[str, Any], quota: Quota) -> dict[str, str]:
    """Gives the request of a verdict back; the headers that say so."""
    headers: dict[str, str] = dict(verdict["headers"])
    if verdict["charged_on"] is not None:
        day = date.fromisoformat(verdict["charged_on"])
        allowance = verdict["allowance"]
        quota.refund(verdict["client"], day, was_lent=bool(allowance and allowance[-1]))
        if CURRENT in headers:
            headers[CURRENT] = str(max(0, int(headers[CURRENT]) - 1))
    return headers
