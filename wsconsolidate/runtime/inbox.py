"""What a client said and nobody has read yet: one reader takes it out in order, bounded."""

import asyncio

LONGEST = 64


class Inbox:
    """Messages on their way from the receive loop to the application.

    Every connection has one, most are empty: lists take less memory than a deque and an `asyncio.Event`.
    """

    __slots__ = ("_closed", "_error", "_messages", "_waiting")

    def __init__(self) -> None:
        self._messages: list[str | bytes] = []
        self._waiting: list[asyncio.Future[None]] = []
        self._closed = False
        self._error: Exception | None = None

    @property
    def is_full(self) -> bool:
        """True when no more is taken in until some is read."""
        return len(self._messages) >= LONGEST

    async def put(self, message: str | bytes) -> None:
        """Lay a message in; waits while too many are unread."""
        while self.is_full and not self._closed:
            await self._change()
        self._messages.append(message)
        self._changed()

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
            await self._change()
        self._changed()
        return self._messages.pop(0)

    def close(self, error: Exception | None = None, *, discard: bool = False) -> None:
        """No more will come; with `discard` what is unread is not wanted any more."""
        if discard:
            self._messages.clear()
        self._closed = True
        self._error = self._error or error
        self._changed()

    async def _change(self) -> None:
        change = asyncio.get_running_loop().create_future()
        self._waiting.append(change)
        try:
            await change
        finally:
            self._waiting.remove(change)

    def _changed(self) -> None:
        for change in self._waiting:
            if not change.done():
                change.set_result(None)
