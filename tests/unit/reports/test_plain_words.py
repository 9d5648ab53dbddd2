"""The proof in sentences: what a person reads must be what was counted."""

import unittest
from dataclasses import replace
from datetime import date, timedelta

from reports.balance import Account, Counts, PlayRows, Replay, Tally
from reports.books import Gap, Span
from reports.digest import Digest, Sums
from reports.findings import Findings
from reports.plain_words import proof_sentences
from reports.proof import Loss
from reports.repeats import Repeats

DAY = date(2026, 11, 24)
ACME: Account = ("acme", "preview", False)
SMOKE: Account = ("smoke", "preview", True)
PLACE = ("id", 0)


def digest_of(plays: int) -> Digest:
    return Digest(Sums((), plays, 0, 0, 0), (), (), (), (), (), (), 0)


def findings_of(requests: dict[Account, Tally], records: int) -> Findings:
    rows = {account: PlayRows(tally.stored) for account, tally in requests.items()}
    counts = Counts({PLACE: requests}, sum(tally.requests for tally in requests.values()), rows)
    return Findings(DAY, "final", [], [Span(PLACE, 0, records, "record")], [], [], counts)


FOUND = findings_of({ACME: Tally(3, 10, 7, 2, 1)}, 3)


class ProofTest(unittest.TestCase):
    def said(self, findings: Findings, plays: int) -> str:
        return " ".join(proof_sentences(findings, digest_of(plays)))

    def test_a_plain_day(self) -> None:
        said = self.said(FOUND, 7)
        self.assertIn("3 requests were accepted on this day, and every one is in the books: 3 of 3.", said)
        self.assertIn("They held 10 logs: 7 were stored, 2 were repeats of logs stored before, and 1 could not", said)
        self.assertIn("The files have 7 rows, one for each stored log.", said)

    def test_a_day_without_a_request(self) -> None:
        said = self.said(findings_of({}, 0), 0)
        self.assertEqual(said, "No request was accepted on this day: nothing can be missing.")

    def test_test_clients_and_replays_explain_the_files_rows(self) -> None:
        found = findings_of({ACME: Tally(1, 7, 7), SMOKE: Tally(1, 2, 2)}, 2)
        replay = Replay(ACME, DAY - timedelta(days=3), 1, 1, 0)
        said = self.said(replace(found, counts=replace(found.counts, replays=[replay])), 8)
        self.assertIn("The files have 8 rows: 9 stored, 1 stored after all, less 2 of test clients.", said)
        self.assertIn("1 logs of acme (preview) were stored on this day by a replay", said)

    def test_a_declared_loss_is_counted_and_named(self) -> None:
        gap = Gap(PLACE, 3, 5, "a disk", "op", "", DAY)
        said = self.said(replace(findings_of({ACME: Tally(3, 3, 3)}, 5), gaps=[gap], losses=[Loss(gap, 2)]), 3)
        self.assertIn("5 requests were accepted on this day. 3 of them are in the books; 2 are declared lost.", said)
        self.assertIn("Lost: 2 records from offset 3 of partition 0 on: a disk (op).", said)
        unknown = replace(gap, end=None)
        said = self.said(replace(FOUND, losses=[Loss(unknown, 0)]), 7)
        self.assertIn("Lost: an unknown number of records", said)

    def test_a_provisional_day_says_what_still_waits(self) -> None:
        found = replace(FOUND, state="provisional", still_in_kafka={0: 4, 1: 5})
        said = self.said(found, 7)
        self.assertIn("So far 3 requests of this day are in the books. 9 requests are accepted and still wait", said)

    def test_unreadable_records_and_repeats_are_named(self) -> None:
        unreadable: dict[Account, Tally] = {(None, None, False): Tally(2, unreadable=2)}
        self.assertIn("2 records could not be read", self.said(findings_of(unreadable, 2), 0))
        self.assertIn(
            "3 requests of 12 logs were probably sent twice", self.said(replace(FOUND, repeats=Repeats(3, 12)), 7)
        )
