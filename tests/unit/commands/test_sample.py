"""`playlog sample`: repeatable bytes, valid and realistic logs."""

import argparse
import json
import re
import tempfile
import unittest
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.logs.stream import read_streams
from app.logs.times import window_at
from app.logs.validation import Validation
from commands import sample
from commands.sampling.logs import STREAMS

NOW = "2026-11-24T10:30:00Z"
FRACTION = re.compile(r"T\d\d:\d\d:\d\d(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$")


def sampled(*arguments: str) -> bytes:
    """What `playlog sample ARGUMENTS --output FILE` writes."""
    parser = argparse.ArgumentParser()
    sample.parser(parser)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "logs.jsonl")
        if status := sample.run(parser.parse_args([*arguments, "--output", str(output)]), {}):
            raise AssertionError(f"exit status {status}")
        return output.read_bytes()


def items(*arguments: str) -> list[dict[str, Any]]:
    """The logs that `playlog sample ARGUMENTS` writes."""
    return [json.loads(line) for line in sampled(*arguments).splitlines()]


class RepeatableTest(unittest.TestCase):
    def test_the_same_seed_and_moment_give_the_same_bytes(self) -> None:
        wanted = ("--logs", "1500", "--seed", "7", "--now", NOW, "--with-ids")
        self.assertEqual(sampled(*wanted), sampled(*wanted))

    def test_the_default_seed_is_the_documented_one(self) -> None:
        default = str(sample.DEFAULT_SEED)
        self.assertEqual(sampled("--logs", "9", "--now", NOW), sampled("--logs", "9", "--now", NOW, "--seed", default))

    def test_another_seed_gives_other_logs(self) -> None:
        self.assertNotEqual(sampled("--logs", "9", "--now", NOW), sampled("--logs", "9", "--now", NOW, "--seed", "2"))

    def test_more_logs_only_add_lines_at_the_end(self) -> None:
        few, many = sampled("--logs", "700", "--now", NOW), sampled("--logs", "2100", "--now", NOW)
        self.assertEqual(few.count(b"\n"), 700)
        self.assertTrue(many.startswith(few))

    def test_another_moment_gives_other_ids(self) -> None:
        today = {item["id"] for item in items("--logs", "300", "--now", NOW, "--with-ids")}
        later = {item["id"] for item in items("--logs", "300", "--now", "2026-11-25T10:30:00Z", "--with-ids")}
        self.assertEqual(len(today), 300)
        self.assertFalse(today & later)

    def test_no_logs_are_an_empty_file(self) -> None:
        self.assertEqual(sampled("--logs", "0"), b"")


class StreamTest(unittest.TestCase):
    def test_every_log_of_every_stream_is_one_that_its_endpoint_takes(self) -> None:
        window = window_at(datetime.fromisoformat(NOW))
        for stream in read_streams():
            logs = items("--logs", "2000", "--now", NOW, "--stream", stream.name)
            self.assertEqual(len(logs), 2000)
            self.assertTrue(all(item["userId"] and item["country"] for item in logs))
            for start in range(0, 2000, 500):
                document = {stream.envelope: logs[start : start + 500]}
                self.assertEqual(Validation(stream).problems(document, window), [])

    def test_the_three_streams_are_of_the_same_plays(self) -> None:
        of = {name: items("--logs", "50", "--now", NOW, "--stream", name) for name in STREAMS}
        plays = {tuple((item["userId"], item["dateTimePlayed"]) for item in logs) for logs in of.values()}
        self.assertEqual(len(plays), 1)

    def test_the_words_of_the_streams_are_those_of_the_endpoints(self) -> None:
        self.assertEqual([stream.name for stream in read_streams()], list(STREAMS))


