"""A source of truth is imported under another name, or from elsewhere than its own package.

*Why it matters*: an old path or alias keeps the old module alive. Whoever reads `ConnectionManager` looks
for a second manager, and nobody dares to delete the shim that holds the alias.

*What to do instead*: import the class by its own name from its module, or from a package above it that
re-exports it.

*Limits*: imports inside the package's own `__init__` files count too where they go through an alias. Names
looked up at run time (`import_module`, strings for `mock.patch`) are not seen, nor are imports inside the
functions of files that speak of no socket and no event.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.facts import ImportBinding
from wsconsolidate.model.finding import Finding, Rule, Severity
from wsconsolidate.model.program import Class, Module
from wsconsolidate.model.truth_imports import truth_imports


def check(found: Analysis) -> Iterator[Finding]:
    """Each import that binds a source of truth by a detour."""
    for one in truth_imports(found):
        if one.is_detour:
            yield _finding(one.module, one.binding, one.truth)


def _finding(module: Module, binding: ImportBinding, truth: Class) -> Finding:
    return Finding(
        message=f"{binding.attribute} of {module.origin(binding)} is {truth.qualname}; import that",
        path=module.path,
        line=binding.line,
        symbol=module.name,
        identity=str(binding.attribute),
    )


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
