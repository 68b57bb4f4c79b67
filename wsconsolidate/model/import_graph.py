"""Which modules of the tree run when one is imported, and whether one more import would close a circle."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from wsconsolidate.model.expr import dotted
from wsconsolidate.model.facts import Branch, Guard, ImportBinding, Scope, ScopeKind
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import Program
from wsconsolidate.model.source import imported_from

NOTHING: Mapping[str, Collection[str]] = MappingProxyType({})


@dataclass(frozen=True)
class ImportGraph:
    """The import statements of a program as a graph of its modules."""

    program: Program

    def circle(
        self, importer: str, imported: str, added: Mapping[str, Collection[str]] = NOTHING
    ) -> tuple[str, ...]:
        """The way back that an import at the top of `importer` would have; empty if there is none.

        `added` are the imports that each module is to have besides its own. The packages around
        `importer` run before it in any case, so their own imports count only where a module on the
        way names such a package.
        """
        if imported in self.at_import.get(importer, ()):
            return ()
        around = frozenset(above(importer))
        came_from: dict[str, str] = {imported: importer}
        waiting = [imported]
        for module in waiting:
            named = {*self.at_import.get(module, ()), *added.get(module, ())}
            for following in (*sorted(named), *above(module)):
                if following == importer:
                    return _way(came_from, module, importer)
                implied = following in around and following not in named
                if following in self.program.modules and following not in came_from and not implied:
                    came_from[following] = module
                    waiting.append(following)
        return ()

    def runs(self, module: str) -> frozenset[str]:
        """Every module of the tree that has run once `module` is imported, itself included."""
        found = {module}
        waiting = [module]
        for current in waiting:
            for following in (*self.at_import.get(current, ()), *above(current)):
                if following in self.program.modules and following not in found:
                    found.add(following)
                    waiting.append(following)
        return frozenset(found)

    def together(self, module: str, other: str) -> bool:
        """True if `module` is of one program with `other`: of one package, or tied by imports but in tests.

        A folder without `__init__` is a package only if some import takes it for one; else its files
        may be scripts that find each other by their bare names. What is imported from another folder,
        such as an example of how to use a package, is there only if that way is gone already.
        """
        top, of_other = self._top(module), self._top(other)
        if top != of_other:
            way = tuple(_root(self.program.modules[name]) for name in (module, other))
            tied = self._program_of[top] is self._program_of[of_other]
            return tied and self._is_package(of_other) and (way[0] == way[1] or way in self._ways)
        return self._is_package(top)

    def _is_package(self, top: str) -> bool:
        """True for what has an `__init__`, and for a folder or file that somebody imports by this name."""
        return top in self.program.modules or top in self._named_absolutely

    def _top(self, name: str) -> str:
        """The first package around a module, as the program calls it, or the module itself."""
        module = self.program.modules.get(name)
        short = module.imported_as if module else name
        return f"{name.removesuffix(short)}{short.partition('.')[0]}"

    @cached_property
    def _named_absolutely(self) -> frozenset[str]:
        """The first words of the modules that imports name in full; a relative one works in any folder."""
        return frozenset(
            self._top(module.source_root.within(binding.module))
            for module in self.program.modules.values()
            if module.in_tree
            for scope in module.facts.scopes
            for binding in scope.bindings
            if isinstance(binding, ImportBinding) and not binding.level and runs_at_import(scope, binding)
        )

    @cached_property
    def at_import(self) -> Mapping[str, frozenset[str]]:
        """What each module names in imports that run with it."""
        return {
            name: frozenset(self._named(module, while_importing=True))
            for name, module in self.program.modules.items()
            if module.in_tree
        }

    @cached_property
    def _program_of(self) -> Mapping[str, set[str]]:
        """The top-level packages that belong together, for each of them the same set."""
        found = {top: {top} for top in map(self._top, self.program.modules)}
        for name, module in self.program.modules.items():
            if not module.in_tests and module.in_tree:
                for named in self._named(module, while_importing=False):
                    _join(found, self._top(name), self._top(named))
        return found

    @cached_property
    def _ways(self) -> frozenset[tuple[str, str]]:
        """From which folder of modules something of which other is imported."""
        modules = self.program.modules
        return frozenset(
            (_root(module), _root(modules[named]))
            for module in modules.values()
            if module.in_tree and not module.in_tests
            for named in self._named(module, while_importing=False)
        )

    def _named(self, module: Module, *, while_importing: bool) -> Iterator[str]:
        """The modules of the tree that the imports of a module name."""
        for scope in module.facts.scopes:
            for binding in scope.bindings:
                if isinstance(binding, ImportBinding) and (
                    runs_at_import(scope, binding) or not while_importing
                ):
                    source = module.origin(binding)
                    names = (source, f"{source}.{binding.attribute}")
                    yield from (name for name in names if name in self.program.modules)


def _root(module: Module) -> str:
    return imported_from(module.path, module.imported_as)


def runs_at_import(scope: Scope, binding: ImportBinding) -> bool:
    """True for an import that runs when its module is imported."""
    return scope.kind is not ScopeKind.FUNCTION and not is_skipped(binding)


def is_skipped(binding: ImportBinding) -> bool:
    """True for an import that stands behind what never holds while a program runs."""
    return any(map(_skips, binding.guards))


def _skips(guard: Guard) -> bool:
    checking = (dotted(guard.test) or "").rpartition(".")[2] == "TYPE_CHECKING"
    return guard.branch is Branch.FUNCTION or (guard.branch is Branch.IF and checking)


def above(module: str) -> Iterator[str]:
    """The packages around a module, nearest first."""
    while "." in module:
        module = module.rpartition(".")[0]
        yield module


def _way(came_from: Mapping[str, str], last: str, importer: str) -> tuple[str, ...]:
    way = [last]
    while way[-1] != importer:
        way.append(came_from[way[-1]])
    return (*reversed(way), importer)


def _join(found: dict[str, set[str]], one: str, other: str) -> None:
    together = found[one] | found[other]
    for name in together:
        found[name] = together
