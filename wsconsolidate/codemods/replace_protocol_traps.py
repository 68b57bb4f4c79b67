"""What `replace_protocol` must leave alone, program by program."""

from wsconsolidate.codemods.codemod import Trap
from wsconsolidate.codemods.replace_protocol_examples import CORE

UNTOUCHED = (
    Trap(
        program=CORE
        + """# file: app/notify.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: int) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
        reason="disconnect has another type for connection_id",
    ),
    Trap(
        program=CORE
        + """# file: app/notify.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> None: ...
""",
        reason="send_to_user has another type for what it returns",
    ),
    Trap(
        program=CORE
        + """# file: app/notify.py
from typing import Any, Protocol

class HubProtocol(Protocol):
    def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
        reason="disconnect is async in one of them only",
    ),
    Trap(
        program=CORE
        + """# file: app/notify.py
from typing import Any, Protocol

class HubProtocol(Protocol):
    async def disconnect(self, connection_id: str, code: int = 1000) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
        reason="disconnect has other parameters",
    ),
    Trap(
        program=CORE
        + """# file: app/notify.py
from typing import Protocol

class Any: ...

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
        reason="send_to_user has another type for message",
    ),
    Trap(
        program=CORE
        + """# file: app/notify.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool:
        return False
""",
        reason="send_to_user does something",
    ),
    Trap(
        program=CORE
        + """# file: app/notify.py
from typing import Any, Protocol, TypeVar

Key = TypeVar("Key")

class WebSocketManagerProtocol(Protocol[Key]):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
        reason="is generic",
    ),
    Trap(
        program=CORE
        + """# file: app/notify.py
from typing import Any, Protocol

try:
    from elsewhere import WebSocketManagerProtocol
except ImportError:
    class WebSocketManagerProtocol(Protocol):
        async def disconnect(self, connection_id: str) -> None: ...
        async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
        reason="is defined under a condition",
    ),
    Trap(
        program=CORE
        + """# file: app/notify.py
from typing import Any, Protocol

class Notifier:
    class WebSocketManagerProtocol(Protocol):
        async def disconnect(self, connection_id: str) -> None: ...
        async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
        reason="is not defined on the top level of its module",
    ),
    Trap(
        program=CORE
        + """# file: app/notify.py
from typing import Any, Protocol

class Closes(Protocol):
    def close(self) -> None: ...

class WebSocketManagerProtocol(Closes, Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
        reason="it extends other protocols",
    ),
    Trap(
        program=CORE
        + """# file: app/notify.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    retries: int = 3
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
        reason="retries is more than a declaration",
    ),
    Trap(
        program=CORE
        + """# file: app/notify.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
        reason="is not the only WebSocketManagerProtocol of its module",
    ),
    Trap(
        program=CORE
        + """
from app import notify
# file: app/notify.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
        reason="the import would close a circle: app.notify -> app.core -> app.notify",
    ),
    Trap(
        program=CORE
        + """# file: worker/notify.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
        reason="nothing imports worker and app together",
    ),
    Trap(
        program="""
# file: scripts/core.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
# file: scripts/notify.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
        reason="nothing imports scripts as a package",
    ),
    Trap(
        program=CORE
        + """# file: app/notify.py
from typing import Any, Protocol
from app import core

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...

class Hub(WebSocketManagerProtocol, core.WebSocketManagerProtocol): ...
""",
        reason="app.notify.Hub extends both it and app.core.WebSocketManagerProtocol",
    ),
    Trap(
        program="""
# file: app/__init__.py
# file: app/core.py
LIMIT = 3
# file: app/core_old.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
# file: app/notify.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
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
