"""A manager takes any number of connections.

*Why it matters*: a browser that reconnects in a loop, or one user with a hundred tabs, fills the map until
the process has no memory or no file handles left, for everybody.

*What to do instead*: count before you add, per user and in all, and refuse with code 1013 (try again later)
or drop the oldest.

*Limits*: a limit counts where the manager or whoever calls it asks for it: a comparison with something
called max, limit, capacity or quota, with the length of what is kept, or a semaphore. Limits of a proxy or
server in front (nginx, uvicorn's `--limit-concurrency`) are not seen: if you rely on them, say so in a
suppression. A manager that only hands on to another one is not asked.
"""

import re
from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis, Disposition
from wsconsolidate.model.expr import Attribute, Call, Compare, unparse
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.limits import limit_checks
from wsconsolidate.model.program import Class, Function, FunctionId
from wsconsolidate.model.role import Evidence, Role
from wsconsolidate.model.rule import Rule

_CLIENTS = re.compile(r"connect|client|socket|session|subscri|member|peer|user|seat|slot", re.IGNORECASE)


def check(found: Analysis) -> Iterator[Finding]:
    """Each manager that adds connections and asks nowhere how many it has."""
    for one in found.production(Role.MANAGER):
        added = [seen for seen in found.casts[one.id].evidence if seen.kind == "adds_connections"]
        if added and not _delegates(found, one) and not _has_limit(found, one, added):
            yield Finding(
                message=f"{one.name} has no limit: {added[0].detail} whatever there is already",
                path=one.path,
                line=one.line,
                symbol=one.qualname,
                related=(Related(path=added[0].path, line=added[0].line, message=added[0].detail),),
            )


def _delegates(found: Analysis, one: Class) -> bool:
    verdict = found.verdicts.get(one.id)
    return verdict is not None and verdict.disposition is Disposition.DELEGATES


def _has_limit(found: Analysis, one: Class, added: list[Evidence]) -> bool:
    own = [function for base in found.program.bases(one) for function in base.functions.values()]
    lines = {(seen.path, seen.line) for seen in added}
    adding = [function for function in own if any(_holds(function, *line) for line in lines)]
    callers = {FunctionId(*edge.scope) for function in adding for edge in found.program.callers(function)}
    around = [found.program.functions[id] for id in callers if id in found.program.functions]
    asked = any(next(limit_checks(function), None) for function in (*adding, *around))
    elsewhere = (compared for function in own for compared, _ in limit_checks(function))
    return (
        asked
        or any(_is_of_clients(compared, found, one) for compared in elsewhere)
        or _is_bounded(found, one)
    )


def _is_of_clients(compared: Compare, found: Analysis, one: Class) -> bool:
    """True for a comparison that speaks of what is kept, or of clients: not of the size of a batch."""
    written = unparse(compared)
    kept = (place.removeprefix("self.") for place in found.connections(one))
    return _CLIENTS.search(written) is not None or any(name in written for name in kept)


def _holds(function: Function, path: str, line: int) -> bool:
    return function.path == path and function.line <= line <= function.facts.end_line


def _is_bounded(found: Analysis, one: Class) -> bool:
    """True if what is kept can't grow (`maxlen`), or if a semaphore counts."""
    for holding in found.connections(one).values():
        if isinstance(holding.value, Call) and holding.value.keyword("maxlen") is not None:
            return True
    holdings = (held for group in found.program.holdings[one.id].values() for held in group)
    made = (held.value.func for held in holdings if isinstance(held.value, Call))
    names = (func.attr if isinstance(func, Attribute) else getattr(func, "id", "") for func in made)
    return any("Semaphore" in name or "Limiter" in name for name in names if isinstance(name, str))


_HEAD = """
# file: app/manager.py
import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import WebSocket
"""

RULE = Rule(
    code="WSC403",
    name="unbounded-connections",
    severity=Severity.WARNING,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _HEAD
        + """
class ConnectionManager:  # expect: WSC403
    def __init__(self) -> None:
        self.connections: dict[str, list[WebSocket]] = {}

    def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections.setdefault(user_id, []).append(websocket)

    async def send_to_user(self, user_id: str, message: dict) -> None:
        # not how many there may be, but whether there are any
        if len(self.connections.get(user_id, [])) > 0:
            for websocket in self.connections[user_id]:
                await websocket.send_json(message)

class Evaluator:  # expect: WSC403
    # the batch is limited, the clients are not
    def __init__(self) -> None:
        self.max_batch = 500
        self.clients: set[WebSocket] = set()

    @contextmanager
    def stored(self, websocket: WebSocket) -> Iterator[None]:
        self.clients.add(websocket)
        yield
        self.clients.remove(websocket)

    async def publish(self, events: list[dict]) -> None:
        if len(events) > self.max_batch:
            events = events[: self.max_batch]
        for websocket in self.clients:
            await websocket.send_json(events)
""",
    ),
    good=(
        _HEAD
        + """
MAX_TABS = 3

class ConnectionManager:
    # trap: the limit is asked for in another method
    def __init__(self) -> None:
        self.connections: dict[str, list[WebSocket]] = {}

    def may_connect(self, user_id: str) -> bool:
        if len(self.connections.get(user_id, [])) >= MAX_TABS:
            return False
        return True

    def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections.setdefault(user_id, []).append(websocket)

    async def send(self, user_id: str, message: dict) -> None:
        for websocket in self.connections[user_id]:
            await websocket.send_json(message)

class Room:
    # trap: a limit that is called otherwise
    def __init__(self, seats: int) -> None:
        self.seats = seats
        self.members: list[WebSocket] = []

    def enter(self, websocket: WebSocket) -> None:
        if len(self.members) == self.seats:
            raise RuntimeError("full")
        self.members.append(websocket)

    async def send(self, message: dict) -> None:
        for websocket in self.members:
            await websocket.send_json(message)

class Hub:
    # trap: whoever calls it counts
    def __init__(self) -> None:
        self.sockets: set[WebSocket] = set()

    def join(self, websocket: WebSocket) -> None:
        self.sockets.add(websocket)

    async def send(self, message: dict) -> None:
        for websocket in self.sockets:
            await websocket.send_json(message)

async def route(hub: Hub, websocket: WebSocket) -> None:
    if len(hub.sockets) > 100:
        await websocket.close(1013)
        return
    hub.join(websocket)

class Counted:
    # trap: a semaphore counts
    def __init__(self) -> None:
        self.sockets: set[WebSocket] = set()
        self.slots = asyncio.Semaphore(100)

    async def serve(self, websocket: WebSocket) -> None:
        async with self.slots:
            self.sockets.add(websocket)
            await websocket.send_json({"type": "welcome"})

class Facade:
    # trap: it only hands on
    def __init__(self, manager: ConnectionManager) -> None:
        self.manager = manager

    def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.manager.connect(user_id, websocket)
""",
    ),
)
