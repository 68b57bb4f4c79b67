"""One live socket: a place in its user's log, one writer, and what its client says."""

import asyncio
import contextvars
import logging
import secrets
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, NewType, Protocol

from .adapters.transport import SendNow, Transport
from .clock import Clock
from .frames import Resume
from .inbox import Inbox
from .liveness import Signs
from .log import Cursor, EventLog
from .phase import Phase
from .reader import Page, Reader
from .session import SessionReader
from .stepping import Rest, begin

ConnectionId = NewType("ConnectionId", str)
logger = logging.getLogger(__name__)


class Owner(Protocol):
    """Who made a connection, and is told how it fares."""

    def progressed(self, connection: "WebSocketConnection") -> None:
        """Something was written that had to wait, or acknowledged."""

    def gone(self, connection: "WebSocketConnection", error: BaseException) -> None:
        """The socket is of no use any more."""

    def hear(self, connection: "WebSocketConnection", message: str | bytes) -> bool:
        """The client said something; True when it was meant for the runtime."""
        ...

    def own(self, task: asyncio.Task[None]) -> asyncio.Task[None]:
        """See that a task has ended before the owner has."""
        ...


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
        owner: Owner,
    ) -> None:
        self.connection_id = ConnectionId(secrets.token_hex(8))
        self.user_id = user_id
        self.socket = socket
        self.began = log.head
        self._came_at = log.head.end
        self.reader = Reader(log, log.head)
        self.beaten = clock.now()
        self.resuming: Resume | None = None
        self._transport = transport
        self._send_now: SendNow | None = getattr(transport, "send_now", None)
        self._clock = clock
        self._owner = owner
        self._seen = clock.now()
        self._blocked_since: float | None = None
        self._rest: Rest | None = None
        self._writing: tuple[Reader, Page] | None = None
        self._parked: asyncio.Future[None] | None = None
        self._inbox = Inbox()
        self.closing: asyncio.Task[None] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._context = contextvars.copy_context()
        self._writer: asyncio.Task[None] | None = None
        self._company: tuple[asyncio.Task[None], ...] = ()
        self._closed = False

    @property
    def is_open(self) -> bool:
        """False once it was closed from either side, or its writer has ended."""
        writes = self._writer is not None and not self._writer.done()
        return writes and not self._closed and self._transport.is_open

    @property
    def session(self) -> SessionReader | None:
        """Its session, or None while it is plain."""
        return self.reader if isinstance(self.reader, SessionReader) else None

    @property
    def phase(self) -> Phase:
        """Where it stands."""
        if self._closed:
            return Phase.CLOSED
        return self.session.phase if self.session else Phase.PLAIN

    @property
    def pending_bytes(self) -> int:
        """The bytes that this connection has yet to get."""
        return self.reader.log.behind(self.reader.cursor)

    @property
    def overdue_bytes(self) -> int:
        """Of these, what has come since it is here: to catch up with the past takes its time."""
        log = self.reader.log
        return log.head.end - max(self.reader.cursor.end, self._came_at)

    @property
    def signs(self) -> Signs:
        """When it was last heard, and since when a write is stuck.

        Nobody listens while the application does not take what it was told: that is not the client's silence.
        """
        answers = (self._transport.can_ping or self.session is not None) and not self._inbox.is_full
        return Signs(seen=self._seen, blocked_since=self._blocked_since, can_ping=answers)

    def start(self, at: Cursor) -> asyncio.Task[None]:
        """Begin to write, from that point of the log on; the one writer task is handed back to be owned."""
        self.began = self.reader.cursor = at
        self._came_at = self.reader.log.head.end
        name = f"wsconsolidate-writer-{self.connection_id}"
        loop = asyncio.get_running_loop()
        self._writer = loop.create_task(self._keep_writing(), name=name, context=self._context)
        self.accompany(self._writer)
        return self._writer

    def accompany(self, task: asyncio.Task[None]) -> None:
        """End the task, if it has not ended by itself, when the connection is over."""
        self._company = (*(other for other in self._company if not other.done()), task)

    def pump(self) -> None:
        """Write what there is to write, without waiting: what would wait is the writer's.

        While the writer is at work it is left to it, so that a connection that is behind gets many
        frames with one write.
        """
        while self._parked is not None and not self._closed and (page := self.reader.page()) is not None:
            if self._send_now is None or not self._sent_now(page):
                self._step(partial(self._transport.send, page.texts), page)

    def log_restarted(self) -> None:
        """The log is another one now: a session is told of the gap, a plain connection goes on behind it."""
        if self.session is not None:
            self.session.log_restarted()
        else:
            self.reader = Reader(self.reader.log, self.reader.log.tail)
        self.began = self.reader.log.tail
        self.pump()

    def beat(self) -> None:
        """Ask for a sign of life: a session with its own frame, a plain connection by the protocol's ping.

        Not while a write is under way: then its progress is the sign.
        """
        self.beaten = self._clock.now()
        if self.session is not None:
            self.session.beat()
            self.pump()
        elif self._transport.can_ping and self._may_write():
            self._step(partial(self._transport.ping, self._heard), None)

    async def receive(self) -> str | bytes | None:
        """The next message from the client, or None when the connection is over.

        The first call begins a receive loop that goes on by itself, so that acknowledgements are
        heard while the application is busy; what is meant for the runtime is not handed out.
        """
        if self._listening is None and not self._closed:
            loop = asyncio.get_running_loop()
            name = f"wsconsolidate-reader-{self.connection_id}"
            self._listening = self._owner.own(loop.create_task(self._keep_reading(), name=name))
            self.accompany(self._listening)
        message = await self._inbox.get()
        if message is None and self.closing is not None:
            await asyncio.wait({self.closing})  # or the route's end closes it, with another code
        return message

    def hear(self, message: str | bytes) -> bool:
        """Take in what a route has read from its socket by itself; True when it was not the application's."""
        self._heard()
        return self._owner.hear(self, message)

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
        for task in self._company:
            task.cancel()
        self._inbox.close(discard=True)
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

    def _sent_now(self, page: Page) -> bool:
        assert self._send_now is not None  # noqa: S101 - the caller has looked
        try:
            sent = self._send_now(page.texts)
        except Exception as error:  # noqa: BLE001 - a broken socket is not the emitter's
            self._owner.gone(self, error)
            return True
        if sent:
            self.reader.wrote(page)
        return sent

    def _step(self, write: Callable[[], Coroutine[Any, Any, None]], page: Page | None) -> None:
        reader, parked, self._parked = self.reader, self._parked, None
        assert self._writer is not None  # noqa: S101 - it is parked, so it exists
        assert parked is not None  # noqa: S101 - the caller has looked
        try:
            rest = begin(write(), self._writer, self._context)
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - a broken socket is not the emitter's
            self._owner.gone(self, error)
            return
        if rest is not None:
            self._writing = (reader, page) if page is not None else None
            self._hand_over(rest, parked)
        else:
            self._parked = parked
            if page is not None:
                reader.wrote(page)

    def _hand_over(self, rest: Rest, parked: asyncio.Future[None]) -> None:
        self._rest, self._blocked_since = rest, self._clock.now()
        if not self._closed:  # or the writer has been cancelled already
            parked.set_result(None)

    def _written(self) -> None:
        self._heard()  # one that is behind is not pinged: that it reads on is its sign of life
        self._blocked_since = None
        writing, self._writing = self._writing, None
        if not self._closed and writing is not None:
            reader, page = writing
            reader.wrote(page)
            self._owner.progressed(self)

    async def _keep_writing(self) -> None:
        try:
            while True:
                await self._finish()
                await self._catch_up()
                self._parked = asyncio.get_running_loop().create_future()
                await self._parked
        except Exception as error:  # noqa: BLE001 - as in _step
            self._owner.gone(self, error)
        finally:
            await self._abandon()

    async def _abandon(self) -> None:
        """End a write that nobody will finish, as a cancelled task does.

        To close the coroutine instead would leave an async generator in it hanging: `websockets` has one.
        """
        rest, self._rest = self._rest, None
        task = asyncio.current_task()
        if rest is None or task is None:
            return
        task.cancel()
        try:
            await rest
        except Exception as error:  # noqa: BLE001 - the socket goes anyhow
            logger.debug("connection %s was writing when it ended: %r", self.connection_id, error)

    async def _finish(self) -> None:
        rest, self._rest = self._rest, None
        if rest is not None:
            await rest
            self._written()

    async def _catch_up(self) -> None:
        while not self._closed and (page := self.reader.page()) is not None:
            self._writing, self._blocked_since = (self.reader, page), self._clock.now()
            await self._transport.send(page.texts)
            self._written()

    async def _keep_reading(self) -> None:
        try:
            while (message := await self._transport.receive()) is not None:
                if not self.hear(message):
                    await self._inbox.put(message)
        except Exception as error:  # noqa: BLE001 - it is raised where the application reads
            self._inbox.close(error)
            self._owner.gone(self, error)
        else:
            self._inbox.close()
            self._owner.gone(self, ConnectionResetError("the client closed the connection"))
