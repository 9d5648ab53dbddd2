"""Signatures of a client that isn't ours (requests-oauthlib), through nginx: G21 and G22 of the cases."""

import http.client
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

import requests
from oauthlib.oauth1 import Client as Signer

from devstack.ports import HOST
from tests.gateway.gateway_rig import SECONDS, GatewayRig, gateway_rig
from tests.integration.ingest_sender import log

POST = "/1.2/user/preview/log?country=GB"


class SignedTest(unittest.TestCase):
    rig: GatewayRig
    key: str
    secret: str

    @classmethod
    def setUpClass(cls) -> None:
        cls.rig = gateway_rig()
        _, cls.key, cls.secret = cls.rig.client("--signed", "logs.preview", "--signed", "legacy.artist")

    def sign(self, url: str, method: str = "GET", **options: Any) -> tuple[str, dict[str, str]]:
        """URL and headers of a request, signed."""
        signer = Signer(self.key, options.pop("secret", self.secret), **options)
        uri, headers, _ = signer.sign(url, method)  # type: ignore[arg-type]  # it takes any method
        return uri, headers

    def test_somebody_elses_client_posts_logs(self) -> None:
        for how in ("AUTH_HEADER", "QUERY"):
            for method in ("HMAC-SHA1", "HMAC-SHA256"):
                options = {"signature_type": how, "signature_method": method}
                reply = self.rig.signed("POST", POST, self.key, self.secret, json={"logs": [log()]}, **options)
                self.assertEqual((reply.status_code, reply.text), (200, "{}"), (how, method))
                self.assertIn("X-Receipt", reply.headers)

    def test_somebody_elses_client_uses_the_legacy_api(self) -> None:
        path = "/1.2/artist/details?q=a%20b~c%2Bd"
        for how in ("AUTH_HEADER", "QUERY", "BODY"):
            for method in ("HMAC-SHA1", "HMAC-SHA256"):
                options = {"signature_type": how, "signature_method": method}
                reply = self.rig.signed("POST", path, self.key, self.secret, data={"name": "b c~+ü"}, **options)
                self.assertEqual(reply.status_code, 200, (how, method, reply.text))
                self.assertIn("name=b+c~%2B%C3%BC", reply.json()["body"])
        self.assertEqual(self.rig.signed("GET", path, self.key, self.secret).status_code, 200)

    def test_without_a_right_signature_it_is_401_with_a_reason(self) -> None:
        self.assertIn("takes signed requests only", self.rig.get("/1.2/artist/x", self.key).text)
        for reply in (
            self.rig.signed("GET", "/1.2/artist/x", self.key, "wrong"),
            self.rig.signed("POST", "/1.2/artist/x", self.key, "wrong", data={"a": "b"}),
        ):
            self.assertEqual(reply.status_code, 401)
            self.assertIn("invalid signature", reply.text)

    def test_a_plus_in_the_signature_and_a_raw_one(self) -> None:
        # G21: postman-app-support #5982, python-oauth2 #15, oauth-client-rs #16.
        url = f"{self.rig.url}/1.2/artist/x?q=a%20b~c%2Bd"
        for number in range(500):
            signed, _ = self.sign(url, signature_type="QUERY", nonce=f"plus{number}")
            if "%2B" in signed.partition("oauth_signature=")[2]:
                break
        place = signed.index("oauth_signature=")
        raw = signed[:place] + signed[place:].replace("%2B", "+")
        self.assertEqual([self.send(raw), self.send(signed)], [401, 200])

    def send(self, url: str, **headers: str) -> int:
        """The status of a GET whose target is sent exactly as it is."""
        connection = self.rig.connect()
        try:
            connection.request("GET", url.removeprefix(self.rig.url), headers=headers)
            reply = connection.getresponse()
            reply.read()
            return reply.status
        finally:
            connection.close()

    def test_of_twenty_copies_at_once_one_passes(self) -> None:
        # G22: carlos-emr #2955 and #3000, openEQUELLA #227.
        for path in ("/1.2/artist/x", "/1.2/artist/y"):
            url, headers = self.sign(f"{self.rig.url}{path}")
            ask = partial(requests.get, url, headers=headers, timeout=SECONDS)
            with ThreadPoolExecutor(20) as pool:
                found = Counter(reply.status_code for reply in pool.map(lambda _, ask=ask: ask(), range(20)))
            self.assertEqual(found, {200: 1, 401: 19})

    def test_a_clock_that_is_an_hour_off_hears_our_time(self) -> None:
        now = int(datetime.now(UTC).timestamp())
        for hour in (-3_600, 3_600):
            url, headers = self.sign(f"{self.rig.url}/1.2/artist/x", timestamp=str(now + hour))
            reply = requests.get(url, headers=headers, timeout=SECONDS)
            self.assertEqual(reply.status_code, 401)
            self.assertRegex(reply.text, rf"our time, {str(now)[:7]}\d{{3}} \({datetime.now(UTC):%Y-%m-%dT%H:}")

    def test_host_and_scheme_are_those_that_the_client_saw(self) -> None:
        _, headers = self.sign("http://api.example:8443/1.2/artist/x")
        self.assertEqual(self.send("/1.2/artist/x", **headers, Host="api.example:8443"), 200)
        _, headers = self.sign("https://api.example/1.2/artist/x")
        # Whoever isn't a proxy of ours is not believed.
        forged = {"Host": "api.example", "X-Forwarded-Proto": "https"}
        self.assertEqual(self.send("/1.2/artist/x", **headers, **forged), 401)
        self.assertEqual(self.behind_a_proxy(headers), 200)

    def behind_a_proxy(self, headers: dict[str, str]) -> int:
        """The status of a request that a load balancer (TRUSTED_PROXIES) took over TLS."""
        connection = http.client.HTTPConnection(HOST, self.rig.port, SECONDS, ("127.0.0.2", 0))
        try:
            given = {**headers, "Host": "api.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
            connection.request("GET", "/1.2/artist/x", headers=given)
            reply = connection.getresponse()
            reply.read()
            return reply.status
        finally:
            connection.close()

    def test_forged_headers_change_nothing_that_was_signed(self) -> None:
        url, headers = self.sign(f"{self.rig.url}/1.2/artist/x")
        forged = {
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Proto": "https",
            "Forwarded": "host=evil.example;proto=https",
            "X-Original-URI": "/1.2/basket/x",
            "X-Original-Method": "DELETE",
        }
        self.assertEqual(requests.get(url, headers=headers | forged, timeout=SECONDS).status_code, 200)
        _, headers = self.sign("http://evil.example/1.2/artist/x")
        self.assertEqual(self.send("/1.2/artist/x", **headers, **{"X-Forwarded-Host": "evil.example"}), 401)

    def test_port_of_nginx_is_part_of_what_was_signed(self) -> None:
        _, headers = self.sign(f"http://{HOST}/1.2/artist/x")
        self.assertEqual(self.send("/1.2/artist/x", **headers), 401)
