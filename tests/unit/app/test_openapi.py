"""/openapi.json tells the truth: every public endpoint is in it, and its schemas are those that decide."""

import jsonschema

from tests.unit.app.bench import AppCase

#: For the load balancer only; not part of the contract.
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
            if rule.rule not in PRIVATE
        }
        self.assertEqual(listed, served)

    def test_its_schema_takes_what_the_endpoint_takes_and_refuses_what_it_refuses(self) -> None:
        document = self.http.get("/openapi.json").get_json()
        schema = document["components"]["schemas"]["preview"]
        validator = jsonschema.Draft202012Validator(schema)
        good = {"logs": [self.log()]}
        self.assertTrue(validator.is_valid(good))
        self.assertEqual(self.post_logs(self.log()).status_code, 200)
        bad = {key: value for key, value in self.log().items() if key != "userId"}
        self.assertFalse(validator.is_valid({"logs": [bad]}))
        self.assertEqual(self.post_logs(bad).status_code, 400)

    def test_every_reference_leads_somewhere(self) -> None:
        document = self.http.get("/openapi.json").get_json()
        names = set(document["components"]["schemas"])
        text = self.http.get("/openapi.json").get_data(as_text=True)
        found = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
        self.assertTrue(found)
        self.assertLessEqual(found, names)
