"""The members of classes: own methods, and how many functions an instance offers."""

from collections.abc import Iterable, Iterator
from functools import cache
from types import FunctionType

from wsconsolidate.link.added import added, stays_function
from wsconsolidate.link.evaluate import Evaluator
from wsconsolidate.link.generated import decorator_name, generated, named_tuple_made
from wsconsolidate.link.lineage import Lineage
from wsconsolidate.link.live import live_class
from wsconsolidate.link.names import Names
from wsconsolidate.link.values import Callee, Site
from wsconsolidate.link.writing import changes_property
from wsconsolidate.model.expr import Attribute, Call, Expr, Lambda, Name
from wsconsolidate.model.facts import (
    Binding,
    FunctionBinding,
    FunctionFacts,
    Handing,
    ImportBinding,
    OtherBinding,
    ValueBinding,
)
from wsconsolidate.model.program import ClassId, Function, FunctionId, FunctionTarget, ScopeId

ENUM = "enum.Enum"
REPR_ENUM = "enum.ReprEnum"
_NO_FUNCTION = frozenset(
    (
        "property",
        "abstractproperty",
        "abstractclassmethod",
        "cached_property",
        "classmethod",
        "setter",
        "getter",
        "deleter",
        "lru_cache",
        "cache",
        "singledispatchmethod",
        "hybrid_property",
        "DynamicClassAttribute",
    )
)
_UNDERSTOOD = frozenset(("dataclass", "total_ordering", "runtime_checkable", "final", "unique"))
"""Decorators of classes that are known, or add nothing."""
_SET_BY_ENUM = frozenset(("__repr__", "__str__", "__format__", "__reduce_ex__"))


def own_functions(names: Names, id: ClassId, qualname: str) -> dict[str, Function]:
    """The functions of the class body by name, the last definition winning; of a property, what reads it."""
    module = names.module_at(id.path)
    found: dict[str, Function] = {}
    for binding in names.all_bindings(id):
        if isinstance(binding, FunctionBinding):
            function_id = FunctionId(id.path, binding.line)
            facts = names.function_facts(function_id)
            if binding.name in found and changes_property(facts):
                continue
            found[binding.name] = Function(
                id=function_id,
                qualname=f"{qualname}.{binding.name}",
                module=module.name,
                owner=id,
                facts=facts,
            )
    return found


class MethodCounts:
    """Counts the functions of classes; what one class brings is kept for all below it."""

    def __init__(self, names: Names, lineage: Lineage) -> None:
        self._names = names
        self._lineage = lineage
        self._read: dict[ClassId, tuple[tuple[str, bool], ...]] = {}

    def of(self, id: ClassId) -> int:
        """How many functions `inspect.getmembers(cls, inspect.isfunction)` lists for the class."""
        kinds: dict[str, bool] = {}
        order = list(self._lineage.entries(id))
        for (name, below), (after, _) in reversed(list(zip(order, [*order[1:], order[-1]], strict=True))):
            kinds.update(self._kinds(name, below))
            if below is None and after == "builtins.tuple" != name:
                kinds.update(dict.fromkeys(named_tuple_made(self._names), True))
        if ENUM in (name for name, _ in order):
            listed = _listed_of_enum(self._names, order, kinds)
            return sum(kinds.get(name, False) for name in listed)
        return sum(kinds.values())

    def _kinds(self, name: str, id: ClassId | None) -> Iterable[tuple[str, bool]]:
        """Each name that one class of an order brings, and whether it is a function."""
        if id is not None:
            if id not in self._read:
                self._read[id] = tuple(_read_kinds(self._names, self._lineage, id))
            return self._read[id]
        cls = live_class(name)
        return _live_kinds(cls) if cls is not None else ()


@cache
def _live_kinds(cls: type) -> tuple[tuple[str, bool], ...]:
    return tuple((key, _is_function(value)) for key, value in vars(cls).items())


def _is_function(value: object) -> bool:
    return isinstance(value.__func__ if isinstance(value, staticmethod) else value, FunctionType)


