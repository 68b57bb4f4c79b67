"""Which adapter takes which socket: one line for each, the first that fits."""

from collections.abc import Callable

from . import aiohttp, starlette, websockets
from .transport import Transport

Fits = Callable[[object], bool]
Wrap = Callable[[object], Transport]

ADAPTERS: tuple[tuple[Fits, Wrap], ...] = (
    (starlette.fits, starlette.StarletteTransport),
    (aiohttp.fits, aiohttp.AiohttpTransport),
    (websockets.fits, websockets.WebsocketsTransport),
)


def adapt(socket: object) -> Transport:
    """The socket as a Transport; one that already is comes back as it is.

    Raises:
        TypeError: no adapter knows such a socket.
    """
    if isinstance(socket, Transport):
        return socket
    for fits, wrap in ADAPTERS:
        if fits(socket):
            return wrap(socket)
    raise TypeError(
        f"{type(socket).__name__} is no WebSocket of Starlette, FastAPI, websockets or aiohttp: "
        "wrap it in an object with the methods of Transport"
    )
