"""The region database is away: logs go on, a bounded number is lent, nonces count in each process; then it is back."""

import unittest

import requests

from tests.gateway.gateway_rig import BUDGET, FEW_WORKERS, GatewayRig, restarted_rig
from tests.integration.ingest_sender import body_of, log
from tests.integration.topic_rig import eventually

POST = "/1.2/user/preview/log?country=GB"


class AwayTest(unittest.TestCase):
    def test_clients_are_served_within_bounds_and_charged_afterwards(self) -> None:
        rig = restarted_rig()
        logs = ("--allow", "logs.*")
        (limited, limited_key, _), (full, full_key, _), (free, free_key, _), (gone, gone_key, _), signer = rig.several(
            (*logs, "--limit", "1000"), (*logs, "--limit", "3"), logs, logs, ("--signed", "logs.*")
        )
        rig.clients("revoke", gone)
        rig.wait_until_known(gone_key, is_known=False)
        self.assertEqual([self.post(rig, key) for key in (limited_key, full_key, full_key, full_key)], [200] * 4)
        for name, used in ((limited, 1), (full, 3)):
            rig.settled(name, used)
        # All workers have read what the others counted.
        rig.wait_until_known(full_key)
        rig.stack.mariadb.kill()
        try:
            lent, replies = self.while_away(rig, limited_key, full_key)
            self.assertEqual([self.post(rig, free_key) for _ in range(30)], [200] * 30)
            signed = rig.signed("POST", POST, signer.key, signer.secret, json={"logs": [log()]})
            self.assertEqual((signed.status_code, signed.headers["X-Gateway-Status"]), (200, "degraded"))
            again = signed.request
            # Revoked before: refused while the list is fresh, and 503 when it is old. Never let in.
            self.assertIn(self.post(rig, gone_key), {401, 503})
        finally:
            rig.stack.mariadb.restart()
        # One after the other, they may all have gone to the same process.
        self.assertIn(lent, range(BUDGET, FEW_WORKERS * BUDGET + 1))
        self.assertEqual(replies, {200, 503})
        rig.settled(limited, 1 + lent)
        rig.settled(full, 3)
        rig.settled(free, 30)
        # The nonce that was used meanwhile is known to all now.
        with requests.Session() as session:
            eventually(lambda: "X-Gateway-Status" not in self.limits(rig, limited_key), "the counters are back", 10)
            self.assertEqual({session.send(again, timeout=20).status_code for _ in range(8)}, {401})

    def while_away(self, rig: GatewayRig, limited_key: str, full_key: str) -> tuple[int, set[int]]:
        """How many of the limited client were let in, and all statuses that it got."""
        found = [rig.post(body_of(log()), key=limited_key) for _ in range(12 * BUDGET)]
        self.assertEqual({reply.headers["X-Gateway-Status"] for reply in found}, {"degraded"})
        self.assertEqual({reply.headers.get("X-Kept") for reply in found if reply.status == 503}, {"no"})
        # Who had nothing left is lent nothing.
        self.assertEqual({self.post(rig, full_key) for _ in range(8)}, {429})
        return sum(reply.status == 200 for reply in found), {reply.status for reply in found}

    def post(self, rig: GatewayRig, key: str) -> int:
        return rig.post(body_of(log()), key=key).status

    def limits(self, rig: GatewayRig, key: str) -> set[str]:
        return {name for _ in range(6) for name in rig.get("/1.2/limits", key).headers}

    def test_a_start_without_it_serves_from_the_list_on_the_disk(self) -> None:
        rig = restarted_rig()
        known, gone = rig.several(("--allow", "logs.*"), ("--allow", "logs.*"))
        rig.clients("revoke", gone.name)
        rig.wait_until_known(gone.key, is_known=False)
        rig.service.stop()
        rig.stack.mariadb.kill()
        try:
            rig.service.restart()
            self.assertEqual({self.post(rig, known.key) for _ in range(8)}, {200})
            # The list is old: a key that isn't in it can't be called unknown.
            eventually(lambda: {self.post(rig, gone.key) for _ in range(8)} == {503}, "the list is old", 15)
        finally:
            rig.stack.mariadb.restart()
        eventually(lambda: {self.post(rig, gone.key) for _ in range(8)} == {401}, "the list is fresh again", 10)
