"""Scopes, bindings, classes and functions of small sources."""

import pytest

from tests.programs import facts_of
from wsconsolidate.model.expr import unparse
from wsconsolidate.model.facts import (
    ClassBinding,
    FunctionBinding,
    Handing,
    ImportBinding,
    OtherBinding,
    ParameterKind,
    ScopeKind,
    ValueBinding,
)


def shown(binding):
    """One binding as short text."""
    guards = "".join(
        f" [{guard.branch} {unparse(guard.test)}]".replace(" ]", "]") for guard in binding.guards
    )
    match binding:
        case ImportBinding():
            what = f"from {'.' * binding.level}{binding.module} {binding.attribute}{' as' * binding.renamed}"
        case ClassBinding() | FunctionBinding():
            what = f"{type(binding).__name__[:-7].lower()} {binding.qualname}"
        case ValueBinding():
            what = f"= {unparse(binding.value)}" if binding.value else "="
            what += f": {unparse(binding.annotation)}" if binding.annotation else ""
        case OtherBinding():
            what = f"{binding.how} {unparse(binding.source)}".strip()
    return f"{binding.name} {what}{guards}"


def bound(source, qualname="", *, bodies=True):
    (scope,) = [scope for scope in facts_of(source, bodies=bodies).scopes if scope.qualname == qualname]
    return [shown(binding) for binding in scope.bindings]


BINDINGS = [
    ("import a.b", ["a from a.b None"]),
    ("import a.b as c", ["c from a.b None as"]),
    ("from .m import x as y, z", ["y from .m x as", "z from .m z"]),
    ("from .. import *", ["* from .. *"]),
    ("a = b = 1", ["a = 1", "b = 1"]),
    ("a: int = 1", ["a = 1: int"]),
    ("a: int", ["a =: int"]),
    ("a += b", ["a = <AugAssign: b>"]),
    ("a, (b, c) = 1, (2, 3)", ["a = 1", "b = 2", "c = 3"]),
    ("a, *b = c", ["a unpacking c", "b ="]),
    ("a, b = c", ["a unpacking c", "b unpacking c"]),
    ("del a, b.c", ["a del"]),
    ("for a, b in c: d = 1", ["a for c", "b for c", "d = 1 [loop]"]),
    ("while a: b = 1", ["b = 1 [loop a]"]),
    ("with a as b: c = 1", ["b with a", "c = 1 [with]"]),
    ("if a:\n b = 1\nelif c:\n b = 2\nelse:\n b = 3",
     ["b = 1 [if a]", "b = 2 [else a] [if c]", "b = 3 [else a] [else c]"]),
    ("try:\n a = 1\nexcept E as e:\n a = 2\nelse:\n b = 1\nfinally:\n c = 1",
     ["a = 1 [try <Except: E>]", "e except E", "a = 2 [except E]", "b = 1 [try <Except: E>]", "c = 1"]),
    ("match a:\n case 1: b = 1", ["b = 1 [match]"]),
    ("(a := 1)", ["a = 1"]),
    ("def f(): a = 1", ["f function f"]),
    ("class A: a = 1", ["A class A"]),
    ("a.b = 1", []),
    ("__all__ = ['a']\n__all__.extend(['b'])\n__all__.append('c')\n__all__.sort()",
     ["__all__ = ['a']", "__all__ = <AugAssign: ['b']>", "__all__ = <AugAssign: ['c']>", "__all__ ="]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), BINDINGS, ids=[row[0] for row in BINDINGS])
def test_bindings_of_a_module(source, expected):
    assert bound(source) == expected


SCOPES = [
    ("class A:\n def f(self): pass\n B = 1", "A", ["f function A.f", "B = 1"]),
    ("class A:\n class B: pass", "A", ["B class A.B"]),
    ("def f():\n class A:\n  def g(self): pass", "f", ["A class f.<locals>.A"]),
    ("def f():\n def g():\n  class A: pass", "f.<locals>.g", ["A class f.<locals>.g.<locals>.A"]),
    ("def f():\n a = 1\n import b", "f", ["a = 1", "b from b None"]),
    ("def f():\n global a\n a = 1\n b = 2", "f", ["b = 2"]),
    ("a = 0\ndef f():\n global a\n if b: a = 1", "", ["a = 0", "f function f", "a = 1 [function] [if b]"]),
    ("def f():\n global A\n class A: pass", "", ["f function f", "A class A [function]"]),
    ("def f():\n global g\n def g(): pass\n import h", "", ["f function f", "g function g [function]"]),
    ("def f():\n a = 1\n def g():\n  nonlocal a\n  a = 2", "f",
     ["a = 1", "g function f.<locals>.g", "a = 2 [function]"]),
    ("def f(a):\n def g():\n  nonlocal a\n  a = 2", "f", ["g function f.<locals>.g", "a = 2 [function]"]),
    ("def f():\n global a\n (a := 1)", "", ["f function f", "a = 1 [function]"]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "qualname", "expected"), SCOPES)
def test_bindings_of_a_scope(source, qualname, expected):
    assert bound(source, qualname) == expected


