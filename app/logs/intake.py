"""From the bytes of a body to the canonical value of its record, or to everything that is wrong with it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.codes import UNEXPECTED
from app.errors import UNEXPECTED_SENTENCE, ApiError
from app.formats import JSON, XML
from app.logs import json_text, xml_body
from app.logs.canonical import Canonical
from app.logs.fields import Items
from app.logs.json_text import is_deeper, too_deep
from app.logs.limits import MAX_DEPTH
from app.logs.problems import refusal
from app.logs.stream import Stream
from app.logs.times import Window, window_at
from app.logs.validation import Validation
from common.clock import Clock
from common.metrics import Metrics
from common.records import canonical_value

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Accepted:
    """The logs of one request, all valid: how many, and the canonical value of their record.

    The logs themselves end here. While requests kept them until Kafka's answer, the next one was read into memory that
    no processor had in its cache: 9 % fewer requests per second, at 500 logs each.
    """

    count: int
    value: bytes


class Intake:
    """Reads the bodies of one stream."""

    def __init__(self, stream: Stream, validation: Validation, clock: Clock, metrics: Metrics) -> None:
        self.stream = stream
        self._clock = clock
        self._metrics = metrics
        self._validation = validation
        self._canonical = Canonical(stream.item_schema)

    def read(self, body: bytes, query: Mapping[str, str], form: str = JSON) -> Accepted:
        """The accepted logs, each with the fields that the `query` gives it.

        Raises ApiError with all problems; then nothing of the body counts.
        """
        document = self._parse(body, form)
        window = window_at(self._clock.now())
        if self._validation.has_right_shape(document):
            items: Items = document[self.stream.envelope]
            if len(document) > 1 and is_deeper(document, MAX_DEPTH):
                raise too_deep()
            if self._canonical.make(items, window):
                self._complete(items, query)
                return Accepted(len(items), canonical_value(items))
        # Read again: the logs are partly canonical by now, and the sender should hear of what it sent.
        raise self._refusal(self._parse(body, form), window)

    def _parse(self, body: bytes, form: str) -> Any:
        return xml_body.parse(body, self.stream) if form == XML else json_text.parse(body)

    def _complete(self, items: Items, query: Mapping[str, str]) -> None:
        for name, value in query.items():
            # What isn't a field of the stream's logs was dropped from them: nothing is overwritten.
            for item in items:
                item.setdefault(name, value)

    def _refusal(self, document: Any, window: Window) -> ApiError:
        if is_deeper(document, MAX_DEPTH):
            return too_deep()
        problems = self._validation.problems(document, window)
        if problems:
            return refusal(problems)
        facts = {"stream": self.stream.name}
        logger.error("our two validators disagree on a body of the stream %(stream)s", facts, extra=facts)
        self._metrics.count("logs.validators_disagree", tags=[f"stream:{self.stream.name}"])
        return ApiError(500, UNEXPECTED, UNEXPECTED_SENTENCE, headers={"X-Kept": "no"})
