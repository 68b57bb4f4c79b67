"""What changes a fingerprint, and what does not."""

from collections import Counter
from textwrap import indent

import pytest

PROGRAM = """
# file: app/hub.py
from fastapi import WebSocket

class Hub:
    def __init__(self) -> None:
        self.sockets: dict[str, WebSocket] = {}

    def join(self, name: str, socket: WebSocket) -> None:
        self.sockets[name] = socket

    async def push(self, message: dict) -> None:
        for name, socket in self.sockets.items():
            await socket.send_json(message)
            del self.sockets[name]

# file: app/run.py
from app.hub import Hub

class Runner:
    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    def start(self, name: str) -> None:
        self.hub.push({"type": "agent_started", "name": name})

    async def stop(self, name: str) -> None:
        await self.hub.push({"type": "agent_completed", "name": name})

class Waiter:
    def __init__(self, hub: Hub, limit: int) -> None:
        self.hub = hub

    async def wait(self, name: str) -> None:
        await self.hub.push({"type": "agent_thinking", "name": name})
"""
DROPPED = 'self.hub.push({"type": "agent_started", "name": name})'
AWAITED = 'await self.hub.push({"type": "agent_completed", "name": name})'
START = f"""    def start(self, name: str) -> None:
        {DROPPED}

"""
RUNNER = PROGRAM[PROGRAM.index("class Runner") : PROGRAM.index("class Waiter")]


def prints(found):
    return Counter(one.fingerprint for one in found if one.code in ("WSC206", "WSC402"))


def edited(*pairs):
    text = PROGRAM
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def indented(width):
    lines = (line.lstrip(" ") for line in PROGRAM.splitlines())
    depths = ((len(line) - len(line.lstrip(" "))) // 4 for line in PROGRAM.splitlines())
    return "\n".join(" " * width * depth + line for depth, line in zip(depths, lines, strict=True))


SILENT = {
    "lines shifted": edited(("class Runner", "# one\n\n# two\nLIMIT = 3\n\n\nclass Runner")),
    "lines shifted inside": edited((DROPPED, f"# say so\n        {DROPPED}")),
    "another indentation": indented(2),
    "indented under an if": edited((RUNNER, "if True:\n" + indent(RUNNER, "    "))),
    "file renamed": edited(("# file: app/run.py", "# file: app/jobs/runner.py")),
    "class renamed": edited(("Runner", "JobRunner")),
    "other class renamed": edited(("Hub", "Exchange")),
    "literal edited": edited(('"agent_started", "name"', '"agent_started", "the name of the agent"')),
    "call on several lines": edited((DROPPED, DROPPED.replace("({", "(\n            {"))),
}
NEW = {
    "swap in one class": edited((DROPPED, "pass"), (AWAITED, AWAITED.removeprefix("await "))),
    "another of the kind": edited((AWAITED, AWAITED.removeprefix("await "))),
    "once more the same": edited((DROPPED, f"{DROPPED}\n        {DROPPED}")),
    "a verbatim copy of the class": PROGRAM + "\n# file: app/copy.py\nfrom app.hub import Hub\n\n" + RUNNER,
    "a renamed copy of the class": PROGRAM + RUNNER.replace("Runner", "Copied"),
    "moved to another class": edited((START, ""), ("    async def wait", f"{START}    async def wait")),
}


def test_there_is_something_to_compare(found_in):
    assert len(prints(found_in(PROGRAM))) == 2


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT.keys())
def test_the_same_finding_keeps_its_fingerprint(found_in, text):
    assert text != PROGRAM
    assert prints(found_in(text)) == prints(found_in(PROGRAM))


@pytest.mark.parametrize("text", NEW.values(), ids=NEW.keys())
def test_another_finding_has_another_fingerprint(found_in, text):
    assert prints(found_in(text)) - prints(found_in(PROGRAM))


def test_a_new_member_of_the_class_changes_only_where(found_in):
    more = edited((START, f"{START}    def pause(self, name: str) -> None:\n        print(name)\n\n"))
    before, after = found_in(PROGRAM), found_in(more)
    assert [one.symbol for one in before] == [one.symbol for one in after]
    assert [what(one) for one in before] == [what(one) for one in after]
    assert prints(before) != prints(after)


def what(finding):
    return finding.fingerprint.partition("-")[0]


def test_functions_outside_of_classes_are_told_apart(found_in):
    functions = """
async def push(socket) -> None:
    await socket.send_json({})

def start(socket) -> None:
    push(socket)

def stop(socket) -> None:
    push(socket)
"""
    assert len(prints(found_in(functions))) == 2


@pytest.mark.parametrize(
    ("name", "same"),
    [("other/manager.py.bak", True), ("app/emitter.py.bak", False), ("app/manager.py~", False)],
)
def test_a_backup_is_known_by_its_own_name(found_in, name, same):
    here, there = (
        {one.fingerprint for one in found_in(f"x = 1\n# file: {path}\nold\n")}
        for path in ("app/manager.py.bak", name)
    )
    assert len(here) == len(there) == 1
    assert (here == there) is same
