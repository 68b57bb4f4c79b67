"""The engine below the manager: from an accepted text to the user's sockets, and who is dropped when.

Nothing here waits for a socket, and every change of the books is complete before anything else
can run; what has to wait (writers, closing handshakes) is a task that `settle` ends.
"""

import asyncio
import logging
from types import MappingProxyType

from .adapters.transport import Transport
from .clock import Clock
from .codec import size_of
from .config import ManagerConfig
from .connection import WebSocketConnection
from .errors import BacklogFullError, MessageTooLargeError
from .events import Receipt
from .liveness import is_stale
from .log import Budget, EventLog
from .metrics import ManagerCounters, ManagerMetrics
from .roster import Roster
from .stream import UserStream

logger = logging.getLogger(__name__)

# 4000 to 4499 ask the client to come back
STALE = 4001
TOO_SLOW = 4002


class Exchange:
    """All streams and connections of one manager."""

    def __init__(self, config: ManagerConfig, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._cap = config.max_connection_bytes
        self._counters = ManagerCounters()
        self._tasks: set[asyncio.Task[None]] = set()
        self._drained: asyncio.Future[None] | None = None
        self.budget = Budget(config.max_total_bytes)
        self.roster = Roster(
            self._new_stream, per_user=config.max_connections_per_user, in_all=config.max_connections
        )

    def accept(self, user_id: str, text: str) -> Receipt:
        """Take a frame in for a user and write it to every connection that keeps up.

        Raises:
            MessageTooLargeError: it is larger than a frame may be.
            BacklogFullError: too much is waiting already.
        """
        size = size_of(text)
        if size > self._config.max_message_bytes:
            raise MessageTooLargeError(size, self._config.max_message_bytes)
        stream = self.roster.stream(user_id)
        self._require_room(stream, size)
        stream.log.append(text, size, self._clock.now())
        self._counters.accepted += 1
        for connection in stream.connections:
            connection.pump()
            if connection.pending_bytes > self._cap:
                self.drop(connection, TOO_SLOW, "too slow: come back", why="slow")
        stream.trim()
        return Receipt(len(stream.connections))

    def admit(self, stream: UserStream, transport: Transport, socket: object) -> WebSocketConnection:
        """Make a socket a connection of the user, and begin to write what waits."""
        connection = WebSocketConnection(
            user_id=stream.user_id,
            transport=transport,
            socket=socket,
            log=stream.log,
            clock=self._clock,
            on_progress=self._progressed,
            on_gone=self._gone,
        )
        self.roster.admit(connection)
        self._own(connection.start(stream.attach(connection)))
        self._counters.connected += 1
        return connection

    def drop(
        self, connection: WebSocketConnection, code: int, reason: str, *, why: str
    ) -> asyncio.Task[None] | None:
        """Strike a connection out; the task that closes its socket, if that has to be done."""
        if not self.roster.remove(connection):
            return None
        self._counters.drop(why)
        self._look_if_drained()
        if not connection.stop():
            return None
        closing = connection.close(code, reason, self._config.close_seconds)
        return self._own(asyncio.get_running_loop().create_task(closing))

    def ping_all(self) -> None:
        """Ask every connection for a sign of life."""
        for connection in tuple(self.roster.connections.values()):
            connection.ping()

    def clean_up(self) -> None:
        """Drop who is gone or stale, and give up events that nobody has come for."""
        now = self._clock.now()
        for connection in tuple(self.roster.connections.values()):
            if not connection.is_open:
                self.drop(connection, 1006, "", why="gone")
            elif is_stale(connection.signs, now, self._config.stale_after_seconds):
                self.drop(connection, STALE, "no sign of life", why="stale")
        for stream in tuple(self.roster.streams.values()):
            if not stream.connections:
                self._expire(stream, now - self._config.pending_seconds)

    async def drain(self) -> None:
        """Wait until every open connection has what it is to get, at most `drain_seconds`."""
        self._drained = drained = asyncio.get_running_loop().create_future()
        timer = asyncio.ensure_future(self._clock.sleep(self._config.drain_seconds))
        timer.add_done_callback(lambda _: _set(drained))
        self._look_if_drained()
        try:
            await drained
        finally:
            timer.cancel()
            self._drained = None
            await asyncio.gather(timer, return_exceptions=True)

    async def settle(self) -> None:
        """Wait until writers and closing handshakes have ended."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def metrics(self) -> ManagerMetrics:
        """The figures at this moment."""
        streams = self.roster.streams.values()
        return ManagerMetrics(
            users=sum(1 for stream in streams if stream.connections),
            connections=len(self.roster.connections),
            pending_events=sum(len(stream.log) for stream in streams),
            pending_bytes=self.budget.used,
            accepted=self._counters.accepted,
            refused=self._counters.refused,
            expired=self._counters.expired,
            connected=self._counters.connected,
            dropped=MappingProxyType(dict(self._counters.dropped)),
        )

    def _new_stream(self, user_id: str) -> UserStream:
        config = self._config
        log = EventLog(self.budget, max_events=config.max_pending_events, max_bytes=config.max_pending_bytes)
        return UserStream(user_id, log)

    def _require_room(self, stream: UserStream, size: int) -> None:
        log = stream.log
        fits = bool(stream.connections) or log.has_room(size)
        if fits and log.affords(size):
            return
        self._counters.refused += 1
        refusal = BacklogFullError(stream.user_id, len(log), log.size)
        if fits:
            refusal = BacklogFullError(None, self.metrics().pending_events, self.budget.used)
        self.roster.forget_if_idle(stream)
        raise refusal

    def _expire(self, stream: UserStream, before: float) -> None:
        given_up = stream.log.expire(before)
        if given_up:
            self._counters.expired += given_up
            logger.warning("gave up %d events: %s has not come for them", given_up, stream.user_id)
        self.roster.forget_if_idle(stream)

    def _progressed(self, connection: WebSocketConnection) -> None:
        self.roster.streams[connection.user_id].trim()
        self._look_if_drained()

    def _gone(self, connection: WebSocketConnection, error: BaseException) -> None:
        logger.debug("connection %s is gone: %r", connection.connection_id, error)
        self.drop(connection, 1011, "the connection failed", why="gone")

    def _look_if_drained(self) -> None:
        if self._drained is None:
            return
        if not any(connection.pending_bytes for connection in self.roster.connections.values()):
            _set(self._drained)

    def _own(self, task: asyncio.Task[None]) -> asyncio.Task[None]:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _set(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
