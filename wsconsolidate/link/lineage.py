"""The method resolution order of each class, with its status."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import compress, islice, product

from wsconsolidate.link.bases import BaseReader, metaclass_of
from wsconsolidate.link.c3 import InconsistentError, linearise
from wsconsolidate.link.calls import Calls
from wsconsolidate.link.changes import Changes
from wsconsolidate.link.classes import Classes
from wsconsolidate.link.evaluate import Evaluator
from wsconsolidate.link.lazy import lazily
from wsconsolidate.link.live import full_name
from wsconsolidate.link.names import Names
from wsconsolidate.link.naming import Naming
from wsconsolidate.link.values import (
    Base,
    Callee,
    Entry,
    Frame,
    LiveBase,
    MadeBase,
    ReadBase,
    Row,
    Site,
    UnknownBase,
    Value,
)
from wsconsolidate.model.expr import Expr
from wsconsolidate.model.facts import MODULE_SCOPE
from wsconsolidate.model.program import ClassId, Mro, MroAlternative, MroProblem, MroStatus, ScopeId

_MOST_ALTERNATIVES = 16
OBJECT = "builtins.object"
Order = tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One of the orders of a class that has several, and the arms of the classes above it that go with it.

    `own` is what its own statement leaves open, "" if nothing.
    """

    own: str
    standing: Mro
    order: Order
    above: Mapping[ClassId, int]


