"""What can be allowed, and which service of the legacy API a path is."""

import unittest

from app.gateway.legacy import legacy_service
from app.gateway.services import grant_name


class GrantTest(unittest.TestCase):
    def test_services_and_families_can_be_allowed(self) -> None:
        for name in (
            "logs.preview",
            "logs.subscription",
            "logs.catalogue",
            "logs.*",
            "tracks",
            "legacy.*",
            "legacy.user",
        ):
            self.assertEqual(grant_name(name), name)

    def test_nothing_else_can(self) -> None:
        for name in (
            "",
            "*",
            "logs",
            "logs.other",
            "Logs.preview",
            "tracks.*",
            "legacy",
            "legacy.",
            "legacy.A",
            "a.b",
            "legacy.a.b",
        ):
            with self.subTest(name), self.assertRaisesRegex(ValueError, "must be logs.preview"):
                grant_name(name)


class LegacyPathTest(unittest.TestCase):
    def test_the_first_part_of_the_path_names_the_service(self) -> None:
        for target, name in (
            ("/1.2/artist/details?artistid=1", "legacy.artist"),
            ("/1.2/Artist/Details", "legacy.artist"),
            ("/1.2/user/payment/card", "legacy.user"),
            ("/1.2/basket", "legacy.basket"),
            ("/1.2/basket/?x=/../", "legacy.basket"),
            ("/1.2/release/a%20b", "legacy.release"),
        ):
            found = legacy_service(target)
            assert found is not None, target
            self.assertEqual(found.name, name)

    def test_a_path_that_two_servers_may_read_differently_has_none(self) -> None:
        for target in (
            "/",
            "",
            "/1.2/",
            "/1.2",
            "/1.1/artist",
            "/1.2/artist/../basket/add",
            "/1.2/artist/%2e%2e/basket/add",
            "/1.2/artist/%2E./basket",
            "/1.2/artist//details",
            "/1.2/artist%2fdetails",
            "/1.2/artist/a%2Fb",
            "/1.2/artist/a%5cb",
            "/1.2/artist/a\\b",
            "/1.2/artist/%00",
            "/1.2/./artist",
            "http://host/1.2/artist",
            "/1.2/artist\n/x",
            "/1.2/ärtist",
        ):
            with self.subTest(target):
                self.assertIsNone(legacy_service(target))
