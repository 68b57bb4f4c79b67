"""Two classes that are called alike: what is told apart, what is not, and what is said not to be known."""

import ast
import sys
from pathlib import Path

import pytest

from wsconsolidate.proof.compare import Compared, compare
from wsconsolidate.proof.worker import PROBE, Target, run

HEAD = """\
import asyncio, dataclasses, datetime, enum, json, random, time, typing, uuid
from typing import Any, Callable, Awaitable, Optional, Protocol
from starlette.websockets import WebSocket, WebSocketState

"""
EMITTER = """\
class One:
    def __init__(self, websocket: WebSocket, user_id: str):
        self.websocket = websocket
        self.user_id = user_id
        self.sent = 0

    async def emit_agent_started(self, task: str, data: dict | None = None):
        {body}
"""
SEND = "await self.websocket.send_json({'type': 'agent_started', 'task': task})"
DRAWN = """now = time.monotonic()
        frame = {"type": "a", "id": str(uuid.uuid4()), "at": datetime.datetime.now().isoformat()}
        frame |= {"t": time.time(), "n": random.random(), "took": time.monotonic() - now}
        await self.websocket.send_json(frame)"""
LATER = f"""async def later():
            await asyncio.sleep(1)
            {SEND}
        self.task = asyncio.create_task(later())"""
CHANGES = {
    "another way to send the same": (
        SEND,
        "await self.websocket.send_text(json.dumps({'task': task, 'type': 'agent_started'}))",
        None,
    ),
    "another name of a key": (SEND, SEND.replace("'task'", "'job'"), "emit_agent_started (full) sends"),
    "another value": (SEND, SEND.replace("task}", "task.upper()}"), "sends"),
    "a lost frame": (SEND, "pass", "sends nothing where it sent"),
    "a frame too many": (SEND, f"{SEND}; {SEND}", "where it sent nothing"),
    "a coroutine that is dropped": (SEND, SEND.removeprefix("await "), "sends nothing where it sent"),
    "another order": (
        f"{SEND}; await self.websocket.send_json({{'type': 'b'}})",
        f"await self.websocket.send_json({{'type': 'b'}}); {SEND}",
        "sends",
    ),
    "another answer": (f"{SEND}; return True", f"{SEND}; return None", "answers null where it answered"),
    "other bookkeeping": (f"{SEND}; self.sent += 1", SEND, 'keeps {"user_id": "user_id", "sent": 0}'),
    "another error": (f"{SEND}; raise KeyError", f"{SEND}; raise ValueError", "raises ValueError"),
    "an error that is swallowed": (f"{SEND}; raise KeyError", SEND, "returns where it raises KeyError"),
    "keys of the caller in the frame": (
        "await self.websocket.send_json({'type': 'agent_started', **(data or {})})",
        "await self.websocket.send_json({**(data or {}), 'type': 'agent_started'})",
        "emit_agent_started (clash) sends",
    ),
    "nothing for no data": (
        "await self.websocket.send_json({'type': 'a', 'data': data or {}})",
        "await self.websocket.send_json({'type': 'a', 'data': data})",
        "emit_agent_started (least) sends",
    ),
    "clocks, ids and chance": (DRAWN, f"uuid.uuid4(); {DRAWN}", None),
    "the wrong id twice": (
        "a, b = uuid.uuid4(), uuid.uuid4(); await self.websocket.send_json({'type': str(a), 'b': str(b)})",
        "a, b = uuid.uuid4(), uuid.uuid4(); await self.websocket.send_json({'type': str(a), 'b': str(a)})",
        "sends",
    ),
    "what a task sends later": (LATER, LATER.replace(SEND, "pass"), "sends nothing where it sent"),
    "only while connected": (
        f"if self.websocket.client_state == WebSocketState.CONNECTED: {SEND}",
        f"if self.websocket.client_state != WebSocketState.CONNECTED: {SEND}",
        "sends nothing where it sent",
    ),
    "a loop over what changes": (
        "await asyncio.sleep(0); raise RuntimeError('dictionary changed size during iteration')",
        SEND,
        None,
    ),
}
MANAGER = """\
class Manager:
    def __init__(self):
        self.sockets: dict[str, list[WebSocket]] = {}

    async def connect(self, client_id: str, websocket: WebSocket):
        await websocket.accept()
        self.sockets.setdefault(client_id, []).append(websocket)

    async def send(self, client_id: str, message: dict) -> int:
        for socket in self.sockets.get(client_id, []):
            await socket.send_json(message)
        return len(self.sockets.get(client_id, []))

    async def forward(self, client_id: str, message: dict) -> int:
        return await self.send(client_id, message)

class Stranger(Protocol):
    async def deliver(self, user_id: str, message: dict[str, Any]) -> bool: ...

class Kind(enum.Enum):
    LOUD = "loud"

@dataclasses.dataclass
class Context:
    user_id: str
    kind: Kind

class Clash(Exception): ...

class One:
    def __init__({parameters}):
        {body}

    {method}
"""
EMIT = "async def emit_a(self): await self.w.send_json({})"
SHAPES = {
    "through a manager of the program, down to its sockets": (
        ("self, manager: Manager, user_id: str", "self.m, self.u = manager, user_id"),
        "async def emit_a(self): return await self.m.send(self.u, {'type': 'a'})",
        "async def emit_a(self): return await self.m.forward(client_id=self.u, message={'type': 'a'})",
        None,
    ),
    "to somebody else": (
        ("self, manager: Manager, context: Context", "self.m, self.c = manager, context"),
        "async def emit_a(self): await self.m.send(self.c.user_id, {'type': 'a'})",
        "async def emit_a(self): await self.m.send(self.c.kind.value, {'type': 'a'})",
        "sends nothing",
    ),
    "through a protocol": (
        ("self, stranger: Stranger", "self.s = stranger"),
        "async def emit_a(self, text): return await self.s.deliver('u', {'type': 'a', 'text': text})",
        "async def emit_a(self, text): return await self.s.deliver('u', {'type': 'a'})",
        "sends",
    ),
    "positional or by name": (
        ("self, stranger: Stranger", "self.s = stranger"),
        "async def emit_a(self, text): await self.s.deliver('u', {'type': 'a', 'text': text})",
        "async def emit_a(self, text): await self.s.deliver(message=dict(type='a', text=text), user_id='u')",
        None,
    ),
    "a callback": (
        ("self, send: Callable[[dict], Awaitable[None]]", "self.send = send"),
        "async def emit_a(self, n: int = 3): await self.send({'type': 'a', 'n': n})",
        "async def emit_a(self, n: int = 3): self.send({'type': 'a', 'n': n})",
        "sends nothing",
    ),
    "without annotations": (
        ("self, manager, websocket", "self.m, self.w = manager, websocket"),
        "async def emit_a(self, data): await self.m.publish(data['note']); await self.w.send_json(data)",
        "async def emit_a(self, data): self.m.publish(data['note']); await self.w.send_json(data)",
        "does not await manager.publish",
    ),
    "a property": (
        ("self, websocket", "self.w = websocket"),
        f"{EMIT}\n    @property\n    def ready(self): return True",
        f"{EMIT}\n    @property\n    def ready(self): return False",
        "ready (full) answers",
    ),
    "a method less": (
        ("self, websocket", "self.w = websocket"),
        f"{EMIT}\n    def close(self): ...",
        EMIT,
        "close (full) is not there any more",
    ),
    "an error by another of its names": (
        ("self, websocket", "self.w = websocket"),
        f"{EMIT}; raise Clash",
        f"{EMIT}; raise Clash\n\nClash.__qualname__ = 'Other'",
        None,
    ),
    "one after the other": (
        ("self, websocket", "self.w, self.n = websocket, 0"),
        f"def add(self): self.n += 1\n    {EMIT.replace('{}', '{0: self.n}')}",
        f"def add(self): self.n += 1\n    {EMIT.replace('{}', '{0: min(self.n, 0)}')}",
        "one after the other sends",
    ),
}


