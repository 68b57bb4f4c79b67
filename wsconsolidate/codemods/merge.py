"""Many patches -> one content for each file, and no two patches for the same node."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import libcst as cst

from wsconsolidate.codemods.imports import add_imports
from wsconsolidate.codemods.nodes import nodes
from wsconsolidate.codemods.patch import By, Import, Patch, Rewriting, Unfit
from wsconsolidate.codemods.sheet import Sheet, printed
from wsconsolidate.codemods.unused import Surroundings, drop_unused
from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.edit import FileEdit
from wsconsolidate.model.module import Module


@dataclass(frozen=True)
class Merge:
    """The patches that were taken so far, by the files they touch."""

    workshop: Workshop
    _rewrites: dict[str, list[Rewriting]] = field(default_factory=dict)
    _claimed: set[cst.CSTNode] = field(default_factory=set)
    _edits: dict[str, FileEdit] = field(default_factory=dict)
    _imports: dict[str, set[str]] = field(default_factory=dict)

    def take(self, patch: Patch) -> None:
        """Take a patch whole.

        Raises:
            Unfit: it meets a patch that was taken before, or a file of it cannot be rewritten so; nothing
                of it is taken.
        """
        patch = replace(patch, rewrites=tuple(one for one in patch.rewrites if not self._has(one)))
        claimed = {node for one in patch.rewrites for node in _touched(one)}
        self._refuse_conflicts(patch, claimed)
        self._refuse_imports(patch)
        edits = [
            *(FileEdit(path=path, before=self.workshop.data(path), after=None) for path in patch.deletes),
            *(self._rewritten(one) for one in patch.rewrites),
        ]
        for rewriting in patch.rewrites:
            self._rewrites.setdefault(rewriting.path, []).append(rewriting)
            imported = (one.module for one in rewriting.imports)
            self._imports.setdefault(self._module(rewriting.path), set()).update(imported)
        self._claimed.update(claimed)
        self._edits.update((edit.path, edit) for edit in edits)

    def _has(self, rewriting: Rewriting) -> bool:
        """True for a rewriting that several patches share, and one has brought."""
        return any(one is rewriting for one in self._rewrites.get(rewriting.path, ()))

    def edits(self) -> tuple[FileEdit, ...]:
        """What becomes of each file, in order of path."""
        changed = (edit for edit in self._edits.values() if edit.before != edit.after)
        return tuple(sorted(changed, key=lambda edit: edit.path))

    def _refuse_conflicts(self, patch: Patch, claimed: set[cst.CSTNode]) -> None:
        rewritten = {one.path for one in patch.rewrites}
        for path in patch.paths:
            if path in self._edits and not (path in rewritten and path in self._rewrites):
                raise Unfit(path, "another fix creates, rewrites or deletes the same file")
        if claimed & self._claimed:
            raise Unfit(patch.rewrites[0].path, "another fix changes the same code")

    def _refuse_imports(self, patch: Patch) -> None:
        """Imports that close no circle alone may close one together, and no file goes that one needs."""
        gone = {self._module(path) for path, edit in self._edits.items() if edit.after is None}
        for path in patch.deletes:
            if any(self._module(path) in modules for modules in self._imports.values()):
                raise Unfit(path, "another fix imports it")
        for rewriting in patch.rewrites:
            home = self._module(rewriting.path)
            for one in rewriting.imports:
                if one.module in gone:
                    raise Unfit(rewriting.path, f"another fix deletes {one.module}")
                way = self.workshop.found.imports.circle(home, one.module, self._imports)
                if way:
                    raise Unfit(rewriting.path, f"the import would close a circle: {' -> '.join(way)}")

    def _module(self, path: str) -> str:
        """The name of the module in a file; the path itself where it holds none."""
        file = self.workshop.program.files.get(path)
        return file.name if file else path

    def _rewritten(self, rewriting: Rewriting) -> FileEdit:
        """The file with this and all that was to be done to it before."""
        sheet = self.workshop.sheet(rewriting.path)
        parts = (*self._rewrites.get(rewriting.path, ()), rewriting)
        imports = tuple(dict.fromkeys(one for part in parts for one in part.imports))
        bound = {one.bound: (one.module, one.name) for one in imports}
        if any(bound[one.bound] != (one.module, one.name) for one in imports):
            raise Unfit(sheet.path, "another fix imports something else under the same name")
        return FileEdit(path=sheet.path, before=sheet.data, after=self._apply(sheet, parts, imports))

    def _apply(self, sheet: Sheet, parts: Sequence[Rewriting], imports: tuple[Import, ...]) -> bytes:
        swapped = sheet.module.visit(_Swap(sheet.module, parts))
        home = self.workshop.program.files[sheet.path]
        imported = add_imports(swapped, home, self.workshop.own, imports)
        finished = drop_unused(sheet.module, imported, self._surroundings(home, imports))
        try:
            return printed(finished, sheet.data, sheet.encoding)
        except UnicodeEncodeError as error:
            raise Unfit(sheet.path, f"its encoding {sheet.encoding} lacks a character of the fix") from error

    def _surroundings(self, home: Module, imports: Sequence[Import]) -> Surroundings:
        """A module counts as run by others if a new import runs it, or if it is not of the tree."""
        running = {name for one in imports for name in self.workshop.found.imports.runs(one.module)}
        return Surroundings(
            home=home,
            wanted_elsewhere=lambda name: bool(self.workshop.takers(home.name, name)),
            still_runs=lambda name: name not in self.workshop.program.modules or name in running,
        )


def _touched(rewriting: Rewriting) -> Iterator[cst.CSTNode]:
    """The adjusted nodes, and the replaced ones with all below them."""
    yield from (one.node for one in rewriting.adjustments)
    for one in rewriting.replacements:
        yield from nodes(one.node)


class _Swap(cst.CSTTransformer):
    """Puts each replacement in the place of its node, and adjusts those that stay.

    Comments that stand apart from a statement of the module that goes speak of others, and stay; so does the
    blank line before an import that begins a section.
    """

    def __init__(self, module: cst.Module, parts: Sequence[Rewriting]) -> None:
        super().__init__()
        self.module = module
        self.top = frozenset(module.body)
        self.by_node = {one.node: one.by for part in parts for one in part.replacements}
        self.adjusted = {one.node: one.adjusted for part in parts for one in part.adjustments}
        self.comments: list[cst.EmptyLine] = []
        self.blank: list[cst.EmptyLine] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node not in self.by_node

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> By:  # type: ignore[override]
        by = self.by_node.get(original_node, updated_node)
        if original_node in self.adjusted:
            by = self.adjusted[original_node](updated_node)
        if original_node in self.top:
            if isinstance(by, cst.RemovalSentinel):
                self.comments += _apart(original_node)
                self.blank = self.blank or _blank_before(original_node)
            elif isinstance(by, cst.SimpleStatementLine | cst.BaseCompoundStatement):
                lines = [*self._take_comments(), *by.leading_lines]
                by = by.with_changes(leading_lines=lines or self.blank)
                self.blank = []
        elif original_node is self.module and isinstance(by, cst.Module):
            by = by.with_changes(footer=[*self._take_comments(), *by.footer])
        return by

    def _take_comments(self) -> list[cst.EmptyLine]:
        taken, self.comments = self.comments, []
        return taken


def _blank_before(statement: cst.CSTNode) -> list[cst.EmptyLine]:
    """The blank line before an import."""
    match statement:
        case cst.SimpleStatementLine(body=[cst.Import() | cst.ImportFrom()], leading_lines=[first, *_]):
            return [first] if first.comment is None else []
    return []


def _apart(statement: cst.CSTNode) -> list[cst.EmptyLine]:
    """The comments before a statement up to the last that a blank line parts from it."""
    if not isinstance(statement, cst.SimpleStatementLine | cst.BaseCompoundStatement):
        return []
    lines = list(statement.leading_lines)
    while lines and lines[-1].comment is not None:
        lines.pop()
    while lines and lines[-1].comment is None:
        lines.pop()
    return lines
