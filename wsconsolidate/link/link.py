"""The facts of all files -> one Program."""

from collections.abc import Iterable
from dataclasses import dataclass

from wsconsolidate.link.attributes import Attributes
from wsconsolidate.link.callbacks import Callbacks
from wsconsolidate.link.choices import Choices
from wsconsolidate.link.conditions import Interpreter
from wsconsolidate.link.constants import constant
from wsconsolidate.link.edges import Edges
from wsconsolidate.link.growth import Growth
from wsconsolidate.link.lineage import Lineage
from wsconsolidate.link.modules import BodyReader, ModuleLoader
from wsconsolidate.link.names import Names
from wsconsolidate.link.onward import onward
from wsconsolidate.link.origins import Origins
from wsconsolidate.link.owned import Owned
from wsconsolidate.link.queues import Queues
from wsconsolidate.link.types import Types
from wsconsolidate.link.unread import Nothing, Unread
from wsconsolidate.model.expr import Expr
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import ClassId, FunctionId, Holding, Program, ScopeId, Target, Type


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
    far: Unread = Nothing(),  # noqa: B008 - it is frozen
) -> Program:
    """Link the modules of the tree.

    `load` reads a module of the environment, None if it has none; `read_bodies` reads a module again with
    the bodies of its functions, which is asked for only where a class comes out of a call.

    Modules of the tree that are `far` from what matters are read by `load`, where something leads there;
    they become part of the program if they take part in bringing something to a socket.
    """
    names = Names(sorted(modules, key=lambda module: module.path), load, target, read_bodies, far)
    lineage = Lineage(names)
    owned = Owned(names, lineage)
    attributes = Attributes(names, lineage)
    types = Types(names, lineage, owned, attributes)
    choices = Choices(names, types, attributes, lineage)
    origins = Origins(names, types, attributes, lineage)
    callbacks = Callbacks(origins)
    reader = Edges(names, types, choices, callbacks)
    grown = Growth(names, lineage, owned, attributes, types, callbacks, reader)
    grown.settle()
    edges = Queues(names, types, origins).joined(grown.edges, onward(grown.edges))
    tree = grown.modules
    return Program(
        modules={module.name: module for module in tree},
        files={module.path: module for module in tree},
        classes=grown.classes,
        outside=grown.outside,
        functions=grown.functions,
        scopes={ScopeId(module.path, scope.line): scope for module in tree for scope in module.facts.scopes},
        holdings={id: _holdings(types, attributes, id) for id in grown.classes},
        edges=edges,
        onward=onward(edges),
        lookup=_Lookup(names, types, choices, callbacks),
    )


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
