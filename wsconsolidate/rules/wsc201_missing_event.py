"""An emitter or bridge sends some critical events and lacks others.

*Why it matters*: the browser waits for every step. Without `tool_completed` a spinner stays, without
`agent_completed` the chat hangs, and nothing is logged because nothing failed.

*What to do instead*: send the event, or hand it to the emitter that stays. If somebody else sends it for
this class on purpose, say who in a suppression's reason.

*Limits*: a class that sends none of the events is an emitter for something else and not accused, nor is one
that takes any event by name (`emit(event_type, data)`). What a base class lacks is reported there. A method
that is there and sends nothing is WSC202 or WSC203.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.event import EventStatus
from wsconsolidate.model.finding import Finding, Severity
from wsconsolidate.model.program import Class, ClassId
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule


def check(found: Analysis) -> Iterator[Finding]:
    """One finding for each event that a sender of other events lacks."""
    senders = {one.id: one for one in found.production(Role.EMITTER, Role.BRIDGE) if _sends(one, found)}
    for one in senders.values():
        above = [base for base in one.mro.ids[1:] if base in senders]
        for event, covered in found.coverage[one.id].items():
            missing = covered.status is EventStatus.MISSING and covered.via is None
            if missing and not any(_lacks(base, event, found) for base in above if base):
                yield Finding(
                    message=f"{one.name} sends other critical events, but not {event}",
                    path=one.path,
                    line=one.line,
                    symbol=one.qualname,
                    identity=event,
                )


def _sends(one: Class, found: Analysis) -> bool:
    return any(covered.status.covers for covered in found.coverage[one.id].values())


def _lacks(base: ClassId, event: str, found: Analysis) -> bool:
    return found.coverage[base][event].status is EventStatus.MISSING


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
    code="WSC201",
    name="missing-event",
    severity=Severity.ERROR,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _MANAGER
        + '''
# file: app/emitter.py
from app.manager import ConnectionManager

class RunEmitter:  # expect: WSC201
    """Sends agent_started, agent_thinking, tool_executing, tool_completed and agent_completed."""

    def __init__(self, manager: ConnectionManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id

    async def notify_agent_started(self, data: dict) -> None:
        await self.manager.send_to_user(self.user_id, {"type": "agent_started", **data})

    async def notify_agent_thinking(self, data: dict) -> None:
        await self.manager.send_to_user(self.user_id, {"type": "agent_thinking", **data})

    async def notify_tool_executing(self, data: dict) -> None:
        await self.manager.send_to_user(self.user_id, {"type": "tool_executing", **data})

    async def notify_agent_completed(self, data: dict) -> None:
        await self.manager.send_to_user(self.user_id, {"type": "agent_completed", **data})

# file: app/slow.py
# what the base lacks is reported there, and only there
from app.emitter import RunEmitter

class SlowRunEmitter(RunEmitter):
    async def notify_agent_thinking(self, data: dict) -> None:
        await super().notify_agent_thinking(data)
''',
    ),
    good=(
        _MANAGER
        + """
# file: app/emitter.py
from app.manager import ConnectionManager

class RunEmitter:
    def __init__(self, manager: ConnectionManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id

    async def notify_agent_started(self, data: dict) -> None:
        await self._send("agent_started", data)

    async def notify_agent_thinking(self, data: dict) -> None:
        await self._send("agent_thinking", data)

    async def notify_tool_executing(self, data: dict) -> None:
        await self._send("tool_executing", data)

    async def notify_tool_done(self, data: dict) -> None:
        # trap: the method is not named after the event that it sends
        await self._send("tool_completed", data)

    async def notify_agent_completed(self, data: dict) -> None:
        await self._send("agent_completed", data)

    async def _send(self, event: str, data: dict) -> None:
        await self.manager.send_to_user(self.user_id, {"type": event, **data})

# file: app/quiet.py
# trap: the other events are inherited
from app.emitter import RunEmitter

class QuietRunEmitter(RunEmitter):
    async def notify_agent_thinking(self, data: dict) -> None:
        if data.get("important"):
            await super().notify_agent_thinking(data)

# file: app/billing.py
# trap: an emitter for other things sends none of the events
from app.manager import ConnectionManager

class BillingEmitter:
    def __init__(self, manager: ConnectionManager) -> None:
        self.manager = manager

    async def emit(self, event_type: str, data: dict) -> None:
        await self.manager.send_to_user(data["user"], {"type": event_type, **data})

# file: app/null.py
# trap: nor does a null object
from app.manager import ConnectionManager

class NullEmitter:
    def __init__(self, manager: ConnectionManager) -> None:
        self.manager = manager

    async def notify_agent_started(self, data: dict) -> None:
        pass

    async def notify_agent_completed(self, data: dict) -> None:
        pass

# file: app/counting.py
# trap: the method is there; that it sends nothing is another rule's finding
from app.manager import ConnectionManager

class CountingEmitter:
    def __init__(self, manager: ConnectionManager) -> None:
        self.manager = manager
        self.count = 0

    async def notify_agent_started(self, data: dict) -> None:
        await self._send("agent_started", data)

    async def notify_agent_thinking(self, data: dict) -> None:
        self.count += 1

    async def notify_tool_executing(self, data: dict) -> None:
        await self._send("tool_executing", data)

    async def notify_tool_completed(self, data: dict) -> None:
        await self._send("tool_completed", data)

    async def notify_agent_completed(self, data: dict) -> None:
        await self._send("agent_completed", data)

    async def _send(self, event: str, data: dict) -> None:
        await self.manager.send_to_user(data["user"], {"type": event, **data})

# file: tests/test_run.py
# trap: a test double records what its test needs
from app.manager import ConnectionManager

class FakeEmitter:
    def __init__(self, manager: ConnectionManager) -> None:
        self.manager = manager

    async def notify_agent_started(self, data: dict) -> None:
        await self.manager.send_to_user("u", {"type": "agent_started", **data})

    async def notify_agent_completed(self, data: dict) -> None:
        await self.manager.send_to_user("u", {"type": "agent_completed", **data})
""",
    ),
)
