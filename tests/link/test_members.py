"""The method count is what `inspect.getmembers` lists: every program is run and compared."""

import inspect

import pytest

from tests.programs import linked

IMPORTS = """\
import enum, abc, functools
from collections import namedtuple, deque
from dataclasses import dataclass
from enum import Enum, IntEnum, StrEnum, Flag
from typing import Generic, NamedTuple, Protocol, TypeVar
T = TypeVar('T')
def outside(self): pass
def wrap(function):
    @functools.wraps(function)
    def inner(*args): return function(*args)
    return inner
"""
PROGRAMS = {
    "methods": """\
class X:
    def f(self): pass
    async def g(self): pass
    def _h(self): pass
""",
    "defined twice": """\
class X:
    def f(self): pass
    def f(self, a): pass
""",
    "no functions": """\
class X:
    @classmethod
    def f(cls): pass
    @property
    def g(self): pass
    @g.setter
    def g(self, v): pass
    @functools.cached_property
    def h(self): pass
""",
    "static methods": """\
class X:
    @staticmethod
    def f(): pass
    g = staticmethod(outside)
""",
    "class hooks": """\
class X:
    def __init_subclass__(cls): pass
    def __class_getitem__(cls, k): pass
    def __new__(cls): return object.__new__(cls)
""",
    "lambdas and aliases": """\
class X:
    f = lambda self: 1
    g = f
    h = outside
    i = len
    j = int
""",
    "imported": """\
class X:
    from textwrap import dedent, TextWrapper
""",
    "wrapped": """\
class X:
    @wrap
    def f(self): pass
    g = wrap(outside)
    h = functools.partial(outside)
""",
    "cached": """\
class X:
    @functools.lru_cache
    def f(self): pass
    @functools.cache
    def g(self): pass
""",
    "nested class": """\
class X:
    class Y:
        def f(self): pass
""",
    "only annotated": """\
class X:
    f: object
    def g(self): pass
    g: object
""",
    "deleted": """\
class X:
    def f(self): pass
    def g(self): pass
    del f
""",
    "a condition": """\
import sys
class X:
    if sys.version_info < (3,):
        def f(self): pass
    else:
        def g(self): pass
""",
    "inherited": """\
class A:
    def f(self): pass
    def g(self): pass
class X(A):
    def g(self): pass
    def h(self): pass
""",
    "hidden by a value": """\
class A:
    def f(self): pass
    def g(self): pass
class X(A):
    f = None
    @property
    def g(self): pass
""",
    "inherited from the library": """\
class X(deque):
    def f(self): pass
class Y(abc.ABC):
    @abc.abstractmethod
    def f(self): pass
""",
    "equal without hash": """\
class A:
    def __hash__(self): return 1
class X(A):
    def __eq__(self, o): return 1
""",
    "dataclass": """\
@dataclass
class X:
    a: int = 0
    def f(self): pass
""",
    "dataclass options": """\
@dataclass(frozen=True)
class X:
    a: int
@dataclass(order=True)
class Y:
    a: int
@dataclass(eq=False, repr=False)
class Z:
    a: int
@dataclass(init=False)
class W:
    a: int
""",
    "dataclass hashes": """\
@dataclass(unsafe_hash=True)
class X:
    a: int
@dataclass(frozen=True, eq=False)
class Y:
    a: int
@dataclass(frozen=True, order=True, slots=True)
class Z:
    a: int
""",
    "dataclass with slots": """\
@dataclass(slots=True)
class X:
    a: int
    def f(self): pass
""",
    "dataclass overrides": """\
@dataclass
class X:
    a: int
    def __repr__(self): return ''
    def __eq__(self, o): return True
    def __init__(self): pass
    def __hash__(self): return 1
""",
    "dataclass below another": """\
@dataclass(frozen=True)
class X:
    a: int
@dataclass(frozen=True)
class Y(X):
    b: int
class Z(Y):
    pass
""",
    "total ordering": """\
@functools.total_ordering
class X:
    def __lt__(self, o): return True
    def __eq__(self, o): return True
""",
    "NamedTuple": """\
class X(NamedTuple):
    a: int
    b: int = 0
    def f(self): pass
class Y(X): pass
""",
    "namedtuple": """\
class X(namedtuple('P', 'a b')):
    def f(self): pass
P = namedtuple('P', 'a')
class Y(P): pass
""",
    "protocols": """\
class X(Protocol):
    def f(self): ...
class Y(X): pass
class Z(X, Protocol):
    def g(self): ...
class W(X):
    def __init__(self): pass
class V(Protocol[T]):
    a: int
""",
    "generic": """\
class X(Generic[T]):
    def f(self): pass
""",
    "enum": """\
class X(Enum):
    A = 1
    def f(self): pass
class Y(IntEnum):
    A = 1
class Z(StrEnum):
    A = 'a'
    def f(self): pass
""",
    "enum with a mixed-in type": """\
class X(str, Enum):
    A = 'a'
    def f(self): pass
class Y(int, Enum):
    A = 1
class Z(Flag):
    A = 1
""",
    "enum that shows itself": """\
class X(str, Enum):
    A = 'a'
    def __str__(self): return 'x'
class Y(IntEnum):
    A = 1
    def __str__(self): return 'x'
""",
    "exception": """\
class X(Exception):
    def __init__(self): pass
    def __str__(self): return ''
""",
}


@pytest.mark.parametrize("title", PROGRAMS)
def test_method_count(title):
    text = IMPORTS + PROGRAMS[title]
    live: dict[str, object] = {"__name__": "main"}
    exec(text, live)  # noqa: S102 - the programs are ours
    found = {c.name: c.method_count for c in linked(text).classes.values() if c.name in live}
    assert found
    assert found == {name: len(inspect.getmembers(live[name], inspect.isfunction)) for name in found}


@pytest.mark.parametrize(
    ("body", "methods"),
    [
        ("    def b(self): pass\n    def a(self): pass\n", ["b", "a"]),
        ("    def b(self): pass\n    def a(self): pass\n    def b(self, c): pass\n", ["b", "a"]),
        ("    @property\n    def a(self): pass\n    b = lambda self: 1\n", ["a"]),
        ("    def a(self):\n        def inner(): pass\n    class Y:\n        def c(self): pass\n", ["a"]),
        ("    if unknown:\n        def a(self): pass\n", ["a"]),
    ],
)
def test_methods_are_the_functions_of_the_body_in_source_order(body, methods):
    (found,) = linked(f"class X:\n{body}").named("main.X")
    assert list(found.methods) == methods


def test_the_last_definition_of_a_method_wins():
    (found,) = linked("class X:\n    def a(self): pass\n    def a(self, b): pass\n").classes.values()
    assert found.functions["a"].line == 3
