"""Every rung holds for a plan that does no harm, and speaks up for the one that does what it asks about."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from wsconsolidate import verify
from wsconsolidate.config import Config
from wsconsolidate.model.edit import EditGroup, FileEdit, Plan
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.report import Report
from wsconsolidate.model.source import Tree
from wsconsolidate.pipeline.analyze import examine_tree
from wsconsolidate.pipeline.overlay import overlay
from wsconsolidate.verify.change import Change, Objection
from wsconsolidate.verify.registry import RUNGS

PROTOCOLS = """\
from typing import Any, Protocol


class SocketManagerProtocol(Protocol):
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> int: ...
    def is_online(self, user_id: str) -> bool: ...
"""
MANAGER = """\
from starlette.websockets import WebSocket

LIMIT = 3


class Manager:
    def __init__(self) -> None:
        self._sockets: dict[str, list[WebSocket]] = {}

    async def connect(self, user_id: str, socket: WebSocket) -> None:
        self._sockets.setdefault(user_id, []).append(socket)

    def disconnect(self, user_id: str, socket: WebSocket) -> None:
        self._sockets[user_id].remove(socket)

    async def send_to_user(self, user_id: str, message: dict) -> None:
        for socket in list(self._sockets.get(user_id, ())):
            await socket.send_json(message)


class LoudManager(Manager):
    pass
"""
EMITTER = """\
from app.manager import Manager


class Emitter:
    def __init__(self, manager: Manager, user_id: str) -> None:
        self.manager = manager
        self.user_id = user_id

    async def emit_agent_started(self, data: dict) -> None:
        await self.manager.send_to_user(self.user_id, {"type": "agent_started", "data": data})

    async def emit_agent_completed(self, data: dict) -> None:
        await self.manager.send_to_user(self.user_id, {"type": "agent_completed", "data": data})
