"""An error while an event is sent is caught and dropped.

*Why it matters*: `except Exception: pass` around a send hides the one fact that explains a chat that hangs:
the event was not sent. Not even the log says so, and the dead connection stays where it is.

*What to do instead*: catch what a closed connection raises (`WebSocketDisconnect`, `ConnectionClosed`) and
drop the connection; log everything else, or let it rise.

*Limits*: only arms that catch everything and do nothing at all. One that logs, counts, returns or leaves a
loop does something about it. So does code that sends while it handles another error or cleans up: there is
nobody left to tell. In `__del__` nothing can be raised.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.expr import Attribute, Name, dotted
from wsconsolidate.model.facts import Branch, CallSite, Handler, Handling, Try
from wsconsolidate.model.finding import Finding, Severity
from wsconsolidate.model.naming import sends_by_name
from wsconsolidate.model.program import Edge, Function
from wsconsolidate.model.rule import Rule

_EVERYTHING = frozenset(("Exception", "BaseException", "builtins.Exception", "builtins.BaseException"))
_GOODBYES = frozenset(("close", "disconnect", "shutdown", "stop", "cleanup", "teardown", "aclose", "finish"))


def check(found: Analysis) -> Iterator[Finding]:
    """Each except arm that drops every error of a send."""
    for scope, edges in found.program.edges.items():
        function = found.program.functions.get(scope)
        if function is None or found.program.files[scope.path].in_tests or _says_goodbye(function):
            continue
        told: set[int] = set()
        for edge in edges:
            handler = _swallowing(function, edge.site)
            if handler is None or handler.line in told or not _sends(found, edge):
                continue
            told.add(handler.line)
            called = dotted(edge.call.func) or "the send"
            yield Finding(
                message=f"whatever goes wrong in {called}() is caught and dropped",
                path=edge.path,
                line=handler.line,
                symbol=function.qualname,
                identity=called,
            )


def _says_goodbye(function: Function) -> bool:
    return function.name == "__del__" or not _GOODBYES.isdisjoint(function.name.split("_"))


def _swallowing(function: Function, site: CallSite) -> Handler | None:
    """The arm of the innermost try that drops whatever the call raises."""
    body = function.facts.body
    if body is None or not site.tries or any(guard.branch is Branch.EXCEPT for guard in site.guards):
        return None
    tried = body.tries[site.tries[-1]]
    loops = any(guard.branch is Branch.LOOP and guard.line > tried.line for guard in site.guards)
    return None if loops else _catching_all(tried)


def _catching_all(tried: Try) -> Handler | None:
    for handler in tried.handlers:
        if handler.types is None or dotted(handler.types) in _EVERYTHING:
            return handler if handler.handling is Handling.PASSES else None
    return None


def _sends(found: Analysis, edge: Edge) -> bool:
    """True for a call that writes to a socket, or on an object that does so when told to send."""
    func = edge.call.func
    name = func.attr if isinstance(func, Attribute) else func.id if isinstance(func, Name) else ""
    return edge.writes or (sends_by_name(name) and found.program.arrives(edge))


_MANAGER = """
import asyncio
import logging

from fastapi import WebSocket, WebSocketDisconnect

log = logging.getLogger(__name__)

class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    async def send_to_user(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)
"""

RULE = Rule(
    code="WSC207",
    name="swallowed-emit-error",
    severity=Severity.WARNING,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _MANAGER
        + """
class Relay:
    def __init__(self, manager: ConnectionManager) -> None:
        self.manager = manager

    async def relay(self, user_id: str, events: list[dict]) -> int:
        count = 0
        for event in events:
            try:
                await self.manager.send_to_user(user_id, event)
                count += 1
            except Exception:  # expect: WSC207
                pass
        return count

    async def ring(self) -> None:
        for websocket in self.manager.connections.values():
            try:
                await websocket.send_json({"type": "ring"})
            except WebSocketDisconnect:
                pass
            except:  # expect: WSC207
                continue
""",
    ),
    good=(
        _MANAGER
        + """
class Relay:
    def __init__(self, manager: ConnectionManager) -> None:
        self.manager = manager
        self.lost = 0

    async def relay(self, user_id: str, event: dict) -> bool:
        try:
            await self.manager.send_to_user(user_id, event)
        except Exception:
            # trap: the caller is told
            return False
        return True

    async def logged(self, user_id: str, event: dict) -> None:
        try:
            await self.manager.send_to_user(user_id, event)
        except Exception:
            # trap: the log tells
            log.exception("not sent")

    async def counted(self, user_id: str, event: dict) -> None:
        try:
            await self.manager.send_to_user(user_id, event)
        except Exception:
            # trap: the figures tell
            self.lost += 1

    async def gone(self, user_id: str, event: dict) -> None:
        try:
            await self.manager.send_to_user(user_id, event)
        except (WebSocketDisconnect, KeyError):
            # trap: it is known what happened, and there is nothing to do
            pass

    async def run(self, websocket: WebSocket) -> None:
        while True:
            try:
                await websocket.send_json({"type": "tick"})
            except Exception:
                # trap: the loop ends with the connection
                break

    async def pump(self, websocket: WebSocket, upstream) -> None:
        try:
            async for message in upstream:
                await websocket.send_json(message)
        except Exception:
            # trap: so does this one, with whatever ends it
            pass

    async def answer(self, websocket: WebSocket, agent) -> None:
        try:
            await agent.run()
        except Exception as exc:
            try:
                await websocket.send_json({"type": "error", "text": str(exc)})
            except Exception:
                # trap: there is nobody left to tell
                pass
            raise

    async def close(self, websocket: WebSocket) -> None:
        try:
            await websocket.send_json({"type": "bye"})
        except Exception:
            # trap: a goodbye need not arrive
            pass

    def __del__(self) -> None:
        try:
            asyncio.ensure_future(self.manager.send_to_user("", {"type": "bye"}))
        except Exception:
            # trap: Python would only print what is raised here
            pass

    async def read(self, websocket: WebSocket) -> dict | None:
        try:
            message = await websocket.receive_json()
        except Exception:
            # trap: nothing is sent
            pass
        else:
            await websocket.send_json(message)
            return message
""",
    ),
)
