"""Imports a source of truth from its own module, under the name that the file knows it by.

`from app.legacy import Hub` becomes `from app.manager import ConnectionManager as Hub`, in its place, so
that whatever guards the import guards it still. The file's own code, and who imports the name from it, see
the same class.
"""

from collections.abc import Iterator

import libcst as cst

from wsconsolidate.codemods.patch import Codemod, Example, Patch, Replacement, Rewriting, Trap, refuse
from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.edit import Refusal
from wsconsolidate.model.finding import Finding
from wsconsolidate.model.program import Class, Module
from wsconsolidate.model.truth_imports import truth_imports


def propose(finding: Finding, workshop: Workshop) -> Patch | Refusal:
    """The import of the class from its module; what else the statement imports stays with it."""
    line = workshop.sheet(finding.path).statement_at(finding.line)
    home = workshop.found.program.files[finding.path]
    match list(line.body):
        case [cst.ImportFrom(names=[*names]) as statement]:
            taken = [one for one in names if one.evaluated_name == finding.identity]
            truth = _truth(workshop.found, home, finding)
            if len(taken) == 1 and truth is not None:
                rewriting = _rewriting(line, statement, taken[0], home, truth)
                return Patch(title=f"import {truth.qualname}", rewrites=(rewriting,))
    return refuse(finding, "the import does not stand alone on its line")


def _truth(found: Analysis, home: Module, finding: Finding) -> Class | None:
    """The class that the accused import binds."""
    accused = (home.path, finding.line, finding.identity)
    for one in truth_imports(found):
        if (one.module.path, one.binding.line, one.binding.attribute) == accused:
            return one.truth
    return None


def _rewriting(
    line: cst.SimpleStatementLine,
    statement: cst.ImportFrom,
    taken: cst.ImportAlias,
    home: Module,
    truth: Class,
) -> Rewriting:
    bound = taken.evaluated_alias or taken.evaluated_name
    source = _source(statement, home, truth)
    spelled = truth.name if bound == truth.name else f"{truth.name} as {bound}"
    fresh = cst.ensure_type(cst.parse_statement(f"from {source} import {spelled}"), cst.SimpleStatementLine)
    return Rewriting(path=home.path, replacements=tuple(_replacements(line, statement, taken, fresh.body[0])))


def _replacements(
    line: cst.SimpleStatementLine,
    statement: cst.ImportFrom,
    taken: cst.ImportAlias,
    fresh: cst.BaseSmallStatement,
) -> Iterator[Replacement]:
    """The new import in place of the old one, or behind it where that imports more."""
    names = [] if isinstance(statement.names, cst.ImportStar) else [*statement.names]
    others = [one for one in names if one is not taken]
    if not others:
        yield Replacement(statement, fresh)
        return
    others[-1] = others[-1].with_changes(comma=names[-1].comma)
    shorter = line.with_changes(body=[statement.with_changes(names=others)])
    behind = cst.SimpleStatementLine([fresh])
    yield Replacement(line, cst.FlattenSentinel([shorter, behind]))


def _source(statement: cst.ImportFrom, home: Module, truth: Class) -> str:
    """The module of the class, relative to the package of the file where the import was so."""
    package = home.name if home.is_package else home.name.rpartition(".")[0]
    if statement.relative and package and truth.module.startswith(f"{package}."):
        return truth.module.removeprefix(package)
    return truth.module


_APP = """
# file: app/__init__.py
# file: app/manager.py
from fastapi import WebSocket


class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    async def send(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)

# file: app/legacy.py
from app.manager import ConnectionManager

LIMIT = 3
Hub = ConnectionManager

"""

_ROUTES = f"{_APP}# file: app/routes.py\n"

CODEMOD = Codemod(
    name="import-from-home",
    codes=("WSC105",),
    doc=__doc__,
    propose=propose,
    rewrites=(
        Example(
            before=f"""{_ROUTES}\
from app.legacy import Hub  # old name

hub = Hub()
""",
            after=f"""{_ROUTES}\
from app.manager import ConnectionManager as Hub  # old name

hub = Hub()
""",
        ),
        Example(
            before=f"""{_ROUTES}\
from .legacy import LIMIT, Hub

hubs = [Hub()] * LIMIT
""",
            after=f"""{_ROUTES}\
from .legacy import LIMIT
from .manager import ConnectionManager as Hub

hubs = [Hub()] * LIMIT
""",
        ),
        Example(
            before=f"""{_ROUTES}\
if True:
    from app.legacy import (
        ConnectionManager,
    )
""",
            after=f"""{_ROUTES}\
if True:
    from app.manager import ConnectionManager
""",
        ),
    ),
    untouched=(
        Trap(
            program=f"{_ROUTES}from app.legacy import Hub; hub = Hub()\n",
            reason="the import does not stand alone on its line",
        ),
        Trap(
            program=f"{_ROUTES}class Routes:\n    from app.legacy import Hub\n",
            reason="it stands in the body of a class",
        ),
        Trap(
            program=f"{_ROUTES}from app.legacy import Hub, Hub as Other\n",
            reason="the statement binds it under several names",
        ),
    ),
)
