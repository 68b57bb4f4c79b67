"""What a load test is asked to do, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from wsconsolidate.errors import ToolError
from wsconsolidate.runtime.testing import Tally

PERCENTILES = (50, 90, 99, 100)


class LoadTestError(ToolError):
    """The load test could not be run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who connects where, and what each client says to have a round of events sent.

    `{user}` and `{round}` in `url`, `message` and `headers` stand for the client's user and the round.
    Of the clients, `reconnecting` percent lose their connection once, in the middle of the test.
    """

    url: str
    users: int
    rounds: int
    message: str
    headers: tuple[tuple[str, str], ...] = ()
    events: tuple[str, ...] = ()
    sessions: bool = False
    reconnecting: int = 0
    patience_seconds: float = 30.0

    @property
    def expected(self) -> int:
        """How many events all clients together wait for."""
        return self.users * self.rounds * len(self.events)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a load test found; latencies in milliseconds, from asking for a round to each event of it."""

    plan: Plan
    tally: Tally
    seconds: float
    latencies: tuple[float, ...]
    reconnections: int
    errors: tuple[str, ...]
    bytes_per_connection: int | None = None

    @property
    def is_clean(self) -> bool:
        """True when every client got everything once, in order, and nothing of others."""
        return self.tally.is_clean and not self.errors and self.tally.announced == 0

    @property
    def rate(self) -> float:
        """Events delivered in a second."""
        return self.tally.delivered / self.seconds if self.seconds else 0.0

    @property
    def percentiles(self) -> tuple[tuple[int, float], ...]:
        """Latency percentiles: (50, ms), ... ; the last is the longest."""
        return tuple((percent, percentile(self.latencies, percent)) for percent in PERCENTILES)


def percentile(ordered: Sequence[float], percent: int) -> float:
    """The value below which that many percent of the ordered values lie; 0 when there are none."""
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]
