"""What expressions give when straight-line code is followed: classes, functions, rows, constants."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from wsconsolidate.link.live import full_name
from wsconsolidate.model.expr import Dict, Expr, dotted, unparse
from wsconsolidate.model.program import ClassId, FunctionId, ModuleTarget, MroProblem, ScopeId


class Entry(NamedTuple):
    """One class in an order; classes of one name are told apart by where they were read or made."""

    name: str
    id: ClassId | None
    made: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadBase:
    """A class whose source was read; `alias` is true for a subscripted generic, `G[int]`.

    `arm` says which of its orders is meant, where it has alternatives.
    """

    written: str
    id: ClassId
    name: str
    alias: bool = False
    arm: int | None = None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class LiveBase:
    """A class of the running interpreter; `alias` is true for `typing.List`, also without a subscript.

    `typed` is true for the dict that `TypedDict` stands for.
    """

    written: str
    cls: type
    alias: bool = False
    typed: bool = False

    def __str__(self) -> str:
        return full_name(self.cls)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeBase:
    """A class that a call made: `namedtuple("Point", "x y")`, or the class statement in a function.

    `order` is its own, `problem` why that is not exact.
    """

    written: str
    order: tuple[Entry, ...]
    problem: MroProblem | None = None
    alias: bool = False

    @property
    def name(self) -> str:
        """Its full name."""
        return self.order[0].name

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class UnknownBase:
    """A value that could not be followed, and why."""

    written: str
    name: str
    code: str
    detail: str
    line: int
    alias: bool = False

    def __str__(self) -> str:
        return f"?{self.name}"


Base: TypeAlias = ReadBase | LiveBase | MadeBase | UnknownBase


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One call of a function: what its parameters were given, and the frame it was defined in.

    `trail` are the places of the calls that led here; it tells apart the classes that two calls make.
    """

    function: ScopeId
    given: Mapping[str, "tuple[Value, ...]"]
    parent: "Frame | None"
    trail: tuple[object, ...]

    def around(self, scope: ScopeId) -> "Frame | None":
        """The frame of that function, this one or one around it."""
        frame: Frame | None = self
        while frame is not None and frame.function != scope:
            frame = frame.parent
        return frame


@dataclass(frozen=True, slots=True)
class Site:
    """Where an expression is evaluated: bindings above `line` count, all of them if it is None."""

    scope: ScopeId
    line: int | None
    frame: Frame | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A constant."""

    value: str | bytes | int | float | complex | bool | None


@dataclass(frozen=True, slots=True)
class Row:
    """A tuple or list."""

    items: "tuple[Value, ...]"


@dataclass(frozen=True, slots=True)
class Table:
    """A dict display; its entries are read when they are asked for."""

    display: Dict
    site: Site


@dataclass(frozen=True, slots=True)
class Namespace:
    """The body of a class: as `__dict__` holds it, or as metaclasses are given it, with `__qualname__`."""

    of: "Base"
    given: bool = False


@dataclass(frozen=True, slots=True)
class Callee:
    """A function of the program; `bound` is what it is bound to as a method."""

    id: FunctionId
    frame: Frame | None = None
    bound: "Value | None" = None


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance of a class."""

    of: "Base"


@dataclass(frozen=True, slots=True)
class Above:
    """`super()` in a method of the class `owner`, called on `bound`."""

    owner: ClassId
    bound: "Value"


@dataclass(frozen=True, slots=True)
class Partial:
    """`functools.partial(func, *row, **words)`."""

    func: "Value"
    row: "tuple[Value, ...]"
    words: "tuple[tuple[str, Value], ...]"


@dataclass(frozen=True, slots=True)
class Outside:
    """Something of the library that is no class and was not read, by its dotted name; `bound` as a method."""

    name: str
    bound: "Value | None" = field(default=None)


Value: TypeAlias = (
    Base | Known | Row | Table | Namespace | Callee | Instance | Above | Partial | Outside | ModuleTarget
)
Values: TypeAlias = tuple[Value, ...]
"""Each of the values that may be meant; several where a condition is undecided."""


def unknown(expr: Expr, detail: str, code: str = "dynamic-base") -> UnknownBase:
    """A value that cannot be told, named as it is written."""
    return UnknownBase(unparse(expr), dotted(expr) or unparse(expr), code, detail, expr.line)
