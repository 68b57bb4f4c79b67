"""The strings that an expression may be, where all can be told: elements of lists, arguments, f-strings."""

from collections.abc import Iterator
from itertools import product
from math import prod

from wsconsolidate.link.attributes import Attributes
from wsconsolidate.link.constants import constant
from wsconsolidate.link.containers import is_class_object
from wsconsolidate.link.lineage import Lineage
from wsconsolidate.link.names import Names
from wsconsolidate.link.origins import body_at
from wsconsolidate.link.types import Types
from wsconsolidate.model.expr import (
    Attribute,
    Call,
    Choice,
    Container,
    Dict,
    Expr,
    Joined,
    Name,
    Opaque,
)
from wsconsolidate.model.facts import Body, ValueBinding
from wsconsolidate.model.program import ClassId, ClassTarget, FunctionId, ScopeId, ValueTarget

_DEEPEST = 6
_MOST = 40
_NONE: frozenset[str] = frozenset()


class Choices:
    """Answers which strings an expression may be; none where one of them cannot be told."""

    def __init__(self, names: Names, types: Types, attributes: Attributes, lineage: Lineage) -> None:
        self._names = names
        self._types = types
        self._attributes = attributes
        self._lineage = lineage

    def of(self, scope: ScopeId, expr: Expr, depth: int = 0) -> frozenset[str]:
        """Every string the expression may be, or nothing."""
        value = constant(self._names, scope, expr)
        if value is not None:
            return frozenset((str(value),))
        if depth > _DEEPEST:
            return _NONE
        match expr:
            case Name():
                return self._bound(scope, expr, depth + 1)
            case Attribute(value=Name() as member, attr="value" | "name"):
                return self.of(scope, member, depth + 1)
            case Choice(options=options) | Opaque(syntax="IfExp", parts=(_, Choice(options=options))):
                return self._all([self.of(scope, option, depth + 1) for option in options])
            case Joined(parts=parts):
                return self._joined([self.of(scope, part, depth + 1) for part in parts])
            case _:
                return _NONE

    def _all(self, found: list[frozenset[str]]) -> frozenset[str]:
        """All of them together; nothing if one is unknown, or there are too many to mean anything."""
        together = frozenset().union(*found)
        return together if all(found) and len(together) <= _MOST else _NONE

    def _joined(self, parts: list[frozenset[str]]) -> frozenset[str]:
        if not all(parts) or prod(map(len, parts)) > _MOST:
            return _NONE
        return frozenset("".join(pieces) for pieces in product(*parts))

    def _bound(self, scope: ScopeId, name: Name, depth: int) -> frozenset[str]:
        """What a name may be: the elements of the list it runs over, or what callers pass for it."""
        body = body_at(self._names, scope)
        over = _around(body, name) if body else []
        if over:
            return self._all([self._elements(scope, iterable, depth) for iterable in over])
        passed = self._types.passed.get((FunctionId(*scope), name.id), [])
        if not passed or not self._is_helper(scope, [where for where, _ in passed]):
            return _NONE
        return self._all([self.of(where, value, depth) for where, value in passed])

    def _is_helper(self, scope: ScopeId, callers: list[ScopeId]) -> bool:
        """True for a private method that only its own class calls: what others pass is for them to answer."""
        around = [self._names.function_facts(FunctionId(*one)) for one in (scope, *callers) if one.line]
        classes = {facts.qualname.rpartition(".")[0] for facts in around}
        at_home = len(classes) == 1 and all(one.line and one.path == scope.path for one in callers)
        return at_home and around[0].name.startswith("_")

    def _elements(self, scope: ScopeId, iterable: Expr, depth: int) -> frozenset[str]:
        """The strings in a list that stands there or under a name; of an enum the values of its members."""
        match iterable:
            case Container(items=items):
                return self._all([self.of(scope, item, depth) for item in items]) if items else _NONE
            case Dict(items=items):
                keys = [key for key, _ in items if key is not None]
                return self._all([self.of(scope, key, depth) for key in keys]) if keys else _NONE
            case Call(func=Attribute(value=inner, attr="keys" | "items"), args=()):
                return self._elements(scope, inner, depth)
            case Call(func=Name(id="list" | "tuple" | "set" | "frozenset" | "sorted"), args=(inner,)):
                return self._elements(scope, inner, depth)
            case Name() | Attribute():
                return self._all(list(self._named(scope, iterable, depth)))
            case _:
                return _NONE

    def _named(self, scope: ScopeId, name: Name | Attribute, depth: int) -> Iterator[frozenset[str]]:
        if depth > _DEEPEST:
            return
        for target in self._names.targets(scope, name):
            match target:
                case ValueTarget(scope=where, value=value) if value is not None:
                    yield self._elements(where, value, depth + 1)
                case ClassTarget(id=id) if "enum.Enum" in self._lineage.mro(id).names:
                    yield self._members(id, depth)
                case _:
                    yield _NONE
        for where, value in self._held(scope, name):
            yield self._elements(where, value, depth + 1)

    def _members(self, id: ClassId, depth: int) -> frozenset[str]:
        """The values of the members of an enum."""
        body = id
        bindings = (one for one in self._names.all_bindings(body) if isinstance(one, ValueBinding))
        return frozenset().union(*(self.of(body, one.value, depth) for one in bindings if one.value))

    def _held(self, scope: ScopeId, name: Name | Attribute) -> Iterator[tuple[ScopeId, Expr]]:
        """What `self.EVENTS` was set to in the first class of its order that sets it."""
        if isinstance(name, Name):
            return
        for owner in self._types.of(scope, name.value):
            instance = owner.args[0] if is_class_object(owner) else owner
            order = self._lineage.mro(instance.id).ids if instance.id else ()
            setting = (found for id in order if id and (found := self._attributes.of(id, name.attr)))
            for assignment in next(setting, ()):
                if assignment.value is not None:
                    yield assignment.scope, assignment.value


def _around(body: Body, name: Name) -> list[Expr]:
    """The lists that the name runs over: that of the innermost loop around its use, else all of them."""
    loops = [loop for loop in body.loops if loop.line <= name.line <= loop.end_line]
    inner = [over for loop in loops if (over := _runs_over(loop.target, loop.iterable, name.id))]
    anywhere = (*((loop.target, loop.iterable) for loop in body.loops), *body.comprehensions)
    return inner[-1:] or [over for pair in anywhere if (over := _runs_over(*pair, name.id))]


def _runs_over(target: Expr, iterable: Expr, name: str) -> Expr | None:
    """What a loop takes the name's values from, one by one; None if it does not bind the name so."""
    match target, iterable:
        case Name(id=bound), _ if bound == name:
            return iterable
        case Container(items=(Name(id=bound), _)), Call(func=Attribute(value=inner, attr="items")) if (
            bound == name
        ):
            return inner
        case Container(items=(_, Name(id=bound))), Call(func=Name(id="enumerate"), args=(inner, *_)) if (
            bound == name
        ):
            return inner
        case _:
            return None
