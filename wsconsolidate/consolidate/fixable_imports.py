"""Whether an import that binds a source of truth by a detour can name its own module instead."""

from collections import Counter
from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis, Fix
from wsconsolidate.model.expr import Name
from wsconsolidate.model.facts import ImportBinding, ScopeKind
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.program import ClassTarget, ScopeId
from wsconsolidate.model.role import Role

_SAFE = Fix(applicability=Applicability.SAFE, reason="")
_NESTED = Fix(applicability=Applicability.DISPLAY, reason="it stands in the body of a class")
_SEVERAL = Fix(applicability=Applicability.DISPLAY, reason="the statement binds it under several names")


def judge_imports(found: Analysis) -> Iterator[tuple[str, int, Fix]]:
    """Each import of a name that stands for a source of truth; the name that it binds stays.

    Those of a protocol are left to a reader: where a duplicate protocol becomes an import, its own
    importers may well go on to import it from there.
    """
    places = list(_places(found))
    count = Counter((path, line) for path, line, _ in places)
    for path, line, kind in places:
        several = _SEVERAL if count[path, line] > 1 else _SAFE
        yield path, line, _NESTED if kind is ScopeKind.CLASS else several


def _places(found: Analysis) -> Iterator[tuple[str, int, ScopeKind]]:
    """Where a source of truth is imported: path, line, and in what."""
    truths = {ClassTarget(one.id) for role, one in found.ssot.items() if one.id and role is not Role.PROTOCOL}
    for module in found.program.modules.values():
        for scope in module.facts.scopes:
            for binding in scope.bindings:
                if isinstance(binding, ImportBinding) and binding.attribute not in (None, "*"):
                    name = Name(binding.name, binding.line)
                    targets = found.program.lookup.targets(ScopeId(module.path, scope.line), name)
                    if len(targets) == 1 and truths.issuperset(targets):
                        yield module.path, binding.line, scope.kind
