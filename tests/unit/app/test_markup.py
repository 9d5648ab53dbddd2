"""One model, two formats: XML and JSON carry equal values, whatever the values are."""

import unittest
from typing import Any
from xml.etree import ElementTree

import orjson
from hypothesis import given
from hypothesis import strategies as st

from app.tracks.markup import MEMBERS, as_json, as_xml, clean
from tests.catalogue_xml import NIL, model_of

#: All that Python calls text and UTF-8 can hold, what XML can't among it.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(clean)
#: XML readers make one line feed of a carriage return, by the standard; ours writes it so that it stays.
VALUES = st.one_of(TEXTS, st.integers(0, 2**53), st.booleans(), st.none())
NAMES = st.sampled_from(("title", "version", "duration", "isrc", "explicitContent", "slug"))
FLAT = st.dictionaries(NAMES, VALUES, min_size=1, max_size=4)
OBJECTS = st.builds(lambda number, rest: {"id": number, **rest}, st.integers(1, 10**9), FLAT)
LISTS = st.dictionaries(st.sampled_from(sorted(MEMBERS)), st.lists(OBJECTS, max_size=3), max_size=2)
MODELS = st.builds(lambda one, lists: {"track": {**one, **lists}}, OBJECTS, LISTS)


class EqualValuesTest(unittest.TestCase):
    @given(MODELS)
    def test_xml_and_json_carry_equal_values(self, model: dict[str, Any]) -> None:
        self.assertEqual(model_of(as_xml(model), model), orjson.loads(as_json(model)))

    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_clean_text_is_one_that_a_strict_parser_takes(self, text: str) -> None:
        found = ElementTree.fromstring(as_xml({"track": {"id": 1, "title": clean(text)}}))  # noqa: S314 - our own
        self.assertEqual(found.findtext("track/title") or "", clean(text))


class TitleThatXmlCannotHoldTest(unittest.TestCase):
    """G26: a title with markup and control characters."""

    def test_it_parses_is_escaped_once_and_says_the_same_in_json(self) -> None:
        title = "Salt & Pepper <3\x08Live"
        model = {"track": {"id": 1, "title": clean(title), "artist": {"id": 2, "name": clean("A\ufffeB")}}}
        xml = as_xml(model)
        self.assertIn(b"Salt &amp; Pepper &lt;3\xef\xbf\xbdLive", xml)
        found = ElementTree.fromstring(xml)  # noqa: S314 - our own
        self.assertEqual(found.findtext("track/title"), "Salt & Pepper <3\ufffdLive")
        self.assertEqual(found.findtext("track/artist/name"), "A\ufffdB")
        said = orjson.loads(as_json(model))["track"]
        self.assertEqual((said["title"], said["artist"]["name"]), ("Salt & Pepper <3\ufffdLive", "A\ufffdB"))

    def test_carriage_returns_stay(self) -> None:
        model = {"track": {"id": 1, "title": "a\rb\r\nc\td"}}
        self.assertEqual(model_of(as_xml(model), model), model)


class ShapeTest(unittest.TestCase):
    def test_what_nobody_knows_is_nil(self) -> None:
        xml = ElementTree.fromstring(as_xml({"track": {"id": 1, "price": None}}))  # noqa: S314 - our own
        price = xml.find("track/price")
        assert price is not None
        self.assertEqual(price.get(NIL), "true")

    def test_a_page_of_tracks_has_its_tracks_beside_its_numbers(self) -> None:
        xml = ElementTree.fromstring(as_xml({"tracks": {"page": 1, "tracks": [{"id": 5}, {"id": 6}]}}))  # noqa: S314
        self.assertEqual([each.tag for each in xml[0]], ["page", "track", "track"])
        self.assertEqual((xml.get("status"), xml.get("version")), ("ok", "1.2"))
