"""Whether an import that binds a source of truth by a detour can name its own module instead."""

import re
from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis, Fix
from wsconsolidate.model.facts import ScopeKind
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.import_graph import ImportGraph, runs_at_import
from wsconsolidate.model.role import Role
from wsconsolidate.model.truth_imports import TruthImport, truth_imports

_SAFE = Fix(applicability=Applicability.SAFE, reason="")


def judge_imports(found: Analysis) -> Iterator[tuple[str, int, Fix]]:
    """Each import of a name that stands for a source of truth; the name that it binds stays.

    Those of a protocol are left to a reader: where a duplicate protocol becomes an import, its own
    importers may well go on to import it from there.
    """
    protocol = found.ssot.get(Role.PROTOCOL)
    graph = ImportGraph(found.program)
    worst: dict[tuple[str, int], Fix] = {}
    for one in truth_imports(found):
        if one.is_detour and (protocol is None or one.truth.id != protocol.id):
            place, fix = (one.module.path, one.binding.line), _fix(found, one, graph)
            worst[place] = min(worst.get(place, _SAFE), fix, key=lambda known: known.applicability)
    yield from ((*place, fix) for place, fix in worst.items())


def _fix(found: Analysis, one: TruthImport, graph: ImportGraph) -> Fix:
    circle = graph.circle(one.module.name, one.truth.module)
    if circle and runs_at_import(one.scope, one.binding):
        reason = f"the import would close a circle: {' -> '.join(circle)}"
        return Fix(applicability=Applicability.DISPLAY, reason=reason)
    named = next(_named(found, one), "") if one.scope.kind is ScopeKind.FUNCTION else ""
    if named:
        return Fix(applicability=Applicability.UNSAFE, reason=f"{named}, which is to follow the import")
    return _SAFE


def _named(found: Analysis, one: TruthImport) -> Iterator[str]:
    """Where a string names what is imported each time that a function runs."""
    old = f"{one.source}.{one.binding.attribute}"
    quoted = re.compile(rb"[\"']" + re.escape(old.encode()) + rb"[\"']")
    for file in found.tree.files:
        mention = quoted.search(file.data) if b"." in file.data else None
        if mention is not None:
            line = file.data.count(b"\n", 0, mention.start()) + 1
            yield f'{file.path}:{line} names "{old}"'