def _read_kinds(names: Names, lineage: Lineage, id: ClassId) -> Iterator[tuple[str, bool]]:
    scope = id
    bound: dict[str, bool] = {}
    for binding in names.all_bindings(scope):
        if names.reach.runs(scope, binding.guards) is False or _only_annotates(binding):
            continue
        bound[binding.name] = _binds_function(lineage.evaluator, scope, binding, bound)
    if "__eq__" in bound:
        yield "__hash__", False
    yield from (made for made in generated(names, lineage, id, bound) if made[0] not in bound)
    yield from bound.items()
    for decorator in reversed(names.class_facts(id).decorators):
        if decorator_name(decorator) not in _UNDERSTOOD:
            yield from added(lineage.evaluator, id, decorator)


def _only_annotates(binding: Binding) -> bool:
    return isinstance(binding, ValueBinding) and binding.value is None


def _binds_function(evaluator: Evaluator, scope: ScopeId, binding: Binding, bound: dict[str, bool]) -> bool:
    names = evaluator.names
    match binding:
        case FunctionBinding(line=line):
            id = FunctionId(scope.path, line)
            facts = names.function_facts(id)
            return _stays_function(facts) and all(
                stays_function(evaluator, id, decorator) for decorator in facts.decorators
            )
        case ValueBinding(value=value, line=line) if value is not None:
            return _is_function_value(names, scope, value, line, bound)
        case ImportBinding(name=name, line=line):
            return _is_function_value(names, scope, Name(name, line), line + 1, {})
        case OtherBinding(how="unpacking"):
            found = evaluator.one(Site(scope, None), Name(binding.name, binding.line))
            return isinstance(found, Callee)
        case _:
            return False


def _is_function_value(names: Names, scope: ScopeId, value: Expr, line: int, bound: dict[str, bool]) -> bool:
    match value:
        case Lambda():
            return True
        case Name(id=name) if name in bound:
            return bound[name]
        case Name() | Attribute():
            found = names.at_runtime(scope, value, line)
            return bool(found) and all(
                isinstance(target, FunctionTarget) and _stays_function(names.function_facts(target.id))
                for target in found
            )
        case Call(func=Name(id="staticmethod"), args=(inner,)):
            return _is_function_value(names, scope, inner, line, bound)
        case Call(func=Name() | Attribute() as func):
            return _makes_function(names, scope, func, line)
        case _:
            return False


def _makes_function(names: Names, scope: ScopeId, func: Expr, line: int) -> bool:
    """True if calling `func` gives a function that it defines."""
    found = names.at_runtime(scope, func, line)
    made = (Handing.FUNCTION, Handing.DECORATOR)
    return bool(found) and all(
        isinstance(target, FunctionTarget) and names.function_facts(target.id).hands_on in made
        for target in found
    )


def _stays_function(facts: FunctionFacts) -> bool:
    implicit_class_methods = ("__init_subclass__", "__class_getitem__")
    return facts.name not in implicit_class_methods and not any(
        decorator_name(decorator) in _NO_FUNCTION for decorator in facts.decorators
    )


def _listed_of_enum(
    names: Names, order: list[tuple[str, ClassId | None]], kinds: dict[str, bool]
) -> set[str]:
    """The names that `dir` lists for an enum, which hides most; `kinds` gets what `EnumType` sets."""
    data = next((cls for name, id in order if id is None and (cls := live_class(name)) is not None), object)
    own = {
        binding.name
        for name, id in order
        if id and not name.startswith("enum.")
        for binding in names.all_bindings(id)
    }
    listed = {"__contains__", "__iter__", "__len__", "__getitem__"}
    if data is not object or "__new__" in own:
        kinds["__new__"] = True
        listed.add("__new__")
    if data is object:
        return listed
    of_data = ("__str__", "__format__") if REPR_ENUM in (name for name, _ in order) else ()
    kinds.update((name, name not in of_data) for name in _SET_BY_ENUM - own)
    return {*dir(data), *listed}
