"""Everything that was read: modules of the tree and, as they are asked for, of the environment."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from wsconsolidate.link.binding import by_name, parents
from wsconsolidate.link.live import library_has
from wsconsolidate.link.unread import Unread
from wsconsolidate.model.expr import dotted
from wsconsolidate.model.facts import (
    MODULE_SCOPE,
    Binding,
    ClassFacts,
    FunctionBinding,
    FunctionFacts,
    Scope,
    ScopeKind,
)
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import ClassId, FunctionId, ScopeId

ModuleLoader = Callable[[str], Module | None]
"""Reads a module of the environment, or a far one of the tree."""
BodyReader = Callable[[Module], Module]
"""Reads a module of the environment again, with the bodies of its functions."""


class Modules:
    """Modules with their scopes, classes and functions.

    Modules of the tree that are `far` from what matters are read like those of the environment, when
    somebody asks for them.
    """

    def __init__(
        self,
        modules: Iterable[Module],
        load: ModuleLoader,
        read_bodies: BodyReader,
        far: Unread,
    ) -> None:
        self.tree = tuple(modules)
        self.far = far
        self.modules = by_name(self.tree)
        self._near = {module.path for module in self.tree}
        self._load = load
        self._read_bodies = read_bodies
        self._with_bodies: dict[str, Module] = {}
        self._by_path: dict[str, Module] = {}
        self._packages = _packages({*self.modules, *far.names})
        self._missing: set[str] = set()
        self._scopes: dict[ScopeId, Scope] = {}
        self._tables: dict[ScopeId, Mapping[str, list[Binding]]] = {}
        self._classes: dict[ClassId, ClassFacts] = {}
        self._functions: dict[FunctionId, FunctionFacts] = {}
        for module in self.tree:
            self._index(module)

    def _index(self, module: Module) -> None:
        facts = module.facts
        self._by_path[module.path] = module
        self._scopes.update((ScopeId(module.path, scope.line), scope) for scope in facts.scopes)
        self._classes.update((ClassId(module.path, found.line), found) for found in facts.classes)
        self._functions.update((FunctionId(module.path, found.line), found) for found in facts.functions)

    def module(self, name: str, *, runtime: bool) -> Module | None:
        """The module of that name: of the tree or, with `runtime`, of the environment."""
        known = self.modules.get(name)
        if known is not None:
            return known if runtime or known.in_tree else None
        outside = name not in self.far.names
        if (outside and not runtime) or name in self._packages or name in self._missing:
            return None
        module = self._load(name)
        if module is None:
            self._missing.add(name)
        else:
            self.modules[name] = module
            self._index(module)
        return module

    def with_bodies(self, path: str) -> Module:
        """The module whose file has this path, with the bodies of its functions."""
        if path not in self._with_bodies:
            known = self._by_path[path]
            module = known if known.facts.has_bodies else self._read_bodies(known)
            self._with_bodies[path] = module
            self._functions.update((FunctionId(path, one.line), one) for one in module.facts.functions)
            for scope in module.facts.scopes:
                self._scopes.setdefault(ScopeId(path, scope.line), scope)
                self._tables.pop(ScopeId(path, scope.line), None)
        return self._with_bodies[path]

    def is_module(self, name: str) -> bool:
        """True if an import finds a module or package of this name."""
        return (
            name in self._packages or self.module(name, runtime=True) is not None or library_has(name, None)
        )

    def is_namespace(self, name: str) -> bool:
        """True for a folder of the tree that is imported without an `__init__.py`."""
        return name in self._packages

    def is_in_tree(self, path: str) -> bool:
        """True for the file of a module that lies in the tree, and was read."""
        return path in self._by_path and self._by_path[path].in_tree

    def is_far(self, path: str) -> bool:
        """True for a module of the tree that was read late, and does not matter so far."""
        module = self._by_path.get(path)
        return module is not None and module.in_tree and path not in self._near

    def defines_method(self, module: str, method: str) -> bool:
        """True if a class of the far module that is no protocol has such a method."""
        found = self.module(module, runtime=False)
        if found is None or not self.is_far(found.path):
            return False
        return any(
            isinstance(binding, FunctionBinding) and binding.name == method
            for facts in found.facts.classes
            if not any((dotted(base) or "").endswith("Protocol") for base in facts.bases)
            for binding in self.all_bindings(ScopeId(found.path, facts.line))
        )

    def draw_near(self, paths: Collection[str]) -> list[Module]:
        """Count far modules among those that matter, in order of their paths."""
        modules = [self._by_path[path] for path in sorted(paths)]
        self.tree = (*self.tree, *modules)
        self._near.update(paths)
        return modules

    def module_at(self, path: str) -> Module:
        """The module whose file has this path."""
        return self._by_path[path]

    def scope(self, id: ScopeId) -> Scope | None:
        """The scope, None for a function whose body was not extracted."""
        return self._scopes.get(id)

    def class_facts(self, id: ClassId) -> ClassFacts:
        """The facts of a class."""
        return self._classes[id]

    def function_facts(self, id: FunctionId) -> FunctionFacts:
        """The facts of a function."""
        return self._functions[id]

    def enclosing(self, id: ClassId) -> ScopeId:
        """The scope that a class statement stands in."""
        return ScopeId(id.path, self._scopes[id].parent or MODULE_SCOPE)

    def kind(self, scope: ScopeId) -> ScopeKind:
        """What the scope is the body of."""
        known = self._scopes.get(scope)
        return known.kind if known else ScopeKind.FUNCTION

    def outwards(self, scope: ScopeId) -> Iterator[ScopeId]:
        """The scope and those around it."""
        current: ScopeId | None = scope
        while current is not None:
            yield current
            known = self._scopes.get(current)
            parent = known.parent if known else MODULE_SCOPE if current.line else None
            current = None if parent is None else ScopeId(scope.path, parent)

    def around(self, function: FunctionId) -> ScopeId:
        """The scope that a function stands in."""
        return list(self.outwards(function))[1]

    def bindings(self, scope: ScopeId, name: str) -> list[Binding]:
        """Every binding of the name in this very scope, in source order."""
        return self.table(scope).get(name, [])

    def all_bindings(self, scope: ScopeId) -> tuple[Binding, ...]:
        """Everything bound in this very scope, in source order; nothing if it was not extracted."""
        known = self._scopes.get(scope)
        return known.bindings if known else ()

    def table(self, scope: ScopeId) -> Mapping[str, list[Binding]]:
        """The bindings of this very scope by name."""
        if scope not in self._tables:
            table: dict[str, list[Binding]] = {}
            for binding in self.all_bindings(scope):
                table.setdefault(binding.name, []).append(binding)
            self._tables[scope] = table
        return self._tables[scope]


def _packages(modules: Collection[str]) -> set[str]:
    """The names above these modules that are none of them: namespace packages."""
    return {parent for name in modules for parent in parents(name) if parent not in modules}
