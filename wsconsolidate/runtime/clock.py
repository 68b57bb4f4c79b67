"""Time, as something that is given: the real clock, and what a test's clock has to offer."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """What the runtime asks of time; `runtime.testing.ManualClock` is the one for tests."""

    def now(self) -> float:
        """Seconds that never go back."""
        ...

    def wall(self) -> float:
        """Seconds since the epoch, for timestamps."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Come back after so many seconds."""


class SystemClock:
    """The clock on the wall."""

    def now(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    def wall(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Come back after so many seconds."""
        await asyncio.sleep(seconds)
