"""The `websockets` library's asyncio connection (websockets.asyncio.server)."""

from collections.abc import Callable, Sequence
from typing import Any


def fits(socket: object) -> bool:
    """True for a connection of `websockets`, or what looks like one."""
    return all(hasattr(socket, name) for name in ("send", "recv", "ping", "close"))


class WebsocketsTransport:
    """A connection of `websockets` as a Transport."""

    can_ping = True

    def __init__(self, socket: Any) -> None:
        self._socket = socket

    @property
    def is_open(self) -> bool:
        """False once either side has begun to close."""
        state = getattr(self._socket, "state", None)
        return state is None or state.name == "OPEN"

    async def open(self) -> None:
        """Nothing: the library has shaken hands before the handler runs."""

    async def send(self, frames: Sequence[str]) -> None:
        """Write the frames, several of them as one write to the socket; waits while its buffer is full."""
        *first, last = frames
        if first:
            await self._cork(first)
        await self._socket.send(last)

    async def _cork(self, frames: Sequence[str]) -> None:
        protocol, raw = getattr(self._socket, "protocol", None), getattr(self._socket, "transport", None)
        if protocol is None or raw is None or getattr(self._socket, "send_in_progress", None) is not None:
            for frame in frames:
                await self._socket.send(frame)
            return
        for frame in frames:
            protocol.send_text(frame.encode())
        raw.write(b"".join(protocol.data_to_send()))

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
