"""A batch whose try got no answer isn't sent again when the server may have forgotten its key: it would count twice."""

import json
from datetime import timedelta

from client_tests.send_bench import Bench, SendTest, write_logs
from client_tests.sender_case import SenderCase
from client_tests.sending_fakes import NOON, FakeServer, Killed, refusal
from playlog_client import Sender
from playlog_client.attempts import CLOCK_STEP, KEY_AGE
from playlog_client.transport import NotReached

NO_ANSWER = NotReached("no reply in time", "unknown")
AGE = KEY_AGE.total_seconds()
STEP = CLOCK_STEP.total_seconds()
#: Between the put and the first try.
WAITED = 3_600.0


class QueueTest(SenderCase):
    def killed_in_a_try(self) -> Sender:
        """A sender of three logs; the try ended without an answer, and the process with it."""
        sender = self.sender()
        sender.put(*({"n": number} for number in range(1, 4)))
        self.timer.seconds += WAITED
        self.server.faults = [Killed()]
        with self.assertRaises(Killed):
            sender.flush()
        return self.restart(sender)

    def test_a_try_without_an_answer_is_repeated_while_the_server_knows_its_key(self) -> None:
        sender = self.killed_in_a_try()
        self.timer.seconds += AGE
        self.assertEqual(sender.flush().accepted, 3)

    def test_it_is_held_back_afterwards_and_the_others_go(self) -> None:
        sender = self.killed_in_a_try()
        self.timer.seconds += AGE + 1
        sender.put({"n": 4})
        outcome = sender.flush()
        self.assertEqual((outcome.accepted, outcome.left), (1, 3))
        self.assertEqual(self.server.numbers, [4])
        (held,) = sender.undecided()
        self.assertIn(
            f"more than 13 days may have passed since: the server may not recognise key {held.key}",
            outcome.problem or "",
        )
        self.assertEqual((held.logs, held.since), (3, NOON + timedelta(seconds=WAITED)))

    def test_what_the_operator_says_of_it_is_taken_over(self) -> None:
        for kept, numbers in ((True, []), (False, [1, 2, 3])):
            with self.subTest(kept=kept):
                self.server = FakeServer()
                sender = self.killed_in_a_try()
                self.timer.seconds += AGE + 1
                sender.flush()
                sender.settle(sender.undecided()[0].key, kept=kept)
                self.assertEqual((sender.flush().left, self.server.numbers), (0, numbers))
                sender.close()

    def test_the_age_counts_from_the_first_try_that_may_have_been_kept(self) -> None:
        sender = self.killed_in_a_try()
        for _ in range(3):
            self.timer.seconds += AGE / 2
            self.server.faults = [NO_ANSWER] * 100
            sender.flush(give_up_after=1.0)
            sender = self.restart(sender)
        self.server.faults = []
        self.assertEqual(sender.flush().left, 3)
        self.assertEqual(self.server.numbers, [])

    def test_days_in_which_nothing_can_have_been_kept_do_not_count(self) -> None:
        sender = self.sender()
        sender.put({"n": 1})
        self.server.faults = [refusal(503, X_Kept="no")] * 100
        sender.flush(give_up_after=1.0)
        self.timer.seconds += 3 * AGE
        self.server.faults = [Killed()]
        with self.assertRaises(Killed):
            sender.flush()
        self.timer.seconds += AGE
        self.assertEqual(self.restart(sender).flush().accepted, 1)

    def test_one_long_flush_holds_it_back_as_well(self) -> None:
        sender = self.sender()
        sender.put({"n": 1})
        self.server.faults = [refusal(503, X_Kept="unknown", Retry_After="86400")] * 100
        outcome = sender.flush(give_up_after=2 * AGE)
        self.assertIn("may not recognise key", outcome.problem or "")
        self.assertGreaterEqual(self.timer.seconds, AGE)

    def test_a_clock_that_was_set_back_by_more_than_a_day_says_nothing_so_it_is_held_back(self) -> None:
        for back, left in ((STEP, 0), (STEP + 1, 3)):
            with self.subTest(back=back):
                sender = self.killed_in_a_try()
                self.timer.seconds -= back
                self.assertEqual(sender.flush().left, left)
                sender.close()

    def test_a_queue_of_the_first_version_does_not_say_since_when_so_it_is_held_back(self) -> None:
        sender = self.killed_in_a_try()
        database = sender._spool._file._database
        database.execute("ALTER TABLE batch DROP COLUMN since")
        sender = self.restart(sender)
        sender.put({"n": 4})
        self.assertEqual((sender.flush().left, self.server.numbers), (3, [4]))


class StateFileTest(SendTest):
    def send(self, server: FakeServer, later: float = 0.0) -> int:
        """One run of `playlog send` so many seconds after noon: how many logs it gave up."""
        bench = Bench(server)
        bench.timer.seconds = later
        return bench.send(self.file).given_up

    def killed_in_a_try(self, later: float = 0.0) -> None:
        write_logs(self.file, 5)
        with self.assertRaises(Killed):
            self.send(FakeServer(Killed()), later)

    def test_a_send_that_is_resumed_in_time_sends_and_later_holds_back(self) -> None:
        for later, given_up in ((AGE, 0), (AGE + 1, 5)):
            with self.subTest(later=later):
                self.state.unlink(missing_ok=True)
                self.killed_in_a_try()
                server = FakeServer()
                self.assertEqual(self.send(server, later), given_up)
                self.assertEqual(len(server.numbers), 5 - given_up)

    def test_the_moment_is_that_of_the_last_taking_up_after_a_try_that_can_not_have_been_kept(self) -> None:
        write_logs(self.file, 5)
        self.send(FakeServer(refusal(401)))
        self.killed_in_a_try(3 * AGE)
        self.assertEqual(self.send(FakeServer(), 4 * AGE), 0)

    def test_a_state_file_of_the_first_version_does_not_say_when_so_its_open_batches_are_held_back(self) -> None:
        self.killed_in_a_try()
        records = [json.loads(line) for line in self.state.read_text().splitlines()]
        for record in records:
            record.pop("at", None)
        self.state.write_text("".join(json.dumps(each) + "\n" for each in records))
        self.assertEqual(self.send(FakeServer()), 5)
