"""Verdicts on three answers: a fault of ours is found, a clock in the legacy API's answers is noise."""

import unittest

from moving.comparator.canonical import Answer
from moving.comparator.judge import Judgement, judge

TITLE = "/response/track/title"


def answer(title: str = "a", made: str = "1", status: int = 200, seconds: float = 0.01) -> Answer:
    body = f"<response><track><title>{title}</title><made>{made}</made></track></response>"
    return Answer(status, "application/xml; charset=utf-8", body.encode(), seconds)


class JudgeTest(unittest.TestCase):
    def judge(self, legacy: Answer, again: Answer, ours: Answer | None, *ignored: str) -> Judgement:
        return judge(legacy, again, ours, ignored)

    def test_the_same_is_equal(self) -> None:
        self.assertEqual(self.judge(answer(), answer(), answer()), Judgement("equal"))

    def test_a_wrong_field_differs_and_is_named_with_both_values(self) -> None:
        found = self.judge(answer(), answer(), answer("b"))
        self.assertEqual((found.verdict, [tuple(each) for each in found.fields]), ("differs", [(TITLE, "a", "b")]))

    def test_what_the_legacy_api_says_differently_itself_is_noise(self) -> None:
        found = self.judge(answer(made="1"), answer(made="2"), answer(made="3"))
        self.assertEqual((found.verdict, [each.place for each in found.fields]), ("noise", ["/response/track/made"]))

    def test_a_difference_beside_noise_differs_and_the_noise_is_not_named(self) -> None:
        found = self.judge(answer(made="1"), answer(made="2"), answer("b", made="3"))
        self.assertEqual((found.verdict, [each.place for each in found.fields]), ("differs", [TITLE]))

    def test_a_field_that_may_differ_is_not_looked_at_nor_what_is_below_it(self) -> None:
        self.assertEqual(self.judge(answer(), answer(), answer("b"), TITLE).verdict, "equal")
        self.assertEqual(self.judge(answer(), answer(), answer("b"), "/response/track").verdict, "equal")
        self.assertEqual(self.judge(answer(), answer(), answer("b"), "/response/tra").verdict, "differs")

    def test_no_answer_and_a_5xx_of_ours_alone_have_failed(self) -> None:
        self.assertEqual(self.judge(answer(), answer(), None).verdict, "failed")
        self.assertEqual(self.judge(answer(), answer(), answer(status=503)).verdict, "failed")

    def test_where_the_legacy_api_fails_too_the_status_is_a_field(self) -> None:
        self.assertEqual(self.judge(answer(status=500), answer(status=500), answer(status=500)).verdict, "equal")
        found = self.judge(answer(status=500), answer(status=500), answer())
        self.assertEqual((found.verdict, tuple(found.fields[0])), ("differs", ("@status", "500", "200")))
        self.assertEqual(self.judge(answer(status=500), answer(), answer()).verdict, "noise")

    def test_404_beside_200_differs(self) -> None:
        self.assertEqual(self.judge(answer(), answer(), answer(status=404)).verdict, "differs")

    def test_the_same_but_later_is_slower_and_a_quick_answer_never_is(self) -> None:
        self.assertEqual(self.judge(answer(seconds=0.1), answer(), answer(seconds=0.3)).verdict, "slower")
        self.assertEqual(self.judge(answer(seconds=0.1), answer(), answer(seconds=0.15)).verdict, "equal")
        self.assertEqual(self.judge(answer(seconds=0.001), answer(), answer(seconds=0.04)).verdict, "equal")

    def test_few_and_short_values_are_kept(self) -> None:
        many = "".join(f"<n{number}>{'x' * 500}</n{number}>" for number in range(50))
        found = judge(answer(), answer(), Answer(200, "application/xml", f"<r>{many}</r>".encode(), 0.0))
        self.assertEqual(len(found.fields), 20)
        self.assertTrue(all(len(each.ours or "") <= 200 for each in found.fields))
