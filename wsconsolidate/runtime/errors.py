"""Every error of the runtime, as one tree.

    WebSocketError
    +-- WebSocketConnectionError      a connection is gone, or was never there
    +-- WebSocketLimitError           no room: too many connections
    +-- WebSocketAuthorizationError   no user, somebody else's, or not allowed
    +-- WebSocketDeliveryError        an event was not accepted; trying again may help
    |   +-- BacklogFullError          too much is waiting for that user
    +-- WebSocketPayloadError         an event cannot be written as a frame
    |   +-- MessageTooLargeError      the frame is larger than allowed
    +-- WebSocketBackplaneError       the broker between processes failed
    +-- WebSocketStateError           not started, stopped, or a step out of order
        +-- WrongLoopError            used from another event loop than its own

The classes of the second level keep the constructor of Exception, so that a code base may
put errors of its own below them.
"""


class WebSocketError(Exception):
    """The base of all of them: `except WebSocketError` catches whatever the runtime raises.

    `retryable` says whether the same call may succeed a moment later.

    Example:
        >>> class BillingSocketError(WebSocketError):
        ...     pass
    """

    retryable = False


class WebSocketConnectionError(WebSocketError, ConnectionError):
    """A connection is gone, or was never there."""


class WebSocketLimitError(WebSocketError):
    """There is no room for another connection."""


class WebSocketAuthorizationError(WebSocketError, PermissionError):
    """No user was named, the connection is somebody else's, or the call is not allowed."""


class WebSocketDeliveryError(WebSocketError):
    """An event was not accepted: nobody will get it unless the call is repeated."""

    retryable = True


class WebSocketPayloadError(WebSocketError, TypeError, ValueError):
    """An event cannot be written as a frame; it is a TypeError and a ValueError as `json` has them."""


class WebSocketBackplaneError(WebSocketError):
    """The broker between processes failed."""

    retryable = True


class WebSocketStateError(WebSocketError, RuntimeError):
    """Not started, already stopped, or a step that does not follow from the present state."""


class BacklogFullError(WebSocketDeliveryError):
    """Too much is waiting for a user (or, with `user_id` None, for all of them)."""

    def __init__(self, user_id: str | None, events: int, size: int) -> None:
        super().__init__(user_id, events, size)
        self.user_id = user_id
        self.events = events
        self.size = size

    def __str__(self) -> str:
        whose = "all users" if self.user_id is None else f"user {self.user_id!r}"
        return (
            f"no room for another event: {self.events} events ({self.size} bytes) already wait for {whose}; "
            "the event was not accepted"
        )


class MessageTooLargeError(WebSocketPayloadError):
    """A frame is larger than `ManagerConfig.max_message_bytes`."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(size, limit)
        self.size = size
        self.limit = limit

    def __str__(self) -> str:
        return f"the frame has {self.size} bytes, allowed are {self.limit}: send a reference to the content"


class WrongLoopError(WebSocketStateError):
    """Something that belongs to one event loop was used from another."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        return (
            f"{self.what} was started on another event loop: use emit_threadsafe() from other threads, "
            "or one manager per loop (UnifiedWebSocketManager.shared())"
        )
