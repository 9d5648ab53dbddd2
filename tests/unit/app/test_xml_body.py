"""XML bodies: read as the JSON that they would be, or refused with what is wrong with them."""

import unittest
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis.strategies import characters, dictionaries, lists, sampled_from, text

from app.errors import ApiError
from app.formats import JSON, XML
from app.logs.intake import Intake
from app.logs.stream import read_streams
from app.logs.validation import Validation
from app.logs.xml_body import parse
from tests.fakes.hand_clock import HandClock
from tests.fakes.stream_logs import GOOD, as_xml
from tests.recorded_metrics import RecordedMetrics

SUBSCRIPTION = read_streams()[1]
CATALOGUE = read_streams()[2]
#: What an XML document can hold; a line's end is one character there, whatever was sent.
XML_TEXTS = text(characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=300)


def read(body: str | bytes) -> Any:
    return parse(body.encode() if isinstance(body, str) else body, SUBSCRIPTION)


def item(inside: str) -> str:
    return f"<playLog><playLogItem>{inside}</playLogItem></playLog>"


class ReadTest(unittest.TestCase):
    def test_elements_become_texts_of_their_names(self) -> None:
        body = item("<trackId>1</trackId><playMode>online</playMode>")
        self.assertEqual(read(body), {"playLogItem": [{"trackId": "1", "playMode": "online"}]})

    def test_a_list_may_be_empty_and_another_root_is_refused(self) -> None:
        self.assertEqual(read("<playLog/>"), {"playLogItem": []})
        for body in ("<playLogs/>", "<playLogItem/>", "<response><playLog/></response>"):
            self.assert_refused(body, "outer element")

    def test_namespaces_comments_instructions_and_attributes_mean_nothing(self) -> None:
        body = '<?xml version="1.0" encoding="UTF-8"?>\n<!-- a --><?b c?><p:playLog xmlns:p="urn:x"><playLogItem a="b">'
        body += "<p:trackId>1<!-- x -->2<?y?>3</p:trackId></playLogItem><other/></p:playLog>"
        self.assertEqual(read(body), {"playLogItem": [{"trackId": "123"}]})

    def test_blanks_mean_nothing_around_numbers_and_words_and_are_kept_in_free_text(self) -> None:
        body = item("<trackId>\n 7\t</trackId><playMode> online </playMode><userAgent> a  b </userAgent>")
        self.assertEqual(read(body)["playLogItem"], [{"trackId": "7", "playMode": "online", "userAgent": " a  b "}])

    def test_of_an_element_that_is_given_twice_the_last_wins_as_in_json(self) -> None:
        self.assertEqual(read(item("<trackId>1</trackId><trackId>2</trackId>"))["playLogItem"], [{"trackId": "2"}])

    def test_a_nil_element_is_absent_and_an_empty_one_is_an_empty_text(self) -> None:
        nil = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'
        self.assertEqual(read(item(f"<id {nil}/><playMode/>"))["playLogItem"], [{"playMode": ""}])

    def test_elements_within_a_field_are_no_text(self) -> None:
        self.assertEqual(read(item("<trackId>1<x/></trackId>"))["playLogItem"], [{"trackId": {}}])

    def test_escapes_and_cdata_are_text(self) -> None:
        body = item("<userAgent>a&amp;b&lt;&#x1F3B5;<![CDATA[<c>&d;]]></userAgent>")
        self.assertEqual(read(body)["playLogItem"], [{"userAgent": "a&b<\U0001f3b5<c>&d;"}])

    def assert_refused(self, body: str | bytes, word: str) -> None:
        with self.assertRaises(ApiError) as refused:
            read(body)
        self.assertEqual(refused.exception.status, 400)
        self.assertIn(word, refused.exception.message)

    def test_what_is_not_xml_is_refused_with_its_place(self) -> None:
        good = item("<trackId>1</trackId>")
        for body in ("", "{}", good[:-1], good + good, good.replace("</trackId>", ""), item("&nothing;"), item("\x01")):
            self.assert_refused(body, "line")
        for body in (item("&#0;"), item("&#xD800;"), "<x:playLog/>", "<playLog a='1' a='2'/>"):
            self.assert_refused(body, "line")

    def test_another_encoding_than_utf_8_is_refused(self) -> None:
        text = '<?xml version="1.0" encoding="ISO-8859-1"?><playLog/>'
        for body in (text.encode(), "<playLog/>".encode("utf-16"), b"<playLog>\xff</playLog>", b"\xff\xfe<"):
            self.assert_refused(body, "UTF-8")
        self.assertEqual(read(b"\xef\xbb\xbf<playLog/>"), {"playLogItem": []})
        self.assertEqual(read("<?xml version='1.0' encoding='us-ascii'?><playLog/>"), {"playLogItem": []})

    def test_a_document_type_is_refused_before_anything_of_it_is_read(self) -> None:
        bomb = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + "".join(
            f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
        )
        for start in ("", "<?xml version='1.0'?>\n", "<!-- - -->", " <?a ?> "):
            if start != " <?a ?> ":
                self.assert_refused(f"{start}{bomb}]>{item('<trackId>&i;</trackId>')}", "document type")
        self.assert_refused('<!DOCTYPE p SYSTEM "file:///etc/passwd"><playLog/>', "document type")
        self.assertEqual(read(item("<userAgent><![CDATA[<!DOCTYPE x>]]></userAgent>"))["playLogItem"][0], {
            "userAgent": "<!DOCTYPE x>"
        })  # fmt: skip

    def test_depth_has_the_limit_that_json_has(self) -> None:
        self.assertEqual(len(read(item("<u>" * 13 + "</u>" * 13))["playLogItem"]), 1)
        for depth in (15, 255, 100_000):
            self.assert_refused(item("<u>" * depth + "</u>" * depth), "in one another")

    def test_a_prolog_without_an_end_is_looked_at_once(self) -> None:
        # Looking again at each of its bytes, this would take days.
        for body in (b"<!--" + b"-" * 1_000_000, b"<?" * 500_000, b" " * 1_000_000, b"<!-- -->" * 120_000):
            self.assert_refused(body, "not XML")


