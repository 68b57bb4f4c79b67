"""Which statements end a loop right after a change; the other cases are the examples of WSC402."""

from textwrap import indent

import pytest

from wsconsolidate.config import Config
from wsconsolidate.pipeline.analyze import analyze
from wsconsolidate.rules.iteration import changed_while_awaiting

HUB = """
class Hub:
    def __init__(self):
        self.sockets = {{}}

    @property
    def copied(self):
        return list(self.sockets)

    def close(self, name):
        self.sockets.pop(name)

    def ping(self, name):
        self.pong(name)

    def pong(self, name):
        self.ping(name)

    async def emit(self, wanted):
{body}
"""
FIRST = HUB.splitlines().index("{body}") + 1
LOOP = "for name, socket in self.sockets.items():\n    await socket.send()\n"


def changes(tmp_path, body):
    (tmp_path / "hub.py").write_text(HUB.format(body=indent(body, " " * 8)))
    program = analyze([tmp_path], tmp_path, Config()).program
    (hub,) = program.named("hub.Hub")
    found = changed_while_awaiting(program, hub, hub.functions["emit"])
    return [(str(change.place), change.line - FIRST) for change in found]


DEL = "    del self.sockets[name]\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(LOOP + DEL, [("self.sockets", 2)], id="changed"),
        pytest.param(LOOP + DEL + "    break\n", [], id="break"),
        pytest.param(LOOP + DEL + "    return\n", [], id="return"),
        pytest.param(LOOP + DEL + "    raise KeyError\n", [], id="raise"),
        pytest.param(LOOP + DEL + "    continue\n", [("self.sockets", 2)], id="continue"),
        pytest.param(
            LOOP + DEL + "    if wanted:\n        break\n", [("self.sockets", 2)], id="break on a condition"
        ),
        pytest.param(
            LOOP + "    if wanted:\n        del self.sockets[name]\n    break\n", [], id="break in any case"
        ),
        pytest.param(LOOP + "    break\n" + DEL, [("self.sockets", 3)], id="break before"),
        pytest.param(
            LOOP + "    while wanted:\n        del self.sockets[name]\n        break\n",
            [("self.sockets", 3)],
            id="break of a while",
        ),
        pytest.param(
            LOOP + "    for one in wanted:\n        del self.sockets[one]\n        break\n",
            [("self.sockets", 3)],
            id="break of an inner loop",
        ),
        pytest.param(
            LOOP + "    for one in wanted:\n        del self.sockets[one]\n        return\n",
            [],
            id="return from an inner loop",
        ),
        pytest.param("for name, socket in self.sockets.items():\n" + DEL, [], id="nothing awaited"),
        pytest.param(
            "for name in self.sockets:\n    async with wanted:\n        self.sockets.clear()\n",
            [("self.sockets", 2)],
            id="async with",
        ),
        pytest.param(
            "for name in self.sockets[wanted]:\n    await name\n    await name.send()\n"
            "    self.sockets[wanted].pop(name)\n",
            [("self.sockets[wanted]", 3)],
            id="an item by subscript",
        ),
        pytest.param(
            "for name in self.sockets[wanted]:\n    await name.send()\n    self.sockets[name].pop(name)\n",
            [],
            id="another item",
        ),
        pytest.param(
            "mine = self.sockets.get(wanted) or {}\nfor name in mine:\n    await name.send()\n"
            "    self.sockets[wanted].pop(name)\n",
            [("self.sockets[wanted]", 3)],
            id="an alias of an item",
        ),
        pytest.param(
            "for index, name in enumerate(self.sockets):\n"
            "    await name.send()\n    self.sockets.remove(name)\n",
            [("self.sockets", 2)],
            id="enumerate reads as it goes",
        ),
        pytest.param(
            LOOP + "    self.sockets[wanted] = socket\n", [("self.sockets", 2)], id="another key is added"
        ),
        pytest.param(LOOP + "    self.sockets[wanted] += 1\n", [], id="an item is counted up"),
        pytest.param(LOOP + "    self.close(name)\n", [("self.sockets", 2)], id="by a method"),
        pytest.param(LOOP + "    self.ping(name)\n", [], id="by methods that call each other"),
        pytest.param(
            "for name in self.copied:\n    await name.send()\n    self.copied.clear()\n", [], id="a property"
        ),
    ],
)
def test_changes_are_found(tmp_path, body, expected):
    assert changes(tmp_path, body) == expected
