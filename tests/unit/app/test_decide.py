"""The verdict as one function: who is it, may it, how much is left."""

import unittest
from datetime import UTC, date, datetime

from app.gateway.client import Client, LiveKey
from app.gateway.clients import NO_KEY, UNKNOWN_KEY
from app.gateway.decide import decide
from app.gateway.decision import Allowance, Caller, Outcome, headers_of
from app.gateway.services import LIMITS, RECEIPTS, STATUS, Service
from app.gateway.signature import USED_NONCE

NOW = datetime(2026, 3, 10, 18, 44, 6, tzinfo=UTC)
PREVIEW = Service("logs.preview")


class FixedQuota:
    """Answers as it is told; remembers how often it was asked to take."""

    def __init__(self, outcome: Outcome = Outcome.TAKEN, current: int = 1, *, is_degraded: bool = False) -> None:
        self.outcome, self.current, self.is_degraded = outcome, current, is_degraded
        self.taken = 0

    def take(self, client: Client, now: datetime) -> Allowance | date:
        self.taken += 1
        if client.daily_limit is None:
            return now.date()
        return self._allowance(client, self.outcome, now)

    def look(self, client: Client, now: datetime) -> Allowance | None:
        return None if client.daily_limit is None else self._allowance(client, Outcome.LOOKED, now)

    def refund(self, client: str, day: date, *, was_lent: bool = False) -> None:
        raise AssertionError("a verdict gives nothing back")

    def _allowance(self, client: Client, outcome: Outcome, now: datetime) -> Allowance:
        assert client.daily_limit is not None
        return Allowance(outcome, client.daily_limit, self.current, now.date(), 18_953, self.is_degraded)


def caller(limit: int | None = 4_000, *, is_signed: bool = False, **services: bool) -> Caller:
    allowed = {name.replace("_", ".").replace(".all", ".*"): sign for name, sign in services.items()}
    return Caller(LiveKey(Client("acme", daily_limit=limit, services=allowed), b"h" * 32), is_signed=is_signed)


class DecideTest(unittest.TestCase):
    def assert_refused(self, who: Caller, service: Service, status: int, rule: str, code: int) -> None:
        """Refused by that rule, and not counted."""
        quota = FixedQuota()
        found = decide(who, service, quota, NOW)
        assert found.fault is not None
        self.assertEqual((found.fault.status, found.fault.rule, found.fault.code), (status, rule, code))
        self.assertEqual((found.charged_on, quota.taken), (None, 0))

    def test_a_known_client_with_the_service_passes_and_is_counted(self) -> None:
        for who in (caller(logs_preview=False), caller(logs_all=False), caller(logs_preview=True, is_signed=True)):
            quota = FixedQuota()
            found = decide(who, PREVIEW, quota, NOW)
            self.assertIsNone(found.fault)
            self.assertEqual((found.charged_on, quota.taken), (NOW.date(), 1))

    def test_who_is_not_known_is_refused_as_the_list_says(self) -> None:
        self.assert_refused(Caller(None, NO_KEY), PREVIEW, 401, "no_key", 1001)
        self.assert_refused(Caller(None, UNKNOWN_KEY), STATUS, 401, "unknown_key", 1002)

    def test_a_wrong_signature_is_refused_before_anything_else_is_asked(self) -> None:
        who = caller(logs_preview=False)._replace(fault=USED_NONCE)
        for service in (PREVIEW, STATUS, Service("tracks")):
            self.assert_refused(who, service, 401, "nonce", 1002)

    def test_what_nobody_allowed_is_denied(self) -> None:
        for who, service in (
            (caller(), "logs.preview"),
            (caller(logs_preview=False), "logs.catalogue"),
            (caller(logs_all=False), "tracks"),
            (caller(logs_all=False, tracks=False), "legacy.artist"),
            (caller(legacy_artist=False), "legacy.basket"),
        ):
            self.assert_refused(who, Service(service), 403, "service", 7001)

    def test_a_service_that_wants_a_signature_takes_no_other(self) -> None:
        self.assert_refused(caller(logs_preview=True), PREVIEW, 401, "must_sign", 1001)
        # The one that was named counts, and not its family.
        self.assert_refused(caller(logs_all=False, logs_preview=True), PREVIEW, 401, "must_sign", 1001)

    def test_open_services_need_a_live_key_alone_and_are_not_counted(self) -> None:
        for service in (STATUS, LIMITS):
            quota = FixedQuota()
            found = decide(caller(), service, quota, NOW)
            self.assertIsNone(found.fault)
            self.assertEqual((found.charged_on, quota.taken), (None, 0))

    def test_a_receipt_needs_one_stream_of_logs(self) -> None:
        self.assertIsNone(decide(caller(logs_catalogue=False), RECEIPTS, FixedQuota(), NOW).fault)
        self.assertIsNone(decide(caller(logs_catalogue=True, logs_preview=False), RECEIPTS, FixedQuota(), NOW).fault)
        self.assert_refused(caller(logs_catalogue=True), RECEIPTS, 401, "must_sign", 1001)
        self.assert_refused(caller(tracks=False), RECEIPTS, 403, "service", 7001)

    def test_a_used_up_day_is_429_with_the_platforms_own_sentence(self) -> None:
        found = decide(caller(logs_all=False), PREVIEW, FixedQuota(Outcome.EXHAUSTED, 4_000), NOW)
        assert found.fault is not None
        self.assertEqual((found.fault.status, found.fault.rule, found.charged_on), (429, "limit", None))
        self.assertEqual(found.fault.message, "You have exceeded your daily request limit of 4000.")

    def test_what_can_not_be_counted_is_503_and_no_429(self) -> None:
        found = decide(caller(logs_all=False), PREVIEW, FixedQuota(Outcome.UNKNOWN, 7, is_degraded=True), NOW)
        assert found.fault is not None
        self.assertEqual((found.fault.status, found.fault.rule, found.charged_on), (503, "uncounted", None))

    def test_the_same_arguments_give_the_same_verdict(self) -> None:
        who = caller(logs_all=False)
        self.assertEqual(decide(who, PREVIEW, FixedQuota(), NOW), decide(who, PREVIEW, FixedQuota(), NOW))