def programs() -> dict[str, tuple[str, str, str | None]]:
    """By title: the program before, the one after, and how they differ."""
    found = {
        title: (EMITTER.replace("{body}", before), EMITTER.replace("{body}", after), reason)
        for title, (before, after, reason) in CHANGES.items()
    }
    for title, ((parameters, body), before, after, reason) in SHAPES.items():
        whole = MANAGER.replace("{parameters}", parameters).replace("{body}", body)
        found[title] = (whole.replace("{method}", before), whole.replace("{method}", after), reason)
    return found


PROGRAMS = programs()


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Compared]:
    """Every pair of programs, run in one process each side."""
    told = []
    targets = [Target(f"row_{number}", "One", "") for number in range(len(PROGRAMS))]
    for side in (0, 1):
        root = tmp_path_factory.mktemp("side") / "tree"
        root.mkdir()
        for target, program in zip(targets, PROGRAMS.values(), strict=True):
            (root / f"{target.module}.py").write_text(HEAD + program[side])
        told.append(probed(root, targets, spoken=[f"{one.module}:Clash" for one in targets]))
    return {
        title: compare(target, told[0][target], told[1][target])
        for title, target in zip(PROGRAMS, targets, strict=True)
    }


def probed(root: Path, targets, *, spoken=(), patience: float = 60.0):
    scratch = root.parent / "scratch"
    scratch.mkdir()
    return run(
        python=Path(sys.executable),
        root=root,
        paths=[str(root)],
        targets=targets,
        spoken=spoken,
        scratch=scratch,
        patience=patience,
    )


