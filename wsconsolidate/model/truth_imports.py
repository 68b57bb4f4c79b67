"""Where a source of truth is imported by name, whatever way its name takes."""

from collections.abc import Iterator
from dataclasses import dataclass

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.expr import Name
from wsconsolidate.model.facts import ImportBinding, Scope
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import Class, ClassTarget, ScopeId


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthImport:
    """An import whose name stands for a source of truth, and for nothing else."""

    module: Module
    scope: Scope
    binding: ImportBinding
    truth: Class

    @property
    def source(self) -> str:
        """The module that the statement names."""
        return self.module.origin(self.binding)

    @property
    def is_detour(self) -> bool:
        """True for another name than the class has, or one from elsewhere than its module and those above."""
        at_home = self.source == self.truth.module or self.truth.module.startswith(f"{self.source}.")
        return self.binding.attribute != self.truth.name or not at_home


def truth_imports(found: Analysis) -> Iterator[TruthImport]:
    """Each `from module import name` that binds the source of truth of a role."""
    truths = {one.id: found.program.classes[one.id] for one in found.ssot.values() if one.id is not None}
    for module in found.program.modules.values():
        for scope in module.facts.scopes:
            for binding in scope.bindings:
                if isinstance(binding, ImportBinding) and binding.attribute not in (None, "*"):
                    name = Name(binding.name, binding.line)
                    match found.program.lookup.targets(ScopeId(module.path, scope.line), name):
                        case (ClassTarget(id=id),) if id in truths:
                            yield TruthImport(module=module, scope=scope, binding=binding, truth=truths[id])
