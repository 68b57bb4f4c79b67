"""What names, conditions and constants stand for."""

import ast

import pytest

from tests.programs import linked, names_of
from wsconsolidate.extract.expressions import ExpressionReader
from wsconsolidate.link.conditions import Interpreter
from wsconsolidate.link.lineage import Lineage
from wsconsolidate.model.facts import MODULE_SCOPE
from wsconsolidate.model.program import (
    ClassTarget,
    FunctionTarget,
    ModuleTarget,
    OutsideTarget,
    ScopeId,
    ValueTarget,
)


def shown(names, target):
    match target:
        case ModuleTarget(name=name):
            return f"module {name}"
        case OutsideTarget(name=name):
            return f"outside {name}"
        case ClassTarget(id=id):
            return f"{names.module_at(id.path).name}:{id.line}"
        case FunctionTarget(id=id):
            return f"{names.module_at(id.path).name}:{id.line}()"
        case ValueTarget(scope=scope, line=line):
            return f"value {names.module_at(scope.path).name}:{line}"


def meant(program, text, *, runtime):
    names = names_of(program)
    Lineage(names)  # from now on members are looked up in the order of the class
    expr = ExpressionReader().read(ast.parse(text, mode="eval").body)
    targets = names.targets(ScopeId("main.py", MODULE_SCOPE), expr, runtime=runtime)
    return [shown(names, target) for target in targets]


A = "# file: a.py\nclass A: pass\ndef f(): pass\nx = 1\n"
ROWS = [
    ("class X: pass", "X", ["main:1"]),
    ("def X(): pass", "X", ["main:1()"]),
    ("X = 1", "X", ["value main:1"]),
    ("", "len", ["outside builtins.len"]),
    (A + "# file: main.py\nimport a", "a", ["module a"]),
    (A + "# file: main.py\nimport a", "a.A", ["a:1"]),
    (A + "# file: main.py\nimport a", "a.f", ["a:2()"]),
    (A + "# file: main.py\nfrom a import x", "x", ["value a:3"]),
    (A + "# file: main.py\nfrom a import none", "none", ["outside a.none"]),
    (A + "# file: main.py\nfrom a import *", "f", ["a:2()"]),
    ("class X:\n class Y: pass", "X.Y", ["main:2"]),
    ("class X:\n def f(self): pass\nclass Z(X): pass", "Z.f", ["main:2()"]),
    ("class X: pass\nY = X\nZ = Y", "Z", ["main:1"]),
    ("X = Y\nY = X", "X", ["value main:1"]),
    ("if a:\n class X: pass\nelse:\n class X: pass", "X", ["main:2", "main:4"]),
    ("class X: pass\nif a:\n class X: pass", "X", ["main:1", "main:3"]),
    ("class X: pass\nclass X: pass", "X", ["main:2"]),
    ("class X: pass\ndel X", "X", ["outside builtins.X"]),
]


@pytest.mark.parametrize(("program", "text", "targets"), ROWS)
@pytest.mark.parametrize("runtime", [True, False])
def test_targets(program, text, targets, runtime):
    assert meant(program, text, runtime=runtime) == targets


VIEWS = [
    ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n class X: pass", "X",
     ["outside builtins.X"], ["main:3"]),
    ("import json", "json.JSONEncoder", ["json.encoder:73"], ["outside json.JSONEncoder"]),
    ("from typing import List", "List", ["outside typing.List"], ["outside typing.List"]),
]  # fmt: skip


@pytest.mark.parametrize(("program", "text", "runtime", "read"), VIEWS)
def test_what_runs_and_what_a_reader_means(program, text, runtime, read):
    first, second = meant(program, text, runtime=True), meant(program, text, runtime=False)
    assert [name.partition(":")[0] for name in first] == [name.partition(":")[0] for name in runtime]
    assert second == read


