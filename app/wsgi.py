"""Builds the application inside a gunicorn worker: after the fork, for neither threads nor connections survive one."""

import os
from collections.abc import Mapping
from functools import partial

from flask import Flask

from app.checks import publishing_problems
from app.config import AppConfig
from app.factory import create_app
from app.gateway.bookkeeper import Bookkeeper
from app.gateway.clients import Clients
from app.gateway.list_file import ListFile
from app.gateway.quota import DailyQuota
from app.gateway.refresh import Refresher
from app.gateway.verdicts import Verdicts
from app.logs.circuit import Circuit
from app.logs.limits import SPARE_THREADS
from app.logs.producer import producer_maker
from app.logs.progress import Progress
from app.logs.publisher import KafkaPublisher
from app.logs.topic_watch import TopicWatch
from app.sparing import spare_the_collector
from app.tracks.cache import AnswerCache
from app.tracks.follower import Follower
from app.tracks.making import Catalogue
from app.tracks.region import RegionAlbums
from app.tracks.shared import inherited
from common.clock import SystemClock
from common.config import load
from common.database import connect
from common.kafka import TopicView
from common.log_lines import start_log
from common.metrics import metrics_to
from common.receipts import Receipts

#: Under this name the application holds what has to be closed with it.
EXTENSION = "playlog"

#: The gateway's connections: a request waits a second for what they are asked, and a revoked key works for two at most.
BRIEFLY: dict[str, int] = {"row_lock_seconds": 1, "lock_seconds": 1, "answer_seconds": 2, "connect_seconds": 2}


class Runtime:
    """The threads and connections of one worker process."""

    def __init__(self, config: AppConfig) -> None:
        kafka = config.kafka
        self.clock = SystemClock()
        self.metrics = metrics_to(config.statsd_host, config.statsd_port)
        self.clients = Clients(config.client_key_secret, self.clock, config.list_hours)
        region = partial(connect, config.region, config.password, **BRIEFLY)
        self.books = Bookkeeper(region, self.clock, self.metrics)
        self.quota = DailyQuota(self.books, self.clock, config.degraded_budget)
        self.books.every_second(self.quota.give_back_old)
        self.refresher = Refresher(
            self.clients,
            self.quota.told,
            region,
            ListFile(config.client_list),
            self.clock,
            self.metrics,
        )
        self.albums = RegionAlbums(region, config.catalogue_connections)
        answers = AnswerCache(self.clock, shared=inherited())
        self.follower = Follower(region, answers, self.clock, self.metrics)
        self.catalogue = Catalogue(self.albums, answers, self.follower)
        view = TopicView(kafka)
        check = partial(publishing_problems, kafka.topic, environment=config.environment)
        self.topic = TopicWatch(view, kafka.topic, check, self.clock)
        self.progress = Progress(view, kafka.topic, kafka.group, self.clock)
        self.publisher = KafkaPublisher(
            producer_maker(kafka),
            kafka.topic,
            self.topic,
            Circuit(self.clock, lambda: self.topic.seen_at),
            self.clock,
            self.metrics,
            config.threads - SPARE_THREADS,
        )

    def start(self) -> None:
        self.topic.start()
        self.refresher.start()
        self.books.start()
        self.follower.start()

    def close(self) -> None:
        """Ends the threads; the last records are acknowledged first, or given up."""
        self.publisher.close()
        self.quota.give_back_old(is_end=True)
        self.books.stop()
        self.refresher.stop()
        self.follower.stop()
        self.albums.close()
        self.topic.stop()
        self.metrics.close()


def build(environ: Mapping[str, str] = os.environ) -> Flask:
    """The application with its real parts, from the environment."""
    config = load(AppConfig, environ)
    start_log(config.log_level)
    runtime = Runtime(config)
    runtime.start()
    app = create_app(
        clients=runtime.clients,
        quota=runtime.quota,
        books=runtime.books,
        keys=config.secret_keys,
        verdicts=Verdicts(config.client_key_secret, runtime.clock),
        publisher=runtime.publisher,
        catalogue=runtime.catalogue,
        topic=runtime.topic,
        progress=runtime.progress,
        receipts=Receipts(config.receipt_secret),
        clock=runtime.clock,
        metrics=runtime.metrics,
        drain_file=config.drain_file,
    )
    app.extensions[EXTENSION] = runtime
    spare_the_collector()
    return app
