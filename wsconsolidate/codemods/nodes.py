"""Small questions about nodes of libcst, and small changes of them."""

from collections.abc import Iterator
from typing import TypeAlias

import libcst as cst

Statement: TypeAlias = cst.SimpleStatementLine | cst.BaseCompoundStatement


def nodes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and all below it."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(current.children)


def has_comments(node: cst.CSTNode) -> bool:
    """True if a comment stands somewhere in the node."""
    return any(isinstance(one, cst.Comment) for one in nodes(node))


def literal(value: cst.BaseExpression) -> str | None:
    """The value of a plain string literal."""
    found = value.evaluated_value if isinstance(value, cst.SimpleString) else None
    return found if isinstance(found, str) else None


def is_docstring(statement: cst.CSTNode) -> bool:
    """True for a string that stands alone."""
    match statement:
        case cst.SimpleStatementLine(body=[cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString())]):
            return True
    return False


def without_blank_lines(statement: Statement) -> Statement:
    """The statement without the blank lines before it and its comments."""
    lines = list(statement.leading_lines)
    while lines and lines[0].comment is None:
        lines.pop(0)
    return statement.with_changes(leading_lines=lines)
