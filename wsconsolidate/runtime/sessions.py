"""Connections become sessions here: what a client's protocol frames do to its connection and stream."""

import asyncio
import logging
import random
import secrets
from collections.abc import Awaitable, Callable

from . import frames
from .clock import Clock
from .closing import MISSPOKEN, REPLACED
from .config import ManagerConfig
from .connection import WebSocketConnection
from .errors import WebSocketBackplaneError, WebSocketStateError
from .frames import ClientFrame, FrameError, Position, Resume
from .measure import Measures
from .phase import Phase
from .session import SessionReader, SessionTerms
from .stream import UserStream

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 0.5

Drop = Callable[[WebSocketConnection, int, str], None]
Own = Callable[[asyncio.Task[None]], asyncio.Task[None]]
Backfill = Callable[[UserStream, Position | None], Awaitable[None]]
StreamOf = Callable[[WebSocketConnection], UserStream]


class Sessions:
    """Reads what clients say, and serves as sessions those that ask for it."""

    def __init__(
        self,
        config: ManagerConfig,
        stream_of: StreamOf,
        drop: Drop,
        own: Own,
        measures: Measures,
        clock: Clock,
    ) -> None:
        self.backfill: Backfill | None = None
        self._config = config
        self._stream_of = stream_of
        self._drop = drop
        self._own = own
        self._measures = measures
        self._clock = clock

    def hear(self, connection: WebSocketConnection, message: str | bytes) -> bool:
        """True when the message was a frame of the protocol, and has been seen to."""
        try:
            frame = frames.read(message) if self._config.sessions else None
        except FrameError as error:
            return self._misspoke(connection, error)
        if frame is None:
            return False
        if connection.phase is Phase.CLOSED:
            return True
        if isinstance(frame, Resume) and self.backfill is not None:
            if connection.resuming is None:
                filling = self._fill_and_see_to(connection, self.backfill)
                connection.accompany(self._own(asyncio.get_running_loop().create_task(filling)))
            connection.resuming = frame
            return True
        return self._try_to_see_to(connection, frame)

    def drain(self, connections: tuple[WebSocketConnection, ...]) -> None:
        """Tell sessions to come back, each after a time of its own, so that they don't come all at once."""
        for connection in connections:
            if connection.session is not None:
                wait = random.uniform(0, self._config.return_seconds)  # noqa: S311 - to spread load
                connection.session.drain(round(wait * 1000))
                connection.pump()

    async def _fill_and_see_to(self, connection: WebSocketConnection, backfill: Backfill) -> None:
        """Serve the session when the store has said what it missed: while it is away, nobody can know."""
        while connection.is_open and not await self._is_filled(connection, backfill):
            await self._clock.sleep(AGAIN_SECONDS)
        resume, connection.resuming = connection.resuming, None
        if connection.is_open and resume is not None:
            self._try_to_see_to(connection, resume)

    async def _is_filled(self, connection: WebSocketConnection, backfill: Backfill) -> bool:
        position = connection.resuming.position if connection.resuming is not None else None
        try:
            await backfill(self._stream_of(connection), position)
        except WebSocketBackplaneError as error:
            logger.warning("%s has to wait for what it missed: %s", connection.user_id, error)
            return False
        return True

    def _try_to_see_to(self, connection: WebSocketConnection, frame: ClientFrame) -> bool:
        try:
            self._see_to(connection, frame)
        except (FrameError, WebSocketStateError) as error:
            return self._misspoke(connection, error)
        return True

    def _misspoke(self, connection: WebSocketConnection, error: Exception) -> bool:
        if connection.session is None:
            return False  # what only looks like a frame is, on a plain connection, the application's own
        if connection.phase is Phase.CLOSED:
            return True
        logger.warning("connection %s misspoke: %s", connection.connection_id, error)
        self._drop(connection, MISSPOKEN, "not a frame of the protocol")
        return True

    def _see_to(self, connection: WebSocketConnection, frame: ClientFrame) -> None:
        session = connection.session
        gaps = session.gaps if session else 0
        if session is None:
            self._open(connection, frame)
        elif isinstance(frame, Resume):
            session.resume(frame)
        elif session.ack(frame.position):
            self._acknowledged(connection, session)
        connection.pump()
        if connection.reader.gaps > gaps:
            self._measures.tell("session.gap", connection.reader.gaps - gaps)

    def _acknowledged(self, connection: WebSocketConnection, session: SessionReader) -> None:
        self._stream_of(connection).trim()
        if self._measures.is_on and (at := session.log.came_at(session.acked.seq)) is not None:
            self._measures.tell("event.acknowledged", self._clock.now() - at)

    def _open(self, connection: WebSocketConnection, resume: ClientFrame) -> None:
        if not isinstance(resume, Resume):
            raise FrameError("a session begins with a resume")
        stream = self._stream_of(connection)
        session_id = resume.session_id or secrets.token_urlsafe(12)
        self._replace(stream, session_id)
        stream.resumable = True
        self._measures.tell("session.opened")
        connection.reader = SessionReader(
            stream.log,
            resume,
            began=connection.began,
            session_id=session_id,
            terms=SessionTerms(
                heartbeat_ms=round(self._config.heartbeat_seconds * 1000),
                window=self._config.max_unacknowledged_events,
            ),
        )

    def _replace(self, stream: UserStream, session_id: str) -> None:
        for other in stream.connections:
            if other.session is not None and other.session.session_id == session_id:
                self._drop(other, REPLACED, "this session came back on another connection")
