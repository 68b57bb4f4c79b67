"""The functions that nobody wrote: made by dataclass, attrs, NamedTuple, Protocol and total_ordering."""

from collections.abc import Iterator, Mapping

from wsconsolidate.link.lineage import Lineage
from wsconsolidate.link.names import Names
from wsconsolidate.model.expr import Attribute, Call, Constant, Expr, dotted
from wsconsolidate.model.program import ClassId

PROTOCOL = "typing.Protocol"
_DATACLASS_MADE = {"init": "__init__", "repr": "__repr__", "eq": "__eq__"}
_ORDER = ("__lt__", "__le__", "__gt__", "__ge__")
_NAMED_TUPLE_MADE = ("__new__", "__repr__", "_asdict", "__getnewargs__", "_replace")


_PROTOCOLS = (PROTOCOL, "typing_extensions.Protocol")


def generated(
    names: Names, lineage: Lineage, id: ClassId, bound: Mapping[str, bool]
) -> Iterator[tuple[str, bool]]:
    """What decorators and the metaclasses of `typing` add to a class body, and whether it is a function."""
    facts = names.class_facts(id)
    if any((dotted(base) or "").rpartition(".")[2] == "NamedTuple" for base in facts.bases):
        yield from ((name, True) for name in named_tuple_made(names))
    order = [name for name, _ in lineage.entries(id)]
    for protocol in _PROTOCOLS:
        if protocol in order[1:]:
            yield from _protocol_made(names, protocol, is_protocol=protocol in lineage.base_names(id))
    for decorator in facts.decorators:
        match decorator_name(decorator):
            case "dataclass":
                yield from _dataclass_made(names, decorator, bound)
            case "s" | "attrs" | "define" | "frozen" | "mutable" as word if _is_of_attrs(decorator):
                yield from _attrs_made(decorator, word, bound)
            case "total_ordering":
                yield from ((name, True) for name in _ORDER)


def _dataclass_made(names: Names, decorator: Expr, bound: Mapping[str, bool]) -> Iterator[tuple[str, bool]]:
    chosen = _flags(decorator)
    for flag, name in _DATACLASS_MADE.items():
        if chosen.get(flag, True):
            yield name, True
    if chosen.get("order"):
        yield from ((name, True) for name in _ORDER)
    frozen, compared = chosen.get("frozen", False), chosen.get("eq", True)
    if frozen:
        yield from (("__setattr__", True), ("__delattr__", True))
    if frozen and chosen.get("slots") and not {"__getstate__", "__setstate__"} & set(bound):
        yield from (("__getstate__", True), ("__setstate__", True))
    if compared or chosen.get("unsafe_hash"):
        yield "__hash__", chosen.get("unsafe_hash", False) or frozen
    if names.target.version >= (3, 13):
        yield "__replace__", True


def _is_of_attrs(decorator: Expr) -> bool:
    written = dotted(decorator.func if isinstance(decorator, Call) else decorator) or ""
    return written.startswith(("attr.", "attrs.")) or written in ("define", "frozen", "mutable")


def _attrs_made(decorator: Expr, word: str, bound: Mapping[str, bool]) -> Iterator[tuple[str, bool]]:
    """What attrs writes: `attr.s` compares and orders, `attrs.define` makes slots."""
    chosen = _flags(decorator)
    newer = word in ("define", "frozen", "mutable")
    frozen = chosen.get("frozen", word == "frozen")
    compared = chosen.get("eq", chosen.get("cmp", True))
    yield from ((name, True) for name in ("__init__", "__repr__") if chosen.get(name.strip("_"), True))
    if compared:
        yield from (("__eq__", True), ("__ne__", True))
    if compared and chosen.get("order", chosen.get("cmp", not newer)):
        yield from ((name, True) for name in _ORDER)
    if frozen:
        yield from (("__setattr__", True), ("__delattr__", True))
    if compared or chosen.get("unsafe_hash", chosen.get("hash")):
        yield "__hash__", frozen or bool(chosen.get("unsafe_hash", chosen.get("hash")))
    if chosen.get("slots", newer) and not {"__getstate__", "__setstate__"} & set(bound):
        yield from (("__getstate__", True), ("__setstate__", True))


def _flags(decorator: Expr) -> dict[str, bool]:
    """The keywords of a decorator that are true or false."""
    given = dict(decorator.keywords) if isinstance(decorator, Call) else {}
    return {key: isinstance(v, Constant) and v.value is True for key, v in given.items() if key is not None}


def named_tuple_made(names: Names) -> tuple[str, ...]:
    """The functions that every named tuple has."""
    newer = ("__replace__",) if names.target.version >= (3, 13) else ()
    return (*_NAMED_TUPLE_MADE, *newer)


def _protocol_made(names: Names, protocol: str, *, is_protocol: bool) -> Iterator[tuple[str, bool]]:
    """`__init__` and `__subclasshook__`, which `typing` gives to protocols."""
    if is_protocol:
        yield "__init__", True
    if names.target.version < (3, 12) and protocol == PROTOCOL:
        yield "__subclasshook__", True


def decorator_name(decorator: Expr) -> str:
    """The last name of a decorator."""
    match decorator:
        case Call(func=func):
            return decorator_name(func)
        case Attribute(attr=attr):
            return attr
        case _:
            return dotted(decorator) or ""
