"""The engine below the manager: from an accepted text to the user's sockets, and who is dropped when.

Nothing here waits for a socket, and every change of the books is complete before anything else
can run; what has to wait (writers, closing handshakes) is a task that `settle` ends.
"""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from types import MappingProxyType

from .adapters.transport import Transport
from .clock import Clock
from .closing import FAILED, MISSPOKEN, REPLACED, STALE, TOO_SLOW
from .codec import size_of
from .config import ManagerConfig
from .connection import WebSocketConnection
from .errors import MessageTooLargeError
from .events import TURNS, Receipt, receipt
from .liveness import ANSWER_SECONDS, is_stale, is_unanswered
from .log import Budget, EventLog
from .measure import Measures
from .metrics import ConnectionStatistics, ManagerCounters, ManagerMetrics
from .room import Room
from .roster import Roster
from .sessions import Sessions
from .stream import UserStream
from .turns import Turns

logger = logging.getLogger(__name__)

WHY = {REPLACED: "replaced", MISSPOKEN: "misspoke"}


class Exchange:
    """All streams and connections of one manager."""

    def __init__(self, config: ManagerConfig, clock: Clock, *, is_relayed: bool = False) -> None:
        self.config = config
        self._clock = clock
        self._cap = config.max_connection_bytes
        self._counters = ManagerCounters()
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns = Turns(self._write)
        self._drained: asyncio.Future[None] | None = None
        self._is_relayed = is_relayed
        self.measures = Measures(config.on_measurement)
        self._epoch = "" if is_relayed else secrets.token_urlsafe(9)
        self.sessions = Sessions(config, self._stream_of, self._drop_for, self.own, self.measures, clock)
        self.budget = Budget(config.max_total_bytes)
        self.roster = Roster(
            self._new_stream, per_user=config.max_connections_per_user, in_all=config.max_connections
        )
        self.room = Room(self.roster, self.budget, self._counters, self.measures, self._turns.end)

    def accept(self, user_id: str, text: str, event_type: object = None) -> Receipt:
        """Take a frame in for a user and write it to every connection that keeps up.

        Raises:
            MessageTooLargeError: it is larger than a frame may be.
            BacklogFullError: too much is waiting already.
        """
        size = size_of(text)
        if size > self.config.max_message_bytes:
            raise MessageTooLargeError(size, self.config.max_message_bytes)
        stream = self.roster.stream(user_id)
        if not (stream.connections and stream.log.affords(size)):
            self.room.require(stream, size)
            stream = self.roster.stream(user_id)  # whoever was dropped meanwhile may have taken it along
        if isinstance(event_type, str):
            stream.busy = TURNS.get(event_type, stream.busy)
        before = stream.log.head.end
        self._append(stream, text, size)
        self._turns.append(stream, before)
        return receipt(len(stream.connections))

    def take_in(self, stream: UserStream, texts: Sequence[str]) -> None:
        """Put frames that are accepted elsewhere into a user's log, and write them to those who keep up."""
        before = stream.log.head.end
        for text in texts:
            size = size_of(text)
            self.room.find(stream.log, size)
            self._append(stream, text, size)
        if texts:
            self._turns.wait(stream, before)

    def restart(self, stream: UserStream, epoch: str, seq: int) -> None:
        """Let a user's log be another one, which begins after that number; sessions are told."""
        stream.log.restart(epoch, seq)
        for connection in stream.connections:
            connection.log_restarted()
            if connection.session is not None:
                self.measures.tell("session.gap")

    def pass_on(self, user_id: str, text: str, key: str) -> Receipt:
        """Write a frame that may be dropped to all that keep up; others get the latest of its key.

        Raises:
            MessageTooLargeError: it is larger than a frame may be.
        """
        if (size := size_of(text)) > self.config.max_message_bytes:
            raise MessageTooLargeError(size, self.config.max_message_bytes)
        stream = self.roster.streams.get(user_id)
        connections = stream.connections if stream else ()
        dropped = 0 if connections else 1
        for connection in connections:
            dropped += connection.reader.replace_latest(key, text)
            connection.pump()
        if dropped:
            self._counters.passing_dropped += dropped
            self.measures.tell("event.passing_dropped", dropped)
        return Receipt(len(connections))

    def admit(self, stream: UserStream, transport: Transport, socket: object) -> WebSocketConnection:
        """Make a socket a connection of the user, and begin to write what waits."""
        connection = WebSocketConnection(
            user_id=stream.user_id,
            transport=transport,
            socket=socket,
            log=stream.log,
            clock=self._clock,
            owner=self,
        )
        self.roster.admit(connection)
        self.own(connection.start(stream.attach(connection)))
        self._counters.connected += 1
        self.measures.tell("connection.opened")
        return connection

    def make_place(self, user_id: str) -> None:
        """Of a user who has all the connections allowed, give up one that does not answer; ask the others.

        Whose network was cut comes back before anybody has noticed that the old connections are dead:
        the first attempt finds out, a later one takes the place.
        """
        stream = self.roster.streams.get(user_id)
        if stream is None or not self.roster.is_full_for(stream):
            return
        now = self._clock.now()
        for connection in stream.connections:
            if is_unanswered(connection.signs, connection.beaten, now):
                self.drop(connection, STALE, "no sign of life", why="stale")
                return
        for connection in stream.connections:
            if now - connection.beaten > ANSWER_SECONDS:
                connection.beat()

    def drop(
        self, connection: WebSocketConnection, code: int, reason: str, *, why: str
    ) -> asyncio.Task[None] | None:
        """Strike a connection out; the task that closes its socket, if that has to be done."""
        if not self.roster.remove(connection):
            return None
        self._counters.drop(why)
        self.measures.tell("connection.closed", 1, why)
        self._look_if_drained()
        if not connection.stop():
            return None
        closing = connection.close(code, reason, self.config.close_seconds)
        connection.closing = self.own(asyncio.get_running_loop().create_task(closing))
        return connection.closing

    def beat(self) -> None:
        """Ask those connections for a sign of life whose time has come: sooner while a run is under way."""
        now, early = self._clock.now(), self.tick_seconds / 2
        for connection in tuple(self.roster.connections.values()):
            busy = self._is_relayed or self._stream_of(connection).busy
            period = self.config.busy_heartbeat_seconds if busy else self.config.heartbeat_seconds
            if now - connection.beaten > min(period, self.config.heartbeat_seconds) - early:
                connection.beat()

    @property
    def tick_seconds(self) -> float:
        """How often `beat` has to be called."""
        return min(self.config.heartbeat_seconds, self.config.busy_heartbeat_seconds)

    def hear(self, connection: WebSocketConnection, message: str | bytes) -> bool:
        """Take in what a client said; True when it was a frame of the session protocol."""
        return self.sessions.hear(connection, message)

    def progressed(self, connection: WebSocketConnection) -> None:
        """A connection has got on: what all have got is delivered."""
        self._stream_of(connection).trim()
        self._look_if_drained()

    def gone(self, connection: WebSocketConnection, error: BaseException) -> None:
        """A connection's socket is of no use any more."""
        logger.debug("connection %s is gone: %r", connection.connection_id, error)
        self.drop(connection, FAILED, "the connection failed", why="gone")

    def clean_up(self) -> None:
        """Drop who is gone or stale, and give up events that nobody has come for."""
        now = self._clock.now()
        for connection in tuple(self.roster.connections.values()):
            if not connection.is_open:
                self.drop(connection, 1006, "", why="gone")
            elif is_stale(connection.signs, now, self.config.stale_after_seconds):
                self.drop(connection, STALE, "no sign of life", why="stale")
        self.room.expire(now - self.config.pending_seconds)

    async def drain(self) -> None:
        """Say good-bye to sessions; wait until all have what they are to get, at most `drain_seconds`."""
        self._turns.end()
        self.sessions.drain(tuple(self.roster.connections.values()))
        self._drained = drained = asyncio.get_running_loop().create_future()
        timer = asyncio.ensure_future(self._clock.sleep(self.config.drain_seconds))
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
            sessions=sum(1 for each in self.roster.connections.values() if each.session),
            pending_events=self.room.pending_events,
            pending_bytes=self.room.pending_bytes,
            kept_events=sum(len(stream.log) for stream in streams),
            kept_bytes=self.budget.used,
            accepted=self._counters.accepted,
            refused=self._counters.refused,
            expired=self._counters.expired,
            passing_dropped=self._counters.passing_dropped,
            connected=self._counters.connected,
            dropped=MappingProxyType(dict(self._counters.dropped)),
        )

    def statistics(self) -> tuple[ConnectionStatistics, ...]:
        """Each connection's figures at this moment, oldest first."""
        now = self._clock.now()
        return tuple(
            ConnectionStatistics(
                connection_id=connection.connection_id,
                user_id=connection.user_id,
                phase=connection.phase,
                pending_bytes=connection.pending_bytes,
                unacknowledged=connection.session.unacknowledged if connection.session else 0,
                gaps=connection.reader.gaps,
                silent_seconds=now - connection.signs.seen,
            )
            for connection in self.roster.connections.values()
        )

    def _new_stream(self, user_id: str, start: int) -> UserStream:
        config = self.config
        log = EventLog(
            self.budget,
            max_events=config.max_pending_events,
            max_bytes=config.max_pending_bytes,
            epoch=self._epoch,
            start=start,
            keep=config.sessions,
        )
        return UserStream(user_id, log)

    def _stream_of(self, connection: WebSocketConnection) -> UserStream:
        return self.roster.streams[connection.user_id]

    def _drop_for(self, connection: WebSocketConnection, code: int, reason: str) -> None:
        self.drop(connection, code, reason, why=WHY[code])

    def _append(self, stream: UserStream, text: str, size: int) -> None:
        stream.log.append(text, size, self._clock.now())
        self._counters.accepted += 1
        if self.measures.is_on:
            self.measures.tell("event.accepted")

    def _write(self, stream: UserStream) -> None:
        for connection in stream.connections:
            connection.pump()
            if connection.reader.cursor is not stream.log.head and connection.overdue_bytes > self._cap:
                self.drop(connection, TOO_SLOW, "too slow: come back", why="slow")
        stream.trim()

    def _look_if_drained(self) -> None:
        if self._drained is None:
            return
        if not any(connection.pending_bytes for connection in self.roster.connections.values()):
            _set(self._drained)

    def own(self, task: asyncio.Task[None]) -> asyncio.Task[None]:
        """Keep a task until it has ended; `settle` waits for it."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _set(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
