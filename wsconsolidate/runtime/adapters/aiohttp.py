"""aiohttp's WebSocketResponse, prepared by its handler.

aiohttp answers and sends pings by itself: give `heartbeat=` to WebSocketResponse.
"""

from collections.abc import Callable, Sequence
from typing import Any


def fits(socket: object) -> bool:
    """True for an aiohttp WebSocketResponse, or what looks like one."""
    return all(hasattr(socket, name) for name in ("send_str", "receive", "closed"))


class AiohttpTransport:
    """An aiohttp WebSocketResponse as a Transport."""

    can_ping = False

    def __init__(self, socket: Any) -> None:
        self._socket = socket

    @property
    def is_open(self) -> bool:
        """False once it is closed."""
        return not self._socket.closed

    async def open(self) -> None:
        """Nothing: the handler has prepared it."""

    async def send(self, frames: Sequence[str]) -> None:
        """Write the frames; aiohttp makes this wait while its buffer is full."""
        for frame in frames:
            await self._socket.send_str(frame)

    async def receive(self) -> str | bytes | None:
        """The next message, or None when the client is gone."""
        message = await self._socket.receive()
        return message.data if message.type.name in ("TEXT", "BINARY") else None

    async def ping(self, on_pong: Callable[[], None]) -> None:
        """Nothing: aiohttp does it when given a heartbeat."""

    async def close(self, code: int, reason: str) -> None:
        """Close with a code."""
        await self._socket.close(code=code, message=reason.encode())

    def abort(self) -> None:
        """Nothing: aiohttp drops the socket when the handler returns."""
