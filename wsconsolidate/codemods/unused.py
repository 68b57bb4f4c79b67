"""Takes out the imports that a change has left without a use, and no other."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import libcst as cst
from libcst.helpers import get_full_name_for_node

from wsconsolidate.codemods.names import names_used
from wsconsolidate.codemods.nodes import Statement, without_blank_lines
from wsconsolidate.model.facts import ImportBinding
from wsconsolidate.model.module import Module


@dataclass(frozen=True)
class Surroundings:
    """What the rest of the program has to do with the imports of `home`.

    `wanted_elsewhere` tells whether another module takes a name from it; `still_runs` whether a module
    of the tree runs even without an import of it here.
    """

    home: Module
    wanted_elsewhere: Callable[[str], bool]
    still_runs: Callable[[str], bool]


def drop_unused(before: cst.Module, after: cst.Module, around: Surroundings) -> cst.Module:
    """`after` without the imports of names that only `before` used."""
    gone = names_used(before) - names_used(after)
    while gone:
        body = _Broom(gone, around).sweep_all(after.body)
        if body and body[0] is not after.body[0]:
            body[0] = without_blank_lines(body[0])
        swept = after.with_changes(body=body)
        gone = names_used(after) - names_used(swept)
        after = swept
    return after


@dataclass(frozen=True, slots=True)
class _Broom:
    """Takes the imports of some names out of statements."""

    gone: frozenset[str]
    around: Surroundings

    def sweep_all(self, body: Sequence[Statement]) -> list[Statement]:
        """The statements that are left; comments before one that goes stay, before the next."""
        left: list[Statement] = []
        comments: list[cst.EmptyLine] = []
        apart = False
        for statement in body:
            swept = self._sweep(statement)
            if swept is None:
                apart = apart or any(line.comment is None for line in statement.leading_lines[:1])
                comments += [line for line in statement.leading_lines if line.comment is not None]
            elif comments:
                left.append(swept.with_changes(leading_lines=[*comments, *swept.leading_lines]))
                comments = []
            elif apart and left and not swept.leading_lines:
                left.append(swept.with_changes(leading_lines=[cst.EmptyLine(indent=False)]))
            else:
                left.append(swept)
            apart = apart and swept is None
        return left

    def _sweep(self, statement: Statement) -> Statement | None:
        match statement:
            case cst.SimpleStatementLine(body=[cst.Import() | cst.ImportFrom() as imported]):
                return self._import(statement, imported)
            case cst.If(test=cst.Name("TYPE_CHECKING"), body=cst.IndentedBlock() as block, orelse=None):
                return self._block(statement, block)
        return statement

    def _block(self, statement: cst.If, block: cst.IndentedBlock) -> cst.If | None:
        body = [one for one in block.body if isinstance(one, cst.SimpleStatementLine | cst.If)]
        if len(body) < len(block.body):
            return statement
        left = self.sweep_all(body)
        return statement.with_changes(body=block.with_changes(body=left)) if left else None

    def _import(
        self, statement: cst.SimpleStatementLine, imported: cst.Import | cst.ImportFrom
    ) -> cst.SimpleStatementLine | None:
        if isinstance(imported.names, cst.ImportStar) or statement.trailing_whitespace.comment is not None:
            return statement
        left = [alias for alias in imported.names if not self._goes(alias)]
        if len(left) == len(imported.names):
            return statement
        if not left:
            return None
        left[-1] = left[-1].with_changes(comma=imported.names[-1].comma)
        return statement.with_changes(body=[imported.with_changes(names=left)])

    def _goes(self, alias: cst.ImportAlias) -> bool:
        name = get_full_name_for_node(alias.asname.name if alias.asname else alias.name) or ""
        bound = name if alias.asname else name.partition(".")[0]
        offered = alias.asname is not None and name == get_full_name_for_node(alias.name)
        if bound not in self.gone or offered or self.around.wanted_elsewhere(bound):
            return False
        return self._is_harmless(bound)

    def _is_harmless(self, bound: str) -> bool:
        """True if nothing but the name goes: no module stays unrun, and no package offers one name less."""
        binding = next((one for one in self.around.home.facts.top.bindings if one.name == bound), None)
        if not isinstance(binding, ImportBinding):
            return False
        module = self.around.home.origin(binding)
        if module.partition(".")[0] in sys.stdlib_module_names:
            return module != "__future__"
        return not self.around.home.is_package and self.around.still_runs(module)
