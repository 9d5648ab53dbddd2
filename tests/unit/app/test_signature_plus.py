"""Signatures with characters that must be encoded, and with anything at all."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as some
from oauthlib.oauth1 import (
    SIGNATURE_TYPE_QUERY,
)

from app.gateway.decision import Fault
from app.gateway.presented import Presented, present
from app.gateway.signature import Signed
from tests.unit.app.signature_case import SignatureCase, environ_of, presented, signed


class PlusTest(SignatureCase):
    """G21: plus, tilde and blank (postman-app-support #5982, python-oauth2 #15, oauth-client-rs #16)."""

    def with_a_plus(self, **options: Any) -> Presented:
        for number in range(200):
            request = signed(nonce=f"plus-{number}", **options)
            if "%2B" in (request.authorization or request.target):
                return request
        raise AssertionError("no signature with a plus in 200")

    def test_a_plus_within_the_signature_is_right_in_query_and_header(self) -> None:
        for options in ({}, {"signature_type": SIGNATURE_TYPE_QUERY}):
            self.assertIsInstance(self.verify(self.with_a_plus(uri="http://a.example/1.2/x", **options)), Signed)

    def test_a_raw_plus_is_a_blank_and_so_another_signature(self) -> None:
        request = self.with_a_plus(uri="http://a.example/1.2/x", signature_type=SIGNATURE_TYPE_QUERY)
        raw = request.target.replace("%2B", "+")
        self.assert_wrong(present({**environ_of(request, ""), "RAW_URI": raw, "QUERY_STRING": raw.partition("?")[2]}))

    def test_blank_tilde_and_plus_in_a_parameter(self) -> None:
        for query in ("q=a%20b~c%2Bd", "q=a+b~c%2Bd", "q=a%20b%7Ec%2Bd"):
            self.assert_right(signed(f"http://a.example/1.2/x?{query}", signature_type=SIGNATURE_TYPE_QUERY))

    def test_what_is_not_encoded_is_401_and_no_error_of_ours(self) -> None:
        request = signed()
        for query in ("q=%zz", 'q="', "q=ä", "q=[1]", "q=%"):
            self.assert_wrong(request._replace(target=f"/1.2/x?{query}"))


class AnythingTest(SignatureCase):
    @given(some.text(max_size=60), some.text(max_size=60), some.text(max_size=60), some.text(max_size=30))
    def test_whatever_is_sent_the_answer_is_a_verdict(self, target: str, header: str, form: str, host: str) -> None:
        request = presented("http://h/x", "POST", form, f"OAuth oauth_signature=x,{header}")
        request = request._replace(target=f"/{target}?oauth_signature=x&{target}", host=host)
        self.assertIsInstance(self.verify(request), Fault)
        self.assertTrue(request.is_signed)
