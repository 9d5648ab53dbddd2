"""The units and the words agree: what runs, with which settings, and how long it may take to stop."""

import configparser
import importlib
import unittest

from commands.__main__ import words
from consumer.loop import FINISH_SECONDS
from consumer.process import LEAVE_SECONDS
from infra.site import file_text
from infra.verify.test_units import DRAIN_SECONDS
from infra.words import CURRENT, WORDS


class UnitTest(unittest.TestCase):
    def unit(self, name: str) -> configparser.ConfigParser:
        parser = configparser.ConfigParser(strict=False, interpolation=None)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read_string(file_text(name).format(mark="MARK=1"))
        return parser

    def test_each_word_exists_and_its_settings_are_a_class_of_ours(self) -> None:
        for word in WORDS:
            self.assertIn(word.name, words())
            module, kind = word.config.split(":")
            self.assertTrue(hasattr(importlib.import_module(module), kind), word.config)

    def test_each_unit_runs_its_word_with_its_settings_as_its_user(self) -> None:
        for word in WORDS:
            if word.unit:
                service = self.unit(word.unit)["Service"]
                self.assertEqual(service["ExecStart"], f"{CURRENT}/bin/playlog {word.name}")
                self.assertEqual((service["EnvironmentFile"], service["User"]), (word.settings, word.user))

    def test_each_is_started_again_and_may_finish_what_it_is_at(self) -> None:
        for word in WORDS:
            if word.unit:
                unit = self.unit(word.unit)
                self.assertEqual((unit["Service"]["Restart"], unit["Unit"]["StartLimitIntervalSec"]), ("always", "0"))
                self.assertGreater(int(unit["Service"]["TimeoutStopSec"]), 2 * (FINISH_SECONDS + LEAVE_SECONDS))
        self.assertEqual(DRAIN_SECONDS, FINISH_SECONDS)
