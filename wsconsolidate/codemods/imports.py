"""Puts the imports that a change needs where the file has its own: spelled like them, in their section."""

import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import libcst as cst
from libcst.helpers import get_full_name_for_node

from wsconsolidate.codemods.import_names import with_names
from wsconsolidate.codemods.nodes import Statement, is_docstring, without_blank_lines
from wsconsolidate.codemods.patch import Import
from wsconsolidate.model.facts import ImportBinding
from wsconsolidate.model.module import Module

_NO_MORE_IMPORTS = (cst.ClassDef, cst.FunctionDef, cst.For, cst.While)
_BLANK = cst.EmptyLine(indent=False)


def add_imports(
    module: cst.Module, home: Module, own: Collection[str], imports: Sequence[Import]
) -> cst.Module:
    """The module, which is the program's `home`, with the imports that it lacks.

    `own` are the top-level packages and modules of the analysed tree.
    """
    body: list[Statement] = list(module.body)
    wanted = sorted(imports, key=lambda one: (*_statement_of(one), one.name))
    lacking = [one for one in wanted if not has_import(home, one)]
    for (_, bound), group in groupby(lacking, key=_statement_of):
        names = tuple(group)
        if not _extend(body, home, names, own, renames=bool(bound)):
            _insert(body, _statement(home, names), own)
    return module.with_changes(body=body)


def in_order(module: cst.Module, own: Collection[str]) -> bool:
    """True if the imports on top stand in the order in which others are put among them."""
    places = [place for _, place in _imports_on_top(module.body, own)]
    return places == sorted(places)


def _statement_of(one: Import) -> tuple[str, str]:
    """What goes into one statement: the names of a module; one under another name has its own."""
    return one.module, one.bound if _says_as(one) else ""


def _extend(
    body: list[Statement], home: Module, wanted: Sequence[Import], own: Collection[str], *, renames: bool
) -> bool:
    """Add the names to a statement that imports others of the same module; False if none takes them."""
    module = wanted[0].module
    spelled = {home.source_root.spelled(module), _dots(home, module)}
    for index, place in _imports_on_top(body, own):
        statement = body[index]
        if place.is_from and place.module in spelled and isinstance(statement, cst.SimpleStatementLine):
            if renames and not _mixes(statement):
                continue
            longer = with_names(statement, [_alias(one) for one in wanted], cst.Module([]))
            if longer is not None:
                body[index] = longer
                return True
    return False


def _mixes(statement: cst.SimpleStatementLine) -> bool:
    """True for an import of several names of which one has another name here."""
    match statement.body[0]:
        case cst.ImportFrom(names=[*names]):
            return len(names) > 1 and any(one.asname is not None for one in names)
    return False


def _dots(home: Module, module: str) -> str:
    """A module by its name relative to another."""
    level, name = _relative(home, module)
    return "." * level + name


def has_import(home: Module, wanted: Import) -> bool:
    """True if the module binds the name by such an import on its top level, whatever happens."""
    return any(
        isinstance(one, ImportBinding)
        and (one.name, one.attribute, home.origin(one)) == (wanted.bound, wanted.name, wanted.module)
        and not one.guards
        for one in home.facts.top.bindings
    )


def _statement(home: Module, wanted: Sequence[Import]) -> cst.SimpleStatementLine:
    """One statement for all names of one module."""
    module = wanted[0].module
    plain = (0, home.source_root.spelled(module))
    level, name = _relative(home, module) if _writes_relative(home, module) else plain
    names = [_alias(one) for one in wanted]
    statement = cst.ImportFrom(module=_dotted(name), names=names, relative=[cst.Dot()] * level)
    return cst.SimpleStatementLine(body=[statement])


def _alias(wanted: Import) -> cst.ImportAlias:
    bound = cst.AsName(name=cst.Name(wanted.bound)) if _says_as(wanted) else None
    return cst.ImportAlias(name=cst.Name(wanted.name), asname=bound)


def _says_as(wanted: Import) -> bool:
    return wanted.offered or wanted.bound != wanted.name


def _writes_relative(home: Module, module: str) -> bool:
    """True if a module imports what is in its own package by relative names only."""
    top = home.imported_as.partition(".")[0]
    if home.source_root.spelled(module).partition(".")[0] != top:
        return False
    imports = [one for one in home.facts.top.bindings if isinstance(one, ImportBinding)]
    absolute = any(not one.level and one.module.partition(".")[0] == top for one in imports)
    return not absolute and any(one.level for one in imports)


