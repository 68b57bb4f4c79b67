"""Who is connected: every stream by user, every connection by id, and the limits."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .connection import ConnectionId, WebSocketConnection
from .errors import WebSocketAuthorizationError, WebSocketLimitError
from .stream import UserStream

REMEMBERED = 10_000


class Roster:
    """The book-keeping of a manager; every step is complete before anything else can run."""

    def __init__(self, make_stream: Callable[[str, int], UserStream], *, per_user: int, in_all: int) -> None:
        self.streams: dict[str, UserStream] = {}
        self.connections: dict[ConnectionId, WebSocketConnection] = {}
        self._sockets: dict[int, WebSocketConnection] = {}
        self._make_stream = make_stream
        self._per_user = per_user
        self._in_all = in_all
        self._reserved = 0
        self._ended: OrderedDict[str, int] = OrderedDict()
        self._floor = 0

    def stream(self, user_id: str) -> UserStream:
        """The user's stream, made when there is none; it never uses a number again."""
        if (stream := self.streams.get(user_id)) is None:
            ended = self._ended.pop(user_id, None)
            stream = self._make_stream(user_id, self._floor if ended is None else ended)
            stream.resumable = ended is not None
            self.streams[user_id] = stream
        return stream

    def of_socket(self, user_id: str, socket: object) -> WebSocketConnection | None:
        """The connection this very socket has already.

        Raises:
            WebSocketAuthorizationError: it is another user's.
        """
        connection = self._sockets.get(id(socket))
        if connection is not None and connection.user_id != user_id:
            raise WebSocketAuthorizationError("this socket is connected already, for another user")
        return connection

    @contextmanager
    def slot(self, user_id: str) -> Iterator[UserStream]:
        """Hold a place for a connection that is about to be made.

        Raises:
            WebSocketLimitError: the user has all the connections a user may have, or everybody has.
        """
        stream = self.stream(user_id)
        self._require_room(stream)
        stream.reserved += 1
        self._reserved += 1
        try:
            yield stream
        finally:
            stream.reserved -= 1
            self._reserved -= 1
            self.forget_if_idle(stream)

    def is_full_for(self, stream: UserStream) -> bool:
        """True when the user has all the connections that a user may have."""
        return len(stream.connections) + stream.reserved >= self._per_user

    def _require_room(self, stream: UserStream) -> None:
        if self.is_full_for(stream):
            raise WebSocketLimitError(f"user {stream.user_id!r} has all {self._per_user} connections allowed")
        if len(self.connections) + self._reserved >= self._in_all:
            self.forget_if_idle(stream)
            raise WebSocketLimitError(f"all {self._in_all} connections allowed are taken")

    def admit(self, connection: WebSocketConnection) -> None:
        """Enter a connection."""
        self.connections[connection.connection_id] = connection
        self._sockets[id(connection.socket)] = connection

    def remove(self, connection: WebSocketConnection) -> bool:
        """Strike a connection out; False when it was not (or no longer) in, so that it may be asked twice."""
        if self.connections.get(connection.connection_id) is not connection:
            return False
        del self.connections[connection.connection_id]
        del self._sockets[id(connection.socket)]
        stream = self.streams[connection.user_id]
        stream.detach(connection)
        self.forget_if_idle(stream)
        return True

    def forget_if_idle(self, stream: UserStream) -> None:
        """Drop a stream that holds nothing; where a session's log ended is remembered for a while.

        Whoever is forgotten altogether begins above every number that was ever used, so that a
        session that comes back late is told of a gap, and never believes that it has missed nothing.
        """
        if not stream.is_idle or self.streams.get(stream.user_id) is not stream:
            return
        del self.streams[stream.user_id]
        if stream.resumable:
            self._ended[stream.user_id] = stream.log.head.seq
        else:
            self._floor = max(self._floor, stream.log.head.seq)
        if len(self._ended) > REMEMBERED:
            self._floor = max(self._floor, self._ended.popitem(last=False)[1] + 1)
