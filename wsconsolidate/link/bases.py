"""What each expression among a class's bases contributes to its order."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeAlias

from wsconsolidate.link.live import alias_origin, full_name, live_class
from wsconsolidate.link.names import Names, Order
from wsconsolidate.model.expr import (
    Attribute,
    Call,
    Choice,
    Constant,
    Container,
    ContainerKind,
    Expr,
    Name,
    Opaque,
    Starred,
    Subscript,
    dotted,
    unparse,
)
from wsconsolidate.model.facts import Binding, ClassFacts, ValueBinding
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

GENERIC = "typing.Generic"


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
    """A class of the running interpreter; `alias` is true for `typing.List`, also without a subscript.

    `typed` is true for the dict that `TypedDict` stands for.
    """

    written: str
    cls: type
    alias: bool = False
    typed: bool = False

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

    def __init__(self, names: Names, order_of: Order) -> None:
        self._names = names
        self._order_of = order_of
        self._open: set[tuple[ScopeId, int, Expr]] = set()

    def bases(self, id: ClassId) -> list[tuple[Base, ...]]:
        """For each base of the class the classes it may be, after `__mro_entries__`."""
        facts = self._names.class_facts(id)
        enclosing = self._names.enclosing(id)
        written = without_with_metaclass(facts.bases)
        options = [found for expr in written for found in self._places(enclosing, expr, id.line)]
        if facts.type_parameters:
            options.append((replace(self._typing("Generic"), alias=True),))  # PEP 695
        return self._typed_dict(options) or self._as_entries(options)

    def source_of(self, cls: type) -> ClassId | None:
        """Where a live class of the standard library was read, None if it was not read."""
        targets = self._names.module_member(cls.__module__, cls.__qualname__, runtime=True)
        match targets:
            case (ClassTarget(id=id),) if cls.__module__ != "builtins":
                return id
            case _:
                return None

    def _places(self, scope: ScopeId, expr: Expr, before: int) -> Iterator[tuple[Base, ...]]:
        """The options for each base that an expression stands for: `*(A, B)` stands for two."""
        match expr:
            case Starred(value=Container(items=items)):
                yield from (found for item in items for found in self._places(scope, item, before))
            case Starred(value=Name() | Attribute() as row):
                yield from self._unpacked(expr, self._names.at_runtime(scope, row, before))
            case _:
                yield self._options(scope, expr, before)

    def _unpacked(self, starred: Starred, targets: tuple[Target, ...]) -> Iterator[tuple[Base, ...]]:
        match targets:
            case (ValueTarget(value=Container(kind=ContainerKind.TUPLE) as row, scope=scope, line=line),):
                yield from self._places(scope, Starred(row, starred.line), line)
            case _:
                detail = f"`{unparse(starred)}` unpacks bases at run time"
                yield (_unknown(starred, "dynamic-base", detail),)

    def _options(self, scope: ScopeId, expr: Expr, before: int) -> tuple[Base, ...]:
        match expr:
            case Name() | Attribute():
                return self._named(scope, expr, before)
            case Subscript(value=value):
                found = self._options(scope, value, before)
                return tuple(self._subscripted(base, expr) for base in found)
            case Choice(operator="or", options=options):
                return self._first_true(scope, options, before)
            case Opaque(syntax="IfExp", parts=(test, Choice(options=(yes, no)))):
                truth = self._names.reach.decide(scope, test, before)
                chosen = (yes, no) if truth is None else (yes,) if truth else (no,)
                return tuple(base for option in chosen for base in self._options(scope, option, before))
            case Call():
                return (self._called(scope, expr, before),)
            case _:
                return (_unknown(expr, "dynamic-base", f"`{unparse(expr)}` is computed at run time"),)

    def _first_true(self, scope: ScopeId, options: tuple[Expr, ...], before: int) -> tuple[Base, ...]:
        """What `a or b` may be: what is surely false is passed over, what is surely true ends it."""
        found: list[Base] = []
        for option in options:
            truth = self._names.reach.decide(scope, option, before)
            if truth is not False or option is options[-1]:
                found += self._options(scope, option, before)
            if truth:
                break
        return tuple(found)

    def _named(self, scope: ScopeId, expr: Name | Attribute, before: int) -> tuple[Base, ...]:
        targets = self._names.at_runtime(scope, expr, before)
        found = [base for target in targets for base in self._from_target(expr, target)]
        return tuple(found) or (_unknown(expr, "dynamic-base", f"`{unparse(expr)}` is not bound here"),)

    def _from_target(self, expr: Name | Attribute, target: Target) -> tuple[Base, ...]:
        match target:
            case ClassTarget(id=id):
                return (self._read(unparse(expr), id),)
            case OutsideTarget(name=name):
                return (self._outside(expr, name),)
            case ValueTarget(value=Call() | Subscript() | Choice() | Opaque(syntax="IfExp") as value):
                return self._value(expr, target.scope, value, target.line)
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

    def _value(self, expr: Expr, scope: ScopeId, value: Expr, line: int) -> tuple[Base, ...]:
        """The options for an assigned value, read where it was assigned."""
        key = (scope, line, value)
        if key in self._open:
            return (_unknown(expr, "dynamic-base", f"`{unparse(expr)}` is made of itself"),)
        self._open.add(key)
        found = self._options(scope, value, line)
        self._open.discard(key)
        return found

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
        if top == "builtins":
            return _unknown(expr, "dynamic-base", f"`{unparse(expr)}` is not bound here")
        if self._names.module(top, runtime=True):
            detail = f"{name} is not defined by a statement"
            return UnknownBase(unparse(expr), name, "lazy-attribute", detail, expr.line)
        return UnknownBase(unparse(expr), name, "not-installed", f"{top} is not installed", expr.line)

    def _function_as_base(self, expr: Expr, target: FunctionTarget) -> tuple[Base, ...]:
        match self._names.typing_function(target):
            case "NamedTuple":
                return (LiveBase(unparse(expr), tuple),)
            case "TypedDict":
                return (LiveBase(unparse(expr), dict, typed=True),)
        detail = f"`{unparse(expr)}` is a function; what it stands for as a base is decided at run time"
        return (_unknown(expr, "mro-entries", detail),)

    def _called(self, scope: ScopeId, call: Call, before: int) -> Base:
        match self._names.at_runtime(scope, call.func, before), call.args:
            case (FunctionTarget() as target,), (Constant(value=str(made)), *_) if self._makes_tuple(target):
                if call.keyword("module") is None:
                    module = self._names.module_at(scope.path).name
                    return MadeBase(unparse(call), f"{module}.{made}", tuple.__mro__)
        return _unknown(call, "dynamic-base", f"`{unparse(call)}` is called at run time")

    def _makes_tuple(self, target: FunctionTarget) -> bool:
        module = self._names.module_at(target.id.path).name
        named = (module, self._names.function_facts(target.id).qualname) == ("collections", "namedtuple")
        return named or self._names.typing_function(target) == "NamedTuple"

    def _subscripted(self, base: Base, expr: Subscript) -> Base:
        """What `base[...]` is, by the class above it that defines subscripts."""
        written = unparse(expr)
        if str(base) == GENERIC:
            return replace(base, written=written, alias=True)
        if not isinstance(base, ReadBase):
            return base
        for name, id in self._order_of(base.id):
            if name in (GENERIC, "typing.Protocol"):
                return ReadBase(written, base.id, base.name, alias=True)
            made = self._names.bindings(ScopeId(*id), "__class_getitem__") if id else []
            if any(not _is_generic_alias(binding) for binding in made):
                detail = f"{name} defines __class_getitem__"
                return UnknownBase(written, written, "mro-entries", detail, expr.line)
            if made or (id is None and "__class_getitem__" in vars(live_class(name) or object)):
                return replace(base, written=written)
        detail = f"what `{written}` gives is decided by a metaclass"
        return UnknownBase(written, written, "mro-entries", detail, expr.line)

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


def _is_generic_alias(binding: Binding) -> bool:
    """True for `__class_getitem__ = classmethod(GenericAlias)`, whose value stands for the class itself."""
    match binding:
        case ValueBinding(value=Call(func=Name(id="classmethod"), args=(Name(id=name),))):
            return name.endswith("GenericAlias")
        case _:
            return False


def _unknown(expr: Expr, code: str, detail: str) -> UnknownBase:
    return UnknownBase(unparse(expr), dotted(expr) or unparse(expr), code, detail, expr.line)


def _any_alias(options: list[tuple[Base, ...]]) -> bool:
    return any(base.alias for option in options for base in option)


def _any_protocol(options: list[tuple[Base, ...]]) -> bool:
    return any(str(base) == "typing.Protocol" for option in options for base in option)
