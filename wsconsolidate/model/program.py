"""The whole program: modules, classes with their MRO, and who calls and holds what; `link` builds it.

Names are full ones (`package.module.Class.method`) unless said otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, Protocol, TypeAlias

from wsconsolidate.model.expr import Call, Expr
from wsconsolidate.model.facts import Binding, CallSite, ClassFacts, FunctionFacts, Scope
from wsconsolidate.model.module import Module


class ScopeId(NamedTuple):
    """A scope of the program: its file and the line of its `class` or `def`, 0 for the module's own."""

    path: str
    line: int


class ClassId(ScopeId):
    """What identifies a class, and the scope of its body. Several classes may share a qualname."""

    __slots__ = ()


class FunctionId(ScopeId):
    """What identifies a function, and the scope of its body."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ModuleTarget:
    """A name stands for a module, in the tree or outside."""

    name: str


@dataclass(frozen=True, slots=True)
class ClassTarget:
    """A name stands for a class whose source was read."""

    id: ClassId


@dataclass(frozen=True, slots=True)
class FunctionTarget:
    """A name stands for a function whose source was read."""

    id: FunctionId


@dataclass(frozen=True, slots=True)
class ValueTarget:
    """A name stands for a value, as written in `scope`; `line` is that of the assignment."""

    scope: ScopeId
    value: Expr | None
    annotation: Expr | None
    line: int


@dataclass(frozen=True, slots=True)
class OutsideTarget:
    """A name stands for something whose source was not read, known by its dotted name only."""

    name: str


Target: TypeAlias = ModuleTarget | ClassTarget | FunctionTarget | ValueTarget | OutsideTarget


@dataclass(frozen=True, slots=True)
class Type:
    """A type as far as it is known: its full name, its arguments, and its class if it was read.

    `dict[str, WebSocket]` is `Type("builtins.dict", (Type("builtins.str"), Type("...WebSocket")))`.
    """

    name: str
    args: tuple["Type", ...] = ()
    id: ClassId | None = None

    def mentions(self) -> "Iterator[Type]":
        """This type and every type among its arguments."""
        yield self
        for arg in self.args:
            yield from arg.mentions()


class Lookup(Protocol):
    """What may be asked about an expression; answers are computed when asked for."""

    def targets(self, scope: ScopeId, expr: Expr) -> tuple[Target, ...]:
        """What the expression stands for; several where a condition is undecided, none if unknown."""

    def types(self, scope: ScopeId, expr: Expr) -> tuple[Type, ...]:
        """The types its value may have; none if unknown."""

    def functions(self, scope: ScopeId, expr: Expr) -> tuple[FunctionId, ...]:
        """The functions that it may be, also where they were handed over; none if unknown."""

    def choices(self, scope: ScopeId, expr: Expr) -> frozenset[str]:
        """Every string it may be: of a loop over a list, an argument, an f-string; none if one is unknown."""

    def constant(self, scope: ScopeId, expr: Expr) -> str | int | float | bool | None:
        """Its value where it is a literal, a constant or a member of an enum; else None."""


class MroStatus(StrEnum):
    """How sure a method resolution order is."""

    EXACT = "exact"
    ALTERNATIVES = "alternatives"
    INCOMPLETE = "incomplete"
    INCONSISTENT = "inconsistent"


@dataclass(frozen=True, slots=True, kw_only=True)
class MroProblem:
    """Why a method resolution order is not exact."""

    code: str
    path: str
    line: int
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MroAlternative:
    """The order under one condition that cannot be decided."""

    condition: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mro:
    """A method resolution order: `names` and `ids` run in parallel; no id where no source was read."""

    status: MroStatus
    names: tuple[str, ...]
    ids: tuple[ClassId | None, ...]
    problem: MroProblem | None = None
    alternatives: tuple[MroAlternative, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """A class of the program. `functions` are those of its body by name, the last definition winning."""

    id: ClassId
    qualname: str
    name: str
    module: str
    end_line: int
    in_tests: bool
    in_tree: bool
    bases: tuple[str, ...]
    mro: Mro
    methods: tuple[str, ...]
    method_count: int
    facts: ClassFacts = field(repr=False)
    functions: Mapping[str, "Function"] = field(repr=False)

    @property
    def path(self) -> str:
        """Relative POSIX path of its file."""
        return self.id.path

    @property
    def line(self) -> int:
        """Line of the class statement."""
        return self.id.line

    @property
    def lineage(self) -> frozenset[str]:
        """The names of its order, also of bases that could not be followed."""
        return frozenset(name.removeprefix("?") for name in self.mro.names)

    @property
    def scope(self) -> ScopeId:
        """The scope of its body."""
        return self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function or method of the program; `owner` is its class, None for a plain function."""

    id: FunctionId
    qualname: str
    module: str
    owner: ClassId | None
    facts: FunctionFacts = field(repr=False)

    @property
    def name(self) -> str:
        """Its last name."""
        return self.facts.name

    @property
    def path(self) -> str:
        """Relative POSIX path of its file."""
        return self.id.path

    @property
    def line(self) -> int:
        """Line of the def statement."""
        return self.id.line

    @property
    def scope(self) -> ScopeId:
        """The scope of its body."""
        return self.id


