"""What `replace_protocol` does, program by program."""

from wsconsolidate.codemods.codemod import Example

CORE = """
# file: app/__init__.py
# file: app/core.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def connect_user(self, user_id: str, websocket: Any) -> str: ...
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
"""

REWRITES = (
    Example(
        before=CORE
        + """# file: app/notify.py
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    \"\"\"The two calls we make.\"\"\"

    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...

async def say(manager: WebSocketManagerProtocol, text: str) -> None:
    await manager.send_to_user("anna", {"text": text})
""",
        after=CORE
        + """# file: app/notify.py
from app.core import WebSocketManagerProtocol

async def say(manager: WebSocketManagerProtocol, text: str) -> None:
    await manager.send_to_user("anna", {"text": text})
""",
    ),
    Example(
        before=CORE
        + """# file: app/wire.py
from typing import Any, Dict, Optional, Protocol

Message = Dict[str, Any]
# An answer of the browser.
Answer = Optional[str]

# The contract with the gateway.

class WebSocketManagerProtocol(Protocol):
    async def connect_user(self, user_id: "str", websocket: Any) -> str:
        pass
    async def disconnect(self, connection_id: str) -> None:
        \"\"\"Forget it.\"\"\"
    async def send_to_user(self, user_id: str, message: Message) -> bool:
        ...
# file: app/gateway.py
from app.wire import Message, WebSocketManagerProtocol
""",
        after=CORE
        + """# file: app/wire.py
from typing import Any, Dict, Optional

from app.core import WebSocketManagerProtocol as WebSocketManagerProtocol

Message = Dict[str, Any]
# An answer of the browser.
Answer = Optional[str]

# The contract with the gateway.
# file: app/gateway.py
from app.wire import Message, WebSocketManagerProtocol
""",
    ),
    Example(
        before=CORE
        + """# file: app/sessions.py
import typing as t

__all__ = ["WebSocketManagerProtocol"]

@t.runtime_checkable
class WebSocketManagerProtocol(t.Protocol):

    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, t.Any]) -> bool: ...

    # close all connections of a session
    async def expire_session(self, session_id: str) -> int: ...
    expired: int
""",
        after=CORE
        + """# file: app/sessions.py
import typing as t

from app.core import WebSocketManagerProtocol as _WebSocketManagerProtocol

__all__ = ["WebSocketManagerProtocol"]

@t.runtime_checkable
class WebSocketManagerProtocol(_WebSocketManagerProtocol, t.Protocol):
    # close all connections of a session
    async def expire_session(self, session_id: str) -> int: ...
    expired: int
""",
    ),
    Example(
        before=CORE
        + """# file: app/hubs.py
from typing import Any, Protocol


# what a hub can do
class HubProtocol(Protocol):
    async def connect_user(self, user_id: str, websocket: Any) -> str: ...
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
""",
        after=CORE
        + """# file: app/hubs.py
from app.core import WebSocketManagerProtocol

# what a hub can do
HubProtocol = WebSocketManagerProtocol
""",
    ),
    Example(
        before=CORE
        + """# file: app/rooms/hubs.py
from typing import Any, Protocol, runtime_checkable

from . import names
from ..clock import now

class HubProtocol(Protocol):
    async def connect_user(self, user_id: str, websocket: Any) -> str: ...
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...

@runtime_checkable
class Clock(Protocol):
    hub: HubProtocol
# file: app/rooms/__init__.py
# file: app/rooms/names.py
# file: app/clock.py
def now() -> float: ...
""",
        after=CORE
        + """# file: app/rooms/hubs.py
from typing import Protocol, runtime_checkable

from . import names
from ..clock import now
from ..core import WebSocketManagerProtocol as HubProtocol

@runtime_checkable
class Clock(Protocol):
    hub: HubProtocol
# file: app/rooms/__init__.py
# file: app/rooms/names.py
# file: app/clock.py
def now() -> float: ...
""",
    ),
    Example(
        before=CORE
        + """
class HubProtocol(Protocol):
    async def connect_user(self, user_id: str, websocket: Any) -> str: ...
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...

hub: HubProtocol
""",
        after=CORE
        + """
HubProtocol = WebSocketManagerProtocol

hub: HubProtocol
""",
    ),
    Example(
        before=CORE
        + """# file: app/notify.py
from typing import Any, Protocol, runtime_checkable

@runtime_checkable
class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
    async def expire(self, session_id: str) -> int: ...

def fits(manager: object) -> bool:
    return isinstance(manager, WebSocketManagerProtocol)
""",
        after=CORE
        + """# file: app/notify.py
from typing import Protocol, runtime_checkable

from app.core import WebSocketManagerProtocol as _WebSocketManagerProtocol

@runtime_checkable
class WebSocketManagerProtocol(_WebSocketManagerProtocol, Protocol):
    async def expire(self, session_id: str) -> int: ...

def fits(manager: object) -> bool:
    return isinstance(manager, WebSocketManagerProtocol)
""",
        unsafe=True,
    ),
    Example(
        before=CORE
        + """# file: app/notify.py
import logging
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from typing import Any

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: "dict[str, Any]") -> bool: ...

class Mute(WebSocketManagerProtocol):
    async def disconnect(self, connection_id: str) -> None:
        logging.info(connection_id)
""",
        after=CORE
        + """# file: app/notify.py
import logging

from app.core import WebSocketManagerProtocol

class Mute(WebSocketManagerProtocol):
    async def disconnect(self, connection_id: str) -> None:
        logging.info(connection_id)
""",
        unsafe=True,
    ),
)
