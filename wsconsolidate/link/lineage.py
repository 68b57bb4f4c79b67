"""The method resolution order of each class, with its status."""

from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import NamedTuple

from wsconsolidate.link.bases import Base, BaseReader, LiveBase, MadeBase, ReadBase, UnknownBase, metaclass_of
from wsconsolidate.link.c3 import InconsistentError, linearise
from wsconsolidate.link.changes import Changes
from wsconsolidate.link.live import full_name
from wsconsolidate.link.names import Names
from wsconsolidate.model.program import (
    ClassId,
    ClassTarget,
    FunctionTarget,
    Mro,
    MroAlternative,
    MroProblem,
    MroStatus,
    ScopeId,
)

_MOST_ALTERNATIVES = 8
OBJECT = "builtins.object"


class Entry(NamedTuple):
    """One class in an order; classes of one name are told apart by where they were read."""

    name: str
    id: ClassId | None


class Lineage:
    """Computes orders on demand and remembers them."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._changes = Changes(names)
        self._reader = BaseReader(names, self.entries)
        names.order = self.entries
        self._known: dict[ClassId, Mro] = {}
        self._open: set[ClassId] = set()

    def qualname(self, id: ClassId) -> str:
        """`__module__.__qualname__` of a class that was read."""
        module = self._names.module_at(id.path).name
        return f"{_MODULE_NAMES.get(module, module)}.{self._names.class_facts(id).qualname}"

    def base_names(self, id: ClassId) -> tuple[str, ...]:
        """The names of a class's bases as they stand in its order, without alternatives."""
        return tuple(self._entry(options[0]).name for options in self._reader.bases(id))

    def entries(self, id: ClassId) -> Iterator[tuple[str, ClassId | None]]:
        """Each class in the order of a class that was read, by name and by where it was read."""
        order = self.mro(id)
        return zip(order.names, order.ids, strict=True)

    def mro(self, id: ClassId) -> Mro:
        """The order of a class that was read."""
        if id not in self._known:
            if id in self._open:
                return self._circular(id)
            self._open.add(id)
            self._known[id] = self._compute(id)
            self._open.discard(id)
        return self._known[id]

    def _circular(self, id: ClassId) -> Mro:
        detail = f"{self.qualname(id)} is among its own bases"
        problem = MroProblem(code="dynamic-base", path=id.path, line=id.line, detail=detail)
        own = Entry(self.qualname(id), id)
        return _mro(MroStatus.INCOMPLETE, (own, Entry(OBJECT, None)), problem)

    def _compute(self, id: ClassId) -> Mro:
        combinations = list(islice(product(*self._reader.bases(id)), _MOST_ALTERNATIVES))
        orders = [self._order(id, bases) for bases in combinations]
        different = list(dict.fromkeys(order.names for order in orders))
        if len(different) == 1:
            return orders[0]
        alternatives = {
            order.names: MroAlternative(condition=_condition(bases), names=order.names)
            for bases, order in zip(combinations, orders, strict=True)
        }
        first = orders[0]
        return Mro(
            status=MroStatus.ALTERNATIVES,
            names=first.names,
            ids=first.ids,
            problem=first.problem,
            alternatives=tuple(alternatives.values()),
        )

    def _order(self, id: ClassId, bases: tuple[Base, ...]) -> Mro:
        own = Entry(self.qualname(id), id)
        problem = self._first_problem(id, bases)
        if any(isinstance(base, ReadBase) and self._inconsistent(base.id) for base in bases):
            return self._broken_base(id, own, bases)
        orders = [self._base_order(base) for base in bases] or [(Entry(OBJECT, None),)]
        heads = [order[0] for order in orders]
        try:
            merged = linearise(own, orders, heads)
        except InconsistentError as error:
            clash = MroProblem(
                code="inconsistent", path=id.path, line=id.line, detail=_clash(error, orders, heads)
            )
            return _mro(MroStatus.INCONSISTENT, (own, *heads), clash)
        problem = problem or self._own_order(id, merged) or self._changes.problem(id)
        status = MroStatus.INCOMPLETE if problem else MroStatus.EXACT
        return _mro(status, _object_last(merged), problem)

    def _own_order(self, id: ClassId, merged: tuple[Entry, ...]) -> MroProblem | None:
        """A metaclass with an `mro` method or bases of its own decides the order at run time."""
        for entry in merged:
            detail = self._decided_by(entry.id) if entry.id else None
            if detail:
                return MroProblem(code="custom-mro", path=id.path, line=id.line, detail=detail)
        return None

    def _decided_by(self, id: ClassId) -> str | None:
        """In which way the metaclass that the class names decides its order, None if it leaves it alone."""
        written = metaclass_of(self._names.class_facts(id))
        targets = self._names.at_runtime(self._names.enclosing(id), written, id.line) if written else ()
        for target in targets:
            if isinstance(target, FunctionTarget):
                return f"its metaclass is the function {self._names.function_facts(target.id).name}"
            if isinstance(target, ClassTarget):
                for name, ancestor in self.entries(target.id):
                    if ancestor and self._names.bindings(ScopeId(*ancestor), "mro"):
                        return f"its metaclass {self.qualname(target.id)} defines mro()"
                    if ancestor and self._changes.makes_other_bases(ancestor):
                        return f"{name}.__new__ makes the class with other bases"
        return None

    def _inconsistent(self, id: ClassId) -> bool:
        return self.mro(id).status is MroStatus.INCONSISTENT

    def _broken_base(self, id: ClassId, own: Entry, bases: tuple[Base, ...]) -> Mro:
        broken = next(b for b in bases if isinstance(b, ReadBase) and self._inconsistent(b.id))
        detail = f"its base {self.qualname(broken.id)} cannot be created: {_detail(self.mro(broken.id))}"
        problem = MroProblem(code="dynamic-base", path=id.path, line=id.line, detail=detail)
        heads = (self._entry(base) for base in bases)
        return _mro(MroStatus.INCOMPLETE, (own, *heads, Entry(OBJECT, None)), problem)

    def _first_problem(self, id: ClassId, bases: tuple[Base, ...]) -> MroProblem | None:
        for base in bases:
            if isinstance(base, UnknownBase):
                return MroProblem(code=base.code, path=id.path, line=base.line or id.line, detail=base.detail)
            inherited = self.mro(base.id) if isinstance(base, ReadBase) else None
            if inherited and inherited.status in (MroStatus.INCOMPLETE, MroStatus.ALTERNATIVES):
                return inherited.problem or MroProblem(
                    code="dynamic-base", path=id.path, line=id.line, detail=f"{base} has alternatives"
                )
        return None

    def _base_order(self, base: Base) -> tuple[Entry, ...]:
        match base:
            case ReadBase(id=id):
                mro = self.mro(id)
                return tuple(Entry(*pair) for pair in zip(mro.names, mro.ids, strict=True))
            case LiveBase(cls=cls):
                return tuple(self._live_entry(one) for one in cls.__mro__)
            case MadeBase(name=name, below=below):
                return (Entry(name, None), *(self._live_entry(one) for one in below))
            case UnknownBase(name=name):
                return (Entry(f"?{name}", None), Entry(OBJECT, None))

    def _live_entry(self, cls: type) -> Entry:
        """A live class, as the class that was read where its source is read too (`typing.Generic`)."""
        return Entry(full_name(cls), self._reader.source_of(cls))

    def _entry(self, base: Base) -> Entry:
        return self._base_order(base)[0]


