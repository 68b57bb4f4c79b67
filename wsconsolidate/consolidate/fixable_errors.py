"""Whether a scattered error can derive from the one that stays, and still be all that it was."""

import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from wsconsolidate.consolidate.class_uses import ClassUses
from wsconsolidate.consolidate.constructors import Passing, calls_of_base, passing
from wsconsolidate.consolidate.raised import Raised
from wsconsolidate.consolidate.reach import out_of_use, unreachable
from wsconsolidate.consolidate.stand_ins import clash
from wsconsolidate.model.analysis import Analysis, Fix
from wsconsolidate.model.expr import Attribute, Name
from wsconsolidate.model.facts import Body
from wsconsolidate.model.program import Class, Function, MroStatus
from wsconsolidate.model.role import Role
from wsconsolidate.model.scattered_errors import scattered_errors
from wsconsolidate.model.signature import misfit

_OF_CLASSES = frozenset(("__init__", "__module__", "__qualname__", "__doc__", "__slots__"))
_BUNDLED = frozenset(("retryable",))


def judge_errors(found: Analysis) -> Iterator[tuple[str, int, Fix]]:
    """Each scattered error with what can be done about it."""
    judge = _Judge(found, found.truth(Role.ERROR))
    yield from ((*one.id, judge.fix(one)) for one in scattered_errors(found))


