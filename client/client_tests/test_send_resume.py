"""`playlog send`: whatever kills it, the same command again sends the rest under the same keys, and nothing twice."""

from client_tests.send_bench import URL, Bench, SendTest, write_logs
from client_tests.sending_fakes import FakeServer, Killed, logs_of, refusal
from playlog_client.batch import Request
from playlog_client.state_file import BadState
from playlog_client.verdict import Reply


class KilledTest(SendTest):
    def killed(self, server: FakeServer, *, most_logs: int = 10) -> None:
        with self.assertRaises(Killed):
            Bench(server, most_logs=most_logs).send(self.file)

    def test_a_kill_before_the_reply_is_followed_by_the_same_key_and_bytes(self) -> None:
        def keep_and_die(request: Request) -> Reply:
            server.take(request)
            raise Killed

        server = FakeServer(keep_and_die)
        write_logs(self.file, 25)
        self.killed(server)
        tally = Bench(server).send(self.file)
        self.assertEqual(server.requests[0], server.requests[1])
        self.assertEqual(server.numbers, list(range(1, 26)))
        self.assertEqual((tally.accepted, tally.accepted_earlier), (25, 0))

    def test_the_key_is_on_the_disk_before_the_first_try(self) -> None:
        def look_and_die(request: Request) -> Reply:
            saved.append(request.headers["Idempotency-Key"] in self.state.read_text())
            raise Killed

        saved: list[bool] = []
        write_logs(self.file, 5)
        self.killed(FakeServer(look_and_die))
        self.assertEqual(saved, [True])

    def test_accepted_batches_are_not_sent_again(self) -> None:
        server = FakeServer()
        server.faults = [server.act, server.act, Killed()]
        write_logs(self.file, 45)
        self.killed(server)
        del server.requests[:]
        bench = Bench(server)
        tally = bench.send(self.file)
        self.assertEqual([logs_of(each)[0]["n"] for each in server.requests], [21, 31, 41])
        self.assertEqual((tally.accepted_earlier, tally.accepted), (20, 25))
        self.assertIn("(20 more in an earlier run)", tally.lines()[0])

    def test_another_batch_size_changes_only_what_has_no_key_yet(self) -> None:
        server = FakeServer(Killed())
        write_logs(self.file, 25)
        self.killed(server)
        Bench(server, most_logs=4).send(self.file)
        self.assertEqual([len(logs_of(each)) for each in server.requests], [10, 10, 4, 4, 4, 3])
        self.assertEqual(server.numbers, list(range(1, 26)))

    def test_a_kill_after_a_refusal_goes_on_with_the_rest_under_its_saved_key(self) -> None:
        server = FakeServer()
        server.faults = [server.act, Killed()]
        write_logs(self.file, 12, n4="trackId")
        self.killed(server)
        bench = Bench(server)
        tally = bench.send(self.file)
        self.assertEqual(server.requests[1], server.requests[2])
        self.assertNotEqual(server.keys[0], server.keys[1])
        self.assertEqual(server.numbers, [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12])
        self.assertEqual([each.line for each in bench.progress.refused], [4])
        self.assertEqual((tally.refused, tally.is_complete), (1, False))

    def test_a_kill_between_two_halves_sends_only_the_other(self) -> None:
        server = FakeServer(refusal(413))
        server.faults += [server.act, Killed()]
        write_logs(self.file, 10)
        self.killed(server)
        Bench(server).send(self.file)
        self.assertEqual([logs_of(each)[0]["n"] for each in server.requests], [1, 1, 6, 6])
        self.assertEqual(server.requests[2], server.requests[3])

    def test_a_line_that_a_kill_cut_off_does_not_count(self) -> None:
        server = FakeServer(Killed())
        write_logs(self.file, 5)
        self.killed(server)
        whole = self.state.read_bytes()
        self.state.write_bytes(whole + b'{"kind":"accepted","num')
        Bench(server).send(self.file)
        self.assertTrue(self.state.read_bytes().startswith(whole + b'{"kind":"accepted","number":1,'))
        self.assertEqual(server.requests[0], server.requests[1])


class RunAgainTest(SendTest):
    def test_a_file_that_was_sent_is_not_sent_again(self) -> None:
        write_logs(self.file, 25)
        server = FakeServer()
        Bench(server).send(self.file)
        tally = Bench(server).send(self.file)
        self.assertEqual(len(server.requests), 3)
        self.assertEqual((tally.sent, tally.accepted_earlier, tally.is_complete), (0, 25, True))

    def test_lines_added_since_are_sent(self) -> None:
        server = FakeServer()
        Bench(server).send(write_logs(self.file, 7))
        Bench(server).send(write_logs(self.file, 9))
        self.assertEqual(server.numbers, list(range(1, 10)))

    def test_another_file_under_the_same_name_is_not_taken_for_sent(self) -> None:
        server = FakeServer()
        Bench(server).send(write_logs(self.file, 7))
        for changed in (write_logs(self.file, 7, n3="trackId"), write_logs(self.file, 6)):
            tally = Bench(server).send(changed)
            self.assertIn("lines 1-7 since it was sent", tally.stopped_because or "")
        self.assertEqual(len(server.requests), 1)

    def test_a_state_of_another_server_or_other_files_is_refused(self) -> None:
        Bench(FakeServer()).send(write_logs(self.file, 1))
        with self.assertRaisesRegex(BadState, "whose server was http://127.0.0.1:1, not https://elsewhere.example"):
            Bench(FakeServer()).send(self.file, url="https://elsewhere.example")
        other = write_logs(self.folder / "other.jsonl", 1)
        with self.assertRaisesRegex(BadState, "whose files was"):
            Bench(FakeServer()).send(other, state=self.state)
        Bench(FakeServer()).send(self.file, url=URL + "/")

    def test_a_file_of_something_else_is_not_overwritten(self) -> None:
        self.state.write_text("precious\n")
        with self.assertRaisesRegex(BadState, "line 1 is not a state of ours"):
            Bench(FakeServer()).send(write_logs(self.file, 1))
        self.assertEqual(self.state.read_text(), "precious\n")

    def test_two_sends_do_not_share_a_state(self) -> None:
        def send_again(request: Request) -> Reply:
            with self.assertRaisesRegex(BadState, "in use by another send"):
                Bench(FakeServer()).send(self.file)
            return server.take(request)

        server = FakeServer(send_again)
        self.assertTrue(Bench(server).send(write_logs(self.file, 1)).is_complete)

    def test_a_given_up_batch_is_sent_by_the_next_run_under_its_key(self) -> None:
        server = FakeServer(refusal(500))
        Bench(server).send(write_logs(self.file, 15))
        self.assertTrue(Bench(server).send(self.file).is_complete)
        self.assertEqual(server.keys[0], server.keys[2])
        self.assertEqual(server.numbers, list(range(1, 16)))
