"""A broker's properties file, as java.util.Properties reads it."""

import unittest
from pathlib import Path

from devstack.kafka_settings import NodeAddress, node_settings, properties

OWN = NodeAddress(1, 9092, 9093)


class PropertiesTest(unittest.TestCase):
    def test_what_isnt_ascii_is_escaped_in_utf_16_and_a_backslash_doubled(self) -> None:
        self.assertEqual(
            properties({"a.b": "it's häufig, #1 = 𝄞!", "c": "\\"}),
            "a.b=it's h\\u00e4ufig, #1 = \\ud834\\udd1e!\nc=\\\\\n",
        )

    def test_the_data_folder_is_named_from_where_the_node_is_started(self) -> None:
        self.assertEqual(node_settings(OWN, (OWN,), Path("data/kafka-1"))["log.dirs"], "data/kafka-1")

    def test_a_folder_that_would_be_split_is_refused(self) -> None:
        for wrong in (Path("/srv/a clone, mine/data"), Path("/srv/data")):
            with self.subTest(wrong), self.assertRaisesRegex(ValueError, "relative"):
                node_settings(OWN, (OWN,), wrong)
