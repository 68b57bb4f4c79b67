"""Which sends can be said to an emitter of the tree, and what a reader must judge before."""

import pytest

from wsconsolidate.model.delegation import Bound

MANAGER = """
from fastapi import WebSocket


class Manager:
    def __init__(self) -> None:
        self.sockets: dict[str, WebSocket] = {}

    async def connect(self, user: str, socket: WebSocket) -> None:
        self.sockets[user] = socket

    async def send(self, user: str, frame: dict) -> bool:
        await self.sockets[user].send_json(frame)
        return True

    async def send_all(self, user: str, frame: dict) -> bool:
        for socket in list(self.sockets.values()):
            await socket.send_json(frame)
        return True
"""
CLOCK = """
from datetime import datetime, timezone


def utc():
    return datetime.now(timezone.utc).isoformat()


def now():
    return datetime.now(timezone.utc).isoformat()


def local():
    return datetime.now().isoformat()
"""
KEPT = """
from app.clock import now, utc
from app.manager import Manager


class UnifiedEmitter:
    def __init__(self, manager: Manager, user: str) -> None:
        self.manager = manager
        self.user = user

    async def emit_agent_started(self, data: dict) -> bool:
        return await self._emit("agent_started", data)

    async def emit_agent_completed(self, data: dict) -> bool:
        return await self._emit("agent_completed", data)

    async def _emit(self, event: str, data: dict) -> bool:
        return await self.manager.send(self.user, {"type": event, "payload": data})
"""
OTHER = """
from app.clock import local, now, utc
from app.manager import Manager


class Other:
    def __init__(self, manager: Manager, user: str, now=utc) -> None:
        self.manager = manager
        self.user = user
        self.now = now

    async def on_agent_started(self, agent: str) -> bool:
        return await self.manager.send(self.user, {"type": "agent_started", "payload": {"agent": agent}})

    async def on_agent_completed(self, answer: str) -> bool:
        return await self.manager.send(self.user, {"type": "agent_completed", "payload": answer})
"""
STAMPED = '"payload": data, "at": utc()}'
OPEN = """
    async def emit(self, event: str, data: dict) -> bool:
        return await self._emit(event, data)
"""
HELPER = """
class Other:
    def __init__(self, manager: Manager, user: str) -> None:
        self.manager = manager
        self.user = user

    async def on_agent_started(self, agent: str) -> bool:
        return await self._tell("agent_started", agent)

    async def on_agent_completed(self, answer: str) -> bool:
        return await self._tell("agent_completed", answer)

    async def _tell(self, event: str, what: str) -> bool:
        return await self.manager.send(self.user, {"type": event, "payload": what})
"""


def changed(text, *pairs):
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


def stamped(how):
    return changed(OTHER, ('"payload": {"agent": agent}}', f'"payload": {{"agent": agent}}, "at": {how}}}'), (
        '"payload": answer}', f'"payload": answer, "at": {how}}}'
    ))  # fmt: skip


STAMPING = changed(KEPT, ('"payload": data}', STAMPED))
INJECTED = changed(
    STAMPING,
    ('"at": utc()', '"at": self.now()'),
    ("user: str) -> None:", "user: str, now=now) -> None:\n        self.now = now"),
)
SINK = "`app.manager.Manager.send`"
SENDING = "        return await self.manager.send("
GUARDED = changed(KEPT, (SENDING, f"        if not self.user:\n            raise ValueError\n{SENDING}"))
PICKY = changed(KEPT, (SENDING, f"        if data:\n    {SENDING}"))
AGAIN = changed(KEPT, (SENDING, f"        for _ in range(3):\n    {SENDING}"))
CATCHES = changed(
    KEPT,
    (
        "        return await self.manager.send(self.user, {",
        "        try:\n            return await self.manager.send(self.user, {",
    ),
    ('"payload": data})', '"payload": data})\n        except OSError:\n            return False'),
)
SURE = changed(
    KEPT,
    (SENDING, "        await self.manager.send("),
    ('"payload": data})', '"payload": data})\n        return True'),
)
MORE = changed(
    KEPT,
    (SENDING, "        ok = await self.manager.send("),
    (
        '"payload": data})',
        '"payload": data})\n        await self.manager.send("audit", {})\n        return ok',
    ),
)
REGISTERED = changed(
    KEPT, ("self.user = user", "self.user = user\n        manager.sockets.update(seen=self)")
)
BY_NAME = changed(KEPT, ("self, manager: Manager, user: str)", "self, *, user: str, manager: Manager)"))

