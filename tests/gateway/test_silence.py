"""G24: neither a key nor a secret nor a signature stands in anything that is written (Obsyd #97, Floppy #786)."""

import unittest
from pathlib import Path

from tests.gateway.gateway_rig import metrics_agent, restarted_rig
from tests.integration.ingest_sender import log
from tests.integration.topic_rig import eventually

POST = "/1.2/user/preview/log?country=GB"


class SilenceTest(unittest.TestCase):
    def test_no_key_secret_or_signature_is_written_anywhere(self) -> None:
        rig, agent = restarted_rig(), metrics_agent()
        name, key, secret = rig.client("--allow", "logs.*", "--allow", "legacy.*", "--limit", "50")
        unknown = "k3y-that-nobody-has"
        signatures = []
        for how in ("QUERY", "AUTH_HEADER"):
            reply = rig.signed("POST", POST, key, secret, json={"logs": [log()]}, signature_type=how)
            self.assertEqual(reply.status_code, 200)
            sent = f"{reply.request.url} {reply.request.headers.get('Authorization', '')}"
            signatures.append(sent.partition("oauth_signature=")[2][:30].strip('"'))
            self.assertEqual(rig.signed("GET", "/1.2/artist/fails", key, secret, signature_type=how).status_code, 500)
            self.assertEqual(rig.signed("POST", POST, key, "wrong", json={}, signature_type=how).status_code, 401)
        self.assertEqual(rig.signed("POST", "/1.2/artist/x", key, secret, data={"a": "b"}).status_code, 200)
        for given in (unknown, f"{key}%00", f"{key}&a"):
            rig.get(f"/1.2/artist/x?oauth_consumer_key={given}")
        # What nginx and gunicorn can't read, and an unexpected error of ours (a DEBUG log tells most).
        rig.request("GET", f"/1.2/limits?oauth_consumer_key={key}&x={'y' * 40_000}")
        self.assertEqual(rig.request("GET", f"/1.2/limits?oauth_consumer_key={key}", X=f"{'z' * 40_000}").status, 431)
        rig.legacy.stop()
        try:
            self.assertEqual(rig.get("/1.2/artist/x", key).status_code, 502)
        finally:
            rig.legacy.start()
        eventually(lambda: agent.total("gateway.refused") >= 5, "the measurements have come", 5)
        files = rig.log_of_nginx, rig.service.child.log_path, Path(rig.environ()["CLIENT_LIST_FILE"])
        written = {path.name: path.read_text() for path in files} | {"statsd": "\n".join(agent.lines)}
        for place, text in written.items():
            for word in (key, secret, unknown, *signatures):
                self.assertGreater(len(word), 10)
                self.assertNotIn(word, text, place)
        # The client is shown by its name.
        self.assertIn(name, written[rig.log_of_nginx.name])
