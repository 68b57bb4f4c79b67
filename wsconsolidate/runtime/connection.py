"""One live socket: a cursor into its user's log, one writer, and the reader's side."""

import asyncio
import contextvars
import logging
import secrets
from collections.abc import Callable, Coroutine
from typing import Any, NewType

from .adapters.transport import Transport
from .clock import Clock
from .liveness import Signs
from .log import Cursor, Entry, EventLog
from .stepping import Rest, begin

ConnectionId = NewType("ConnectionId", str)
logger = logging.getLogger(__name__)

PAGE_EVENTS = 64
PAGE_BYTES = 256 * 1024


class WebSocketConnection:
    """A user's socket, made by `UnifiedWebSocketManager.connect`; iterate over it to read.

    Example:
        >>> async def chat(connection: WebSocketConnection) -> None:
        ...     async for message in connection:   # ends when the client is gone
        ...         print(connection.user_id, message)
    """

    def __init__(
        self,
        *,
        user_id: str,
        transport: Transport,
        socket: object,
        log: EventLog,
        clock: Clock,
        on_progress: Callable[["WebSocketConnection"], None],
        on_gone: Callable[["WebSocketConnection", BaseException], None],
    ) -> None:
        self.connection_id = ConnectionId(secrets.token_hex(8))
        self.user_id = user_id
        self.socket = socket
        self.connected_at = clock.wall()
        self.cursor = log.head
        self._transport = transport
        self._log = log
        self._clock = clock
        self._on_progress = on_progress
        self._on_gone = on_gone
        self._seen = clock.now()
        self._blocked_since: float | None = None
        self._rest: Rest | None = None
        self._reaches = self.cursor
        self._parked: asyncio.Future[None] | None = None
        self._reading: asyncio.Timeout | None = None
        self._context = contextvars.copy_context()
        self._writer: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def is_open(self) -> bool:
        """False once it was closed from either side, or its writer has ended."""
        writes = self._writer is not None and not self._writer.done()
        return writes and not self._closed and self._transport.is_open

    @property
    def pending_bytes(self) -> int:
        """The bytes that this connection has yet to get."""
        return self._log.behind(self.cursor)

    @property
    def signs(self) -> Signs:
        """When it was last heard, and since when a write is stuck."""
        return Signs(seen=self._seen, blocked_since=self._blocked_since, can_ping=self._transport.can_ping)

    def start(self, at: Cursor) -> asyncio.Task[None]:
        """Begin to write, from that point of the log on; the one writer task is handed back to be owned."""
        self.cursor = at
        name = f"wsconsolidate-writer-{self.connection_id}"
        loop = asyncio.get_running_loop()
        self._writer = loop.create_task(self._keep_writing(), name=name, context=self._context)
        return self._writer

    def pump(self) -> None:
        """Write what the log holds beyond the cursor, without waiting: what would wait is the writer's.

        While the writer is at work it is left to it, so that a connection that is behind gets many
        frames with one write.
        """
        log = self._log
        while self.cursor.seq < log.head.seq and self._may_write():
            page = self._page()
            self._step(self._transport.send([entry.text for entry in page]), _end_of(page))

    def ping(self) -> None:
        """Ask for a sign of life, unless a write is under way: then its progress is the sign."""
        if self._transport.can_ping and self._may_write():
            self._step(self._transport.ping(self._heard), self.cursor)

    async def receive(self) -> str | bytes | None:
        """The next message from the client, or None when the connection is over."""
        if self._closed:
            return None
        message = await self._receive_until_closed()
        if message is None:
            self._on_gone(self, ConnectionResetError("the client closed the connection"))
        else:
            self._heard()
        return message

    def __aiter__(self) -> "WebSocketConnection":
        return self

    async def __anext__(self) -> str | bytes:
        if (message := await self.receive()) is None:
            raise StopAsyncIteration
        return message

    def stop(self) -> bool:
        """End writer and reader; True when the socket is still open, and `close` has to follow."""
        still_open = not self._closed and self._transport.is_open
        self._closed = True
        if self._writer is not None:
            self._writer.cancel()
        if self._reading is not None:
            self._reading.reschedule(-1)
        return still_open

    async def close(self, code: int, reason: str, seconds: float) -> None:
        """Close the socket, and drop it if that takes longer than so many seconds or fails."""
        try:
            async with asyncio.timeout(seconds):
                await self._transport.close(code, reason)
        except Exception as error:  # noqa: BLE001 - whatever it is, the socket has to go
            logger.debug("closing %s failed, dropping it: %r", self.connection_id, error)
            self._transport.abort()

    def _heard(self) -> None:
        self._seen = self._clock.now()

    def _may_write(self) -> bool:
        return self._parked is not None and not self._closed

    def _page(self) -> tuple[Entry, ...]:
        return self._log.after(self.cursor, max_events=PAGE_EVENTS, max_bytes=PAGE_BYTES)

    def _step(self, write: Coroutine[Any, Any, None], reaches: Cursor) -> None:
        assert self._writer is not None  # noqa: S101 - it is parked, so it exists
        parked, self._parked = self._parked, None
        try:
            rest = begin(write, self._writer, self._context)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - a broken socket is not the emitter's
            self._on_gone(self, error)
            return
        if rest is not None:
            self._hand_over(rest, reaches, parked)
        else:
            self._parked = parked
            self.cursor = reaches

    def _hand_over(self, rest: Rest, reaches: Cursor, parked: asyncio.Future[None] | None) -> None:
        if self._closed or parked is None:
            rest.close()
            return
        self._rest, self._reaches, self._blocked_since = rest, reaches, self._clock.now()
        parked.set_result(None)

    def _written(self, reaches: Cursor) -> None:
        self._heard()  # one that is behind is not pinged: that it reads on is its sign of life
        self._blocked_since = None
        if not self._closed:
            self.cursor = reaches
            self._on_progress(self)

    async def _keep_writing(self) -> None:
        try:
            while True:
                await self._finish()
                await self._catch_up()
                self._parked = asyncio.get_running_loop().create_future()
                await self._parked
        except Exception as error:  # noqa: BLE001 - as in _step
            self._on_gone(self, error)
        finally:
            if self._rest is not None:
                self._rest.close()

    async def _finish(self) -> None:
        rest, self._rest = self._rest, None
        if rest is not None:
            await rest
            self._written(self._reaches)

    async def _catch_up(self) -> None:
        while not self._closed and (page := self._page()):
            self._blocked_since = self._clock.now()
            await self._transport.send([entry.text for entry in page])
            self._written(_end_of(page))

    async def _receive_until_closed(self) -> str | bytes | None:
        try:
            async with asyncio.timeout(None) as self._reading:
                return await self._transport.receive()
        except TimeoutError:
            if self._closed:
                return None
            raise
        finally:
            self._reading = None


def _end_of(page: tuple[Entry, ...]) -> Cursor:
    return Cursor(page[-1].seq, page[-1].end)