CONDITIONS = [
    ("True", True),
    ("0", False),
    ("''", False),
    ("None", False),
    ("not 1", False),
    ("unknown", None),
    ("TYPE_CHECKING", False),
    ("typing.TYPE_CHECKING", False),
    ("not TYPE_CHECKING or unknown", True),
    ("TYPE_CHECKING and unknown", False),
    ("unknown and True", None),
    ("sys.version_info >= (3, 12)", True),
    ("()[0]", None),
    ("(1,)[1]", None),
    ("sys.version_info > (3, 12)", True),
    ("sys.version_info <= (3, 12)", False),
    ("sys.version_info < (3, 13)", True),
    ("sys.version_info >= (3, 12, 0)", True),
    ("sys.version_info >= (3, 12, 4)", None),
    ("sys.version_info >= (3, 13, 4)", False),
    ("sys.version_info[:2] == (3, 12)", True),
    ("sys.version_info[:2] > (3, 12)", False),
    ("sys.version_info[0] >= 3", True),
    ("sys.version_info[1] == 12", True),
    ("sys.version_info[1:] >= (12,)", None),
    ("sys.version_info[2] > 1", None),
    ("few[0] > 1", None),
    ("sys.version_info.major == 2", False),
    ("(3, 12) > sys.version_info", False),
    ("sys.version_info > 3", None),
    ("sys.platform == 'win32'", True),
    ("sys.platform.startswith('win')", True),
    ("sys.platform != 'win32'", False),
    ("sys.platform in ('win32',)", None),
    ("(3,)[1]", None),
    ("os.name == 'nt'", True),
    ("os.name == 'posix'", False),
    ("flag", True),
    ("not flag", False),
    ("flag is None", False),
    ("nothing is None", True),
    ("nothing is not None", False),
    ("json", True),
    ("json is None", False),
    ("unknown is None", None),
    ("either", None),
    ("me", None),
    ("F()", None),
]


@pytest.mark.parametrize(("test", "truth"), CONDITIONS)
def test_condition(test, truth):
    program = (
        "import json, os, sys, typing\nfrom typing import TYPE_CHECKING\nflag = True\nnothing = None\n"
        "few = ()\neither = True\nif unknown: either = False\nme = not me\nclass F: pass\n"
        f"if {test}:\n    class Yes: pass\nelse:\n    class No: pass\n"
    )
    names = names_of(program, Interpreter((3, 12), "win32"))
    yes, no = names.all_bindings(ScopeId("main.py", MODULE_SCOPE))[-2:]
    runs = [names.reach.runs(ScopeId("main.py", MODULE_SCOPE), binding.guards) for binding in (yes, no)]
    assert runs == [truth, None if truth is None else not truth]


CONSTANTS = [
    ("X = 1", "X", 1),
    ("X = 'a'\nY = X", "Y", "a"),
    ("X = True", "X", True),
    ("X = None", "X", None),
    ("X = b'a'", "X", None),
    ("X = f()", "X", None),
    ("class E:\n A = 'a'", "E.A", "a"),
    ("import enum\nclass E(enum.Enum):\n A = 'a'", "E.A.value", "a"),
    ("import enum\nclass E(enum.Enum):\n A = 'a'", "E.A.name", "A"),
    ("from enum import StrEnum, auto\nclass E(StrEnum):\n AGENT = auto()", "E.AGENT", "agent"),
    ("X = 'a'", "f'{X}_b'", "a_b"),
    ("X = f()", "f'{X}_b'", None),
    ("X = 'a'", "str(X)", "a"),
    ("X = {'a': 'b'}", "X['a']", "b"),
    ("X = {'a': 'b'}", "X['c']", None),
    ("X = X", "X", None),
    ("if a:\n X = 1\nelse:\n X = 2", "X", None),
    ("# file: a.py\nX = 'a'\n# file: main.py\nfrom a import X", "X", "a"),
]


@pytest.mark.parametrize(("program", "text", "value"), CONSTANTS)
def test_constant(program, text, value):
    known = linked(f"{program}\nask({text})\n")
    scope = ScopeId("main.py", MODULE_SCOPE)
    assert known.lookup.constant(scope, known.edges[scope][-1].call.args[0]) == value
