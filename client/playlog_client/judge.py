"""Reads a reply: decides what it means for the batch that was posted."""

import email.utils
import json
from datetime import datetime
from typing import Any

from playlog_client.verdict import (
    Accepted,
    GiveUp,
    LogError,
    Refused,
    Reply,
    Stop,
    TooLarge,
    TryAgain,
    Verdict,
)

#: Nothing is wrong with the request: the server, or what is between, can't take it just now.
TRY_AGAIN = frozenset({408, 429, 502, 503, 504})
CODE_LOGS_REFUSED = 1008


def judge(reply: Reply, logs: int, now: datetime, *, is_of_one_listener: bool = False) -> Verdict:
    """What a reply to a request of so many logs means.

    `is_of_one_listener`: the address names the listener, so that what is wrong with it is wrong with these logs alone.
    """
    headers = {name.lower(): value for name, value in reply.headers.items()}
    document = document_of(reply.body)
    if reply.status == 200:
        receipt = headers.get("x-receipt", "")
        # A login page or a wrong address answers 200 as well, and has kept nothing.
        if document is None or not receipt:
            return Stop("the reply was 200 but without a receipt: what answers there is not Playlog. Check --url")
        return Accepted(receipt)
    said = _said(document)
    if reply.status in TRY_AGAIN:
        wait = _seconds(headers.get("retry-after"), now)
        return TryAgain(f"{reply.status}{said}", headers.get("x-kept", "unknown"), wait)
    if reply.status == 413:
        return TooLarge()
    if reply.status == 400 and (errors := _log_errors(document, logs)):
        return Refused(errors)
    if reply.status == 400 and is_of_one_listener and document is not None:
        return Refused([LogError(index, "", "address", said.removeprefix(": ")) for index in range(logs)])
    if reply.status >= 500:
        return GiveUp(f"{reply.status}{said}", headers.get("x-kept", "unknown"))
    return Stop(_why_stop(reply.status, said, headers.get("location", "")), kept="no")


def _why_stop(status: int, said: str, location: str) -> str:
    match status:
        case 401:
            return f"the key is not accepted (401{said}). Check PLAYLOG_KEY or --key"
        case 403:
            return f"this key may not send logs here (403{said}). Ask for the service to be allowed"
        case 400:
            return f"the request as a whole is refused (400{said})"
        case _ if 300 <= status < 400:
            return f"the address moved ({status}) to {clean(location)}. Give the new one as --url"
        case _:
            return f"the server answered {status}{said}. Check --url"


def clean(text: Any, longest: int = 300) -> str:
    """Text from elsewhere, on one line and without what could steer a terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in str(text)[:longest])


def document_of(body: bytes) -> dict[str, Any] | None:
    """The JSON object in a reply; None when it holds none."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _said(document: dict[str, Any] | None) -> str:
    error = (document or {}).get("error")
    return f": {clean(error['message'])}" if isinstance(error, dict) and error.get("message") else ""


def _log_errors(document: dict[str, Any] | None, logs: int) -> list[LogError]:
    """The errors that name a log of the request; none when the refusal is of another kind."""
    error = (document or {}).get("error")
    if (
        not isinstance(error, dict)
        or error.get("code") != CODE_LOGS_REFUSED
        or not isinstance(error.get("errors"), list)
    ):
        return []
    return [
        LogError(each["index"], *(clean(each.get(name, "")) for name in ("pointer", "rule", "message")))
        for each in error["errors"]
        if isinstance(each, dict) and type(each.get("index")) is int and 0 <= each["index"] < logs
    ]


def _seconds(text: str | None, now: datetime) -> float | None:
    """Retry-After: seconds, or a date."""
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, (email.utils.parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError):
        return None