class ContractTest(unittest.TestCase):
    now: datetime
    logs: list[dict[str, Any]]

    @classmethod
    def setUpClass(cls) -> None:
        cls.now = datetime.fromisoformat(NOW)
        cls.logs = items("--logs", "8000", "--now", NOW, "--days-back", "3")

    def test_every_log_is_within_the_contract(self) -> None:
        for item in self.logs:
            self.assertTrue(1 <= len(item["userId"]) <= 255, item)
            self.assertRegex(item["country"], r"^[A-Z]{2}$")
            self.assertTrue(1 <= int(item["trackId"]) < 2**31, item)
            self.assertTrue(0 <= int(item["totalTimePlayed"]) <= 86_400, item)
            self.assertIn(item["playMode"], {"online", "offline", "online-cached"})
            self.assertIn(item.get("playType", "view"), {"view", "creation"})
            self.assertTrue(item["userAgent"], item)

    def test_each_play_lies_within_the_days_and_has_ended(self) -> None:
        for item in self.logs:
            began = datetime.fromisoformat(item["dateTimePlayed"])
            self.assertGreaterEqual(began, self.now - timedelta(days=3))
            self.assertLessEqual(began + timedelta(seconds=int(item["totalTimePlayed"])), self.now)

    def test_times_come_in_all_the_forms_that_clients_use(self) -> None:
        found = [FRACTION.search(item["dateTimePlayed"]) for item in self.logs]
        digits = Counter(len(match[1] or "") for match in found if match)
        self.assertEqual(set(digits), {0, 3, 7})
        self.assertGreater(len({match[2] for match in found if match}), 4)

    def test_numbers_are_sometimes_text(self) -> None:
        for field in ("trackId", "totalTimePlayed"):
            share = sum(isinstance(item[field], str) for item in self.logs) / len(self.logs)
            self.assertTrue(0.005 < share < 0.1, f"{field}: {share}")

    def test_some_plays_were_never_heard(self) -> None:
        share = sum(int(item["totalTimePlayed"]) == 0 for item in self.logs) / len(self.logs)
        self.assertTrue(0.02 < share < 0.15, share)

    def test_the_top_track_and_listener_stand_out_and_the_tail_is_long(self) -> None:
        tracks = Counter(int(item["trackId"]) for item in self.logs)
        users = Counter(item["userId"] for item in self.logs)
        self.assertGreater(tracks.most_common(1)[0][1], 20 * len(self.logs) / len(tracks))
        self.assertGreater(users.most_common(1)[0][1], 20)
        self.assertGreater(len(tracks), 2000)
        self.assertGreater(len(users), 3000)

    def test_there_are_kosovo_and_letters_beyond_ascii(self) -> None:
        self.assertIn("XK", {item["country"] for item in self.logs})
        self.assertTrue(any(not item["userAgent"].isascii() for item in self.logs))
        self.assertTrue(any(len(item["userAgent"]) > 256 for item in self.logs))


class ArgumentsTest(unittest.TestCase):
    def test_the_countries_asked_for_are_the_only_ones(self) -> None:
        logs = items("--logs", "2000", "--now", NOW, "--country", "GB=9", "--country", "XK")
        shares = Counter(item["country"] for item in logs)
        self.assertEqual(set(shares), {"GB", "XK"})
        self.assertGreater(shares["GB"], 4 * shares["XK"])

    def test_so_many_users_play_and_no_more(self) -> None:
        self.assertEqual(len({item["userId"] for item in items("--logs", "500", "--users", "3")}), 3)

    def test_without_a_moment_nothing_lies_in_the_future(self) -> None:
        latest = max(datetime.fromisoformat(item["dateTimePlayed"]) for item in items("--logs", "3000"))
        self.assertLessEqual(latest, datetime.now(UTC))

    def test_wrong_arguments_are_refused(self) -> None:
        for wrong in (["--days-back", "61"], ["--country", "gb"], ["--now", "2026-11-24T10:00:00"], ["--users", "0"]):
            parser = argparse.ArgumentParser(exit_on_error=False)
            sample.parser(parser)
            with self.subTest(wrong=wrong), self.assertRaises(argparse.ArgumentError):
                parser.parse_args(["--logs", "1", *wrong])
