"""Replaces a duplicate protocol by the one that stays.

A protocol whose members all stand in the one that stays becomes an import of it, under its own name, so
that whoever imports it from its module goes on doing so. One with members of its own becomes a
sub-protocol that holds only these. Comments and docstrings of a class that goes, go with it; comments that
a blank line parts from it stay.

It is left alone if a signature or a type differs, a member does something, the class is generic, nested or
defined under a condition, the two modules may belong to different programs, or the import would close a
circle. It needs a reader if an isinstance sees it, it is handed on as a value, or a class that extends it
would inherit a member it lacks.
"""

from collections.abc import Collection, Iterator

import libcst as cst

from wsconsolidate.codemods.bound_names import name_in
from wsconsolidate.codemods.codemod import Codemod
from wsconsolidate.codemods.names import names_used
from wsconsolidate.codemods.nodes import is_docstring, without_blank_lines
from wsconsolidate.codemods.patch import Import, Patch, Replacement, Rewriting
from wsconsolidate.codemods.replace_protocol_examples import REWRITES
from wsconsolidate.codemods.replace_protocol_traps import UNTOUCHED
from wsconsolidate.codemods.sheet import Sheet
from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.expr import Constant, Container
from wsconsolidate.model.facts import ValueBinding
from wsconsolidate.model.finding import Finding
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import Class, ClassId

_Statement = cst.BaseStatement | cst.BaseSmallStatement


def propose(finding: Finding, workshop: Workshop) -> Patch:
    """The import, or the sub-protocol, in the place of the class."""
    found = workshop.found
    duplicate = found.program.classes[ClassId(finding.path, finding.line)]
    kept = found.kept(next(group for group in found.groups if duplicate.id in group.members))
    sheet = workshop.sheet(duplicate.path)
    program = found.program
    own = program.names(duplicate.scope).difference(
        *(program.names(one.scope) for one in program.bases(kept))
    )
    if own:
        return _sub_protocol(duplicate, kept, own, sheet, workshop)
    return _import(duplicate, kept, sheet, workshop)


def _import(duplicate: Class, kept: Class, sheet: Sheet, workshop: Workshop) -> Patch:
    node = sheet.class_at(duplicate.line)
    title = f"{duplicate.qualname} becomes an import of {kept.qualname}"
    offered = _is_offered(duplicate, node, sheet, workshop)
    if duplicate.path == kept.path or (offered and duplicate.name != kept.name):
        return Patch(title=title, rewrites=(_alias(duplicate, kept, node, workshop),))
    wanted = Import(module=kept.module, name=kept.name, bound=duplicate.name, offered=offered)
    removed = Replacement(node, cst.RemoveFromParent())
    return Patch(
        title=title,
        rewrites=(Rewriting(path=sheet.path, replacements=(removed,), imports=(wanted,)),),
    )


def _alias(duplicate: Class, kept: Class, node: cst.ClassDef, workshop: Workshop) -> Rewriting:
    """An assignment in the place of the class: checkers take no import under another name for an offer."""
    name = name_in(workshop.program.files[duplicate.path], kept.module, kept.name)
    alias = cst.parse_statement(f"{duplicate.name} = {name}")
    closed = without_blank_lines(node)
    blank = node.leading_lines[:1] if len(closed.leading_lines) < len(node.leading_lines) else ()
    by = alias.with_changes(leading_lines=[*blank, *closed.leading_lines])
    wanted = Import(module=kept.module, name=kept.name, bound=name)
    return Rewriting(
        path=duplicate.path,
        replacements=(Replacement(node, by),),
        imports=(wanted,) if duplicate.path != kept.path else (),
    )


def _is_offered(duplicate: Class, node: cst.ClassDef, sheet: Sheet, workshop: Workshop) -> bool:
    """True if the import must say that it is there for others: no use beside it, and not in `__all__`."""
    module = workshop.program.files[duplicate.path]
    if duplicate.name in _exported(module):
        return False
    used = duplicate.name in names_used(sheet.module, without=(node,))
    return not used or bool(workshop.takers(duplicate.module, duplicate.name))


def _exported(module: Module) -> Iterator[object]:
    for binding in module.facts.top.bindings:
        if binding.name == "__all__" and isinstance(binding, ValueBinding):
            items = binding.value.items if isinstance(binding.value, Container) else ()
            yield from (item.value for item in items if isinstance(item, Constant))


def _sub_protocol(
    duplicate: Class, kept: Class, own: Collection[str], sheet: Sheet, workshop: Workshop
) -> Patch:
    node = sheet.class_at(duplicate.line)
    base = name_in(workshop.program.files[duplicate.path], kept.module, kept.name)
    bases = [cst.Arg(cst.Name(base), comma=cst.MaybeSentinel.DEFAULT), *node.bases]
    by = node.with_changes(bases=bases, body=_only(node.body, own))
    wanted = Import(module=kept.module, name=kept.name, bound=base)
    rewriting = Rewriting(
        path=sheet.path,
        replacements=(Replacement(node, by),),
        imports=(wanted,) if duplicate.path != kept.path else (),
    )
    names = ", ".join(name for name in duplicate.methods if name in own) or ", ".join(sorted(own))
    return Patch(
        title=f"{duplicate.qualname} extends {kept.qualname} by {names}",
        rewrites=(rewriting,),
    )


def _only(block: cst.BaseSuite, own: Collection[str]) -> cst.BaseSuite:
    """The body with its docstring and the members of its own."""
    statements = [one for one in block.body if is_docstring(one) or _defined(one) in own]
    first = statements[0]
    if isinstance(first, cst.SimpleStatementLine | cst.BaseCompoundStatement) and not is_docstring(first):
        statements[0] = without_blank_lines(first)
    return block.with_changes(body=statements)


def _defined(statement: _Statement) -> str:
    match statement:
        case cst.FunctionDef(name=cst.Name(value=name)):
            return name
        case cst.SimpleStatementLine(body=[cst.AnnAssign(target=cst.Name(value=name))]):
            return name
    return ""


CODEMOD = Codemod(
    name="replace-protocol",
    codes=("WSC101",),
    propose=propose,
    rewrites=REWRITES,
    untouched=UNTOUCHED,
)
