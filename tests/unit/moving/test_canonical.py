"""Two answers that say the same are the same, however they are written; what a client would notice is a difference."""

import unittest

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from moving.comparator.canonical import Answer, fields_of, name_of


def xml(body: str, status: int = 200, kind: str = "application/xml") -> dict[str, str]:
    return dict(fields_of(Answer(status, kind, body.encode(), 0.0)))


def json(body: str) -> dict[str, str]:
    return dict(fields_of(Answer(200, "application/json", body.encode(), 0.0)))


class XmlTest(unittest.TestCase):
    def test_spelling_makes_no_difference(self) -> None:
        one = xml('<?xml version="1.0"?><r a="1" b="2"><t>x &amp; y</t><e/></r>')
        for other in (
            '<r b="2" a="1">\n  <t>x &#38; y</t>\n  <e></e>\n</r>',
            "<r a='1' b='2'><e/><t><![CDATA[x & y]]></t></r>",
            '<r a="1" b="2"><!-- a comment --><t>x &amp; y</t><?target?><e/></r>',
        ):
            self.assertEqual(xml(other), one, other)
        self.assertEqual(xml("<r/>", kind="text/xml; charset=utf-8"), xml("<r/>"))

    def test_what_a_client_would_notice_is_a_difference(self) -> None:
        one = xml('<r a="1"><t>x</t><i>1</i><i>2</i></r>')
        for other in (
            '<r a="2"><t>x</t><i>1</i><i>2</i></r>',
            "<r><t>x</t><i>1</i><i>2</i></r>",
            '<r a="1"><t> x</t><i>1</i><i>2</i></r>',
            '<r a="1"><t>x</t><i>2</i><i>1</i></r>',
            '<r a="1"><t>x</t><i>1</i></r>',
            '<r a="1"><t>x</t><i>1</i><i>2</i><n/></r>',
            '<r a="1"><t>x<b/></t><i>1</i><i>2</i></r>',
        ):
            self.assertNotEqual(xml(other), one, other)
        self.assertNotEqual(xml("<r/>", 404), xml("<r/>"))

    def test_places_name_what_differs(self) -> None:
        found = xml('<response><items><track id="1"><title>a</title></track><track id="2"/></items></response>')
        self.assertEqual(found["/response/items/track[1]/title"], "a")
        self.assertEqual(found["/response/items/track[2]/@id"], "2")
        self.assertEqual(name_of("/response/items/track[12]/@id"), "/response/items/track/@id")

    def test_nothing_outside_is_read_and_a_bomb_is_a_damaged_body(self) -> None:
        bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]><r>&f;</r>'
        self.assertNotIn("root:", str(xml(bomb)))

    def test_a_damaged_body_is_one_field(self) -> None:
        self.assertIn("not application/xml", xml("<r>")["@body"])
        self.assertIn("not application/xml", xml("")["@body"])
        self.assertIn("not application/json", json('{"a":')["@body"])
        deep = "[" * 100_000 + "]" * 100_000
        self.assertIn("not application/json", json(deep)["@body"])

    def test_another_type_is_compared_as_it_is(self) -> None:
        found = fields_of(Answer(401, "text/plain", b"OAuth", 0.0))
        self.assertEqual(dict(found), {"@status": "401", "@content-type": "text/plain", "@body": "b'OAuth'"})


class JsonTest(unittest.TestCase):
    def test_spelling_makes_no_difference(self) -> None:
        self.assertEqual(json('{"a":1,"b":[1.0,"\\u00e9"]}'), json('{ "b": [1, "é"], "a": 1.0 }'))

    def test_what_a_client_would_notice_is_a_difference(self) -> None:
        for one, other in (
            ('{"a":1}', '{"a":"1"}'),
            ('{"a":null}', "{}"),
            ('{"a":[]}', '{"a":{}}'),
            ('{"a":[1,2]}', '{"a":[2,1]}'),
            ('{"a":true}', '{"a":1}'),
            ('{"a":1.5}', '{"a":1}'),
        ):
            self.assertNotEqual(json(one), json(other))

    @settings(deadline=None, max_examples=80)
    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", min_size=1), inner, max_size=3),
            max_leaves=12,
        )
    )
    def test_it_is_itself_in_any_order_of_its_members(self, value: object) -> None:
        sorted_ = orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2).decode()
        self.assertEqual(json(sorted_), json(orjson.dumps(value).decode()))
