"""A WebSocket endpoint for any ASGI application, in one line: origin, user, session, all seen to.

It speaks ASGI itself and needs no framework, so that it may be routed to from Starlette or FastAPI,
mounted, or be the whole application.
"""

import inspect
import logging
import re
from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ..closing import FORBIDDEN, SERVICE_RESTART, TOO_MANY
from ..connection import WebSocketConnection
from ..errors import WebSocketLimitError, WebSocketStateError
from ..manager import UnifiedWebSocketManager
from .uvicorn import writer_of

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

logger = logging.getLogger(__name__)
ESCAPED = re.compile(r"\\([0-3][0-7][0-7])|\\(.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketRequest:
    """What is known of a client before it is let in; names of headers are in lower case."""

    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    cookies: Mapping[str, str]
    scope: Mapping[str, Any]


Authenticate = Callable[[SocketRequest], str | Awaitable[str | None] | None]
OnMessage = Callable[[WebSocketConnection, str | bytes], Awaitable[None]]


class AgentSocketEndpoint:
    """An ASGI application that takes sockets into a manager for as long as they last.

    `authenticate` gives the user, or None for a client that is turned away (403). A browser's
    `Origin` must be the host that it asks for, or one of `origins` ("*" allows all); clients that
    send none are no browsers. `on_message` gets what clients say, one message after the other, while
    acknowledgements go on being heard. Without a manager it is the shared one of the loop.

    Example:
        >>> def authenticate(request: SocketRequest) -> str | None:
        ...     return request.cookies.get("user")
        >>> endpoint = AgentSocketEndpoint(authenticate=authenticate)
        >>> # Starlette, FastAPI: app.router.routes.append(WebSocketRoute("/ws", endpoint))
    """

    def __init__(
        self,
        manager: UnifiedWebSocketManager | None = None,
        *,
        authenticate: Authenticate,
        origins: Collection[str] = (),
        on_message: OnMessage | None = None,
    ) -> None:
        self._manager = manager
        self._authenticate = authenticate
        self._origins = origins
        self._on_message = on_message

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one connection.

        Raises:
            TypeError: it is asked for anything but a WebSocket.
        """
        if scope["type"] != "websocket":
            raise TypeError(f"this endpoint serves WebSockets, not {scope['type']}")
        request = request_of(scope)
        user_id = await self._admitted(request)
        transport = AsgiTransport(receive, send)
        if user_id is None:
            await transport.refuse()
            return
        await self._serve(user_id, transport)

    async def _admitted(self, request: SocketRequest) -> str | None:
        if not is_origin_allowed(request, self._origins):
            return None
        answer = self._authenticate(request)
        return await answer if inspect.isawaitable(answer) else answer

    async def _serve(self, user_id: str, transport: "AsgiTransport") -> None:
        manager = self._manager or await UnifiedWebSocketManager.shared()
        await transport.open()
        try:
            async with manager.connected(user_id, transport) as connection:
                async for message in connection:
                    if self._on_message is not None:
                        await self._on_message(connection, message)
        except (WebSocketLimitError, WebSocketStateError) as error:
            if not transport.is_open:  # it was let in: the error is of `on_message`
                raise
            logger.warning("a client was sent away: %s", error)
            await transport.close(TOO_MANY if isinstance(error, WebSocketLimitError) else SERVICE_RESTART, "")


def request_of(scope: Mapping[str, Any]) -> SocketRequest:
    """An ASGI scope as the request that `authenticate` gets."""
    fields = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]]
    headers = dict(fields)
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    return SocketRequest(
        path=scope["path"],
        headers=headers,
        query={name: values[-1] for name, values in query.items()},
        cookies=cookies_of("; ".join(value for name, value in fields if name == "cookie")),
        scope=scope,
    )


def cookies_of(header: str) -> dict[str, str]:
    """Cookies by name, as browsers mean them: one that `http.cookies` would not take hides no other."""
    pairs = (cookie.partition("=") for cookie in header.split(";") if "=" in cookie)
    return {name.strip(): _unquoted(value.strip()) for name, _, value in pairs}


def _unquoted(value: str) -> str:
    """What http.cookies, Django and Starlette write as "..." because it has other characters."""
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        return value
    return ESCAPED.sub(lambda found: chr(int(found[1], 8)) if found[1] else found[2], value[1:-1])


def is_origin_allowed(request: SocketRequest, origins: Collection[str]) -> bool:
    """False for a page of another site: its scripts must not use the cookies of this one's users."""
    origin = request.headers.get("origin")
    if origin is None or "*" in origins or origin in origins:
        return True
    try:
        return urlsplit(origin).netloc == request.headers.get("host")
    except ValueError:
        return False


class AsgiTransport:
    """A WebSocket as ASGI itself has it, as a Transport."""

    can_ping = False

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._state = "connecting"
        self.send_now = writer_of(receive, send)

    @property
    def is_open(self) -> bool:
        """False once either side has closed."""
        return self._state != "closed"

    async def open(self) -> None:
        """Accept the socket."""
        if self._state == "connecting":
            await self._receive()
            await self._send({"type": "websocket.accept"})
            self._state = "open"

    async def refuse(self) -> None:
        """Turn the client away: the server answers 403."""
        await self._receive()
        self._state = "closed"
        await self._send({"type": "websocket.close", "code": FORBIDDEN})

    async def send(self, frames: Sequence[str]) -> None:
        """Write the frames; the server makes this wait while its buffer is full."""
        for frame in frames:
            await self._send({"type": "websocket.send", "text": frame})

    async def receive(self) -> str | bytes | None:
        """The next message, or None when the client is gone."""
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            self._state = "closed"
            return None
        text: str | None = message.get("text")
        return text if text is not None else bytes(message["bytes"])

    async def ping(self, on_pong: Callable[[], None]) -> None:
        """Nothing: the server does it."""

    async def close(self, code: int, reason: str) -> None:
        """Close with a code."""
        if self.is_open:
            self._state = "closed"
            await self._send({"type": "websocket.close", "code": code, "reason": reason})

    def abort(self) -> None:
        """Nothing: ASGI has no such message; the server drops the socket when the endpoint returns."""
