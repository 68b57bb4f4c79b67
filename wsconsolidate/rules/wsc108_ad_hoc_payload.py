"""An event's message is made as a dict by hand where it is sent.

*Why it matters*: every place that writes `{"type": "agent_started", "payload": ...}` decides anew which
keys the browser gets. One forgets the timestamp, the next calls the payload `data`, and no type checker
sees it.

*What to do instead*: call the emitter that stays, which makes the envelope, or build the message with one
payload class (a TypedDict, dataclass or model).

*Limits*: one finding for each class or function, at its first message. Messages that carry none of the
events are free, and so is the envelope of a source of truth. A dict whose keys are added one by one later
is not seen.
"""

from collections.abc import Iterator

from wsconsolidate.model.ad_hoc import ad_hoc_messages
from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.finding import Finding, Severity
from wsconsolidate.model.rule import Rule


def check(found: Analysis) -> Iterator[Finding]:
    """The first hand-made message of each class or function that sends such messages."""
    for one in ad_hoc_messages(found):
        yield Finding(
            message=f"{one.symbol} makes the messages of its events by hand",
            path=one.path,
            line=one.line,
            symbol=one.symbol,
        )


_MANAGER = """
# file: app/manager.py
from fastapi import WebSocket

class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    async def send_to_user(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)

# file: app/unified.py
from app.manager import ConnectionManager

class UnifiedEmitter:
    # the source of truth: its envelope is the one
    def __init__(self, manager: ConnectionManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id

    async def emit_agent_started(self, data: dict) -> None:
        await self._emit("agent_started", data)

    async def emit_agent_thinking(self, data: dict) -> None:
        await self._emit("agent_thinking", data)

    async def emit_tool_executing(self, data: dict) -> None:
        await self._emit("tool_executing", data)

    async def emit_tool_completed(self, data: dict) -> None:
        await self._emit("tool_completed", data)

    async def emit_agent_completed(self, data: dict) -> None:
        await self._emit("agent_completed", data)

    async def _emit(self, event: str, data: dict) -> None:
        await self.manager.send_to_user(self.user_id, {"type": event, "payload": data})
"""

RULE = Rule(
    code="WSC108",
    name="ad-hoc-payload",
    severity=Severity.NOTE,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _MANAGER
        + """
# file: app/feed.py
from app.manager import ConnectionManager

class RoomFeed:
    def __init__(self, manager: ConnectionManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id

    async def on_agent_started(self, agent: str) -> None:
        message = {"event": "agent_started", "agent": agent}  # expect: WSC108
        await self.manager.send_to_user(self.user_id, message)

    async def on_agent_completed(self, agent: str) -> None:
        # one finding for the class
        await self.manager.send_to_user(self.user_id, {"event": "agent_completed", "agent": agent})

class Relay:
    def __init__(self, manager: ConnectionManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id

    async def notify_tool_executing(self, tool: str) -> None:
        await self._notify("tool_executing", tool)

    async def notify_tool_completed(self, tool: str) -> None:
        await self._notify("tool_completed", tool)

    async def _notify(self, event: str, tool: str) -> None:
        await self.manager.send_to_user(self.user_id, {"type": event, "tool": tool})  # expect: WSC108

async def finish(manager: ConnectionManager, user_id: str) -> None:
    await manager.send_to_user(user_id, dict(type="agent_completed"))  # expect: WSC108
""",
    ),
    good=(
        _MANAGER
        + """
# file: app/feed.py
import logging
from typing import TypedDict

from app.manager import ConnectionManager
from app.unified import UnifiedEmitter

log = logging.getLogger(__name__)

class Message(TypedDict):
    type: str
    agent: str

class RoomFeed:
    def __init__(self, manager: ConnectionManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id
        self.history: list[dict] = []

    async def on_agent_started(self, agent: str) -> None:
        # trap: a message with a type
        message: Message = {"type": "agent_started", "agent": agent}
        await self.manager.send_to_user(self.user_id, message)

    async def on_agent_completed(self, agent: str) -> None:
        # trap: the same
        await self.manager.send_to_user(self.user_id, Message(type="agent_completed", agent=agent))

    async def members(self, names: list[str]) -> None:
        # trap: no event that matters
        await self.manager.send_to_user(self.user_id, {"type": "members", "names": names})

    def note(self) -> None:
        # trap: kept and logged, not sent
        self.history.append({"type": "agent_started"})
        log.info("sent %s", {"type": "agent_completed"})

async def finish(emitter: UnifiedEmitter, agent: str) -> None:
    # trap: only the payload is a dict, the envelope is the emitter's
    await emitter.emit_agent_completed({"agent": agent})

# file: tests/test_feed.py
# trap: a test says what it expects
from app.manager import ConnectionManager

async def test_finish(manager: ConnectionManager) -> None:
    await manager.send_to_user("u", {"type": "agent_completed"})
""",
    ),
)