class SameAsJsonTest(unittest.TestCase):
    """A body and the same body in the other format become the same record, or are refused in the same places."""

    def setUp(self) -> None:
        metrics = RecordedMetrics()
        self.intakes = {each.name: Intake(each, Validation(each), HandClock(), metrics) for each in read_streams()[1:]}

    def outcome(self, name: str, body: bytes, form: str) -> object:
        try:
            return self.intakes[name].read(body, {"country": "GB", "userId": "u"}, form).value
        except ApiError as error:
            return [(each.pointer, each.rule, each.code) for each in error.problems]

    @settings(max_examples=200, derandomize=True, deadline=None, database=None)
    @given(sampled_from(["subscription", "catalogue"]), lists(dictionaries(sampled_from(sorted(
        GOOD["subscription"] | GOOD["catalogue"])), XML_TEXTS, max_size=3), min_size=1, max_size=3))  # fmt: skip
    def test_on_logs_made_by_chance(self, name: str, changes: list[dict[str, str]]) -> None:
        trimmed = {"trackId", "releaseId", "formatId", "dateTimePlayed", "totalTimePlayed", "playMode", "endReason"}
        logs = [
            {key: str(value) for key, value in GOOD[name].items()}
            | {key: value.strip(" ") if key in trimmed else value for key, value in change.items()}
            for change in changes
        ]
        body = orjson.dumps({"playLogItem": logs})
        self.assertEqual(self.outcome(name, as_xml(*logs), XML), self.outcome(name, body, JSON))

    def test_on_good_logs(self) -> None:
        for name in self.intakes:
            logs = [GOOD[name]] * 2
            value = self.outcome(name, as_xml(*logs), XML)
            self.assertIsInstance(value, bytes)
            self.assertEqual(value, self.outcome(name, orjson.dumps({"playLogItem": logs}), JSON))
