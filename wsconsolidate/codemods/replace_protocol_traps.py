"""What `replace_protocol` must leave alone, program by program."""

from wsconsolidate.codemods.codemod import Trap
from wsconsolidate.codemods.replace_protocol_examples import CORE

_TYPES = "from typing import Any, Protocol\n\n"
_NAMED = "class WebSocketManagerProtocol(Protocol):\n"
_HUB = "class HubProtocol(Protocol):\n"
_CLOSE = "    async def disconnect(self, connection_id: str) -> None: ...\n"
_SEND = "    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...\n"
_BOTH = _CLOSE + _SEND
_COPY = _NAMED + _BOTH
_DEEPER = "".join(f"    {line}\n" for line in _COPY.splitlines())


def _trap(program: str, reason: str, *, types: str = _TYPES, file: str = "app/notify.py") -> Trap:
    return Trap(program=f"{CORE}# file: {file}\n{types}{program}", reason=reason)


UNTOUCHED = (
    _trap(
        _NAMED + _CLOSE.replace("str", "int") + _SEND,
        "disconnect has another type for connection_id",
    ),
    _trap(
        _NAMED + _CLOSE + _SEND.replace("bool", "None"),
        "send_to_user has another type for what it returns",
    ),
    _trap(
        _HUB + _CLOSE.replace("async ", "") + _SEND,
        "disconnect is async in one of them only",
    ),
    _trap(
        _HUB + _CLOSE.replace("str)", "str, code: int = 1000)") + _SEND,
        "disconnect has other parameters",
    ),
    _trap(
        "class Any: ...\n\n" + _COPY,
        "send_to_user has another type for message",
        types="from typing import Protocol\n\n",
    ),
    _trap(
        _NAMED + _CLOSE + _SEND.replace(" ...", "\n        return False"),
        "send_to_user does something",
    ),
    _trap(
        'Key = TypeVar("Key")\n\n' + _COPY.replace("(Protocol)", "(Protocol[Key])"),
        "is generic",
        types="from typing import Any, Protocol, TypeVar\n\n",
    ),
    _trap(
        "try:\n    from elsewhere import WebSocketManagerProtocol\nexcept ImportError:\n" + _DEEPER,
        "is defined under a condition",
    ),
    _trap(
        "class Notifier:\n" + _DEEPER,
        "is not defined on the top level of its module",
    ),
    _trap(
        """\
class Closes(Protocol):
    def close(self) -> None: ...

class WebSocketManagerProtocol(Closes, Protocol):
"""
        + _BOTH,
        "it extends other protocols",
    ),
    _trap(
        _NAMED + "    retries: int = 3\n" + _BOTH,
        "retries is more than a declaration",
    ),
    _trap(
        f"{_COPY}\n{_COPY}",
        "is not the only WebSocketManagerProtocol of its module",
    ),
    Trap(
        program=f"{CORE}\nfrom app import notify\n# file: app/notify.py\n{_TYPES}{_COPY}",
        reason="the import would close a circle: app.notify -> app.core -> app.notify",
    ),
    _trap(_COPY, "nothing imports worker and app together", file="worker/notify.py"),
    Trap(
        program=f"\n# file: scripts/core.py\n{_TYPES}{_COPY}# file: scripts/notify.py\n{_TYPES}{_COPY}",
        reason="nothing imports scripts as a package",
    ),
    _trap(
        _COPY + "\nclass Hub(WebSocketManagerProtocol, core.WebSocketManagerProtocol): ...\n",
        "app.notify.Hub extends both it and app.core.WebSocketManagerProtocol",
        types="from typing import Any, Protocol\nfrom app import core\n\n",
    ),
    Trap(
        program=f"""
# file: app/__init__.py
# file: app/core.py
LIMIT = 3
# file: app/core_old.py
{_TYPES}{_COPY}# file: app/notify.py
{_TYPES}{_COPY}""",
        reason="app/core_old.py is a backup file",
    ),
    Trap(
        program="""
# file: app/__init__.py
# file: app/core.py
from abc import ABC, abstractmethod
from typing import Any

class WebSocketManager(ABC):
    @abstractmethod
    async def connect_user(self, user_id: str, websocket: Any) -> str: ...
    @abstractmethod
    async def disconnect(self, connection_id: str) -> None: ...
    @abstractmethod
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...

# file: app/notify.py
from abc import ABC, abstractmethod
from typing import Any

class WebSocketManager(ABC):
    @abstractmethod
    async def disconnect(self, connection_id: str) -> None: ...
    @abstractmethod
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...

class Silent(WebSocketManager):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
        reason="app.notify.Silent extends it and lacks connect_user",
    ),
)
