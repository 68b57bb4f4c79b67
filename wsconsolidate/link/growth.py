"""Which modules are part of the program: those that matter, and those that sockets are handed on to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from wsconsolidate.link.attributes import Attributes
from wsconsolidate.link.callbacks import Callbacks
from wsconsolidate.link.duck import asked, guessed, registering
from wsconsolidate.link.edges import Edges, passed_arguments
from wsconsolidate.link.handed_in import learn_from_outside
from wsconsolidate.link.handlers import handed_sockets
from wsconsolidate.link.lineage import Lineage
from wsconsolidate.link.members import MethodCounts, own_functions
from wsconsolidate.link.names import Names
from wsconsolidate.link.owned import Owned
from wsconsolidate.link.queues import is_queue
from wsconsolidate.link.speaking import Speaking
from wsconsolidate.link.types import Types
from wsconsolidate.model.facts import MODULE_SCOPE
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import Class, ClassId, Edge, Function, FunctionId, ScopeId

_MOST_ROUNDS = 3


class Growth:
    """The classes, functions and calls of a program that takes in what it hands its sockets to."""

    def __init__(
        self,
        names: Names,
        lineage: Lineage,
        owned: Owned,
        attributes: Attributes,
        types: Types,
        callbacks: Callbacks,
        reader: Edges,
    ) -> None:
        self.modules: list[Module] = []
        self.classes: dict[ClassId, Class] = {}
        self.outside: dict[ClassId, Class] = {}
        self.functions: dict[ScopeId, Function] = {}
        self.edges: dict[ScopeId, tuple[Edge, ...]] = {}
        self._names = names
        self._lineage = lineage
        self._owned = owned
        self._attributes = attributes
        self._types = types
        self._callbacks = callbacks
        self._reader = reader
        self._counts = MethodCounts(names, lineage)
        self._add(list(names.tree))

    def settle(self) -> None:
        """Read the calls, once to learn what callers pass and set, and again knowing it."""
        self._grow()
        self._put_in_order()

    def _grow(self) -> None:
        self.edges.update(self._edges(self._names.tree))
        for _ in range(_MOST_ROUNDS):
            while wanted := self._wanted():
                self.edges.update(self._edges(self._add(self._names.draw_near(wanted))))
            learn_from_outside(self._attributes, self._types, self.edges, self.functions, self.classes)
            more = self._types.hints.learn(
                handed_sockets(self.edges, self.functions, self._callbacks),
                guessed(asked(self.edges, self.functions, self.classes), self.classes),
            )
            self._types.learn(passed_arguments(self.edges, self.functions, self.classes))
            self.edges.update(self._edges(self._names.tree))
            if not (more or self._wanted()):
                return

    def _put_in_order(self) -> None:
        """Order everything as files and lines are ordered, whenever it was taken in."""
        self.modules = sorted(self._names.tree, key=lambda module: module.path)
        classes = [ClassId(one.path, found.line) for one in self.modules for found in one.facts.classes]
        functions = [
            FunctionId(one.path, found.line) for one in self.modules for found in one.facts.functions
        ]
        scopes = (
            *(ScopeId(one.path, MODULE_SCOPE) for one in self.modules),
            *(id for id in functions),
        )
        self.classes = {id: self.classes[id] for id in classes}
        self.functions = {id: self.functions[id] for id in functions}
        self.edges = {scope: self.edges[scope] for scope in scopes if scope in self.edges}

    def _add(self, modules: Sequence[Module]) -> Sequence[Module]:
        """Take in modules; the same modules."""
        fresh = {found.id: found for module in modules for found in self._classes(module)}
        self.classes.update(fresh)
        above = {id for found in fresh.values() for id in found.mro.ids if id is not None}
        for id in sorted(above - self.classes.keys() - self.outside.keys()):
            self.outside[id] = self._class(self._names.module_at(id.path), id)
        self.outside = {id: found for id, found in self.outside.items() if id not in fresh}
        self._owned.add((*fresh.values(), *self.outside.values()))
        self._reader.add(fresh.values())
        self._attributes.add(modules)
        self._types.look_again()
        self.functions.update((one.id, one) for module in modules for one in self._functions(module))
        return modules

    def _classes(self, module: Module) -> Iterator[Class]:
        for facts in module.facts.classes:
            yield self._class(module, ClassId(module.path, facts.line))

    def _class(self, module: Module, id: ClassId) -> Class:
        facts = self._names.class_facts(id)
        qualname = self._lineage.qualname(id)
        functions = own_functions(self._names, id, qualname)
        return Class(
            id=id,
            qualname=qualname,
            name=facts.name,
            module=module.name,
            end_line=facts.end_line,
            in_tests=module.in_tests,
            in_tree=module.in_tree,
            bases=self._lineage.base_names(id),
            mro=self._lineage.mro(id),
            methods=tuple(functions),
            method_count=self._counts.of(id),
            facts=facts,
            functions=functions,
        )

    def _functions(self, module: Module) -> Iterator[Function]:
        for facts in module.facts.functions:
            id = FunctionId(module.path, facts.line)
            qualname = f"{module.name}.{facts.qualname}"
            owner = self._owned.owner(id)
            yield Function(id=id, qualname=qualname, module=module.name, owner=owner, facts=facts)

    def _edges(self, modules: Iterable[Module]) -> Mapping[ScopeId, tuple[Edge, ...]]:
        found: dict[ScopeId, tuple[Edge, ...]] = {}
        for module in modules:
            if module.facts.main is not None:
                scope = ScopeId(module.path, MODULE_SCOPE)
                found[scope] = self._reader.of(module.facts.main, scope)
        for module in modules:
            for facts in module.facts.functions:
                if facts.body is not None:
                    id = FunctionId(module.path, facts.line)
                    found[id] = self._reader.of(facts.body, id)
        return found

    def _wanted(self) -> set[str]:
        """The paths of far modules that import what speaks to sockets, are handed such, or lie above it."""
        far = self._names.far
        if not far.names:
            return set()
        speaking = Speaking(
            self._names.tree,
            self.classes,
            self.functions,
            self.edges,
            self._types,
            self._attributes,
            far.telling,
        )
        named = {
            *far.importing(speaking.names()),
            *registering(asked(self.edges, self.functions, self.classes), far),
        }
        read = [self._names.module(name, runtime=False) for name in sorted(named)]
        importers = self._far(module.path for module in read if module is not None)
        return importers | self._far(id.path for id in speaking.classes) | self._handed_to(speaking)

    def _handed_to(self, speaking: Speaking) -> set[str]:
        """The paths of far modules that are handed a socket or what speaks to one, or are called to tell."""
        return {
            path
            for edge in chain.from_iterable(self.edges.values())
            if (edge.targets or edge.constructs)
            and (paths := self._far(_led_to(edge)))
            and (edge.path in self._names.far.telling or self._hands_on(edge, speaking) or self._drains(edge))
            for path in paths
        }

    def _drains(self, edge: Edge) -> bool:
        """True for a call of a queue of the program in a function that writes to a socket."""
        owners = {self._owned.owner(target) for target in edge.targets}
        queues = (is_queue(self._owned.functions(owner)) for owner in owners if owner is not None)
        return any(queues) and any(one.writes for one in self.edges[edge.scope])

    def _far(self, paths: Iterable[str]) -> set[str]:
        return {path for path in paths if self._names.is_far(path)}

    def _hands_on(self, edge: Edge, speaking: Speaking) -> bool:
        return any(
            speaking.are_among(found)
            for value in edge.call.arguments
            for found in self._types.of(edge.scope, value)
        )


def _led_to(edge: Edge) -> Iterator[str]:
    yield from (id.path for id in edge.targets)
    yield from (id.path for id in edge.constructs)