class Certainty(StrEnum):
    """How a call's target was found.

    `HANDED_OVER` may come with arguments, `KEPT` is one of several, and what is `QUEUED` for does not run
    in the call: it takes out of a queue what the call puts in.
    """

    NAMED = "named"
    TYPED = "typed"
    HANDED_OVER = "handed-over"
    KEPT = "kept"
    QUEUED = "queued"
    ONLY_DEFINITION = "only-definition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A call site with the functions it may reach and the classes it may construct.

    `receiver` is the type of the object whose method is called, where known; `outside` the dotted name of
    what was not read; `writes` is true where the call itself hands data to a live server-side socket.
    """

    scope: ScopeId
    site: CallSite
    targets: tuple[FunctionId, ...]
    constructs: tuple[ClassId, ...]
    receiver: tuple[Type, ...]
    outside: str | None
    certainty: Certainty | None
    writes: bool

    @property
    def path(self) -> str:
        """Relative POSIX path of its file."""
        return self.scope.path

    @property
    def call(self) -> Call:
        """The call expression."""
        return self.site.call

    @property
    def line(self) -> int:
        """Line of the call."""
        return self.site.call.line


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """An attribute of a class's instances (or of the class itself): its possible types and where set.

    `value` is the expression assigned in `scope`, a class body or a function.
    """

    attribute: str
    types: tuple[Type, ...]
    value: Expr | None
    annotation: Expr | None
    scope: ScopeId
    line: int

    @property
    def path(self) -> str:
        """Relative POSIX path of the file that sets it."""
        return self.scope.path


@dataclass(frozen=True, kw_only=True)
class Program:
    """All facts of the tree, linked.

    `modules` are those that an import finds, by name; `files` also those that another shadows, by path.
    `classes` and `functions` are those of the tree, in order of path and line; `outside` the classes read
    elsewhere to follow a base; `scopes` the names bound in each; `holdings` the attributes of each class;
    `edges` the calls of each function and of each module's top-level code. `onward` gives for each function
    from which a socket is reached the next call on a shortest way to it.
    """

    modules: Mapping[str, Module]
    files: Mapping[str, Module]
    classes: Mapping[ClassId, Class]
    outside: Mapping[ClassId, Class]
    functions: Mapping[ScopeId, Function]
    scopes: Mapping[ScopeId, Scope]
    holdings: Mapping[ClassId, Mapping[str, tuple[Holding, ...]]]
    edges: Mapping[ScopeId, tuple[Edge, ...]]
    onward: Mapping[ScopeId, Edge]
    lookup: Lookup

    def method(self, owner: Class, name: str) -> Function | None:
        """The method that `instance.name` finds along the MRO, None where none was read."""
        return next((one.functions[name] for one in self.bases(owner) if name in one.functions), None)

    def class_(self, id: ClassId | None) -> Class | None:
        """The class of the tree, or read outside of it, with this id."""
        return None if id is None else self.classes.get(id) or self.outside.get(id)

    def named(self, name: str) -> tuple[Class, ...]:
        """The classes of the tree whose qualname, or else whose last name, is `name`."""
        exact = tuple(found for found in self.classes.values() if found.qualname == name)
        return exact or tuple(found for found in self.classes.values() if found.name == name)

    def shadowing(self, path: str) -> Module | None:
        """The module of the same name that an import finds instead of this file, if there is one."""
        file = self.files.get(path)
        found = self.modules.get(file.name) if file else None
        return None if found is None or found.path == path else found

    def scope(self, id: ScopeId) -> Scope | None:
        """The names of a scope of the tree; None for a function whose body was not extracted."""
        return self.scopes.get(id)

    def bindings(self, id: ScopeId) -> tuple[Binding, ...]:
        """What is bound in a scope of the tree; none in a function whose body was not extracted."""
        known = self.scopes.get(id)
        return known.bindings if known else ()

    def names(self, id: ScopeId) -> frozenset[str]:
        """The names that are bound in a scope of the tree."""
        return frozenset(binding.name for binding in self.bindings(id))

    def calls(self, id: ScopeId) -> tuple[Edge, ...]:
        """The calls that are made in a scope."""
        return self.edges.get(id, ())

    def bases(self, of: Class) -> Iterator[Class]:
        """The classes of its MRO whose source was read, itself first."""
        for id in of.mro.ids:
            found = self.class_(id)
            if found is not None:
                yield found

    def methods(self, of: Class) -> dict[str, Function]:
        """The methods of a class by name, own and inherited, as far as the tree defines them."""
        above = [one for one in self.bases(of) if one.in_tree]
        return {name: function for one in reversed(above) for name, function in one.functions.items()}

    def below(self, of: Class) -> tuple[Class, ...]:
        """The classes of the tree that extend it, at any distance."""
        return self._heirs.get(of.id, ())

    def callers(self, of: Function) -> tuple[Edge, ...]:
        """The calls that may reach a function."""
        return self._callers.get(of.id, ())

    def arrives(self, edge: Edge) -> bool:
        """True if a call writes to a socket or leads to one."""
        return edge.writes or any(target in self.onward for target in edge.targets)

    def way(self, edge: Edge) -> Iterator[Function]:
        """The functions that a call passes on a shortest way to a socket; none if it reaches none."""
        seen: set[ScopeId] = set()
        while not edge.writes:
            reached = next((id for id in edge.targets if id in self.onward), None)
            if reached is None or reached in seen:
                return
            seen.add(reached)
            yield self.functions[reached]
            edge = self.onward[reached]

    @cached_property
    def _heirs(self) -> Mapping[ClassId, tuple[Class, ...]]:
        found: dict[ClassId, tuple[Class, ...]] = {}
        for one in self.classes.values():
            for above in one.mro.ids[1:]:
                if above is not None:
                    found[above] = (*found.get(above, ()), one)
        return found

    @cached_property
    def _callers(self) -> Mapping[FunctionId, tuple[Edge, ...]]:
        found: dict[FunctionId, list[Edge]] = {}
        calls = ((to, one) for edges in self.edges.values() for one in edges for to in one.targets)
        for target, edge in calls:
            found.setdefault(target, []).append(edge)
        return {target: tuple(edges) for target, edges in found.items()}
