"""A producer that ends at any line, as often as it likes: the topic ends as the source, and no mark ever lied."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalogue.producer_case import ProducerCase

RELEASES = st.integers(1, 4)
ACTS = st.one_of(
    st.tuples(st.just("add"), RELEASES),
    st.tuples(st.just("change"), RELEASES),
    st.tuples(st.just("delete"), RELEASES),
    st.tuples(st.just("ask for all"), st.just(0)),
)
#: What is done to the source, and for how many lines a producer lives then.
STEPS = st.lists(st.tuples(st.lists(ACTS, max_size=3), st.integers(0, 60)), min_size=1, max_size=5)


class ProducerCrashesTest(ProducerCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(STEPS)
    def test_ended_at_any_line_the_topic_ends_as_the_source(
        self, steps: list[tuple[list[tuple[str, int]], int]]
    ) -> None:
        self.begin()
        for number, (acts, lines) in enumerate(steps):
            for what, release_id in acts:
                match what:
                    case "add":
                        self.add(release_id, f"Title {number}")
                    case "change":
                        title = f"Changed {number}"
                        self.write(f"UPDATE catalogue_release SET title = '{title}' WHERE release_id = {release_id}")
                    case "delete":
                        self.write(f"DELETE FROM catalogue_release WHERE release_id = {release_id}")
                    case _:
                        self.ask_for_all()
            self.live(lines)
        self.live()
        state = self.assert_every_mark_is_right()
        held = {release_id: (each.version, each.digest) for release_id, each in state.releases.items()}
        self.assertEqual(held, self.source())
        noted = "SELECT release_id, version, digest FROM catalogue_published"
        self.assertEqual({row[0]: (row[1], row[2]) for row in self.ask(noted)}, held)
        self.assertEqual(self.ask("SELECT id FROM catalogue_outbox"), [])
        self.assertEqual(self.ask("SELECT number FROM catalogue_load WHERE state <> 'done'"), [])
