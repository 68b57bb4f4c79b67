"""A method takes a critical event and brings it nowhere.

*Why it matters*: the method does something (it notes, counts or collects the event), so it looks alive, in
reviews and in tests. The browser still waits for an event that ends in a list which nobody empties.

*What to do instead*: send the event before the method returns, or call what empties the list from where it
is sure to run. `wsconsolidate explain` shows how far the event gets.

*Limits*: reported only where every call of the method is known. A message that is handed to a callback, a
queue from outside, a broker or an object of unknown type may arrive and is not accused; so is one in an
attribute from which a method that is called somewhere sends.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.event import EventStatus
from wsconsolidate.model.finding import Finding, Severity
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule
from wsconsolidate.rules.dead_end import keeps_to_itself


def check(found: Analysis) -> Iterator[Finding]:
    """Each own method of a sender that is named after an event and keeps it."""
    for one in found.production(Role.EMITTER, Role.BRIDGE):
        for event, covered in found.coverage[one.id].items():
            method = one.functions.get(covered.via or "")
            if covered.status is not EventStatus.MISSING or method is None:
                continue
            if keeps_to_itself(found.program, one, method):
                yield Finding(
                    message=f"{one.name}.{method.name} takes {event}, but no call of it leads to a socket",
                    path=method.path,
                    line=method.line,
                    symbol=method.qualname,
                    identity=method.name,
                )


_MANAGER = """
# file: app/manager.py
from fastapi import WebSocket

class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    async def send_to_user(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)
"""

RULE = Rule(
    code="WSC203",
    name="event-never-reaches-socket",
    severity=Severity.ERROR,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _MANAGER
        + """
# file: app/emitter.py
import structlog

from app.manager import ConnectionManager

log = structlog.get_logger()

class Note:
    def __init__(self, text: str) -> None:
        self.text = text

class BatchedEmitter:
    def __init__(self, manager: ConnectionManager, user_id: str, now) -> None:
        self.manager = manager
        self.now = now
        self.user_id = user_id
        self.batch: list[dict] = []

    async def emit_agent_started(self, data: dict) -> None:
        await self.manager.send_to_user(self.user_id, {"type": "agent_started", **data})

    async def emit_tool_completed(self, data: dict) -> None:  # expect: WSC203
        log.info("batched", data=data)
        self.batch.append({"type": "tool_completed", **data})

    async def emit_agent_completed(self, data: dict) -> None:  # expect: WSC203
        self.last = dict(type="agent_completed", at=self.now(), note=Note("completed"), **data)
        print("completed", len(self.batch))

    async def flush(self) -> None:
        # nobody calls it
        for message in self.batch:
            await self.manager.send_to_user(self.user_id, message)
""",
    ),
    good=(
        _MANAGER
        + """
# file: app/emitter.py
import asyncio

from app.manager import ConnectionManager

class BatchedEmitter:
    def __init__(self, manager: ConnectionManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id
        self.batch: list[dict] = []

    async def start(self) -> None:
        asyncio.create_task(self.flush_forever())

    async def emit_agent_started(self, data: dict) -> None:
        await self.manager.send_to_user(self.user_id, {"type": "agent_started", **data})

    async def emit_tool_completed(self, data: dict) -> None:
        # trap: the batch is emptied by a task that is started
        self.batch.append({"type": "tool_completed", **data})

    async def emit_agent_thinking(self, data: dict) -> None:
        # trap: so is the attribute that holds the latest
        self.latest = {"type": "agent_thinking", **data}

    async def flush_forever(self) -> None:
        while True:
            await asyncio.sleep(1)
            await self.manager.send_to_user(self.user_id, self.latest)
            for message in self.batch:
                await self.manager.send_to_user(self.user_id, message)

# file: app/queued.py
from broker import publish

from app.manager import ConnectionManager

class QueuedEmitter:
    def __init__(self, manager: ConnectionManager, queue: list[dict], on_tool) -> None:
        self.manager = manager
        self.queue = queue
        self.on_tool = on_tool

    async def emit_agent_started(self, data: dict) -> None:
        await self.manager.send_to_user(data["user"], {"type": "agent_started", **data})

    async def emit_agent_completed(self, data: dict) -> None:
        # trap: whoever gave the list may send what is in it
        self.queue.append({"type": "agent_completed", **data})

    async def emit_agent_thinking(self, data: dict) -> None:
        # trap: what a broker's client does is not seen
        await publish({"type": "agent_thinking", **data})

    async def emit_tool_executing(self, data: dict) -> None:
        # trap: a subclass elsewhere may send
        await self.deliver({"type": "tool_executing", **data})

    async def deliver(self, message: dict) -> None:
        raise NotImplementedError

    async def emit_tool_completed(self, data: dict) -> None:
        # trap: so may a callback
        await self.on_tool({"type": "tool_completed", **data})
""",
    ),
)
