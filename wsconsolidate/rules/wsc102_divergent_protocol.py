"""A protocol has the name of the one that stays, and contradicts it.

*Why it matters*: which contract a class has to satisfy depends on which module its author imported from.
Code that is right by one of the two raises TypeError, or never awaits, by the other.

*What to do instead*: decide which contract is meant. Give the other one a name that says what it is for, or
change its members to those of the single source of truth; only then can it be merged.

*Limits*: members are compared by parameter names and by `async`, not by types. It is never merged by a fix.
Where no namesake is the single source of truth, the one that most others agree with stays.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis, Divergence
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule


def check(found: Analysis) -> Iterator[Finding]:
    """Each protocol whose members do not fit those of the namesake that stays."""
    for divergence in found.divergences:
        if divergence.role is Role.PROTOCOL:
            yield _finding(divergence, found)


def _finding(divergence: Divergence, found: Analysis) -> Finding:
    other, truth = found.program.classes[divergence.other], found.program.classes[divergence.ssot]
    conflicts = "; ".join(divergence.conflicts)
    return Finding(
        message=f"{other.name} contradicts {truth.qualname}: {conflicts}",
        path=other.path,
        line=other.line,
        symbol=other.qualname,
        related=(Related(path=truth.path, line=truth.line, message="the protocol that stays"),),
    )


RULE = Rule(
    code="WSC102",
    name="divergent-protocol",
    severity=Severity.WARNING,
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

# file: app/legacy.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):  # expect: WSC102
    def disconnect(self, user_id: str, code: int) -> None: ...
    def send_to_user(self, message: dict[str, Any], user_id: str) -> None: ...
""",
        """
# file: app/core.py
from typing import Any, Protocol

class SocketManagerProtocol(Protocol):
    async def connect(self, user_id: str, websocket: Any) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> None: ...

# file: app/team.py
from typing import Any, Protocol

class SocketManagerProtocol(Protocol):
    async def connect(self, user_id: str, websocket: Any) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> None: ...

# file: app/terminal.py
# neither of the two above stands out as the source of truth, and they agree with each other
from typing import Any, Protocol

class SocketManagerProtocol(Protocol):  # expect: WSC102
    def connect(self, channel: int, token: bytes) -> None: ...
    def send_to_user(self, channel: int, frame: bytes) -> None: ...
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
# trap: a namesake that says less, and contradicts nothing, is a duplicate
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...

# file: app/kiosk.py
# trap: another name may have another contract
from typing import Any, Protocol

class KioskSocketProtocol(Protocol):
    def send_to_user(self, message: dict[str, Any], user_id: str) -> None: ...
""",
    ),
)
