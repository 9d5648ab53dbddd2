"""`playlog WORD --help` is the manual: what it does, by example, each argument, each setting, each exit status."""

import argparse
import contextlib
import importlib
import io
import unittest

from commands.__main__ import run_word, words
from commands._settings import CONFIGS, settings_of
from infra.words import WORDS

#: A description that says less isn't one.
LEAST_CHARACTERS = 200


def manual_of(name: str) -> str:
    """What --help prints."""
    word = importlib.import_module(f"commands.{name.replace('-', '_')}")
    said = io.StringIO()
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(said):
        run_word(name, word, ["--help"], {})
    return said.getvalue()


def arguments_of(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Every argument of a word and of its actions."""
    found: list[argparse.Action] = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                found += arguments_of(each)
        else:
            found.append(action)
    return found


class ManualTest(unittest.TestCase):
    def test_each_says_what_it_does_with_examples_and_its_exit_statuses(self) -> None:
        for name in words():
            with self.subTest(name):
                text = manual_of(name)
                self.assertRegex(text, "(?i)exit status: 0 ")
                self.assertRegex(text, rf"\n  playlog {name}\b|playlog {name} FILE|\| playlog {name}")
                self.assertGreater(len(text.partition("\n\n")[2]), LEAST_CHARACTERS)

    def test_each_argument_of_each_action_is_explained(self) -> None:
        for name in words():
            parser = argparse.ArgumentParser()
            importlib.import_module(f"commands.{name.replace('-', '_')}").parser(parser)
            for action in arguments_of(parser):
                with self.subTest(name, argument=action.dest):
                    self.assertTrue(action.help, f"playlog {name}: {action.option_strings or action.dest} has no help")

    def test_each_setting_that_a_word_reads_is_in_its_manual(self) -> None:
        for name in CONFIGS:
            text = manual_of(name)
            for setting in settings_of(name):
                self.assertIn(f"\n  {setting} ", text, name)

    def test_only_words_have_settings_and_hosts_try_the_same_ones(self) -> None:
        self.assertLessEqual(CONFIGS.keys(), words().keys())
        for word in WORDS:
            self.assertIn(word.config, CONFIGS[word.name])
