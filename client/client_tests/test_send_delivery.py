"""`playlog send`: posts every log once, and tries again as long as that makes sense."""

import threading

from client_tests.send_bench import Bench, SendTest, write_logs
from client_tests.sending_fakes import FakeServer, logs_of, refusal
from playlog_client.batch import Request
from playlog_client.transport import NotReached
from playlog_client.verdict import Reply


class AcceptedTest(SendTest):
    def test_all_logs_arrive_once_in_batches(self) -> None:
        bench = Bench(server := FakeServer())
        tally = bench.send(write_logs(self.file, 25))
        self.assertEqual(server.numbers, list(range(1, 26)))
        self.assertEqual([len(logs_of(each)) for each in server.requests], [10, 10, 5])
        self.assertEqual((tally.sent, tally.accepted, tally.refused, tally.retries), (25, 25, 0, 0))
        self.assertTrue(tally.is_complete)
        self.assertEqual(bench.receipts, ["receipt-1", "receipt-2", "receipt-3"])
        self.assertIn("last 200 at 2026-11-24T12:00:00.000000Z", tally.lines())

    def test_several_connections_send_the_same(self) -> None:
        bench = Bench(server := FakeServer(), connections=4)
        tally = bench.send(write_logs(self.file, 205))
        self.assertEqual(server.numbers, list(range(1, 206)))
        self.assertEqual(tally.accepted, 205)
        self.assertEqual(len(set(server.keys)), 21)

    def test_several_files_go_one_after_the_other(self) -> None:
        other = self.folder / "other.jsonl"
        bench = Bench(server := FakeServer())
        bench.send(write_logs(self.file, 3), write_logs(other, 2))
        self.assertEqual(server.numbers, [1, 1, 2, 2, 3])

    def test_an_empty_file_is_sent_by_doing_nothing(self) -> None:
        bench = Bench(server := FakeServer())
        tally = bench.send(write_logs(self.file, 0))
        self.assertTrue(tally.is_complete)
        self.assertEqual(server.requests, [])

    def test_a_200_without_a_receipt_is_not_taken_for_one(self) -> None:
        for reply in (Reply(200, {"X-Receipt": "r"}, b"<html>"), Reply(200, {}, b"{}")):
            with self.subTest(reply=reply):
                tally = Bench(FakeServer(reply)).send(write_logs(self.file, 1), state=self.folder / str(id(reply)))
                self.assertFalse(tally.is_complete)
                self.assertIn("what answers there is not Playlog", tally.stopped_because or "")


class RetryTest(SendTest):
    def test_busy_and_unreachable_servers_are_tried_again_with_the_same_key_and_bytes(self) -> None:
        faults = [refusal(status) for status in (503, 502, 504, 408, 429)]
        bench = Bench(server := FakeServer(*faults, NotReached("no reply in time", "unknown")))
        tally = bench.send(write_logs(self.file, 3))
        self.assertEqual((tally.accepted, tally.retries, tally.requests), (3, 6, 7))
        self.assertEqual(len(set(server.keys)), 1)
        self.assertEqual(len({each.body for each in server.requests}), 1)

    def test_pauses_grow_and_differ(self) -> None:
        bench = Bench(FakeServer(*[refusal(503)] * 12))
        bench.send(write_logs(self.file, 1))
        waits = bench.timer.waits
        self.assertTrue(all(0.25 * 2**n <= wait <= 0.5 * 2**n for n, wait in enumerate(waits[:6])), waits)
        self.assertTrue(all(15 <= wait <= 30 for wait in waits[6:]), waits)
        self.assertEqual(len(set(waits)), len(waits))

    def test_retry_after_is_the_least_pause(self) -> None:
        date = refusal(503, Retry_After="Tue, 24 Nov 2026 12:02:00 GMT")
        bench = Bench(FakeServer(refusal(503, Retry_After="40"), date))
        bench.send(write_logs(self.file, 1))
        self.assertTrue(40 < bench.timer.waits[0] < 45, bench.timer.waits)
        self.assertTrue(75 < bench.timer.waits[1] < 90, bench.timer.waits)

    def test_pauses_that_the_server_asks_for_differ_too_and_grow(self) -> None:
        bench = Bench(FakeServer(*[refusal(503, Retry_After="5")] * 12))
        bench.send(write_logs(self.file, 1))
        self.assertEqual(len(set(bench.timer.waits)), 12)
        self.assertTrue(all(wait >= 5 for wait in bench.timer.waits))
        self.assertGreater(min(bench.timer.waits[-3:]), 14)

    def test_a_long_outage_is_told_now_and_then_not_at_each_try(self) -> None:
        bench = Bench(FakeServer(*[refusal(503, X_Kept="no")] * 19, refusal(502)))
        bench.send(write_logs(self.file, 1))
        self.assertEqual([note.split(": ")[1] for note in bench.progress.notes], ["503", "502"])

    def test_what_was_kept_is_noted(self) -> None:
        bench = Bench(FakeServer(refusal(503, X_Kept="no"), refusal(503, X_Kept="unknown"), refusal(502)))
        bench.send(write_logs(self.file, 2))
        kept = [note.split("(kept: ")[1].split(")")[0] for note in bench.progress.notes]
        self.assertEqual(kept, ["no", "unknown", "unknown"])
        self.assertIn("logs.jsonl lines 1-2: 503: no", bench.progress.notes[0])

    def test_a_server_that_stays_away_stops_the_send(self) -> None:
        bench = Bench(server := FakeServer(*[NotReached("no connection", "no")] * 99))
        tally = bench.send(write_logs(self.file, 30))
        self.assertIn("no decision within 600 s", tally.stopped_because or "")
        self.assertEqual(len(set(server.keys)), 1)
        self.assertFalse(tally.is_complete)

    def test_a_wish_to_wait_beyond_the_limit_is_not_waited_for(self) -> None:
        bench = Bench(FakeServer(refusal(429, message="daily limit", Retry_After="28000")))
        tally = bench.send(write_logs(self.file, 1))
        self.assertEqual(bench.timer.waits, [])
        self.assertIn("429: daily limit, which asks to wait 28000 s", tally.stopped_because or "")

    def test_one_batch_that_never_gets_through_does_not_stop_the_others(self) -> None:
        another_got_through = threading.Event()

        def poisoned(request: Request) -> Reply:
            if logs_of(request)[0]["n"] == 1:
                another_got_through.wait(10)
                return refusal(504)
            if logs_of(request)[0]["n"] > 20:
                another_got_through.set()
            return server.take(request)

        server = FakeServer()
        server.act = poisoned
        tally = Bench(server, connections=2).send(write_logs(self.file, 200))
        self.assertEqual((tally.given_up, tally.accepted, tally.stopped_because), (10, 190, None))

    def test_an_error_of_the_server_gives_the_batch_up_and_goes_on(self) -> None:
        bench = Bench(server := FakeServer(refusal(500, message="broken")))
        tally = bench.send(write_logs(self.file, 25))
        self.assertEqual((tally.given_up, tally.accepted), (10, 15))
        self.assertEqual(server.numbers, list(range(11, 26)))
        self.assertEqual(bench.progress.notes, [f"{self.file} lines 1-10: given up: 500: broken"])
