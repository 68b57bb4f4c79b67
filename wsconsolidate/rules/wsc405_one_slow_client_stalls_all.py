"""A loop awaits one client after the other.

*Why it matters*: `await websocket.send_json(...)` returns when the client's buffer has room. One phone in a
tunnel holds up everybody after it in the loop, for minutes, and the task that sends as well.

*What to do instead*: send to all at once (`asyncio.gather(..., return_exceptions=True)`), give each send a
time limit (`asyncio.wait_for`, `asyncio.timeout`), or give each connection a queue and a task of its own.

*Limits*: loops of managers over their own connections in which a send is awaited all the way to the socket.
The few devices of one user (a key that is called user, owner, member, client or session) count as one
client. Plain functions that block are not seen.
"""

import re
from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.expr import Compare, dotted, unparse
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.program import Certainty
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule
from wsconsolidate.rules.fan_out import FanOut, fan_outs
from wsconsolidate.rules.timing import is_limited

_ONE_CLIENT = re.compile(r"user|owner|member|client|session|account|person|device|uid|sid", re.IGNORECASE)


def check(found: Analysis) -> Iterator[Finding]:
    """Each loop over connections that waits for one before it sends to the next."""
    for one in found.production(Role.MANAGER):
        sent = fan_outs(found.program, one, found.connections(one))
        waiting = [fan_out for fan_out in sent if _serves_many(fan_out) and _waits(found, fan_out)]
        loops = {fan_out.function.id for fan_out in waiting}
        first = {fan_out.loop.line: fan_out for fan_out in reversed(waiting)}
        for _, fan_out in sorted(first.items()):
            if loops.isdisjoint(fan_out.edge.targets):
                yield _finding(fan_out)


def _serves_many(fan_out: FanOut) -> bool:
    """True unless the loop serves one client's devices, by the key of what it goes through or a question."""
    asked = (unparse(test) for test in fan_out.chosen if isinstance(test, Compare) and "==" in test.operators)
    if any(_ONE_CLIENT.search(text) for text in asked):
        return False
    return fan_out.everyone or not any(_ONE_CLIENT.search(key) for key in fan_out.place.keys)


def _waits(found: Analysis, fan_out: FanOut) -> bool:
    """True if every call on the way to the socket is awaited, without a limit in time or a queue between."""
    onward = (found.program.onward[function.scope] for function in found.program.way(fan_out.edge))
    return all(
        step.site.awaited and step.certainty is not Certainty.QUEUED and not is_limited(found.program, step)
        for step in (fan_out.edge, *onward)
    )


def _finding(fan_out: FanOut) -> Finding:
    function, called = fan_out.function, dotted(fan_out.edge.call.func)
    related = Related(path=function.path, line=fan_out.edge.line, message=f"awaits {called}")
    return Finding(
        message=f"{function.name} awaits one client of {fan_out.place} after the other",
        path=function.path,
        line=fan_out.loop.line,
        symbol=function.qualname,
        identity=str(fan_out.place),
        related=(related,),
    )


_MANAGER = """
# file: app/manager.py
import asyncio

from fastapi import WebSocket

class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}
        self.rooms: dict[str, dict[str, WebSocket]] = {}

    def connect(self, connection_id: str, room: str, websocket: WebSocket) -> None:
        self.connections[connection_id] = websocket
        self.rooms.setdefault(room, {})[connection_id] = websocket

    async def send(self, connection_id: str, message: dict) -> None:
        await self.connections[connection_id].send_json(message)
"""

