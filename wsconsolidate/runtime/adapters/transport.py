"""What the runtime asks of a socket, whatever framework it comes from."""

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

SendNow = Callable[[Sequence[str]], bool]


@runtime_checkable
class Transport(Protocol):
    """A live server-side socket.

    Give one to `UnifiedWebSocketManager.connect` to connect anything that has no adapter. Only one
    `send` or `ping` is under way at a time. One that can often write without waiting may have a
    method `send_now(frames)` besides: it writes them and is True, or does nothing and is False.
    """

    can_ping: bool

    @property
    def is_open(self) -> bool:
        """False once the peer is known to be gone."""
        ...

    async def open(self) -> None:
        """Finish the opening handshake, if that is still to be done."""

    async def send(self, frames: Sequence[str]) -> None:
        """Write the frames in order as text messages; waits while the peer does not read."""

    async def receive(self) -> str | bytes | None:
        """The next message, or None when the peer is gone."""
        ...

    async def ping(self, on_pong: Callable[[], None]) -> None:
        """Ask for a sign of life, and call back when it comes."""

    async def close(self, code: int, reason: str) -> None:
        """Close with a code; an error means it was closed already."""

    def abort(self) -> None:
        """Drop the socket without a word, as far as it can be done."""
