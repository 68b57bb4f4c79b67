"""The facts of all files -> one Program."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from wsconsolidate.link.attributes import Attributes
from wsconsolidate.link.callbacks import Callbacks
from wsconsolidate.link.choices import Choices
from wsconsolidate.link.conditions import Interpreter
from wsconsolidate.link.constants import constant
from wsconsolidate.link.edges import Edges, passed_arguments
from wsconsolidate.link.handed_in import learn_from_outside
from wsconsolidate.link.handlers import handed_sockets
from wsconsolidate.link.lineage import Lineage
from wsconsolidate.link.members import method_count, own_functions
from wsconsolidate.link.names import BodyReader, ModuleLoader, Names
from wsconsolidate.link.origins import Origins
from wsconsolidate.link.queues import Queues
from wsconsolidate.link.types import Types
from wsconsolidate.model.delegation import is_runtime_emit
from wsconsolidate.model.expr import Expr
from wsconsolidate.model.facts import MODULE_SCOPE
from wsconsolidate.model.program import (
    Class,
    ClassId,
    Edge,
    Function,
    FunctionId,
    Holding,
    Module,
    Program,
    ScopeId,
    Target,
    Type,
)


@dataclass(frozen=True, slots=True)
class _Lookup:
    """The linker's answers, kept for the later stages."""

    _names: Names
    _types: Types
    _choices: Choices
    _callbacks: Callbacks

    def targets(self, scope: ScopeId, expr: Expr) -> tuple[Target, ...]:
        return self._names.targets(scope, expr)

    def types(self, scope: ScopeId, expr: Expr) -> tuple[Type, ...]:
        return self._types.of(scope, expr)

    def functions(self, scope: ScopeId, expr: Expr) -> tuple[FunctionId, ...]:
        return self._callbacks.of(scope, expr)

    def choices(self, scope: ScopeId, expr: Expr) -> frozenset[str]:
        return self._choices.of(scope, expr)

    def constant(self, scope: ScopeId, expr: Expr) -> str | int | float | bool | None:
        return constant(self._names, scope, expr)


def link(
    modules: Iterable[Module],
    load: ModuleLoader,
    target: Interpreter,
    read_bodies: BodyReader = lambda module: module,
) -> Program:
    """Link the modules of the tree.

    `load` reads a module of the environment, None if it has none; `read_bodies` reads a module again with
    the bodies of its functions, which is asked for only where a class comes out of a call.
    """
    tree = sorted(modules, key=lambda module: module.path)
    names = Names(tree, load, target, read_bodies)
    lineage = Lineage(names)
    classes = {found.id: found for module in tree for found in _classes(names, lineage, module)}
    owners = {f.id: id for id, found in classes.items() for f in _all_methods(names, found)}
    functions = {f.id: f for module in tree for f in _functions(module, owners)}
    outside = _outside(names, lineage, classes)
    methods = {id: found.functions for id, found in (*classes.items(), *outside.items())}
    attributes = Attributes(names, owners)
    attributes.inherit({id: found.mro.ids for id, found in classes.items()})
    types = Types(names, lineage, methods, owners, attributes)
    choices = Choices(names, types, attributes, lineage)
    origins = Origins(names, types, attributes, lineage)
    callbacks = Callbacks(origins)
    reader = Edges(names, types, choices, callbacks, classes)
    edges = _settled_edges(reader, types, callbacks, attributes, classes, functions, tree)
    edges = Queues(names, types, origins).joined(edges, onward(edges))
    return Program(
        modules={module.name: module for module in tree},
        files={module.path: module for module in tree},
        classes=classes,
        outside=outside,
        functions=functions,
        scopes={ScopeId(module.path, scope.line): scope for module in tree for scope in module.facts.scopes},
        holdings={id: _holdings(types, attributes, id) for id in classes},
        edges=edges,
        onward=onward(edges),
        lookup=_Lookup(names, types, choices, callbacks),
    )


def _classes(names: Names, lineage: Lineage, module: Module) -> Iterator[Class]:
    for facts in module.facts.classes:
        yield _class(names, lineage, module, ClassId(module.path, facts.line))


def _class(names: Names, lineage: Lineage, module: Module, id: ClassId) -> Class:
    facts = names.class_facts(id)
    qualname = lineage.qualname(id)
    functions = own_functions(names, id, qualname)
    return Class(
        id=id,
        qualname=qualname,
        name=facts.name,
        module=module.name,
        end_line=facts.end_line,
        in_tests=module.in_tests,
        in_tree=module.in_tree,
        bases=lineage.base_names(id),
        mro=lineage.mro(id),
        methods=tuple(functions),
        method_count=method_count(names, lineage, id),
        facts=facts,
        functions=functions,
    )