RULE = Rule(
    code="WSC405",
    name="one-slow-client-stalls-all",
    severity=Severity.WARNING,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _MANAGER
        + """
    async def broadcast(self, message: dict) -> None:
        for websocket in list(self.connections.values()):  # expect: WSC405
            await websocket.send_json(message)

    async def until_one_fails(self, message: dict) -> None:
        for websocket in self.connections.values():  # expect: WSC405
            try:
                await websocket.send_json(message)
            except RuntimeError:
                break

    async def announce(self, message: dict) -> None:
        for connection_id in self.connections:  # expect: WSC405
            await self.send(connection_id, message)

    async def publish(self, room: str, message: dict) -> None:
        for connection_id, websocket in self.rooms.get(room, {}).items():  # expect: WSC405
            try:
                await websocket.send_json(message)
            except RuntimeError:
                print(connection_id)

    async def copied(self, message: dict, mine: bool) -> None:
        if mine:
            targets = [websocket for websocket in self.connections.values() if websocket.user]
        else:
            targets = list(self.connections.values())
        for websocket in list(targets):  # expect: WSC405
            await websocket.send_json(message)

    async def except_one(self, sender: WebSocket, message: dict) -> None:
        others = [websocket for websocket in self.connections.values() if websocket is not sender]
        for websocket in others:  # expect: WSC405
            await websocket.send_json(message)

    async def publish_to_all(self, message: dict) -> None:
        for room in self.rooms:
            # the loop that waits is the one in publish
            await self.publish(room, message)
""",
    ),
    good=(
        _MANAGER
        + """
    async def broadcast(self, message: dict) -> None:
        # trap: all at once
        await asyncio.gather(*(websocket.send_json(message) for websocket in self.connections.values()))

    async def tasks(self, message: dict) -> None:
        for websocket in self.connections.values():
            # trap: a task of its own
            asyncio.create_task(websocket.send_json(message))

    async def patient(self, message: dict) -> None:
        for websocket in self.connections.values():
            # trap: nobody waits longer than that
            await asyncio.wait_for(websocket.send_json(message), 1)

    async def limited(self, message: dict) -> None:
        for websocket in self.connections.values():
            # trap: the same in other words
            async with asyncio.timeout(1):
                await websocket.send_json(message)

    async def first(self, ids: list[str], message: dict) -> None:
        for connection_id in ids:
            # trap: not the connections but a list that was given
            await self.send(connection_id, message)

    async def publish_to_all(self, message: dict) -> None:
        for room in self.rooms:
            # trap: the loop that waits is the one in publish
            await self.gathered(room, message)

    async def gathered(self, room: str, message: dict) -> None:
        await asyncio.gather(*(websocket.send_json(message) for websocket in self.rooms[room].values()))

    async def anybody(self, message: dict) -> None:
        for websocket in self.connections.values():
            try:
                # trap: the first that can be reached gets it, and no other
                await websocket.send_json(message)
                break
            except RuntimeError:
                continue

    async def anybody_returned(self, message: dict) -> None:
        for websocket in self.connections.values():
            # trap: likewise, in one line
            return await websocket.send_json(message)

    async def to_user(self, user: str, message: dict) -> None:
        mine = [websocket for websocket in self.connections.values() if websocket.user == user]
        for websocket in mine:
            # trap: the few of one user, sought out before
            await websocket.send_json(message)

    async def names(self) -> None:
        for connection_id in self.connections:
            # trap: nothing is sent to the client of the round
            await asyncio.sleep(0)

class DeviceManager:
    def __init__(self) -> None:
        self.devices: dict[str, list[WebSocket]] = {}

    def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.devices.setdefault(user_id, []).append(websocket)

    async def send_to_user(self, user_id: str, message: dict) -> None:
        for websocket in self.devices.get(user_id, []):
            # trap: the devices of one user
            await websocket.send_json(message)

    async def send_to_owner(self, owner: str, message: dict) -> None:
        for user_id, devices in self.devices.items():
            for websocket in devices:
                # trap: these too, in a roundabout way
                if user_id == owner:
                    await websocket.send_json(message)

class QueueManager:
    def __init__(self) -> None:
        self.connections: dict[str, "Connection"] = {}

    def connect(self, connection_id: str, websocket: WebSocket) -> None:
        self.connections[connection_id] = Connection(websocket)

    async def broadcast(self, message: dict) -> None:
        for connection in self.connections.values():
            # trap: only put into a queue
            await connection.send(message)

    async def ring(self) -> None:
        for connection in self.connections.values():
            # trap: likewise, without a method between
            await connection.queue.put({"type": "ring"})

class Connection:
    def __init__(self, websocket: WebSocket) -> None:
        self.websocket = websocket
        self.queue: asyncio.Queue = asyncio.Queue()

    async def send(self, message: dict) -> None:
        self.queue.put_nowait(message)

    async def run(self) -> None:
        while True:
            await self.websocket.send_json(await self.queue.get())
""",
    ),
)
