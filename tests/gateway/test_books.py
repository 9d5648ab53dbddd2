"""The daily limit's promises on the real counters: processes are stood in for by bookkeepers of their own."""

import threading
import uuid
from contextlib import closing
from datetime import date, timedelta
from functools import partial

from MySQLdb.connections import Connection

from app.gateway import usage_table
from app.gateway.bookkeeper import Bookkeeper
from app.gateway.client import Client
from app.gateway.nonces import Seen
from app.gateway.quota import DailyQuota
from app.wsgi import BRIEFLY
from common.database import connect, database_url, rows, run
from devstack.mariadb_settings import REGION
from tests import contract_quota
from tests.fakes.hand_clock import HandClock
from tests.integration.shared_stack import shared_stack
from tests.integration.topic_rig import eventually
from tests.recorded_metrics import RecordedMetrics


class BooksTest(contract_quota.QuotaContract):
    def setUp(self) -> None:
        self.clock = HandClock()
        self.stack = shared_stack()
        environ = self.stack.environ("serve")
        url = database_url(environ["REGION_DB_URL"])
        self.connect = partial(connect, url, environ["REGION_DB_PASSWORD"], **BRIEFLY)
        self.books: list[Bookkeeper] = []

    def bookkeeper(self) -> Bookkeeper:
        books = Bookkeeper(self.connect, self.clock, RecordedMetrics())
        books.start()
        self.addCleanup(books.stop)
        self.books.append(books)
        return books

    def process(self) -> DailyQuota:
        return DailyQuota(self.bookkeeper(), self.clock, 0)

    def make_client(self, limit: int | None) -> Client:
        name = f"b-{uuid.uuid4().hex[:10]}"
        key_hmac = f"UNHEX('{uuid.uuid4().hex * 2}')"
        sql = f"INSERT INTO client (name, key_hmac, created_at) VALUES ('{name}', {key_hmac}, NOW(6))"
        self.stack.mariadb.execute(sql, REGION)
        return self.change_limit(Client(name), limit)

    def change_limit(self, client: Client, limit: int | None) -> Client:
        text = "NULL" if limit is None else limit
        self.stack.mariadb.execute(f"UPDATE client SET daily_limit = {text} WHERE name = '{client.name}'", REGION)
        return Client(client.name, daily_limit=limit)

    def assert_used(self, client: Client, requests: int, day: date | None = None) -> None:
        self.clock.turn(0)
        for books in self.books:
            # As once a second; from here, for the test's clock stands still.
            batch = books._notes.take()
            with closing(self.connect()) as connection:
                batch.run(connection)
                connection.commit()
        self.assertEqual(self.used(client, day or self.clock.now().date()), requests)

    def used(self, client: Client, day: date) -> int:
        with closing(self.connect()) as connection:
            return usage_table.used_on(connection, day, is_all=True).get(client.name, 0)

    def test_a_row_that_somebody_holds_is_waited_for_and_then_lent_for(self) -> None:
        client = self.make_client(100)
        quota = DailyQuota(self.bookkeeper(), self.clock, 5)
        self.take(quota, client)
        with closing(self.connect()) as other:
            run(other, usage_table.HOLD, (self.clock.now().date(), client.name))
            with self.assertLogs("app.gateway.bookkeeper"):
                found = quota.take(client, self.clock.now())
            other.rollback()
        assert not isinstance(found, date)
        self.assertTrue(found.is_degraded)
        # It wasn't an outage: the next one comes from the counter.
        eventually(lambda: not self.lent(quota, client), "the counter answers", 5)

    def lent(self, quota: DailyQuota, client: Client) -> bool:
        found = quota.take(client, self.clock.now())
        return not isinstance(found, date) and found.is_degraded

    def test_many_processes_and_threads_take_exactly_the_limit(self) -> None:
        client, processes = self.make_client(300), [self.process() for _ in range(4)]
        found: list[str] = []
        work = [
            threading.Thread(target=lambda q=quota: found.extend(each.name for each in self.take(q, client, 25)))
            for quota in processes
            for _ in range(4)
        ]
        for each in work:
            each.start()
        for each in work:
            each.join()
        self.assertLessEqual(found.count("TAKEN"), 300)
        while self.take(processes[0], client)[0].name == "TAKEN":
            found.append("TAKEN")
            self.rest(*processes)
        self.rest(*processes)
        self.assert_used(client, 300)

    def test_a_nonce_is_new_once_for_all_processes_and_forgotten_in_time(self) -> None:
        one, other = self.bookkeeper(), self.bookkeeper()
        at, nonce = int(self.clock.now().timestamp()), uuid.uuid4().bytes * 2
        self.assertEqual([one.use(at, nonce), other.use(at, nonce)], [Seen.NEW, Seen.BEFORE])
        one.is_down = True
        later = uuid.uuid4().bytes * 2
        self.assertEqual(one.use(at, later), Seen.NEW_HERE)
        with closing(self.connect()) as connection:
            one._notes.take().run(connection)
            connection.commit()
            self.assertEqual(other.use(at, later), Seen.BEFORE)
            self.assertEqual(self.remembered(connection, nonce), 1)
            usage_table.forget_nonces(connection, at)
            self.assertEqual(self.remembered(connection, nonce), 1)
            usage_table.forget_nonces(connection, at + 1)
            self.assertEqual(self.remembered(connection, nonce), 0)
            connection.commit()

    def remembered(self, connection: Connection, nonce: bytes) -> int:
        return len(rows(connection, "SELECT 1 FROM oauth_nonce WHERE nonce_hash = %s", (nonce,)))

    def test_the_guard_in_the_statement_lets_no_process_over(self) -> None:
        client, day = self.make_client(10), self.clock.now().date() + timedelta(days=1)
        with closing(self.connect()) as connection:
            self.assertEqual(usage_table.take(connection, client.name, day, 7, 0), (7, 7, 10))
            self.assertEqual(usage_table.take(connection, client.name, day, 7, 50), (3, 10, 10))
            self.assertEqual(usage_table.take(connection, client.name, day, 1, 0), (0, 10, 10))
            connection.rollback()
            self.change_limit(client, None)
            self.assertEqual(usage_table.take(connection, client.name, day, 7, 5).granted, 7)
            self.assertEqual(usage_table.take(connection, "nobody-at-all", day, 1, 0), (0, 0, 0))
            connection.rollback()

    def test_of_nonces_that_wait_together_each_hears_its_own(self) -> None:
        at, books = int(self.clock.now().timestamp()), self.bookkeeper()
        nonces = [(at, uuid.uuid4().bytes * 2) for _ in range(5)]
        self.assertEqual(books.use(*nonces[2]), Seen.NEW)
        with closing(self.connect()) as connection:
            self.assertEqual(usage_table.use_nonces(connection, []), [])
            self.assertEqual(usage_table.use_nonces(connection, nonces), [True, True, False, True, True])
            connection.commit()
        self.assertEqual([books.use(*each) for each in nonces], [Seen.BEFORE] * 5)
