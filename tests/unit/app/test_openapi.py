"""/openapi.json tells the truth: every public endpoint is in it, and its schemas are those that decide."""

import json
import re
from collections.abc import Mapping
from typing import Any

import jsonschema
from lxml import html
from werkzeug.test import TestResponse

from app.logs.stream import read_streams
from app.openapi.document import GUIDE
from tests.fakes.stream_logs import GOOD, QUERY
from tests.unit.app.bench import AppCase

#: For the load balancer only, as /gateway/ is for nginx; not part of the contract.
PRIVATE = {"/ready"}
#: Pages for people.
PAGES = {"/docs", "/docs/", "/docs/<name>"}


class OpenApiTest(AppCase):
    def test_it_lists_every_endpoint_with_its_method_and_no_other(self) -> None:
        document = self.http.get("/openapi.json").get_json()
        listed = {(path, method.upper()) for path, methods in document["paths"].items() for method in methods}
        rules = self.http.application.url_map.iter_rules()
        served = {
            (rule.rule.replace("<", "{").replace(">", "}").replace("{path:", "{"), method)
            for rule in rules
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
            if rule.rule not in PRIVATE | PAGES and not rule.rule.startswith("/gateway/")
        }
        self.assertEqual(listed, served)

    def test_each_schema_takes_what_its_endpoint_takes_and_refuses_what_it_refuses(self) -> None:
        document = self.http.get("/openapi.json").get_json()
        for stream in read_streams():
            validator = jsonschema.Draft202012Validator(document["components"]["schemas"][stream.name])
            good = GOOD[stream.name] | {"dateTimePlayed": self.log()["dateTimePlayed"]}
            for log, status in ((good, 200), ({key: good[key] for key in good if key != "trackId"}, 400)):
                body = {stream.envelope: [log]}
                self.assertEqual(validator.is_valid(body), status == 200)
                reply = self.post(json.dumps(body), stream.path, QUERY)
                self.assertEqual(reply.status_code, status, reply.text)
                self.assertIn(str(status), document["paths"][stream.path]["post"]["responses"])
                if status == 200:
                    said = document["paths"][stream.path]["post"]["responses"]["200"]["content"]["application/json"]
                    jsonschema.validate(reply.get_json(), said["schema"])

    def test_every_reference_leads_somewhere(self) -> None:
        document = self.http.get("/openapi.json").get_json()
        names = set(document["components"]["schemas"])
        text = self.http.get("/openapi.json").get_data(as_text=True)
        found = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
        self.assertEqual(found, names)

    def test_each_example_passes(self) -> None:
        document = self.http.get("/openapi.json").get_json()
        for stream in read_streams():
            content = document["paths"][stream.path]["post"]["requestBody"]["content"]["application/json"]
            body = content["example"]
            body[stream.envelope][0]["dateTimePlayed"] = self.log()["dateTimePlayed"]
            reply = self.post(json.dumps(body), stream.path, QUERY)
            self.assertEqual(reply.status_code, 200, reply.text)


class DocsTest(AppCase):
    def file(self, path: str, headers: Mapping[str, str] | None = None) -> TestResponse:
        """An answer that is a file, read to its end and closed."""
        reply = self.http.get(path, headers=headers, buffered=True)
        self.addCleanup(reply.close)
        return reply

    def test_the_page_needs_nothing_from_elsewhere_and_may_fetch_nothing(self) -> None:
        self.assertEqual(self.http.get("/docs").headers["Location"], "docs/")
        reply = self.file("/docs/")
        self.assertEqual((reply.status_code, reply.mimetype), (200, "text/html"))
        self.assertIn("default-src 'none'", reply.headers["Content-Security-Policy"])
        page: Any = html.document_fromstring(reply.get_data(as_text=True))
        names = page.xpath("//link/@href|//script/@src")
        self.assertEqual(len(names), 5)
        for name in names:
            found = self.file(f"/docs/{name}")
            self.assertEqual(found.status_code, 200, name)
            self.assertIn("max-age=86400", found.headers["Cache-Control"])
            again = self.file(f"/docs/{name}", {"If-None-Match": found.headers["ETag"]})
            self.assertEqual(again.status_code, 304)
        self.assertFalse(page.xpath("//script[not(@src)]|//style"))

    def test_other_files_are_not_there(self) -> None:
        for name in ("guide.md", "swagger-ui.js", "..%2fdocument.py", "index.html"):
            self.assertEqual(self.http.get(f"/docs/{name}").status_code, 404, name)

    def test_what_the_guide_says_to_do_is_said_of_every_status(self) -> None:
        said = set(re.findall(r"\b[45][0-9]{2}\b", GUIDE.read_text()))
        document = self.http.get("/openapi.json").get_json()
        answered = {each for stream in read_streams() for each in document["paths"][stream.path]["post"]["responses"]}
        self.assertLessEqual(answered - {"200"}, said)
