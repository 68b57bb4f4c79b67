"""What a client said and nobody has read yet: one reader takes it out in order, bounded."""

import asyncio
from collections import deque

LONGEST = 64


class Inbox:
    """Messages on their way from the receive loop to the application."""

    def __init__(self) -> None:
        self._messages: deque[str | bytes] = deque()
        self._changed = asyncio.Event()
        self._closed = False
        self._error: Exception | None = None

    async def put(self, message: str | bytes) -> None:
        """Lay a message in; waits while too many are unread."""
        while len(self._messages) >= LONGEST and not self._closed:
            self._changed.clear()
            await self._changed.wait()
        self._messages.append(message)
        self._changed.set()

    async def get(self) -> str | bytes | None:
        """The oldest message, or None when no more will come.

        Raises:
            Exception: what ended the receive loop.
        """
        while not self._messages:
            if self._error is not None:
                error, self._error = self._error, None
                raise error
            if self._closed:
                return None
            self._changed.clear()
            await self._changed.wait()
        self._changed.set()
        return self._messages.popleft()

    def close(self, error: Exception | None = None, *, discard: bool = False) -> None:
        """No more will come; with `discard` what is unread is not wanted any more."""
        if discard:
            self._messages.clear()
        self._closed = True
        self._error = self._error or error
        self._changed.set()
