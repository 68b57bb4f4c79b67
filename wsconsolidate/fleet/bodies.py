"""Normalised bodies of classes, by which copies are known across repositories."""

import ast
import hashlib
from collections.abc import Iterable, Mapping
from itertools import groupby, pairwise

from wsconsolidate.extract.parse import parse
from wsconsolidate.fleet.record import Body
from wsconsolidate.model.program import Class, ClassId
from wsconsolidate.model.source import Problem, SourceFile

ENOUGH_LINES = 6
"""A class of fewer lines says too little: two of them are alike by chance."""

SKETCH = 64

_NAMELESS = "_"


def bodies(classes: Iterable[Class], files: Iterable[SourceFile]) -> dict[ClassId, Body]:
    """The body of each class that is large enough, by the files that hold them."""
    sources = {file.path: file for file in files}
    found: dict[ClassId, Body] = {}
    for path, inside in groupby(sorted(classes, key=lambda one: one.id), key=lambda one: one.path):
        statements = _statements(sources[path])
        for one in inside:
            body = _body(statements[one.line]) if one.line in statements else None
            if body is not None:
                found[one.id] = body
    return found


def likeness(left: tuple[int, ...], right: tuple[int, ...]) -> float:
    """How much two sketches say that the bodies have in common, 0 to 1 (Jaccard, by bottom-k)."""
    first, second = set(left), set(right)
    smallest = sorted(first | second)[:SKETCH]
    return sum(one in first and one in second for one in smallest) / len(smallest) if smallest else 0.0


def _statements(file: SourceFile) -> Mapping[int, ast.ClassDef]:
    parsed = parse(file.path, file.data)
    if isinstance(parsed, Problem):
        return {}
    return {node.lineno: node for node in ast.walk(parsed[0]) if isinstance(node, ast.ClassDef)}


def _body(statement: ast.ClassDef) -> Body | None:
    try:
        lines = _lines(statement)
    except RecursionError:
        return None
    if len(lines) < ENOUGH_LINES:
        return None
    text = "\n".join(lines)
    hashes = {_short(f"{one}\n{other}") for one, other in pairwise(line.strip() for line in lines)}
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return Body(digest=digest, lines=len(lines), sketch=tuple(sorted(hashes)[:SKETCH]))


def _lines(statement: ast.ClassDef) -> list[str]:
    """The statement without layout, comments and docstrings, and whatever it is called."""
    name = statement.name
    for node in ast.walk(statement):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = _without_docstring(node.body)
        elif isinstance(node, ast.Name) and node.id == name:
            node.id = _NAMELESS
    statement.name = _NAMELESS
    try:
        return [line for line in ast.unparse(statement).split("\n") if line]
    finally:
        statement.name = name


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest or [ast.Pass()]
    return body


def _short(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest())
