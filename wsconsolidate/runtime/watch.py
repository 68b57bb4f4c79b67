"""What has to be done again and again, each in a task of its own that outlives its failures."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from .clock import Clock

logger = logging.getLogger(__name__)


class Watch:
    """Runs functions periodically; knows which of its tasks have died."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def keep(self, name: str, seconds: float, do: Callable[[], Awaitable[None] | None]) -> None:
        """Do it every so many seconds; what runs already goes on, what has died begins again."""
        task = self._tasks.get(name)
        if task is None or task.done():
            again = self._repeat(name, seconds, do)
            self._tasks[name] = asyncio.create_task(again, name=f"wsconsolidate-{name}")

    @property
    def dead(self) -> tuple[str, ...]:
        """The names of what should run and does not."""
        return tuple(name for name, task in self._tasks.items() if task.done())

    async def stop(self) -> None:
        """End all of it."""
        tasks, self._tasks = tuple(self._tasks.values()), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _repeat(self, name: str, seconds: float, do: Callable[[], Awaitable[None] | None]) -> None:
        while True:
            await self._clock.sleep(seconds)
            try:
                if (pending := do()) is not None:
                    await pending
            except Exception:
                logger.exception("%s failed; it goes on", name)
