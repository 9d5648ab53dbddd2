"""Listeners who asked to be forgotten: known by their hash alone, replaced by a token wherever their logs come from."""

import unittest
from typing import Any

from common.erasure import TOKEN_START, listener_hash, new_token
from consumer.erased import ErasedListeners, Known
from tests.fakes.play_requests import log

SECRET = "s" * 32


class HashTest(unittest.TestCase):
    def test_no_two_listeners_are_thought_to_be_one(self) -> None:
        listeners = [("acme", "u1"), ("acme", "u1 "), ("acme", "U1"), ("acm", "e\nu1"), ("other", "u1"), ("acme", "ü1")]
        hashes = {listener_hash(SECRET, client, user) for client, user in listeners}
        self.assertEqual(len(hashes), len(listeners))
        self.assertNotIn(listener_hash("t" * 32, "acme", "u1"), hashes)

    def test_a_token_leads_back_to_nobody_and_fits_where_it_stands(self) -> None:
        tokens = {new_token() for _ in range(100)}
        self.assertEqual(len(tokens), 100)
        for token in tokens:
            self.assertRegex(token, rf"^{TOKEN_START}[A-Za-z0-9_-]{{22}}$")


class ApplyTest(unittest.TestCase):
    def setUp(self) -> None:
        self.erased = ErasedListeners(SECRET)
        self.erased._known = Known(1, {"acme": {listener_hash(SECRET, "acme", "gone"): "erased-t"}})

    def test_the_id_and_the_user_agent_become_the_token_and_nothing_else_changes(self) -> None:
        items = [log(userId="gone"), log(userId="here")]
        self.erased.apply("acme", items)
        self.assertEqual(items, [log(userId="erased-t", userAgent="erased-t"), log(userId="here")])

    def test_another_clients_listener_of_the_same_id_is_left_alone(self) -> None:
        items = [log(userId="gone")]
        self.erased.apply("other", items)
        self.assertEqual(items, [log(userId="gone")])

    def test_logs_without_an_id_or_with_a_wrong_one_are_left_alone(self) -> None:
        items: list[dict[str, Any]] = [{"userAgent": "a"}, {"userId": 7}, {"userId": None}]
        self.erased.apply("acme", items)
        self.assertEqual(items, [{"userAgent": "a"}, {"userId": 7}, {"userId": None}])
