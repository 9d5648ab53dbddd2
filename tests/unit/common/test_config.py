"""Settings are typed, refused with a sentence that names the variable, and secrets are never shown."""

import tempfile
import unittest
from dataclasses import dataclass

from common.config import BadSettings, group, load, setting
from common.converters import address, number, one_of, secret, text, whole
from common.database import database_url


@dataclass(frozen=True)
class Inner:
    level: str = setting("LEVEL", one_of("low", "high"), "the level", "low")


@dataclass(frozen=True)
class Outer:
    size: int = setting("SIZE", whole(1, 9), "the size of it")
    key: str = setting("KEY", secret, "the key", secret=True)
    inner: Inner = group(Inner)


GOOD = {"SIZE": "5", "KEY": "k" * 32}


class LoadTest(unittest.TestCase):
    def test_reads_values_and_defaults(self) -> None:
        found = load(Outer, GOOD)
        self.assertEqual((found.size, found.inner.level), (5, "low"))

    def test_names_every_problem_at_once(self) -> None:
        with self.assertRaises(BadSettings) as caught:
            load(Outer, {"SIZE": "ten", "LEVEL": "middle"})
        said = "\n".join(caught.exception.problems)
        for word in ("SIZE: 'ten' must be a whole number from 1 to 9", "KEY is not set: the key", "LEVEL: 'middle'"):
            self.assertIn(word, said)

    def test_an_empty_variable_counts_as_not_set(self) -> None:
        self.assertEqual(load(Outer, GOOD | {"LEVEL": ""}).inner.level, "low")

    def test_a_secret_is_shown_neither_when_right_nor_when_wrong(self) -> None:
        self.assertNotIn("kkk", repr(load(Outer, GOOD)))
        with self.assertRaises(BadSettings) as caught:
            load(Outer, GOOD | {"KEY": "short-secret"})
        self.assertNotIn("short-secret", str(caught.exception))


class ConverterTest(unittest.TestCase):
    def test_refuses(self) -> None:
        wrong = {
            whole(0, 10): ("-1", "11", "1_0", " 1", "٣", "1.0", "x", "0" * 20 + "99", "9" * 5000),
            number(0, 10): ("-1", "11", "nan", "inf", "x"),
            text: (" ",),
            address: ("host", "host:", ":80", "host:0", "host:65536", "host:٣"),
            database_url: (
                "postgres://u@h/s",
                "mysql://h/s",
                "mysql://u@h",
                "mysql://u:secret@h/s",
                "mysql://u@h/s?x=1",
                "mysql://u@/s",
            ),
        }
        for convert, values in wrong.items():
            for value in values:
                with self.assertRaises(ValueError, msg=value):
                    convert(value)

    def test_reads_a_database_by_address_and_by_socket(self) -> None:
        with tempfile.NamedTemporaryFile(suffix=".pem") as ca:
            ca.write(b"-----BEGIN CERTIFICATE-----")
            ca.flush()
            by_address = database_url(f"mysql://u@db.example:3307/s?ssl_ca={ca.name}")
            self.assertEqual((by_address.host, by_address.port, by_address.ssl_ca), ("db.example", 3307, ca.name))
        by_socket = database_url("mysql://u@/s?socket=/run/my.sock")
        self.assertEqual((by_socket.host, by_socket.socket, by_socket.schema), (None, "/run/my.sock", "s"))
