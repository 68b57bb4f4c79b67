"""What the emitter that stays, and what belongs to it, is called in a file that is rewritten to use it."""

from collections.abc import Iterator

from wsconsolidate.codemods.patch import Import
from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.delegation import makes_from_sinks
from wsconsolidate.model.facts import ClassBinding, ImportBinding
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import Class
from wsconsolidate.model.role import Role

INSTALLED = "wsconsolidate.runtime"


class RuntimeNames:
    """The names of one module in the file of a class; those that were asked for are to be imported.

    `module` is the installed runtime, a copy of it in the tree, or the module of an emitter of the tree;
    `emitter` the name of the emitter there. They `are_bundled` where the tree has no emitter that stays.
    """

    def __init__(self, workshop: Workshop, one: Class) -> None:
        truth = workshop.found.truth(Role.EMITTER)
        self.are_bundled = truth is None
        self.emitter = truth.name if truth is not None else "UnifiedWebSocketEmitter"
        self.module = truth.module if truth is not None else runtime_module(workshop)
        if truth is not None and makes_from_sinks(truth):
            self.module = truth.module.rpartition(".")[0]
        self._file = workshop.program.files[one.path]
        self._bindings = [binding for scope in self._file.facts.scopes for binding in scope.bindings]
        self._used: dict[str, str] = {}

    def bound(self, name: str) -> str:
        """What a name of the module is called in this file."""
        if name not in self._used:
            candidates = (name, f"Runtime{name}", f"Unified{name}", f"_Runtime{name}")
            self._used[name] = next(one for one in candidates if not self._is_taken(one, name))
        return self._used[name]

    def imports(self) -> Iterator[Import]:
        """The imports for the names that were asked for."""
        for name, bound in self._used.items():
            if self.module != self._file.name:
                yield Import(module=self.module, name=name, bound=bound)

    def _is_taken(self, bound: str, name: str) -> bool:
        """True where the file calls something else so, in any scope, or a star may."""
        if bound == name and any(binding.name == "*" for binding in self._bindings):
            return True
        bindings = [binding for binding in self._bindings if binding.name == bound]
        parameters = (one for function in self._file.facts.functions for one in function.parameters)
        return any(parameter.name == bound for parameter in parameters) or not all(
            self._is_it(binding, name) for binding in bindings
        )

    def _is_it(self, binding: object, name: str) -> bool:
        if isinstance(binding, ClassBinding):
            return self.module == self._file.name and binding.qualname == name
        same = isinstance(binding, ImportBinding) and binding.attribute == name
        return same and isinstance(binding, ImportBinding) and self._file.origin(binding) == self.module


def runtime_module(workshop: Workshop) -> str:
    """The module of the runtime: the installed one, or where its copy is to be."""
    if workshop.vendor is None:
        return INSTALLED
    return _module_at(workshop.vendor.strip("/"), tuple(workshop.program.files.values()))


def _module_at(folder: str, files: tuple[Module, ...]) -> str:
    """The name that a package in this folder has beside the modules of the tree."""
    above, _, last = folder.rpartition("/")
    for file in files:
        if file.path.rpartition("/")[0] == above:
            package = file.name if file.is_package else file.name.rpartition(".")[0]
            return f"{package}.{last}" if package else last
    return f"{_module_at(above, files)}.{last}" if above else last
