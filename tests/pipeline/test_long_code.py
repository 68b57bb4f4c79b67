"""Shapes that generated and grown code has: each once took minutes, or went deeper than Python lets it."""

from collections.abc import Mapping

import pytest

MANAGER = """\
from fastapi import WebSocket

class Manager:
    def __init__(self):
        self.active: dict[str, WebSocket] = {}

    async def join(self, user, socket: WebSocket):
        self.active[user] = socket

    def leave(self, user):
        self.active.pop(user)

    async def send(self, user, data):
        await self.active[user].send_json(data)
"""
START = {"app/__init__.py": "", "app/manager.py": MANAGER}


def _rows(text: str, times: int) -> str:
    return "".join(text.replace("#", str(index)) for index in range(times))


def _many_managers() -> Mapping[str, str]:
    extra = "\n" + _rows("    def extra#(self):\n        return self.active.get('#')\n\n", 8)
    return {f"app/m{i}.py": MANAGER.replace("Manager", f"Manager{i}") + extra for i in range(120)}


def _many_assignments() -> Mapping[str, str]:
    sets = _rows("        self.held = Manager()\n        self.all.append(self.held)\n", 800)
    sends = _rows("        await self.held.send('#', {})\n", 400)
    head = (
        "from app.manager import Manager\n\nclass Holder:\n    def __init__(self):\n        self.all = []\n"
    )
    return {"app/holder.py": f"{head}{sets}\n    async def tell(self):\n{sends}"}


def _long_function() -> Mapping[str, str]:
    rows = _rows("    x# = make(x#)\n    await manager.send('u', x#)\n", 1000)
    text = f"from app.manager import Manager\n\nasync def tell(manager: Manager):\n{rows}"
    return {"app/tell.py": text}


def _one_name_bound_again() -> Mapping[str, str]:
    rows = _rows("    x = make(x, #)\n    await manager.send('u', x)\n", 300)
    text = f"from app.manager import Manager\n\nasync def tell(manager: Manager):\n    x = 0\n{rows}"
    return {"app/tell.py": text}


def _stars_in_a_circle() -> Mapping[str, str]:
    times = 250
    star = "from app.s{} import *\nfrom app.manager import *\ndef f{}():\n    return f{}()\n"
    return {f"app/s{i}.py": star.format((i + 1) % times, i, (i + 1) % times) for i in range(times)}


def _methods_that_call_on() -> Mapping[str, str]:
    sends = "        await self.active['u'].send_json(x)\n"
    text = f"    async def m{{}}(self, x):\n        await self.m{{}}(x)\n{sends}"
    methods = "\n".join(text.format(i, (i + 1) % 400) for i in range(400))
    return {"app/chain.py": f"{MANAGER.replace('Manager', 'Chain')}\n{methods}"}


def _a_name_of_many_parts() -> Mapping[str, str]:
    names = [f"a{i}" for i in range(9)]
    options = [str(i) for i in range(20)]
    loops = "".join(f"{' ' * i}for {name} in {options}:\n" for i, name in enumerate(names))
    said = "".join(f"{{{name}}}" for name in names)
    call = f"{' ' * len(names)}Manager().send('u', {{'type': f'{said}'}})\n"
    return {"app/parts.py": f"from app.manager import Manager\n{loops}{call}"}


SHAPES = {
    "managers of one kind, each a little different": _many_managers,
    "a class that sets an attribute again and again": _many_assignments,
    "a function of thousands of lines": _long_function,
    "a name that is bound again and again": _one_name_bound_again,
    "modules that import everything of each other": _stars_in_a_circle,
    "methods of which each calls the next": _methods_that_call_on,
    "a name with more readings than can be listed": _a_name_of_many_parts,
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_long_code_is_read_to_its_end(shape, study):
    found = study({**START, **shape()})
    roles = {found.program.classes[id].name: cast.role for id, cast in found.casts.items()}
    assert roles["Manager"] == "manager"