@pytest.mark.parametrize("source", [row[0] for row in BINDINGS if ":=" not in row[0]])
def test_the_outline_binds_the_same_names(source):
    assert bound(source, bodies=False) == bound(source)


def test_the_outline_keeps_functions_that_matter_outside():
    source = "def f():\n class A: pass\ndef g():\n global a\n a = 1\ndef h():\n b = 1\n"
    kept = [scope.qualname for scope in facts_of(source, bodies=False).scopes]
    assert kept == ["f.<locals>.A", "f", "g", ""]


def test_scopes_know_their_parents():
    scopes = facts_of("class A:\n def f(self):\n  class B: pass\n").scopes
    assert [(scope.line, scope.parent, scope.kind) for scope in scopes] == [
        (3, 2, ScopeKind.CLASS),
        (2, 1, ScopeKind.FUNCTION),
        (1, 0, ScopeKind.CLASS),
        (0, None, ScopeKind.MODULE),
    ]


def test_a_class():
    source = "@a\n@b(1)\nclass A(B, c.D, metaclass=M, **kw):\n  'Doc.'\n  x = 1\n"
    (found,) = facts_of(source).classes
    assert (found.qualname, found.line, found.end_line, found.doc) == ("A", 3, 5, "Doc.")
    assert [unparse(base) for base in found.bases] == ["B", "c.D"]
    assert [(name, unparse(value)) for name, value in found.keywords] == [("metaclass", "M"), (None, "kw")]
    assert [unparse(decorator) for decorator in found.decorators] == ["a", "b(1)"]


def test_a_function():
    source = "async def f(a, /, b: 'int' = 1, *c, d=2, **e) -> 'x.Y':\n  pass\n"
    (found,) = facts_of(source).functions
    assert [(p.name, p.kind, unparse(p.annotation), unparse(p.default)) for p in found.parameters] == [
        ("a", ParameterKind.POSITIONAL_ONLY, "", ""),
        ("b", ParameterKind.POSITIONAL, "int", "1"),
        ("c", ParameterKind.VAR_POSITIONAL, "", ""),
        ("d", ParameterKind.KEYWORD_ONLY, "", "2"),
        ("e", ParameterKind.VAR_KEYWORD, "", ""),
    ]
    assert (found.is_async, unparse(found.returns), found.line, found.end_line) == (True, "x.Y", 1, 2)


def test_functions_are_in_source_order_and_may_be_defined_twice():
    source = "def f():\n def g(): pass\ndef f(): pass\n"
    assert [found.qualname for found in facts_of(source).functions] == ["f", "f.<locals>.g", "f"]


HANDING = [
    ("def f(a): return a", Handing.ARGUMENT),
    ("def f(a):\n a.x = 1\n if b: return a\n return a", Handing.ARGUMENT),
    ("def f(self, a): return a", Handing.ARGUMENT),
    ("@classmethod\ndef f(cls, a): return a", Handing.ARGUMENT),
    ("def f(a): return b", Handing.OTHER),
    ("def f(a): return a if b else a", Handing.ARGUMENT),
    ("def f(a): return a if b else c", Handing.OTHER),
    ("def f(a): pass", Handing.OTHER),
    ("def f(a): return", Handing.OTHER),
    ("def f(): return a", Handing.OTHER),
    ("def f(self): return self", Handing.OTHER),
    ("async def f(a): return a", Handing.OTHER),
    ("def f(a, b): return b", Handing.OTHER),
    ("def f(a):\n a = g(a)\n return a", Handing.OTHER),
    ("def f(a):\n a, b = g(a)\n return a", Handing.OTHER),
    ("def f(a):\n class a: pass\n return a", Handing.OTHER),
    ("def f(a):\n for a in b: pass\n return a", Handing.OTHER),
    ("def f(a):\n with b as a: return a", Handing.OTHER),
    ("def f(a):\n try: return a\n except E: return b", Handing.OTHER),
    ("def f(a):\n match a:\n  case 1: return b\n return a", Handing.OTHER),
    ("def f(a):\n def g(c): return c\n return g", Handing.DECORATOR),
    ("def f(a): return lambda c: c", Handing.DECORATOR),
    ("def f(a): return lambda c: d", Handing.OTHER),
    ("def f(a):\n def g(c): return a(c)\n return g", Handing.FUNCTION),
    ("def f(a=None):\n def g(c): return c\n return g if a is None else g(a)", Handing.EITHER),
    ("def f(a=None):\n def g(c): return c\n if a is None: return g\n return g(a)", Handing.EITHER),
    ("def f(a=None):\n def g(c): return h\n if a is None: return g\n return g(a)", Handing.OTHER),
    ("def f(a):\n def g(): return b\n return a", Handing.ARGUMENT),
]


@pytest.mark.parametrize(("source", "expected"), HANDING)
@pytest.mark.parametrize("bodies", [True, False])
def test_what_a_function_gives_back(source, expected, bodies):
    assert facts_of(source, bodies=bodies).functions[0].hands_on is expected
