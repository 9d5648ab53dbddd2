"""`playlog send`: never counts a log twice to get rid of one that has become too old between two tries."""

import contextlib
import json

from client_tests.send_bench import Bench, SendTest, write_logs
from client_tests.sending_fakes import FakeServer, Killed, refusal
from playlog_client.state_file import BadState
from playlog_client.transport import NotReached
from playlog_client.verdict import Reply


class TooOldTest(SendTest):
    """A log that was young enough at the first try and is too old at the second: was its batch kept or not?"""

    def given_up_after(self, *faults: Reply | BaseException) -> int:
        """How many logs the second run gives up, when the first one met these faults."""
        write_logs(self.file, 5, n2="dateTimePlayed")
        bench = Bench(FakeServer(*faults))
        with contextlib.suppress(Killed):
            bench.send(self.file)
        tally = Bench(FakeServer()).send(self.file)
        self.assertEqual(tally.accepted + tally.refused + tally.given_up, 5)
        return tally.given_up

    def test_a_batch_that_an_earlier_run_can_not_have_delivered_goes_on_without_its_old_logs(self) -> None:
        self.assertEqual(self.given_up_after(refusal(401)), 0)

    def test_a_batch_whose_fate_an_earlier_run_never_learnt_is_given_up(self) -> None:
        self.assertEqual(self.given_up_after(Killed()), 5)

    def test_what_the_operator_says_of_the_key_is_taken_over_by_the_next_run(self) -> None:
        for kept, counts in ((True, (5, 0, 0)), (False, (0, 4, 1))):
            with self.subTest(kept=kept):
                self.state.unlink(missing_ok=True)
                self.assertEqual(self.given_up_after(Killed()), 5)
                key = json.loads(self.state.read_text().splitlines()[1])["batches"][0]["key"]
                bench = Bench(FakeServer())
                with self.assertRaisesRegex(BadState, "no batch of this state"):
                    bench.settle(self.file, "another", kept=kept)
                bench.settle(self.file, key, kept=kept)
                self.assertEqual(bench.server.requests, [])
                tally = bench.send(self.file)
                self.assertEqual((tally.accepted_earlier, tally.accepted, tally.refused), counts)
                self.assertTrue(kept or bench.server.numbers == [1, 3, 4, 5])
                before = self.state.read_bytes()
                bench.settle(self.file, key, kept=kept)
                self.assertEqual(self.state.read_bytes(), before)

    def test_unknown_stays_unknown_after_a_refused_key(self) -> None:
        self.assertEqual(self.given_up_after(NotReached("no reply in time", "unknown"), refusal(401)), 5)

    def test_a_later_kill_makes_it_unknown_again(self) -> None:
        write_logs(self.file, 5, n2="dateTimePlayed")
        Bench(FakeServer(refusal(401))).send(self.file)
        with self.assertRaises(Killed):
            Bench(FakeServer(Killed())).send(self.file)
        self.assertEqual(Bench(FakeServer()).send(self.file).given_up, 5)
        kinds = [json.loads(line)["kind"] for line in self.state.read_text().splitlines()]
        self.assertEqual(kinds, ["send", "batches", "set_aside", "taken_up"])
