"""Who is compared: each a server of `servers.py`, and the kind of client that goes with it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One line of the table; `slower` peers get fewer rounds, those on a broker run as two nodes."""

    label: str
    server: str
    kind: str = "plain"
    slower: int = 1
    broker: bool = False


PEERS = {
    "bare": Peer(label="websockets, await send", server="bare"),
    "bare_broadcast": Peer(label="websockets, broadcast()", server="bare_broadcast"),
    "ours": Peer(label="runtime, plain", server="ours"),
    "ours_session": Peer(label="runtime, sessions", server="ours", kind="session"),
    "ours_orjson": Peer(label="runtime, sessions, orjson", server="ours_orjson", kind="session"),
    "fastapi": Peer(label="FastAPI ConnectionManager, uvicorn", server="fastapi"),
    "ours_route_plain": Peer(label="runtime, plain, in a route of FastAPI, uvicorn", server="ours_route"),
    "ours_route": Peer(
        label="runtime, sessions, in a route of FastAPI, uvicorn", server="ours_route", kind="session"
    ),
    "ours_uvicorn_plain": Peer(label="runtime's endpoint, plain, uvicorn", server="ours_uvicorn"),
    "ours_uvicorn": Peer(
        label="runtime's endpoint, sessions, uvicorn", server="ours_uvicorn", kind="session"
    ),
    "socketio": Peer(label="python-socketio, memory", server="socketio", kind="engine.io", slower=4),
    "channels": Peer(label="Django Channels, memory", server="channels", slower=10),
    "socketio_redis": Peer(
        label="python-socketio, Redis, 2 nodes",
        server="socketio_redis",
        kind="engine.io",
        slower=10,
        broker=True,
    ),
    "channels_redis": Peer(
        label="Django Channels, Redis, 2 nodes", server="channels_redis", slower=20, broker=True
    ),
    "ours_redis": Peer(
        label="runtime, sessions, Redis, 2 nodes", server="ours_redis", kind="session", slower=4, broker=True
    ),
}
