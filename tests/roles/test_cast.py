"""Who plays which part: by what a class holds, is handed and does."""

import pytest

SOCKET = "from starlette.websockets import WebSocket\n"

PROGRAMS = {
    "a dict of live sockets": (
        SOCKET
        + """
class Sessions:
    def __init__(self):
        self.live: dict[str, WebSocket] = {}
    def open(self, user, ws: WebSocket):
        self.live[user] = ws
""",
        {"Sessions": "manager"},
    ),
    "sockets nested by user": (
        SOCKET
        + """
class Sessions:
    def __init__(self):
        self.live = {}
    def open(self, user, key, ws: WebSocket):
        self.live.setdefault(user, {})[key] = ws
    async def tell(self, user, message):
        for ws in self.live[user].values():
            await ws.send_json(message)
""",
        {"Sessions": "manager"},
    ),
    "a set told apart only by what is called on its elements": (
        """
class Clients:
    def __init__(self):
        self.clients = set()
    def register(self, client):
        self.clients.add(client)
    async def tell(self, text):
        for client in self.clients:
            await client.send_text(text)
""",
        {"Clients": "manager"},
    ),
    "wrappers of sockets": (
        SOCKET
        + """
class Line:
    def __init__(self, ws: WebSocket):
        self.ws = ws
    async def send(self, message):
        await self.ws.send_json(message)

class Lines:
    def __init__(self):
        self.lines: list[Line] = []
    def add(self, line: Line):
        self.lines.append(line)
    async def tell(self, message):
        for line in self.lines:
            await line.send(message)
""",
        {"Line": "connection", "Lines": "manager"},
    ),
    "a handler of a framework that is not installed": (
        """
from tornado.websocket import WebSocketHandler

class Echo(WebSocketHandler):
    def on_message(self, message):
        self.write_message(message)
""",
        {"Echo": "connection"},
    ),
    "a handler that keeps all its like": (
        """
from tornado.websocket import WebSocketHandler

class Feed(WebSocketHandler):
    clients = set()
    def open(self):
        self.clients.add(self)
    @classmethod
    def tell(cls, message):
        for client in cls.clients:
            client.write_message(message)
""",
        {"Feed": "manager"},
    ),
    "a facade of a manager": (
        SOCKET
        + """
class Sessions:
    def __init__(self):
        self.live: dict[str, WebSocket] = {}
    def connect(self, user, ws: WebSocket):
        self.live[user] = ws
    def disconnect(self, user):
        self.live.pop(user)

class OldManager:
    def __init__(self, sessions: Sessions):
        self.sessions = sessions
    def connect(self, user, ws):
        self.sessions.connect(user, ws)
    def disconnect(self, user):
        self.sessions.disconnect(user)
""",
        {"Sessions": "manager", "OldManager": "manager"},
    ),
    "near misses of a manager": (
        """
import sqlite3
import websockets
from dataclasses import dataclass
from enum import Enum

class DatabaseConnectionManager:
    def __init__(self):
        self.connections: dict[str, sqlite3.Connection] = {}
    def connect(self, name):
        self.connections[name] = sqlite3.connect(name)
    def disconnect(self, name):
        self.connections.pop(name).close()

class UpstreamWebSocketManager:
    def __init__(self):
        self.connections = {}
    async def connect(self, url):
        self.connections[url] = await websockets.connect(url)
    async def send(self, url, text):
        await self.connections[url].send(text)

class ConnectionCounter:
    def __init__(self):
        self.connections: dict[str, int] = {}
    def connect(self, user):
        self.connections[user] = self.connections.get(user, 0) + 1

@dataclass
class WebSocketManagerSettings:
    max_connections: int = 3

class WebSocketManagerState(Enum):
    ACTIVE = "active"
""",
        {
            "DatabaseConnectionManager": None,
            "UpstreamWebSocketManager": None,
            "ConnectionCounter": None,
            "WebSocketManagerSettings": None,
            "WebSocketManagerState": None,
        },
    ),
    "an emitter over a bare socket": (
        SOCKET
        + """
class Progress:
    def __init__(self, ws: WebSocket):
        self.ws = ws
    async def agent_started(self, name):
        await self.ws.send_json({"type": "agent_started", "name": name})
    async def agent_completed(self, name):
        await self.ws.send_json({"type": "agent_completed", "name": name})
""",
        {"Progress": "emitter"},
    ),
    "near misses of an emitter": (
        """
class EventEmitter:
    def __init__(self):
        self.listeners = {}
    def on(self, event, callback):
        self.listeners.setdefault(event, []).append(callback)
    def emit(self, event, data):
        for callback in self.listeners.get(event, []):
            callback(data)

class EventMetrics:
    def __init__(self):
        self.counts = {"agent_started": 0, "agent_completed": 0}
    def record(self, event, data):
        self.counts[event] += 1

class Agent:
    def __init__(self, emitter):
        self.emitter = emitter
    async def run(self):
        await self.emitter.emit_agent_started({})
        await self.emitter.emit_agent_completed({})
""",
        {"EventEmitter": None, "EventMetrics": None, "Agent": None},
    ),
    "errors": (
        """
class WebSocketFailure(Exception): ...
class LimitReached(WebSocketFailure): ...
class ToolError(Exception): ...
class WebSocketErrorCounter: ...
""",
        {
            "WebSocketFailure": "error",
            "LimitReached": "error",
            "ToolError": None,
            "WebSocketErrorCounter": None,
        },
    ),
    "payloads": (
        """
from typing import TypedDict
from dataclasses import dataclass

class WebSocketEnvelope(TypedDict):
    type: str
    payload: dict

@dataclass
class AgentStartedData:
    agent_name: str

@dataclass
class Image:
    type: str
    data: bytes
""",
        {"WebSocketEnvelope": "payload", "AgentStartedData": "payload", "Image": None},
    ),
    "protocols": (
        """
from abc import ABC, abstractmethod
from typing import Protocol

class Sender(Protocol):
    async def send_to_user(self, user_id: str, message: dict) -> bool: ...

class Store(Protocol):
    def connect(self) -> None: ...

class Emitting(ABC):
    @abstractmethod
    async def emit_agent_started(self, data): ...
    @abstractmethod
    async def emit_agent_completed(self, data): ...
""",
        {"Sender": "protocol", "Store": None, "Emitting": "protocol"},
    ),
    "sockets known by the name of a bare parameter only": (
        """
class Clients:
    def __init__(self):
        self.clients = set()
    def register(self, websocket):
        self.clients.add(websocket)
    def unregister(self, websocket):
        self.clients.remove(websocket)

class LoudClients(Clients):
    def say(self, text):
        for client in self.clients:
            client.send(text)
""",
        {"Clients": "manager", "LoudClients": "manager"},
    ),
    "near misses: such a name where clients are made, and one that is never kept": (
        """
import websocket

class Prices:
    def __init__(self):
        self.feeds = []
    def on_open(self, ws):
        self.feeds.append(ws)
    def close(self):
        self.feeds.clear()
""",
        {"Prices": None},
    ),
    "a socket of a framework that is not listed, and near misses": (
        """
from typing import Callable, Protocol
from bots.drivers import WebSocket
from streams.client import WebSocket as ClientSocket

class Bots:
    def __init__(self):
        self.connections: dict[str, WebSocket] = {}
    def opened(self, name, websocket: WebSocket):
        self.connections[name] = websocket

class Upstreams:
    def __init__(self):
        self.connections: dict[str, ClientSocket] = {}
    def opened(self, name, websocket: ClientSocket):
        self.connections[name] = websocket

class Handlers:
    def __init__(self):
        self.by_name: dict[str, Callable[[str], WebSocket]] = {}
    def add(self, name, handler: Callable[[str], WebSocket]):
        self.by_name[name] = handler

class Stream(Protocol):
    async def send(self, event: object, context: object) -> None: ...
""",
        {"Bots": "manager", "Upstreams": None, "Handlers": None, "Stream": None},
    ),
    "a base whose container its subclasses fill": (
        SOCKET
        + """
class Server:
    def __init__(self):
        self.sockets = {}
    def is_known(self, sid):
        return sid in self.sockets

class ThreadedServer(Server):
    def connect(self, sid, ws: WebSocket):
        self.sockets[sid] = ws
    def send(self, sid, message):
        self.sockets[sid].send_text(message)
""",
        {"Server": "manager", "ThreadedServer": "manager"},
    ),
    "records that hold a protocol of connections": (
        SOCKET
        + """
from dataclasses import dataclass
from typing import Protocol

class Client(Protocol):
    def write(self, message): ...

class SocketClient(Client):
    def __init__(self, ws: WebSocket):
        self.ws = ws
    def write(self, message):
        self.ws.send_text(message)

@dataclass
class Session:
    client: Client
    user: str

class Sessions:
    def __init__(self):
        self.by_id: dict[str, Session] = {}
    def connect(self, id, client: Client, user):
        self.by_id[id] = Session(client, user)
    def disconnect(self, id):
        del self.by_id[id]

@dataclass
class Remembered:
    client: Client | None
    user: str

class Memory:
    def __init__(self):
        self.by_id: dict[str, Remembered] = {}
    def save(self, id, user):
        self.by_id[id] = Remembered(None, user)
    def forget(self, id):
        del self.by_id[id]
""",
        {
            "Client": "protocol",
            "SocketClient": "connection",
            "Session": None,
            "Sessions": "manager",
            "Remembered": None,
            "Memory": None,
        },
    ),
    "a connection that lists itself is no manager of its like": (
        """
from tornado.websocket import WebSocketHandler

class Channel(WebSocketHandler):
    open_channels = set()
    def open(self):
        self.open_channels.add(self)
    def on_close(self):
        self.open_channels.remove(self)
""",
        {"Channel": "connection"},
    ),
    "a wrapper of what a protocol of two implementers describes": (
        SOCKET
        + """
from typing import Protocol
from tornado.websocket import WebSocketHandler

class Transport(Protocol):
    def send_message(self, message): ...
    def ping(self, data): ...

class Handler(WebSocketHandler):
    def send_message(self, message):
        self.write_message(message)
    def ping(self, data): ...

class Line:
    def __init__(self, transport: Transport):
        self.transport = transport
    def send_message(self, message):
        self.transport.send_message(message)
    def check(self): ...
    def name(self): ...
    def other(self): ...
    def more(self): ...

class Lines:
    def __init__(self):
        self.lines: set[Line] = set()
    def opened(self, transport: Transport):
        self.lines.add(Line(transport))
    def lost(self, line: Line):
        self.lines.discard(line)
""",
        {"Transport": None, "Handler": "connection", "Line": None, "Lines": "manager"},
    ),
    "frames by the ASGI specification": (
        """
class Frames:
    def __init__(self, send):
        self._send = send
    async def send(self, text):
        await self._send({"type": "websocket.send", "text": text})

class Everybody:
    def __init__(self):
        self.all: list[Frames] = []
    def join(self, frames: Frames):
        self.all.append(frames)
    async def tell(self, text):
        for frames in self.all:
            await frames.send(text)
""",
        {"Frames": None, "Everybody": "manager"},
    ),
    "ids of clients that a Socket.IO server keeps": (
        """
import socketio

class Presence:
    def __init__(self, sio: socketio.AsyncServer):
        self.sio = sio
        self.users = {}
    async def join(self, connection_id, user):
        self.users[connection_id] = user
        await self.sio.enter_room(connection_id, user)
    async def leave(self, connection_id):
        self.users.pop(connection_id)

class Counter:
    def __init__(self, sio: socketio.AsyncServer):
        self.sio = sio
        self.seen = {}
    def count(self, name):
        self.seen[name] = self.seen.get(name, 0) + 1
""",
        {"Presence": "manager", "Counter": None},
    ),
    "a manager of Socket.IO's own kind": (
        """
from socketio import AsyncRedisManager

class RoomManager(AsyncRedisManager):
    def room(self, name):
        return name
""",
        {"RoomManager": "manager"},
    ),
    "messages by name over what is held or given": (
        SOCKET
        + """
import socketio

class BaseEmitter:
    def __init__(self, session):
        self.session = session
    async def emit(self, event, data): ...
    async def send_step(self, step): ...
    async def send_error(self, error): ...
    async def send_done(self): ...

class GivenEmitter(BaseEmitter):
    @property
    def emit(self):
        return self.session.emit
    async def send_step(self, step):
        await self.emit("step", step)
    async def send_error(self, error):
        await self.emit("error", error)
    async def send_done(self):
        await self.emit("done", {})

class Watching:
    def __init__(self, ws: WebSocket):
        self.ws = ws
    async def added(self, name):
        await self.ws.send_json({"type": "added", "name": name})
    async def removed(self, name):
        await self.ws.send_json({"type": "removed", "name": name})

class Session:
    def __init__(self, ws: WebSocket):
        self.ws = ws
    async def greet(self):
        await self.ws.send_json({"type": "hello"})
        await self.ws.send_json({"type": "ready"})
        return await self.ws.receive_json()

class Room:
    def __init__(self, sio: socketio.AsyncServer):
        self.sio = sio
    async def _send(self, message):
        await self.sio.emit("message", message, to="room")
""",
        {
            "BaseEmitter": "emitter",
            "GivenEmitter": "emitter",
            "Watching": "emitter",
            "Session": "connection",
            "Room": "emitter",
        },
    ),
    "an emitter whose methods are named after nothing": (
        SOCKET
        + """
class Sockets:
    def __init__(self):
        self.live: dict[str, WebSocket] = {}
    def connect(self, user, ws: WebSocket):
        self.live[user] = ws
    async def tell(self, user, message):
        await self.live[user].send_json(message)

class Steps:
    def __init__(self, sockets: Sockets):
        self.out = sockets
    async def begin(self):
        await self._push("agent_started")
    async def finish(self):
        await self._push("agent_completed")
    async def _push(self, kind):
        await self.out.tell("u", {"event": kind})

class Engine:
    def __init__(self, sockets: Sockets):
        self.out = sockets
    async def run(self, plan):
        await self.out.tell("u", {"event": "agent_started"})
        await self.out.tell("u", {"event": "agent_completed"})
    def plan(self): ...
    def check(self): ...
    def stop(self): ...
""",
        {"Sockets": "manager", "Steps": "emitter", "Engine": None},
    ),
    "near misses of an emitter of named messages": (
        """
from livekit import rtc

class Recogniser(rtc.EventEmitter):
    def heard(self, text):
        self.emit("heard", text)
    def silent(self):
        self.emit("silent", None)

class Transport:
    def __init__(self, websocket):
        self.websocket = websocket
    async def send(self, text):
        await self.websocket.send_text(text)
    def opened(self):
        self.notify_handler("opened", self.websocket)
    def closed(self):
        self.notify_handler("closed", self.websocket)
    def notify_handler(self, name, *arguments):
        self.handlers[name](*arguments)

class Publisher:
    def __init__(self, queue):
        self.queue = queue
    def publish(self, event, data):
        self.queue.send("published", data)
        self.queue.send("done", data)
""",
        {"Recogniser": None, "Publisher": None, "Transport": "connection"},
    ),
    "protocols by who implements them": (
        SOCKET
        + """
from abc import ABC, abstractmethod
from typing import Protocol

class Interface(ABC):
    @abstractmethod
    def assistant_message(self, text): ...
    @abstractmethod
    def user_message(self, text): ...

class OverSockets(Interface):
    def __init__(self):
        self.sockets: set[WebSocket] = set()
    def register(self, ws: WebSocket):
        self.sockets.add(ws)
    def assistant_message(self, text):
        for ws in self.sockets:
            ws.send_text(text)
    def user_message(self, text): ...

class Printing(Interface):
    def assistant_message(self, text):
        print(text)
    def user_message(self, text):
        print(text)

class Registered(ABC):
    @abstractmethod
    def push(self, text): ...

class Pushes:
    def __init__(self, ws: WebSocket):
        self.ws = ws
    def push(self, text):
        self.ws.send_text(text)

Registered.register(Pushes)

class Relay(Protocol):
    async def __call__(self, websocket: WebSocket) -> None: ...

class Settings(Protocol):
    @property
    def limit(self) -> int: ...

class Limited(Settings):
    def __init__(self):
        self.sockets: set[WebSocket] = set()
    def register(self, ws: WebSocket):
        self.sockets.add(ws)
    @property
    def limit(self) -> int:
        return 3
""",
        {
            "Interface": "protocol",
            "OverSockets": "manager",
            "Printing": None,
            "Registered": "protocol",
            "Pushes": "connection",
            "Relay": None,
            "Settings": None,
            "Limited": "manager",
        },
    ),
}


