"""The stand-in as a web application: the four look-ups in the legacy shape, and a switch for its faults."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial

from flask import Flask, Response, request
from MySQLdb.connections import Connection

from app.codes import UNABLE
from app.errors import ApiError, handle_errors, unavailable
from app.formats import XML, answer_alike, reply_format
from app.parameters import read_parameters
from app.tracks.albums import Albums, Away
from app.tracks.answer import Answer
from app.tracks.lookups import Asked
from app.tracks.making import MAKERS, READERS, read_question
from common.config import load
from common.database import connect
from common.datacentre import Datacentre
from standin.albums import SourceAlbums
from standin.faults import BadFaults, Switch, read_faults

FAULTS_PATH = "/standin/faults"
#: As the platform's API said of its answers.
KEPT = "private, max-age=60"


def create_standin(albums: Albums, switch: Switch) -> Flask:
    """The application. Nobody is asked for a key: the gateway stands in front of it."""
    app = Flask("standin", static_folder=None)

    @app.before_request
    def speak_xml() -> None:
        answer_alike(XML)

    @app.get("/standin")
    def alive() -> Response:
        return Response(b"{}", content_type="application/json")

    @app.route(FAULTS_PATH, methods=["GET", "PUT"])
    def faults() -> Response:
        if request.method == "PUT":
            try:
                switch.set(read_faults(request.get_data()))
            except BadFaults as bad:
                return Response(f"{bad}\n", status=400, content_type="text/plain")
        return Response(f"{switch.faults}\n", content_type="text/plain")

    def look_up() -> Response:
        switch.wait()
        status = switch.faults.status
        if status is not None:
            raise ApiError(status, UNABLE, "The stand-in was told to say this.")
        answer = _answer(albums)
        headers = {"Cache-Control": KEPT} if answer.status < 400 else {}
        return Response(answer.body, status=answer.status, content_type=answer.form, headers=headers)

    for path in READERS:
        app.add_url_rule(path, path, look_up, methods=["GET"])

    handle_errors(app)
    return app


def _answer(albums: Albums) -> Answer:
    question = read_question(
        request.path, read_parameters(request.query_string.decode("latin-1")), reply_format(request)
    )
    asked = Asked(question.view, question.form, datetime.now(UTC), is_whole=True)
    try:
        return MAKERS[question.wanted[0]](albums, question.wanted, asked)
    except Away:
        raise unavailable("The catalogue can't be read just now. Try again.", code=UNABLE) from None


def build(environ: Mapping[str, str] = os.environ) -> Flask:
    """The application with the tables that DATACENTRE_DB_URL names."""
    at = load(Datacentre, environ)
    opened: Callable[[], Connection] = partial(connect, at.database, at.password, idle_seconds=3_600)
    switch = Switch()
    return create_standin(SourceAlbums(opened, switch.change), switch)