class Lineage:
    """Computes orders on demand and remembers them."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self.evaluator = Evaluator(names)
        self.evaluator.naming = Naming(self.evaluator)
        self.evaluator.classes = Classes(self.evaluator, self)
        self.evaluator.calls = Calls(self.evaluator)
        self._changes = Changes(self.evaluator)
        self._reader = BaseReader(self.evaluator, self.entries)
        names.order = self.entries
        names.lazy = cache(partial(lazily, self.evaluator))
        self._known: dict[ClassId, Mro] = {}
        self._rows: dict[ClassId, Order] = {}
        self._arms: dict[ClassId, tuple[Arm, ...]] = {}
        self._open: set[ClassId] = set()

    def qualname(self, id: ClassId) -> str:
        """`__module__.__qualname__` of a class that was read; its metaclass may give it another."""
        self.mro(id)
        return self.evaluator.naming.of(id)

    def base_names(self, id: ClassId) -> tuple[str, ...]:
        """The names of a class's bases as they stand in its order, without alternatives."""
        return tuple(self.base_order(options[0])[0].name for options in self._reader.bases(id))

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

    def bases_of(self, id: ClassId) -> list[tuple[Base, ...]]:
        """For each base of a class that was read the classes it may be."""
        return self._reader.bases(id)

    def resolved(self, bases: Sequence[Value]) -> list[Base] | None:
        """The classes that these bases stand for; None where one is not known."""
        return self._reader.resolved(bases)

    def source_of(self, cls: type) -> ClassId | None:
        """Where a live class of the standard library was read, None if it was not read."""
        return self._reader.source_of(cls)

    def metaclass_written(self, id: ClassId) -> Expr | None:
        """The metaclass that a class statement names."""
        return metaclass_of(self._names.class_facts(id))

    def made(self, own: Entry, id: ClassId, frame: Frame) -> tuple[Order, MroProblem | None]:
        """The order of a class whose statement a running function reaches."""
        options = self._reader.bases(id, frame)
        bases = tuple(option[0] for option in options)
        order, problem = self.merged(own, bases, (id.path, id.line))
        if any(len(option) > 1 for option in options):
            detail = f"what {own.name} is made of is decided at run time"
            problem = problem or MroProblem(code="dynamic-base", path=id.path, line=id.line, detail=detail)
        return order, problem or self._decorator_problem(id)

    def _decorator_problem(self, id: ClassId) -> MroProblem | None:
        """Decorators of a class inside a running function count only where they keep it."""
        found = self._changes.decorated(id) if self._names.class_facts(id).decorators else None
        if found is None or isinstance(found, MroProblem) or found == self.evaluator.read(id):
            return found if isinstance(found, MroProblem) else None
        detail = "its decorator gives back another class"
        return MroProblem(code="class-decorator", path=id.path, line=id.line, detail=detail)

    def merged(
        self, own: Entry, bases: Sequence[Base], place: tuple[str, int]
    ) -> tuple[Order, MroProblem | None]:
        """The order of a class with these bases."""
        path, line = place
        problem = self._first_problem(path, line, bases)
        orders = [self.base_order(base) for base in bases] or [(Entry(OBJECT, None),)]
        heads = [order[0] for order in orders]
        try:
            order = linearise(own, orders, heads)
        except InconsistentError as error:
            detail = _clash(error, orders, heads)
            return (own, *heads), MroProblem(code="inconsistent", path=path, line=line, detail=detail)
        return _object_last(order), problem

    def _circular(self, id: ClassId) -> Mro:
        detail = f"{self.evaluator.naming.of(id)} is among its own bases"
        problem = MroProblem(code="dynamic-base", path=id.path, line=id.line, detail=detail)
        own = Entry(self.evaluator.naming.of(id), id)
        return _mro(MroStatus.INCOMPLETE, (own, Entry(OBJECT, None)), problem)

    def _compute(self, id: ClassId) -> Mro:
        worlds = list(islice(self._worlds(id), _MOST_ALTERNATIVES + 1))
        found = [self._order(id, bases) for bases in worlds]
        orders = [self._decorated(id, mro, row) for mro, row in found] if len(found) == 1 else found
        first, self._rows[id] = orders[0]
        if len({mro.names for mro, _ in orders}) == 1:
            return first
        if len(worlds) > _MOST_ALTERNATIVES:
            detail = f"it has more than {_MOST_ALTERNATIVES} alternatives"
            problem = MroProblem(code="dynamic-base", path=id.path, line=id.line, detail=detail)
            return _mro(MroStatus.INCOMPLETE, self._rows[id], problem)
        arms = self._arms[id] = self._told_apart(worlds, orders)
        alternatives = {
            arm.standing.names: MroAlternative(condition=self._condition(arm), names=arm.standing.names)
            for arm in arms
        }
        return replace(first, status=MroStatus.ALTERNATIVES, alternatives=tuple(alternatives.values()))

    def _worlds(self, id: ClassId) -> Iterator[tuple[Base, ...]]:
        """The bases of a class under each condition; no class above them is two things at a time."""
        options = [
            [arm for base in option for arm in self._each_arm(base)] for option in self._reader.bases(id)
        ]
        return (bases for bases in product(*options) if self._above(bases) is not None)

    def _each_arm(self, base: Base) -> Iterator[Base]:
        if isinstance(base, ReadBase) and self.mro(base.id).alternatives:
            return (replace(base, arm=arm) for arm in range(len(self._arms[base.id])))
        return iter((base,))

    def _above(self, bases: tuple[Base, ...]) -> dict[ClassId, int] | None:
        """The arm of each class with alternatives above a class with these bases; None if two contradict."""
        above: dict[ClassId, int] = {}
        for base in bases:
            if isinstance(base, ReadBase) and base.arm is not None:
                for id, arm in {**self._arms[base.id][base.arm].above, base.id: base.arm}.items():
                    if above.setdefault(id, arm) != arm:
                        return None
        return above

    def _told_apart(
        self, worlds: Sequence[tuple[Base, ...]], orders: Sequence[tuple[Mro, Order]]
    ) -> tuple[Arm, ...]:
        """The orders, each with what makes it so."""
        varies = [len({_plain(base) for base in column}) > 1 for column in zip(*worlds, strict=True)]
        return tuple(
            Arm(
                own=", ".join(f"{base.written} is {base}" for base in compress(bases, varies)),
                standing=mro,
                order=order,
                above=self._above(bases) or {},
            )
            for bases, (mro, order) in zip(worlds, orders, strict=True)
        )

    def _condition(self, arm: Arm) -> str:
        above = ((id, self._arms[id][index].own) for id, index in arm.above.items())
        told = [f"{own} in {self.evaluator.naming.of(id)}" for id, own in above if own]
        return ", ".join([arm.own, *told] if arm.own else told) or "no base"

    def _order(self, id: ClassId, bases: tuple[Base, ...]) -> tuple[Mro, Order]:
        """The order with these bases, as its metaclass leaves it."""
        own = Entry(self.evaluator.naming.of(id), id)
        if any(isinstance(base, ReadBase) and self._inconsistent(base) for base in bases):
            return self._broken_base(id, own, bases)
        order, problem = self._rebased(own, id) or self.merged(own, bases, id)
        if problem is not None and problem.code == "inconsistent":
            return _mro(MroStatus.INCONSISTENT, order, problem), order
        if problem is None:
            self._rows[id], self._known[id] = order, _mro(MroStatus.EXACT, order, None)
            order, problem = self._as_metaclass_says(id, bases, order)
            del self._known[id]
        status = MroStatus.INCOMPLETE if problem else MroStatus.EXACT
        return _mro(status, order, problem), order

    def _rebased(self, own: Entry, id: ClassId) -> tuple[Order, MroProblem | None] | None:
        """The order of a class that is given other bases later, None for any other class."""
        found = self._names.patched.bases(id)
        if found is None:
            return None
        module, patch = found
        site = Site(ScopeId(module.path, MODULE_SCOPE), patch.line)
        given = self.evaluator.one(site, patch.value) if patch.loop is None and not patch.guards else None
        bases = self.resolved(given.items) if isinstance(given, Row) and module.path == id.path else None
        if bases is not None:
            return self.merged(own, bases, id)
        detail = f"its bases are assigned at {module.path}:{patch.line}"
        problem = MroProblem(code="dynamic-base", path=id.path, line=id.line, detail=detail)
        return (own, Entry(OBJECT, None)), problem

    def _as_metaclass_says(
        self, id: ClassId, bases: tuple[Base, ...], order: Order
    ) -> tuple[Order, MroProblem | None]:
        for entry in order:
            written = self.metaclass_written(entry.id) if entry.id else None
            if entry.id is None or written is None:
                continue
            site = Site(self._names.enclosing(entry.id), entry.id.line)
            for metaclass in self.evaluator.values(site, written):
                if isinstance(metaclass, Callee) and entry.id != id:
                    continue
                found = self._changes.by_metaclass(id, metaclass, bases, order)
                if isinstance(found, str):
                    return order, MroProblem(code="custom-mro", path=id.path, line=id.line, detail=found)
                if found != order:
                    return found, None
        untold = self.evaluator.naming.untold(id)
        if untold:
            detail = f"its {untold} is computed at run time"
            return order, MroProblem(code="dynamic-base", path=id.path, line=id.line, detail=detail)
        return order, None

    def _decorated(self, id: ClassId, mro: Mro, row: Order) -> tuple[Mro, Order]:
        """The order of the class that the decorators give back."""
        if mro.status is not MroStatus.EXACT or not self._names.class_facts(id).decorators:
            return mro, row
        self._rows[id], self._known[id] = row, mro
        found = self._changes.decorated(id)
        if isinstance(found, MroProblem):
            return _mro(MroStatus.INCOMPLETE, row, found), row
        order = self.base_order(found)
        problem = self._problem_of(found)
        del self._known[id]
        return _mro(MroStatus.INCOMPLETE if problem else MroStatus.EXACT, order, problem), order

    def _problem_of(self, base: Base) -> MroProblem | None:
        match base:
            case ReadBase():
                return self._standing(base).problem
            case MadeBase(problem=problem):
                return problem
            case _:
                return None

    def _standing(self, base: ReadBase) -> Mro:
        """The order of a class that was read, the one of its arm where one is meant."""
        return self.mro(base.id) if base.arm is None else self._arms[base.id][base.arm].standing

    def _inconsistent(self, base: ReadBase) -> bool:
        return self._standing(base).status is MroStatus.INCONSISTENT

    def _broken_base(self, id: ClassId, own: Entry, bases: tuple[Base, ...]) -> tuple[Mro, Order]:
        broken = next(base for base in bases if isinstance(base, ReadBase) and self._inconsistent(base))
        detail = f"its base {broken} cannot be created: {_detail(self._standing(broken))}"
        problem = MroProblem(code="dynamic-base", path=id.path, line=id.line, detail=detail)
        row = (own, *(self.base_order(base)[0] for base in bases), Entry(OBJECT, None))
        return _mro(MroStatus.INCOMPLETE, row, problem), row

    def _first_problem(self, path: str, line: int, bases: Sequence[Base]) -> MroProblem | None:
        for base in bases:
            match base:
                case UnknownBase(code=code, detail=detail):
                    return MroProblem(code=code, path=path, line=base.line or line, detail=detail)
                case MadeBase(problem=problem) if problem is not None:
                    return problem
                case ReadBase() if self._standing(base).status in (
                    MroStatus.INCOMPLETE,
                    MroStatus.ALTERNATIVES,
                ):
                    return self._standing(base).problem or MroProblem(
                        code="dynamic-base", path=path, line=line, detail=f"{base} has alternatives"
                    )
        return None

    def base_order(self, base: Base) -> Order:
        """The order of a class."""
        match base:
            case ReadBase(id=id, arm=int(arm)):
                return self._arms[id][arm].order
            case ReadBase(id=id):
                mro = self.mro(id)
                return self._rows.get(id) or tuple(
                    Entry(*pair) for pair in zip(mro.names, mro.ids, strict=True)
                )
            case LiveBase(cls=cls):
                return tuple(Entry(full_name(one), self._reader.source_of(one)) for one in cls.__mro__)
            case MadeBase(order=order):
                return order
            case UnknownBase(name=name):
                return (Entry(f"?{name}", None), Entry(OBJECT, None))


def _plain(base: Base) -> Base:
    return replace(base, arm=None) if isinstance(base, ReadBase) else base


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
