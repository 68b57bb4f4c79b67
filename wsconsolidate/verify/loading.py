"""Modules loaded one after the other as Python does it, to find the imports that come too early."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from wsconsolidate.model.facts import MODULE_SCOPE, Binding, ImportBinding, Scope
from wsconsolidate.model.import_graph import ImportGraph, above, is_skipped
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import Program, ScopeId


class Early(NamedTuple):
    """An import that takes a name from a module which has not bound it yet."""

    importer: str
    source: str
    name: str


@dataclass(frozen=True)
class Loading:
    """What happens when the modules of a program are imported."""

    imports: ImportGraph

    @property
    def program(self) -> Program:
        """The program itself."""
        return self.imports.program

    def early(self, entries: Iterable[str]) -> frozenset[Early]:
        """The imports that find a module half loaded when one of these is imported first."""
        return frozenset(one for entry in entries for one in _Load(self).run(entry))

    def circle(self, module: str) -> frozenset[str]:
        """The modules that run with this one and with which this one runs, itself included."""
        return frozenset(_reached(self._onward, module) & _reached(self._back, module))

    def steps(self, module: Module) -> tuple[tuple[Binding, bool], ...]:
        """What happens at the top of a module in order of its lines, and whether a name is bound by it."""
        own = self.program.bindings(ScopeId(module.path, MODULE_SCOPE))
        found = [(binding, True) for binding in own]
        for scope in module.facts.scopes:
            if scope.line != MODULE_SCOPE:
                found += [(binding, False) for binding in _imports(scope)]
        return tuple(sorted(found, key=lambda step: step[0].line))

    @cached_property
    def _onward(self) -> Mapping[str, frozenset[str]]:
        named = self.imports.at_import
        return {
            module: frozenset(one for name in names for one in (name, *above(name)) if one in named)
            for module, names in named.items()
        }

    @cached_property
    def _back(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for module, names in self._onward.items():
            for name in names:
                found.setdefault(name, set()).add(module)
        return found


@dataclass
class _Load:
    """One start of Python: which modules have begun, what they have bound, and which have ended."""

    loading: Loading
    bound: dict[str, set[str]] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)

    def run(self, entry: str) -> Iterator[Early]:
        """Import a module; the imports that come too early."""
        waiting = [self._load(entry)]
        while waiting:
            step = next(waiting[-1], None)
            if step is None:
                waiting.pop()
            elif isinstance(step, Early):
                yield step
            else:
                waiting.append(self._load(step))

    def _load(self, name: str) -> Iterator[Early | str]:
        """What a module does while it loads: other modules to load first, and imports that fail."""
        module = self.loading.program.modules.get(name)
        if name in self.bound or module is None or not module.in_tree:
            return
        yield from reversed([*above(name)])
        if name in self.bound:
            return
        self.bound[name] = set()
        for binding, binds in self.loading.steps(module):
            if isinstance(binding, ImportBinding):
                if is_skipped(binding):
                    continue
                yield from self._import(module, binding)
            if binds:
                self.bound[name].add(binding.name)
        self.ended.add(name)

    def _import(self, module: Module, binding: ImportBinding) -> Iterator[Early | str]:
        source, wanted = module.origin(binding), binding.attribute
        yield source
        if wanted is None or wanted == "*" or wanted in self.bound.get(source, ()):
            return
        below = f"{source}.{wanted}"
        yield below
        if source in self.bound and source not in self.ended and below not in self.bound:
            yield Early(module.name, source, wanted)


def _imports(scope: Scope) -> Iterator[ImportBinding]:
    """The imports of a class body, which run with the module's."""
    if scope.kind is scope.kind.CLASS:
        yield from (one for one in scope.bindings if isinstance(one, ImportBinding))


def _reached(graph: Mapping[str, Iterable[str]], start: str) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        further = {*graph.get(waiting.pop(), ())} - found
        found |= further
        waiting.extend(further)
    return found
