"""What happens to code under a gate: edits of a small program, and what a ratchet has to say to each.

Every call of `send` that is not awaited, or whose text is a number, is a defect: the first for a tool
that knows events, the second for a type checker, and a pattern finds both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from textwrap import indent

Files = Mapping[str, str]

HUB = """\
from fastapi import WebSocket


class Hub:
    def __init__(self) -> None:
        self.sockets: dict[str, WebSocket] = {}

    async def join(self, user: str, socket: WebSocket) -> None:
        self.sockets[user] = socket

    async def send(self, event: str, text: str) -> None:
        for socket in list(self.sockets.values()):
            await socket.send_json({"type": event, "text": text})
"""
HEAD = "from app.hub import Hub\n"
RUNNER = '''\
class Runner:
    """Tells the browser how far a run is."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def start(self) -> None:
        self.hub.send("agent_started", 1)

    async def think(self) -> None:
        await self.hub.send("agent_thinking", "...")

    async def stop(self) -> None:
        self.hub.send("agent_completed", 2)
        self.hub.send("agent_completed", 2)
'''
WAITER = '''\
class Waiter:
    """Tells the browser that a tool is at work."""

    def __init__(self, hub: Hub, tool: str) -> None:
        self.hub = hub
        self.tool = tool

    async def wait(self) -> None:
        await self.hub.send("tool_executing", self.tool)
'''
RUN = "app/run.py"
START = """\
    async def start(self) -> None:
        self.hub.send("agent_started", 1)
"""
THIRD = '        self.hub.send("agent_completed", 2)\n'
NEARLY = RUNNER.replace("Runner", "Copied").replace("completed", "thinking")
PROGRAM: Files = {"app/__init__.py": "", "app/hub.py": HUB, RUN: f"{HEAD}\n\n{RUNNER}\n\n{WAITER}"}


class Says(Enum):
    """What a ratchet has to say: nothing, that something is new, or that its file has slack."""

    NOTHING = "nothing"
    NEW = "new"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Row:
    """An edit, what a ratchet has to say to it, and whether the edit is committed."""

    name: str
    says: Says
    edit: Callable[[Files], Files]
    committed: bool = True


def _swap(*pairs: tuple[str, str], path: str = RUN) -> Callable[[Files], Files]:
    """The edit that puts one text in the place of another, each of which is there."""

    def edit(files: Files) -> Files:
        text = files[path]
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new, 1)
        return {**files, path: text}

    return edit


def _rename(old: str, new: str) -> Callable[[Files], Files]:
    return lambda files: {new if path == old else path: text for path, text in files.items()}


def _add(path: str, text: str) -> Callable[[Files], Files]:
    return lambda files: {**files, path: text}


def _two_spaces(files: Files) -> Files:
    return {**files, RUN: files[RUN].replace("    ", "  ")}


MENDED = ('self.hub.send("agent_started", 1)', 'await self.hub.send("agent_started", "1")')
BROKEN = ('await self.hub.send("agent_thinking", "...")', 'self.hub.send("agent_thinking", 3)')
ROWS = (
    Row("nothing changed", Says.NOTHING, _swap()),
    Row("lines shifted", Says.NOTHING, _swap((RUNNER, f"# one\n# two\nLIMIT = 3\n\n\n{RUNNER}"))),
    Row("lines shifted inside a method", Says.NOTHING, _swap((THIRD, f"        # bye\n\n{THIRD}"))),
    Row("another indentation", Says.NOTHING, _two_spaces),
    Row("indented under an `if`", Says.NOTHING, _swap((RUNNER, f"if True:\n{indent(RUNNER, '    ')}"))),
    Row("file renamed", Says.NOTHING, _rename(RUN, "app/runners.py")),
    Row("class renamed", Says.NOTHING, _swap(("class Runner", "class AgentRunner"))),
    Row("literal edited", Says.NOTHING, _swap(('"agent_started", 1', '"agent_started", 12345'))),
    Row("one fixed", Says.STALE, _swap(MENDED)),
    Row("one of two equal fixed", Says.STALE, _swap((THIRD, ""))),
    Row("swap: one fixed, another added", Says.NEW, _swap(MENDED, BROKEN)),
    Row("another added", Says.NEW, _swap(BROKEN)),
    Row("a third, word for word", Says.NEW, _swap((THIRD, THIRD * 2))),
    Row("class copied, word for word", Says.NEW, _add("app/copy.py", f"{HEAD}\n\n{RUNNER}")),
    Row("class copied, renamed and edited", Says.NEW, _add("app/copy.py", f"{HEAD}\n\n{NEARLY}")),
    Row("moved to another class", Says.NEW, _swap((f"{START}\n", ""), (WAITER, f"{WAITER}\n{START}"))),
    Row("another added, not staged", Says.NEW, _swap(BROKEN), committed=False),
    Row("class copied, not tracked", Says.NEW, _add("app/copy.py", f"{HEAD}\n\n{RUNNER}"), committed=False),
)
