"""The types that an annotation names."""

from collections.abc import Iterable
from itertools import chain

from wsconsolidate.link.lineage import Lineage
from wsconsolidate.link.live import alias_origin, full_name
from wsconsolidate.link.names import Names
from wsconsolidate.model.expr import Attribute, Choice, Constant, Container, Expr, Name, Subscript, dotted
from wsconsolidate.model.program import ClassTarget, OutsideTarget, ScopeId, Target, Type, ValueTarget

UNION = "typing.Union"
_TRANSPARENT = frozenset(("Optional", "Union", "ClassVar", "Final", "Required", "NotRequired", "ReadOnly"))
_OF_THE_RESULT = frozenset(("Awaitable", "Coroutine", "AsyncContextManager", "ContextManager"))
_NO_INFORMATION = frozenset(
    (
        "typing.Any",
        "typing.Literal",
        "typing_extensions.Any",
        "typing_extensions.Literal",
        "builtins.object",
        "builtins.None",
    )
)
_DEEPEST = 12


class Annotations:
    """Reads annotations as types; classes of the tree carry their id."""

    def __init__(self, names: Names, lineage: Lineage) -> None:
        self._names = names
        self._lineage = lineage

    def types(self, scope: ScopeId, annotation: Expr | None, depth: int = 0) -> tuple[Type, ...]:
        """The types that a value so annotated may have; none for Any, None and what is unknown."""
        if annotation is None or depth > _DEEPEST:
            return ()
        match annotation:
            case Name() | Attribute():
                targets = self._names.targets(scope, annotation)
                return unique(chain.from_iterable(self._type(target, depth) for target in targets))
            case Choice(operator="|", options=options):
                return self._union(scope, options, depth)
            case Subscript(value=value, index=index):
                items = index.items if isinstance(index, Container) else (index,)
                return self._subscripted(scope, value, items, depth)
            case Constant():
                return ()
            case _:
                return ()

    def _type(self, target: Target, depth: int) -> tuple[Type, ...]:
        match target:
            case ClassTarget(id=id):
                return (Type(self._lineage.qualname(id), (), id),)
            case OutsideTarget(name=name) if name not in _NO_INFORMATION:
                origin = alias_origin(name)
                return (Type(full_name(origin) if origin else name),)
            case ValueTarget(value=value, scope=scope) if value is not None:
                return self.types(scope, value, depth + 1)
            case _:
                return ()

    def _union(self, scope: ScopeId, options: Iterable[Expr], depth: int) -> tuple[Type, ...]:
        return unique(chain.from_iterable(self.types(scope, option, depth + 1) for option in options))

    def _subscripted(
        self, scope: ScopeId, value: Expr, items: tuple[Expr, ...], depth: int
    ) -> tuple[Type, ...]:
        head = (dotted(value) or "").rpartition(".")[2]
        if head in _TRANSPARENT:
            return self._union(scope, items, depth)
        if head == "Annotated":
            return self._union(scope, items[:1], depth)
        if head in _OF_THE_RESULT:
            return self._union(scope, items[-1:], depth)
        arguments = tuple(self._argument(scope, item, depth) for item in items)
        return tuple(Type(found.name, arguments, found.id) for found in self.types(scope, value, depth + 1))

    def _argument(self, scope: ScopeId, item: Expr, depth: int) -> Type:
        found = self.types(scope, item, depth + 1)
        return found[0] if len(found) == 1 else Type(UNION, found)


def unique(types: Iterable[Type]) -> tuple[Type, ...]:
    """The types without repetition, in order."""
    found = tuple(types)
    return tuple(dict.fromkeys(found)) if len(found) > 1 else found


def union_of(types: tuple[Type, ...]) -> Type:
    """One type that stands for several, as the argument of a container."""
    return types[0] if len(types) == 1 else Type(UNION, types)


def options_of(argument: Type) -> tuple[Type, ...]:
    """The types that an argument of a container stands for."""
    return argument.args if argument.name == UNION else (argument,)
