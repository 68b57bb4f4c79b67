"""What `rebase_error` does, and what it must leave alone, program by program."""

from wsconsolidate.codemods.codemod import Example, Trap

BASE = """
# file: app/__init__.py
# file: app/errors.py
class WebSocketError(Exception):
    def __init__(self, message: str, *, user_id: str | None = None) -> None:
        super().__init__(message)
        self.user_id = user_id


class WebSocketClosedError(WebSocketError):
    pass


class WebSocketFullError(WebSocketError):
    close_code = 4429

"""
_GATEWAY = f"{BASE}# file: app/gateway.py\n"

_HEAD = f"{_GATEWAY}from app.errors import WebSocketError\n"

REWRITES = (
    Example(
        before=f"""{_GATEWAY}\
class WebSocketSendError(RuntimeError):
    # a frame was not taken
    pass


def send() -> None:
    raise WebSocketSendError("gone")
""",
        after=f"""{_HEAD}\


class WebSocketSendError(WebSocketError, RuntimeError):
    # a frame was not taken
    pass


def send() -> None:
    raise WebSocketSendError("gone")
""",
    ),
    Example(
        before=f"""{_GATEWAY}\
from app import errors as known


class WebSocketSendError(Exception):
    def __init__(self, user_id: str, event: str) -> None:
        super().__init__(f"{{event}} of {{user_id}}")
        self.user_id = user_id


class WebSocketTimeoutError(WebSocketSendError, TimeoutError):
    pass
""",
        after=f"""{_GATEWAY}\
from app import errors as known
from app.errors import WebSocketError


class WebSocketSendError(WebSocketError):
    def __init__(self, user_id: str, event: str) -> None:
        super().__init__(f"{{event}} of {{user_id}}")
        self.user_id = user_id


class WebSocketTimeoutError(WebSocketSendError, TimeoutError):
    pass
""",
    ),
    Example(
        before=f"""{_GATEWAY}\
from app.errors import WebSocketError as CoreError

WebSocketError = CoreError


class WebSocketSendError(ConnectionError, ValueError):
    pass
""",
        after=f"""{_GATEWAY}\
from app.errors import WebSocketError as CoreError

WebSocketError = CoreError


class WebSocketSendError(CoreError, ConnectionError, ValueError):
    pass
""",
    ),
    Example(
        before=f"""{_GATEWAY}\
from app.errors import WebSocketError


class WebSocketSendError(RuntimeError):
    pass


def send(socket) -> None:
    try:
        socket.send()
    except WebSocketError:
        socket.retry()
    except RuntimeError:
        socket.close()
""",
        after=f"""{_GATEWAY}\
from app.errors import WebSocketError


class WebSocketSendError(WebSocketError, RuntimeError):
    pass


def send(socket) -> None:
    try:
        socket.send()
    except WebSocketError:
        socket.retry()
    except RuntimeError:
        socket.close()
""",
        unsafe=True,
    ),
)


def _trap(body: str, reason: str) -> Trap:
    return Trap(program=_GATEWAY + body, reason=reason)


def _other(base: str, reason: str, *, above: str = "RuntimeError") -> Trap:
    """With another base than that of the other programs."""
    heirs = "".join(
        f"\nclass WebSocket{name}Error(WebSocketError):\n    pass\n" for name in ("Closed", "Full")
    )
    errors = f"\n# file: app/__init__.py\n# file: app/errors.py\n{base}{heirs}"
    return Trap(
        program=f"{errors}# file: app/gateway.py\nclass WebSocketSendError({above}):\n    pass\n",
        reason=reason,
    )


UNTOUCHED = (
    _trap(
        """\
class WebSocketSendError(Exception):
    pass


def send() -> None:
    raise WebSocketSendError
""",
        "WebSocketSendError:6: the constructor of app.errors.WebSocketError would take it otherwise",
    ),
    _trap(
        """\
class WebSocketSendError(OSError):
    pass


def send() -> None:
    raise WebSocketSendError(32, "broken pipe")
""",
        "it takes 1 positional arguments, not 2",
    ),
    _trap(
        """\
class WebSocketSendError(Exception):
    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        super().__init__(user_id)
""",
        "sets user_id before app.errors.WebSocketError would",
    ),
    _trap(
        """\
class WebSocketSendError(Exception):
    def __init__(self, user_id: str) -> None:
        Exception.__init__(self, user_id)
""",
        "calls the constructor of its base by name",
    ),
    _trap(
        """\
class WebSocketSendError(Exception):
    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
""",
        "has a constructor that calls no other",
    ),
    _trap(
        """\
class WebSocketSendError(Exception):
    @property
    def user_id(self) -> str:
        return "nobody"
""",
        "WebSocketSendError defines user_id, which app.errors.WebSocketError sets",
    ),
    _trap(
        """\
from app.errors import WebSocketError

class WebSocketSendError(Exception):
    pass

class WebSocketRouteError(WebSocketError, WebSocketSendError):
    pass
""",
        "with WebSocketError as a base: Cannot create a consistent method resolution",
    ),
    _trap(
        """\
class AppError(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(str(code))

class WebSocketSendError(AppError):
    pass
""",
        "app.gateway.AppError and app.errors.WebSocketError both have a constructor",
    ),
    _trap(
        """\
try:
    from fast import WebSocketSendError
except ImportError:
    class WebSocketSendError(Exception):
        pass
""",
        "it is defined under a condition",
    ),
    _trap(
        """\
def make():
    class WebSocketSendError(Exception):
        pass
    return WebSocketSendError
""",
        "it is not defined on the top level of its module",
    ),
    _trap(
        """\
from dataclasses import dataclass

@dataclass
class WebSocketSendError(Exception):
    user: str
""",
        "it is created with a keyword or a decorator",
    ),
    _other(
        """\
class WebSocketError(Exception):
    def __str__(self) -> str:
        return "a socket error"
""",
        "WebSocketSendError would get another __str__, that of app.errors.WebSocketError",
    ),
    _other(
        """\
class WebSocketError(Exception):
    def __init__(self, message: str) -> None:
        super().__init__(f"socket: {message}")
""",
        "app.errors.WebSocketError makes another message of what it is given",
    ),
    _other(
        """\
from app.gateway import WebSocketSendError

class WebSocketError(Exception):
    pass
""",
        "the import would close a circle: app.gateway -> app.errors -> app.gateway",
    ),
    _other(
        "class WebSocketError(OSError):\n    pass\n",
        "with WebSocketError as a base: multiple bases have instance lay-out conflict",
        above="ImportError",
    ),
    Trap(
        program="""
# file: app/__init__.py
# file: app/rooms.py
class WebSocketRoomFullError(RuntimeError):
    pass
# file: app/users.py
class WebSocketGoneError(Exception):
    pass
""",
        reason="no error of the tree is the base of the others: name one as `ssot.error`",
    ),
)
