"""The sums of a day are those of the files that partners get."""

import tempfile
import unittest
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.usage import PlayRow, UsageFiles
from reports.workbench import SumsFailed, Workbench
from tests.fakes.play_rows import play_row


class WorkbenchTest(unittest.TestCase):
    def bench(self, *rows: PlayRow, clients: tuple[str, ...] = ()) -> Workbench:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        with UsageFiles(Path(folder.name)) as usage:
            for client in clients:
                usage.add_client(client)
            for number, row in enumerate(rows):
                usage.write((*row[:4], number.to_bytes(16, "big"), *row[5:]))
        paths = sorted(Path(folder.name).glob("usage.*.csv"))
        bench = Workbench(Path(folder.name))
        self.addCleanup(bench.close)
        bench.read_plays(paths)
        return bench

    def test_sums_are_by_client_track_and_mode_with_users_byte_by_byte(self) -> None:
        users = ((b"u1", 30), (b"u1 ", 29), (b"U1", 0), (b"u1", 31), (None, 5))
        bench = self.bench(*(play_row(user_id=user, total_time_played=seconds) for user, seconds in users))
        self.assertEqual(list(bench.summary()), [("acme", "preview", "NA", 7, "online", 5, 95, 3, 2)])
        self.assertEqual(bench.sums_by("hour", "played_day"), [(11, "2026-03-09", 5, 95, 3, 2)])
        self.assertEqual(bench.sums_by(), [(5, 95, 3, 2)])

    def test_no_file_and_files_without_a_row_are_no_plays(self) -> None:
        for clients in ((), ("acme",), ("acme", "bolt")):
            bench = self.bench(clients=clients)
            self.assertEqual(bench.sums_by(), [(0, 0, 0, 0)])
            self.assertEqual((list(bench.summary()), bench.sums_by("track_id")), ([], []))

    def test_listeners_of_two_clients_are_two_and_names_do_not_run_together(self) -> None:
        rows = (("a", b"bc"), ("ab", b"c"), ("a", b"bc"), ("a", b"\xff"), ("a", b"\xfe"), ("a", None))
        bench = self.bench(*(play_row(client, user_id=user, total_time_played=1) for client, user in rows))
        self.assertEqual(bench.sums_by(), [(6, 6, 4, 0)])
        self.assertEqual([row[4] for row in bench.sums_by("client", "stream")], [3, 1])

    def test_a_mode_that_no_log_has_is_empty_and_comes_first(self) -> None:
        bench = self.bench(play_row(play_mode="online"), play_row(play_mode=""))
        self.assertEqual([row[0] for row in bench.sums_by("play_mode")], ["", "online"])

    def test_the_word_null_and_the_country_na_are_text(self) -> None:
        bench = self.bench(play_row(user_id=b"NULL"), play_row(user_id=b"\\N"), play_row(user_id=b"NA"))
        self.assertEqual(bench.sums_by("country"), [("NA", 3, 0, 3, 0)])

    def test_what_duckdb_refuses_is_an_error_of_ours(self) -> None:
        bench = self.bench()
        with self.assertRaisesRegex(SumsFailed, "the day's sums failed"):
            bench.sums_by("no_such_column")

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(st.binary(min_size=1, max_size=6), st.binary(max_size=8)), min_size=1, max_size=12))
    def test_whatever_bytes_ids_and_agents_are_made_of_every_row_is_counted(self, texts: list[tuple[Any, Any]]) -> None:
        bench = self.bench(*(play_row(user_id=user, user_agent=agent, total_time_played=2) for user, agent in texts))
        listeners = len({user for user, _ in texts})
        self.assertEqual(bench.sums_by(), [(len(texts), 2 * len(texts), listeners, 0)])
