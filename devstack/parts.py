"""The parts of a stack, and the order in which they come up."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING

from devstack.demo_client import make_demo_client
from devstack.service import Service
from devstack.tables import make_tables
from devstack.test_mark import mark_database, mark_kafka
from devstack.topics import create_catalogue, create_play_logs
from devstack.words import CATALOGUE_TOPIC, GROUP, TOPIC

if TYPE_CHECKING:
    from devstack.stack import Stack


class Part(Enum):
    """What a stack can be made of. What a part needs isn't added by itself: name it."""

    KAFKA = auto()  # with its topics
    MARIADB = auto()  # with schemas and users
    TABLES = auto()  # migrations, then the users' grants
    CLIENT = auto()  # a demo client with a key
    PERSISTER = auto()
    PRODUCER = auto()  # of the catalogue
    SINK = auto()  # of the catalogue
    APP = auto()
    LEGACY = auto()  # a stand-in of the legacy API, behind nginx
    NGINX = auto()
    FOLLOWER = auto()  # of the map of what is moved, beside nginx
    COMPARATOR = auto()  # of both APIs' answers, beside nginx


STORES = frozenset({Part.KAFKA, Part.MARIADB, Part.TABLES, Part.CLIENT})
ALL = frozenset(Part)
#: What moving URLs needs beside nginx and the app.
MOVING = frozenset({Part.LEGACY, Part.FOLLOWER, Part.COMPARATOR})


def start_parts(stack: Stack) -> None:
    """Starts the wanted parts: what can start side by side does."""
    parts = stack.parts
    servers = [server for part, server in ((Part.KAFKA, stack.kafka), (Part.MARIADB, stack.mariadb)) if part in parts]
    for server in servers:
        server.launch()
    if Part.MARIADB in parts:
        _prepare_mariadb(stack)
    if Part.TABLES in parts:
        _timed(stack, "tables", lambda: make_tables(stack))
    if Part.CLIENT in parts:
        make_demo_client(stack)
    if Part.KAFKA in parts:
        _prepare_kafka(stack)
    of_parts = (
        (Part.PERSISTER, stack.persister),
        (Part.PRODUCER, stack.producer),
        (Part.SINK, stack.sink),
        (Part.APP, stack.app),
        (Part.LEGACY, stack.legacy),
    )
    _launch(stack, [service for part, service in of_parts if part in parts])
    if Part.NGINX in parts:
        _timed(stack, "nginx", stack.nginx.start)
    beside = ((Part.FOLLOWER, stack.follower), (Part.COMPARATOR, stack.comparator))
    _launch(stack, [service for part, service in beside if part in parts])


def _launch(stack: Stack, services: Sequence[Service]) -> None:
    """Side by side."""
    for service in services:
        service.launch()
    for service in services:
        _timed(stack, service.child.name, service.wait)


def _prepare_mariadb(stack: Stack) -> None:
    _timed(stack, "MariaDB", stack.mariadb.wait)
    stack.mariadb.create_schemas_and_users(stack.secrets.passwords())
    if stack.is_test:
        mark_database(stack)


def _prepare_kafka(stack: Stack) -> None:
    _timed(stack, "Kafka", stack.kafka.wait)
    client = stack.closed.kafka.client(stack.kafka.bootstrap) if stack.closed else None
    create_play_logs(stack.kafka.bootstrap, TOPIC, len(stack.kafka.nodes), client=client)
    create_catalogue(stack.kafka.bootstrap, CATALOGUE_TOPIC, len(stack.kafka.nodes), client=client)
    if stack.closed:
        stack.closed.kafka.allow(stack.kafka.bootstrap, TOPIC, GROUP)
    if stack.is_test:
        mark_kafka(stack)


def _timed(stack: Stack, name: str, work: Callable[[], object]) -> None:
    started = time.monotonic()
    work()
    stack.say(f"{name:<10} ready after {time.monotonic() - started:4.1f} s")
