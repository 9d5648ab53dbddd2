"""The library: what was put reaches the server once, in batches, and what is refused is set aside."""

import json
from typing import Any

from client_tests.sender_case import SenderCase
from client_tests.sending_fakes import logs_of, refusal
from playlog_client import NotALog, Outcome, QueueFull, QueueInUse, Sender, UnknownKey
from playlog_client.batch import Request
from playlog_client.transport import NotReached
from playlog_client.verdict import Reply

URL = "http://127.0.0.1:1"


class FlushTest(SenderCase):
    def test_logs_go_in_batches_in_their_order_and_leave_the_queue(self) -> None:
        sender = self.sender()
        for number in range(1, 26):
            sender.put({"n": number})
        self.assertEqual(len(sender), 25)
        self.assertEqual(sender.flush(), Outcome(25, 0, 0))
        self.assertEqual([len(logs_of(each)) for each in self.server.requests], [10, 10, 5])
        self.assertEqual(self.server.numbers, list(range(1, 26)))
        self.assertEqual([receipt for receipt, _, _ in sender.receipts()], ["receipt-1", "receipt-2", "receipt-3"])
        self.assertEqual(sender.flush(), Outcome(0, 0, 0))

    def test_what_fails_for_now_stays_and_goes_later_under_the_same_key_and_bytes(self) -> None:
        sender = self.sender()
        sender.put(*({"n": number} for number in range(1, 4)))
        self.server.faults = [refusal(503, X_Kept="unknown")] * 100
        outcome = sender.flush()
        self.assertEqual((outcome.accepted, outcome.left), (0, 3))
        self.assertIn("no decision within 60 s; the last: 503", outcome.problem or "")
        self.server.faults = []
        sender = self.restart(sender)
        self.assertEqual(sender.flush(), Outcome(3, 0, 0))
        self.assertEqual(len(set(self.server.keys)), 1)
        self.assertEqual(len({each.body for each in self.server.requests}), 1)

    def test_logs_put_meanwhile_do_not_change_a_batch_that_was_tried(self) -> None:
        sender = self.sender()
        sender.put({"n": 1})
        self.server.faults = [NotReached("no reply in time", "unknown")] * 100
        sender.flush()
        self.server.faults = []
        sender.put({"n": 2})
        sender.flush()
        self.assertEqual(self.server.kept[self.server.keys[0]], [{"n": 1}])
        self.assertEqual(self.server.numbers, [1, 2])

    def test_a_refused_key_keeps_the_queue_and_says_what_to_do(self) -> None:
        sender = self.sender()
        sender.put({"n": 1})
        self.server.faults = [refusal(401, message="no")]
        outcome = sender.flush()
        self.assertIn("the key is not accepted", outcome.problem or "")
        self.assertEqual(outcome.left, 1)
        self.assertEqual(sender.flush().accepted, 1)

    def test_refused_logs_are_set_aside_with_their_reasons_and_the_rest_goes(self) -> None:
        sender = self.sender()
        sender.put({"n": 1}, {"n": 2, "bad": "trackId"}, {"n": 3})
        self.assertEqual(sender.flush(), Outcome(2, 1, 0))
        (refused,) = self.restart(sender).refused()
        self.assertEqual((refused.log["n"], refused.reasons[0]["pointer"]), (2, "/logs/1/trackId"))
        self.assertEqual(self.server.numbers, [1, 3])
        self.assertEqual(len(set(self.server.keys)), 2)

    def test_a_batch_that_is_too_large_goes_in_halves(self) -> None:
        sender = self.sender()
        sender.put(*({"n": number} for number in range(1, 9)))
        self.server.faults = [Reply(413)]
        self.assertEqual(sender.flush(), Outcome(8, 0, 0))
        self.assertEqual([len(logs_of(each)) for each in self.server.requests], [8, 4, 4])

    def test_logs_too_old_after_an_unknown_try_are_never_sent_under_a_second_key(self) -> None:
        sender = self.sender()
        sender.put({"n": 1, "bad": "dateTimePlayed"}, {"n": 2})
        self.server.faults = [refusal(503, X_Kept="unknown")]
        outcome = sender.flush()
        self.assertEqual((outcome.refused, outcome.left), (0, 2))
        self.assertEqual(len(set(self.server.keys)), 1)

    def test_what_the_operator_says_of_an_undecided_batch_is_taken_over(self) -> None:
        for kept, outcome in ((True, Outcome(0, 0, 0)), (False, Outcome(1, 1, 0))):
            with self.subTest(kept=kept):
                sender = self.sender()
                sender.put({"n": 1, "bad": "dateTimePlayed"}, {"n": 2})
                self.server.faults = [refusal(503, X_Kept="unknown")]
                sender.flush()
                sender = self.restart(sender)
                (undecided,) = sender.undecided()
                self.assertEqual((undecided.key, undecided.logs), (self.server.keys[-1], 2))
                with self.assertRaises(UnknownKey):
                    sender.settle("another", kept=kept)
                sender.settle(undecided.key, kept=kept)
                self.assertEqual(sender.flush(), outcome)
                self.assertEqual((sender.undecided(), "" in [each for each, _, _ in sender.receipts()]), ([], False))
                with self.assertRaises(UnknownKey):
                    sender.settle(undecided.key, kept=kept)
                sender.close()

    def test_a_time_that_no_try_can_have_passed_with_is_refused_whatever_became_of_the_first_reply(self) -> None:
        sender = self.sender()
        sender.put({"n": 1, "bad": "dateTimePlayed", "rule": "format"}, {"n": 2})
        self.server.faults = [refusal(503, X_Kept="unknown")]
        self.assertEqual(sender.flush(), Outcome(1, 1, 0))
        self.assertEqual(self.server.numbers, [2])


