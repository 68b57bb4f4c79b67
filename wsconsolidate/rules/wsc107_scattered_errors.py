"""A WebSocket error stands outside of the hierarchy of the others.

*Why it matters*: whoever wants to catch what can go wrong with a socket must know every one of these
classes. The one that is forgotten ends the request, or is swallowed by an `except Exception` far away.

*What to do instead*: derive it from the base that stays, beside the base that it has, so that every
`except` still catches what it caught.

*Limits*: only errors whose bases are all known, and not those that extend a framework's own. What derives
from a scattered error comes along with it and is not reported itself. Where fewer than two errors derive from
the one that stays there is no hierarchy to stand outside of; errors with a base of the program in common, or
all in one module, are scattered nowhere.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule
from wsconsolidate.model.scattered_errors import scattered_errors


def check(found: Analysis) -> Iterator[Finding]:
    """Each topmost error class that does not derive from the source of truth of the errors."""
    stays = found.truth(Role.ERROR)
    related = (Related(path=stays.path, line=stays.line, message="the base that stays"),) if stays else ()
    for one in scattered_errors(found):
        base = found.ssot[Role.ERROR].qualname
        yield Finding(
            message=f"{one.name} is a WebSocket error outside of the hierarchy of {base}",
            path=one.path,
            line=one.line,
            symbol=one.qualname,
            related=related,
        )


_BASE = """
# file: app/errors.py
class WebSocketError(Exception):
    pass

class WebSocketClosedError(WebSocketError):
    pass

class WebSocketFullError(WebSocketError):
    pass
# file: app/manager.py
from fastapi import WebSocket
from app.errors import WebSocketClosedError

class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    async def send(self, user_id: str, message: dict) -> None:
        if user_id not in self.connections:
            raise WebSocketClosedError(user_id)
        await self.connections[user_id].send_json(message)
"""

RULE = Rule(
    code="WSC107",
    name="scattered-errors",
    severity=Severity.WARNING,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _BASE
        + """
# file: app/gateway.py
class WebSocketSendError(RuntimeError):  # expect: WSC107
    pass

class WebSocketTimeoutError(WebSocketSendError):
    # comes along with its base
    pass
""",
    ),
    good=(
        _BASE
        + """
# file: app/gateway.py
from framework import SocketError

from app.errors import WebSocketError

class WebSocketSendError(WebSocketError, ConnectionError):
    # trap: one hierarchy beside the builtin one
    pass

class WebSocketProxyError(SocketError):
    # trap: nobody knows what the framework's error derives from
    pass

class DatabaseGoneError(Exception):
    # trap: an error, but not of a WebSocket
    pass

# file: tests/test_gateway.py
class WebSocketFakeError(Exception):
    # trap: an error of the tests
    pass
""",
        """
# file: app/errors.py
class WebSocketError(Exception):
    # trap: the only one stands alone and is scattered nowhere
    pass
""",
        """
# file: app/errors.py
class CallbackError(Exception):
    pass
# file: app/sockets.py
from app.errors import CallbackError

class WebSocketUpgradeError(CallbackError):
    # trap: both are caught by the base that the program has for them
    pass
# file: app/frames.py
from app.errors import CallbackError

class WebSocketDeniedError(CallbackError):
    pass
""",
        """
# file: app/errors.py
class WebSocketUpgradeError(Exception):
    # trap: side by side in one module
    pass

class WebSocketDeniedError(Exception):
    pass
""",
        """
# file: app/errors.py
from app.frames import WebSocketClosedError

class WebSocketUpgradeError(Exception):
    # trap: errors side by side, none of them a base of more than one other
    pass

class WebSocketDenialError(WebSocketClosedError):
    pass
# file: app/frames.py
class WebSocketClosedError(Exception):
    pass
# file: app/one.py
from app.frames import WebSocketClosedError
# file: app/two.py
from app.frames import WebSocketClosedError
""",
    ),
)
