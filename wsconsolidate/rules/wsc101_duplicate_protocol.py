"""A protocol says again what the protocol that stays already says.

*Why it matters*: every copy drifts on its own. A manager that satisfies one copy fails another, the type
checker looks at the wrong one, and an event that was added to the contract is added in one place only.

*What to do instead*: import the protocol that is the single source of truth. Members that it lacks go into
a sub-protocol of it, beside the code that needs them.

*Limits*: protocols are compared by the names and signatures of their members. A namesake whose members
contradict the source of truth is no duplicate but WSC102. Protocols in tests are not looked at.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis, DuplicateGroup
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.program import Class
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule


def check(found: Analysis) -> Iterator[Finding]:
    """Each member of a group of duplicate protocols but the one that stays."""
    for group in found.groups:
        if group.role is Role.PROTOCOL:
            kept = found.kept(group)
            for member in group.members:
                if member != kept.id:
                    yield _finding(found.program.classes[member], kept, group)


def _finding(duplicate: Class, kept: Class, group: DuplicateGroup) -> Finding:
    return Finding(
        message=f"{duplicate.name} is a {group.kind} of {kept.qualname}; import that one",
        path=duplicate.path,
        line=duplicate.line,
        symbol=duplicate.qualname,
        related=(Related(path=kept.path, line=kept.line, message="the protocol that stays"),),
    )


RULE = Rule(
    code="WSC101",
    name="duplicate-protocol",
    severity=Severity.ERROR,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        """
# file: app/protocols.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def connect_user(self, user_id: str, websocket: Any) -> str: ...
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...

# file: app/notifications.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):  # expect: WSC101
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
    ),
    good=(
        """
# file: app/protocols.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def connect_user(self, user_id: str, websocket: Any) -> str: ...
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...

# file: app/notifications.py
# trap: a sub-protocol shares every member with its base, because it inherits them
from typing import Protocol

from app.protocols import WebSocketManagerProtocol

class SessionManagerProtocol(WebSocketManagerProtocol, Protocol):
    async def expire_session(self, session_id: str) -> int: ...

# file: app/hubs.py
# trap: a copy of something else than a protocol is another rule's matter
from fastapi import WebSocket

class Hub:
    def __init__(self) -> None:
        self.sockets: dict[str, WebSocket] = {}

    def join(self, name: str, socket: WebSocket) -> None:
        self.sockets[name] = socket

    def leave(self, name: str) -> None:
        del self.sockets[name]

class CopiedHub:
    def __init__(self) -> None:
        self.sockets: dict[str, WebSocket] = {}

    def join(self, name: str, socket: WebSocket) -> None:
        self.sockets[name] = socket

    def leave(self, name: str) -> None:
        del self.sockets[name]

# file: app/cache.py
# trap: the same words about another matter
from typing import Any, Protocol

class CacheProtocol(Protocol):
    async def connect(self, url: str) -> None: ...
    async def disconnect(self, connection_id: str) -> None: ...
""",
        """
# file: app/protocols.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...

# file: tests/test_contract.py
# trap: a test pins the contract that it expects
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
    ),
)
