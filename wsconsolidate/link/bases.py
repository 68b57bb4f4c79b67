"""What each expression among a class's bases contributes to its order."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias

from wsconsolidate.link.live import alias_origin, full_name, live_class
from wsconsolidate.link.names import Names
from wsconsolidate.model.expr import Attribute, Call, Choice, Expr, Name, Starred, Subscript, dotted, unparse
from wsconsolidate.model.program import (
    ClassId,
    ClassTarget,
    FunctionTarget,
    ModuleTarget,
    OutsideTarget,
    ScopeId,
    Target,
    ValueTarget,
)


@dataclass(frozen=True, slots=True)
class ReadBase:
    """A class whose source was read; `alias` is true for a subscripted generic, `G[int]`."""

    written: str
    id: ClassId
    name: str
    alias: bool = False

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class LiveBase:
    """A class of the running interpreter; `alias` is true for `typing.List`, also without a subscript."""

    written: str
    cls: type
    alias: bool = False

    def __str__(self) -> str:
        return full_name(self.cls)


@dataclass(frozen=True, slots=True)
class MadeBase:
    """A class made by a call that is understood: `namedtuple("Point", "x y")`."""

    written: str
    name: str
    below: tuple[type, ...]
    alias: bool = False

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class UnknownBase:
    """A base that could not be followed, and why."""

    written: str
    name: str
    code: str
    detail: str
    line: int
    alias: bool = False

    def __str__(self) -> str:
        return f"?{self.name}"


Base: TypeAlias = ReadBase | LiveBase | MadeBase | UnknownBase


class BaseReader:
    """Resolves the base expressions of classes."""

    def __init__(self, names: Names, order_of: Callable[[ClassId], tuple[str, ...]]) -> None:
        self._names = names
        self._order_of = order_of

    def bases(self, id: ClassId) -> list[tuple[Base, ...]]:
        """For each base of the class the classes it may be, after `__mro_entries__`."""
        facts = self._names.class_facts(id)
        enclosing = self._names.enclosing(id)
        options = [
            found
            for expr in _without_with_metaclass(facts.bases)
            if (found := self._options(enclosing, expr, id.line))
        ]
        if facts.type_parameters:
            options.append((replace(self._typing("Generic", "Generic"), alias=True),))  # PEP 695
        return self._as_entries(options)

    def source_of(self, cls: type) -> ClassId | None:
        """Where a live class of the standard library was read, None if it was not read."""
        targets = self._names.module_member(cls.__module__, cls.__qualname__, runtime=True)
        match targets:
            case (ClassTarget(id=id),) if cls.__module__ != "builtins":
                return id
            case _:
                return None

    def _options(self, scope: ScopeId, expr: Expr, before: int) -> tuple[Base, ...]:
        match expr:
            case Name() | Attribute():
                return self._named(scope, expr, before)
            case Subscript(value=value):
                return tuple(_as_alias(base, unparse(expr)) for base in self._options(scope, value, before))
            case Choice(operator="or" | "if", options=options):
                return tuple(base for option in options for base in self._options(scope, option, before))
            case Call():
                return (self._called(scope, expr),)
            case Starred():
                detail = f"`{unparse(expr)}` unpacks bases at run time"
                return (_unknown(expr, "dynamic-base", detail),)
            case _:
                return (_unknown(expr, "dynamic-base", f"`{unparse(expr)}` is computed at run time"),)

    def _named(self, scope: ScopeId, expr: Expr, before: int) -> tuple[Base, ...]:
        targets = self._names.targets(scope, expr, before=before, runtime=True)
        found = [base for target in targets for base in self._from_target(expr, target)]
        return tuple(found) or (_unknown(expr, "dynamic-base", f"`{unparse(expr)}` is not bound here"),)

    def _from_target(self, expr: Expr, target: Target) -> tuple[Base, ...]:
        match target:
            case ClassTarget(id=id):
                return (self._read(unparse(expr), id),)
            case OutsideTarget(name=name):
                return (self._outside(expr, name),)
            case ValueTarget(value=Call() | Subscript() | Choice() as value, scope=scope, line=line):
                return self._options(scope, value, line + 1)
            case ValueTarget(value=None, line=line):
                detail = f"`{unparse(expr)}` is bound on line {line} to a value known only at run time"
                return (_unknown(expr, "dynamic-base", detail),)
            case ValueTarget(value=value, line=line):
                detail = f"`{unparse(expr)}` is `{unparse(value)}`, which is no class"
                return (_unknown(expr, "dynamic-base", detail),)
            case FunctionTarget():
                return self._function_as_base(expr, target)
            case ModuleTarget(name=name):
                return (_unknown(expr, "dynamic-base", f"`{name}` is a module"),)

    def _read(self, written: str, id: ClassId) -> ReadBase:
        module = self._names.module_at(id.path).name
        return ReadBase(written, id, f"{module}.{self._names.class_facts(id).qualname}")

    def _outside(self, expr: Expr, name: str) -> Base:
        origin = alias_origin(name)
        if origin is not None:
            return LiveBase(unparse(expr), origin, alias=True)
        cls = live_class(name)
        if cls is not None:
            return LiveBase(unparse(expr), cls)
        top = name.partition(".")[0]
        if self._names.module(top, runtime=True):
            return UnknownBase(
                unparse(expr), name, "lazy-attribute", f"{name} is not defined by a statement", expr.line
            )
        return UnknownBase(unparse(expr), name, "not-installed", f"{top} is not installed", expr.line)

    def _function_as_base(self, expr: Expr, target: FunctionTarget) -> tuple[Base, ...]:
        facts = self._names.function_facts(target.id)
        module = self._names.module_at(target.id.path).name
        if (module, facts.name) == ("typing", "NamedTuple"):
            return (LiveBase(unparse(expr), tuple),)
        if (module, facts.name) in (("typing", "TypedDict"), ("typing_extensions", "TypedDict")):
            return (LiveBase(unparse(expr), dict),)
        detail = f"`{unparse(expr)}` is a function; what it stands for as a base is decided at run time"
        return (_unknown(expr, "mro-entries", detail),)

    def _called(self, scope: ScopeId, call: Call) -> Base:
        name = (dotted(call.func) or "").rpartition(".")[2]
        if name in ("namedtuple", "NamedTuple") and call.args:
            made = unparse(call.args[0]).strip("'\"")
            return MadeBase(unparse(call), f"{self._names.module_at(scope.path).name}.{made}", tuple.__mro__)
        return _unknown(call, "dynamic-base", f"`{unparse(call)}` is called at run time")

    def _typing(self, name: str, written: str) -> Base:
        match self._names.module_member("typing", name, runtime=True):
            case (ClassTarget(id=id),):
                return ReadBase(written, id, f"typing.{name}")
            case _:
                return LiveBase(written, Generic)  # a C class from Python 3.12 on

    def _as_entries(self, options: list[tuple[Base, ...]]) -> list[tuple[Base, ...]]:
        """The bases after `__mro_entries__` of generic aliases, as `typing` defines it (PEP 560)."""
        entries: list[tuple[Base, ...]] = []
        for index, option in enumerate(options):
            first, later = option[0], options[index + 1 :]
            generic = str(first) == "typing.Generic"
            if generic and first.alias and (_any_alias(later) or _any_protocol(options)):
                continue
            entries.append(option)
            if first.alias and isinstance(first, LiveBase) and not self._any_generic(later):
                entries.append((self._typing("Generic", "Generic"),))
        return entries

    def _any_generic(self, options: list[tuple[Base, ...]]) -> bool:
        """True if a base is a generic alias or a subclass of `Generic`."""
        return _any_alias(options) or any(
            "typing.Generic" in self._order_of(base.id)
            for option in options
            for base in option
            if isinstance(base, ReadBase)
        )


def _without_with_metaclass(bases: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The bases, those inside `six.with_metaclass(Meta, *bases)` in its place."""
    match bases:
        case (Call(func=func, args=(_, *inner)),) if (dotted(func) or "").endswith("with_metaclass"):
            return tuple(inner)
        case _:
            return bases


def _as_alias(base: Base, written: str) -> Base:
    match base:
        case ReadBase(id=id, name=name):
            return ReadBase(written, id, name, alias=True)
        case _:
            return base


def _unknown(expr: Expr, code: str, detail: str) -> UnknownBase:
    return UnknownBase(unparse(expr), dotted(expr) or unparse(expr), code, detail, expr.line)


def _any_alias(options: list[tuple[Base, ...]]) -> bool:
    return any(base.alias for option in options for base in option)


def _any_protocol(options: list[tuple[Base, ...]]) -> bool:
    return any(str(base) == "typing.Protocol" for option in options for base in option)
