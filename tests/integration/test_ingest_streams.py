"""Subscription and catalogue streams through nginx: JSON and XML become the same records, whatever the reply's form."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

from tests.fakes.stream_logs import GOOD, QUERY, as_xml
from tests.integration.ingest_case import IngestCase
from tests.integration.ingest_sender import Reply

PATHS = {"subscription": "/1.2/user/subscription/log", "catalogue": "/1.2/catalogue/log"}
JSON, XML = "application/json", "application/xml"


def good(name: str, **changes: Any) -> dict[str, Any]:
    played = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S.0000001Z")
    return GOOD[name] | {"dateTimePlayed": played} | changes


class StreamsTest(IngestCase):
    def send(self, path: str, data: bytes, kind: str) -> Reply:
        address = f"{path}?{QUERY}&oauth_consumer_key={self.rig.key}"
        return self.rig.request("POST", address, data, Content_Type=kind)

    def test_both_formats_become_the_same_record_of_their_stream(self) -> None:
        for name, path in PATHS.items():
            log = good(name)
            replies = [
                self.send(path, json.dumps({"playLogItem": [log, log]}).encode(), JSON),
                self.send(path, as_xml(log, log), XML),
            ]
            self.assertEqual([reply.status for reply in replies], [200, 200], replies)
            self.assertEqual(json.loads(replies[0].data)["playLogs"], {"count": 2})
            self.assertEqual(ElementTree.fromstring(replies[1].data).findtext("playLogs/count"), "2")  # noqa: S314
            ids = [reply.headers["X-Request-Id"] for reply in replies]
            records = [each for each in self.rig.records() if str(each.request_id) in ids]
            self.assertEqual([each.stream for each in records], [name, name])
            self.assertEqual(len({each.digest for each in records}), 1)
            self.assertEqual(records[0].items[0]["country"], "GB")
            self.assertIn("userId", records[0].items[0])

    def test_a_refused_xml_body_keeps_nothing(self) -> None:
        before, workers = self.rig.ends(), self.rig.workers()
        bomb = b'<!DOCTYPE a [<!ENTITY b "cccc">]><playLog>&b;</playLog>'
        for data in (b"<playLog>", bomb, as_xml(good("catalogue", trackId=0)), b"<playLog/>", b"\xff"):
            reply = self.send(PATHS["catalogue"], data, XML)
            self.assertEqual(reply.status, 400, data)
            root = ElementTree.fromstring(reply.data)  # noqa: S314
            self.assertEqual((root.get("status"), root[0].tag, root[0][0].tag), ("error", "error", "errorMessage"))
        self.assertEqual(self.rig.ends(), before)
        self.assertEqual(self.rig.workers(), workers)

    def test_the_validation_endpoints_are_behind_nginx_too(self) -> None:
        for name, path in PATHS.items():
            reply = self.send(f"{path}/validate", json.dumps({"playLogItem": [good(name)]}).encode(), JSON)
            self.assertEqual((reply.status, json.loads(reply.data)), (200, {"valid": True, "logs": 1}))