@pytest.mark.parametrize("title", PROGRAMS)
def test_what_is_told_apart(verdicts: dict[str, Compared], title: str):
    reason = PROGRAMS[title][-1]
    against = verdicts[title].against
    assert (not against) if reason is None else any(reason in one for one in against), against
    assert verdicts[title].calls


ALSO = """\
class One:
    def __init__(self, websocket): self.w = websocket
    async def emit(self): await self.w.send_json({})
"""
UNTRIED = {
    "a package that is not installed": (
        "import nowhere_to_be_found",
        "No module named 'nowhere_to_be_found'",
    ),
    "a script that ends": ("raise SystemExit(3)", "cannot import row_1: SystemExit: 3"),
    "a process that ends": ("import os; os._exit(7)", "its process ended with 7"),
    "no such class": ("One = None; del One", "has no attribute 'One'"),
    "an abstract class": (
        "import abc\nclass One(abc.ABC):\n    @abc.abstractmethod\n    def emit(self): ...",
        "it is abstract",
    ),
    "a constructor that fails": (
        "class One:\n    def __init__(self): raise LookupError('no settings')",
        "it cannot be built: LookupError: no settings",
    ),
    "a class that sends nothing": (
        "class One:\n    def emit(self): return 1",
        "no frame came of any call",
    ),
    "a call that never ends": (
        f"import asyncio\n{ALSO}    async def run(self): await asyncio.Event().wait()",
        "run (full): it does not end by itself",
    ),
    "a loop that never ends": ("while True: pass", "it did not end in 3 seconds"),
    "a network": (
        f"import socket\n{ALSO}    def call(self): socket.create_connection(('127.0.0.1', 9))",
        "call (full): it was kept from socket.getaddrinfo",
    ),
    "a file that is written": (
        f"import pathlib\n{ALSO}    def save(self): pathlib.Path('kept.txt').write_text('x')",
        "save (full): it was kept from open",
    ),
    "a file that is deleted": (
        f"import os\n{ALSO}    def clear(self): os.remove(__file__)",
        "clear (full): it was kept from os.remove",
    ),
    "another process": (
        f"import subprocess\n{ALSO}    def start(self): subprocess.run(['true'])",
        "start (full): it was kept from subprocess.Popen",
    ),
}


@pytest.fixture(scope="module")
def untried(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Compared]:
    root = tmp_path_factory.mktemp("untried") / "tree"
    root.mkdir()
    targets = [Target(f"row_{number}", "One", "") for number in range(len(UNTRIED))]
    for target, (source, _) in zip(targets, UNTRIED.values(), strict=True):
        (root / f"{target.module}.py").write_text(source)
    told = probed(root, targets, patience=3.0)
    assert sorted(path.name for path in root.iterdir()) == sorted(f"{one.module}.py" for one in targets)
    return {
        title: compare(target, told[target], told[target])
        for title, target in zip(UNTRIED, targets, strict=True)
    }


@pytest.mark.parametrize("title", UNTRIED)
def test_what_could_not_be_tried_is_said(untried: dict[str, Compared], title: str):
    said = untried[title].untried
    assert any(UNTRIED[title][1] in one for one in said), said
    assert not untried[title].against


INSTALLED = """\
class Socket:
    def __init__(self, connection): connection.open()
    async def send_json(self, data): raise ConnectionError
"""
INSTALLING = """\
from vendor import Socket

class One:
    def __init__(self, socket: Socket): self.socket = socket
    async def emit(self): await self.socket.send_json({"type": "a"})
"""


def test_what_is_installed_in_the_tree_is_not_of_the_program(tmp_path: Path):
    packages = tmp_path / "tree/.venv/site-packages"
    packages.mkdir(parents=True)
    (packages / "vendor.py").write_text(INSTALLED)
    (tmp_path / "tree/app.py").write_text(f"import sys\nsys.path.append({str(packages)!r})\n{INSTALLING}")
    target = Target("app", "One", "app.py")
    told = probed(tmp_path / "tree", [target])[target]
    assert compare(target, told, told).frames == 10


def test_what_worked_and_cannot_be_built_any_more_is_a_difference():
    target = Target("app.chat", "Emitter", "app/chat.py")
    verdict = compare(target, {"settings": {}}, {"unbuilt": "cannot import app.chat: ImportError: x"})
    assert verdict.against == ("app.chat.Emitter worked before: cannot import app.chat: ImportError: x",)


def test_the_probe_needs_nothing_but_the_standard_library():
    sources = [ast.parse(path.read_text("utf-8")) for path in PROBE.glob("*.py")]
    nodes = [node for source in sources for node in ast.walk(source)]
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
