"""A source of truth is imported under another name, or from elsewhere than its own package.

*Why it matters*: an old path or alias keeps the old module alive. Whoever reads `ConnectionManager` looks
for a second manager, and nobody dares to delete the shim that holds the alias.

*What to do instead*: import the class by its own name from its module, or from a package above it that
re-exports it.

*Limits*: imports inside the package's own `__init__` files count too where they go through an alias. Names
looked up at run time (`import_module`, strings for `mock.patch`) are not seen, nor are imports inside the
functions of files that speak of no socket and no event.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from wsconsolidate.model.analysis import Analysis, Fix
from wsconsolidate.model.facts import ScopeKind
from wsconsolidate.model.finding import Applicability, Finding, Severity
from wsconsolidate.model.import_graph import runs_at_import
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule
from wsconsolidate.model.search import Search
from wsconsolidate.model.truth_imports import TruthImport, truth_imports

_SAFE = Fix(applicability=Applicability.SAFE, reason="")
_NONE = Fix(applicability=Applicability.DISPLAY, reason="")


def check(found: Analysis) -> Iterator[Finding]:
    """Each import that binds a source of truth by a detour."""
    detours = [one for one in truth_imports(found) if one.is_detour]
    fixes = _fixes(found, detours)
    for one in detours:
        fix = fixes.get(_place(one), _NONE)
        yield Finding(
            message=f"{one.binding.attribute} of {one.source} is {one.truth.qualname}; import that",
            path=one.module.path,
            line=one.binding.line,
            symbol=one.module.name,
            identity=str(one.binding.attribute),
            fix=fix.applicability,
            fix_reason=fix.reason,
        )


def _place(one: TruthImport) -> tuple[str, int]:
    return (one.module.path, one.binding.line)


def _fixes(found: Analysis, detours: Sequence[TruthImport]) -> dict[tuple[str, int], Fix]:
    """What can be done about each statement, by the worst of its names; the name that it binds stays.

    Those of a protocol are left to a reader: where a duplicate protocol becomes an import, its own
    importers may well go on to import it from there.
    """
    protocol = found.ssot.get(Role.PROTOCOL)
    worst: dict[tuple[str, int], Fix] = {}
    for one in detours:
        if protocol is None or one.truth.id != protocol.id:
            fix = _fix(found, one)
            worst[_place(one)] = min(
                worst.get(_place(one), _SAFE), fix, key=lambda known: known.applicability
            )
    return worst


def _fix(found: Analysis, one: TruthImport) -> Fix:
    circle = found.imports.circle(one.module.name, one.truth.module)
    if circle and runs_at_import(one.scope, one.binding):
        reason = f"the import would close a circle: {' -> '.join(circle)}"
        return Fix(applicability=Applicability.DISPLAY, reason=reason)
    named = next(_named(found, one), "") if one.scope.kind is ScopeKind.FUNCTION else ""
    if named:
        return Fix(applicability=Applicability.UNSAFE, reason=f"{named}, which is to follow the import")
    return _SAFE


def _named(found: Analysis, one: TruthImport) -> Iterator[str]:
    """Where a string names what is imported each time that a function runs."""
    for file in found.tree.files:
        reader = found.program.files.get(file.path, one.module)
        old = f"{reader.source_root.spelled(one.source)}.{one.binding.attribute}"
        mentions = found.tree.search(_quoting(old)).get(file.path)
        if mentions:
            yield f'{file.path}:{mentions[0].line} names "{old}"'


@cache
def _quoting(name: str) -> Search:
    written = name.encode()
    return Search(pattern=rb"[\"']%s[\"']" % re.escape(written), words=(written,))


_MANAGER = """
# file: app/core/__init__.py
from app.core.manager import ConnectionManager
# file: app/core/manager.py
from fastapi import WebSocket

class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    async def send(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)
# file: app/legacy.py
from app.core.manager import ConnectionManager

OldManager = ConnectionManager
"""

RULE = Rule(
    code="WSC105",
    name="legacy-import",
    severity=Severity.NOTE,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _MANAGER
        + """
# file: app/routes.py
from app.legacy import OldManager  # expect: WSC105
from app.legacy import ConnectionManager as Hub  # expect: WSC105

def build() -> Hub:
    return OldManager()
""",
        _MANAGER
        + """
# file: app/tasks.py
def run(websocket: object) -> object:
    from .legacy import OldManager  # expect: WSC105
    return OldManager()
""",
    ),
    good=(
        _MANAGER
        + """
# file: app/routes.py
# trap: the module of the class, under a name of one's own choice
from app.core.manager import ConnectionManager as Hub
# the package above re-exports it
from app.core import ConnectionManager
""",
        _MANAGER
        + """
# file: app/other.py
# trap: a class of the same name that is another one
class OldManager:
    limit = 3
# file: app/routes.py
from app.other import OldManager
""",
    ),
)
