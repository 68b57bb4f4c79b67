"""What happens, told to one function: the way to Prometheus, OpenTelemetry, or a log line."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Measurement:
    """Something that happened so many times, or took so long; `detail` says which kind of it.

    | name | value | detail |
    |---|---|---|
    | event.accepted, event.refused | 1 | |
    | event.expired, event.passing_dropped | how many | |
    | event.acknowledged | seconds from acceptance to the acknowledgement of a session | |
    | connection.opened | 1 | |
    | connection.closed | 1 | why: gone, slow, stale, stopped, disconnected, replaced, misspoke |
    | session.opened, session.gap | 1 | |
    | store.appended | seconds that one batch took | |
    | store.failed | 1 | the error's kind |
    """

    name: str
    value: float
    detail: str = ""


OnMeasurement = Callable[[Measurement], None]


class Measures:
    """Hands measurements to the configured function; one that raises is logged, and harms nobody."""

    __slots__ = ("_on_measurement", "is_on")

    def __init__(self, on_measurement: OnMeasurement | None) -> None:
        self._on_measurement = on_measurement
        self.is_on = on_measurement is not None

    def tell(self, name: str, value: float = 1, detail: str = "") -> None:
        """Say that it happened."""
        if self._on_measurement is None:
            return
        try:
            self._on_measurement(Measurement(name, value, detail))
        except Exception:
            logger.exception("on_measurement failed")
