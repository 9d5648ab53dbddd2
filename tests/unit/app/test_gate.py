"""Who is it: the key in every place where clients put it, and what is answered when nobody can tell."""

import json
import unittest
from datetime import timedelta

from app.gateway.client import ClientList
from app.gateway.clients import FRESH_SECONDS, Clients
from app.gateway.keys import find_keys, hash_key, read_header
from tests.unit.app.bench import KEY, PATH, SECRET, AppCase


class FindKeyTest(unittest.TestCase):
    def test_the_header_is_read_with_and_without_its_scheme(self) -> None:
        for header in (
            'OAuth oauth_consumer_key="k-1"',
            "oauth_consumer_key=k-1",
            "oauth oauth_consumer_key=k-1",
            'OAuth realm="x",oauth_consumer_key="k-1",oauth_signature="a%2Bb%3D"',
            'OAuth  realm="", OAUTH_Consumer_Key = "k-1" , oauth_nonce="1"',
            'OAUTH\toauth_consumer_key="k%2D1"',
        ):
            with self.subTest(header):
                self.assertEqual(find_keys(read_header(header)), {"k-1"})

    def test_a_header_of_another_kind_has_no_key(self) -> None:
        for header in (
            None,
            "",
            "OAuth",
            "Basic b2F1dGg=",
            "Bearer oauth_consumer_key",
            "OAuth xoauth_consumer_key=k",
            "OAuth oauth_consumer_key=",
        ):
            with self.subTest(header):
                self.assertEqual(find_keys(read_header(header)), set())

    def test_every_place_is_looked_at(self) -> None:
        places = {"oauth_consumer_key": "a"}, {"oauth_consumer_key": ""}, {"oauth_consumer_key": "b"}
        self.assertEqual(find_keys(*places), {"a", "b"})

    def test_keys_are_told_apart_by_case_and_by_the_secret(self) -> None:
        hashes = {
            hash_key("k", SECRET),
            hash_key("K", SECRET),
            hash_key("k", SECRET.upper()),
            hash_key("k\udc80", SECRET),
        }
        self.assertEqual({len(each) for each in hashes}, {32})
        self.assertEqual(len(hashes), 4)


class IdentifyTest(AppCase):
    def get(self, query: str = "", **headers: str) -> int:
        return self.http.get(f"/1.2/status?{query}", headers=headers).status_code

    def test_names_of_parameters_have_no_case_and_keys_have(self) -> None:
        for name in ("oauth_consumer_key", "OAUTH_CONSUMER_KEY", "Oauth_Consumer_Key", "oauth%5Fconsumer%5Fkey"):
            self.assertEqual(self.get(f"{name}={KEY}"), 200, name)
        self.assertEqual(self.get(f"oauth_consumer_key={KEY.upper()}"), 401)

    def test_the_header_lets_a_client_in(self) -> None:
        self.assertEqual(self.get(Authorization=f'OAuth oauth_consumer_key="{KEY}"'), 200)
        self.assertEqual(self.get(Authorization=f"oauth_consumer_key={KEY}"), 200)

    def test_no_key_and_an_unknown_key_are_401_in_our_shape(self) -> None:
        for query, code in (("", 1001), ("oauth_consumer_key=nobody", 1002), ("oauth_consumer_key=%ff%00", 1002)):
            reply = self.http.post(f"{PATH}?country=GB&{query}", json={"logs": [self.log()]})
            self.assertEqual(self.assert_refused(reply, 401)["code"], code)

    def test_a_key_is_checked_before_anything_else_is_looked_at(self) -> None:
        self.assertEqual(self.http.post(PATH, data=b"\xff").status_code, 401)

    def test_a_revoked_key_is_refused_as_soon_as_the_list_is_newer(self) -> None:
        self.list_clients()
        self.assertEqual(self.get(f"oauth_consumer_key={KEY}"), 401)

    def test_without_any_list_it_is_503_and_never_401(self) -> None:
        self.clients._list = None
        reply = self.post_logs(self.log())
        self.assertEqual((reply.status_code, reply.headers["X-Kept"]), (503, "no"))
        self.assertGreater(int(reply.headers["Retry-After"]), 0)

    def test_in_an_old_list_known_keys_are_known_and_others_are_503(self) -> None:
        self.clock.turn(FRESH_SECONDS + 0.1)
        self.assertEqual(self.post_logs(self.log()).status_code, 200)
        reply = self.http.post(f"{PATH}?country=GB&oauth_consumer_key=new", json={})
        self.assertEqual((reply.status_code, reply.headers["X-Kept"]), (503, "no"))
        self.assertIn("Retry-After", reply.headers)

    def test_the_age_of_a_list_is_known(self) -> None:
        clients = Clients(SECRET, self.clock)
        self.assertIsNone(clients.age_seconds())
        clients.replace(ClientList({}, self.clock.now() - timedelta(seconds=3)))
        self.assertEqual(clients.age_seconds(), 3)

    def test_too_many_parameters_are_refused(self) -> None:
        query = "&".join(f"p{number}=1" for number in range(101))
        self.assertEqual(self.get(query), 400)

    def test_a_test_client_marks_its_records(self) -> None:
        body = json.dumps({"logs": [self.log()]})
        self.http.post(f"{PATH}?country=GB&oauth_consumer_key=k3y-of-smoke", data=body, content_type="application/json")
        self.post(body)
        self.assertEqual(
            [(each.client, each.is_test) for each in self.publisher.records], [("smoke", True), ("acme", False)]
        )
