"""What a class does for an event, and the way that the event takes."""

import pytest

MANAGER = """
from enum import Enum
from functools import partial
from typing import Protocol
from starlette.websockets import WebSocket

class Manager:
    def __init__(self):
        self.live: dict[str, WebSocket] = {}
    def connect(self, user, ws: WebSocket):
        self.live[user] = ws
    async def send(self, user, message):
        await self.live[user].send_json(message)

STARTED = "agent_started"

class Kind(Enum):
    DONE = "agent_completed"

"""

EMITTER = """
class Emitter:
    def __init__(self, manager: Manager):
        self.manager = manager
    async def emit_tool_executing(self, data):
        await self.manager.send("u", {"type": "tool_executing", "data": data})
    async def emit_tool_completed(self, data):
        await self.manager.send("u", {"type": "tool_completed", "data": data})
"""

RUNTIME_IMPORT = "\nfrom wsconsolidate.runtime import UnifiedWebSocketEmitter\n"

STATUSES = {
    "a literal under the type key": (
        EMITTER
        + "    async def begin(self):\n        await self.manager.send('u', {'type': 'agent_started'})\n",
        "Emitter",
        {"agent_started": "delegates", "tool_executing": "delegates", "agent_completed": "missing"},
    ),
    "a constant": (
        EMITTER + "    async def begin(self):\n        await self.manager.send('u', {'event': STARTED})\n",
        "Emitter",
        {"agent_started": "delegates"},
    ),
    "a member of an enum, through a helper": (
        EMITTER
        + "    async def end(self):\n        await self._out(Kind.DONE)\n"
        + "    async def _out(self, kind):\n        await self.manager.send('u', {'type': kind.value})\n",
        "Emitter",
        {"agent_completed": "delegates"},
    ),
    "a dict that was made before": (
        EMITTER
        + "    async def end(self):\n        frame = {'event': 'agent_completed'}\n        frame['x'] = 1\n"
        + "        await self.manager.send('u', frame)\n",
        "Emitter",
        {"agent_completed": "delegates"},
    ),
    "an emitter made of a function": (
        RUNTIME_IMPORT
        + """
class Emitter:
    def __init__(self, ws: WebSocket, manager: Manager):
        self.ws = ws
        self.manager = manager
    async def emit_agent_started(self):
        await self._emitter().emit_agent_started({})
    async def think(self):
        await UnifiedWebSocketEmitter.for_sink(partial(self.manager.send, "u")).emit_agent_thinking({})
    async def emit_tool_executing(self):
        await UnifiedWebSocketEmitter.for_socket(self.ws).emit("tool_executing", {})
    async def emit_tool_completed(self):
        await self._frame({"type": "tool_completed"})
    async def emit_agent_completed(self):
        await UnifiedWebSocketEmitter.for_sink(print).emit_agent_completed({})
    async def _frame(self, frame):
        await UnifiedWebSocketEmitter.for_sink(lambda one: self.manager.send("u", one)).emit_frame(frame)
    def _emitter(self) -> UnifiedWebSocketEmitter:
        return UnifiedWebSocketEmitter.for_sink(self.ws.send_json)
""",
        "Emitter",
        {
            "agent_started": "delegates",
            "agent_thinking": "delegates",
            "tool_executing": "delegates",
            "tool_completed": "delegates",
            "agent_completed": "delegates",
        },
    ),
    "an emitter that is held": (
        RUNTIME_IMPORT
        + """
class Emitter:
    def __init__(self, inner: UnifiedWebSocketEmitter):
        self.inner = inner
    async def emit_agent_started(self):
        await self._tell("agent_started")
    async def end(self):
        await self.inner.emit_agent_completed({})
    async def emit_tool_executing(self):
        self.inner.metrics()
    async def _tell(self, event):
        await self.inner.emit(event, {})
""",
        "Emitter",
        {"agent_started": "delegates", "agent_completed": "delegates", "tool_executing": "missing"},
    ),
    "its own socket": (
        """
class Emitter:
    def __init__(self, ws: WebSocket):
        self.ws = ws
    async def emit_agent_started(self):
        await self.ws.send_json({"type": "agent_started"})
    async def emit_agent_completed(self):
        await self.ws.send_json({"type": "agent_completed"})
""",
        "Emitter",
        {"agent_started": "emits", "agent_completed": "emits", "agent_thinking": "missing"},
    ),
    "inherited, and overridden by a stub": (
        EMITTER + "\nclass Quiet(Emitter):\n    async def emit_tool_completed(self, data):\n        pass\n",
        "Quiet",
        {"tool_executing": "inherits", "tool_completed": "stub"},
    ),
    "overridden, and handed on to the base": (
        EMITTER
        + "\nclass Loud(Emitter):\n    async def emit_tool_completed(self, data):\n"
        + "        await super().emit_tool_completed(data)\n",
        "Loud",
        {"tool_executing": "inherits"},
    ),
    "only an open method": (
        """
class AnyEmitter:
    def __init__(self, manager: Manager):
        self.manager = manager
    async def emit(self, event_type, data):
        await self.manager.send("u", {"type": event_type, "data": data})
""",
        "AnyEmitter",
        {"agent_started": "generic", "agent_completed": "generic"},
    ),
    "words that send nothing": (
        EMITTER
        + "    def note(self):\n        '''agent_started'''\n        self.seen = ['agent_started']\n"
        + "        print('agent_started')\n        self.count('agent_started')\n"
        + "    def count(self, name):\n        self.total = name\n"
        + "    async def sub(self):\n        await self.manager.send('u', {'type': 'subagent_started'})\n",
        "Emitter",
        {"agent_started": "missing"},
    ),
    "a method whose event goes nowhere": (
        EMITTER + "    def emit_agent_completed(self, data):\n        self.batch = [data]\n",
        "Emitter",
        {"agent_completed": "missing"},
    ),
    "a sink of unknown type": (
        """
class Emitter:
    def __init__(self, websocket_manager):
        self.manager = websocket_manager
    async def emit_agent_started(self):
        await self.manager.send_to_user("u", {"type": "agent_started"})
    async def emit_agent_completed(self):
        raise NotImplementedError
""",
        "Emitter",
        {"agent_started": "emits", "agent_completed": "stub"},
    ),
    "a loop over a list of events": (
        EMITTER
        + "    EVENTS = ('agent_started', Kind.DONE.value)\n"
        + "    async def all(self):\n        for event in self.EVENTS:\n"
        + "            await self.manager.send('u', {'type': event})\n",
        "Emitter",
        {"agent_started": "delegates", "agent_completed": "delegates", "agent_thinking": "missing"},
    ),
    "a loop over what nobody can tell": (
        EMITTER
        + "    async def all(self, events):\n        for event in events:\n"
        + "            await self.manager.send('u', {'type': event})\n",
        "Emitter",
        {"agent_started": "missing"},
    ),
    "an f-string that a helper makes of what its own class passes": (
        EMITTER
        + "    async def run(self):\n        await self._tell('started')\n"
        + "        await self._tell('completed')\n"
        + "    async def _tell(self, phase):\n"
        + "        await self.manager.send('u', {'type': f'agent_{phase}'})\n",
        "Emitter",
        {"agent_started": "delegates", "agent_completed": "delegates", "agent_thinking": "missing"},
    ),
    "an f-string of what anybody passes": (
        EMITTER
        + "    async def tell(self, phase):\n"
        + "        await self.manager.send('u', {'type': f'agent_{phase}'})\n"
        + "\nasync def run(emitter: Emitter):\n    await emitter.tell('started')\n",
        "Emitter",
        {"agent_started": "missing"},
    ),
    "methods of another by their names": (
        EMITTER
        + """
class Loud:
    def __init__(self, emitter: Emitter):
        self.emitter = emitter
    async def notify_tool_executing(self, data):
        await getattr(self.emitter, "emit_tool_executing")(data)
    async def rest(self, data):
        for phase in ("completed",):
            await getattr(self.emitter, f"emit_tool_{phase}")(data)
    async def notify_agent_thinking(self, data):
        await getattr(self.emitter, "emit_agent_thinking")(data)
""",
        "Loud",
        {"tool_executing": "delegates", "tool_completed": "delegates", "agent_thinking": "missing"},
    ),
    "methods that it gives itself by name": (
        """
class Emitter:
    def __init__(self, manager: Manager):
        self.manager = manager
        for event in ("agent_started", "agent_completed"):
            setattr(self, f"emit_{event}", partial(self._emit, event))
        for event in ("agent_thinking",):
            setattr(self, f"emit_{event}", self._forget)
    async def _emit(self, event, data):
        await self.manager.send("u", {"type": event, "data": data})
    def _forget(self, data):
        self.last = data
    async def emit_tool_executing(self, data):
        await self._emit("tool_executing", data)
    async def emit_tool_completed(self, data):
        await self._emit("tool_completed", data)
""",
        "Emitter",
        {"agent_started": "delegates", "agent_completed": "delegates", "agent_thinking": "missing"},
    ),
    "a callback that leads to the socket": (
        """
class Emitter:
    def __init__(self, send):
        self._push = send
    async def emit_agent_started(self):
        await self._push({"type": "agent_started"})
    async def emit_agent_completed(self):
        self.last = "agent_completed"

def build(manager: Manager):
    async def send(message):
        await manager.send("u", message)
    return Emitter(send)
""",
        "Emitter",
        {"agent_started": "delegates", "agent_completed": "missing"},
    ),
    "a manager by a protocol that nobody implements": (
        """
class Sends(Protocol):
    async def send_anything(self, user, message): ...

class Emitter:
    def __init__(self, manager: Sends):
        self.manager = manager
    async def emit_agent_started(self):
        await self.manager.send_anything("u", {"type": "agent_started"})
    async def emit_agent_completed(self):
        await self.manager.send_anything("u", {"type": "agent_completed"})
""",
        "Emitter",
        {"agent_started": "missing", "agent_completed": "missing"},
    ),
    "a manager by a protocol that one implements": (
        """
class Sends(Protocol):
    async def send(self, user, message): ...

class Emitter:
    def __init__(self, manager: Sends):
        self.manager = manager
    async def emit_agent_started(self):
        await self.manager.send("u", {"type": "agent_started"})
    async def emit_agent_completed(self):
        await self.manager.send("u", {"type": "agent_completed"})
""",
        "Emitter",
        {"agent_started": "delegates", "agent_completed": "delegates"},
    ),
    "a protocol": (
        """
class Emitting(Protocol):
    async def emit_agent_started(self, data) -> None: ...
    async def emit_agent_completed(self, data) -> None: ...
""",
        "Emitting",
        {"agent_started": "declares", "agent_thinking": "missing"},
    ),
}


