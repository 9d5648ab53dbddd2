"""What an operator is told to type is what the words understand."""

import argparse
import shlex
import unittest

from commands import catalogue_consume, consume
from consumer.way_out import of_catalogue, of_play_logs

WORDS = {"consume": consume.parser, "catalogue-consume": catalogue_consume.parser}


class WayOutTest(unittest.TestCase):
    def read(self, command: str) -> argparse.Namespace:
        """The arguments of a command as it is printed, once a reason is given."""
        playlog, word, *arguments = shlex.split(command.strip("`").replace("…", "'a reason'"))
        self.assertEqual(playlog, "playlog")
        parser = argparse.ArgumentParser()
        WORDS[word](parser)
        return parser.parse_args(arguments)

    def test_both_words_understand_what_is_printed(self) -> None:
        for way_out in (of_play_logs("t"), of_catalogue("t")):
            with self.subTest(word=way_out.word):
                loss = self.read(way_out.accept_loss(3, 10, 60))
                said = (loss.action, loss.topic, loss.partition, loss.first, loss.end, loss.reason)
                self.assertEqual(said, ("accept-loss", "t", 3, 10, 60, "a reason"))
                adopt = self.read(way_out.adopt_topic())
                self.assertEqual((adopt.action, adopt.topic, adopt.reason), ("adopt-topic", "t", "a reason"))
