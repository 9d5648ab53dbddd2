"""What a body holds as a whole, before any of its logs is looked at."""

from tests.unit.app.bench import AppCase


class ShapeOfBodyTest(AppCase):
    def test_what_is_not_json_is_refused_with_its_place(self) -> None:
        for body in (
            "",
            " ",
            "x",
            "{",
            '{"logs":[}',
            "{'logs':[]}",
            '{"logs":[1,]}',
            "// a\n{}",
            '{"logs":[]} x',
            "<logs/>",
        ):
            with self.subTest(body):
                error = self.assert_refused(self.post(body))
                self.assertEqual(error["code"], 1002)
                self.assertRegex(error["message"], "not JSON.*line 1")

    def test_json_of_another_shape_is_refused_with_pointer_and_rule(self) -> None:
        cases = {
            "[]": ("", "type", 1002),
            "null": ("", "type", 1002),
            '"logs"': ("", "type", 1002),
            "{}": ("/logs", "required", 1001),
            '{"Logs":[]}': ("/logs", "required", 1001),
            '{"playLogItem":[]}': ("/logs", "required", 1001),
            '{"logs":null}': ("/logs", "type", 1002),
            '{"logs":{}}': ("/logs", "type", 1002),
            '{"logs":"[]"}': ("/logs", "type", 1002),
            '{"logs":[]}': ("/logs", "minItems", 1002),
        }
        for body, (pointer, rule, code) in cases.items():
            with self.subTest(body):
                error = self.assert_refused(self.post(body))
                self.assertEqual(error["code"], code)
                self.assertEqual([(each["pointer"], each["rule"]) for each in error["errors"]], [(pointer, rule)])
                self.assertNotIn("index", error["errors"][0])

    def test_500_logs_are_taken_and_501_are_not(self) -> None:
        self.assertEqual(len(self.assert_accepted(self.post_logs(*[self.log()] * 500))), 500)
        self.publisher.records.clear()
        error = self.assert_refused(self.post_logs(*[self.log()] * 501))
        self.assertEqual([(each["pointer"], each["rule"]) for each in error["errors"]], [("/logs", "maxItems")])

    def test_a_body_of_countless_tiny_logs_is_refused_without_explaining_each(self) -> None:
        error = self.assert_refused(self.post('{"logs":[' + "{}," * 300_000 + "{}]}"))
        self.assertEqual(error["total"], 1)
