"""The names that the code of a file uses, as far as an import of them could be meant."""

import re
from collections.abc import Collection

import libcst as cst

_NO_USE = (cst.Import, cst.ImportFrom)
_WORD = re.compile(r"[^\W\d]\w*")


def names_used(tree: cst.CSTNode, without: Collection[cst.CSTNode] = ()) -> frozenset[str]:
    """Every name that `tree` uses outside of the nodes `without`.

    Words of strings count (annotations, `__all__`, paths for a patch), docstrings do not; nor do the names
    of attributes, of keyword arguments, and of imports themselves.
    """
    collector = _Names(without)
    tree.visit(collector)
    return frozenset(collector.found)


class _Names(cst.CSTVisitor):
    def __init__(self, without: Collection[cst.CSTNode]) -> None:
        super().__init__()
        self.without = without
        self.found: set[str] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Notes the names that a node itself holds; False where nothing below it counts."""
        match node:
            case cst.Name(value=name):
                self.found.add(name)
            case cst.SimpleString(value=text) | cst.Comment(value=text) if _speaks(node):
                self.found.update(_WORD.findall(text))
            case cst.Attribute(value=value) | cst.Arg(value=value):
                value.visit(self)
                return False
        return not (node in self.without or isinstance(node, _NO_USE) or _is_docstring(node))


def _speaks(node: cst.CSTNode) -> bool:
    """True for a string, and for a comment that types something."""
    return not isinstance(node, cst.Comment) or bool(re.match(r"#\s*type:", node.value))


def _is_docstring(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString | cst.ConcatenatedString)