"""
PROGRAM = {
    "app/__init__.py": "",
    "app/team.py": f"# a copy\n{PROTOCOLS}",
    "app/emitter.py": EMITTER,
    "app/manager.py": MANAGER,
    "app/manager.py.bak": MANAGER,
    "app/protocols.py": PROTOCOLS,
    "app/windows.py": '"""Notes."""\r\nLIMIT = 1\r\n',
}
COMPLETED = 'self.manager.send_to_user(self.user_id, {"type": "agent_completed", "data": data})'
IMPORTED = "# a copy\nfrom app.protocols import SocketManagerProtocol\n"
Edits = Mapping[str, str | bytes | None]


def change(edits: Edits, *, symbol: str = "", code: str = "WSC101", again: bool = False) -> Change:
    """The edits to the program as a plan of one group, with the reports around it."""
    before = tree({})
    made = tuple(
        FileEdit(path=path, before=encoded(PROGRAM.get(path)), after=encoded(after))
        for path, after in edits.items()
    )
    group = EditGroup(
        key="the key",
        code=code,
        title="",
        path=next(iter(edits)),
        line=1,
        symbol=symbol,
        applicability=Applicability.SAFE,
        risk="",
        paths=tuple(edits),
    )
    plan = Plan(groups=(group,), held=(), refusals=(), edits=made, requirements=())
    return Change(
        before=examined(),
        after=examine_tree(overlay(before, made), Config()),
        plan=plan,
        again=plan if again else replace(plan, groups=(), edits=()),
    )


@cache
def examined() -> Report:
    return examine_tree(tree({}), Config())


def tree(edits: Edits) -> Tree:
    files = {**PROGRAM, **edits}
    empty = Tree(files=(), names=(), problems=())
    made = [FileEdit(path=path, before=None, after=encoded(text)) for path, text in files.items()]
    return overlay(empty, made)


def encoded(text: str | bytes | None) -> bytes | None:
    return text.encode() if isinstance(text, str) else text


def objections(edits: Edits, **about) -> dict[str, list[Objection]]:
    found = change(edits, **about)
    return {rung.name: [*rung.objections(found)] for rung in RUNGS}


HARMLESS = {
    "a duplicate becomes an import": ({"app/team.py": IMPORTED}, "app.team.SocketManagerProtocol", "WSC101"),
    "a backup goes": ({"app/manager.py.bak": None}, "app/manager.py.bak", "WSC106"),
}


@pytest.mark.parametrize(("edits", "symbol", "code"), HARMLESS.values(), ids=HARMLESS)
def test_nothing_is_held_against(edits: Edits, symbol: str, code: str):
    assert not any(objections(edits, symbol=symbol, code=code).values())


WHOLE = {
    "app/emitter.py": [
        (b"\xef\xbb\xbf" + EMITTER.encode(), "keeps-text", "the byte order mark would change"),
        (f"# coding: latin-1\n{EMITTER}", "keeps-text", "the encoding would change"),
        (EMITTER.rstrip(), "keeps-text", "the end of the file"),
        ("\n", "parses", "app/emitter.py would be empty"),
    ],
    "app/windows.py": [('"""Notes."""\r\nLIMIT = 1\n', "keeps-text", "line ends that it has not")],
    "app/manager.py": [(None, "resolves", "app/emitter.py:1 would not find app.manager")],
}
PARTS = [
    ("app/emitter.py", "class Emitter:", "class Emitter", "parses", "app/emitter.py:4 would not parse"),
    ("app/emitter.py", "import Manager", "import No as Manager", "resolves", "not find app.manager.No"),
    ("app/emitter.py", "app.manager", "app.nowhere", "resolves", "not find app.nowhere.Manager"),
    ("app/manager.py", "LIMIT =", "from app.emitter import Emitter\nLIMIT =", "resolves", "leads back to it"),
    (
        "app/manager.py",
        "LIMIT =",
        "from app.emitter import Emitter\nLIMIT =",
        "resolves",
        "Manager from app.manager",
    ),
    ("app/manager.py", "LIMIT = 3", "LOW = [LIMIT]", "binds-names", "would still use LIMIT"),
    ("app/manager.py", "LIMIT = 3", "LOW: 'LIMIT'", "binds-names", "would still use LIMIT"),
    ("app/manager.py", "LIMIT = 3", "", "keeps-names", "app/manager.py would not offer LIMIT any more"),
    ("app/manager.py", "def disconnect", "def _disconnect", "keeps-names", "Manager would lose disconnect"),
    ("app/manager.py", "user_id: str, socket:", "user: str, socket:", "keeps-names", "another signature"),
    ("app/manager.py", "async def connect", "def connect", "keeps-names", "connect with another signature"),
    ("app/manager.py", "LoudManager(Manager)", "LoudManager", "keeps-names", "would lose connect"),
    ("app/manager.py", "(Manager)", "(Manager, unknown())", "keeps-names", "inheritance that is incomplete"),
    ("app/team.py", "# a copy", "# the copy", "improves", "WSC101 would still be found"),
    ("app/emitter.py", f"await {COMPLETED}", "pass", "improves", "WSC202 would be new in app.emitter"),
    ("app/emitter.py", "agent_started", "it_started", "improves", "would cover agent_started less well"),
]
HARM = [(path, *row) for path, rows in WHOLE.items() for row in rows] + [
    (path, PROGRAM[path].replace(old, new), rung, reason) for path, old, new, rung, reason in PARTS
]


@pytest.mark.parametrize(("path", "after", "rung", "reason"), HARM, ids=[row[-1] for row in HARM])
def test_the_rung_speaks_up(path: str, after: str | bytes | None, rung: str, reason: str):
    found = change({path: after}, symbol="app.team.SocketManagerProtocol")
    said = next([*one.objections(found)] for one in RUNGS if one.name == rung)
    assert any(reason in objection.reason for objection in said), said
    assert all(objection.blames(found.plan.groups[0]) for objection in said)


def test_a_plan_that_does_not_settle_is_blamed_for_it():
    found = objections({"app/team.py": IMPORTED}, symbol="app.team.SocketManagerProtocol", again=True)
    assert [one.reason for one in found["settles"]] == [
        "a second run would rewrite app.team.SocketManagerProtocol again (WSC101)"
    ]


def test_every_rung_says_what_it_asks():
    assert all(sys.modules[rung.objections.__module__].__doc__.endswith("?") for rung in RUNGS)


def test_the_registry_holds_every_question_of_the_folder():
    folder = Path(verify.__file__).parent
    questions = {path.stem.replace("_", "-") for path in folder.glob("*.py")}
    assert questions - {rung.name for rung in RUNGS} == {"--init--", "change", "loading", "registry"}
