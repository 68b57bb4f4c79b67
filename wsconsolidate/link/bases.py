"""What each expression among a class's bases contributes to its order."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Generic

from wsconsolidate.link.calls import Arguments
from wsconsolidate.link.classes import GENERIC
from wsconsolidate.link.evaluate import Evaluator
from wsconsolidate.link.names import Order
from wsconsolidate.link.values import (
    Base,
    Callee,
    Frame,
    Instance,
    LiveBase,
    MadeBase,
    ReadBase,
    Row,
    Site,
    UnknownBase,
    Value,
    unknown,
)
from wsconsolidate.model.expr import Call, Choice, Expr, Name, Opaque, Starred, dotted, unparse
from wsconsolidate.model.facts import ClassFacts
from wsconsolidate.model.program import ClassId, ClassTarget, ModuleTarget


class BaseReader:
    """Resolves the base expressions of classes."""

    def __init__(self, evaluator: Evaluator, order_of: Order) -> None:
        self._evaluator = evaluator
        self._names = evaluator.names
        self._order_of = order_of

    def bases(self, id: ClassId, frame: Frame | None = None) -> list[tuple[Base, ...]]:
        """For each base of the class the classes it may be, after `__mro_entries__`."""
        facts = self._names.class_facts(id)
        site = Site(self._names.enclosing(id), id.line, frame)
        places = [place for expr in without_with_metaclass(facts.bases) for place in self._places(site, expr)]
        options = [found for expr, values in places for found in self._options(site, expr, values, places)]
        if facts.type_parameters:
            options.append((replace(self._typing("Generic"), alias=True),))  # PEP 695
        return self._typed_dict(options) or self._as_entries(options)

    def resolved(self, values: Sequence[Value]) -> list[Base] | None:
        """The bases that `types.resolve_bases` makes of these values; None where one is no class."""
        found = [_as_class(value) for value in values]
        known = [one for one in found if one is not None]
        if len(known) < len(found):
            return None
        return [option[0] for option in self._as_entries([(one,) for one in known])]

    def source_of(self, cls: type) -> ClassId | None:
        """Where a live class of the standard library was read, None if it was not read."""
        targets = self._names.module_member(cls.__module__, cls.__qualname__, runtime=True)
        match targets:
            case (ClassTarget(id=id),) if cls.__module__ != "builtins":
                return id
            case _:
                return None

    def _places(self, site: Site, expr: Expr) -> Iterator[tuple[Expr, tuple[Value, ...]]]:
        """Each base that an expression stands for, as what it may be: `*(A, B)` stands for two."""
        if not isinstance(expr, Starred):
            yield expr, self._evaluator.values(site, expr)
            return
        match self._evaluator.one(site, expr.value):
            case Row(items=items):
                yield from ((Name(str(item), expr.line), (item,)) for item in items)
            case _:
                detail = f"`{unparse(expr)}` unpacks bases at run time"
                yield expr, (unknown(expr, detail),)

    def _options(
        self,
        site: Site,
        expr: Expr,
        values: tuple[Value, ...],
        places: list[tuple[Expr, tuple[Value, ...]]],
    ) -> list[tuple[Base, ...]]:
        match values:
            case (Instance() as instance,):
                everything = Row(tuple(found[0] for _, found in places))
                return self._entries_of(site, expr, instance, everything)
            case _:
                return [tuple(self._as_base(expr, value) for value in values)]

    def _as_base(self, expr: Expr, value: Value) -> Base:
        match value:
            case ReadBase() | LiveBase() | MadeBase():
                return _as_written(value, expr)
            case UnknownBase():
                name = dotted(expr) or unparse(expr)
                if value.code == "not-installed" and name.startswith(f"{value.written}."):
                    return replace(value, name=value.name + name.removeprefix(value.written))
                return value if dotted(expr) and value.code != "dynamic-base" else replace(value, name=name)
            case Callee():
                return self._function_as_base(expr, value)
            case ModuleTarget(name=name):
                return unknown(expr, f"`{name}` is a module")
            case Instance(of=cls):
                return unknown(expr, f"`{unparse(expr)}` is an instance of {cls}", "mro-entries")
            case _:
                return unknown(expr, f"`{unparse(expr)}` is no class")

    def _function_as_base(self, expr: Expr, function: Callee) -> Base:
        match self._evaluator.naming.function(function.id):
            case "typing.NamedTuple" | "typing_extensions.NamedTuple":
                return LiveBase(unparse(expr), tuple)
            case "typing.TypedDict" | "typing_extensions.TypedDict":
                return LiveBase(unparse(expr), dict, typed=True)
        detail = f"`{unparse(expr)}` is a function; what it stands for as a base is decided at run time"
        return unknown(expr, detail, "mro-entries")

    def _entries_of(self, site: Site, expr: Expr, instance: Instance, bases: Row) -> list[tuple[Base, ...]]:
        """What `__mro_entries__` of an instance among the bases puts in its place."""
        methods = self._evaluator.classes.attribute(instance, "__mro_entries__", expr)
        results = [
            result
            for method in methods
            for result in self._evaluator.calls.invoked(site, method, Arguments(((bases,),)), expr)
        ]
        match results:
            case [Row(items=items)] if all(_as_class(item) for item in items):
                return [(self._as_base(expr, item),) for item in items]
            case _:
                detail = f"`{unparse(expr)}` is an instance; what stands for it among the bases is not known"
                return [(unknown(expr, detail, "mro-entries"),)]

    def _typing(self, name: str) -> ReadBase | LiveBase:
        match self._names.module_member("typing", name, runtime=True):
            case (ClassTarget(id=id),):
                return ReadBase(name, id, f"typing.{name}")
            case _:
                return LiveBase(name, Generic)  # a C class from Python 3.12 on

    def _typed_dict(self, options: list[tuple[Base, ...]]) -> list[tuple[Base, ...]]:
        """The bases that `TypedDict` gives to the classes it makes; none for any other class."""
        if not any(self._is_typed_dict(option[0]) for option in options):
            return []
        generic = [(self._typing("Generic"),)] if self._any_generic(options) else []
        return [*generic, (LiveBase("TypedDict", dict, typed=True),)]

    def _is_typed_dict(self, base: Base) -> bool:
        match base:
            case LiveBase(typed=typed):
                return typed
            case ReadBase(id=id) if any(name == "builtins.dict" for name, _ in self._order_of(id)):
                return any(self._is_typed_dict(option[0]) for option in self.bases(id))
            case _:
                return False

    def _as_entries(self, options: list[tuple[Base, ...]]) -> list[tuple[Base, ...]]:
        """The bases after `__mro_entries__` of generic aliases, as `typing` defines it (PEP 560)."""
        entries: list[tuple[Base, ...]] = []
        for index, option in enumerate(options):
            first, later = option[0], options[index + 1 :]
            generic = str(first) == GENERIC
            if generic and first.alias and (_any_alias(later) or _any_protocol(options)):
                continue
            entries.append(option)
            if first.alias and isinstance(first, LiveBase) and not generic and not self._any_generic(later):
                entries.append((self._typing("Generic"),))
        return entries

    def _any_generic(self, options: list[tuple[Base, ...]]) -> bool:
        """True if a base is a generic alias or a subclass of `Generic`."""
        bases = [base for option in options for base in option]
        return _any_alias(options) or any(
            GENERIC in (name for name, _ in self._order_of(base.id))
            for base in bases
            if isinstance(base, ReadBase)
        )


def _as_class(value: Value) -> Base | None:
    return value if isinstance(value, ReadBase | LiveBase | MadeBase) else None


def _as_written(value: Base, expr: Expr) -> Base:
    """A base as it stands among the bases; one of several options as it stands among those."""
    several = isinstance(expr, Choice | Opaque) and value.written
    return value if several else replace(value, written=unparse(expr))


def without_with_metaclass(bases: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The bases, those inside `six.with_metaclass(Meta, *bases)` in its place."""
    match bases:
        case (Call(func=func, args=(_, *inner)),) if (dotted(func) or "").endswith("with_metaclass"):
            return tuple(inner)
        case _:
            return bases


def metaclass_of(facts: ClassFacts) -> Expr | None:
    """The metaclass that a class statement names, by keyword or by `six.with_metaclass`."""
    match facts.bases:
        case (Call(func=func, args=(metaclass, *_)),) if (dotted(func) or "").endswith("with_metaclass"):
            return metaclass
        case _:
            return dict(facts.keywords).get("metaclass")


def _any_alias(options: list[tuple[Base, ...]]) -> bool:
    return any(base.alias for option in options for base in option)


def _any_protocol(options: list[tuple[Base, ...]]) -> bool:
    return any(str(base) == "typing.Protocol" for option in options for base in option)
