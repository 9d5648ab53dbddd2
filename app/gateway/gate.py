"""The check in front of every public endpoint: whose request is it?"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Request

from app.gateway.client import Client
from app.gateway.clients import Clients
from app.gateway.keys import find_key
from app.parameters import read_parameters


@dataclass(frozen=True)
class Visit:
    """A request whose sender is known, and its parameters by lower-case name."""

    client: Client
    parameters: Mapping[str, str]


class Gate:
    """Lets known clients in."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def enter(self, request: Request) -> Visit:
        """Who sends the request. Raises ApiError 401, or 503 when nobody can tell."""
        environ = request.environ
        parameters = read_parameters(environ.get("QUERY_STRING", ""))
        client = self._clients.identify(find_key(parameters, environ.get("HTTP_AUTHORIZATION")))
        return Visit(client, parameters)
