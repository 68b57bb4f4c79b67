"""The kinds of evidence for managers, emitters, bridges and protocols, each in a small program of its own."""

import pytest

WS = "from fastapi import WebSocket\n"

PROGRAMS = {
    "queues per subscriber, route drains": (
        {
            "app/hub.py": """
import asyncio
class EventBroker:
    def __init__(self):
        self._subscribers: set[asyncio.Queue] = set()
    async def subscribe(self) -> asyncio.Queue:
        queue: asyncio.Queue = asyncio.Queue(maxsize=1000)
        self._subscribers.add(queue)
        return queue
    def unsubscribe(self, queue):
        self._subscribers.discard(queue)
    async def publish(self, event):
        for queue in list(self._subscribers):
            await queue.put(event)
broker = EventBroker()
""",
            "app/main.py": WS
            + """
from app.hub import broker
async def stream(websocket: WebSocket):
    await websocket.accept()
    queue = await broker.subscribe()
    try:
        while True:
            event = await queue.get()
            await websocket.send_json(event)
    finally:
        broker.unsubscribe(queue)
""",
        },
        {"EventBroker": "manager"},
    ),
    "queues per subscriber untyped, nested": (
        {
            "app/hub.py": """
import asyncio
from collections import defaultdict
class RaceBroadcaster:
    def __init__(self):
        self._queues = defaultdict(list)
    def subscribe(self, race_id):
        q = asyncio.Queue()
        self._queues[race_id].append(q)
        return q
    def unsubscribe(self, race_id, q):
        self._queues[race_id].remove(q)
    async def publish(self, race_id, event):
        for q in self._queues.get(race_id, []):
            q.put_nowait(event)
broadcaster = RaceBroadcaster()
""",
            "app/main.py": """
from app.hub import broadcaster
async def race(websocket, race_id):
    q = broadcaster.subscribe(race_id)
    while True:
        await websocket.send_text(await q.get())
""",
        },
        {"RaceBroadcaster": "manager"},
    ),
    "queue bus drained by workers only": (
        {
            "app/hub.py": """
import asyncio
class Bus:
    def __init__(self):
        self._subscribers = set()
    def subscribe(self):
        queue = asyncio.Queue()
        self._subscribers.add(queue)
        return queue
    async def publish(self, event):
        for queue in self._subscribers:
            await queue.put(event)
""",
            "app/main.py": """
from app.hub import Bus
async def work(bus: Bus):
    q = bus.subscribe()
    while True:
        print(await q.get())
""",
        },
        {"Bus": None},
    ),
    "subscription with queue, async for": (
        {
            "app/hub.py": """
import asyncio
class BroadcastSubscription:
    def __init__(self):
        self.queue = asyncio.Queue(maxsize=100)
    def __aiter__(self):
        return self.iter_messages()
    async def iter_messages(self):
        while True:
            yield await self.queue.get()

class BroadcastHub:
    def __init__(self):
        self._subscriptions: set[BroadcastSubscription] = set()
    async def subscribe(self) -> BroadcastSubscription:
        s = BroadcastSubscription()
        self._subscriptions.add(s)
        return s
    async def unsubscribe(self, s):
        self._subscriptions.discard(s)
    async def broadcast(self, message):
        for s in self._subscriptions:
            await s.queue.put(message)
""",
            "app/main.py": WS
            + """
from app.hub import BroadcastHub
hub = BroadcastHub()
async def stream(websocket: WebSocket):
    s = await hub.subscribe()
    async for message in s.iter_messages():
        await websocket.send_json(message)
""",
        },
        {"BroadcastHub": "manager"},
    ),
    "async generator subscribe": (
        {
            "app/hub.py": """
import asyncio
class Feed:
    def __init__(self):
        self._subs = {}
    async def subscribe(self, key):
        q = asyncio.Queue()
        self._subs.setdefault(key, []).append(q)
        try:
            while True:
                yield await q.get()
        finally:
            self._subs[key].remove(q)
    def publish(self, key, item):
        for q in self._subs.get(key, []):
            q.put_nowait(item)
feed = Feed()
""",
            "app/main.py": WS
            + """
from app.hub import feed
async def stream(websocket: WebSocket, key: str):
    async for item in feed.subscribe(key):
        await websocket.send_json(item)
""",
        },
        {"Feed": "manager"},
    ),
    "websockets.broadcast": (
        {
            "app/s.py": """
import websockets
class Server:
    def __init__(self):
        self.connected = set()
    async def handler(self, websocket):
        self.connected.add(websocket)
        try:
            await websocket.wait_closed()
        finally:
            self.connected.remove(websocket)
    def tell(self, text):
        websockets.broadcast(self.connected, text)
    async def serve(self):
        async with websockets.serve(self.handler, "", 8000):
            pass
""",
        },
        {"Server": "manager"},
    ),
    "websockets handler with other name": (
        {
            "app/s.py": """
import asyncio
import websockets
class Board:
    def __init__(self):
        self.peers = {}
    async def on_peer(self, conn, path=None):
        self.peers[conn.id] = conn
        async for message in conn:
            for peer in self.peers.values():
                await peer.send(message)
        del self.peers[conn.id]
async def main():
    board = Board()
    async with websockets.serve(board.on_peer, "localhost", 8000):
        await asyncio.Future()
""",
        },
        {"Board": "manager"},
    ),
    "dict records with socket": (
        {
            "app/s.py": WS
            + """
class Sessions:
    def __init__(self):
        self.sessions = {}
    async def connect(self, websocket: WebSocket, sid, user):
        await websocket.accept()
        self.sessions[sid] = {"websocket": websocket, "user": user, "at": 0}
    def disconnect(self, sid):
        self.sessions.pop(sid, None)
    async def send(self, sid, message):
        await self.sessions[sid]["websocket"].send_json(message)
""",
        },
        {"Sessions": "manager"},
    ),
    "dict records Any": (
        {
            "app/s.py": """
from typing import Any, Dict
class Sessions:
    def __init__(self):
        self.sessions: Dict[str, Dict[str, Any]] = {}
    async def connect(self, websocket, sid, user):
        await websocket.accept()
        self.sessions[sid] = {"ws": websocket, "user": user}
    def disconnect(self, sid):
        self.sessions.pop(sid, None)
    async def send(self, sid, message):
        session = self.sessions.get(sid)
        ws = session["ws"]
        await ws.send_json(message)
""",
        },
        {"Sessions": "manager"},
    ),
    "tuples": (
        {
            "app/s.py": WS
            + """
class Rooms:
    def __init__(self):
        self.rooms = {}
    async def connect(self, websocket: WebSocket, room, user):
        self.rooms.setdefault(room, []).append((websocket, user))
    async def broadcast(self, room, message):
        for ws, user in self.rooms[room]:
            await ws.send_json(message)
""",
        },
        {"Rooms": "manager"},
    ),
    "gather comprehension": (
        {
            "app/s.py": """
import asyncio
from typing import Any, List
class Clients:
    def __init__(self):
        self.clients: List[Any] = []
    def add(self, c):
        self.clients.append(c)
    async def tell(self, text):
        await asyncio.gather(*[c.send_text(text) for c in self.clients])
""",
        },
        {"Clients": "manager"},
    ),
    "helper takes one": (
        {
            "app/s.py": """
class Clients:
    def __init__(self):
        self._clients = {}
    def add(self, key, conn):
        self._clients[key] = conn
    def drop(self, key):
        self._clients.pop(key)
    async def _send_one(self, conn, data):
        await conn.send_json(data)
    async def tell(self, data):
        for key, conn in self._clients.items():
            await self._send_one(conn, data)
""",
        },
        {"Clients": "manager"},
    ),
    "callables per connection": (
        {
            "app/s.py": """
class Senders:
    def __init__(self):
        self._senders = {}
    def register(self, user, send):
        self._senders[user] = send
    def unregister(self, user):
        self._senders.pop(user, None)
    async def send(self, user, message):
        await self._senders[user](message)
senders = Senders()
""",
            "app/main.py": WS
            + """
from app.s import senders
async def route(websocket: WebSocket, user: str):
    senders.register(user, websocket.send_json)
""",
        },
        {"Senders": "manager"},
    ),
    "callables per connection, closure": (
        {
            "app/s.py": """
class Hub:
    def __init__(self):
        self._listeners = []
    def subscribe(self, listener):
        self._listeners.append(listener)
    def unsubscribe(self, listener):
        self._listeners.remove(listener)
    async def publish(self, event):
        for listener in self._listeners:
            await listener(event)
hub = Hub()
""",
            "app/main.py": WS
            + """
from app.s import hub
async def route(websocket: WebSocket):
    async def on_event(event):
        await websocket.send_json(event)
    hub.subscribe(on_event)
    try:
        while True:
            await websocket.receive_text()
    finally:
        hub.unsubscribe(on_event)
""",
        },
        {"Hub": "manager"},
    ),
    "in-process listeners": (
        {
            "app/s.py": """
class Hub:
    def __init__(self):
        self._listeners = []
    def subscribe(self, listener):
        self._listeners.append(listener)
    async def publish(self, event):
        for listener in self._listeners:
            await listener(event)
hub = Hub()
def log(event): print(event)
hub.subscribe(log)
""",
        },
        {"Hub": None},
    ),
    "context manager": (
        {
            "app/s.py": WS
            + """
from contextlib import asynccontextmanager
class Live:
    def __init__(self):
        self._all = set()
    @asynccontextmanager
    async def connected(self, sock: WebSocket):
        self._all.add(sock)
        try:
            yield sock
        finally:
            self._all.discard(sock)
    async def tell(self, m):
        for s in tuple(self._all):
            await s.send_json(m)
""",
        },
        {"Live": "manager"},
    ),
    "pydantic / dataclass field": (
        {
            "app/s.py": WS
            + """
from dataclasses import dataclass, field
from typing import Dict, Set
@dataclass
class Room:
    name: str
    members: Set[WebSocket] = field(default_factory=set)
    async def broadcast(self, m):
        for s in self.members:
            await s.send_json(m)
class Rooms:
    def __init__(self):
        self.rooms: Dict[str, Room] = {}
    def join(self, name, sock: WebSocket):
        self.rooms.setdefault(name, Room(name)).members.add(sock)
    async def tell(self, name, m):
        await self.rooms[name].broadcast(m)
""",
        },
        {"Room": "manager", "Rooms": "manager"},
    ),
    "class level state": (
        {
            "app/s.py": WS
            + """
class Live:
    _connections = {}
    @classmethod
    async def connect(cls, user, sock: WebSocket):
        cls._connections[user] = sock
    @classmethod
    def disconnect(cls, user):
        cls._connections.pop(user, None)
    @classmethod
    async def send(cls, user, m):
        await cls._connections[user].send_json(m)
""",
        },
        {"Live": "manager"},
    ),
    "static methods by class name": (
        {
            "app/s.py": """
class Live:
    clients = []
    @staticmethod
    async def join(ws):
        Live.clients.append(ws)
    @staticmethod
    async def tell(m):
        for client in Live.clients:
            await client.send_str(m)
""",
        },
        {"Live": "manager"},
    ),
    "module global collection": (
        {
            "app/s.py": WS
            + """
connected: dict[str, WebSocket] = {}
class Live:
    async def connect(self, user, sock: WebSocket):
        connected[user] = sock
    def disconnect(self, user):
        connected.pop(user, None)
    async def send(self, user, m):
        await connected[user].send_json(m)
""",
        },
        {"Live": "manager"},
    ),
    "aiohttp app key": (
        {
            "app/s.py": """
from aiohttp import web
import weakref
class Chat:
    def __init__(self, app: web.Application):
        self.app = app
        app["websockets"] = weakref.WeakSet()
    async def handle(self, request):
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        request.app["websockets"].add(ws)
        try:
            async for msg in ws:
                pass
        finally:
            request.app["websockets"].discard(ws)
        return ws
    async def tell(self, m):
        for ws in set(self.app["websockets"]):
            await ws.send_str(m)
""",
        },
        {"Chat": "manager"},
    ),
    "aiohttp own set": (
        {
            "app/s.py": """
from aiohttp import web
class Chat:
    def __init__(self):
        self.peers = []
    async def handle(self, request):
        ws = web.WebSocketResponse(heartbeat=30)
        await ws.prepare(request)
        self.peers.append(ws)
        async for msg in ws:
            for peer in self.peers:
                await peer.send_json(msg.json())
        self.peers.remove(ws)
        return ws
""",
        },
        {"Chat": "manager"},
    ),
    "tornado application with set of handlers": (
        {
            "app/s.py": """
import tornado.web
import tornado.websocket
class Application(tornado.web.Application):
    def __init__(self):
        self.clients = set()
        super().__init__([(r"/ws", Socket)])
    def tell(self, m):
        for c in self.clients:
            c.write_message(m)
class Socket(tornado.websocket.WebSocketHandler):
    def open(self):
        self.application.clients.add(self)
    def on_close(self):
        self.application.clients.remove(self)
""",
        },
        {"Application": "manager", "Socket": "connection"},
    ),
    "tornado handler registers with manager": (
        {
            "app/s.py": """
from tornado.websocket import WebSocketHandler
class Registry:
    def __init__(self):
        self.items = {}
    def register(self, item):
        self.items[item.id] = item
    def unregister(self, item):
        del self.items[item.id]
    def tell(self, m):
        for item in self.items.values():
            item.push(m)
registry = Registry()
class Socket(WebSocketHandler):
    def open(self):
        registry.register(self)
    def on_close(self):
        registry.unregister(self)
    def push(self, m):
        self.write_message(m)
""",
        },
        {"Registry": "manager", "Socket": "connection"},
    ),
    "channels consumer lists class set": (
        {
            "app/s.py": """
from channels.generic.websocket import AsyncJsonWebsocketConsumer
class Chat(AsyncJsonWebsocketConsumer):
    async def connect(self):
        await self.channel_layer.group_add("chat", self.channel_name)
        await self.accept()
    async def disconnect(self, code):
        await self.channel_layer.group_discard("chat", self.channel_name)
    async def receive_json(self, content):
        await self.channel_layer.group_send("chat", {"type": "chat.message", "m": content})
    async def chat_message(self, event):
        await self.send_json(event)
""",
        },
        {"Chat": "connection"},
    ),
    "channel layer notifier": (
        {
            "app/s.py": """
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
class Notifier:
    def __init__(self):
        self._channel = get_channel_layer()
    def notify(self, payload, group="recipients"):
        async_to_sync(self._channel.group_send)(group, payload)
class Service:
    def send_notification(self, user_id, payload):
        layer = get_channel_layer()
        async_to_sync(layer.group_send)(f"user_{user_id}", {"type": "notify", "payload": payload})
""",
        },
        {"Notifier": "emitter", "Service": "emitter"},
    ),
    "channel layer ops": (
        {
            "app/s.py": """
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
class ChannelLayerOps:
    def __init__(self):
        self.channel_layer = get_channel_layer()
    def add(self, group, channel_name):
        async_to_sync(self.channel_layer.group_add)(group, channel_name)
    def discard(self, group, channel_name):
        async_to_sync(self.channel_layer.group_discard)(group, channel_name)
    def send(self, group, message_type, data):
        async_to_sync(self.channel_layer.group_send)(group, {"type": message_type, "data": data})
""",
        },
        {"ChannelLayerOps": "manager"},
    ),
    "sio namespace keeps users": (
        {
            "app/s.py": """
import socketio
class ChatNamespace(socketio.AsyncNamespace):
    def __init__(self, namespace):
        super().__init__(namespace)
        self.users = {}
    async def on_connect(self, sid, environ):
        self.users[sid] = environ["user"]
    async def on_disconnect(self, sid):
        self.users.pop(sid, None)
    async def on_message(self, sid, data):
        for other in self.users:
            await self.emit("message", data, to=other)
""",
        },
        {"ChatNamespace": "manager"},
    ),
    "sio server handlers keep sids": (
        {
            "app/s.py": """
import socketio
class Realtime:
    def __init__(self):
        self.sio = socketio.AsyncServer(async_mode="asgi")
        self.connected_users = {}
        self.sio.on("connect", self.on_connect)
        self.sio.on("disconnect", self.on_disconnect)
    async def on_connect(self, sid, environ, auth):
        self.connected_users[auth["user"]] = sid
    async def on_disconnect(self, sid):
        for user, other in list(self.connected_users.items()):
            if other == sid:
                del self.connected_users[user]
    async def notify(self, user, event, data):
        await self.sio.emit(event, data, room=self.connected_users[user])
""",
        },
        {"Realtime": "manager"},
    ),
    "sio emitter only": (
        {
            "app/s.py": """
import socketio
sio = socketio.AsyncServer(async_mode="asgi")
class JobEvents:
    async def job_started(self, job):
        await sio.emit("job_started", {"id": job.id}, room=f"job:{job.id}")
    async def job_done(self, job):
        await sio.emit("job_done", {"id": job.id}, room=f"job:{job.id}")
""",
        },
        {"JobEvents": "emitter"},
    ),
    "flask socketio": (
        {
            "app/s.py": """
from flask_socketio import SocketIO, emit
socketio = SocketIO()
class ProgressNotifier:
    def __init__(self, socketio, room):
        self.socketio = socketio
        self.room = room
    def progress(self, pct):
        self.socketio.emit("progress", {"pct": pct}, room=self.room)
    def done(self):
        self.socketio.emit("done", {}, room=self.room)
def make(): return ProgressNotifier(socketio, "a")
""",
        },
        {"ProgressNotifier": "emitter"},
    ),
    "pusher through manager": (
        {
            "app/m.py": WS
            + """
class ConnectionManager:
    def __init__(self):
        self.active: dict[str, WebSocket] = {}
    async def connect(self, user, ws: WebSocket):
        self.active[user] = ws
    async def send(self, user, m):
        await self.active[user].send_json(m)
manager = ConnectionManager()
""",
            "app/e.py": """
from abc import ABC, abstractmethod
from app.m import ConnectionManager, manager
class INotificationPusher(ABC):
    @abstractmethod
    async def send(self, user_id: str, payload: dict) -> None: ...
class WebSocketPusher(INotificationPusher):
    def __init__(self, m: ConnectionManager):
        self._m = m
    async def send(self, user_id, payload):
        await self._m.send(user_id, payload)
class JobNotifications:
    @staticmethod
    async def job_created(user, job):
        await manager.send(user, {"type": "job_created", "job": job})
    @staticmethod
    async def job_failed(user, job):
        await manager.send(user, {"type": "job_failed", "job": job})
class Progress:
    def __init__(self, m: ConnectionManager, job):
        self.m = m
        self.job = job
    async def update(self, pct, text):
        await self.m.send(self.job, {"type": "progress", "pct": pct, "text": text})
class JobService:
    def __init__(self, db, m: ConnectionManager):
        self.db = db
        self.m = m
    async def create(self, user, data):
        job = await self.db.insert(data)
        await self.m.send(user, {"type": "job_created", "job": job})
        return job
    async def get(self, id):
        return await self.db.get(id)
    async def delete(self, id):
        return await self.db.delete(id)
    async def list(self):
        return await self.db.all()
class Authenticator:
    def __init__(self, m: ConnectionManager):
        self.m = m
    async def check(self, user, token):
        if not token:
            await self.m.send(user, {"error": "no token"})
            return None
        return token
""",
        },
        {
            "ConnectionManager": "manager",
            "INotificationPusher": "protocol",
            "WebSocketPusher": "emitter",
            "JobNotifications": "emitter",
            "Progress": "emitter",
            "JobService": None,
            "Authenticator": None,
        },
    ),
    "langchain handlers": (
        {
            "app/e.py": WS
            + """
from langchain.callbacks.base import AsyncCallbackHandler
class StreamingLLMCallbackHandler(AsyncCallbackHandler):
    def __init__(self, websocket: WebSocket):
        self.websocket = websocket
    async def on_llm_new_token(self, token, **kwargs):
        await self.websocket.send_json({"token": token, "completed": False})
class QuestionGen(AsyncCallbackHandler):
    def __init__(self, websocket):
        self.websocket = websocket
    async def on_chain_start(self, serialized, inputs, **kwargs):
        resp = {"sender": "bot", "message": "Synthesizing", "type": "info"}
        await self.websocket.send_json(resp)
""",
        },
        {"StreamingLLMCallbackHandler": "emitter", "QuestionGen": "emitter"},
    ),
    "redis bridge": (
        {
            "app/m.py": WS
            + """
class ConnectionManager:
    def __init__(self):
        self.active: dict[str, WebSocket] = {}
    async def connect(self, user, ws: WebSocket):
        self.active[user] = ws
    async def broadcast(self, m):
        for ws in self.active.values():
            await ws.send_json(m)
""",
            "app/b.py": """
from app.m import ConnectionManager
import redis.asyncio as aioredis
class RedisBridge:
    def __init__(self, url: str, manager: ConnectionManager):
        self._url = url
        self._manager = manager
        self._task = None
    async def start(self):
        self._redis = aioredis.from_url(self._url)
        self._pubsub = self._redis.pubsub()
    async def stop(self):
        await self._redis.close()
    async def _listen(self):
        async for message in self._pubsub.listen():
            await self._manager.broadcast(message)
class RedisRelay:
    def __init__(self, url: str, manager: ConnectionManager):
        self._url = url
        self._manager = manager
    async def run(self):
        redis = aioredis.from_url(self._url)
        pubsub = redis.pubsub()
        await pubsub.subscribe("x")
        async for message in pubsub.listen():
            await self._manager.broadcast(message)
""",
        },
        {"RedisBridge": "bridge"},
    ),
    "log handler": (
        {
            "app/m.py": WS
            + """
import logging
class Hub:
    def __init__(self):
        self.active = set()
    async def connect(self, ws: WebSocket):
        self.active.add(ws)
    async def broadcast(self, m):
        for ws in self.active:
            await ws.send_json(m)
class SocketLogHandler(logging.Handler):
    def __init__(self, hub: Hub):
        super().__init__()
        self.hub = hub
    def emit(self, record):
        loop.create_task(self.hub.broadcast({"type": "log", "line": self.format(record)}))
""",
        },
        {"Hub": "manager", "SocketLogHandler": "emitter"},
    ),
    "send callback given": (
        {
            "app/e.py": """
class StreamingReporter:
    def __init__(self, send):
        self._send = send
    async def started(self, name):
        await self._send({"type": "started", "name": name})
    async def finished(self, name):
        await self._send({"type": "finished", "name": name})
""",
            "app/main.py": WS
            + """
from app.e import StreamingReporter
async def route(websocket: WebSocket):
    reporter = StreamingReporter(websocket.send_json)
    await reporter.started("a")
""",
        },
        {"StreamingReporter": "emitter"},
    ),
    "queue given, drained": (
        {
            "app/e.py": """
import asyncio
class QueueEmitter:
    def __init__(self, queue: asyncio.Queue):
        self.queue = queue
    async def agent_started(self, name):
        await self.queue.put({"type": "agent_started", "name": name})
    async def tool_called(self, name):
        await self.queue.put({"type": "tool_called", "name": name})
""",
            "app/main.py": WS
            + """
import asyncio
from app.e import QueueEmitter
async def pump(queue, websocket):
    while True:
        await websocket.send_json(await queue.get())
async def route(websocket: WebSocket):
    queue = asyncio.Queue()
    emitter = QueueEmitter(queue)
    asyncio.create_task(pump(queue, websocket))
    await emitter.agent_started("x")
""",
        },
        {"QueueEmitter": "emitter"},
    ),
    "a queue of jobs is no queue of messages": (
        {
            "app/e.py": """
import asyncio
class Worker:
    def __init__(self, queue: asyncio.Queue):
        self.queue = queue
    async def run(self):
        while True:
            job = await self.queue.get()
            await job.run()
class Jobs:
    def __init__(self):
        self.queue = asyncio.Queue()
    async def submit(self, job):
        await self.queue.put(job)
""",
        },
        {"Worker": None, "Jobs": None},
    ),
    "sessions of wrappers": (
        {
            "app/s.py": WS
            + """
class Session:
    def __init__(self, ws: WebSocket, user):
        self.ws = ws
        self.user = user
        self.history = []
    async def send(self, m):
        await self.ws.send_json(m)
    async def run(self):
        while True:
            self.history.append(await self.ws.receive_json())
class SessionManager:
    def __init__(self):
        self.sessions = {}
    def create(self, user, ws: WebSocket):
        session = Session(ws, user)
        self.sessions[user] = session
        return session
    def close(self, user):
        self.sessions.pop(user, None)
    async def notify(self, user, m):
        if user in self.sessions:
            await self.sessions[user].send(m)
""",
        },
        {"Session": "connection", "SessionManager": "manager"},
    ),
    "handler with manager in app state via depends": (
        {
            "app/s.py": """
from fastapi import Depends, FastAPI, WebSocket
class Manager:
    def __init__(self):
        self.things = {}
    def attach(self, key, thing):
        self.things[key] = thing
    def detach(self, key):
        self.things.pop(key)
    async def push(self, key, data):
        await self.things[key].send_text(data)
def get_manager() -> Manager:
    return Manager()
app = FastAPI()
@app.websocket("/ws")
async def ws(websocket: WebSocket, manager: Manager = Depends(get_manager)):
    manager.attach("a", websocket)
""",
        },
        {"Manager": "manager"},
    ),
    "starlette endpoint": (
        {
            "app/s.py": """
from starlette.endpoints import WebSocketEndpoint
class Live(WebSocketEndpoint):
    encoding = "json"
    clients = []
    async def on_connect(self, websocket):
        await websocket.accept()
        self.clients.append(websocket)
    async def on_receive(self, websocket, data):
        for c in self.clients:
            await c.send_json(data)
    async def on_disconnect(self, websocket, code):
        self.clients.remove(websocket)
""",
        },
        {"Live": "manager"},
    ),
    "simple websocket server flask sock": (
        {
            "app/s.py": """
from flask_sock import Sock
sock = Sock()
class Feed:
    def __init__(self):
        self.clients = []
    def run(self, ws):
        self.clients.append(ws)
        try:
            while True:
                ws.receive()
        finally:
            self.clients.remove(ws)
    def tell(self, text):
        for client in self.clients:
            client.send(text)
feed = Feed()
@sock.route("/ws")
def handle(ws):
    feed.run(ws)
""",
        },
        {"Feed": "manager"},
    ),
    "upstream clients": (
        {
            "app/s.py": """
import websockets
import aiohttp
class Exchange:
    def __init__(self):
        self.sockets = {}
    async def open(self, url):
        ws = await websockets.connect(url)
        self.sockets[url] = ws
    async def send(self, url, text):
        await self.sockets[url].send(text)
class Devices:
    def __init__(self, session: aiohttp.ClientSession):
        self.session = session
        self.ws = {}
    async def open(self, url):
        self.ws[url] = await self.session.ws_connect(url)
    async def send(self, url, data):
        await self.ws[url].send_json(data)
""",
        },
        {"Exchange": None, "Devices": None},
    ),
    "tcp server": (
        {
            "app/s.py": """
import asyncio
class TcpServer:
    def __init__(self):
        self.writers = set()
    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.writers.add(writer)
        while True:
            data = await reader.readline()
            for w in self.writers:
                w.write(data)
""",
        },
        {"TcpServer": None},
    ),
    "mqtt and mail": (
        {
            "app/s.py": """
class MailNotifier:
    def __init__(self, smtp):
        self.smtp = smtp
    def send_started(self, user):
        self.smtp.send_message({"to": user})
    def send_finished(self, user):
        self.smtp.send_message({"to": user})
class SlackNotifier:
    def __init__(self, client):
        self.client = client
    async def notify_started(self, m):
        await self.client.chat_postMessage(text=m)
    async def notify_done(self, m):
        await self.client.chat_postMessage(text=m)
class TelegramBots:
    def __init__(self):
        self.bots = {}
    def add(self, name, bot):
        self.bots[name] = bot
    async def tell(self, m):
        for bot in self.bots.values():
            await bot.send_message(m)
""",
        },
        {"MailNotifier": None, "SlackNotifier": None, "TelegramBots": None},
    ),
    "facade and proxies": (
        {
            "app/m.py": WS
            + """
class Hub:
    def __init__(self):
        self.active = {}
    async def connect(self, user, ws: WebSocket):
        self.active[user] = ws
    async def disconnect(self, user):
        self.active.pop(user)
    async def send_to_user(self, user, m):
        await self.active[user].send_json(m)
class WebSocketService:
    def __init__(self):
        self.hub = Hub()
    async def connect(self, user, ws):
        await self.hub.connect(user, ws)
    async def disconnect(self, user):
        await self.hub.disconnect(user)
    async def send_to_user(self, user, m):
        await self.hub.send_to_user(user, m)
class WebSocketManager(Hub):
    pass
""",
        },
        {"Hub": "manager", "WebSocketService": "manager", "WebSocketManager": "manager"},
    ),
    "protocols by members": (
        {
            "app/p.py": WS
            + """
from typing import Protocol, Any
from abc import ABC, abstractmethod
class ConnectionHub(Protocol):
    async def connect(self, user_id: str, websocket: WebSocket) -> None: ...
    async def disconnect(self, user_id: str) -> None: ...
    async def send_json(self, user_id: str, data: dict) -> None: ...
class WebSocketSender(Protocol):
    async def send(self, message: dict) -> None: ...
class EventSink(Protocol):
    async def emit(self, event: str, data: dict) -> None: ...
class WsSink:
    def __init__(self, ws: WebSocket):
        self.ws = ws
    async def emit(self, event, data):
        await self.ws.send_json({"type": event, "data": data})
class Database(Protocol):
    async def connect(self) -> None: ...
    async def execute(self, sql: str) -> Any: ...
class Runner(ABC):
    @abstractmethod
    async def run(self, websocket: WebSocket): ...
""",
        },
        {"ConnectionHub": "protocol", "EventSink": "protocol", "WsSink": "emitter", "Database": None},
    ),
    "agent hooks to manager": (
        {
            "app/m.py": WS
            + """
class Hub:
    def __init__(self):
        self.active = {}
    async def connect(self, user, ws: WebSocket):
        self.active[user] = ws
    async def send_to_user(self, user, m):
        await self.active[user].send_json(m)
class AgentHooks:
    def __init__(self, hub: Hub, user):
        self.hub = hub
        self.user = user
    async def on_agent_start(self, ctx, agent):
        await self.hub.send_to_user(self.user, {"type": "agent_start", "agent": agent.name})
    async def on_tool_start(self, ctx, agent, tool):
        await self.hub.send_to_user(self.user, {"type": "tool_start", "tool": tool.name})
    async def on_tool_end(self, ctx, agent, tool, result):
        await self.hub.send_to_user(self.user, {"type": "tool_end", "tool": tool.name})
class Router:
    def __init__(self, hub: Hub):
        self.hub = hub
        self.handlers = {}
    def route(self, name, handler):
        self.handlers[name] = handler
    async def dispatch(self, user, message):
        handler = self.handlers.get(message["type"])
        if handler is None:
            await self.hub.send_to_user(user, {"type": "error", "message": "unknown"})
            return
        await handler(user, message)
""",
        },
        {"Hub": "manager", "AgentHooks": "emitter", "Router": None},
    ),
    "stream of events over one socket": (
        {
            "app/e.py": WS
            + """
import json
class ChatStreamer:
    def __init__(self, websocket: WebSocket, session_id: str):
        self.ws = websocket
        self.session_id = session_id
    async def _send(self, kind, **data):
        await self.ws.send_text(json.dumps({"type": kind, "session": self.session_id, **data}))
    async def token(self, text):
        await self._send("token", text=text)
    async def tool_call(self, name, args):
        await self._send("tool_call", name=name, args=args)
    async def done(self):
        await self._send("done")
    async def error(self, message):
        await self._send("error", message=message)
""",
        },
        {"ChatStreamer": "emitter"},
    ),
    "typed messages": (
        {
            "app/e.py": WS
            + """
from pydantic import BaseModel
class Token(BaseModel):
    type: str = "token"
    text: str
class Done(BaseModel):
    type: str = "done"
class Wire:
    def __init__(self, websocket: WebSocket):
        self.websocket = websocket
    async def token(self, text):
        await self.websocket.send_json(Token(text=text).model_dump())
    async def done(self):
        await self.websocket.send_json(Done().model_dump())
""",
        },
        {"Wire": "emitter"},
    ),
    "sanic quart": (
        {
            "app/s.py": """
from sanic import Websocket, Request
class Feed:
    def __init__(self):
        self.clients = set()
    async def handler(self, request: Request, ws: Websocket):
        self.clients.add(ws)
        async for m in ws:
            for c in self.clients:
                await c.send(m)
""",
        },
        {"Feed": "manager"},
    ),
    "quart global websocket": (
        {
            "app/s.py": """
from quart import websocket
import asyncio
class Broker:
    def __init__(self):
        self.connections = set()
    async def publish(self, message):
        for connection in self.connections:
            await connection.put(message)
    async def subscribe(self):
        connection = asyncio.Queue()
        self.connections.add(connection)
        try:
            while True:
                yield await connection.get()
        finally:
            self.connections.remove(connection)
broker = Broker()
async def ws():
    async for message in broker.subscribe():
        await websocket.send(message)
""",
        },
        {"Broker": "manager"},
    ),
    "wrapper behind own transport protocol in dict": (
        {
            "app/s.py": WS
            + """
from dataclasses import dataclass
from typing import Optional
@dataclass
class ConnectionInfo:
    connection_id: str
    user_id: str
    websocket: Optional[WebSocket]
    connected_at: float = 0.0
class Manager:
    def __init__(self):
        self._connections: dict[str, ConnectionInfo] = {}
        self._by_user: dict[str, set[str]] = {}
    async def add_connection(self, info: ConnectionInfo):
        self._connections[info.connection_id] = info
        self._by_user.setdefault(info.user_id, set()).add(info.connection_id)
    async def remove_connection(self, id):
        self._connections.pop(id, None)
    async def send_to_user(self, user_id, m):
        for id in self._by_user.get(user_id, ()):
            connection = self._connections.get(id)
            if connection and connection.websocket:
                await connection.websocket.send_json(m)
""",
        },
        {"Manager": "manager"},
    ),
    "any typed websocket": (
        {
            "app/s.py": """
from dataclasses import dataclass
from typing import Any
@dataclass
class WebSocketConnection:
    connection_id: str
    user_id: str
    websocket: Any
class Manager:
    def __init__(self):
        self._connections: dict[str, WebSocketConnection] = {}
    async def add_connection(self, c: WebSocketConnection):
        self._connections[c.connection_id] = c
    async def remove_connection(self, id):
        self._connections.pop(id, None)
    async def send(self, id, m):
        await self._connections[id].websocket.send_json(m)
""",
        },
        {"Manager": "manager"},
    ),
    "contextmanager gives queue": (
        {
            "app/n.py": """
import asyncio
from contextlib import contextmanager
class NotificationQueue(asyncio.Queue):
    async def get_json(self, timeout):
        return await asyncio.wait_for(self.get(), timeout)
class Notification:
    def __init__(self):
        self._listeners = set()
    @contextmanager
    def queue(self):
        queue = NotificationQueue()
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.remove(queue)
    def emit(self, action, event):
        for l in self._listeners:
            asyncio.get_running_loop().call_soon_threadsafe(l.put_nowait, (action, event, {}))
class Controller:
    def __init__(self):
        self._notification = Notification()
    @property
    def notification(self):
        return self._notification
    @staticmethod
    def instance():
        if not hasattr(Controller, "_instance") or Controller._instance is None:
            Controller._instance = Controller()
        return Controller._instance
""",
            "app/main.py": WS
            + """
from app.n import Controller
async def ws(websocket: WebSocket):
    with Controller.instance().notification.queue() as queue:
        while True:
            notif = await queue.get_json(5)
            await websocket.send_text(notif)
""",
        },
        {"Notification": "manager", "Controller": None},
    ),
    "model with socket and queue": (
        {
            "app/m.py": """
import asyncio
from typing import Any
import pydantic
class Line(pydantic.BaseModel):
    id: str
    websocket: Any
    send_queue: asyncio.Queue
class Lines:
    def __init__(self):
        self.connections: dict[str, Line] = {}
    async def add_connection(self, websocket: Any, id: str):
        c = Line(id=id, websocket=websocket, send_queue=asyncio.Queue(maxsize=10))
        self.connections[id] = c
        return c
    async def remove_connection(self, id):
        del self.connections[id]
    async def send_to_connection(self, id, message):
        c = self.connections.get(id)
        c.send_queue.put_nowait(message)
""",
            "app/main.py": """
import quart
from app.m import Lines, Line
lines = Lines()
async def _handle_send(connection: Line):
    while True:
        message = await connection.send_queue.get()
        await quart.websocket.send(message)
""",
        },
        {"Lines": "manager"},
    ),
    "inherited map, namedtuple": (
        {
            "app/m.py": """
from abc import ABC, abstractmethod
from collections import namedtuple
import websockets
class Server(ABC):
    def __init__(self):
        self._Client = namedtuple("Client", ["tokens", "websocket"])
        self._clients = {}
    def _new_client(self, **kw):
        return self._Client(tokens=1, **kw)
    @abstractmethod
    async def _send(self, address, payload): ...
    async def a(self): ...
    async def b(self): ...
class WsServer(Server):
    async def _client_handler(self, websocket):
        address = websocket.remote_address
        client = self._new_client(websocket=websocket)
        self._clients[address] = client
        try:
            await websocket.wait_closed()
        finally:
            del self._clients[address]
    async def _send(self, address, payload):
        client = self._clients.get(address)
        await client.websocket.send(payload)
    async def launch(self):
        async with websockets.serve(self._client_handler, "", 9000):
            pass
""",
        },
        {"WsServer": "manager"},
    ),
    "quart context": (
        {
            "app/m.py": """
from quart import websocket
class Bot:
    def __init__(self):
        self._api_clients = {}
        self._event_clients = set()
    async def _add(self):
        ws = websocket._get_current_object()
        self._api_clients[1] = ws
        self._event_clients.add(ws)
    def _remove(self):
        self._api_clients.pop(1)
""",
        },
        {"Bot": "manager"},
    ),
    "rooms with handlers that append themselves": (
        {
            "app/m.py": """
import tornado.websocket
class PtyWithClients:
    def __init__(self, ptyproc):
        self.ptyproc = ptyproc
        self.clients = []
    def resize(self):
        for c in self.clients: c.size
class TermManager:
    def __init__(self):
        self.ptys_by_fd = {}
    def start(self, fd, proc):
        p = PtyWithClients(proc)
        self.ptys_by_fd[fd] = p
        return p
    def pty_read(self, fd):
        pty = self.ptys_by_fd[fd]
        s = pty.ptyproc.read()
        for client in pty.clients:
            client.on_pty_read(s)
class TermSocket(tornado.websocket.WebSocketHandler):
    def initialize(self, term_manager: TermManager):
        self.term_manager = term_manager
    def open(self):
        self.terminal = self.term_manager.start(1, None)
        self.terminal.clients.append(self)
    def on_pty_read(self, text):
        self.write_message(text)
""",
        },
        {"TermManager": "manager", "TermSocket": "connection"},
    ),
    "client of aiohttp": (
        {
            "app/m.py": """
import aiohttp
class WebsocketClientlet:
    def __init__(self, url):
        self.url = url
        self.session = aiohttp.ClientSession()
    async def __aenter__(self):
        self.websocket = await self.session.ws_connect(url=self.url).__aenter__()
        return self
    async def send_message(self, request):
        return await self.websocket.send_bytes(request.SerializeToString())
    async def send_eoi(self):
        await self.websocket.send_bytes(bytes(True))
    async def send_dry_run(self):
        await self.websocket.send_json({"type": "dry"})
""",
        },
        {"WebsocketClientlet": None},
    ),
    "third party api": (
        {
            "app/m.py": """
class WecomEvent:
    def __init__(self, message_obj, client):
        self.client = client
        self.obj = message_obj
    async def send(self, message):
        for chunk in message:
            self.client.message.send_text(self.obj.agent, self.obj.user, chunk)
""",
        },
        {"WecomEvent": None},
    ),
    "stream of one sid": (
        {
            "app/m.py": """
import socketio
class NS(socketio.AsyncNamespace): pass
class SocketIOStream:
    def __init__(self, ns: NS, request):
        self.ns = ns
        self.client_id = request["sid"]
    async def sendclient(self, data):
        msg = str(data)
        await self.ns.emit("up", msg, room=self.client_id)
""",
        },
        {"SocketIOStream": None},
    ),
    "handlers that hold streams": (
        {
            "app/m.py": """
class WSStream:
    def __init__(self, handler, ws):
        self.handler = handler
        self.ws = ws
    async def sendclient(self, data):
        await self.ws.send_json(data)
class Streams:
    def make(self, handler, ws):
        return WSStream(handler, ws)
class RequestHandler:
    def __init__(self, hub, streams: Streams, handle, ws):
        self.hub = hub
        self.stream = streams.make(self, ws)
    async def _event(self, data):
        if data:
            await self._respond(data)
    async def _respond(self, data):
        await self.stream.sendclient(data)
    async def get_state(self, data): return 1
    async def call_service(self, data): return self.hub
    async def hello(self, data): ...
class ADStream:
    def __init__(self, streams: Streams):
        self.streams = streams
        self.handlers = {}
    async def on_connect(self, ws, handle):
        rh = RequestHandler(self, self.streams, handle, ws)
        self.handlers[handle] = rh
    async def on_disconnect(self, handle):
        del self.handlers[handle]
    async def process_event(self, data):
        for handler in self.handlers:
            await self.handlers[handler]._event(data)
""",
            "app/main.py": WS
            + """
from app.m import ADStream, Streams
hub = ADStream(Streams())
async def route(websocket: WebSocket):
    await hub.on_connect(websocket, "a")
""",
        },
        {"ADStream": "manager", "WSStream": "connection"},
    ),
    "dict subclass": (
        {
            "app/m.py": """
from tornado.websocket import WebSocketHandler
class Sessions(dict):
    def connect(self, session):
        self[session.id] = session
    def disconnect(self, session):
        del self[session.id]
    def announce_all(self, text):
        for session in self.values():
            session.write_message(text)
sessions = Sessions()
class Socket(WebSocketHandler):
    def open(self):
        sessions.connect(self)
    def on_close(self):
        sessions.disconnect(self)
""",
        },
        {"Sessions": "manager", "Socket": "connection"},
    ),
    "owner of the server": (
        {
            "app/m.py": """
import socketio
class SocketIO:
    def __init__(self, **opts):
        self.server = socketio.Server(**opts)
    def emit(self, event, *args, **kw):
        self.server.emit(event, *args, **kw)
""",
        },
        {"SocketIO": "manager"},
    ),
    "check that is handed a socket": (
        {
            "app/m.py": WS
            + """
from typing import Protocol
class AuthProvider(Protocol):
    async def has_required_auth(self, websocket: WebSocket) -> bool: ...
    async def name(self) -> str: ...
""",
        },
        {"AuthProvider": None},
    ),
    "callables of a dataclass": (
        {
            "app/m.py": WS
            + """
from dataclasses import dataclass
from typing import Callable
@dataclass
class Client:
    peer: str
    send_msg: Callable
    def send(self, m):
        self.send_msg(m)
@dataclass
class Listener:
    clients = {}
    def handle_new_client(self, client: Client):
        self.clients[client.peer] = client
    def handle_client_disconnected(self, client: Client):
        self.clients.pop(client.peer)
    def handle_propagate(self, payload):
        for peer in self.clients:
            self.clients[peer].send(payload)
def route(ws: WebSocket, listener: Listener):
    def do_send(m):
        ws.send_text(m)
    listener.handle_new_client(Client(peer="a", send_msg=do_send))
""",
        },
        {"Listener": "manager"},
    ),
    "bound method of a layer": (
        {
            "app/m.py": """
from channels.layers import get_channel_layer
class Subscription:
    @classmethod
    async def broadcast(cls, group, payload):
        group_send = cls._layer().group_send
        await group_send(group=group, message={"type": "broadcast", "payload": payload})
    @classmethod
    def _layer(cls):
        return get_channel_layer()
""",
        },
        {"Subscription": "emitter"},
    ),
    "a name made of itself is shaped no further": (
        {
            "app/m.py": """
from channels.layers import get_channel_layer
class Subscription:
    @classmethod
    async def broadcast(cls, group, payload):
        group = cls._group_name(group)
        payload = cls._packed(payload)
        await get_channel_layer().group_send(group, payload)
    @classmethod
    async def announce(cls, text):
        left = cls._packed(right)
        right = cls._packed(left)
        await get_channel_layer().group_send(left, right)
    @staticmethod
    def _group_name(group):
        return group.lower()
    @staticmethod
    def _packed(value):
        return value
""",
        },
        {"Subscription": "emitter"},
    ),
    "clients in a record": (
        {
            "app/m.py": """
import asyncio, json
from dataclasses import dataclass
from typing import Any
import aiohttp
from app.base import BaseSandbox
@dataclass
class Entry:
    key: str
    ws: Any
class Sandbox(BaseSandbox):
    def __init__(self):
        self.entries: dict[str, Entry] = {}
    async def start(self, key, url):
        entry = Entry(key=key, ws=None)
        session = aiohttp.ClientSession()
        ws = await asyncio.wait_for(session.ws_connect(url), timeout=5)
        entry.ws = ws
        self.entries[key] = entry
    async def write(self, key, text):
        entry = self.resolve(self.entries, key)
        await asyncio.wait_for(entry.ws.send_str(json.dumps({"type": "input", "data": text})), 5)
    async def stop(self):
        entries = list(self.entries.values())
        self.entries.clear()
""",
            "app/base.py": """
class BaseSandbox:
    def resolve(self, entries, key):
        if key not in entries:
            raise KeyError(key)
        return entries[key]
""",
        },
        {"Sandbox": None},
    ),
    "servers in a record": (
        {
            "app/m.py": """
import asyncio, json
from dataclasses import dataclass
from typing import Any
from aiohttp import web
@dataclass
class Entry:
    key: str
    ws: Any
class Sessions:
    def __init__(self):
        self.entries: dict[str, Entry] = {}
    async def start(self, key, request):
        entry = Entry(key=key, ws=None)
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        entry.ws = ws
        self.entries[key] = entry
    async def write(self, key, text):
        entry = self.entries[key]
        await asyncio.wait_for(entry.ws.send_str(json.dumps({"type": "input", "data": text})), 5)
    async def stop(self, key):
        self.entries.pop(key)
""",
        },
        {"Sessions": "manager"},
    ),
    "own client socket in a queue": (
        {
            "app/base.py": """
class Stream:
    def __init__(self):
        self.websocket = None
    async def establish_connection(self):
        raise NotImplementedError
    async def monitor(self):
        result = await self.establish_connection()
        if result is not None:
            self.websocket = result
    async def _send_json(self, payload):
        await self.websocket.send(payload)
""",
            "app/m.py": """
import asyncio
from collections import deque
import websockets
from app.base import Stream
class Synthesizer(Stream):
    def __init__(self):
        super().__init__()
        self.flushed = deque()
    async def sender(self, text, number):
        self.flushed.append((self.websocket, number))
        await self._send_json({"type": "flush"})
    def take_owner(self, socket):
        while self.flushed:
            owner, number = self.flushed.popleft()
            if owner is socket:
                return number
    async def establish_connection(self):
        return await asyncio.wait_for(websockets.connect("wss://x"), 5)
""",
        },
        {"Synthesizer": None, "Stream": None},
    ),
    "clients behind wait_for": (
        {
            "app/m.py": """
import asyncio
class Sandbox:
    def __init__(self, http):
        self.http = http
        self.entries = {}
    async def start(self, key, url):
        ws = await asyncio.wait_for(self.http.ws_connect(url), 5)
        self.entries[key] = ws
    async def write(self, key, text):
        await self.entries[key].send_str(text)
    def drop(self, key):
        self.entries.pop(key)
""",
        },
        {"Sandbox": None},
    ),
    "queue with the socket as key, in a registry": (
        {
            "app/hub.py": """
import asyncio
class ConsoleStream:
    def __init__(self):
        self._queues = {}
    def add_queue(self, key):
        queue = asyncio.Queue(maxsize=5)
        self._queues[key] = queue
        return queue
    def remove_queue(self, key):
        if key in self._queues:
            del self._queues[key]
    async def add_message(self, msg):
        for q in self._queues.values():
            if q.full():
                q.get_nowait()
            await q.put(msg)
""",
            "app/resources.py": """
class Resources:
    def __init__(self):
        self._manager = None
    def set_console_stream(self, console_stream):
        self._console_stream = console_stream
    @property
    def console_stream(self):
        return self._console_stream
    @console_stream.setter
    def console_stream(self, _):
        raise RuntimeError("read-only")
resources = Resources()
""",
            "app/main.py": WS
            + """
import asyncio
from app.hub import ConsoleStream
from app.resources import resources as SR
def startup():
    SR.set_console_stream(ConsoleStream())
async def route(websocket: WebSocket):
    q = SR.console_stream.add_queue(websocket)
    try:
        while True:
            msg = await asyncio.wait_for(q.get(), timeout=1)
            await websocket.send_text(msg)
    finally:
        SR.console_stream.remove_queue(websocket)
""",
        },
        {"ConsoleStream": "manager", "Resources": None},
    ),
    "a handler given as self": (
        {
            "app/emit.py": """
import logging
class ResponseEmitter:
    def __init__(self, chat_id, websocket_handler, loop):
        self.chat_id = chat_id
        self.websocket_handler = websocket_handler
        self.loop = loop
    def _send_async(self, message):
        def _write_if_open(pending):
            if getattr(self.websocket_handler, "ws_connection", None) is None:
                return
            self.websocket_handler.write_message(pending)
        self.loop.asyncio_loop.call_soon_threadsafe(_write_if_open, message)
    def stream(self, data):
        self._send_async({"id": self.chat_id, "type": "stream", "data": data})
    def finish(self):
        self._send_async({"id": self.chat_id, "type": "end"})
class Uploader:
    def __init__(self, handler):
        self.handler = handler
    def stream(self, data):
        self.handler.write_message({"data": data})
    def finish(self):
        self.handler.write_message({"type": "end"})
""",
            "app/main.py": """
import tornado
from tornado import websocket
from app.emit import ResponseEmitter, Uploader
class CopilotHandler(websocket.WebSocketHandler):
    def on_message(self, message):
        emitter = ResponseEmitter(1, self, None)
        emitter.stream(message)
        emitter.finish()
class Page(tornado.web.RequestHandler):
    def get(self):
        Uploader(self).finish()
""",
        },
        {"ResponseEmitter": "emitter", "Uploader": None, "CopilotHandler": "connection"},
    ),
    "real-time information through a handler": (
        {
            "app/event_processor.py": """
import json
class Info:
    def __init__(self, handler):
        self.handler = handler
        self.jobs = {}
        self.minions = {}
    def publish_minions(self):
        minions = {}
        for minion, info in self.minions.items():
            minions[minion] = info
        self.handler.write_message(json.dumps({"minions": minions}) + "--")
    def publish(self, key, data):
        self.handler.write_message(json.dumps({key: data}))
    def process_job_event(self, salt_data):
        tag = salt_data["tag"]
        self.jobs[tag] = salt_data
        self.publish("jobs", self.jobs)
    def process(self, salt_data, token):
        if "job" in salt_data:
            self.process_job_event(salt_data)
        else:
            self.publish_minions()
""",
            "app/main.py": """
import tornado.gen
import tornado.websocket
from . import event_processor
class AllEvents(tornado.websocket.WebSocketHandler):
    def on_message(self, message):
        processor = event_processor.Info(self)
        processor.process({}, "")
""",
        },
        {"Info": "emitter"},
    ),
    "map behind a property": (
        {
            "app/m.py": """
from typing import Dict
import tornado.websocket
class RootChatHandler(tornado.websocket.WebSocketHandler):
    @property
    def handlers(self) -> Dict[str, "RootChatHandler"]:
        return self.settings["handlers"]
    @property
    def others(self) -> Dict[str, str]:
        return self.settings["others"]
    def open(self):
        self.client_id = "a"
        self.handlers[self.client_id] = self
    def broadcast_message(self, message):
        ids = self.handlers.keys()
        for client_id in ids:
            client = self.handlers[client_id]
            if client:
                client.write_message(message)
    def on_close(self):
        self.handlers.pop(self.client_id, None)
class OneHandler(tornado.websocket.WebSocketHandler):
    @property
    def peer(self) -> "OneHandler":
        return self.settings["peer"]
    def on_message(self, message):
        self.peer.write_message(message)
        self.write_message("sent")
class NameHandler(tornado.websocket.WebSocketHandler):
    @property
    def names(self) -> Dict[str, str]:
        return self.settings["names"]
    def open(self):
        self.names["a"] = "b"
        self.write_message("x")
    def on_close(self):
        self.names.pop("a", None)
""",
        },
        {"RootChatHandler": "manager", "NameHandler": "connection", "OneHandler": "connection"},
    ),
    "injected callable": (
        {
            "app/session.py": """
from collections.abc import Awaitable, Callable
class StreamingSession:
    def __init__(self, *, run_id: str, send: Callable[[str], Awaitable[None] | None]) -> None:
        self._run_id = run_id
        self._send = send
        self._buffer = []
    async def _push(self, payload):
        self._buffer.append(payload)
        result = self._send(payload)
        if result is not None:
            await result
    async def emit_started(self):
        await self._push('{"type": "started"}')
    async def emit_value(self, value):
        await self._push(value)
""",
            "app/main.py": WS
            + """
from app.session import StreamingSession
async def route(websocket: WebSocket):
    async def send(payload):
        await websocket.send_text(payload)
    session = StreamingSession(run_id="a", send=send)
    await session.emit_started()
""",
        },
        {"StreamingSession": "emitter"},
    ),
    "room filled from outside": (
        {
            "app/m.py": """
from dataclasses import dataclass, field
from typing import Any, Protocol
import tornado.websocket
class Client(Protocol):
    client_id: str
    def send_shared_session_message(self, message: dict[str, Any]) -> None: ...
@dataclass
class Room:
    clients: dict[str, Client] = field(default_factory=dict)
    def send(self, client_id: str, message) -> None:
        client = self.clients.get(client_id)
        if client is not None:
            client.send_shared_session_message(message)
    def broadcast(self, message) -> None:
        for client in list(self.clients.values()):
            client.send_shared_session_message(message)
class Coordinator:
    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}
    def join(self, key, client: Client):
        room = self._rooms.get(key)
        room.clients[client.client_id] = client
    def leave(self, key, client_id):
        room = self._rooms.get(key)
        room.clients.pop(client_id, None)
class Socket(tornado.websocket.WebSocketHandler):
    def open(self):
        self.coordinator.join("a", self)
    def send_shared_session_message(self, message: dict) -> None:
        self.write_message(message)
""",
        },
        {"Room": "manager"},
    ),
    "room of what anything has": (
        {
            "app/m.py": """
from dataclasses import dataclass, field
from typing import Any, Protocol
import tornado.websocket
class Client(Protocol):
    client_id: str
    def send(self, message: dict[str, Any]) -> None: ...
@dataclass
class Room:
    clients: dict[str, Client] = field(default_factory=dict)
    def broadcast(self, message) -> None:
        for client in list(self.clients.values()):
            client.send(message)
class Mail:
    def send(self, message: dict) -> None:
        print(message)
class Letter:
    def send(self, message: dict) -> None:
        print(message)
class Pigeon:
    def send(self, message: dict) -> None:
        print(message)
class Owl:
    def send(self, message: dict) -> None:
        print(message)
class Socket(tornado.websocket.WebSocketHandler):
    def send(self, message: dict) -> None:
        self.write_message(message)
""",
        },
        {"Room": None},
    ),
    "a message made of itself": (
        {
            "app/m.py": WS
            + """
import json
class Hub:
    def __init__(self):
        self.connections: dict[str, WebSocket] = {}
    def connect(self, user, websocket: WebSocket):
        self.connections[user] = websocket
    async def send_to(self, user, text):
        await self.connections[user].send_text(text)
class Sender:
    def __init__(self, hub: Hub):
        self.hub = hub
        self.user = None
    async def send_status(self, status):
        text = fill(status)
        text = json.loads(text)
        text = json.dumps(text)
        await self.hub.send_to(self.user, text)
    async def send_progress(self, progress):
        text = {"type": "progress", "progress": progress}
        text = json.dumps(text)
        await self.hub.send_to(self.user, text)
""",
        },
        {"Sender": "emitter"},
    ),
    "texts sent to an address": (
        {
            "app/m.py": """
class PlatformEvent:
    def __init__(self, client):
        self.client = client
    async def send(self, message):
        api = getattr(self.client, "message", None)
        api.send_text(message.user, self.client.id, message.text)
    async def send_streaming(self, message):
        api = getattr(self.client, "message", None)
        api.send_text(message.user, self.client.id, "...")
""",
        },
        {"PlatformEvent": None},
    ),
    "attribute of the request": (
        {
            "app/m.py": """
import asyncio
import aiohttp.web
class JsonRpc:
    def __init__(self):
        self.clients = []
    async def handle_websocket_request(self, http_request):
        http_request.topics = set()
        ws = aiohttp.web_ws.WebSocketResponse()
        await ws.prepare(http_request)
        http_request.ws = ws
        self.clients.append(http_request)
        async for message in ws:
            pass
        self.clients.remove(http_request)
    async def _ws_send_str(self, client, string):
        if client.ws._writer.transport.is_closing():
            self.clients.remove(client)
            await client.ws.close()
        await client.ws.send_str(string)
    def filter(self, topics):
        for client in self.clients:
            if topics in client.topics:
                yield client
    async def notify(self, topic, data=None):
        for client in self.filter(topic):
            await self._ws_send_str(client, data)
""",
        },
        {"JsonRpc": "manager"},
    ),
    "room records": (
        {
            "app/m.py": """
from dataclasses import dataclass, field
from fastapi import WebSocket
@dataclass
class Room:
    id: str
    members: list[WebSocket] = field(default_factory=list)
class RoomManager:
    def __init__(self):
        self.rooms: dict[str, Room] = {}
    def join(self, id, websocket: WebSocket):
        room = self.rooms.setdefault(id, Room(id))
        room.members.append(websocket)
    def leave(self, id, websocket):
        self.rooms[id].members.remove(websocket)
    async def broadcast(self, id, message):
        room = self.rooms[id]
        for m in room.members:
            await m.send_json(message)
""",
        },
        {"RoomManager": "manager"},
    ),
    "room records untyped": (
        {
            "app/m.py": """
class Room:
    def __init__(self, id):
        self.id = id
        self.members = []
class RoomManager:
    def __init__(self):
        self.rooms = {}
    def join(self, id, websocket):
        room = self.rooms.setdefault(id, Room(id))
        room.members.append(websocket)
    def leave(self, id, websocket):
        self.rooms[id].members.remove(websocket)
    async def broadcast(self, id, message):
        room = self.rooms[id]
        for m in room.members:
            await m.send_json(message)
""",
        },
        {"RoomManager": "manager"},
    ),
    "handlers rebuilt by union": (
        {
            "app/handlers.py": """
import tornado.websocket
class LspHandler(tornado.websocket.WebSocketHandler):
    @property
    def manager(self) -> "LanguageServerManager":
        return self.settings["m"]
    def open(self):
        self.manager.subscribe(self)
    def on_close(self):
        self.manager.unsubscribe(self)
""",
            "app/m.py": """
class Session:
    handlers = set()
    def __init__(self, parent):
        self.parent = parent
    def read(self, message):
        self.parent.on_message(message, self)
class LanguageServerManager:
    def __init__(self):
        self.sessions = {"a": Session(self)}
    def subscribe(self, handler):
        session = self.sessions["a"]
        session.handlers = set([handler]) | session.handlers
    def unsubscribe(self, handler):
        for session in self.sessions.values():
            session.handlers = [h for h in session.handlers if h != handler]
    def on_message(self, message, session):
        for handler in session.handlers:
            handler.write_message(message)
""",
        },
        {"LanguageServerManager": "manager", "Session": None},
    ),
    "free list": (
        {
            "app/m.py": """
class WebSocket:
    def __init__(self, websocket, app):
        self.ws = websocket
        self.app = app
    def send(self, message):
        self.ws.send(message)
class WebSocketFactory:
    def __init__(self, app):
        self.queue = []
        self.app = app
    def _populate(self):
        for _ in range(100):
            self.queue.append((WebSocket(None, self.app), True))
    def get(self, websocket):
        if not self.queue:
            return WebSocket(websocket, self.app), False
        response, ours = self.queue.pop(0)
        response.ws = websocket
        return response, ours
    def dispose(self, response):
        response.ws = None
        self.queue.append((response, True))
""",
        },
        {"WebSocketFactory": None},
    ),
    "ocpp": (
        {
            "app/m.py": """
import asyncio
import websockets
from ocpp.v16 import ChargePoint as CP
class ChargePoint(CP):
    def __init__(self, id, websocket, config):
        super().__init__(id, websocket)
        self.config = config
class CentralSystem:
    def __init__(self):
        self._connected = []
    async def run(self):
        await websockets.serve(self.on_connect, "0.0.0.0", 9000)
    async def on_connect(self, websocket):
        cp = ChargePoint("a", websocket, {})
        self._connected.append(cp)
        await cp.start()
        self._connected.remove(cp)
    async def reset(self, name):
        cp = tuple(filter(lambda cp: cp.id == name, self._connected))[0]
        await self._send(cp, "reset")
    async def _send(self, cp, request):
        return await cp.call(request)
class Loner:
    async def on_connect(self, websocket):
        self.cp = ChargePoint("a", websocket, {})
        await self.cp.start()
""",
        },
        {"CentralSystem": "manager", "Loner": None},
    ),
    "handler registers itself untyped": (
        {
            "app/hub.py": """
class Hub:
    def __init__(self):
        self.peers = {}
        self.count = 0
    def add_peer(self, peer):
        self.count += 1
        self.peers[self.count] = peer
    def drop_peer(self, peer):
        self.peers = {k: v for k, v in self.peers.items() if v is not peer}
    def tell_everybody(self, message):
        for peer in self.peers.values():
            peer.tell(message)
""",
            "app/h.py": """
import tornado.websocket
class Peer(tornado.websocket.WebSocketHandler):
    def initialize(self, hub):
        self.hub = hub
    def open(self):
        self.hub.add_peer(self)
    def on_close(self):
        self.hub.drop_peer(self)
    def tell(self, message):
        self.write_message(message)
""",
        },
        {"Hub": "manager"},
    ),
    "dict with handler": (
        {
            "app/s.py": """
import tornado.websocket
class Handler(tornado.websocket.WebSocketHandler):
    def initialize(self, server):
        self.server = server
    def open(self):
        self.server._new_client_(self)
    def on_close(self):
        self.server._client_left_(self)
    def send_message(self, m):
        self.write_message(m)
class Server:
    def __init__(self):
        self.clients = []
    def _new_client_(self, handler):
        client = {'id': 1, 'handler': handler}
        self.clients.append(client)
    def _client_left_(self, handler):
        client = self.handler_to_client(handler)
        if client in self.clients:
            self.clients.remove(client)
    def handler_to_client(self, handler):
        for client in self.clients:
            if client['handler'] == handler:
                return client
    def _unicast(self, receiver_client, msg):
        receiver_client['handler'].send_message(msg)
    def multicast(self, msg):
        for client in self.clients:
            self._unicast(client, msg)
""",
        },
        {"Server": "manager"},
    ),
    "got by own method": (
        {
            "app/m.py": """
class Hub:
    def __init__(self):
        self.peers = {}
    def add(self, id, socket):
        self.peers[id] = socket
    def remove(self, id):
        del self.peers[id]
    def find(self, id):
        return self.peers.get(id)
    async def tell(self, id, text):
        peer = self.find(id)
        if peer:
            await peer.send_text(text)
""",
        },
        {"Hub": "manager"},
    ),
    "container class of the program": (
        {
            "app/m.py": """
from starlette.websockets import WebSocket
class Container:
    def __init__(self):
        self._items = {}
    def add(self, session):
        self._items[session.id] = session
    def remove(self, id):
        return self._items.pop(id, None)
    def get(self, id):
        return self._items.get(id)
    def all(self):
        return list(self._items.values())
class Session:
    def __init__(self, id, websocket: WebSocket):
        self.id = id
        self.websocket = websocket
    async def send_message(self, m):
        await self.websocket.send_text(m)
class Router:
    def __init__(self):
        self._sessions = Container()
    def create_session(self, id, websocket: WebSocket):
        s = Session(id, websocket)
        self._sessions.add(s)
        return s
    def close_session(self, id):
        self._sessions.remove(id)
    async def broadcast(self, message):
        for s in self._sessions.all():
            await s.send_message(message)
""",
        },
        {"Router": "manager"},
    ),
}


@pytest.mark.parametrize("title", sorted(PROGRAMS))
def test_kinds_of_evidence(title: str, study):
    files, expected = PROGRAMS[title]
    analysis = study({"app/__init__.py": "", **files})
    roles = {found.name: analysis.casts.get(id) for id, found in analysis.program.classes.items()}
    assert {name: cast.role if (cast := roles[name]) else None for name in expected} == expected
