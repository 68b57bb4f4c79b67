"""The types of expressions: each program asks with `reveal(expression)`."""
# ruff: noqa: E501 - a row holds a program

import pytest

from tests.programs import linked

BASE = """\
import asyncio
from collections import defaultdict, deque
from typing import Any, Optional, Union, Annotated, Awaitable, Literal
from starlette.websockets import WebSocket

class A:
    def made(self) -> "B": ...
    def same(self): return self
    @property
    def held(self) -> "B": ...
class B: pass
class Sub(A):
    def made(self): return super().made()
"""
SOCKET = "starlette.websockets.WebSocket"


def text(found):
    """A type as one writes it; the keys of dicts that say nothing are left out."""
    short = found.name.removeprefix("main.").removeprefix("builtins.")
    if found.name == "typing.Union":
        return " | ".join(map(text, found.args))
    return f"{short}[{', '.join(map(text, found.args))}]" if found.args else short


def revealed(program):
    """The types of what the only call of `reveal` is given."""
    known = linked(BASE + program)
    edges = [edge for calls in known.edges.values() for edge in calls]
    (asked,) = [edge for edge in edges if getattr(edge.call.func, "id", "") == "reveal"]
    return [text(found) for found in known.lookup.types(asked.scope, asked.call.args[0])]


