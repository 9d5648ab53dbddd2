"""What `playlog clients` does is what requests meet: two live keys, explanations, and the ledger of use."""

import unittest
from datetime import UTC, datetime

from tests.gateway.gateway_rig import GatewayRig, gateway_rig
from tests.integration.topic_rig import eventually


class ServedTest(unittest.TestCase):
    """What the word does is what requests meet."""

    def setUp(self) -> None:
        self.rig: GatewayRig = gateway_rig()

    def test_rotating_under_requests_refuses_none_and_says_which_key_is_used(self) -> None:
        name, first, _ = self.rig.client("--allow", "legacy.*")
        second, secret = self.rig.clients("rotate", name).stdout.split()
        self.assertEqual(self.rig.get("/1.2/artist/x", first).status_code, 200)
        self.rig.wait_until_known(second)
        self.assertEqual({self.rig.get("/1.2/artist/x", key).status_code for key in (first, second) * 4}, {200})
        self.assertEqual(self.rig.signed("GET", "/1.2/artist/x", second, secret).status_code, 200)
        eventually(
            lambda: self.rig.clients("show", name).stdout.count(f"last used {datetime.now(UTC):%Y-%m-}") == 2,
            "both keys were noted",
            6,
        )
        ids = [
            line.split()[1].rstrip(",")
            for line in self.rig.clients("show", name).stdout.splitlines()
            if "key  " in line
        ]
        self.rig.clients("revoke", name, "--key", ids[0])
        self.rig.wait_until_known(first, is_known=False)
        self.assertEqual(self.rig.get("/1.2/artist/x", second).status_code, 200)

    def test_explain_says_what_requests_meet(self) -> None:
        name, key, _ = self.rig.client("--allow", "logs.preview", "--signed", "legacy.artist", "--limit", "1")
        for path, signed, rule in (
            ("/1.2/user/preview/log", (), "verdict   200"),
            ("/1.2/catalogue/log", (), "verdict   403, by service"),
            ("/1.2/artist/x", (), "verdict   401, by must_sign"),
            ("/1.2/artist/x", ("--signed",), "verdict   200"),
        ):
            url = f"{self.rig.url}{path}?country=GB&oauth_consumer_key={key}"
            found = self.rig.clients("explain", url, *signed)
            self.assertEqual(found.returncode, 0, found.stderr)
            self.assertIn(rule, found.stdout)
            self.assertIn(f"client    {name}", found.stdout)
            self.assertNotIn(key, found.stdout)
        self.rig.post(b"{", key=key)
        self.rig.settled(name, 1)
        found = self.rig.clients("explain", "/1.2/user/preview/log", "--client", name)
        for part in ("verdict   429, by limit", "used      1 of 1", "header    X-RateLimit-Limit: 1"):
            self.assertIn(part, found.stdout)
        for url, rule in (
            (f"{self.rig.url}/1.2/limits", "no_key"),
            (f"/1.2/limits?oauth_consumer_key=x{key}", "unknown_key"),
        ):
            self.assertIn(f"verdict   401, by {rule}", self.rig.clients("explain", url).stdout)
        self.assertEqual(self.rig.clients("explain", f"{self.rig.url}/elsewhere").returncode, 1)

    def test_the_ledger_of_use_equals_the_access_log(self) -> None:
        limited, limited_key, secret = self.rig.client("--allow", "legacy.*", "--allow", "logs.*", "--limit", "20")
        free, free_key, _ = self.rig.client("--allow", "legacy.*", "--allow", "logs.*")
        for key in (limited_key, free_key):
            for path in ("x", "fails", "missing"):
                self.rig.get(f"/1.2/artist/{path}", key)
            self.rig.post(b"{", key=key)
            self.rig.get("/1.2/status", key)
            self.rig.get("/1.2/basket/x", f"not-{key}")
        self.rig.signed("GET", "/1.2/artist/x", limited_key, f"{secret}x")
        self.rig.signed("POST", "/1.2/artist/x", limited_key, secret, data={"a": "b"})
        for _ in range(25):
            self.rig.get("/1.2/artist/x", limited_key)
        self.rig.settled(limited, 20)
        self.rig.settled(free, 4)
        today = f"{datetime.now(UTC):%Y-%m-%d}"
        lines = self.rig.clients("usage", "--date", today).stdout.splitlines()
        self.assertIn(f"{limited}\t20", lines)
        self.assertIn(f"{free}\t4", lines)
        found = self.rig.clients("usage", "--access-log", str(self.rig.log_of_nginx))
        self.assertIn(f"{limited}\t20\t20\tequal", found.stdout.splitlines())
        self.assertIn(f"{free}\t4\t4\tequal", found.stdout.splitlines())
        self.assertEqual(self.rig.clients("usage", "--access-log", "/nowhere").returncode, 1)
        # One line less is seen.
        shorter = self.rig.home / "shorter.log"
        kept = self.rig.log_of_nginx.read_text().splitlines()
        at = next(place for place, line in enumerate(kept) if f'"client":"{free}","charged_on":"2' in line)
        shorter.write_text("\n".join(kept[:at] + kept[at + 1 :]))
        found = self.rig.clients("usage", "--access-log", str(shorter))
        self.assertEqual(found.returncode, 1)
        self.assertIn(f"{free}\t4\t3\t+1", found.stdout.splitlines())
