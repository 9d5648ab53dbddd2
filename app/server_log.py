"""gunicorn's own log lines, as JSON like all others; it writes no access log."""

from typing import Any

from gunicorn.glogging import Logger

from common.log_lines import JsonLines


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's logger with our lines."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines())

    def access(self, *_: Any) -> None:
        """Nothing: keys travel in the query, and nginx writes an access log without queries."""
