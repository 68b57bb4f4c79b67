"""A WebSocket error stands outside of the hierarchy of the others.

*Why it matters*: whoever wants to catch what can go wrong with a socket must know every one of these
classes. The one that is forgotten ends the request, or is swallowed by an `except Exception` far away.

*What to do instead*: derive it from the base that stays, beside the base that it has, so that every
`except` still catches what it caught.

*Limits*: only errors whose bases are all known, and not those that extend a framework's own. What derives
from a scattered error comes along with it and is not reported itself. Where fewer than two errors derive from
the one that stays there is no hierarchy to stand outside of.
"""

from collections.abc import Iterable, Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.finding import Finding, Related, Rule, Severity
from wsconsolidate.model.program import Class, MroStatus
from wsconsolidate.model.role import Role


def check(found: Analysis) -> Iterator[Finding]:
    """Each topmost error class that does not derive from the source of truth of the errors."""
    truth, stays = found.ssot.get(Role.ERROR), found.truth(Role.ERROR)
    errors = {one.id: one for one in found.production(Role.ERROR)}
    roots = [one for one in errors.values() if _is_root(one) and not set(one.mro.ids[1:]) & set(errors)]
    if truth is None or len(roots) < 2 or (stays and not _is_hierarchy(stays, errors.values())):
        return
    related = (Related(path=stays.path, line=stays.line, message="the base that stays"),) if stays else ()
    for one in roots:
        if truth.id is None or truth.id not in one.mro.ids:
            yield Finding(
                message=f"{one.name} is a WebSocket error outside of the hierarchy of {truth.qualname}",
                path=one.path,
                line=one.line,
                symbol=one.qualname,
                related=related,
            )


def _is_hierarchy(base: Class, errors: Iterable[Class]) -> bool:
    """True for a base of several errors; one that has a single heir is only what that one is like."""
    return sum(base.id in one.mro.ids[1:] for one in errors) > 1


def _is_root(one: Class) -> bool:
    known = all(id is not None or name.startswith("builtins.") for name, id in _above(one))
    return one.mro.status is MroStatus.EXACT and known


def _above(one: Class) -> Iterator[tuple[str, object]]:
    return zip(one.mro.names[1:], one.mro.ids[1:], strict=True)


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
