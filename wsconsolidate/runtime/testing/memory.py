"""A clock that is moved by hand, and a socket in memory."""

import asyncio
import heapq
import json
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any


class ManualClock:
    """A Clock that stands still until it is advanced.

    Example:
        >>> async def main(clock: ManualClock) -> None:
        ...     await clock.advance(30)  # whoever slept for 30 s or less has run
    """

    def __init__(self, wall: float = 1_700_000_000.0) -> None:
        self._now = 0.0
        self._wall = wall
        self._order = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        """Seconds since the clock was made."""
        return self._now

    def wall(self) -> float:
        """Seconds since the epoch; begins in November 2023."""
        return self._wall + self._now

    async def sleep(self, seconds: float) -> None:
        """Come back when the clock has been advanced by so much."""
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), woken))
        await woken

    async def advance(self, seconds: float) -> None:
        """Let so many seconds pass; sleepers wake in order, each at its time."""
        await settle()  # who is about to sleep does so now
        end = self._now + seconds
        while self._sleepers and self._sleepers[0][0] <= end:
            self._now, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                woken.set_result(None)
                await settle()
        self._now = end
        await settle()


async def settle(rounds: int = 20) -> None:
    """Let everything run that can run without time passing."""
    for _ in range(rounds):
        await asyncio.sleep(0)


class MemoryTransport:
    """A Transport that keeps what is written to it.

    `pause` makes it a client that does not read: writes wait until `resume`. With `answers_pings`
    False it is a client that has vanished without a word.
    """

    def __init__(self, *, can_ping: bool = True, answers_pings: bool = True) -> None:
        self.can_ping = can_ping
        self.answers_pings = answers_pings
        self.frames: list[str] = []
        self.writes: list[int] = []
        self.pings = 0
        self.closed_with: tuple[int, str] | None = None
        self._open = True
        self._readable = asyncio.Event()
        self._readable.set()
        self._inbox: asyncio.Queue[str | bytes | None] = asyncio.Queue()

    @property
    def messages(self) -> list[Any]:
        """What was written, read as JSON."""
        return [json.loads(frame) for frame in self.frames]

    @property
    def is_open(self) -> bool:
        """False once either side has closed."""
        return self._open

    def pause(self) -> None:
        """Stop reading."""
        self._readable.clear()

    def resume(self) -> None:
        """Read on."""
        self._readable.set()

    def say(self, message: str | bytes) -> None:
        """Send a message to the server."""
        self._inbox.put_nowait(message)

    def vanish(self) -> None:
        """Close from the client's side."""
        self._open = False
        self._inbox.put_nowait(None)
        self._readable.set()

    async def open(self) -> None:
        """Nothing to be done."""

    async def send(self, frames: Sequence[str]) -> None:
        """Keep the frames; waits while paused."""
        await self._readable.wait()
        if not self._open:
            raise ConnectionResetError("the client is gone")
        self.frames.extend(frames)
        self.writes.append(len(frames))

    async def receive(self) -> str | bytes | None:
        """What the client said, or None when it is gone."""
        return await self._inbox.get()

    async def ping(self, on_pong: Callable[[], None]) -> None:
        """Answer at once, if it answers at all."""
        self.pings += 1
        if self.answers_pings:
            on_pong()

    async def close(self, code: int, reason: str) -> None:
        """Remember the code."""
        if not self._open:
            raise ConnectionResetError("the client is gone")
        self._open = False
        self.closed_with = (code, reason)
        self._inbox.put_nowait(None)

    def abort(self) -> None:
        """Drop it."""
        self._open = False
        self._inbox.put_nowait(None)
