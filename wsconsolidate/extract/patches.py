"""Statements of a module that set attributes of something made elsewhere: a class or a module."""

import ast
from collections.abc import Iterator, Sequence

from wsconsolidate.extract.expressions import ExpressionReader
from wsconsolidate.model.expr import Expr
from wsconsolidate.model.facts import Branch, Guard, Patch


def patches(tree: ast.Module) -> tuple[Patch, ...]:
    """Every such statement that runs when the module is imported and may set a class, in source order."""
    return tuple(_patches(tree.body, None, ()))


def _patches(statements: Sequence[ast.stmt], loop: Expr | None, guards: tuple[Guard, ...]) -> Iterator[Patch]:
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Attribute(value=target, attr=attribute)], value=value):
                yield from _patch(target, attribute, value, statement, loop, guards)
            case ast.Expr(value=ast.Call(func=ast.Name(id="setattr"), args=[target, name, value])):
                given = name.value if isinstance(name, ast.Constant) else None
                yield from _patch(target, given, value, statement, loop, guards)
            case ast.For(iter=iterable, body=body):
                yield from _patches(body, ExpressionReader().read(iterable), guards)
            case ast.If(test=test, body=body, orelse=orelse):
                read = ExpressionReader().read(test)
                for branch, arm in ((Branch.IF, body), (Branch.ELSE, orelse)):
                    yield from _patches(arm, loop, (*guards, Guard(branch, read, statement.lineno)))
            case ast.Try(body=body, orelse=orelse, finalbody=last):
                yield from _patches((*body, *orelse, *last), loop, guards)
            case ast.With(body=body):
                yield from _patches(body, loop, guards)


def _patch(
    target: ast.expr,
    attribute: object,
    value: ast.expr,
    statement: ast.stmt,
    loop: Expr | None,
    guards: tuple[Guard, ...],
) -> Iterator[Patch]:
    if isinstance(attribute, str) and (attribute == "__module__" or not isinstance(value, ast.Constant)):
        yield Patch(
            target=ExpressionReader().read(target),
            attribute=attribute,
            value=ExpressionReader().read(value),
            loop=loop,
            line=statement.lineno,
            guards=guards,
        )
