"""The functions that an attribute or a parameter may hold: callbacks, handed over and called later."""

from collections.abc import Iterator

from wsconsolidate.link.attributes import Attributes
from wsconsolidate.link.lineage import Lineage
from wsconsolidate.link.names import Names
from wsconsolidate.link.types import Types
from wsconsolidate.link.writing import is_property
from wsconsolidate.model.expr import Attribute, Call, Choice, Expr, Name, Opaque
from wsconsolidate.model.program import ClassId, FunctionId, FunctionTarget, ScopeId, ValueTarget

_DEEPEST = 5
_MOST = 8


class Callbacks:
    """Follows functions through arguments and attributes."""

    def __init__(self, names: Names, types: Types, attributes: Attributes, lineage: Lineage) -> None:
        self._names = names
        self._types = types
        self._attributes = attributes
        self._lineage = lineage

    def of(self, scope: ScopeId, expr: Expr) -> tuple[FunctionId, ...]:
        """The functions that the expression may be; none if nothing is known or too many are."""
        found = tuple(dict.fromkeys(self._held(scope, expr, 0)))
        return found if len(found) <= _MOST else ()

    def _held(self, scope: ScopeId, expr: Expr, depth: int) -> Iterator[FunctionId]:
        if depth > _DEEPEST:
            return
        match expr:
            case Name(id=name):
                yield from self._named(scope, expr, depth + 1)
                for where, value in self._types.passed.get((FunctionId(*scope), name), []):
                    yield from self._held(where, value, depth + 1)
            case Attribute(value=owner, attr=attr):
                yield from self._of_object(scope, owner, attr, depth + 1)
            case Call(func=Name(id="partial") | Attribute(attr="partial"), args=(inner, *_)):
                yield from self._held(scope, inner, depth + 1)
            case Call(func=maker):
                for made in self._held(scope, maker, depth + 1):
                    yield from self._returned(made, depth + 1)
            case Choice(options=options) | Opaque(syntax="IfExp", parts=(_, Choice(options=options))):
                for option in options:
                    yield from self._held(scope, option, depth + 1)

    def _returned(self, maker: FunctionId, depth: int) -> Iterator[FunctionId]:
        """The functions that a function makes and returns."""
        body = self._names.function_facts(maker).body
        for value in body.returns if body else ():
            yield from self._held(ScopeId(*maker), value, depth)

    def _named(self, scope: ScopeId, name: Name, depth: int) -> Iterator[FunctionId]:
        for target in self._names.targets(scope, name):
            match target:
                case FunctionTarget(id=id):
                    yield id
                case ValueTarget(scope=where, value=value) if value is not None and value is not name:
                    yield from self._held(where, value, depth)

    def _of_object(self, scope: ScopeId, owner: Expr, attr: str, depth: int) -> Iterator[FunctionId]:
        for found in self._types.of(scope, owner):
            if found.id is None:
                continue
            method = self._types.method(found.id, attr)
            if method is not None and not is_property(method.facts):
                yield method.id
            elif method is None:
                yield from self._stored(found.id, attr, depth)

    def _stored(self, id: ClassId, attr: str, depth: int) -> Iterator[FunctionId]:
        """What was put into an attribute, by the class, those above it, or from outside."""
        for above in self._lineage.mro(id).ids:
            for assignment in self._attributes.of(above, attr) if above else ():
                if assignment.value is not None:
                    yield from self._held(assignment.scope, assignment.value, depth)
