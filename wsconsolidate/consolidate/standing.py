"""Whether a duplicate can stand on the class that stays, with everything that it does as before."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from wsconsolidate.consolidate.agreement import DOES_NOTHING
from wsconsolidate.consolidate.class_uses import ClassUses
from wsconsolidate.consolidate.raised import Raised
from wsconsolidate.consolidate.reach import unreachable, why_dead
from wsconsolidate.consolidate.stand_ins import clash
from wsconsolidate.model.analysis import Analysis, Fix
from wsconsolidate.model.delegation import root
from wsconsolidate.model.expr import Attribute, Call, Constant, Expr, Name, dotted, walk
from wsconsolidate.model.facts import Body, FunctionFacts, Stub, ValueBinding
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.moved_state import moved_state, read_outside
from wsconsolidate.model.naming import LOGGERS
from wsconsolidate.model.program import Class, Function, MroStatus
from wsconsolidate.model.search import Search
from wsconsolidate.model.signature import narrowing

_MAKING = frozenset(("__new__", "__init_subclass__", "__class_getitem__", "__set_name__"))
_WATCHING = frozenset(("__getattr__", "__getattribute__", "__setattr__", "__delattr__", "__slots__"))
_DECLARING = (*DOES_NOTHING, Stub.NOT_IMPLEMENTED)
_QUIET = frozenset(("__init__", "__repr__", "__str__", "__aenter__", "__aexit__", "__enter__", "__exit__"))


@dataclass(frozen=True)
class Standing:
    """Judges one class against the one of its role that stays."""

    found: Analysis
    one: Class
    kept: Class

    def fix(self) -> Fix:
        """What can be done about it, and why not more."""
        for reason in self._against():
            return Fix(applicability=Applicability.DISPLAY, reason=reason)
        return Fix(applicability=Applicability.UNSAFE, reason="; ".join(self._risks()))

    @property
    def sends_alone(self) -> bool:
        """True if a method sends by itself that cannot be one of the class that stays."""
        own = {function.id for function in self.one.functions.values()}
        return any(
            self.found.program.arrives(edge) and (not edge.targets or not own.issuperset(edge.targets))
            for function in self.one.functions.values()
            if not self._may_send_the_same(function)
            for edge in self.found.program.calls(function.scope)
        )

    def _against(self) -> Iterator[str]:
        yield from self._out_of_place()
        for one in (self.one, self.kept):
            yield from self._out_of_form(one)
        yield from unreachable(self.found, self.one, self.kept)
        yield from self._nothing_shared()
        yield from clash(self.found.program, self.one, self.kept)
        yield from self._inherited_otherwise()
        yield from self._taken_otherwise()

    def _out_of_place(self) -> Iterator[str]:
        if why_dead(self.found.program, self.one):
            yield "nobody can run it"
        if self.one.path in self.found.backup_files:
            yield f"{self.one.path} is a backup file"

    def _out_of_form(self, one: Class) -> Iterator[str]:
        if "." in one.facts.qualname or one.facts.guards:
            yield f"{one.qualname} is not defined on the top level of its module"
        if one.facts.keywords or one.facts.decorators:
            yield f"{one.qualname} is created with a keyword or a decorator"
        if one.mro.status is not MroStatus.EXACT:
            yield f"the bases of {one.qualname} could not all be followed"
        for name in sorted(self.found.program.names(one.scope)):
            if name in _MAKING | _WATCHING:
                yield f"{one.qualname} has {name}"
            if name.startswith("__") and not name.endswith("__"):
                yield f"{one.qualname} has {name}, which no other class sees"
        for function in one.functions.values():
            if function.facts.body is None:
                yield f"what {one.qualname}.{function.name} does was not read"
            elif one is self.one and self._asks_next(function.facts.body, function.name):
                yield f"its {function.name} calls that of its next base"

    def _asks_next(self, body: Body, name: str) -> bool:
        """True if a method calls `super()`, other than a constructor that of `object`."""
        calls = [site.call for site in body.calls]
        plain = [one for one in calls if isinstance(one.func, Attribute) and _is_super(one.func.value)]
        harmless = name == "__init__" and all(one.func.attr == name and not one.args for one in plain)  # type: ignore[union-attr]
        return any(_is_super(one) for one in calls) and not harmless

    def _nothing_shared(self) -> Iterator[str]:
        """Why the one that stays would keep no connection for it, or send nothing."""
        moved = moved_state(self.found, self.one, self.kept)
        elsewhere = sorted(self.found.connections(self.one).keys() - self._state - moved.keys())
        if elsewhere:
            yield f"it keeps its connections in `self.{elsewhere[0]}`, which `{self.kept.qualname}` lacks"
        if not any(self._may_be_same(function) and self._sends(function) for function in self._public()):
            yield f"none of its methods sends as one of `{self.kept.qualname}` does"
        for name, other in moved.items():
            for place in read_outside(self.found, self.one, name):
                yield f"{place} may read its `{name}`, which would be `{other}` then"

    def _public(self) -> Iterator[Function]:
        yield from (one for name, one in self.one.functions.items() if not name.startswith("_"))

    def _sends(self, function: Function) -> bool:
        program = self.found.program
        return any(map(program.arrives, program.calls(function.scope)))

    def _may_be_same(self, function: Function) -> bool:
        return _profile(function.facts) in [_profile(one.facts) for one in self._methods.values()]

    def _may_send_the_same(self, function: Function) -> bool:
        """True if a method of the one that stays has the same profile and speaks of the same."""
        profile, said = _profile(function.facts), self._said(function)
        others = self._methods.values()
        return any(_profile(one.facts) == profile and self._said(one) == said for one in others)

    def _said(self, function: Function) -> frozenset[object]:
        """The constants of a function, log lines apart."""
        body = function.facts.body
        calls = [site.call for site in body.calls if root(site.call.func) not in LOGGERS] if body else []
        bound = self.found.program.bindings(function.scope)
        values = (one.value for one in bound if isinstance(one, ValueBinding) and one.value is not None)
        said = (*calls, *(body.returns if body else ()), *values)
        return frozenset(part.value for one in said for part in walk(one) if isinstance(part, Constant))

    def _inherited_otherwise(self) -> Iterator[str]:
        """Names that it, or a class that extends it, has from another base and would have from that one."""
        program, gained = self.found.program, self._gained
        for heir in (self.one, *program.below(self.one)):
            behind = heir.mro.ids.index(self.one.id) + 1
            ahead = [one for one in map(program.class_, heir.mro.ids[:behind]) if one is not None]
            first = {name for one in ahead for name in program.names(one.scope)}
            for base in (one for one in map(program.class_, heir.mro.ids[behind:]) if one and one.in_tree):
                for name in sorted(program.names(base.scope) & gained - first):
                    if not self._is_declaration(base, name):
                        yield f"{heir.name} has {name} from {base.qualname}, as {self.kept.name} has"
            for name in sorted(self._state & {name for one in ahead for name in self._defined(one)}):
                yield f"{heir.name} defines {name}, which {self.kept.qualname} sets"

    def _taken_otherwise(self) -> Iterator[str]:
        """Methods of both names that do not take the same, special methods that it would newly have."""
        for name, other in self._methods.items():
            own = self.one.functions.get(name)
            if name.startswith("__") and name not in _QUIET and own is None:
                yield f"{self.kept.qualname} has {name}, which it would have too"
            if _is_abstract(other.facts) and own is None:
                yield f"{self.kept.qualname} has an abstract {name}"
            if own is None or name == "__init__":
                continue
            if own.facts.is_async != other.facts.is_async or narrowing(own.facts, other.facts):
                yield f"its {name} does not take what that of {self.kept.qualname} takes"

    def _risks(self) -> Iterator[str]:
        more = sum(name[0] != "_" and name not in self.one.methods for name in self._methods)
        offers = f", and offer {more} more method{'s' * (more > 1)}" if more else ""
        yield f"its instances are those of {self.kept.name} too{offers}"
        use = ClassUses(self.found, frozenset((self.kept.id,))).of(self.kept)
        if use:
            yield f"{use} ({self.kept.name})"
        yield from Raised(self.found).probing(self._gained | self._state)
        yield from self._patched()

    def _patched(self) -> Iterator[str]:
        """Where a string names something else of its module, as a patch in a test does."""
        home = self.found.program.files[self.one.path]
        module = home.imported_as.encode()
        quoted = Search(pattern=rb"[\"']%s\.(\w+)" % re.escape(module), words=(module,))
        bound = {binding.name for binding in home.facts.top.bindings} - {self.one.name}
        for path, hits in self.found.tree.search(quoted).items():
            for line, (name,) in hits:
                if name.decode() in bound:
                    yield f"{path}:{line} patches {name.decode()} beside it, which it may not use then"

    @cached_property
    def _methods(self) -> dict[str, Function]:
        """The methods of the one that stays, own and inherited."""
        return self.found.program.methods(self.kept)

    @cached_property
    def _state(self) -> frozenset[str]:
        """The attributes that the methods of the one that stays set."""
        program = self.found.program
        return frozenset(
            attribute
            for one in program.bases(self.kept)
            if one.in_tree
            for attribute, holdings in program.holdings.get(one.id, {}).items()
            if any(holding.scope != one.scope for holding in holdings)
        )

    @cached_property
    def _gained(self) -> frozenset[str]:
        program = self.found.program
        above = (one for one in program.bases(self.kept) if one.in_tree)
        return frozenset(name for one in above for name in program.names(one.scope))

    def _defined(self, one: Class) -> Iterator[str]:
        """The names of a class body, without those that are only annotated."""
        for binding in self.found.program.bindings(one.scope):
            if not isinstance(binding, ValueBinding) or binding.value is not None:
                yield binding.name

    def _is_declaration(self, base: Class, name: str) -> bool:
        function = base.functions.get(name)
        body = function.facts.body if function else None
        return body is not None and body.stub in _DECLARING


def _is_super(expr: Expr) -> bool:
    return isinstance(expr, Call) and isinstance(expr.func, Name) and expr.func.id == "super"


def _profile(facts: FunctionFacts) -> tuple[object, ...]:
    """What two functions that do the same have in common: what they take, how much of what they do."""
    body = facts.body
    shape = tuple((one.kind, one.default is not None) for one in facts.parameters)
    counts = map(len, (body.stores, body.loops, body.returns, body.raises, body.tries)) if body else ()
    return facts.is_async, shape, *counts


def _is_abstract(facts: FunctionFacts) -> bool:
    return any((dotted(one) or "").rpartition(".")[2].startswith("abstract") for one in facts.decorators)