def _outside(names: Names, lineage: Lineage, classes: Mapping[ClassId, Class]) -> dict[ClassId, Class]:
    """The classes that stand in some order of the tree and were read elsewhere."""
    ids = {id for found in classes.values() for id in found.mro.ids if id is not None} - set(classes)
    return {id: _class(names, lineage, names.module_at(id.path), id) for id in sorted(ids)}


def _all_methods(names: Names, owner: Class) -> Iterator[Function]:
    """Every function of the class body, also those that a later definition replaces."""
    prefix = f"{owner.facts.qualname}."
    module = names.module_at(owner.path)
    for facts in module.facts.functions:
        direct = facts.qualname == prefix + facts.name
        if direct and owner.line <= facts.line <= owner.end_line:
            function_id = FunctionId(owner.path, facts.line)
            yield Function(
                id=function_id,
                qualname=f"{owner.module}.{facts.qualname}",
                module=owner.module,
                owner=owner.id,
                facts=facts,
            )


def _functions(module: Module, owners: Mapping[FunctionId, ClassId]) -> Iterator[Function]:
    for facts in module.facts.functions:
        id = FunctionId(module.path, facts.line)
        qualname = f"{module.name}.{facts.qualname}"
        yield Function(id=id, qualname=qualname, module=module.name, owner=owners.get(id), facts=facts)


def _settled_edges(
    reader: Edges,
    types: Types,
    callbacks: Callbacks,
    attributes: Attributes,
    classes: Mapping[ClassId, Class],
    functions: Mapping[FunctionId, Function],
    tree: list[Module],
) -> dict[ScopeId, tuple[Edge, ...]]:
    """The calls of the program, read once to learn what callers pass and set, and again knowing it."""
    first = _edges(reader, functions, tree)
    learn_from_outside(attributes, types, first, functions, classes)
    types.learn(passed_arguments(first, functions, classes), handed_sockets(first, functions, callbacks))
    return _edges(reader, functions, tree)


def onward(edges: Mapping[ScopeId, tuple[Edge, ...]]) -> dict[ScopeId, Edge]:
    """For each function from which a socket is reached, the next call on a shortest way to it.

    The bundled emitter brings to a socket what it is told, also where that way is not seen.
    """
    callers: dict[ScopeId, list[Edge]] = {}
    found: dict[ScopeId, Edge] = {}
    for scope, calls in edges.items():
        for edge in calls:
            for target in edge.targets:
                callers.setdefault(ScopeId(*target), []).append(edge)
            if edge.writes:
                found.setdefault(scope, edge)
    _reach_back(found, callers, list(found))
    through = {scope: edge for scope, calls in edges.items() for edge in calls if is_runtime_emit(edge)}
    fresh = [scope for scope in through if scope not in found]
    found.update((scope, through[scope]) for scope in fresh)
    _reach_back(found, callers, fresh)
    return found


def _reach_back(
    found: dict[ScopeId, Edge], callers: Mapping[ScopeId, list[Edge]], reached: list[ScopeId]
) -> None:
    """Add, level by level, the functions from which one that was reached is called."""
    while reached:
        next_reached = []
        for scope in reached:
            for edge in callers.get(scope, ()):
                if edge.scope not in found:
                    found[edge.scope] = edge
                    next_reached.append(edge.scope)
        reached = next_reached


def _edges(
    reader: Edges, functions: Mapping[FunctionId, Function], tree: list[Module]
) -> dict[ScopeId, tuple[Edge, ...]]:
    found: dict[ScopeId, tuple[Edge, ...]] = {}
    for module in tree:
        if module.facts.main is not None:
            scope = ScopeId(module.path, MODULE_SCOPE)
            found[scope] = reader.of(module.facts.main, scope, None)
    for function in functions.values():
        if function.facts.body is not None:
            found[function.scope] = reader.of(function.facts.body, function.scope, function.id)
    return found


def _holdings(types: Types, attributes: Attributes, id: ClassId) -> dict[str, tuple[Holding, ...]]:
    return {
        attribute: tuple(
            Holding(
                attribute=attribute,
                types=types.assigned(id, assignment),
                value=assignment.value,
                annotation=assignment.annotation,
                scope=assignment.scope,
                line=assignment.line,
            )
            for assignment in assignments
        )
        for attribute, assignments in attributes.all_of(id).items()
    }