@pytest.mark.parametrize("title", sorted(PROGRAMS))
def test_roles(title: str, study):
    source, expected = PROGRAMS[title]
    analysis = study({"app/main.py": source})
    roles = {found.name: analysis.casts.get(id) for id, found in analysis.program.classes.items()}
    assert {name: cast.role if cast else None for name, cast in roles.items()} == expected


def test_a_hub_is_found_by_the_socket_that_a_route_hands_to_it(study):
    files = {
        "app/hub.py": """
class Hub:
    def __init__(self):
        self.members = {}
    def join(self, key, member):
        self.members[key] = member
    def leave(self, key):
        del self.members[key]
    async def ring(self, key, item):
        await self.members[key].send_json(item)
""",
        "app/routes.py": SOCKET
        + """
from app.hub import Hub

hub = Hub()

async def bell(websocket: WebSocket):
    hub.join("anna", websocket)
""",
    }
    analysis = study(files)
    (hub,) = analysis.of_role("manager")
    assert hub.name == "Hub"
    kinds = {seen.kind: (seen.path, seen.line) for seen in analysis.casts[hub.id].evidence}
    assert kinds["holds_connections"] == ("app/hub.py", 4)
    assert kinds["removes_connections"] == ("app/hub.py", 8)


def test_a_manager_travels_through_the_state_of_the_application(study):
    files = {
        "app/manager.py": SOCKET
        + """
class Manager:
    def __init__(self):
        self.live: dict[str, WebSocket] = {}
    def connect(self, user, ws: WebSocket):
        self.live[user] = ws
    async def send_to_user(self, user, message):
        await self.live[user].send_json(message)
""",
        "app/emitter.py": """
class Emitter:
    def __init__(self, target):
        self.target = target
    async def emit_agent_started(self):
        await self.target.send_to_user("anna", {"type": "agent_started"})
    async def emit_agent_completed(self):
        await self.target.send_to_user("anna", {"type": "agent_completed"})
""",
        "app/main.py": """
from app.emitter import Emitter
from app.manager import Manager

def build(app):
    app.state.manager = Manager()

async def route(websocket):
    emitter = Emitter(websocket.app.state.manager)
    await emitter.emit_agent_started()
""",
    }
    analysis = study(files)
    (emitter,) = analysis.of_role("emitter")
    kinds = {seen.kind: seen.detail for seen in analysis.casts[emitter.id].evidence}
    assert kinds["holds_sink"] == "self.target is a app.manager.Manager"
    assert analysis.coverage[emitter.id]["agent_started"].arrives


def test_a_double_of_the_tests_keeps_its_role_and_is_marked(study, chat_files):
    chat_files["tests/fakes.py"] = """
class FakeManager:
    async def connect(self, user_id, websocket): ...
    async def send_to_user(self, user_id, message): ...
"""
    analysis = study(chat_files)
    doubles = {
        analysis.program.classes[id].name: cast for id, cast in analysis.casts.items() if cast.test_double
    }
    assert list(doubles) == ["FakeManager"]
    assert doubles["FakeManager"].role == "manager"
