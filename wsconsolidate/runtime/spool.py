"""Accepted events on their way into the store: in order, once, and bounded while the store is away."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from .backplanes.backplane import Message, Place
from .clock import Clock
from .errors import BacklogFullError
from .log import ENTRY_BYTES
from .measure import Measures
from .retry import wait_after
from .store import Store

logger = logging.getLogger(__name__)

BATCH = 250
BATCH_BYTES = 1024 * 1024

OnStored = Callable[[Message, Place], None]


class Spooled(NamedTuple):
    """An accepted frame, what it costs in memory, and who waits for it to be stored."""

    message: Message
    cost: int
    stored: "asyncio.Future[bool]"


class Spool:
    """What the store has yet to take in; `on_stored` is called with what it took, in order."""

    def __init__(
        self, store: Store, *, limit: int, on_stored: OnStored, measures: Measures, clock: Clock
    ) -> None:
        self._store = store
        self._limit = limit
        self._on_stored = on_stored
        self._measures = measures
        self._clock = clock
        self._waiting: deque[Spooled] = deque()
        self._bytes = 0
        self._away = ""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._more = asyncio.Event()
        self._emptied = asyncio.Event()

    @property
    def trouble(self) -> str:
        """Why the store takes nothing in, or an empty string."""
        return f"the store is away, {len(self._waiting)} events wait: {self._away}" if self._away else ""

    def put(self, message: Message, size: int) -> "asyncio.Future[bool]":
        """Take a frame in; the future says whether it is in the store, or (False) waits here.

        Raises:
            BacklogFullError: too much waits here already.
        """
        cost = size + ENTRY_BYTES
        if self._bytes + cost > self._limit:
            raise BacklogFullError(None, len(self._waiting), self._bytes)
        stored: asyncio.Future[bool] = asyncio.Future(loop=self._loop)
        if self._away:
            stored.set_result(False)
        self._waiting.append(Spooled(message, cost, stored))
        self._bytes += cost
        self._more.set()
        return stored

    async def flush(self, seconds: float) -> None:
        """Wait until the store has everything, for so many seconds at most."""
        if self._waiting:
            self._emptied.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._emptied.wait()
        if self._waiting:
            logger.error("%d accepted events are not stored: they wait for another start", len(self._waiting))

    def let_go(self) -> None:
        """Nobody appends any more: who waits is told that it is not stored."""
        for spooled in self._waiting:
            _settle(spooled.stored, False)

    def begin(self) -> None:
        """Belong to the running loop, whatever loop it was before, and believe that the store is there."""
        self._loop, self._away = asyncio.get_running_loop(), ""
        self._more, self._emptied = asyncio.Event(), asyncio.Event()

    async def keep_appending(self) -> None:
        """Append what comes, for ever, in batches; what fails is appended again."""
        failures = 0
        while True:
            if not self._waiting:
                self._more.clear()
                await self._more.wait()
            batch = self._next_batch()
            begun = self._clock.now()
            try:
                places = await self._store.append([each.message for each in batch])
            except Exception as error:  # noqa: BLE001 - whatever it is, the events must not be forgotten
                failures += 1
                self._failed(error)
                await self._clock.sleep(wait_after(failures))
            else:
                failures = 0
                self._away = ""
                self._measures.tell("store.appended", self._clock.now() - begun)
                self._took(batch, places)

    def _next_batch(self) -> list[Spooled]:
        """The oldest, so few that the store can take them in while there is patience."""
        batch: list[Spooled] = []
        size = 0
        for spooled in islice(self._waiting, BATCH):
            size += spooled.cost
            if batch and size > BATCH_BYTES:
                break
            batch.append(spooled)
        return batch

    def _failed(self, error: Exception) -> None:
        if not self._away:
            logger.warning("the store is away, events wait: %r", error)
        self._away = repr(error)
        self._measures.tell("store.failed", 1, type(error).__name__)
        self.let_go()

    def _took(self, batch: Sequence[Spooled], places: Sequence[Place]) -> None:
        for (message, cost, stored), place in zip(batch, places, strict=True):
            self._waiting.popleft()
            self._bytes -= cost
            _settle(stored, True)
            self._on_stored(message, place)
        if not self._waiting:
            self._emptied.set()


def _settle(stored: "asyncio.Future[bool]", is_stored: bool) -> None:
    if not stored.done():
        stored.set_result(is_stored)