# title, the emitter that stays, the other, (constructor's arguments, given by name, told the event), risk
DONE = [
    ("the same", KEPT, OTHER, ((("manager", None), ("user", 0)), False, False), ""),
    (
        "to somebody else",
        KEPT,
        changed(OTHER, ("send(self.user,", 'send("audit",')),
        ((("manager", None), ("user", 0)), False, False),
        "",
    ),
    (
        "arguments by name",
        KEPT,
        changed(OTHER, ("send(self.user, {", "send(user=self.user, frame={")),
        ((("manager", None), ("user", "user")), False, False),
        "",
    ),
    ("a constructor by name", BY_NAME, OTHER, ((("manager", None), ("user", 0)), True, False), ""),
    ("told the event", KEPT + OPEN, HELPER, ((("manager", None), ("user", 0)), False, True), ""),
    ("the same formula", STAMPING, stamped("now()"), ((("manager", None), ("user", 0)), False, False), ""),
    (
        "the formula is in place",
        STAMPING.replace("utc()", "datetime.now(timezone.utc).isoformat()").replace(
            "from app.clock", "from datetime import datetime, timezone\nfrom app.clock"
        ),
        stamped("now()"),
        ((("manager", None), ("user", 0)), False, False),
        "",
    ),
    (
        "a clock that is given",
        STAMPING,
        stamped("self.now()"),
        ((("manager", None), ("user", 0)), False, False),
        "`at` comes from `utc()` instead of `self.now()`",
    ),
    (
        "it refuses some",
        GUARDED,
        OTHER,
        ((("manager", None), ("user", 0)), False, False),
        "`_emit` may give up before it sends (app/kept.py:19)",
    ),
    (
        "it sends some",
        PICKY,
        OTHER,
        ((("manager", None), ("user", 0)), False, False),
        "`_emit` sends on a condition only",
    ),
    (
        "it sends again",
        AGAIN,
        OTHER,
        ((("manager", None), ("user", 0)), False, False),
        "`_emit` may send again, or catch what the send raises",
    ),
    (
        "it catches errors",
        CATCHES,
        OTHER,
        ((("manager", None), ("user", 0)), False, False),
        "`_emit` may send again, or catch what the send raises; `_emit` answers in its own way",
    ),
    (
        "an answer of its own",
        SURE,
        OTHER,
        ((("manager", None), ("user", 0)), False, False),
        "`_emit` answers in its own way",
    ),
    (
        "its constructor does more",
        REGISTERED,
        OTHER,
        ((("manager", None), ("user", 0)), False, False),
        "`UnifiedEmitter.__init__` calls `manager.sockets.update`, now for each event",
    ),
]
NOT_DONE = [
    (
        "other keys",
        STAMPING,
        OTHER,
        "line 13: its frame has the keys type, payload; that of `UnifiedEmitter` has type, payload, at",
    ),
    (
        "another order",
        KEPT,
        changed(
            OTHER,
            ('{"type": "agent_completed", "payload": answer}', '{"payload": 1, "type": "agent_completed"}'),
        ),
        "line 16: its frame has the keys payload, type; that of `UnifiedEmitter` has type, payload",
    ),
    (
        "keys that are not known",
        KEPT,
        changed(OTHER, ('"payload": answer}', '**{"payload": answer}}')),
        "line 16: its frame has the keys type, **; that of `UnifiedEmitter` has type, payload",
    ),
    (
        "to all",
        KEPT,
        changed(OTHER, ("manager.send(", "manager.send_all(")),
        f"line 13: `UnifiedEmitter` sends through {SINK}, this class through `self.manager.send_all`",
    ),
    (
        "somebody's manager",
        KEPT,
        changed(OTHER, ("manager: Manager", "manager")),
        f"line 13: it cannot be told whose `self.manager.send` it calls, and whether it is {SINK}",
    ),
    (
        "another answer",
        changed(KEPT, ("(self, data: dict) -> bool:", "(self, data: dict) -> None:")),
        OTHER,
        "line 13: it uses the answer of the send, and `UnifiedEmitter` may answer something else",
    ),
    (
        "another formula",
        STAMPING,
        stamped("local()"),
        "line 13: `at` is made in another way than `UnifiedEmitter` makes it",
    ),
    (
        "no method for it",
        KEPT,
        HELPER,
        "line 16: `UnifiedEmitter` has no public method for an event that is decided at run time",
    ),
    ("more frames", MORE, OTHER, "line 13: `_emit` also calls `self.manager.send`, which sends"),
    (
        "a circle",
        "from app.hub import HUB\n" + KEPT,
        OTHER,
        "to import `UnifiedEmitter` would close a circle: app.other -> app.kept -> app.hub -> app.other",
    ),
]


def program(kept, other):
    files = {"app/kept.py": kept, "app/other.py": other, "app/manager.py": MANAGER, "app/clock.py": CLOCK}
    imports = "" if "from app.manager" in other else "from app.manager import Manager\n\n"
    hub = "from app.other import Other\n\nHUB = Other\n"
    return {"app/__init__.py": "", **files, "app/other.py": imports + other, "app/hub.py": hub}


def delegation(study, kept, other):
    found = study(program(kept, other))
    (one,) = found.program.named("Other")
    return found.delegations[one.id]


@pytest.mark.parametrize(
    ("kept", "other", "told", "risk"), [row[1:] for row in DONE], ids=[row[0] for row in DONE]
)
def test_a_send_that_can_be_told(kept, other, told, risk, study):
    found = delegation(study, kept, other)
    assert not isinstance(found, Bound), found
    assert {(one.arguments, one.named, one.takes_event) for one in found.told} == {told}
    assert found.risk == risk


@pytest.mark.parametrize(
    ("kept", "other", "reason"), [row[1:] for row in NOT_DONE], ids=[row[0] for row in NOT_DONE]
)
def test_a_send_that_cannot_be_told(kept, other, reason, study):
    assert str(delegation(study, kept, other)) == reason
