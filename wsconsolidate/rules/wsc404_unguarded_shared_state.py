"""Shared state is looked at, something is awaited, and then it is changed as if nothing had happened.

*Why it matters*: every `await` lets other requests run. Two of them find the map below its limit, both wait,
both add; or one removes what the other has just replaced. It happens under load and on reconnect, never on
a developer's machine.

*What to do instead*: hold one `asyncio.Lock` from the look to the change, look again after the `await`, or
do the waiting first and the rest without an `await` in between. Or put the key in before the `await`.

*Limits*: looks inside one method of a manager, bridge or factory, which many requests share: a condition
about an attribute, an `await` after it, then a change of the same attribute. Loops are left out, as most are
workers that run once, and so are methods that give back what they asked for, as caches do. State that many
threads share is not looked for.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule
from wsconsolidate.rules.race import Race, races

_SHARED = (Role.MANAGER, Role.BRIDGE, Role.FACTORY)


def check(found: Analysis) -> Iterator[Finding]:
    """Each attribute of a method that is asked, awaited upon and changed."""
    for one in found.production(*_SHARED):
        for function in one.functions.values():
            told = set()
            for race in races(found.program, one, function):
                if race.attribute not in told:
                    told.add(race.attribute)
                    yield _finding(race)


def _finding(race: Race) -> Finding:
    function = race.function
    return Finding(
        message=f"self.{race.attribute} is changed on what was true before an await in line {race.awaited}",
        path=function.path,
        line=race.changed,
        symbol=function.qualname,
        identity=race.attribute,
        related=(Related(path=function.path, line=race.asked, message=f"asks about self.{race.attribute}"),),
    )


_HEAD = """
# file: app/manager.py
import asyncio

from fastapi import WebSocket

class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}
        self.lock = asyncio.Lock()

    async def send(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)
"""

RULE = Rule(
    code="WSC404",
    name="unguarded-shared-state",
    severity=Severity.WARNING,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _HEAD
        + """
    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        if len(self.connections) >= 100:
            raise RuntimeError("full")
        await websocket.accept()
        self.connections[user_id] = websocket  # expect: WSC404

    async def join(self, user_id: str, websocket: WebSocket) -> None:
        known = self.connections
        if user_id not in known:
            await websocket.accept()
            known[user_id] = websocket  # expect: WSC404

    async def swap(self, user_id: str, other: str, websocket: WebSocket) -> None:
        if len(self.connections) >= 100:
            raise RuntimeError("full")
        self.connections[user_id] = websocket
        await websocket.accept()
        self.connections[other] = websocket  # expect: WSC404

    async def leave(self, user_id: str) -> None:
        if user_id in self.connections:
            await self.connections[user_id].close()
            del self.connections[user_id]  # expect: WSC404
""",
    ),
    good=(
        _HEAD
        + """
    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        async with self.lock:
            # trap: one lock from the look to the change
            if user_id in self.connections:
                return
            await websocket.accept()
            self.connections[user_id] = websocket

    async def first(self, user_id: str, websocket: WebSocket) -> None:
        await websocket.accept()
        # trap: nothing is awaited in between
        if user_id not in self.connections:
            self.connections[user_id] = websocket

    async def again(self, user_id: str, websocket: WebSocket) -> None:
        if user_id in self.connections:
            return
        await websocket.accept()
        # trap: looks again
        if user_id not in self.connections:
            self.connections[user_id] = websocket

    async def claim(self, user_id: str, websocket: WebSocket) -> None:
        if user_id in self.connections:
            # trap: the one who waits leaves
            await websocket.close()
            return
        self.connections[user_id] = websocket

    async def leave(self, user_id: str) -> None:
        if user_id in self.connections:
            await self.send(user_id, {"type": "bye"})
            # trap: it does not matter whether it is still there
            self.connections.pop(user_id, None)

    async def take(self, user_id: str) -> None:
        websocket = self.connections.pop(user_id, None)
        if websocket is not None:
            # trap: changed before anything is awaited
            await websocket.close()

    async def work(self, queue) -> None:
        while True:
            if len(self.connections) >= 100:
                break
            user_id, websocket = await queue.get()
            # trap: one worker that asks anew in each round
            self.connections[user_id] = websocket

    async def profile(self, user_id: str, store) -> WebSocket:
        if user_id in self.connections:
            return self.connections[user_id]
        # trap: a cache, into which whoever comes second puts the same
        found = await store.read(user_id)
        self.connections[user_id] = found
        return found

    async def reserve(self, user_id: str, websocket: WebSocket) -> None:
        if user_id in self.connections:
            raise RuntimeError("taken")
        self.connections[user_id] = websocket
        await websocket.accept()
        # trap: gives up what this very call put in before it awaited
        self.connections.pop(user_id)

    async def other(self, user_id: str, websocket: WebSocket, ready: bool) -> None:
        # trap: the condition is about something else
        if ready:
            await websocket.accept()
            self.connections[user_id] = websocket

class RunEmitter:
    def __init__(self, manager: ConnectionManager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id
        self.told: set[str] = set()

    async def emit_agent_started(self, agent: str) -> None:
        if agent not in self.told:
            await self.manager.send(self.user_id, {"type": "agent_started", "agent": agent})
            # trap: an emitter belongs to one run
            self.told.add(agent)

    async def emit_agent_completed(self, agent: str) -> None:
        await self.manager.send(self.user_id, {"type": "agent_completed", "agent": agent})
""",
    ),
)
