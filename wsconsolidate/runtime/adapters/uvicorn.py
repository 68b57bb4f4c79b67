"""uvicorn's connection, where nothing stands between it and the endpoint: several frames with one write.

ASGI has one message for each frame, and uvicorn writes each by itself, which costs as much as all the
rest. This does for several frames what its `send` does for one. A middleware that wraps `send` is
respected: then every frame goes through it.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from .transport import SendNow

KNOWN_BY = ("conn", "transport", "writable", "handshake_complete", "close_sent", "disconnected")


def writer_of(
    receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> SendNow | None:
    """What writes frames without waiting, or None when the two are not the server's own."""
    server = _owner(send)
    is_known = all(hasattr(server, name) for name in KNOWN_BY) and hasattr(server.conn, "send_text")
    return DirectWriter(server) if is_known and server is _owner(receive) else None


def _owner(method: object) -> Any:
    return getattr(method, "__self__", None)


class DirectWriter:
    """Writes text frames to the socket of uvicorn's WebSocketsSansIOProtocol."""

    __slots__ = ("_server",)

    def __init__(self, server: Any) -> None:
        self._server = server

    def __call__(self, frames: Sequence[str]) -> bool:
        """Write the frames if all before them have left the process; if not, nothing, and False."""
        server = self._server
        is_open = server.handshake_complete and not (server.close_sent or server.disconnected)
        if not is_open or server.transport.get_write_buffer_size():
            return False
        for frame in frames:
            server.conn.send_text(frame.encode())  # raises when the connection is closing
        server.transport.write(b"".join(server.conn.data_to_send()))
        return True
