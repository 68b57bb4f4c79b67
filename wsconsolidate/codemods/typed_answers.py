"""Says the type of an answer that was known before, and that an emitter of any sink cannot tell."""

from collections.abc import Iterator

import libcst as cst

from wsconsolidate.codemods.nodes import nodes
from wsconsolidate.codemods.patch import By
from wsconsolidate.codemods.sheet import Sheet
from wsconsolidate.model.expr import Constant, dotted, unparse
from wsconsolidate.model.facts import FunctionFacts
from wsconsolidate.model.program import Function, Program

_UNTOLD = frozenset(("Any", "None", "object", "NoReturn", "Never"))
_NAMES = ("answer", "outcome", "receipt", "taken", "sent")


def typed_answers(
    sheet: Sheet, program: Program, function: Function, call: cst.Call, by: cst.BaseExpression
) -> Iterator[tuple[cst.CSTNode, By]]:
    """The statement that answers what a call answers, with its type; nothing where none was known.

    `by` takes the place of the call. `return await send()` becomes an assignment with the function's own type
    and a `return` of it; a name that is returned later is told its type where it is bound.
    """
    node = sheet.function_at(function.line)
    awaited = sheet.parent(call)
    statement = sheet.parent(awaited)
    line = sheet.parent(statement)
    if node.returns is None or not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return
    if not _is_told(function.facts) or not _knows(program, function, call, sheet):
        return
    match statement:
        case cst.Return(value=value) if value is awaited:
            name = _free_name(node)
            told = _annotated(cst.Name(name), node.returns, by)
            back = cst.SimpleStatementLine([cst.Return(cst.Name(name))])
            yield line, cst.FlattenSentinel([line.with_changes(body=[told]), back])
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=value) if (
            value is awaited
        ):
            if _is_returned(node, name):
                told = _annotated(cst.Name(name), node.returns, by)
                yield line, line.with_changes(body=[told])


def _annotated(name: cst.Name, annotation: cst.Annotation, by: cst.BaseExpression) -> cst.AnnAssign:
    plain = cst.Annotation(annotation.annotation)
    return cst.AnnAssign(target=name, annotation=plain, value=cst.Await(by))


def _is_told(facts: FunctionFacts) -> bool:
    """True for a type that says something about the answer."""
    returns = facts.returns
    if returns is None or (isinstance(returns, Constant) and returns.value is None):
        return False
    return (dotted(returns) or "").rpartition(".")[2] not in _UNTOLD


def _knows(program: Program, function: Function, call: cst.Call, sheet: Sheet) -> bool:
    """True if all that the call may reach says what it answers."""
    line = sheet.range_of(call.func).end.line
    text = sheet.module.code_for_node(call.func)
    edges = [one for one in program.calls(function.scope) if one.line == line]
    targets = [target for one in edges if unparse(one.call.func) == text for target in one.targets]
    return bool(targets) and all(_is_told(program.functions[target].facts) for target in targets)


def _is_returned(node: cst.FunctionDef, name: str) -> bool:
    """True for a name that the function binds once and gives back as it is."""
    below = list(nodes(node.body))
    bound = sum(
        isinstance(one, cst.AssignTarget | cst.AnnAssign | cst.AugAssign | cst.NamedExpr | cst.For)
        and isinstance(one.target, cst.Name)
        and one.target.value == name
        for one in below
    )
    returned = (one.value for one in below if isinstance(one, cst.Return))
    return bound == 1 and any(isinstance(one, cst.Name) and one.value == name for one in returned)


def _free_name(node: cst.FunctionDef) -> str:
    taken = {one.value for one in nodes(node) if isinstance(one, cst.Name)}
    numbered = (f"{_NAMES[0]}_{number}" for number in range(2, 99))
    return next(name for name in (*_NAMES, *numbered) if name not in taken)
