"""Whether an import that binds a source of truth by a detour can name its own module instead."""

from collections import Counter
from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis, Fix
from wsconsolidate.model.facts import ScopeKind
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.role import Role
from wsconsolidate.model.truth_imports import truth_imports

_SAFE = Fix(applicability=Applicability.SAFE, reason="")
_NESTED = Fix(applicability=Applicability.DISPLAY, reason="it stands in the body of a class")
_SEVERAL = Fix(applicability=Applicability.DISPLAY, reason="the statement binds it under several names")


def judge_imports(found: Analysis) -> Iterator[tuple[str, int, Fix]]:
    """Each import of a name that stands for a source of truth; the name that it binds stays.

    Those of a protocol are left to a reader: where a duplicate protocol becomes an import, its own
    importers may well go on to import it from there.
    """
    protocol = found.ssot.get(Role.PROTOCOL)
    imports = [one for one in truth_imports(found) if protocol is None or one.truth.id != protocol.id]
    count = Counter((one.module.path, one.binding.line) for one in imports)
    for one in imports:
        place = (one.module.path, one.binding.line)
        several = _SEVERAL if count[place] > 1 else _SAFE
        yield *place, _NESTED if one.scope.kind is ScopeKind.CLASS else several
