"""Expressions of the analysed code, as small frozen values that can be cached and compared.

They keep what later stages ask for (names, calls, literals, containers) and fold the rest into
`Opaque`, whose parts still hold every call below it. `line` is 1-based.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias


class Literal(Enum):
    """Constants that have no Python value of their own."""

    ELLIPSIS = "..."


@dataclass(frozen=True, slots=True)
class Name:
    """A bare name, `x`."""

    id: str
    line: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute access, `value.attr`."""

    value: "Expr"
    attr: str
    line: int


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal; `...` is `Literal.ELLIPSIS`."""

    value: str | bytes | int | float | complex | bool | Literal | None
    line: int


@dataclass(frozen=True, slots=True)
class Call:
    """A call; a keyword named None is `**value`, a starred argument is `Starred`."""

    func: "Expr"
    args: tuple["Expr", ...]
    keywords: tuple[tuple[str | None, "Expr"], ...]
    line: int

    @property
    def arguments(self) -> "tuple[Expr, ...]":
        """All that it is given, by place and by name."""
        return (*self.args, *(value for _, value in self.keywords))

    def keyword(self, name: str) -> "Expr | None":
        """The value passed as `name=`, or None."""
        return next((value for key, value in self.keywords if key == name), None)

    def as_dict(self) -> "Dict":
        """Its keywords as a dict of them would hold them."""
        pairs = ((Constant(key, self.line) if key else None, value) for key, value in self.keywords)
        return Dict(tuple(pairs), self.line)


@dataclass(frozen=True, slots=True)
class Dict:
    """A dict display; a key of None is `**value`."""

    items: tuple[tuple["Expr | None", "Expr"], ...]
    line: int

    def get(self, key: str) -> "Expr | None":
        """The value under a literal string key, the last one winning."""
        found = None
        for name, value in self.items:
            if isinstance(name, Constant) and name.value == key:
                found = value
        return found


class ContainerKind(Enum):
    """The displays that hold a row of elements."""

    LIST = "list"
    TUPLE = "tuple"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Container:
    """A list, tuple or set display."""

    kind: ContainerKind
    items: tuple["Expr", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Subscript:
    """`value[index]`."""

    value: "Expr"
    index: "Expr"
    line: int


@dataclass(frozen=True, slots=True)
class Joined:
    """An f-string: literal and interpolated parts in order."""

    parts: tuple["Expr", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Choice:
    """`a or b`, `a and b`, `x if t else y` or `a | b`: the value is one of the options."""

    operator: str
    options: tuple["Expr", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison; `operators` are the Python spellings, one less than `operands`."""

    operators: tuple[str, ...]
    operands: tuple["Expr", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Not:
    """`not operand`."""

    operand: "Expr"
    line: int


@dataclass(frozen=True, slots=True)
class Await:
    """`await value`."""

    value: "Expr"
    line: int


@dataclass(frozen=True, slots=True)
class Starred:
    """`*value`."""

    value: "Expr"
    line: int


@dataclass(frozen=True, slots=True)
class Comprehension:
    """A comprehension or generator expression; `element` is the value for a dict comprehension."""

    element: "Expr"
    sources: tuple[tuple["Expr", "Expr"], ...]
    conditions: tuple["Expr", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Lambda:
    """A lambda, with its parameter names."""

    parameters: tuple[str, ...]
    body: "Expr"
    line: int


@dataclass(frozen=True, slots=True)
class Opaque:
    """Any other expression, named by its syntax (`BinOp`, `Slice`), with its parts."""

    syntax: str
    parts: tuple["Expr", ...]
    line: int


Expr: TypeAlias = (
    Name
    | Attribute
    | Constant
    | Call
    | Dict
    | Container
    | Subscript
    | Joined
    | Choice
    | Compare
    | Not
    | Await
    | Starred
    | Comprehension
    | Lambda
    | Opaque
)


_BRACKETS = {
    ContainerKind.LIST: ("[", "]"),
    ContainerKind.TUPLE: ("(", ")"),
    ContainerKind.SET: ("{", "}"),
}
_OPERATORS = {
    "Add": "+",
    "Sub": "-",
    "Mult": "*",
    "Div": "/",
    "FloorDiv": "//",
    "Mod": "%",
    "Pow": "**",
    "BitAnd": "&",
    "BitXor": "^",
    "LShift": "<<",
    "RShift": ">>",
    "MatMult": "@",
}


def dotted(expr: Expr | None) -> str | None:
    """`a.b.c` for a chain of names and attributes, else None."""
    match expr:
        case Name(id=name):
            return name
        case Attribute(value=value, attr=attr):
            owner = dotted(value)
            return None if owner is None else f"{owner}.{attr}"
        case _:
            return None


def text(expr: Expr | None) -> str | None:
    """The value of a string literal, else None."""
    return expr.value if isinstance(expr, Constant) and isinstance(expr.value, str) else None


def parts(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly below `expr`, in source order."""
    below = _BELOW.get(type(expr))
    return below(expr) if below else ()


def walk(expr: Expr) -> "list[Expr]":
    """`expr` and everything below it, each before its parts."""
    found: list[Expr] = []
    pending = [expr]
    while pending:
        current = pending.pop()
        found.append(current)
        below = _BELOW.get(type(current))
        if below is not None:
            pending.extend(reversed(below(current)))
    return found


_BELOW: Mapping[type, Callable[[Any], tuple[Expr, ...]]] = {
    Attribute: lambda it: (it.value,),
    Await: lambda it: (it.value,),
    Starred: lambda it: (it.value,),
    Call: lambda it: (it.func, *it.args, *[value for _, value in it.keywords]),
    Dict: lambda it: tuple([part for pair in it.items for part in pair if part is not None]),
    Container: lambda it: it.items,
    Subscript: lambda it: (it.value, it.index),
    Joined: lambda it: it.parts,
    Opaque: lambda it: it.parts,
    Choice: lambda it: it.options,
    Compare: lambda it: it.operands,
    Not: lambda it: (it.operand,),
    Comprehension: lambda it: (*[part for pair in it.sources for part in pair], it.element),
    Lambda: lambda it: (it.body,),
}
"""What has expressions below it, and which: a look into a table, for this is asked more than anything."""


def unparse(expr: Expr | None) -> str:
    """The expression as short source text, for messages and evidence; never parsed again."""
    match expr:
        case None:
            return ""
        case Name(id=name):
            return name
        case Attribute(value=value, attr=attr):
            return f"{_closed(value)}.{attr}"
        case Constant(value=value):
            return "..." if value is Literal.ELLIPSIS else repr(value)
        case Call(func=func, args=args, keywords=keywords):
            named = (f"{key}={unparse(value)}" if key else f"**{unparse(value)}" for key, value in keywords)
            return f"{_closed(func)}({', '.join((*map(unparse, args), *named))})"
        case Dict(items=items):
            pairs = (f"{unparse(k)}: {unparse(v)}" if k else f"**{unparse(v)}" for k, v in items)
            return "{" + ", ".join(pairs) + "}"
        case Container(kind=kind, items=items):
            opening, closing = _BRACKETS[kind]
            only = "," if kind is ContainerKind.TUPLE and len(items) == 1 else ""
            return opening + ", ".join(map(unparse, items)) + only + closing
        case Subscript(value=value, index=Container(kind=ContainerKind.TUPLE, items=(_, *_)) as index):
            return f"{_closed(value)}[{unparse(index)[1:-1]}]"
        case Subscript(value=value, index=index):
            return f"{_closed(value)}[{unparse(index)}]"
        case Joined(parts=below):
            return "f" + repr("".join(text(part) or "{" + unparse(part) + "}" for part in below))
        case Comprehension(element=element):
            return f"[{unparse(element)} for ...]"
        case Lambda(parameters=parameters, body=body):
            return f"lambda {', '.join(parameters)}: {unparse(body)}"
    return _operation(expr)


def _operation(expr: Choice | Not | Await | Starred | Compare | Opaque) -> str:
    """What stands between or before its parts."""
    match expr:
        case Choice(operator=operator, options=options):
            return f" {operator} ".join(map(_closed, options))
        case Not(operand=operand):
            return f"not {_closed(operand)}"
        case Await(value=value):
            return f"await {_closed(value)}"
        case Starred(value=value):
            return f"*{unparse(value)}"
        case Compare(operators=operators, operands=(first, *others)):
            rest = zip(operators, others, strict=True)
            return _closed(first) + "".join(f" {operator} {_closed(one)}" for operator, one in rest)
        case Opaque(syntax=syntax, parts=(left, right)) if syntax in _OPERATORS:
            return f"{_operand(left)} {_OPERATORS[syntax]} {_operand(right)}"
        case Opaque(syntax="USub", parts=(operand,)):
            return f"-{_operand(operand)}"
        case Opaque(syntax="IfExp", parts=(test, Choice(options=(yes, no)))):
            return f"{unparse(yes)} if {unparse(test)} else {unparse(no)}"
        case Opaque(syntax="Slice", parts=(start, stop, step)):
            bounds = ["" if _is_none(bound) else unparse(bound) for bound in (start, stop, step)]
            return ":".join(bounds[: 3 if bounds[2] else 2])
        case Opaque(syntax=syntax, parts=below):
            return f"<{syntax}: {', '.join(map(unparse, below))}>"
    return ""


def _is_none(expr: Expr) -> bool:
    return isinstance(expr, Constant) and expr.value is None


def _operand(expr: Expr) -> str:
    """A part of an operation, in brackets where it is one itself."""
    compound = isinstance(expr, Opaque | Choice | Compare | Not)
    return f"({unparse(expr)})" if compound else unparse(expr)


def _closed(expr: Expr) -> str:
    """The text of an expression, in parentheses where an operator beside it would part it."""
    opens = isinstance(expr, Choice | Compare | Not | Await | Lambda) or (
        isinstance(expr, Opaque) and (expr.syntax in _OPERATORS or expr.syntax in ("USub", "IfExp"))
    )
    return f"({unparse(expr)})" if opens else unparse(expr)
