"""What classes give: their attributes, subscripts and metaclasses, and the classes that calls make."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from wsconsolidate.link.calls import Arguments
from wsconsolidate.link.evaluate import Evaluator
from wsconsolidate.link.live import live_class
from wsconsolidate.link.values import (
    Above,
    Base,
    Callee,
    Entry,
    Frame,
    Instance,
    Known,
    LiveBase,
    MadeBase,
    Namespace,
    Outside,
    ReadBase,
    Row,
    Site,
    Table,
    UnknownBase,
    Value,
    Values,
    unknown,
)
from wsconsolidate.model.expr import Call, Expr, Name, Subscript, unparse
from wsconsolidate.model.facts import Binding, ValueBinding
from wsconsolidate.model.program import ClassId, ClassTarget, ModuleTarget, MroProblem

GENERIC = "typing.Generic"
_METHODS_OF_CLASSES = frozenset(("__class_getitem__", "__init_subclass__"))


class Orders(Protocol):
    """What is asked of who computes the orders."""

    def base_order(self, base: Base) -> tuple[Entry, ...]:
        """The order of a class."""

    def made(self, own: Entry, id: ClassId, frame: Frame) -> tuple[tuple[Entry, ...], MroProblem | None]:
        """The order of a class whose statement a running function reaches."""

    def merged(
        self, own: Entry, bases: Sequence[Base], place: tuple[str, int]
    ) -> tuple[tuple[Entry, ...], MroProblem | None]:
        """The order of a class with these bases."""

    def resolved(self, bases: Sequence[Value]) -> list[Base] | None:
        """The classes that these bases stand for; None where one is not known."""

    def bases_of(self, id: ClassId) -> list[tuple[Base, ...]]:
        """For each base of a class that was read the classes it may be."""

    def source_of(self, cls: type) -> ClassId | None:
        """Where a live class of the standard library was read, None if it was not read."""

    def metaclass_written(self, id: ClassId) -> Expr | None:
        """The metaclass that a class statement names."""


class Classes:
    """Answers about class values."""

    def __init__(self, evaluator: Evaluator, orders: Orders) -> None:
        self._evaluator = evaluator
        self._names = evaluator.names
        self._orders = orders
        self._made: dict[Entry, MadeBase] = {}

    def order(self, base: Base) -> tuple[Entry, ...]:
        """The order of a class."""
        return self._orders.base_order(base)

    def value_of(self, entry: Entry) -> Base:
        """The class that stands in an order."""
        if entry in self._made:
            return self._made[entry]
        if entry.id is not None:
            return ReadBase(entry.name, entry.id, entry.name)
        cls = live_class(entry.name)
        if cls is not None:
            return LiveBase(entry.name, cls)
        name = entry.name.removeprefix("?")
        return UnknownBase(name, name, "dynamic-base", f"{name} is not known", 0)

    def attribute(self, owner: Value, attr: str, expr: Expr) -> Values:
        """What `owner.attr` is."""
        match owner:
            case UnknownBase():
                return (owner,)
            case ModuleTarget(name=name):
                return self._of_module(name, attr, expr)
            case ReadBase() | LiveBase() | MadeBase():
                return self._of_class(owner, attr, expr)
            case Instance(of=cls):
                return self._of_instance(owner, cls, attr, expr)
            case Above():
                return self._above(owner, attr, expr)
            case Outside(name=name, bound=None) if name.startswith("<spec>."):
                return (Known(name.removeprefix("<spec>.")),) if attr == "parent" else self._untold(expr)
            case Outside(name=name, bound=None):
                return (Outside(f"{name}.{attr}"),)
            case Callee():
                return self._untold(expr)
            case _:
                return (Outside(f"{type(owner).__name__}.{attr}", owner),)

    def _untold(self, expr: Expr) -> Values:
        return (unknown(expr, f"`{unparse(expr)}` is known only at run time"),)

    def _of_module(self, name: str, attr: str, expr: Expr) -> Values:
        if attr == "__name__":
            return (Known(name),)
        if attr == "__class__":
            return (LiveBase("type", live_class("types.ModuleType") or object),)
        targets = self._names.module_member(name, attr, runtime=True)
        return tuple(one for target in targets for one in self._evaluator.of_target(target, expr))

    def _of_class(self, owner: Base, attr: str, expr: Expr) -> Values:
        told = self._told(owner, attr)
        if told is not None:
            return (told,)
        found = self._searched(self.order(owner), attr, owner, owner, expr)
        if found is None:
            above = self.order(self.metaclass(owner))
            found = self._searched(above, attr, Instance(self.metaclass(owner)), owner, expr)
        return found or self._untold(expr)

    def _told(self, owner: Base, attr: str) -> Value | None:
        """The attributes that every class has."""
        module, qualname = self.full_name(owner)
        match attr:
            case "__name__":
                return Known(qualname.rpartition(".")[2])
            case "__qualname__":
                return Known(qualname)
            case "__module__":
                return Known(module)
            case "__mro__":
                return Row(tuple(self.value_of(entry) for entry in self.order(owner)))
            case "__bases__":
                return self._bases(owner)
            case "__dict__":
                return Namespace(owner)
            case "__class__":
                return self.metaclass(owner)
            case _:
                return None

    def full_name(self, owner: Base) -> tuple[str, str]:
        """`__module__` and `__qualname__` of a class."""
        entry = self.order(owner)[0]
        if isinstance(owner, LiveBase):
            return owner.cls.__module__, owner.cls.__qualname__
        qualname = entry.name.rpartition(".")[2]
        if entry.id is not None:
            read = self._names.class_facts(entry.id).qualname
            qualname = read if entry.name.endswith(f".{read}") else qualname
        return entry.name[: -len(qualname) - 1], qualname

    def _bases(self, owner: Base) -> Value | None:
        if isinstance(owner, LiveBase):
            return Row(tuple(LiveBase(one.__name__, one) for one in owner.cls.__bases__))
        if isinstance(owner, ReadBase):
            options = self._orders.bases_of(owner.id)
            known = [one[0] for one in options if len(one) == 1]
            bases = tuple(known) or (LiveBase("object", object),)
            return Row(bases) if len(known) == len(options) else None
        return None

    def _searched(
        self, order: Sequence[Entry], attr: str, bound: Value, owner: Value, expr: Expr
    ) -> Values | None:
        """What the first class of an order that has the attribute says; None if none has it."""
        for entry in order:
            if entry.name.startswith("?"):
                return self._untold(expr)
            if entry.id is not None:
                targets = self._names.bound(entry.id, attr, None)
                if targets:
                    targets = self._names.patched.besides(ClassTarget(entry.id), attr, targets)
                    values = (v for t in targets for v in self._evaluator.of_target(t, expr))
                    return tuple(self._tied(value, bound, owner, expr) for value in values)
            elif (cls := live_class(entry.name)) is not None and attr in vars(cls):
                inner = vars(cls)[attr]
                if isinstance(inner, type):
                    return (LiveBase(f"{entry.name}.{attr}", inner),)
                return (Outside(f"{entry.name}.{attr}", None if bound is owner else owner),)
        return None

    def has(self, base: Base, attr: str) -> bool | None:
        """True if a class of the order binds the attribute; None where one of them is not known."""
        order = self.order(base)
        if any(entry.name.startswith("?") for entry in order):
            return None
        return any(self._binds(entry, attr) for entry in order)

    def _binds(self, entry: Entry, attr: str) -> bool:
        if entry.id is not None:
            return bool(self._names.bindings(entry.id, attr))
        return attr in vars(live_class(entry.name) or object)

    def _tied(self, value: Value, bound: Value, owner: Value, expr: Expr) -> Value:
        """A value found in a class body, as it is when it is asked of `owner`."""
        if not isinstance(value, Callee):
            return value
        facts = self._names.function_facts(value.id)
        words = [unparse(decorator).rpartition(".")[2] for decorator in facts.decorators]
        if "property" in words or "cached_property" in words:
            return unknown(expr, f"`{unparse(expr)}` is a property")
        if "staticmethod" in words or facts.name == "__new__":
            return value
        if "classmethod" in words or facts.name in _METHODS_OF_CLASSES:
            cls = owner.of if isinstance(owner, Instance) else owner
            return replace(value, bound=cls)
        return value if bound is owner and not isinstance(owner, Instance) else replace(value, bound=owner)

    def _of_instance(self, owner: Instance, cls: Base, attr: str, expr: Expr) -> Values:
        if attr == "__class__":
            return (cls,)
        found = self._searched(self.order(cls), attr, owner, owner, expr) or self._untold(expr)
        known = all(isinstance(one, Callee | UnknownBase) for one in found)
        return found if known else self._untold(expr)

    def _above(self, owner: Above, attr: str, expr: Expr) -> Values:
        """What `super().attr` is: the search starts behind the class that the method stands in."""
        base = owner.bound.of if isinstance(owner.bound, Instance) else owner.bound
        if not isinstance(base, ReadBase | MadeBase | LiveBase):
            return self._untold(expr)
        order = self.order(base)
        if owner.owner not in [entry.id for entry in order]:
            order = self.order(self.metaclass(base))
        ids = [entry.id for entry in order]
        if owner.owner not in ids:
            return self._untold(expr)
        rest = order[ids.index(owner.owner) + 1 :]
        found = self._searched(rest, attr, Instance(base), owner.bound, expr)
        return found or (Outside(f"super.{attr}", owner.bound),)

    def metaclass(self, base: Base) -> Base:
        """The class of a class: the most derived of those that the classes of its order name."""
        winner: Base = LiveBase("type", type)
        for entry in self.order(base):
            candidate = self._metaclass_of(entry)
            if candidate is not None and self.order(winner)[0] in self.order(candidate):
                winner = candidate
        return winner

    def _metaclass_of(self, entry: Entry) -> Base | None:
        if entry.id is None:
            cls = live_class(entry.name)
            return self._source(type(cls)) if cls is not None else None
        written = self._orders.metaclass_written(entry.id)
        if written is None:
            return None
        site = Site(self._names.enclosing(entry.id), entry.id.line)
        found = self._evaluator.one(site, written)
        return found if isinstance(found, ReadBase | LiveBase | MadeBase) else None

    def _source(self, cls: type) -> Base:
        """A live class, as the class that was read where its source is read too."""
        found = self._orders.source_of(cls)
        return LiveBase(cls.__name__, cls) if found is None else self._evaluator.read(found, cls.__name__)

    def subscripted(self, site: Site, owner: Value, expr: Subscript) -> Value:
        """What `owner[...]` is, by the class above it that defines subscripts."""
        written = unparse(expr)
        if str(owner) == GENERIC and isinstance(owner, ReadBase | LiveBase):
            return replace(owner, written=written, alias=True)
        if isinstance(owner, LiveBase):
            return replace(owner, written=written)
        if not isinstance(owner, ReadBase | MadeBase):
            return owner
        for entry in self.order(owner):
            if entry.name in (GENERIC, "typing.Protocol"):
                return replace(owner, written=written, alias=True)
            made = self._names.bindings(entry.id, "__class_getitem__") if entry.id else []
            if made and not all(is_generic_alias(binding) for binding in made):
                return self._by_method(
                    site, owner, "__class_getitem__", expr, f"{entry.name} defines __class_getitem__"
                )
            if made or (entry.id is None and "__class_getitem__" in vars(live_class(entry.name) or object)):
                return replace(owner, written=written)
        return self._by_method(
            site, owner, "__getitem__", expr, f"what `{written}` gives is decided by a metaclass"
        )

    def _by_method(self, site: Site, owner: Base, method: str, expr: Subscript, detail: str) -> Value:
        """What a method of the class or its metaclass makes of a subscript."""
        order = self.order(owner) if method == "__class_getitem__" else self.order(self.metaclass(owner))
        bound = owner if method == "__class_getitem__" else Instance(self.metaclass(owner))
        found = self._searched(order, method, bound, owner, expr) or ()
        passed = Arguments((self._evaluator.values(site, expr.index),))
        results = {v for one in found for v in self._evaluator.calls.invoked(site, one, passed, expr)}
        match tuple(results):
            case (ReadBase() | LiveBase() | MadeBase() as only,):
                return replace(only, written=unparse(expr))
            case _:
                return UnknownBase(unparse(expr), unparse(expr), "mro-entries", detail, expr.line)

    def in_frame(self, id: ClassId, frame: Frame) -> MadeBase:
        """The class that a class statement makes when a running function reaches it."""
        own = Entry(self._evaluator.naming.of(id), id, frame.trail)
        if own not in self._made:
            order, problem = self._orders.made(own, id, frame)
            self._made[own] = MadeBase(written=own.name, order=order, problem=problem)
        return self._made[own]

    def make(
        self,
        name: Value,
        bases: Value,
        namespace: Value,
        site: Site,
        call: Expr,
        *,
        module: str | None = None,
    ) -> Value:
        """The class that `type(name, bases, namespace)` makes; `module` is where CPython says it was made."""
        given = self._orders.resolved(bases.items) if isinstance(bases, Row) else None
        names = self._named(name, namespace)
        if given is None or names is None:
            return unknown(
                call, f"`{unparse(call)}` makes a class with a name or bases known only at run time"
            )
        told_module, qualname, id = names
        where = told_module or module or self._module_of(given, site)
        trail = (*(site.frame.trail if site.frame else ()), (site.scope.path, call.line, unparse(call)))
        own = Entry(f"{where}.{qualname}", id, trail)
        order, problem = self._orders.merged(own, given, (site.scope.path, call.line))
        made = MadeBase(written=unparse(call), order=order, problem=problem)
        self._made[order[0]] = made
        return made

    def _module_of(self, bases: Sequence[Base], site: Site) -> str:
        """The module whose code calls `type.__new__`: that of the metaclass's `__new__`, else the call's."""
        winner: Base = LiveBase("type", type)
        for base in bases:
            candidate = self.metaclass(base)
            if self.order(winner)[0] in self.order(candidate):
                winner = candidate
        makers = [e.id for e in self.order(winner) if e.id and self._names.bindings(e.id, "__new__")]
        return self._evaluator.naming.module(makers[-1].path if makers else site.scope.path)

    def _named(self, name: Value, namespace: Value) -> tuple[str | None, str, ClassId | None] | None:
        """`__module__` if the namespace says it, `__qualname__`, and the class whose body it is."""
        if not isinstance(name, Known) or not isinstance(name.value, str):
            return None
        match namespace:
            case Namespace(of=ReadBase(id=id) as of, given=given):
                where, whole = self.full_name(of)
                return where, whole if given else name.value, id
            case Namespace(of=of):
                return self.full_name(of)[0], name.value, self.order(of)[0].id
            case Table():
                said = [self._said(namespace, key) for key in ("__module__", "__qualname__")]
                if UnknownBase in map(type, said):
                    return None
                module, qualname = (one.value if isinstance(one, Known) else None for one in said)
                return _text(module), _text(qualname) or name.value, None
            case _:
                return None

    def _said(self, table: Table, key: str) -> Value | None:
        """What a namespace binds a special name to; None if it does not bind it."""
        for given, value in reversed(table.display.items):
            if given is None:
                spread = self._evaluator.one(table.site, value)
                if isinstance(spread, Table):
                    inner = self._said(spread, key)
                    if inner is not None:
                        return inner
                elif self._evaluator.calls.may_say(table.site, value, key):
                    return unknown(value, f"`**{unparse(value)}` may hold {key}")
            elif self._evaluator.one(table.site, given) == Known(key):
                return self._evaluator.one(table.site, value)
        return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def is_generic_alias(binding: Binding) -> bool:
    """True for `__class_getitem__ = classmethod(GenericAlias)`, whose value stands for the class itself."""
    match binding:
        case ValueBinding(value=Call(func=Name(id="classmethod"), args=(Name(id=name),))):
            return name.endswith("GenericAlias")
        case _:
            return False
