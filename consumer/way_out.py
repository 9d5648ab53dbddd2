"""What an operator is told to type after records were lost; only a person may declare a loss."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WayOut:
    """The words of one topic: `word` runs its sink and books its losses, `afterwards` is what becomes of a loss."""

    word: str
    topic: str
    afterwards: str

    def accept_loss(self, partition: int, first: int, end: int) -> str:
        """The command that books the offsets from `first` up to, not including, `end` as lost."""
        return f"`playlog {self.word} accept-loss {self.topic} {partition} {first} {end} --reason …`"

    def adopt_topic(self) -> str:
        """The command that goes on with a topic that was made again."""
        return f"`playlog {self.word} adopt-topic {self.topic} --reason …`"


def of_play_logs(topic: str) -> WayOut:
    """A lost play log is money: its day's report says so for ever."""
    return WayOut("consume", topic, "their day is then reported as final-with-loss")


def of_catalogue(topic: str) -> WayOut:
    """A lost release comes back with the next whole load."""
    return WayOut("catalogue-consume", topic, "`playlog catalogue publish --all` then publishes every release again")
