"""OAuth 1.0 signatures: made by somebody else's client, verified by ours."""

import logging
from datetime import timedelta

from oauthlib.oauth1 import (
    SIGNATURE_HMAC_SHA1,
    SIGNATURE_HMAC_SHA256,
    SIGNATURE_PLAINTEXT,
    SIGNATURE_TYPE_BODY,
    SIGNATURE_TYPE_QUERY,
)

from app.gateway.decision import Fault
from app.gateway.presented import present
from app.gateway.sealed import SealingKeys
from app.gateway.signature import SKEW_SECONDS, Signed, verify
from tests.fakes.hand_clock import NOON
from tests.unit.app.bench import KEY, SEALING_KEYS
from tests.unit.app.signature_case import LIVE, SignatureCase, environ_of, signed


class VerifyTest(SignatureCase):
    def test_both_methods_in_every_place_are_verified(self) -> None:
        for method in (SIGNATURE_HMAC_SHA1, SIGNATURE_HMAC_SHA256):
            self.assert_right(signed(signature_method=method))
            self.assert_right(signed(signature_method=method, signature_type=SIGNATURE_TYPE_QUERY))
            self.assert_right(
                signed(method="POST", body="a=b+c&d=~%2B", signature_method=method, signature_type=SIGNATURE_TYPE_BODY)
            )

    def test_scheme_host_port_path_query_method_and_form_are_covered(self) -> None:
        request = signed("https://api.example:8443/1.2/artist/x?a=1", "POST", "b=2")
        self.assert_right(request)
        for changes in (
            {"scheme": "http"},
            {"host": "api.example"},
            {"host": "other.example:8443"},
            {"target": "/1.2/artist/y?a=1"},
            {"target": "/1.2/artist/x?a=2"},
            {"target": "/1.2/artist/x?a=1&c=3"},
            {"method": "PUT"},
            {"form_body": "b=3"},
        ):
            with self.subTest(changes):
                self.assert_wrong(request._replace(**changes))  # type: ignore[arg-type]

    def test_the_default_port_is_no_part_of_it(self) -> None:
        self.assert_right(signed("http://api.example:80/1.2/status")._replace(host="api.example"))
        self.assert_right(signed("https://api.example/1.2/status")._replace(host="api.example:443"))
        self.assert_right(signed("http://API.example/1.2/status")._replace(host="api.EXAMPLE"))

    def test_another_secret_or_another_key_is_wrong(self) -> None:
        self.assert_wrong(signed(secret="other"))
        found = verify(signed(), "other-key", LIVE, SEALING_KEYS, NOON)
        assert isinstance(found, Fault)
        self.assertEqual(found.rule, "signature")

    def test_other_methods_are_not_taken(self) -> None:
        self.assert_wrong(signed(signature_method=SIGNATURE_PLAINTEXT), says="must be HMAC-SHA1 or HMAC-SHA256")

    def test_a_header_without_its_scheme_is_read_all_the_same(self) -> None:
        request = signed()
        self.assert_right(request._replace(authorization=request.authorization.removeprefix("OAuth ")))

    def test_another_kind_of_header_beside_a_signed_query_is_passed_over(self) -> None:
        request = signed(signature_type=SIGNATURE_TYPE_QUERY)
        self.assert_right(present(environ_of(request, "Basic dXNlcjpwdw==")))

    def test_parameters_in_two_places_are_refused(self) -> None:
        request = signed()
        self.assert_wrong(
            request._replace(target=f"{request.target}&oauth_consumer_key={KEY}"), says="must stand in one place"
        )

    def test_a_clock_that_is_off_hears_our_time(self) -> None:
        for ahead in (-3_600, -SKEW_SECONDS - 1, SKEW_SECONDS + 1, 3_600):
            found = self.verify(signed(), -ahead)
            assert isinstance(found, Fault)
            ours = NOON + timedelta(seconds=-ahead)
            self.assertEqual((found.status, found.rule), (401, "timestamp"))
            for part in (
                f"{abs(ahead)} s",
                f"{ours:%Y-%m-%dT%H:%M:%SZ}",
                str(int(ours.timestamp())),
                f"{SKEW_SECONDS} s",
            ):
                self.assertIn(part, found.message)
        for ahead in (-SKEW_SECONDS, SKEW_SECONDS):
            self.assertIsInstance(self.verify(signed(), ahead), Signed)

    def test_a_timestamp_or_a_nonce_that_is_none_is_refused(self) -> None:
        for stamp in ("", "12345", "1_00000000", "abcdefghij", "-100000000", "١٢٣٤٥٦٧٨٩٠"):
            self.assert_wrong(signed(timestamp=stamp))
        for nonce in ("a b", "n" * 256, "ü"):
            self.assert_wrong(signed(nonce=nonce))

    def test_what_only_the_realm_says_is_no_nonce(self) -> None:
        # The realm isn't signed: whoever captured a request could write a new nonce into it.
        request = signed()
        parameters = request.authorization.removeprefix("OAuth ")
        forged = f'OAuth realm="x, oauth_nonce=fresh, oauth_timestamp=1", {parameters}'
        self.assertEqual(self.verify(present(environ_of(request, forged))), Signed(int(NOON.timestamp()), "n-1"))
        doubled = present({**environ_of(request, request.authorization), "QUERY_STRING": "OAUTH_NONCE=fresh"})
        self.assertEqual(self.verify(doubled), Signed(int(NOON.timestamp()), "n-1"))

    def test_a_secret_that_can_not_be_opened_is_our_fault(self) -> None:
        logging.disable(logging.ERROR)
        self.addCleanup(logging.disable, logging.NOTSET)
        found = verify(signed(), KEY, LIVE, SealingKeys({"other": b"o" * 32}), NOON)
        assert isinstance(found, Fault)
        self.assertEqual((found.status, found.rule, found.code), (503, "sealed", 7001))

    def test_nothing_of_it_is_logged(self) -> None:
        root = logging.getLogger()
        with self.assertNoLogs(root, logging.DEBUG):
            self.verify(signed(secret="other"))
            self.verify(signed(timestamp="x"))
