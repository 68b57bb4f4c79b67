"""Who calls whom."""
# ruff: noqa: E501 - a row holds a program

import pytest

from tests.programs import linked
from wsconsolidate.model.expr import unparse
from wsconsolidate.model.facts import MODULE_SCOPE
from wsconsolidate.model.program import Certainty, ScopeId

CALLS = [
    ("a function", "def f(): pass\nf()", "f()", ["main.f"], Certainty.NAMED),
    ("a method by type", "class A:\n def f(self): pass\na = A()\na.f()", "a.f()", ["main.A.f"], Certainty.TYPED),
    ("an inherited method", "class A:\n def f(self): pass\nclass B(A): pass\nB().f()", "B().f()", ["main.A.f"], Certainty.TYPED),
    ("an overridden method", "class A:\n def f(self): return 1 + x\nclass B(A):\n def f(self): pass\nB().f()", "B().f()", ["main.B.f"], Certainty.TYPED),
    ("super", "class A:\n def f(self): pass\nclass B(A):\n def f(self): super().f()", "super().f()", ["main.A.f"], Certainty.TYPED),
    ("self", "class A:\n def f(self): self.g()\n def g(self): pass", "self.g()", ["main.A.g"], Certainty.TYPED),
    ("a class method", "class A:\n @classmethod\n def f(cls): pass\nA.f()", "A.f()", ["main.A.f"], Certainty.TYPED),
    ("a declaration and who implements it",
     "from typing import Protocol\nclass P(Protocol):\n def f(self): ...\nclass A:\n def f(self): return x\ndef g(p: P): p.f()",
     "p.f()", ["main.P.f", "main.A.f"], Certainty.TYPED),
    ("an abstract method and its subclasses",
     "class A:\n def f(self): raise NotImplementedError\nclass B(A):\n def f(self): return x\ndef g(a: A): a.f()",
     "a.f()", ["main.A.f", "main.B.f"], Certainty.TYPED),
    ("the only definition", "class A:\n def send_it(self): pass\ndef g(a): a.send_it()", "a.send_it()", ["main.A.send_it"], Certainty.ONLY_DEFINITION),
    ("two definitions", "class A:\n def send_it(self): pass\nclass B:\n def send_it(self): pass\ndef g(a): a.send_it()", "a.send_it()", [], None),
    ("a name of one word", "class A:\n def send(self): pass\ndef g(a): a.send()", "a.send()", [], None),
    ("a known receiver without the method", "class A:\n def send_it(self): pass\ndef g(a: str): a.send_it()", "a.send_it()", [], None),
    ("an import", "# file: a.py\ndef f(): pass\n# file: main.py\nimport a\na.f()", "a.f()", ["a.f"], Certainty.NAMED),
    ("an unknown name", "f()", "f()", [], None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("program", "call", "targets", "certainty"), [row[1:] for row in CALLS], ids=[row[0] for row in CALLS]
)
def test_call(program, call, targets, certainty):
    known = linked(program)
    edges = [edge for calls in known.edges.values() for edge in calls]
    (edge,) = [edge for edge in edges if unparse(edge.call) == call]
    assert [known.functions[target].qualname for target in edge.targets] == targets
    assert edge.certainty is certainty


OUTSIDE = [
    ("import json\njson.dumps(1)", "json.dumps"),
    ("from json import dumps as d\nd(1)", "json.dumps"),
    ("print(1)", "builtins.print"),
    ("from starlette.websockets import WebSocket\ndef f(w: WebSocket): w.close()", "starlette.websockets.WebSocket.close"),
    ("def f(x): x.close()", None),
]  # fmt: skip


@pytest.mark.parametrize(("program", "name"), OUTSIDE)
def test_a_call_out_of_the_tree(program, name):
    (edge,) = [edge for calls in linked(program).edges.values() for edge in calls]
    assert edge.outside == name


@pytest.mark.parametrize(
    ("program", "made"),
    [
        ("class A: pass\nA()", ["main.A"]),
        ("class A: pass\nB = A\nB()", ["main.A"]),
        ("class A: pass\ndef f(c: type[A]): c()", ["main.A"]),
        ("def A(): pass\nA()", []),
    ],
)
def test_construction(program, made):
    known = linked(program)
    (edge,) = [edge for calls in known.edges.values() for edge in calls]
    assert [known.classes[id].qualname for id in edge.constructs] == made


WRITES = [
    ("w: WebSocket", "w.send_json({})", True),
    ("w: WebSocket", "w.accept()", False),
    ("w: str", "w.send_json({})", False),
    ("w", "w.send_json({})", True),
    ("w", "w.send({})", False),
    ("w: Mine", "w.send_text('')", True),
]


@pytest.mark.parametrize(("parameter", "call", "writes"), WRITES)
def test_a_call_that_writes_to_a_socket(parameter, call, writes):
    program = (
        "from starlette.websockets import WebSocket\nclass Mine(WebSocket): pass\n"
        f"def f({parameter}):\n    {call}\n"
    )
    (edge,) = [edge for calls in linked(program).edges.values() for edge in calls]
    assert edge.writes is writes


def test_the_way_onward_is_the_shortest_to_a_socket():
    program = (
        "from starlette.websockets import WebSocket\n"
        "def a(w): b(w)\n"
        "def b(w): c(w)\n"
        "def c(w: WebSocket): w.send_json({})\n"
        "def d(w):\n    a(w)\n    c(w)\n"
        "def e(): pass\n"
        "e()\n"
    )
    known = linked(program)
    names = {ScopeId(*id): function.name for id, function in known.functions.items()}
    ways = {names.get(scope, "main"): unparse(edge.call) for scope, edge in known.onward.items()}
    assert ways == {"a": "b(w)", "b": "c(w)", "c": "w.send_json({})", "d": "c(w)"}
    assert ScopeId("main.py", MODULE_SCOPE) not in known.onward