ROWS = [
    # literals and displays
    ("reveal(1)", ["int"]),
    ("reveal(f'{1}')", ["str"]),
    ("reveal(None)", []),
    ("reveal([A()])", ["list[A]"]),
    ("reveal({1: A(), 2: B()})", ["dict[object, A | B]"]),
    ("reveal({A()})", ["set[A]"]),
    ("reveal([a for a in [A()]])", ["list"]),
    ("reveal({})", ["dict"]),
    # names
    ("a = A()\nreveal(a)", ["A"]),
    ("a = A()\nb = a\nreveal(b)", ["A"]),
    ("a = A() if x else B()\nreveal(a)", ["A", "B"]),
    ("a = None or A()\nreveal(a)", ["A"]),
    ("def f():\n a = A()\n reveal(a)", ["A"]),
    ("def f():\n a = A()\n a = B()\n reveal(a)", ["A", "B"]),
    ("def f():\n a = A()\n def g(): reveal(a)", ["A"]),
    ("_a = None\ndef f():\n global _a\n _a = A()\ndef g(): reveal(_a)", ["A"]),
    ("def f():\n with A() as a: reveal(a)", ["A"]),
    ("reveal(A)", ["type[A]"]),
    # parameters
    ("def f(a: A): reveal(a)", ["A"]),
    ("def f(a: 'A'): reveal(a)", ["A"]),
    ("def f(a: Optional[A]): reveal(a)", ["A"]),
    ("def f(a: A | None): reveal(a)", ["A"]),
    ("def f(a: Union[A, B]): reveal(a)", ["A", "B"]),
    ("def f(a: Annotated[A, B]): reveal(a)", ["A"]),
    ("def f(a: list[A]): reveal(a)", ["list[A]"]),
    ("def f(a: dict[str, set[WebSocket]]): reveal(a)", [f"dict[str, set[{SOCKET}]]"]),
    ("def f(a: Any): reveal(a)", []),
    ("def f(a: Literal['A']): reveal(a)", []),
    ("Alias = dict[str, A]\ndef f(a: Alias): reveal(a)", ["dict[str, A]"]),
    ("def f(*a: A): reveal(a)", ["tuple[A]"]),
    ("def f(**a: A): reveal(a)", ["dict[object, A]"]),
    ("def f(*a: A):\n for b in a: reveal(b)", ["A"]),
    ("def f(a): reveal(a)\nf(A())", ["A"]),
    ("def f(a): reveal(a)\nf(a=A())\nf(B())", ["A", "B"]),
    ("def f(a: B): reveal(a)\nf(A())", ["B"]),
    ("class C:\n def __init__(self, a): reveal(a)\nC(A())", ["A"]),
    ("class C:\n def f(self, a): reveal(a)\nC().f(A())", ["A"]),
    ("class C:\n @staticmethod\n def f(a): reveal(a)\nC.f(A())", ["A"]),
    ("class C:\n def f(self): reveal(self)", ["C"]),
    ("class C:\n @classmethod\n def f(cls): reveal(cls)", ["type[C]"]),
    ("class C:\n @staticmethod\n def f(self): reveal(self)", []),
    ("a = A()\ndef f(b=a): reveal(b)", ["A"]),
    ("def provide(): return A()\ndef f(a=Depends(provide)): reveal(a)", ["A"]),
    # attributes
    ("class C:\n def __init__(self): self.a = A()\nreveal(C().a)", ["A"]),
    ("class C:\n def __init__(self, a): self.a = a\n def f(self): reveal(self.a)\nC(A())", ["A"]),
    ("class C:\n a: A\n def f(self): reveal(self.a)", ["A"]),
    ("class C:\n a = A()\nclass D(C):\n def f(self): reveal(self.a)", ["A"]),
    ("class C:\n a: A\nclass D(C):\n a: B\n def f(self): reveal(self.a)", ["B"]),
    ("class C: pass\nc = C()\ndef f(): c.a = A()\nreveal(c.a)", ["A"]),
    ("reveal(A().held)", ["B"]),
    ("reveal(A().made)", []),
    ("class C:\n a = A()\nreveal(C.a)", ["A"]),
    ("class C:\n a: A\nclass D:\n c: C\n def f(self): reveal(self.c.a)", ["A"]),
    ("def f(): app.state.a = A()\ndef g(r): reveal(r.app.state.a)", ["A"]),
    ("reveal(getattr(A(), 'held'))", ["B"]),
    # calls
    ("reveal(A().made())", ["B"]),
    ("reveal(Sub().made())", ["B"]),
    ("reveal(Sub().held)", ["B"]),
    ("reveal(A().same())", ["A"]),
    ("def f(): return A()\nreveal(f())", ["A"]),
    ("def f() -> B: return A()\nreveal(f())", ["B"]),
    ("def f(): yield A()\nreveal(f())", []),
    ("def f(): return f()\nreveal(f())", []),
    ("async def f(): return A()\nasync def g(): reveal(await f())", ["A"]),
    ("def f() -> Awaitable[A]: ...\nreveal(f())", ["A"]),
    ("def f(c: type[A]): reveal(c())", ["A"]),
    ("reveal(cast(A, x))", ["A"]),
    ("reveal(WebSocket())", [SOCKET]),
    ("reveal(no.such())", []),
    # containers
    ("def f(a: dict[str, A]): reveal(a['x'])", ["A"]),
    ("def f(a: dict[str, A]): reveal(a.get('x'))", ["A"]),
    ("def f(a: dict[str, A]):\n for k, v in a.items(): reveal(v)", ["A"]),
    ("def f(a: dict[str, A]):\n for v in a.values(): reveal(v)", ["A"]),
    ("def f(a: dict[A, B]):\n for k in a: reveal(k)", ["A"]),
    ("def f(a: list[A]):\n for v in a: reveal(v)", ["A"]),
    ("def f(a: list[A]):\n for v in list(a): reveal(v)", ["A"]),
    ("def f(a: list[A]):\n for i, v in enumerate(a): reveal(v)", ["A"]),
    ("def f(a: set[A]): [reveal(v) for v in a]", ["A"]),
    ("def f(a: set[A]): reveal(a.copy())", ["set[A]"]),
    ("def f(a: set[A]): reveal(set(a))", ["set[A]"]),
    ("def f(a: set[A]): reveal(sorted(a))", ["list[A]"]),
    ("from copy import copy\ndef f(a: set[A]): reveal(copy(a))", ["set[A]"]),
    ("from copy import deepcopy\ndef f(a: A): reveal(deepcopy(a))", ["A"]),
    ("import copy\ndef f(a: A): reveal(copy.copy(a))", ["A"]),
    ("def f(a: dict[str, A]): reveal(dict(a))", ["dict[str, A]"]),
    ("def f(a: list[A | B]): reveal(a[0])", ["A", "B"]),
    # what is put into containers
    ("class C:\n def __init__(self): self.a = {}\n def f(self, a: A): self.a['x'] = a\nreveal(C().a)", ["dict[object, A]"]),
    ("class C:\n def __init__(self): self.a = []\n def f(self, a: A): self.a.append(a)\nreveal(C().a)", ["list[A]"]),
    ("class C:\n def __init__(self): self.a = defaultdict(set)\n def f(self, a: A): self.a['x'].add(a)\nreveal(C().a)",
     ["collections.defaultdict[object, dict[object, A]]"]),
    ("class C:\n def __init__(self): self.a = {}\n def f(self, a: A): self.a.setdefault('x', {})['y'] = a\nreveal(C().a)",
     ["dict[object, dict[object, A]]"]),
    ("class C:\n a: dict[str, Any]\n def f(self, a: A): self.a['x'] = a\nreveal(C().a)", ["dict[object, A]"]),
    ("class C:\n def __init__(self): self.a: list[B] = []\n def f(self, a: A): self.a.append(a)\nreveal(C().a)", ["list[B]"]),
]  # fmt: skip


@pytest.mark.parametrize(("program", "types"), ROWS, ids=[row[0] for row in ROWS])
def test_type(program, types):
    assert revealed(program) == types


def test_circles_end():
    program = "class C:\n def a(self): return self.b()\n def b(self): return self.a()\nreveal(C().a())\n"
    assert revealed(program) == []


def test_a_long_chain_ends():
    chain = "".join(f"def f{i}(): return f{i + 1}()\n" for i in range(200))
    assert revealed(f"{chain}def f200(): return A()\nreveal(f0())\n") in ([], ["A"])
