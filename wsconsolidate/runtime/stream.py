"""One user's side: the log of what is to be got, and the connections that read it."""

from .connection import WebSocketConnection
from .log import Cursor, EventLog


class UserStream:
    """A user's log and open connections; what is in one stream never reaches another's.

    It is `resumable` when a session has read from it: one that comes back is told of what it missed.
    It is `busy` while a run is under way, as far as the last critical event says. It `is_given_up` when
    events had to go since the user was here last.
    """

    __slots__ = ("busy", "connections", "is_given_up", "log", "reserved", "resumable", "user_id")

    def __init__(self, user_id: str, log: EventLog) -> None:
        self.user_id = user_id
        self.log = log
        self.connections: tuple[WebSocketConnection, ...] = ()
        self.reserved = 0
        self.resumable = False
        self.busy = False
        self.is_given_up = False

    @property
    def is_idle(self) -> bool:
        """True when nothing would be lost by forgetting this stream."""
        return not (self.connections or self.reserved or len(self.log))

    def attach(self, connection: WebSocketConnection) -> Cursor:
        """Let a connection read; where it starts.

        The only one of its user gets what waited for it, a further one only what is new.
        """
        start = self.log.head if self.connections else self.log.delivered
        self.connections = (*self.connections, connection)
        self.is_given_up = False
        return start

    def detach(self, connection: WebSocketConnection) -> None:
        """Take a connection out; what only it had yet to get waits for the next one."""
        self.connections = tuple(other for other in self.connections if other is not connection)
        self.trim()

    def trim(self) -> None:
        """What all connections have got is delivered; with none, everything else waits."""
        if len(self.connections) == 1:
            self.log.release(self.connections[0].reader.settled)
        elif self.connections:
            self.log.release(min([connection.reader.settled for connection in self.connections]))
