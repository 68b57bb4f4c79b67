"""Which types are live server-side WebSockets, which are clients, and how one writes to them.

Names are the full ones of the frameworks' public and defining modules. Sources: the documentation of
Starlette/FastAPI, websockets, aiohttp, Tornado, Django Channels, python-socketio, Sanic, Quart and
Litestar.
"""

from collections.abc import Iterable, Iterator

from wsconsolidate.model.expr import Call, Constant, Dict, Expr, Name

UNTYPED_SOCKET = "?.WebSocket"
"""The type of a parameter that says what it is by its name only; see `link/hints.py`."""

SERVER_SOCKETS = frozenset(
    (
        UNTYPED_SOCKET,
        "starlette.websockets.WebSocket",
        "fastapi.WebSocket",
        "fastapi.websockets.WebSocket",
        "websockets.ServerConnection",
        "websockets.WebSocketServerProtocol",
        "websockets.server.ServerConnection",
        "websockets.server.WebSocketServerProtocol",
        "websockets.legacy.server.WebSocketServerProtocol",
        "websockets.asyncio.server.ServerConnection",
        "websockets.sync.server.ServerConnection",
        "aiohttp.web.WebSocketResponse",
        "aiohttp.web_ws.WebSocketResponse",
        "tornado.websocket.WebSocketHandler",
        "channels.generic.websocket.WebsocketConsumer",
        "channels.generic.websocket.JsonWebsocketConsumer",
        "channels.generic.websocket.AsyncWebsocketConsumer",
        "channels.generic.websocket.AsyncJsonWebsocketConsumer",
        "sanic.Websocket",
        "sanic.server.websockets.impl.WebsocketImplProtocol",
        "sanic.server.websockets.connection.WebSocketConnection",
        "quart.Websocket",
        "quart.wrappers.Websocket",
        "quart.wrappers.websocket.Websocket",
        "litestar.WebSocket",
        "litestar.connection.WebSocket",
        "litestar.connection.websocket.WebSocket",
        "falcon.asgi.WebSocket",
        "blacksheep.WebSocket",
        "blacksheep.server.websocket.WebSocket",
        "robyn.WebSocketConnector",
        "simple_websocket.Server",
        "starlette.endpoints.WebSocketEndpoint",
        "websockets.legacy.protocol.WebSocketCommonProtocol",
        "websockets.trio.server.ServerConnection",
        "geventwebsocket.websocket.WebSocket",
        "flask_sock.Server",
        "autobahn.asyncio.websocket.WebSocketServerProtocol",
        "autobahn.twisted.websocket.WebSocketServerProtocol",
        "autobahn.websocket.WebSocketServerProtocol",
        "cyclone.websocket.WebSocketHandler",
        "eventlet.websocket.WebSocket",
        "sanic.websocket.WebSocketConnection",
        "sockjs.tornado.SockJSConnection",
        "sockjs.tornado.conn.SockJSConnection",
        "tornadio2.SocketConnection",
        "tornadio2.conn.SocketConnection",
    )
)

CONTEXT_SOCKETS = {"quart.websocket": "quart.Websocket", "quart.globals.websocket": "quart.Websocket"}
"""Names that stand for the socket of whoever asks, with its class."""

SOCKET_NAMES = frozenset(("websocket", "ws", "web_socket", "websocket_connection", "ws_connection"))
"""How code calls a live socket of which it says nothing else."""

_CALLED_SO = frozenset(("WebSocket", "WebSocketServerProtocol"))
"""How classes of sockets are called in frameworks not listed; the library `websocket` has clients."""

FANS_OUT = frozenset(
    (
        "engineio.AsyncServer",
        "engineio.Server",
        "socketio.AsyncServer",
        "socketio.Server",
        "socketio.AsyncNamespace",
        "socketio.Namespace",
        "socketio.async_server.AsyncServer",
        "socketio.server.Server",
        "broadcaster.Broadcast",
        "fastapi_websocket_pubsub.PubSubEndpoint",
        "flask_socketio.Namespace",
        "flask_socketio.SocketIO",
        "fastapi_socketio.SocketManager",
        "channels.layers.get_channel_layer()",
        "channels.layers.InMemoryChannelLayer",
        "channels.layers.BaseChannelLayer",
        "channels_redis.core.RedisChannelLayer",
        "channels_redis.pubsub.RedisPubSubChannelLayer",
        "litestar.channels.ChannelsPlugin",
        "litestar.channels.plugin.ChannelsPlugin",
    )
)
"""Hubs of frameworks, which know the connections by ids, rooms, groups or channels."""

MANAGERS = frozenset(
    (
        "socketio.base_manager.BaseManager",
        "socketio.BaseManager",
        "socketio.Manager",
        "socketio.PubSubManager",
        "socketio.KombuManager",
        "socketio.RedisManager",
        "socketio.KafkaManager",
        "socketio.ZmqManager",
        "socketio.AsyncManager",
        "socketio.AsyncPubSubManager",
        "socketio.AsyncRedisManager",
        "socketio.AsyncAioPikaManager",
        "socketio.pubsub_manager.PubSubManager",
        "socketio.redis_manager.RedisManager",
        "socketio.async_pubsub_manager.AsyncPubSubManager",
        "socketio.async_redis_manager.AsyncRedisManager",
    )
)

SEND_METHODS = frozenset(
    (
        "send",
        "send_json",
        "send_text",
        "send_bytes",
        "send_str",
        "send_data",
        "send_prepared_message",
        "write_message",
        "websocket_send",
        "send_message",
        "sendMessage",
    )
)
FAN_OUT_METHODS = frozenset(("emit", "send", "call", "group_send", "publish", "wait_published"))
FREE_SENDS = frozenset(
    (
        "websockets.broadcast",
        "websockets.asyncio.server.broadcast",
        "websockets.legacy.protocol.broadcast",
        "websockets.server.broadcast",
        "flask_socketio.emit",
        "flask_socketio.send",
    )
)
"""Functions of frameworks that write to sockets which they are given, or which they know."""
GROUP_SEND = "group_send"
"""How the layers of Django Channels send to many; nothing else has a method of this name."""
UNMISTAKABLE_SENDS = frozenset(
    ("send_json", "send_text", "send_bytes", "send_str", "write_message", GROUP_SEND)
)


def is_asgi_send(call: Call) -> bool:
    """True for `await send({"type": "websocket.send", ...})`: a frame by the ASGI specification."""
    return any(_is_type(value) for argument in call.args for value in _typed(argument))


def _typed(message: Expr) -> Iterator[Expr]:
    """The value under `type` of a dict, as a display or as `dict(type=...)`."""
    match message:
        case Dict(items=items):
            yield from (value for key, value in items if isinstance(key, Constant) and key.value == "type")
        case Call(func=Name(id="dict"), keywords=keywords):
            yield from (value for name, value in keywords if name == "type")


def _is_type(value: Expr) -> bool:
    return isinstance(value, Constant) and value.value == "websocket.send"


def is_server_socket(name: str) -> bool:
    """True for the full name of a framework's live socket, also of one that nobody listed here."""
    module, _, last = name.rpartition(".")
    if name in SERVER_SOCKETS:
        return True
    return (
        last in _CALLED_SO and "." in name and module.split(".")[0] != "websocket" and "client" not in module
    )


def has_server_socket(names: Iterable[str]) -> bool:
    """True if one of the names is that of a live socket."""
    return any(map(is_server_socket, names))
