"""When frames are written: at once, or in a burst with those that follow, with one write.

A write to a socket costs as much as everything else. So whoever had a frame in this turn of the event
loop or in the last one gets those of this turn at its end.
"""

import asyncio
from collections.abc import Callable

from .stream import UserStream

COALESCED_BYTES = 64 * 1024


class Turns:
    """Streams with frames that are not written yet, of this turn of the loop and of the last one."""

    __slots__ = ("_last", "_now", "_write")

    def __init__(self, write: Callable[[UserStream], None]) -> None:
        self._write = write
        self._now: dict[UserStream, int] = {}
        self._last: dict[UserStream, int] = {}

    def append(self, stream: UserStream, written: int) -> None:
        """Write what the log has beyond its size `written`: at once, or in a burst at the turn's end."""
        self._open()
        now, end = self._now, stream.log.head.end
        is_burst = stream in now or stream in self._last
        if is_burst and end - now.setdefault(stream, written) < COALESCED_BYTES:
            return
        now[stream] = end
        self._write(stream)

    def wait(self, stream: UserStream, written: int) -> None:
        """The same, in any case at the turn's end: more is likely to come before."""
        self._open()
        self._now.setdefault(stream, written)

    def end(self) -> bool:
        """Write what waits; False when nothing could."""
        if not self._now:
            return False
        self._last, self._now = self._now, {}
        asyncio.get_running_loop().call_soon(self._forget, self._last)
        for stream, written in self._last.items():
            if stream.log.head.end > written:
                self._write(stream)
        return True

    def _open(self) -> None:
        if not self._now:
            asyncio.get_running_loop().call_soon(self.end)

    def _forget(self, turn: dict[UserStream, int]) -> None:
        if self._last is turn:
            self._last = {}
