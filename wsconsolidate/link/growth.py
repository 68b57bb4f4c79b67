"""Which modules are part of the program: those that matter, and those that sockets are handed on to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from wsconsolidate.link.attributes import Assignment, Attributes
from wsconsolidate.link.edges import Edges, external_assignments, passed_arguments
from wsconsolidate.link.lineage import Lineage
from wsconsolidate.link.members import method_count, own_functions
from wsconsolidate.link.names import Names
from wsconsolidate.link.owned import Owned
from wsconsolidate.link.speaking import Speaking
from wsconsolidate.link.types import Types
from wsconsolidate.model.facts import MODULE_SCOPE
from wsconsolidate.model.program import (
    Class,
    ClassId,
    Edge,
    Function,
    FunctionId,
    Module,
    ScopeId,
    Type,
)
from wsconsolidate.model.sockets import is_server_socket

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
        reader: Edges,
    ) -> None:
        self.classes: dict[ClassId, Class] = {}
        self.outside: dict[ClassId, Class] = {}
        self.functions: dict[FunctionId, Function] = {}
        self.edges: dict[ScopeId, tuple[Edge, ...]] = {}
        self._names = names
        self._lineage = lineage
        self._owned = owned
        self._attributes = attributes
        self._types = types
        self._reader = reader
        self._add(list(names.tree))

    def settle(self) -> None:
        """Read the calls, once to learn what callers pass and set, and again knowing it."""
        self._read(self._names.tree)
        for _ in range(_MOST_ROUNDS):
            while importers := self._importers():
                self._read(self._add(self._names.draw_near(importers)))
            known = len(self._names.tree)
            for id, attribute, scope, value, line in external_assignments(self._types, self.functions):
                self._attributes.set_from_outside(id, Assignment(attribute, value, None, scope, line))
            self._types.learn(passed_arguments(self.edges, self.functions, self.classes))
            self.edges = {}
            self._read(self._names.tree)
            if len(self._names.tree) == known and not self._importers():
                return

    def _read(self, modules: Sequence[Module]) -> None:
        """Read the calls of these modules, and of those that they hand sockets to."""
        while modules:
            fresh = self._edges(modules)
            self.edges.update(fresh)
            modules = self._add(self._names.draw_near(self._handed_to(chain.from_iterable(fresh.values()))))

    def _add(self, modules: list[Module]) -> list[Module]:
        """Take in modules, and those of the tree whose classes theirs extend; all of them."""
        added: list[Module] = []
        while modules:
            added += modules
            fresh = {found.id: found for module in modules for found in self._classes(module)}
            self.classes.update(fresh)
            modules = self._names.draw_near(self._far(id.path for id in _above(fresh.values())))
        for id in sorted(_above(self.classes.values()) - self.classes.keys() - self.outside.keys()):
            self.outside[id] = self._class(self._names.module_at(id.path), id)
        paths = {module.path for module in added}
        grown = [found for id, found in self.classes.items() if id.path in paths]
        self._owned.add((*grown, *self.outside.values()))
        self._reader.add(grown)
        self._attributes.add(added)
        self.functions.update((one.id, one) for module in added for one in self._functions(module))
        return added

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
            method_count=method_count(self._names, self._lineage, id),
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
                found[scope] = self._reader.of(module.facts.main, scope, None)
        for module in modules:
            for facts in module.facts.functions:
                if facts.body is not None:
                    id = FunctionId(module.path, facts.line)
                    found[ScopeId(*id)] = self._reader.of(facts.body, ScopeId(*id), id)
        return found

    def _importers(self) -> set[str]:
        """The paths of far modules that import what brings something to a socket, or holds one."""
        if not self._names.far.names:
            return set()
        tree = self._names.tree
        found = Speaking(tree, self.classes, self.functions, self._types, self._attributes)
        names = self._names.far.importing(found.names(self.edges, self._names.far.telling))
        read = [self._names.module(name, runtime=False) for name in names]
        return self._far(module.path for module in read if module is not None)

    def _handed_to(self, edges: Iterable[Edge]) -> set[str]:
        """The paths of far modules that are handed a socket, or what stands for one."""
        if not self._names.far.names:
            return set()
        return {
            path
            for edge in edges
            if (paths := self._far(_led_to(edge)))
            and (edge.path in self._names.far.telling or self._hands_on(edge))
            for path in paths
        }

    def _far(self, paths: Iterable[str]) -> set[str]:
        return {path for path in paths if self._names.is_far(path)}

    def _hands_on(self, edge: Edge) -> bool:
        arguments = (*edge.call.args, *(value for _, value in edge.call.keywords))
        return any(self._matters(found) for value in arguments for found in self._types.of(edge.scope, value))

    def _matters(self, found: Type) -> bool:
        if found.id in self.classes or is_server_socket(found.name):
            return True
        return any(map(self._matters, found.args))


def _led_to(edge: Edge) -> Iterator[str]:
    yield from (id.path for id in edge.targets)
    yield from (id.path for id in edge.constructs)


def _above(classes: Iterable[Class]) -> set[ClassId]:
    return {id for found in classes for id in found.mro.ids if id is not None}