@pytest.mark.parametrize("title", sorted(STATUSES))
def test_status(title: str, study):
    source, name, expected = STATUSES[title]
    analysis = study({"app/main.py": MANAGER + source})
    (found,) = analysis.program.named(name)
    statuses = {event: analysis.coverage[found.id][event].status for event in expected}
    assert statuses == expected


def test_the_flow_ends_where_the_socket_is_written_to(chat):
    (emitter,) = (found for found in chat.of_role("emitter") if found.name == "UnifiedEmitter")
    flow = chat.coverage[emitter.id]["agent_started"].flow
    assert [hop.symbol for hop in flow] == [
        "app.emitter.UnifiedEmitter.emit_agent_started",
        "app.manager.UnifiedManager.send_to_user",
    ]
    assert chat.coverage[emitter.id]["agent_started"].arrives


def test_the_flow_names_the_emitter_that_a_function_is_handed_to(study):
    source = (
        MANAGER
        + RUNTIME_IMPORT
        + "\nclass Emitter:\n    def __init__(self, manager: Manager):\n        self.manager = manager\n"
        + "    async def emit_agent_started(self):\n        await self._emitter().emit_agent_started({})\n"
        + "    async def emit_tool_completed(self):\n        await self._emitter().emit_tool_completed({})\n"
        + "    def _emitter(self) -> UnifiedWebSocketEmitter:\n"
        + "        return UnifiedWebSocketEmitter.for_sink(lambda frame: self.manager.send('u', frame))\n"
    )
    found = study({"main.py": source})
    (one,) = found.program.named("Emitter")
    assert [hop.symbol for hop in found.coverage[one.id]["agent_started"].flow] == [
        "main.Emitter.emit_agent_started",
        "main.Emitter._emitter",
        "wsconsolidate.runtime.UnifiedWebSocketEmitter.for_sink",
        "main.Manager.send",
    ]


def test_a_way_starts_where_nobody_calls(chat):
    ways = {way.event: [hop.symbol for hop in way.hops] for way in chat.ways if "OldEmitter" not in str(way)}
    assert ways["agent_completed"] == [
        "app.route.chat",
        "app.emitter.UnifiedEmitter.emit_agent_completed",
        "app.manager.UnifiedManager.send_to_user",
    ]


RUNTIME = {
    "getattr(x, f'emit_{name}')": 1,
    "setattr(x, f'notify_{name}', print)": 1,
    "getattr(x, 'emit_agent_started')": 0,
    "getattr(x, f'{name}_emit')": 0,
    "getattr(x, name)": 0,
}


@pytest.mark.parametrize("call", sorted(RUNTIME))
def test_events_chosen_at_run_time_are_listed(call: str, study):
    analysis = study({"app/main.py": f"def replay(x, name):\n    emit = {call}\n"})
    assert len(analysis.runtime_events) == RUNTIME[call]
