"""A method that is named after a critical event does nothing.

*Why it matters*: callers see the method, call it and believe the event is on its way. It never leaves the
process, and no error says so.

*What to do instead*: send the event, or hand it to the emitter that stays. If the class must not send it,
remove the method, so that a call fails where it is written.

*Limits*: doing nothing means `pass`, `...`, a docstring, only logging, only a constant or
NotImplementedError. Members of a protocol and abstract methods declare and are not accused. Nor is a null
object, which says in its name or docstring that it is silent.
"""

import re
from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.event import EventStatus
from wsconsolidate.model.expr import dotted
from wsconsolidate.model.finding import Finding, Severity
from wsconsolidate.model.program import Class, Function
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule

_SILENT_NAME = re.compile(r"Null|No_?[Oo]p|Silent|Dummy|Disabled")
_SILENT_DOC = re.compile(r"null object|no-?op\b|does nothing|do nothing", re.IGNORECASE)


def check(found: Analysis) -> Iterator[Finding]:
    """Each own method of a sender that ought to send an event and does nothing."""
    for one in found.production(Role.EMITTER, Role.BRIDGE, Role.MANAGER):
        if _is_silent(one):
            continue
        for event, covered in found.coverage[one.id].items():
            method = one.functions.get(covered.via or "")
            stub = method.facts.body.stub if method and method.facts.body else None
            if covered.status is EventStatus.STUB and method and not _is_abstract(method):
                yield Finding(
                    message=f"{one.name}.{method.name} sends no {event}: {stub}",
                    path=method.path,
                    line=method.line,
                    symbol=method.qualname,
                    identity=method.name,
                )


def _is_abstract(method: Function) -> bool:
    names = (dotted(decorator) or "" for decorator in method.facts.decorators)
    return any(name.rpartition(".")[2] == "abstractmethod" for name in names)


def _is_silent(one: Class) -> bool:
    return bool(_SILENT_NAME.search(one.name) or _SILENT_DOC.search(one.facts.doc or ""))


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
    code="WSC202",
    name="stub-event",
    severity=Severity.ERROR,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _MANAGER
        + '''
# file: app/feed.py
import logging

from app.manager import ConnectionManager

logger = logging.getLogger(__name__)

class ActivityFeed:
    def __init__(self, manager: ConnectionManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id

    async def on_agent_started(self, agent: str) -> None:
        await self.manager.send_to_user(self.user_id, {"event": "agent_started", "agent": agent})

    async def on_agent_thinking(self, agent: str) -> None:  # expect: WSC202
        """Too chatty."""
        logger.debug("agent_thinking of %s not shown", agent)

    async def on_tool_executing(self, tool: str) -> None:  # expect: WSC202
        pass

    async def on_tool_completed(self, tool: str) -> None:  # expect: WSC202
        raise NotImplementedError

    async def on_agent_completed(self, agent: str) -> None:
        await self.manager.send_to_user(self.user_id, {"event": "agent_completed", "agent": agent})
''',
    ),
    good=(
        _MANAGER
        + '''
# file: app/feed.py
from abc import abstractmethod
from typing import Protocol

from app.manager import ConnectionManager

class Feed(Protocol):
    # trap: a protocol declares
    async def on_agent_started(self, agent: str) -> None: ...
    async def on_agent_completed(self, agent: str) -> None: ...

class ActivityFeed:
    def __init__(self, manager: ConnectionManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id

    async def on_agent_started(self, agent: str) -> None:
        await self.manager.send_to_user(self.user_id, {"event": "agent_started", "agent": agent})

    @abstractmethod
    async def on_agent_thinking(self, agent: str) -> None:
        """Trap: an abstract method declares too."""

    async def on_agent_completed(self, agent: str) -> None:
        """Trap: a docstring and logging come before the sending."""
        print("agent_completed")
        await self.manager.send_to_user(self.user_id, {"event": "agent_completed", "agent": agent})

class NullEmitter:
    """Trap: a null object is silent on purpose."""

    def __init__(self, manager: ConnectionManager) -> None:
        self.manager = manager

    async def emit_agent_started(self, agent: str) -> None:
        pass

    async def emit_agent_completed(self, agent: str) -> None:
        pass

# file: tests/test_feed.py
# trap: a test double needs not do what its test does not need
from app.manager import ConnectionManager

class FakeFeed:
    def __init__(self, manager: ConnectionManager) -> None:
        self.manager = manager

    async def on_agent_started(self, agent: str) -> None:
        await self.manager.send_to_user("u", {"event": "agent_started", "agent": agent})

    async def on_agent_completed(self, agent: str) -> None:
        pass
''',
    ),
)
