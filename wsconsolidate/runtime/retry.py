"""When to try again, and after how long: exponential back-off with full jitter.

Full jitter (a uniform draw below the exponential bound) spreads a crowd of clients best, see
"Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .errors import WebSocketError

FIRST_WAIT = 0.05
LONGEST_WAIT = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often to try, and how long to wait in between.

    Only what may pass is tried again: a WebSocketError that says so, and an OSError (which
    ConnectionError and TimeoutError are). Everything else is raised at once, as it came.

    Example:
        >>> [round(s, 1) for s in RetryPolicy(attempts=3).delays(draw=lambda: 1.0)]
        [0.1, 0.2]
    """

    attempts: int = 3
    first_delay: float = 0.1
    factor: float = 2.0
    longest_delay: float = 5.0

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise ValueError(f"attempts must be 1 or more, got {self.attempts}")

    def delays(self, draw: Callable[[], float] = random.random) -> Iterator[float]:
        """The waits between the attempts, one fewer than there are attempts; `draw` gives 0 to 1."""
        for attempt in range(self.attempts - 1):
            yield draw() * min(self.longest_delay, self.first_delay * self.factor**attempt)

    def retries(self, error: BaseException) -> bool:
        """True when the same call may succeed a moment later."""
        if isinstance(error, WebSocketError):
            return error.retryable
        return isinstance(error, OSError)


def wait_after(failures: int, longest: float = LONGEST_WAIT) -> float:
    """How long to wait after so many failures in a row, for what is tried until it works; half is jitter."""
    return random.uniform(0.5, 1.0) * min(longest, FIRST_WAIT * 2.0 ** min(failures, 16))  # noqa: S311
