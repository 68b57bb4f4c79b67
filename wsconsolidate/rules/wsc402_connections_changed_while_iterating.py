"""A loop over the connections adds or removes some, and awaits meanwhile.

*Why it matters*: `RuntimeError: dictionary changed size during iteration` ends the broadcast in the middle.
The first dead client costs everybody after it the event; which clients those are depends on the order of
arrival.

*What to do instead*: loop over a copy, `for connection in list(self.connections.values())`, or note what is
to go and remove it after the loop.

*Limits*: looks at loops of managers over their own attributes, aliases and up to two of their own methods
included. Another task that changes the connections during the `await` is not seen; a copy guards against
both.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis, Fix
from wsconsolidate.model.expr import Attribute
from wsconsolidate.model.facts import MODULE_SCOPE
from wsconsolidate.model.finding import Applicability, Finding, Related, Severity
from wsconsolidate.model.program import Class, Function, ScopeId
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule
from wsconsolidate.rules.iteration import Change, changed_while_awaiting

_ADDING = frozenset(("append", "extend", "insert"))
_RAISING = frozenset(("dict", "set", "OrderedDict", "defaultdict", "deque", "WeakSet", "WeakValueDictionary"))
_VISITED = "what the loop adds to the list is visited by it now, and would not be any more"


def check(found: Analysis) -> Iterator[Finding]:
    """Each change of a manager's container inside a loop over it that awaits."""
    for manager in found.production(Role.MANAGER):
        for method in manager.functions.values():
            for change in changed_while_awaiting(found.program, manager, method):
                yield _finding(method, change, _fix(found, manager, method, change))


def _finding(method: Function, change: Change, fix: Fix) -> Finding:
    how = f"self.{change.by}() changes {change.place}" if change.by else f"{change.place} is changed"
    return Finding(
        message=f"{how} inside a loop over it; loop over a copy",
        path=method.path,
        line=change.line,
        symbol=method.qualname,
        identity=f"{method.name}: {change.place} {change.by or ''}".strip(),
        related=(Related(path=method.path, line=change.loop.line, message="the loop"),),
        fix=fix.applicability,
        fix_reason=fix.reason,
    )


def _fix(found: Analysis, manager: Class, method: Function, change: Change) -> Fix:
    """What can be done about the loop: it may go over a copy."""
    if change.loop.is_async:
        return Fix(applicability=Applicability.DISPLAY, reason="an `async for` cannot loop over a copy")
    if _shadows_list(found, method):
        return Fix(applicability=Applicability.DISPLAY, reason="`list` is another name here")
    if not _raises(found, manager, change) and _adds(manager, method, change):
        return Fix(applicability=Applicability.UNSAFE, reason=_VISITED)
    return Fix(applicability=Applicability.SAFE, reason="")


def _shadows_list(found: Analysis, method: Function) -> bool:
    scopes = (found.program.scope(id) for id in (method.scope, ScopeId(method.path, MODULE_SCOPE)))
    bound = {binding.name for scope in scopes if scope for binding in scope.bindings}
    parameters = {parameter.name for parameter in method.facts.parameters}
    return not {"list", "*"}.isdisjoint(bound | parameters)


def _raises(found: Analysis, manager: Class, change: Change) -> bool:
    """True for a container that ends the loop with an error when it grows."""
    holdings = found.program.holdings[manager.id].get(change.place.attribute, ())
    types = [one for holding in holdings for one in holding.types]
    return not change.place.keys and bool(types) and all(_kind(one.name) in _RAISING for one in types)


def _kind(name: str) -> str:
    return name.rpartition(".")[2]


def _adds(manager: Class, method: Function, change: Change) -> bool:
    """True if the change may add to a list: in the loop itself, or in the own method that it calls."""
    if change.by is None:
        return any(name in _ADDING for line, name in _called(method) if line == change.line)
    callee = manager.functions.get(change.by)
    return callee is None or any(name in _ADDING for _, name in _called(callee))


def _called(function: Function) -> Iterator[tuple[int, str]]:
    body = function.facts.body
    for site in body.calls if body else ():
        if isinstance(site.call.func, Attribute):
            yield site.call.line, site.call.func.attr


_MANAGER = """
from fastapi import WebSocket

class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}
        self.by_user: dict[str, dict[str, WebSocket]] = {}

    def connect(self, connection_id: str, user_id: str, websocket: WebSocket) -> None:
        self.connections[connection_id] = websocket
        self.by_user.setdefault(user_id, {})[connection_id] = websocket

    def disconnect(self, connection_id: str) -> None:
        self.connections.pop(connection_id, None)

    async def drop(self, connection_id: str) -> None:
        self.disconnect(connection_id)
"""

RULE = Rule(
    code="WSC402",
    name="connections-changed-while-iterating",
    severity=Severity.WARNING,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _MANAGER
        + """
    async def broadcast(self, message: dict) -> None:
        for connection_id, websocket in self.connections.items():
            try:
                await websocket.send_json(message)
            except RuntimeError:
                del self.connections[connection_id]  # expect: WSC402

    async def heartbeat(self) -> None:
        for user_id, mine in self.by_user.items():
            for connection_id, websocket in mine.items():
                if not await websocket.send_json({"type": "ping"}):
                    mine.pop(connection_id)  # expect: WSC402

    async def close_all(self) -> None:
        for connection_id in self.connections:
            await self.connections[connection_id].close()
            self.disconnect(connection_id)  # expect: WSC402

    async def drop_all(self) -> None:
        connections = self.connections
        for connection_id in connections.keys():
            await self.drop(connection_id)  # expect: WSC402
""",
    ),
    good=(
        _MANAGER
        + """
    async def broadcast(self, message: dict) -> None:
        # trap: a copy is iterated
        for connection_id, websocket in list(self.connections.items()):
            try:
                await websocket.send_json(message)
            except RuntimeError:
                del self.connections[connection_id]

    async def close_all(self) -> None:
        # trap: so is this one, by two other ways
        for connection_id in tuple(self.connections):
            await self.drop(connection_id)
        connections = self.connections.copy()
        for connection_id in connections:
            await self.drop(connection_id)

    async def sweep(self) -> None:
        dead = []
        for connection_id, websocket in self.connections.items():
            if not await websocket.send_json({"type": "ping"}):
                dead.append(connection_id)
        for connection_id in dead:
            # trap: changed after the loop
            del self.connections[connection_id]

    async def close_one(self, websocket: WebSocket) -> None:
        for connection_id, candidate in self.connections.items():
            if candidate is websocket:
                await candidate.close()
                del self.connections[connection_id]
                # trap: the loop ends with the change
                break

    async def touch(self) -> None:
        for connection_id, websocket in self.connections.items():
            await websocket.send_json({"type": "ping"})
            # trap: another value under the same key changes no size
            self.connections[connection_id] = websocket

    async def leave(self, connection_id: str) -> None:
        for mine in self.by_user.values():
            # trap: the inner mapping changes, not the one iterated
            websocket = mine.pop(connection_id, None)
            if websocket is not None:
                await websocket.close()

    def forget_dead(self, dead: set[str]) -> None:
        # trap: nothing is awaited, and nothing else may run meanwhile
        for connection_id in dead:
            self.connections.pop(connection_id)
""",
    ),
)
