"""Whether two protocols ask the same of a member: signature, decorators, types by what their names mean."""

import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from wsconsolidate.model.expr import (
    Attribute,
    Choice,
    Constant,
    Container,
    Expr,
    Name,
    Opaque,
    Subscript,
    parts,
    unparse,
)
from wsconsolidate.model.facts import FunctionFacts, Stub, ValueBinding
from wsconsolidate.model.program import (
    Class,
    ClassId,
    ClassTarget,
    FunctionTarget,
    ModuleTarget,
    OutsideTarget,
    Program,
    ScopeId,
    Target,
    ValueTarget,
)

Meaning: TypeAlias = "tuple[object, ...]"
Member: TypeAlias = FunctionFacts | ValueBinding

DOES_NOTHING = (Stub.PASS, Stub.ELLIPSIS, Stub.DOCSTRING)
_DEEPEST = 12
_SAME = {
    "Dict": "builtins.dict",
    "List": "builtins.list",
    "Set": "builtins.set",
    "FrozenSet": "builtins.frozenset",
    "Tuple": "builtins.tuple",
    "Type": "builtins.type",
    "Text": "builtins.str",
}
_ABSTRACT = frozenset(
    "Awaitable Coroutine AsyncIterable AsyncIterator AsyncGenerator Iterable Iterator Generator Reversible "
    "Container Collection Callable Mapping MutableMapping Sequence MutableSequence MutableSet "
    "Hashable Sized".split()
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Compares members of classes of one program.

    `becomes` tells which classes are to be which others; two types agree if they will.
    """

    program: Program
    becomes: Mapping[ClassId, ClassId]

    def differs(self, one: Class, other: Class, name: str) -> str:
        """How a member that both have is not the same in both; empty if it is."""
        mine, theirs = members(one, self.program)[name], members(other, self.program)[name]
        match mine, theirs:
            case FunctionFacts(), FunctionFacts():
                return self._functions(one, mine, other, theirs)
            case ValueBinding(), ValueBinding():
                same = self._annotation(one, mine) == self._annotation(other, theirs)
                valued = (mine.value is None) != (theirs.value is None)
                return f"{name} has another type" if not same else f"{name} has a value in one" * valued
        return f"{name} is an attribute in one and a method in the other"

    def _functions(self, one: Class, mine: FunctionFacts, other: Class, theirs: FunctionFacts) -> str:
        name = mine.name
        if mine.is_async != theirs.is_async:
            return f"{name} is async in one of them only"
        if _shape(mine) != _shape(theirs):
            return f"{name} has other parameters"
        if [unparse(d) for d in mine.decorators] != [unparse(d) for d in theirs.decorators]:
            return f"{name} is decorated in another way"
        for which, left, right in _types(mine, theirs):
            if self._meaning(one.scope, left, 0) != self._meaning(other.scope, right, 0):
                return f"{name} has another type for {which}"
        return ""

    def _annotation(self, owner: Class, member: ValueBinding) -> Meaning:
        return self._meaning(owner.scope, member.annotation, 0)

    def _meaning(self, scope: ScopeId, expr: Expr | None, depth: int) -> Meaning:
        """What an annotation says, free of how it is written."""
        match expr:
            case None:
                return ("nothing",)
            case Constant(value=value):
                return ("constant", type(value), value)
            case Name() | Attribute():
                return self._name(scope, expr, depth)
            case Choice(operator="|", options=options):
                return self._union(scope, options, depth)
            case Subscript(value=value, index=index):
                items = index.items if isinstance(index, Container) else (index,)
                return self._subscript(self._meaning(scope, value, depth), scope, items, depth)
        syntax = expr.syntax if isinstance(expr, Opaque) else type(expr).__name__
        return (syntax, *(self._meaning(scope, part, depth) for part in parts(expr)))

    def _subscript(self, head: Meaning, scope: ScopeId, items: tuple[Expr, ...], depth: int) -> Meaning:
        if head == ("name", "typing.Optional"):
            return self._union(scope, (*items, Constant(None, 0)), depth)
        if head == ("name", "typing.Union"):
            return self._union(scope, items, depth)
        return ("subscript", head, *(self._meaning(scope, item, depth) for item in items))

    def _union(self, scope: ScopeId, options: tuple[Expr, ...], depth: int) -> Meaning:
        return ("union", frozenset(self._meaning(scope, option, depth) for option in options))

    def _name(self, scope: ScopeId, expr: Expr, depth: int) -> Meaning:
        """The one thing that a name stands for; a name that is not known means nothing but itself, here."""
        targets = self.program.lookup.targets(scope, expr)
        if len(targets) != 1 or _is_nowhere(targets[0]):
            return ("unknown", scope, unparse(expr))
        return self._target(targets[0], depth)

    def _target(self, target: Target, depth: int) -> Meaning:
        match target:
            case OutsideTarget(name=name) | ModuleTarget(name=name):
                return ("name", _usual(name))
            case ClassTarget(id=id):
                outside = self.program.outside.get(id)
                return ("name", _usual(outside.qualname)) if outside else ("id", *self.becomes.get(id, id))
            case FunctionTarget(id=function):
                return ("id", *function)
            case ValueTarget(scope=scope, value=value) if value is not None and depth < _DEEPEST:
                return self._meaning(scope, value, depth + 1)
            case ValueTarget(scope=scope, line=line):
                return ("value", scope, line)


def _is_nowhere(target: Target) -> bool:
    """True for a name that is taken for a builtin because nothing seen defines it."""
    module, _, name = target.name.rpartition(".") if isinstance(target, OutsideTarget) else ("", "", "")
    return module == "builtins" and not hasattr(builtins, name)


def _usual(name: str) -> str:
    """`typing.Dict` and `dict` are one name, `typing.Callable` and that of `collections.abc` too."""
    module, _, last = name.rpartition(".")
    if module not in ("typing", "typing_extensions"):
        return name
    return _SAME.get(last) or (f"collections.abc.{last}" if last in _ABSTRACT else f"typing.{last}")


def _shape(facts: FunctionFacts) -> list[tuple[object, ...]]:
    return [(p.name, p.kind, unparse(p.default)) for p in facts.parameters]


def _types(mine: FunctionFacts, theirs: FunctionFacts) -> Iterator[tuple[str, Expr | None, Expr | None]]:
    for left, right in zip(mine.parameters, theirs.parameters, strict=True):
        yield left.name, left.annotation, right.annotation
    yield "what it returns", mine.returns, theirs.returns


def members(owner: Class, program: Program) -> Mapping[str, Member]:
    """The members of a class body by name: its functions, and its annotated attributes."""
    bindings = program.bindings(owner.scope)
    values = {one.name: one for one in bindings if isinstance(one, ValueBinding)}
    return {**values, **{name: function.facts for name, function in owner.functions.items()}}
