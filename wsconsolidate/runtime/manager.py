"""The manager: takes sockets in by user, accepts events, and looks after both."""

import asyncio
import concurrent.futures
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Self
from weakref import WeakKeyDictionary

from .adapters.registry import adapt
from .backplanes.backplane import Backplane
from .clock import Clock, SystemClock
from .closing import FAILED, GOING_AWAY, NORMAL, SERVICE_RESTART, require_closing
from .codec import encoder_of
from .config import ManagerConfig
from .connection import ConnectionId, WebSocketConnection
from .context import UserExecutionContext, anywhere, require_user
from .envelope import NO_KEYS, Envelope
from .errors import (
    WebSocketAuthorizationError,
    WebSocketConnectionError,
    WebSocketPayloadError,
    WebSocketStateError,
)
from .events import Event, Receipt
from .exchange import Exchange
from .health import Health, HealthStatus
from .home import Home
from .metrics import ConnectionStatistics, ManagerMetrics
from .relay import Relay
from .watch import Watch

NEARLY = 0.9
RECONCILE_SECONDS = 10.0


class UnifiedWebSocketManager:
    """Every connection of this process, by user, and the one way to send to them.

    An accepted event is written to each open connection of its user in order; with none it waits,
    bounded, for the next. A call never waits for a socket: a client that does not read costs its
    own backlog, and is cut (close code 4002) when that is too large. What cannot be accepted
    raises. One manager belongs to one event loop; from other threads use `emit_threadsafe`. With a
    `backplane` the managers of several processes share their users' logs.

    Example:
        >>> async def main(websocket: object) -> None:
        ...     async with UnifiedWebSocketManager(ManagerConfig()) as manager:
        ...         connection_id = await manager.connect("ada", websocket)
        ...         await manager.emit_critical_event("ada", "agent_completed", {"result": 42})
        ...         await manager.disconnect(connection_id)
    """

    def __init__(
        self,
        config: ManagerConfig | None = None,
        *,
        clock: Clock | None = None,
        backplane: Backplane | None = None,
    ) -> None:
        self.config = config if config is not None else ManagerConfig()
        self._clock: Clock = clock if clock is not None else SystemClock()
        self._exchange = Exchange(self.config, self._clock, is_relayed=backplane is not None)
        self._relay = Relay(backplane, self._exchange, self._clock) if backplane is not None else None
        self._exchange.sessions.backfill = self._relay.backfill if self._relay is not None else None
        self._roster = self._exchange.roster
        self._watch = Watch(self._clock)
        self._encode = encoder_of(self.config.encoder, self.config.json_default)
        self._home = Home(type(self).__name__)
        self._changing = asyncio.Lock()
        self._accepting = False

    # Beginning and end

    @classmethod
    async def shared(cls, config: ManagerConfig | None = None) -> "UnifiedWebSocketManager":
        """The one manager of the running event loop, started; `config` counts on the first call.

        Raises:
            WebSocketStateError: the manager is there already, with another configuration.

        Example:
            >>> async def anywhere() -> None:
            ...     manager = await UnifiedWebSocketManager.shared()
        """
        loop = asyncio.get_running_loop()
        for closed in [other for other in SHARED if other.is_closed()]:
            del SHARED[closed]
        manager = SHARED.get(loop)
        if manager is None:
            manager = SHARED[loop] = cls(config)
        if config not in (None, manager.config):
            raise WebSocketStateError("the shared manager of this loop has another configuration already")
        await manager.start()
        return manager

    async def start(self) -> None:
        """Begin on the running event loop; on a running manager it only revives what has died.

        Raises:
            WrongLoopError: it runs on another loop.
        """
        self._settle_here()
        async with self._changing:
            self._home.settle()  # or it was being stopped
            if self._relay is not None:
                await self._relay.start()
                self._watch.keep("reconciliation", RECONCILE_SECONDS, self._relay.reconcile)
            self._accepting = True
            self._watch.keep("heartbeat", self._exchange.tick_seconds, self._exchange.beat)
            self._watch.keep("clean-up", self.config.cleanup_seconds, self._exchange.clean_up)

    async def stop(self) -> None:
        """Accept nothing more, write what is under way for `drain_seconds`, close all with 1012.

        What waits for absent users stays, and goes out if the manager is started again. Stopping
        twice, or before the start, does nothing.
        """
        self._home.require()
        async with self._changing:
            if self._home.loop is not None:
                await self._end(self._home.loop)

    async def _end(self, loop: asyncio.AbstractEventLoop) -> None:
        self._accepting = False
        try:
            await self._watch.stop()
            if self._relay is not None:
                await self._relay.stop(self.config.drain_seconds)
            await self._exchange.drain()
        finally:
            for connection in tuple(self._roster.connections.values()):
                self._exchange.drop(connection, SERVICE_RESTART, "the server is restarting", why="stopped")
            await self._exchange.settle()
            if SHARED.get(loop) is self:
                del SHARED[loop]
            self._home.leave()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # Connections

    async def connect(self, user_id: str, websocket: Any) -> ConnectionId:
        """Take in a socket of Starlette, FastAPI, websockets or aiohttp, or a Transport; its connection's id.

        An ASGI socket that is not accepted yet is accepted. The same socket again gives the same
        id. The caller has authenticated the user.

        Raises:
            WebSocketLimitError: the user, or everybody together, has as many as allowed.
            WebSocketAuthorizationError: no user, or the socket is another user's.
            WebSocketStateError: the manager does not run.
        """
        self._require_running()
        require_user(user_id)
        if known := self._roster.of_socket(user_id, websocket):
            return known.connection_id
        transport = adapt(websocket)
        self._exchange.make_place(user_id)
        with self._roster.slot(user_id) as stream:
            await transport.open()
            self._require_running()
            if self._relay is not None:
                await self._relay.prepare(stream)
                self._require_running()
            if known := self._roster.of_socket(user_id, websocket):
                return known.connection_id
            return self._exchange.admit(stream, transport, websocket).connection_id

    async def disconnect(self, connection_id: str, *, code: int = 1000, reason: str = "") -> bool:
        """Let a connection go and close its socket; False, and nothing happens, when it was gone.

        Raises:
            ValueError: no socket can be closed with that code or reason (RFC 6455, 5.5 and 7.4).
        """
        self._home.require()
        require_closing(code, reason)
        connection = self._roster.connections.get(ConnectionId(connection_id))
        if connection is None:
            return False
        closing = self._exchange.drop(connection, code, reason, why="disconnected")
        if closing is not None:
            await asyncio.shield(closing)
        return True

    @asynccontextmanager
    async def connected(self, user_id: str, websocket: Any) -> AsyncIterator[WebSocketConnection]:
        """Connect for the length of a block; iterate over the connection to read what the client says.

        A block that ends closes with 1000, one that fails with 1011, one that is cancelled with 1001.

        Example:
            >>> async def route(manager: UnifiedWebSocketManager, websocket: object) -> None:
            ...     async with manager.connected("ada", websocket) as connection:
            ...         async for message in connection:
            ...             print(message)
        """
        connection_id = await self.connect(user_id, websocket)
        code = FAILED
        try:
            yield self.connection(connection_id)
            code = NORMAL
        except asyncio.CancelledError:
            code = GOING_AWAY
            raise
        finally:
            if self._home.loop is not None:
                await self.disconnect(connection_id, code=code)

    def connection(self, connection_id: str) -> WebSocketConnection:
        """The connection of that id.

        Raises:
            WebSocketConnectionError: there is none, or no longer.
        """
        try:
            return self._roster.connections[ConnectionId(connection_id)]
        except KeyError:
            raise WebSocketConnectionError(f"there is no connection {connection_id!r} now") from None

    def connections_of(self, user_id: str) -> tuple[WebSocketConnection, ...]:
        """The user's open connections, oldest first."""
        stream = self._roster.streams.get(user_id)
        return stream.connections if stream else ()

    # Events

    async def emit_critical_event(
        self,
        user_id: str,
        event_type: str,
        data: Any,
        *,
        context: UserExecutionContext | None = None,
        extra: Mapping[str, object] = NO_KEYS,
        envelope: Envelope | None = None,
    ) -> Receipt:
        """Accept an event for all connections of a user; it never waits for one of them.

        `extra` are further keys of this one frame; `envelope` replaces the configured one.

        Raises:
            BacklogFullError: too much is waiting already.
            WebSocketPayloadError: the event is no JSON, or too large.
            WebSocketAuthorizationError: no user, or not the context's.
            WebSocketStateError: the manager does not run.
        """
        self._require_running()
        frame = self._frame(user_id, event_type, data, context, extra, envelope)
        if self._relay is not None:
            return await self._relay.accept(user_id, self._encode(frame))
        return self._exchange.accept(user_id, self._encode(frame), event_type)

    async def send_to_user(self, user_id: str, frame: Mapping[str, object]) -> Receipt:
        """Accept a frame that is laid out already: it reaches the browser as it is. Raises as above."""
        self._require_running()
        require_user(user_id)
        if not isinstance(frame, Mapping):
            raise WebSocketPayloadError(f"a frame is a mapping, got {type(frame).__name__}")
        if self._relay is not None:
            return await self._relay.accept(user_id, self._encode(frame))
        return self._exchange.accept(user_id, self._encode(frame), frame.get("type", frame.get("event")))

    async def emit_droppable(
        self,
        user_id: str,
        event_type: str,
        data: Any,
        *,
        key: str | None = None,
        context: UserExecutionContext | None = None,
        extra: Mapping[str, object] = NO_KEYS,
        envelope: Envelope | None = None,
    ) -> Receipt:
        """Send an event that may be dropped, such as progress; never for what a client must know.

        It has no number and is not kept. A connection that is behind gets the latest of each `key`
        (by default the event's type) when it has caught up; the others are dropped and counted.
        Raises as `emit_critical_event`, but for the backlog.
        """
        self._require_running()
        frame = self._frame(user_id, event_type, data, context, extra, envelope)
        return self._exchange.pass_on(user_id, self._encode(frame), key or event_type)

    def emit_threadsafe(
        self, user_id: str, event_type: str, data: Any, *, context: UserExecutionContext | None = None
    ) -> "concurrent.futures.Future[Receipt]":
        """`emit_critical_event` from another thread; the future has the receipt, or the error.

        Waiting for the future on the manager's own thread would wait for ever.
        """
        loop = self._home.loop
        if loop is None:
            raise WebSocketStateError("the manager does not run: nothing can be emitted")
        emit = self.emit_critical_event(user_id, event_type, data, context=context)
        try:
            return asyncio.run_coroutine_threadsafe(emit, loop)
        except RuntimeError as error:
            emit.close()
            raise WebSocketStateError("the manager's event loop is closed: nothing can be emitted") from error

    async def broadcast(self, event_type: str, data: Any) -> Receipt:
        """Accept an event for every connected user; only with `allow_broadcast`.

        Raises:
            WebSocketAuthorizationError: broadcasting is not allowed.
        """
        self._require_running()
        if not self.config.allow_broadcast:
            raise WebSocketAuthorizationError("broadcast is off: set ManagerConfig(allow_broadcast=True)")
        users = [stream.user_id for stream in self._roster.streams.values() if stream.connections]
        receipts = [await self.emit_critical_event(user_id, event_type, data) for user_id in users]
        return Receipt(sum(receipt.connections for receipt in receipts))

    # Condition

    def health(self) -> Health:
        """Unhealthy when it does not run or its watch has died, degraded when memory is nearly full."""
        pending, limit = self._exchange.room.pending_bytes, self.config.max_total_bytes
        figures = {"connections": len(self._roster.connections), "pending_bytes": pending}
        if self._home.loop is None or not self._accepting:
            return Health(HealthStatus.UNHEALTHY, "the manager does not run", figures)
        if dead := self._watch.dead:
            return Health(HealthStatus.UNHEALTHY, f"{', '.join(dead)} has died", figures)
        if self._relay is not None and (trouble := self._relay.trouble):
            return Health(HealthStatus.DEGRADED, trouble, figures)
        if pending > NEARLY * limit:
            return Health(HealthStatus.DEGRADED, "waiting events have nearly filled their memory", figures)
        return Health(HealthStatus.HEALTHY, "", figures)

    def metrics(self) -> ManagerMetrics:
        """The figures at this moment."""
        return self._exchange.metrics()

    def statistics(self) -> tuple[ConnectionStatistics, ...]:
        """Each connection's figures at this moment, oldest first."""
        return self._exchange.statistics()

    # Within

    def _frame(
        self,
        user_id: str,
        event_type: str,
        data: Any,
        context: UserExecutionContext | None,
        extra: Mapping[str, object],
        envelope: Envelope | None,
    ) -> Mapping[str, object]:
        if context is None:
            context = anywhere(user_id)
        elif context.user_id != user_id:
            raise WebSocketAuthorizationError(f"the context is {context.user_id!r}'s, not {user_id!r}'s")
        shape = envelope or self.config.envelope
        if not (shape.keys or extra):
            return shape.body(event_type, data)
        return shape.wrap(Event(event_type, data, context, self._clock.wall()), extra)

    def _settle_here(self) -> None:
        if self._home.loop is None and not self._changing.locked():
            self._changing = asyncio.Lock()  # the last one may belong to another loop
        self._home.settle()

    def _require_running(self) -> None:
        self._home.require()
        if not self._accepting:
            raise WebSocketStateError(
                "the manager does not run: use `async with manager:` or `await manager.start()`, "
                "in the lifespan of the application"
            )


SHARED: WeakKeyDictionary[asyncio.AbstractEventLoop, UnifiedWebSocketManager] = WeakKeyDictionary()
