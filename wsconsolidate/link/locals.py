"""The types of the names of a function: its parameters, what it assigns, and what it runs over."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from wsconsolidate.link.annotations import unique
from wsconsolidate.link.containers import class_object, container_of, elements_of, iterated
from wsconsolidate.link.lineage import Lineage
from wsconsolidate.link.names import Names
from wsconsolidate.link.owned import Owned
from wsconsolidate.link.writing import has_decorator, injected, iterables
from wsconsolidate.model.expr import Attribute, Call, Expr, Name
from wsconsolidate.model.facts import FunctionFacts, OtherBinding, ParameterKind, ScopeKind, ValueBinding
from wsconsolidate.model.program import FunctionId, ScopeId, Type

if TYPE_CHECKING:
    from wsconsolidate.link.types import Types

_MOST_CALLERS = 40
_GATHERING = {ParameterKind.VAR_POSITIONAL: "builtins.tuple", ParameterKind.VAR_KEYWORD: "builtins.dict"}


class Locals:
    """Answers for `types` what the names of functions are."""

    def __init__(self, names: Names, lineage: Lineage, owned: Owned, types: "Types") -> None:
        self._names = names
        self._lineage = lineage
        self._owned = owned
        self._types = types

    def of(self, scope: ScopeId, name: str) -> Iterator[Type]:
        """The types of a name of this function, or of one around it; none if it is none of theirs."""
        known = self._names.scope(scope)
        if known is None or known.kind is not ScopeKind.FUNCTION:
            return
        function = self._names.function_facts(FunctionId(*scope))
        yield from self._parameter(scope, function, name)
        bindings = self._names.bindings(scope, name)
        for binding in bindings:
            match binding:
                case ValueBinding(value=value, annotation=annotation):
                    annotated = self._types.annotated(scope, annotation)
                    yield from annotated or (self._types.of(scope, value) if value is not None else ())
                case OtherBinding(how="with", source=source) if source is not None:
                    yield from self._types.of(scope, source)
                case _:
                    continue
        for iterable in iterables(function.body, name) if function.body else ():
            yield from self.iteration(scope, iterable)
        if not bindings and known.parent:
            yield from self.of(ScopeId(scope.path, known.parent), name)

    def _parameter(self, scope: ScopeId, function: FunctionFacts, name: str) -> Iterator[Type]:
        function_id = FunctionId(*scope)
        for index, parameter in enumerate(function.parameters):
            if parameter.name != name:
                continue
            owner = self._owned.owner(function_id)
            if index == 0 and owner is not None and not has_decorator(function, "staticmethod"):
                instance = Type(self._lineage.qualname(owner), (), owner)
                yield class_object(instance) if has_decorator(function, "classmethod") else instance
                return
            known = self._types.annotated(scope, parameter.annotation)
            if parameter.kind in _GATHERING:
                yield container_of(_GATHERING[parameter.kind], known)
                return
            if not any(found.id or found.name.startswith("builtins.") for found in known):
                passed = self._types.passed.get((function_id, name), [])[:_MOST_CALLERS]
                given = chain.from_iterable(self._types.of(*argument) for argument in passed)
                known = unique((*known, *given))
            default = parameter.default
            if not known and default is not None:
                known = tuple(found for found in self._types.of(scope, default) if found.id is not None)
            yield from known or self._types.hints.parameter(scope, name)
            provider = injected(default)
            yield from self._types.called(scope, provider) if provider is not None else ()

    def iteration(self, scope: ScopeId, iterable: Expr) -> Iterable[Type]:
        """The types of what a loop yields; of `items()` and `enumerate()` the value's."""
        match iterable:
            case Call(func=Attribute(value=value, attr="values" | "items")):
                return elements_of(self._types.of(scope, value))
            case Call(
                func=Name(id="list" | "tuple" | "set" | "sorted" | "reversed" | "enumerate"), args=(inner, *_)
            ):
                return self.iteration(scope, inner)
            case _:
                return chain.from_iterable(map(iterated, self._types.of(scope, iterable)))
