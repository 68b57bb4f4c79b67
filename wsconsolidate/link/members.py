"""The members of classes: own methods, and how many functions an instance offers."""

from collections.abc import Iterator

from wsconsolidate.link.lineage import Lineage
from wsconsolidate.link.live import live_class
from wsconsolidate.link.names import Names
from wsconsolidate.model.expr import Attribute, Call, Constant, Expr, Lambda, dotted
from wsconsolidate.model.facts import (
    Binding,
    ClassFacts,
    FunctionBinding,
    FunctionFacts,
    ScopeKind,
    ValueBinding,
)
from wsconsolidate.model.program import ClassId, Function, FunctionId, ScopeId

_NO_FUNCTION = frozenset(("property", "cached_property", "classmethod", "setter", "getter", "deleter"))
_NO_FUNCTION_EITHER = frozenset(("lru_cache", "cache", "singledispatchmethod", "hybrid_property"))
_DATACLASS_MADE = ("__init__", "__repr__", "__eq__")
_NAMED_TUPLE_MADE = ("__new__", "__repr__", "_asdict", "__getnewargs__", "_replace")


def own_functions(names: Names, id: ClassId, qualname: str) -> dict[str, Function]:
    """The functions of the class body by name in source order, the last definition winning."""
    module = names.module_at(id.path)
    scope = names.scope(ScopeId(*id))
    found: dict[str, Function] = {}
    for binding in scope.bindings if scope else ():
        if isinstance(binding, FunctionBinding):
            function_id = FunctionId(id.path, binding.line)
            found[binding.name] = Function(
                id=function_id,
                qualname=f"{qualname}.{binding.name}",
                module=module.name,
                owner=id,
                facts=names.function_facts(function_id),
            )
    return found


def method_count(names: Names, lineage: Lineage, id: ClassId) -> int:
    """How many functions `inspect.getmembers(cls, inspect.isfunction)` lists for the class."""
    kinds: dict[str, bool] = {}
    order = lineage.mro(id)
    for name, below in reversed(list(zip(order.names, order.ids, strict=True))):
        if below is not None:
            kinds.update(_kinds(names, below))
        elif (cls := live_class(name)) is not None:
            kinds.update({key: _is_function(value) for key, value in vars(cls).items()})
    kinds.update(_protocol_made(names, lineage, id))
    return sum(kinds.values())


def _is_function(value: object) -> bool:
    inner = value.__func__ if isinstance(value, staticmethod) else value
    return type(inner).__name__ == "function"


def _kinds(names: Names, id: ClassId) -> Iterator[tuple[str, bool]]:
    """Each name that the class statement binds, and whether it is a function."""
    facts = names.class_facts(id)
    scope = names.scope(ScopeId(*id))
    bound: dict[str, bool] = {}
    for binding in scope.bindings if scope else ():
        if not (isinstance(binding, ValueBinding) and binding.value is None):
            bound[binding.name] = _binds_function(names, id, binding, bound)
    yield from ((name, True) for name in _generated(facts) if name not in bound)
    yield from bound.items()


def _binds_function(names: Names, id: ClassId, binding: Binding, bound: dict[str, bool]) -> bool:
    match binding:
        case FunctionBinding(line=line):
            return _stays_function(names.function_facts(FunctionId(id.path, line)))
        case ValueBinding(value=Lambda()):
            return True
        case ValueBinding(value=value):
            return bound.get(dotted(value) or "", False)
        case _:
            return False


def _stays_function(facts: FunctionFacts) -> bool:
    implicit_class_methods = ("__init_subclass__", "__class_getitem__")
    return facts.name not in implicit_class_methods and not any(
        _decorator_name(decorator) in _NO_FUNCTION | _NO_FUNCTION_EITHER for decorator in facts.decorators
    )


def _decorator_name(decorator: Expr) -> str:
    match decorator:
        case Call(func=func):
            return _decorator_name(func)
        case Attribute(attr=attr):
            return attr
        case _:
            return dotted(decorator) or ""


def _generated(facts: ClassFacts) -> Iterator[str]:
    """Names of the methods that a dataclass decorator or a NamedTuple base adds."""
    if any((dotted(base) or "").rpartition(".")[2] == "NamedTuple" for base in facts.bases):
        yield from _NAMED_TUPLE_MADE
    for decorator in facts.decorators:
        if _decorator_name(decorator) == "dataclass":
            yield from _dataclass_made(decorator)


def _dataclass_made(decorator: Expr) -> Iterator[str]:
    options = dict(decorator.keywords) if isinstance(decorator, Call) else {}
    chosen = {key: isinstance(value, Constant) and value.value is True for key, value in options.items()}
    flags = {"__init__": "init", "__repr__": "repr", "__eq__": "eq"}
    yield from (name for name in _DATACLASS_MADE if chosen.get(flags[name], True))
    if chosen.get("order"):
        yield from ("__lt__", "__le__", "__gt__", "__ge__")
    if chosen.get("frozen"):
        yield from ("__setattr__", "__delattr__")
    if chosen.get("unsafe_hash") or (chosen.get("frozen") and chosen.get("eq", True)):
        yield "__hash__"


def _protocol_made(names: Names, lineage: Lineage, id: ClassId) -> dict[str, bool]:
    """`__init__` and `__subclasshook__`, which `typing` gives to a protocol class."""
    direct = "typing.Protocol" in lineage.base_names(id)
    scope = names.scope(ScopeId(*id))
    own = {binding.name for binding in scope.bindings} if scope and scope.kind is ScopeKind.CLASS else set()
    if not direct:
        return {}
    made = {"__init__": True} if "__init__" not in own else {}
    if names.target.version < (3, 12) and "__subclasshook__" not in own:
        made["__subclasshook__"] = True
    return made