def _relative(home: Module, module: str) -> tuple[int, str]:
    """How many dots, and what follows them."""
    package = home.name.split(".") if home.is_package else home.name.split(".")[:-1]
    target = module.split(".")
    common = 0
    while common < min(len(package), len(target)) and package[common] == target[common]:
        common += 1
    return len(package) - common + 1, ".".join(target[common:])


def _dotted(name: str) -> cst.Attribute | cst.Name | None:
    if not name:
        return None
    first, *rest = name.split(".")
    found: cst.Attribute | cst.Name = cst.Name(first)
    for part in rest:
        found = cst.Attribute(value=found, attr=cst.Name(part))
    return found


@dataclass(frozen=True, slots=True, order=True)
class _Place:
    """What decides where an import statement stands: its section, its kind and the module's name."""

    section: int
    is_from: bool
    module: str


def _insert(body: list[Statement], statement: cst.SimpleStatementLine, own: Collection[str]) -> None:
    """Put the statement into its section, sorted; or behind all imports, as a section of its own."""
    wanted = _place(statement, own)
    places = [(index, place) for index, place in _imports_on_top(body, own) if wanted]
    before = [index for index, place in places if wanted and place <= wanted]
    behind = [index for index, place in places if wanted and place > wanted]
    sections = {place.section for _, place in places}
    if before and wanted and wanted.section in sections and not _begins_section(places, wanted):
        body.insert(before[-1] + 1, statement)
    elif wanted and wanted.section in sections:
        _insert_first(
            body, next(index for index, place in places if place.section == wanted.section), statement
        )
    elif before:
        body.insert(before[-1] + 1, statement.with_changes(leading_lines=[_BLANK]))
    elif behind:
        _insert_first(body, behind[0], statement)
        body[behind[0] + 1] = _apart(body[behind[0] + 1])
    else:
        _insert_alone(body, statement)


def _apart(statement: Statement) -> Statement:
    return statement.with_changes(leading_lines=[_BLANK, *statement.leading_lines])


def _begins_section(places: Sequence[tuple[int, "_Place"]], wanted: "_Place") -> bool:
    """True if all imports of its section come after it."""
    return not any(place.section == wanted.section and place <= wanted for _, place in places)


def _insert_first(body: list[Statement], index: int, statement: cst.SimpleStatementLine) -> None:
    """Put it before the first of its section, whose blank lines it takes over."""
    closed = without_blank_lines(body[index])
    blank = body[index].leading_lines[: len(body[index].leading_lines) - len(closed.leading_lines)]
    body[index] = closed
    body.insert(index, statement.with_changes(leading_lines=blank))


def _insert_alone(body: list[Statement], statement: cst.SimpleStatementLine) -> None:
    """Put it behind the docstring, or first, apart from what follows."""
    index = int(bool(body) and is_docstring(body[0]))
    if index < len(body) and not any(line.comment is None for line in body[index].leading_lines):
        apart = [_BLANK] * (2 if isinstance(body[index], _NO_MORE_IMPORTS) else 1)
        body[index] = body[index].with_changes(leading_lines=[*apart, *body[index].leading_lines])
    body.insert(index, statement.with_changes(leading_lines=[_BLANK] if index else []))


def _imports_on_top(body: Sequence[Statement], own: Collection[str]) -> Iterator[tuple[int, _Place]]:
    """The import statements before the first definition or loop."""
    for index, statement in enumerate(body):
        if isinstance(statement, _NO_MORE_IMPORTS):
            return
        place = _place(statement, own)
        if place is not None:
            yield index, place


def _place(statement: Statement, own: Collection[str]) -> _Place | None:
    """The place of an import statement, None for any other."""
    match statement:
        case cst.SimpleStatementLine(body=[cst.ImportFrom(module=module, relative=dots), *_]):
            name = (get_full_name_for_node(module) or "") if module else ""
            return _Place(4 if dots else _section(name, own), True, "." * len(dots) + name)
        case cst.SimpleStatementLine(body=[cst.Import(names=[first, *_]), *_]):
            name = get_full_name_for_node(first.name) or ""
            return _Place(_section(name, own), False, name)
    return None


def _section(name: str, own: Collection[str]) -> int:
    """`__future__`, the standard library, what is installed, the tree's own; relative imports are last."""
    top = name.partition(".")[0]
    if top in own:
        return 3
    return 0 if top == "__future__" else 1 if top in sys.stdlib_module_names else 2