@dataclass(frozen=True)
class _Judge:
    """Judges errors against the base that stays: a class of the tree, or None for the bundled one."""

    found: Analysis
    kept: Class | None

    def fix(self, one: Class) -> Fix:
        """What can be done about one, and why not more."""
        return Fix.unless(self._against(one), self._risks(one))

    def _against(self, one: Class) -> Iterator[str]:
        yield from self._out_of_form(one)
        if self.kept is not None:
            yield from unreachable(self.found, one, self.kept)
            if self.kept.mro.status is not MroStatus.EXACT:
                yield f"the bases of {self.kept.qualname} could not all be followed"
        yield from clash(self.found.program, one, self.kept)
        for heir in (one, *self.found.program.below(one)):
            yield from self._hides(heir, one)
        yield from self._constructors(one)

    def _out_of_form(self, one: Class) -> Iterator[str]:
        yield from out_of_use(self.found, one)
        if "." in one.facts.qualname:
            yield "it is not defined on the top level of its module"
        if one.facts.guards:
            yield "it is defined under a condition"
        if one.facts.keywords or one.facts.decorators:
            yield "it is created with a keyword or a decorator"

    def _hides(self, heir: Class, one: Class) -> Iterator[str]:
        """Members of the base that stays which would come before others of the same name."""
        behind = heir.mro.ids.index(one.id) + 1
        ahead = heir.mro.ids[:behind]
        program = self.found.program
        known = (one for one in map(program.class_, ahead) if one is not None)
        first = {name for one in known for name in program.names(one.scope)}
        has = {name for name in _inherited(self.found, heir, behind) if name not in first}
        for name in sorted(has & (self._offered | self._kept_state)):
            yield f"{heir.name} would get another {name}, that of {self._name}"
        for name in sorted(self._kept_state & first):
            yield f"{heir.name} defines {name}, which {self._name} sets"

    def _constructors(self, one: Class) -> Iterator[str]:
        """Calls that the constructor of the base that stays would not take as they are taken now."""
        passing = self._passing
        if passing is None:
            return
        if isinstance(passing, str):
            yield f"{self._name} {passing}"
            return
        for above in self.found.program.bases(one):
            if above.id != one.id and above.in_tree and "__init__" in above.functions:
                yield f"{above.qualname} and {self._name} both have a constructor"
        for heir in (one, *self.found.program.below(one)):
            yield from self._calls(heir, one, passing)

    def _calls(self, heir: Class, one: Class, passing: Passing) -> Iterator[str]:
        program = self.found.program
        ahead = heir.mro.ids[: heir.mro.ids.index(one.id) + 1]
        making = [c for c in map(program.class_, ahead) if c is not None and "__init__" in c.functions]
        if making and making[-1].id != heir.id:
            return
        own = making[-1].functions["__init__"] if making else None
        calls = calls_of_base(own) if own else list(Raised(self.found).making(heir))
        if isinstance(calls, str):
            yield f"{heir.name} {calls}"
            return
        for call in calls:
            wrong = misfit(call, passing.init, bound=True)
            if wrong or len(call.args) != passing.handed_on:
                place = f"{heir.path if own else heir.name}:{call.line}"
                yield f"{place}: the constructor of {self._name} would take it otherwise: " + (
                    wrong or f"it hands on {passing.handed_on} of {len(call.args)} arguments"
                )
        yield from self._overwritten(own, [call.line for call in calls])

    def _overwritten(self, own: Function | None, lines: list[int]) -> Iterator[str]:
        for name, line in _stored(own.facts.body) if own and lines else ():
            if name in self._kept_state and line < max(lines):
                yield f"{own.name if own else ''} sets {name} before {self._name} would"

    def _risks(self, one: Class) -> Iterator[str]:
        if self.kept is not None:
            new = frozenset(above.id for above in self._lineage) - set(one.mro.ids)
            yield from (f"{place} and would catch {one.name} too" for place in self._raised.catching(new))
            use = ClassUses(self.found, frozenset((self.kept.id, one.id)))
            for seen, name in ((use.of(self.kept), self.kept.name), (use.of(one), one.name)):
                if seen:
                    yield f"{seen} ({name}), and would see what the other base brings"
        if isinstance(self._passing, Passing) and self._passing.also:
            yield f"to make one would also call {self._passing.also}"
        gained = self._offered | self._kept_state
        yield from (f"{probe}, and would find it" for probe in self._raised.probing(gained))

    @property
    def _name(self) -> str:
        return self.kept.qualname if self.kept else self.found.ssot[Role.ERROR].qualname

    @cached_property
    def _raised(self) -> Raised:
        return Raised(self.found)

    @cached_property
    def _lineage(self) -> tuple[Class, ...]:
        above = self.found.program.bases(self.kept) if self.kept else ()
        return tuple(one for one in above if one.in_tree)

    @cached_property
    def _offered(self) -> frozenset[str]:
        """What classes below the base that stays get from it, its constructor apart."""
        names = {name for one in self._lineage for name in self.found.program.names(one.scope)}
        return frozenset(names - _OF_CLASSES) if self.kept else _BUNDLED

    @cached_property
    def _kept_state(self) -> frozenset[str]:
        """The attributes that its constructor sets."""
        return frozenset(name for name, _ in _stored(self._init.facts.body)) if self._init else frozenset()

    @cached_property
    def _init(self) -> Function | None:
        own = [one.functions["__init__"] for one in self._lineage if "__init__" in one.functions]
        return own[0] if own else None

    @cached_property
    def _passing(self) -> Passing | str | None:
        several = sum("__init__" in one.functions for one in self._lineage) > 1
        if any("__new__" in one.functions for one in self._lineage) or several:
            return "makes its instances in more than one step"
        return passing(self._init) if self._init else None


def _inherited(found: Analysis, one: Class, behind: int) -> Iterator[str]:
    """The names that a class has from those of its order that begin `behind` some."""
    for name, id in zip(one.mro.names[behind:], one.mro.ids[behind:], strict=True):
        known = found.program.class_(id)
        if name.startswith("builtins."):
            yield from vars(getattr(builtins, name.removeprefix("builtins."), object))
        elif known is not None and known.in_tree:
            yield from found.program.names(known.scope)
            for function in known.functions.values():
                yield from (name for name, _ in _stored(function.facts.body))


def _stored(body: Body | None) -> Iterator[tuple[str, int]]:
    """The attributes of its instance that a method sets, each with the line."""
    for store in body.stores if body else ():
        match store.target:
            case Attribute(value=Name(id="self"), attr=name):
                yield name, store.line
