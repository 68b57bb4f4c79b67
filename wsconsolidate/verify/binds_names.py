"""Is every name that the rewritten code uses still bound?"""

import ast
import re
from collections.abc import Iterator

from wsconsolidate.model.facts import MODULE_SCOPE
from wsconsolidate.model.program import Program, ScopeId
from wsconsolidate.verify.change import Change, Objection

_WORD = re.compile(rb"\w+")


def objections(change: Change) -> Iterator[Objection]:
    """A name that a rewritten module does not bind any more, and still uses."""
    before, after = change.programs
    for edit in change.sources:
        lost = _bound(before, edit.path) - _bound(after, edit.path)
        for name in sorted(lost & _used(edit.after or b"")):
            reason = f"{edit.path} would still use {name}, which it does not bind any more"
            yield Objection(reason=reason, paths=(edit.path,))


def tried(change: Change) -> str:
    """How many names are bound after."""
    bound = sum(len(_bound(change.programs[1], edit.path)) for edit in change.sources)
    return f"{bound} names of {len(change.sources)} modules"


def _bound(program: Program, path: str) -> frozenset[str]:
    return program.names(ScopeId(path, MODULE_SCOPE))


def _used(data: bytes) -> set[str]:
    """The names that code or an annotation in quotes loads; every word where `ast` cannot read it."""
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {word.decode("utf-8", "replace") for word in _WORD.findall(data)}
    return {name for node in ast.walk(tree) for name in _names(node)}


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name):
            yield name
        case ast.Constant(value=str(text)) if "\n" not in text:
            yield from _quoted(text)


def _quoted(text: str) -> Iterator[str]:
    """The names in a text that may be an annotation."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    yield from (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
