"""A class statement with one base more."""

from collections.abc import Callable, Sequence
from itertools import compress

import libcst as cst

from wsconsolidate.codemods.nodes import has_comments
from wsconsolidate.codemods.patch import Unfit
from wsconsolidate.model.program import Class


def require_plain_bases(one: Class, node: cst.ClassDef) -> None:
    """Make sure that the bases of a class stand in its statement one by one.

    Raises:
        Unfit: some are unpacked, or a comment stands between them.
    """
    if len(node.bases) != len(one.bases) or any(has_comments(base) or base.star for base in node.bases):
        raise Unfit(one.path, f"line {one.line}: its bases are not written in a way that can be rewritten")


def with_base(name: str, stay: Sequence[bool]) -> Callable[[cst.CSTNode], cst.CSTNode]:
    """What puts a base before those of a class, of which only some stay."""

    def adjusted(node: cst.CSTNode) -> cst.CSTNode:
        found = cst.ensure_type(node, cst.ClassDef)
        bases = [cst.Arg(cst.Name(name)), *compress(found.bases, stay)]
        bases[-1] = bases[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        if isinstance(found.lpar, cst.LeftParen):
            return found.with_changes(bases=bases)
        return found.with_changes(bases=bases, lpar=cst.LeftParen(), rpar=cst.RightParen())

    return adjusted