class StreamTest(SenderCase):
    def test_a_request_of_a_subscription_is_of_one_listener_and_country(self) -> None:
        sender = self.sender(stream="subscription")
        listeners = [("u1", "GB"), ("u2", "GB"), ("u1", "GB"), ("u1", "FR"), ("u&1 ", None)]
        for number, (user, country) in enumerate(listeners):
            own = {} if country is None else {"country": country}
            sender.put({"n": number, "userId": user} | own)
        self.server.act = lambda _: Reply(200, {"x-receipt": "r"}, b'{"status":"ok"}')
        self.assertEqual(sender.flush().accepted, 5)
        found = [(dict(each.query), [log["n"] for log in items_of(each)]) for each in self.server.requests]
        self.assertEqual(found[0], ({"country": "GB", "userId": "u1"}, [0, 2]))
        self.assertEqual([each[0]["userId"] for each in found], ["u1", "u2", "u1", "u&1 "])
        self.assertEqual(found[3][0]["country"], "GB")
        self.assertEqual({each.path for each in self.server.requests}, {"/1.2/user/subscription/log"})

    def test_a_listener_that_the_server_refuses_holds_up_no_other(self) -> None:
        sender = self.sender(stream="catalogue")
        sender.put({"n": 1, "userId": ""}, {"n": 2, "userId": "u"})
        self.server.faults = [refusal(400, 1002, "The parameter userId must be a text.")]
        self.server.act = lambda _: Reply(200, {"x-receipt": "r"}, b'{"status":"ok"}')
        self.assertEqual(sender.flush(), Outcome(1, 1, 0))
        self.assertEqual(sender.refused()[0].reasons[0]["message"], "The parameter userId must be a text.")


class QueueTest(SenderCase):
    def test_what_is_no_log_is_refused_at_once_and_nothing_of_the_call_is_kept(self) -> None:
        sender = self.sender()
        for bad in ({"n": float("nan")}, {"n": object()}, {"n": "\ud800"}, {"n": "x" * 1_000_000}):
            with self.assertRaises(NotALog):
                sender.put({"n": 1}, bad)
        self.assertEqual(len(sender), 0)

    def test_a_full_queue_says_so_and_keeps_what_it_has(self) -> None:
        sender = self.sender(most_queued=2)
        sender.put({"n": 1}, {"n": 2})
        with self.assertRaises(QueueFull):
            sender.put({"n": 3})
        self.assertEqual(sender.flush().accepted, 2)
        sender.put({"n": 3})

    def test_a_folder_belongs_to_one_sender_one_server_and_one_stream(self) -> None:
        first = self.sender()
        with self.assertRaisesRegex(QueueInUse, "in use by another sender"):
            self.sender()
        first.close()
        with self.assertRaisesRegex(QueueInUse, "not of"):
            self.sender(stream="catalogue")

    def test_wrong_arguments_are_refused(self) -> None:
        for url, stream in (("127.0.0.1", "preview"), (URL, "radio")):
            with self.assertRaises(ValueError):
                Sender(url, "k", self.folder / "other", stream=stream)

    def test_batches_end_before_a_mebibyte(self) -> None:
        sender = self.sender(most_logs=500)
        sender.put(*({"n": number, "x": "y" * 300_000} for number in range(7)))
        sender.flush()
        self.assertEqual([len(logs_of(each)) for each in self.server.requests], [3, 3, 1])


def items_of(request: Request) -> list[dict[str, Any]]:
    """The logs of a request of a by-listener stream."""
    import gzip

    items: list[dict[str, Any]] = json.loads(gzip.decompress(request.body))["playLogItem"]
    return items
