"""The `websockets` library's asyncio connection (websockets.asyncio.server)."""

from collections.abc import Callable, Sequence
from typing import Any

DIRECT = ("protocol", "transport", "drain", "send_in_progress")


def fits(socket: object) -> bool:
    """True for a connection of `websockets`, or what looks like one."""
    return all(hasattr(socket, name) for name in ("send", "recv", "ping", "close"))


class WebsocketsTransport:
    """A connection of `websockets` as a Transport."""

    can_ping = True

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._direct = all(hasattr(socket, name) for name in DIRECT)

    @property
    def is_open(self) -> bool:
        """False once either side has begun to close."""
        state = getattr(self._socket, "state", None)
        return state is None or state.name == "OPEN"

    async def open(self) -> None:
        """Nothing: the library has shaken hands before the handler runs."""

    async def send(self, frames: Sequence[str]) -> None:
        """Write the frames, all with one write to the socket; waits while its buffer is full.

        This is what the library's own `broadcast` does; where that is not to be had, or a
        fragmented message is on its way, each frame goes by the library's `send`.
        """
        socket = self._socket
        if not self._direct or socket.send_in_progress is not None:
            for frame in frames:
                await socket.send(frame)
            return
        self._write(frames)
        await socket.drain()

    def send_now(self, frames: Sequence[str]) -> bool:
        """Write the frames if all before them have left the process; if not, nothing, and False."""
        socket = self._socket
        if (
            not self._direct
            or socket.send_in_progress is not None
            or socket.transport.get_write_buffer_size()
        ):
            return False
        self._write(frames)
        return True

    def _write(self, frames: Sequence[str]) -> None:
        protocol = self._socket.protocol
        for frame in frames:
            protocol.send_text(frame.encode())  # raises when the connection is closing
        self._socket.transport.write(b"".join(protocol.data_to_send()))

    async def receive(self) -> str | bytes | None:
        """The next message, or None when the peer is gone."""
        try:
            message: str | bytes = await self._socket.recv()
        except Exception as error:
            if _says_closed(error):
                return None
            raise
        return message

    async def ping(self, on_pong: Callable[[], None]) -> None:
        """Send a ping frame; the pong calls back."""
        pong = await self._socket.ping()
        pong.add_done_callback(lambda answer: _answered(answer, on_pong))

    async def close(self, code: int, reason: str) -> None:
        """Close with a code, and wait for the peer's answer as long as the library does."""
        await self._socket.close(code, reason)

    def abort(self) -> None:
        """Drop the TCP connection."""
        if (raw := getattr(self._socket, "transport", None)) is not None:
            raw.abort()


def _says_closed(error: Exception) -> bool:
    return any(kind.__name__ == "ConnectionClosed" for kind in type(error).__mro__)


def _answered(answer: Any, on_pong: Callable[[], None]) -> None:
    if not answer.cancelled() and answer.exception() is None:
        on_pong()
