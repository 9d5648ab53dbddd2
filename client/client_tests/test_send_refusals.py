"""`playlog send`: leaves refused logs out, and stops when something has to be changed first."""

import gzip
import json

from client_tests.send_bench import Bench, SendTest, write_logs
from client_tests.sending_fakes import FakeServer, logs_of, refusal
from playlog_client.batch import Request
from playlog_client.transport import NotReached
from playlog_client.verdict import Reply


class RefusedTest(SendTest):
    def test_refused_logs_are_listed_and_the_rest_goes_under_a_new_key(self) -> None:
        bench = Bench(server := FakeServer())
        tally = bench.send(write_logs(self.file, 12, n4="trackId", n9="country"))
        self.assertEqual(server.numbers, [1, 2, 3, 5, 6, 7, 8, 10, 11, 12])
        self.assertEqual((tally.accepted, tally.refused, tally.is_complete), (10, 2, False))
        listed = [(each.line, each.pointer, each.rule, each.message) for each in bench.progress.refused]
        self.assertEqual(
            listed, [(4, "/logs/3/trackId", "type", "must be better"), (9, "/logs/8/country", "type", "must be better")]
        )
        self.assertEqual(len(set(server.keys)), 3)
        self.assertEqual(bench.progress.logs, 12)

    def test_more_refused_logs_than_a_reply_lists_take_more_rounds(self) -> None:
        bench = Bench(server := FakeServer(), most_logs=500)
        tally = bench.send(write_logs(self.file, 300, **{f"n{n}": "trackId" for n in range(1, 251)}))
        self.assertEqual((tally.accepted, tally.refused, len(server.requests)), (50, 250, 4))

    def test_a_batch_of_refused_logs_alone_has_no_rest(self) -> None:
        bench = Bench(server := FakeServer())
        tally = bench.send(write_logs(self.file, 2, n1="a", n2="b"))
        self.assertEqual((tally.refused, len(server.requests)), (2, 1))

    def test_lines_that_are_no_json_object_never_leave(self) -> None:
        self.file.write_bytes(b'{"n":1}\n\n[1]\nnonsense\n{"n":NaN}\n{"n":1e999}\n{"u":"\\ud83d"}\n\xff\n{"n":2}')
        bench = Bench(server := FakeServer())
        tally = bench.send(self.file)
        self.assertEqual(server.numbers, [1, 2])
        self.assertEqual(tally.refused, 6)
        self.assertEqual([each.line for each in bench.progress.refused], [3, 4, 5, 6, 7, 8])
        self.assertEqual({each.rule for each in bench.progress.refused}, {"line"})

    def test_a_body_too_large_for_this_server_is_halved(self) -> None:
        def small(request: Request) -> Reply:
            return refusal(413) if len(logs_of(request)) > 3 else server.take(request)

        server = FakeServer()
        server.act = small
        tally = Bench(server).send(write_logs(self.file, 10))
        self.assertEqual(server.numbers, list(range(1, 11)))
        self.assertTrue(tally.is_complete)

    def test_a_log_too_large_for_this_server_is_refused(self) -> None:
        bench = Bench(FakeServer(refusal(413)))
        self.assertEqual(bench.send(write_logs(self.file, 1)).refused, 1)
        self.assertEqual([(each.line, each.rule) for each in bench.progress.refused], [(1, "size")])

    def test_a_batch_that_may_be_kept_is_not_sent_anew_without_its_old_logs(self) -> None:
        bench = Bench(server := FakeServer(NotReached("no reply in time", "unknown")))
        tally = bench.send(write_logs(self.file, 5, n2="dateTimePlayed"))
        self.assertEqual((tally.given_up, tally.refused, len(set(server.keys))), (5, 0, 1))
        self.assertIn("could count twice", bench.progress.notes[-1])

    def test_another_fault_beside_an_old_log_shows_that_nothing_was_kept(self) -> None:
        bench = Bench(FakeServer(NotReached("no reply in time", "unknown")))
        tally = bench.send(write_logs(self.file, 5, n2="dateTimePlayed", n3="trackId"))
        self.assertEqual((tally.given_up, tally.refused, tally.accepted), (0, 2, 3))


class StopTest(SendTest):
    def test_a_refused_key_stops_at_once_with_a_clear_sentence(self) -> None:
        for status, said in ((401, "Check PLAYLOG_KEY"), (403, "may not send logs here")):
            bench = Bench(server := FakeServer(*[refusal(status, message="Access denied")] * 9))
            tally = bench.send(write_logs(self.file, 50), state=self.folder / str(status))
            self.assertIn(said, tally.stopped_because or "")
            self.assertIn("Access denied", tally.stopped_because or "")
            self.assertEqual(len(server.requests), 1)

    def test_a_refusal_that_names_no_log_stops(self) -> None:
        odd = json.dumps({"error": {"code": 1008, "message": "odd", "errors": [{"index": 99}, {"index": True}, 5]}})
        replies = (
            refusal(400, 1002, "Value of parameter country is not valid"),
            refusal(404),
            refusal(415),
            Reply(301, {"Location": "https://elsewhere.example"}),
            Reply(400, {}, odd.encode()),
        )
        for number, reply in enumerate(replies):
            with self.subTest(reply=reply):
                tally = Bench(FakeServer(reply)).send(write_logs(self.file, 3), state=self.folder / str(number))
                self.assertIsNotNone(tally.stopped_because)
                self.assertFalse(tally.is_complete)

    def test_text_from_the_server_can_not_steer_the_terminal(self) -> None:
        tally = Bench(FakeServer(refusal(401, message="a\x1b[31m\nb"))).send(write_logs(self.file, 1))
        self.assertIn("a?[31m?b", tally.stopped_because or "")

    def test_a_damaged_file_stops_after_what_could_be_read(self) -> None:
        packed = self.folder / "logs.gz"
        packed.write_bytes(gzip.compress(write_logs(self.file, 2000).read_bytes(), mtime=0)[:-20])
        tally = Bench(FakeServer()).send(packed)
        self.assertIn("can't be read after line", tally.stopped_because or "")
