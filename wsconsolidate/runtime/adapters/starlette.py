"""Starlette's and FastAPI's WebSocket.

ASGI knows no ping: the server pings by itself (uvicorn every 20 s) and reports the peer as gone.
"""

from collections.abc import Callable, Sequence
from typing import Any


def fits(socket: object) -> bool:
    """True for a Starlette WebSocket, or what looks like one."""
    return all(hasattr(socket, name) for name in ("send_text", "receive", "accept", "client_state"))


class StarletteTransport:
    """A Starlette WebSocket as a Transport."""

    can_ping = False

    def __init__(self, socket: Any) -> None:
        self._socket = socket

    @property
    def is_open(self) -> bool:
        """False once either side has closed."""
        return "DISCONNECTED" not in (self._socket.client_state.name, self._socket.application_state.name)

    async def open(self) -> None:
        """Accept the socket, unless the route has done so."""
        if self._socket.application_state.name == "CONNECTING":
            await self._socket.accept()

    async def send(self, frames: Sequence[str]) -> None:
        """Write the frames; the server makes this wait while its buffer is full."""
        for frame in frames:
            await self._socket.send({"type": "websocket.send", "text": frame})

    async def receive(self) -> str | bytes | None:
        """The next message, or None when the client is gone."""
        if self._socket.client_state.name == "DISCONNECTED":
            return None
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            return None
        text: str | None = message.get("text")
        return text if text is not None else bytes(message["bytes"])

    async def ping(self, on_pong: Callable[[], None]) -> None:
        """Nothing: the server does it."""

    async def close(self, code: int, reason: str) -> None:
        """Close with a code."""
        if self.is_open:
            await self._socket.close(code, reason)

    def abort(self) -> None:
        """Nothing: ASGI has no such message; the server drops the socket when the route returns."""
