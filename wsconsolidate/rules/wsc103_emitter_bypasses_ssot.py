"""An emitter sends critical events without the emitter that stays.

*Why it matters*: what the single source of truth does for an event (retries, metrics, the envelope that the
browser expects, delivery after a reconnect) is not done for events that take another way. The browser gets
two dialects, and a repair in one place leaves the other broken.

*What to do instead*: keep the class, its name and its methods, and let the statements that send call the
emitter that stays. `wsconsolidate explain` shows the way that each event takes now.

*Limits*: an emitter whose events are chosen at run time is not accused; it is listed as not seen. A bridge
has its own part between agents and manager and is not an emitter, and what cannot be created (WSC301) sends
nothing.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis, Disposition
from wsconsolidate.model.event import Coverage, EventStatus
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.program import Class, MroStatus
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule

_BESIDE = (Disposition.REWRITE, Disposition.REVIEW)


def check(found: Analysis) -> Iterator[Finding]:
    """Each emitter beside the one that stays that sends a critical event by itself."""
    truth = found.ssot.get(Role.EMITTER)
    for emitter in found.of_role(Role.EMITTER):
        if truth is not None and found.verdicts[emitter.id].disposition in _BESIDE:
            events = [
                event
                for event, covered in found.coverage[emitter.id].items()
                if _own(covered, emitter, found)
            ]
            if events:
                yield _finding(emitter, events, truth.qualname, found.truth(Role.EMITTER))


def _own(covered: Coverage, emitter: Class, found: Analysis) -> bool:
    """True if the class itself sends the event, and not by way of another emitter that it extends."""
    if emitter.mro.status is MroStatus.INCONSISTENT:
        return False
    above = [one for one in found.program.bases(emitter) if one.id != emitter.id and one.id in found.coverage]
    inherited = any(hop.symbol.startswith(f"{one.qualname}.") for hop in covered.flow for one in above)
    return covered.status in (EventStatus.EMITS, EventStatus.DELEGATES) and not inherited


def _finding(emitter: Class, events: list[str], truth: str, kept: Class | None) -> Finding:
    related = Related(path=kept.path, line=kept.line, message="the emitter that stays") if kept else None
    return Finding(
        message=f"{emitter.name} sends {', '.join(events)} around {truth}",
        path=emitter.path,
        line=emitter.line,
        symbol=emitter.qualname,
        related=(related,) if related else (),
    )


_TRUTH = """
# file: app/manager.py
from fastapi import WebSocket

class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    async def send_to_user(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)

# file: app/emitter.py
from app.manager import ConnectionManager

class UnifiedWebSocketEmitter:
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
    code="WSC103",
    name="emitter-bypasses-ssot",
    severity=Severity.ERROR,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _TRUTH
        + """
# file: app/feed.py
from app.manager import ConnectionManager

class ActivityFeed:  # expect: WSC103
    def __init__(self, manager: ConnectionManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id

    async def on_agent_started(self, agent: str) -> None:
        await self.manager.send_to_user(self.user_id, {"event": "agent_started", "agent": agent})

    async def on_agent_completed(self, agent: str) -> None:
        await self.manager.send_to_user(self.user_id, {"event": "agent_completed", "agent": agent})

# file: app/quiet.py
# what it sends goes through its base, where the finding is
from app.feed import ActivityFeed

class QuietFeed(ActivityFeed):
    async def on_agent_started(self, agent: str) -> None:
        if agent != "triage":
            await super().on_agent_started(agent)
""",
    ),
    good=(
        _TRUTH
        + """
# file: app/feed.py
# trap: it has event methods of its own, and hands each event to the emitter that stays
from app.emitter import UnifiedWebSocketEmitter

class ActivityFeed:
    def __init__(self, emitter: UnifiedWebSocketEmitter) -> None:
        self.emitter = emitter

    async def on_agent_started(self, agent: str) -> None:
        await self.emitter.emit_agent_started({"agent": agent})

    async def on_agent_completed(self, agent: str) -> None:
        await self.emitter.emit_agent_completed({"agent": agent})

# file: app/throttled.py
# trap: it extends the emitter that stays, and sends through it
from app.emitter import UnifiedWebSocketEmitter

class ThrottledEmitter(UnifiedWebSocketEmitter):
    async def emit_agent_thinking(self, data: dict) -> None:
        if data.get("important"):
            await super().emit_agent_thinking(data)

# file: app/mixed.py
# trap: a class that cannot be created sends nothing
from app.manager import ConnectionManager

class Base:
    pass

class Mixed(object, Base):
    def __init__(self, manager: ConnectionManager) -> None:
        self.manager = manager

    async def emit_agent_started(self, data: dict) -> None:
        await self.manager.send_to_user("u", {"type": "agent_started"})

    async def emit_agent_completed(self, data: dict) -> None:
        await self.manager.send_to_user("u", {"type": "agent_completed"})

# file: tests/test_chat.py
# trap: a test double is no second emitter
from app.manager import ConnectionManager

class FakeEmitter:
    def __init__(self, manager: ConnectionManager) -> None:
        self.manager = manager

    async def emit_agent_started(self, data: dict) -> None:
        await self.manager.send_to_user("u", {"type": "agent_started"})

    async def emit_agent_completed(self, data: dict) -> None:
        await self.manager.send_to_user("u", {"type": "agent_completed"})
""",
    ),
)
