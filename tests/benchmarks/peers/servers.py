"""The peers, each a server with one function that sends an event to a user, in a process of its own."""

import asyncio
import json
import os
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path

EVENTS = ("agent_started", "agent_thinking", "tool_executing", "tool_completed", "agent_completed")
TEXT = "x" * 160
LONG_TEXT = "x" * 16_000
PESTER_EVENTS = 2000


@asynccontextmanager
async def bare(broadcasting=False):
    """`websockets` as its documentation has it."""
    from websockets.asyncio.server import broadcast, serve

    sockets = {}

    async def handler(socket):
        sockets[user := socket.request.path[1:]] = socket
        try:
            await socket.wait_closed()
        finally:
            if sockets.get(user) is socket:
                del sockets[user]

    async def emit(user, name, data):
        socket = sockets.get(user)
        text = json.dumps({"type": name, "payload": data})
        if socket is None:
            return
        if broadcasting:
            broadcast([socket], text)
        else:
            await socket.send(text)

    async with serve(handler, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        yield server.sockets[0].getsockname()[1], emit


def bare_broadcast():
    return bare(broadcasting=True)


@asynccontextmanager
async def ours(encoder="json", backplane=None):
    """The runtime on `websockets`."""
    from websockets.asyncio.server import serve

    from wsconsolidate.runtime import ManagerConfig, UnifiedWebSocketManager

    config = ManagerConfig(max_connections=100_000, max_total_bytes=1 << 30, encoder=encoder)
    async with UnifiedWebSocketManager(config, backplane=backplane) as manager:

        async def handler(socket):
            async with manager.connected(socket.request.path[1:], socket) as connection:
                async for _ in connection:
                    pass

        async with serve(handler, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
            yield server.sockets[0].getsockname()[1], manager.emit_critical_event


def ours_orjson():
    return ours("orjson")


def ours_redis():
    from wsconsolidate.runtime import RedisBackplane

    return ours(backplane=RedisBackplane(os.environ["BENCHMARK_REDIS"], prefix="ours"))


@asynccontextmanager
async def uvicorn_serving(app):
    import uvicorn

    config = uvicorn.Config(
        app,
        port=0,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        log_level="error",
        loop="asyncio",
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await serving


@asynccontextmanager
async def ours_uvicorn():
    """The runtime's endpoint under uvicorn."""
    from wsconsolidate.runtime import AgentSocketEndpoint, ManagerConfig, UnifiedWebSocketManager

    config = ManagerConfig(max_connections=100_000, max_total_bytes=1 << 30)
    async with UnifiedWebSocketManager(config) as manager:
        endpoint = AgentSocketEndpoint(manager, authenticate=lambda request: request.path[1:])
        async with uvicorn_serving(endpoint) as port:
            yield port, manager.emit_critical_event


@asynccontextmanager
async def ours_route():
    """The runtime in a route of FastAPI."""
    from fastapi import FastAPI, WebSocket

    from wsconsolidate.runtime import ManagerConfig, UnifiedWebSocketManager

    app, config = FastAPI(), ManagerConfig(max_connections=100_000, max_total_bytes=1 << 30)
    async with UnifiedWebSocketManager(config) as manager:

        @app.websocket("/{user}")
        async def route(websocket: WebSocket, user: str):
            async with manager.connected(user, websocket) as connection:
                async for _ in connection:
                    pass

        async with uvicorn_serving(app) as port:
            yield port, manager.emit_critical_event


@asynccontextmanager
async def fastapi():
    """The ConnectionManager of FastAPI's documentation, by user."""
    from fastapi import FastAPI, WebSocket, WebSocketDisconnect

    app, active = FastAPI(), {}

    @app.websocket("/{user}")
    async def route(websocket: WebSocket, user: str):
        await websocket.accept()
        active[user] = websocket
        try:
            while True:
                await websocket.receive_text()
        except WebSocketDisconnect:
            if active.get(user) is websocket:
                del active[user]

    async def emit(user, name, data):
        if user in active:
            await active[user].send_json({"type": name, "payload": data})

    async with uvicorn_serving(app) as port:
        yield port, emit


@asynccontextmanager
async def socketio(manager=None):
    """python-socketio with a room for each user."""
    import socketio as library

    sio = library.AsyncServer(async_mode="asgi", client_manager=manager, ping_interval=3600)

    @sio.event
    async def connect(sid, environ):
        await sio.enter_room(sid, environ["QUERY_STRING"].partition("user=")[2].partition("&")[0])

    async def emit(user, name, data):
        await sio.emit(name, data, room=user)

    async with uvicorn_serving(library.ASGIApp(sio)) as port:
        yield port, emit


def socketio_redis():
    import socketio as library

    options = {"max_connections": 10_000}  # or redis-py 8 refuses more than 100 events at once
    return socketio(library.AsyncRedisManager(os.environ["BENCHMARK_REDIS"], redis_options=options))


def channels():
    return django_channels("channels.layers.InMemoryChannelLayer")


def channels_redis():
    return django_channels("channels_redis.core.RedisChannelLayer", hosts=[os.environ["BENCHMARK_REDIS"]])


@asynccontextmanager
async def django_channels(backend, **options):
    """Django Channels with a group for each user."""
    from django.conf import settings

    layer = {"BACKEND": backend, "CONFIG": {"capacity": 100_000, **options}}
    settings.configure(CHANNEL_LAYERS={"default": layer}, INSTALLED_APPS=[], SECRET_KEY="-")  # noqa: S106
    import django

    django.setup()
    from channels.generic.websocket import AsyncWebsocketConsumer
    from channels.layers import get_channel_layer

    class Consumer(AsyncWebsocketConsumer):
        async def connect(self):
            self.group = self.scope["path"][1:]
            await self.channel_layer.group_add(self.group, self.channel_name)
            await self.accept()

        async def disconnect(self, _):
            await self.channel_layer.group_discard(self.group, self.channel_name)

        async def agent_event(self, event):
            await self.send(text_data=event["text"])

    async def emit(user, name, data):
        text = json.dumps({"type": name, "payload": data})
        await get_channel_layer().group_send(user, {"type": "agent.event", "text": text})

    async with uvicorn_serving(Consumer.as_asgi()) as port:
        yield port, emit


def resident_bytes():
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096


async def attempt(emit, user, name, text=TEXT):
    """Some peers raise when the socket has just broken; whoever calls them goes on. True: it was accepted."""
    with suppress(Exception):
        await emit(user, name, {"t": time.monotonic(), "text": text})
        return True
    return False


async def flood(emit, users, rounds):
    """All users at once, the five events of a round in a row."""

    async def run(user):
        sent = 0
        for _ in range(rounds):
            for name in EVENTS:
                sent += await attempt(emit, user, name)
            await asyncio.sleep(0)
        return sent

    return sum(await asyncio.gather(*map(run, users)))


async def paced(emit, users, rate, seconds):
    """So many events in a second, evenly; who is stalled gives up after twice the time."""
    begun, number, sent = time.monotonic(), 0, 0
    with suppress(TimeoutError):
        async with asyncio.timeout(2 * seconds):
            while (now := time.monotonic() - begun) < seconds:
                while number < now * rate:
                    name = EVENTS[number // len(users) % 5]
                    sent += await attempt(emit, users[number % len(users)], name)
                    number += 1
                await asyncio.sleep(0.001)
    return sent


async def pester(emit, user):
    """More for one user than the buffers on the way hold, in a task of its own that may be stuck for ever."""

    async def run():
        for _ in range(PESTER_EVENTS):
            await attempt(emit, user, EVENTS[0], LONG_TEXT)
            await asyncio.sleep(0)

    await asyncio.wait([asyncio.create_task(run())], timeout=2)


async def serve(peer, pipe):
    """Do what comes through the pipe, and answer."""
    loop = asyncio.get_running_loop()
    async with peer() as (port, emit):
        pipe.send(port)
        while (order := await loop.run_in_executor(None, pipe.recv)) is not None:
            match order:
                case ("flood", users, rounds):
                    pipe.send(await flood(emit, users, rounds))
                case ("paced", users, rate, seconds):
                    pipe.send(await paced(emit, users, rate, seconds))
                case ("pester", user):
                    pipe.send(await pester(emit, user))
                case ("figures",):
                    pipe.send((time.process_time(), resident_bytes()))
        pipe.close()
        os._exit(0)


def main(name, pipe):
    asyncio.run(serve(globals()[name], pipe))