class HeadersTest(unittest.TestCase):
    def headers(self, who: Caller, quota: FixedQuota, service: Service = PREVIEW) -> dict[str, str]:
        return headers_of(decide(who, service, quota, NOW))

    def test_the_three_stand_on_every_answer_of_a_client_with_a_limit(self) -> None:
        wanted = {"X-RateLimit-Limit": "4000", "X-RateLimit-Current": "24", "X-RateLimit-Reset": "18953"}
        for who in (caller(logs_all=False), caller(), caller(logs_all=True), caller()._replace(fault=USED_NONCE)):
            self.assertEqual(self.headers(who, FixedQuota(current=24)), wanted)

    def test_a_client_without_a_limit_has_none(self) -> None:
        self.assertEqual(self.headers(caller(None, logs_all=False), FixedQuota()), {})
        self.assertEqual(self.headers(Caller(None, NO_KEY), FixedQuota()), {})

    def test_from_80_percent_on_there_is_a_warning(self) -> None:
        for current, is_warned in ((3_199, False), (3_200, True), (4_000, True)):
            found = self.headers(caller(logs_all=False), FixedQuota(current=current))
            self.assertEqual("X-RateLimit-Warning" in found, is_warned, current)

    def test_a_used_up_day_is_worth_another_try_after_midnight(self) -> None:
        found = self.headers(caller(logs_all=False), FixedQuota(Outcome.EXHAUSTED, 4_000))
        self.assertEqual(found["Retry-After"], "18954")

    def test_counting_without_the_counter_is_said(self) -> None:
        found = self.headers(caller(logs_all=False), FixedQuota(is_degraded=True))
        self.assertEqual(found["X-Gateway-Status"], "degraded")
        self.assertEqual(
            self.headers(caller(None)._replace(is_degraded=True), FixedQuota())["X-Gateway-Status"], "degraded"
        )
        self.assertEqual(
            self.headers(caller(logs_all=False), FixedQuota(Outcome.UNKNOWN, is_degraded=True))["Retry-After"], "5"
        )