_MODULE_NAMES = {
    "_collections_abc": "collections.abc",
    "_py_abc": "abc",
    "importlib._bootstrap": "_frozen_importlib",
    "importlib._bootstrap_external": "_frozen_importlib_external",
}
"""Modules of the standard library that call themselves otherwise."""


def _object_last(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    return entries if entries[-1].name == OBJECT else (*entries, Entry(OBJECT, None))


def _mro(status: MroStatus, entries: Iterable[Entry], problem: MroProblem | None) -> Mro:
    row = tuple(entries)
    return Mro(
        status=status,
        names=tuple(entry.name for entry in row),
        ids=tuple(entry.id for entry in row),
        problem=problem,
    )


def _condition(bases: tuple[Base, ...]) -> str:
    return ", ".join(f"{base.written} is {base}" for base in bases) or "no base"


def _detail(mro: Mro) -> str:
    return mro.problem.detail if mro.problem else ""


def _clash(error: InconsistentError, orders: list[tuple[Entry, ...]], heads: list[Entry]) -> str:
    """The two constraints that contradict each other, in words."""
    blocked = [head for head in error.heads if isinstance(head, Entry)]
    if len(set(heads)) < len(heads):
        return f"{blocked[0].name} is named twice among the bases"
    first = blocked[0]
    lines = [("the order of the bases", tuple(heads))]
    lines += [(f"the order of {order[0].name}", order) for order in orders]
    for second in blocked[1:]:
        before = next((name for name, row in lines if _stands_before(first, second, row)), None)
        after = next((name for name, row in lines if _stands_before(second, first, row)), None)
        if before and after:
            return (
                f"{before} puts {first.name} before {second.name}, "
                f"{after} puts {second.name} before {first.name}"
            )
    return "no order fits all bases: " + ", ".join(entry.name for entry in blocked)


def _stands_before(first: Entry, second: Entry, row: tuple[Entry, ...]) -> bool:
    return first in row and second in row and row.index(first) < row.index(second)
