"""/openapi.json tells the truth: every public endpoint is in it, and its schemas are those that decide."""

import json

import jsonschema

from app.logs.stream import read_streams
from tests.fakes.stream_logs import GOOD, QUERY
from tests.unit.app.bench import AppCase

#: For the load balancer only, as /gateway/ is for nginx; not part of the contract.
PRIVATE = {"/ready"}


class OpenApiTest(AppCase):
    def test_it_lists_every_endpoint_with_its_method_and_no_other(self) -> None:
        document = self.http.get("/openapi.json").get_json()
        listed = {(path, method.upper()) for path, methods in document["paths"].items() for method in methods}
        rules = self.http.application.url_map.iter_rules()
        served = {
            (rule.rule.replace("<", "{").replace(">", "}").replace("{path:", "{"), method)
            for rule in rules
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
            if rule.rule not in PRIVATE and not rule.rule.startswith("/gateway/")
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
        self.assertTrue(found)
        self.assertLessEqual(found, names)
