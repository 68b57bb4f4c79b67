"""Which adapter takes which socket: one line for each, the first that fits."""

from collections.abc import Callable
from typing import NamedTuple

from . import aiohttp, starlette, websockets
from .transport import Transport


class Adapter(NamedTuple):
    """What it takes sockets of, by which it knows them, and what makes a Transport of one."""

    framework: str
    fits: Callable[[object], bool]
    wrap: Callable[[object], Transport]


ADAPTERS = (
    Adapter("Starlette, FastAPI", starlette.fits, starlette.StarletteTransport),
    Adapter("aiohttp", aiohttp.fits, aiohttp.AiohttpTransport),
    Adapter("websockets", websockets.fits, websockets.WebsocketsTransport),
)


def adapt(socket: object) -> Transport:
    """The socket as a Transport; one that already is comes back as it is.

    Raises:
        TypeError: no adapter knows such a socket.
    """
    if isinstance(socket, Transport):
        return socket
    for adapter in ADAPTERS:
        if adapter.fits(socket):
            return adapter.wrap(socket)
    raise TypeError(
        f"{type(socket).__name__} is no WebSocket of {', '.join(one.framework for one in ADAPTERS)}: "
        "wrap it in an object with the methods of Transport"
    )
