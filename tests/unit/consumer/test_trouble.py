"""Which errors of the database pass by themselves, and which stop the persister."""

import unittest
from typing import Any

import MySQLdb

from consumer.trouble import Stop, Transient, translate


class TranslateTest(unittest.TestCase):
    def test_a_server_that_refuses_the_link_is_waited_for(self) -> None:
        """Access denied, TLS demanded (MariaDB 11, MySQL 8), TLS that failed: an operator mends it, no log is lost."""
        for code in (1045, 3159, 2026):
            with self.subTest(code):
                self.assertIsInstance(translate(error(code, "said")), Transient)

    def test_an_unknown_error_stops_and_quotes_no_data(self) -> None:
        stop = translate(error(9999, "the row of listener-1"))
        self.assertIsInstance(stop, Stop)
        self.assertIn("9999", str(stop))
        self.assertNotIn("listener-1", str(stop))


def error(code: int, said: str) -> Any:
    """As the library raises it; its stubs know two classes of this name."""
    return MySQLdb.OperationalError(code, said)
