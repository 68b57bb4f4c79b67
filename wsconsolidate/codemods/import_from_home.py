"""Imports a source of truth from its own module, under the name that the file knows it by.

`from app.legacy import Hub` becomes `from app.manager import ConnectionManager as Hub`, where imports of that
module go; or in its place where something guards it, so that it is guarded still. The file's own code, and
who imports the name from it, see the same class. Where a function imports it each time it runs,
`mock.patch("app.legacy.Hub")` in the tests must name the new place too, which needs a reader. Documentation
and configuration that name the old path are told, and left.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

import libcst as cst

from wsconsolidate.codemods.codemod import Codemod
from wsconsolidate.codemods.import_from_home_examples import REWRITES, UNTOUCHED
from wsconsolidate.codemods.imports import in_order
from wsconsolidate.codemods.nodes import has_comments
from wsconsolidate.codemods.patch import Import, Patch, Replacement, Rewriting, Unfit, refuse
from wsconsolidate.codemods.path_strings import strings_follow
from wsconsolidate.codemods.sheet import Sheet
from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.edit import Refusal
from wsconsolidate.model.facts import ScopeKind
from wsconsolidate.model.finding import Applicability, Finding
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import Class
from wsconsolidate.model.truth_imports import TruthImport, truth_imports


def propose(finding: Finding, workshop: Workshop) -> Patch | Refusal:
    """The import of the class from its module; what else the statement imports stays with it."""
    place = (finding.path, finding.line)
    found = [one for one in truth_imports(workshop.found) if (one.module.path, one.binding.line) == place]
    detours = [one for one in found if one.is_detour]
    accused = next((one for one in detours if one.binding.attribute == finding.identity), None)
    if accused is None:
        return refuse(finding, "the import was not found again")
    statement = workshop.once(place, lambda: _rewriting(detours, workshop))
    late = accused.scope.kind is ScopeKind.FUNCTION
    old = (accused.source, str(accused.binding.attribute))
    strings = tuple(strings_follow(workshop, ".".join(old), accused.truth)) if late else ()
    written = (accused.module.source_root.spelled(accused.source), old[1])
    left = ", ".join(workshop.mentions(".".join(written), ":".join(written))[:3])
    return Patch(
        title=f"import {accused.truth.qualname}" + (f" (the old path stays in {left})" if left else ""),
        applicability=Applicability.UNSAFE if strings else Applicability.SAFE,
        rewrites=(*((statement,) if statement else ()), *strings),
    )


def _rewriting(detours: Sequence[TruthImport], workshop: Workshop) -> Rewriting:
    """The statement with all its detours straightened: in its place, or sorted in where it stands free.

    Raises:
        Unfit: other statements stand on its line, and it imports more.
    """
    home = detours[0].module
    sheet = workshop.sheet(home.path)
    truths = {(one.binding.attribute, one.binding.name): one.truth for one in detours}
    line = sheet.statement_at(detours[0].binding.line)
    for statement in line.body:
        match statement:
            case cst.ImportFrom(names=[*names]) if any(_key(one) in truths for one in names):
                taken = {one: truths[_key(one)] for one in names if _key(one) in truths}
                left = _left(statement, names, taken)
                if not _stands_free(line, sheet, workshop.own):
                    replaced = _in_place(line, statement, left, [*_fresh(statement, taken, home)], home.path)
                    return Rewriting(path=home.path, replacements=(replaced,))
                by = line.with_changes(body=[left]) if left else cst.RemoveFromParent()
                imports = tuple(
                    Import(module=truth.module, name=truth.name, bound=_key(one)[1])
                    for one, truth in taken.items()
                )
                return Rewriting(path=home.path, replacements=(Replacement(line, by),), imports=imports)
    raise Unfit(home.path, f"line {detours[0].binding.line}: the import does not stand there")


def _key(alias: cst.ImportAlias) -> tuple[str, str]:
    return alias.evaluated_name, alias.evaluated_alias or alias.evaluated_name


def _stands_free(line: cst.SimpleStatementLine, sheet: Sheet, own: Collection[str]) -> bool:
    """True for an import without comments, alone on its line, on the top level of a file that sorts them."""
    alone = len(line.body) == 1 and sheet.parent(line) is sheet.module
    return alone and not has_comments(line) and in_order(sheet.module, own)


def _left(
    statement: cst.ImportFrom, names: Sequence[cst.ImportAlias], taken: Collection[cst.ImportAlias]
) -> cst.ImportFrom | None:
    """The import of what else is imported there; None where that is nothing."""
    others = [one for one in names if one not in taken]
    if not others:
        return None
    others[-1] = others[-1].with_changes(comma=names[-1].comma)
    return statement.with_changes(names=others)


def _fresh(
    statement: cst.ImportFrom, taken: Mapping[cst.ImportAlias, Class], home: Module
) -> Iterator[cst.ImportFrom]:
    """The imports from the modules of the classes, one for each module."""
    sources: dict[str, list[str]] = {}
    for alias, truth in taken.items():
        _, bound = _key(alias)
        spelled = truth.name if bound == truth.name else f"{truth.name} as {bound}"
        sources.setdefault(_source(statement, home, truth), []).append(spelled)
    for source, names in sources.items():
        made = cst.parse_statement(f"from {source} import {', '.join(names)}")
        yield cst.ensure_type(cst.ensure_type(made, cst.SimpleStatementLine).body[0], cst.ImportFrom)


def _in_place(
    line: cst.SimpleStatementLine,
    statement: cst.ImportFrom,
    left: cst.ImportFrom | None,
    fresh: Sequence[cst.ImportFrom],
    path: str,
) -> Replacement:
    """The new imports in place of the old one, or behind what is left of it."""
    if left is None and len(fresh) == 1:
        return Replacement(statement, fresh[0])
    if len(line.body) > 1:
        raise Unfit(path, "the import does not stand alone on its line")
    first, *behind = [*filter(None, [left]), *fresh]
    lines = [line.with_changes(body=[first]), *(cst.SimpleStatementLine([one]) for one in behind)]
    return Replacement(line, cst.FlattenSentinel(lines))


def _source(statement: cst.ImportFrom, home: Module, truth: Class) -> str:
    """The module of the class, relative to the package of the file where the import was so."""
    package = home.name if home.is_package else home.name.rpartition(".")[0]
    if statement.relative and package and truth.module.startswith(f"{package}."):
        return truth.module.removeprefix(package)
    return home.source_root.spelled(truth.module)


CODEMOD = Codemod(
    name="import-from-home",
    codes=("WSC105",),
    propose=propose,
    rewrites=REWRITES,
    untouched=UNTOUCHED,
)
