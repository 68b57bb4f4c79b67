"""Whether two functions of two files do the very same, whatever their local names, comments and log lines."""

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field

from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.expr import Call, Expr, Name, dotted, unparse
from wsconsolidate.model.facts import MODULE_SCOPE, Binding, FunctionBinding, ImportBinding, ValueBinding
from wsconsolidate.model.module import Module
from wsconsolidate.model.naming import LOGGERS
from wsconsolidate.model.program import (
    ClassTarget,
    Function,
    FunctionId,
    FunctionTarget,
    ModuleTarget,
    ScopeId,
)

_OWN = frozenset(("super", "__class__", "locals", "globals", "vars", "eval", "exec"))
_HARMLESS = frozenset(("len", "str", "repr", "int", "float", "list", "dict", "sorted", "type"))
_DEEPEST = 2


@dataclass(frozen=True, slots=True)
class Code:
    """A function without what does not matter: `parts` in order, and the names from outside that it uses.

    `own` are the attributes of its instance in the order of their first use; the parts know them by that.
    """

    parts: tuple[str, ...]
    outside: frozenset[str]
    own: tuple[str, ...]


@dataclass(frozen=True)
class SameCode:
    """Compares functions of one file with functions of another."""

    workshop: Workshop
    _codes: dict[FunctionId, Code | None] = field(default_factory=dict, repr=False)

    def are_same(self, one: Function, other: Function, depth: int = 0) -> bool:
        """True if a call of one could be a call of the other with the same arguments."""
        own = self.differing(one, other, depth)
        return own is not None and not own

    def differing(self, one: Function, other: Function, depth: int = 0) -> tuple[tuple[str, str], ...] | None:
        """The attributes of the instance that have another name in the other function, which does the same.

        None where it does something else.
        """
        mine, theirs = self.code(one), self.code(other)
        if mine is None or theirs is None or mine.parts != theirs.parts or mine.outside != theirs.outside:
            return None
        same = (self.mean_same(one.path, other.path, name, depth) for name in mine.outside)
        if mine.outside & _OWN or not all(same):
            return None
        return tuple((left, right) for left, right in zip(mine.own, theirs.own, strict=True) if left != right)

    def tree(self, function: Function) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The syntax of a function; None where `ast` does not read it."""
        sheet = self.workshop.sheet(function.path)
        text = sheet.module.code_for_node(sheet.function_at(function.line))
        try:
            found = ast.parse(textwrap.dedent(text)).body[-1]
        except (SyntaxError, ValueError, RecursionError):
            return None
        return found if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef) else None

    def code(self, function: Function) -> Code | None:
        """What a function does; None where it cannot be read, or reaches out of itself."""
        if function.id not in self._codes:
            self._codes[function.id] = self._read(function)
        return self._codes[function.id]

    def _read(self, function: Function) -> Code | None:
        tree = self.tree(function)
        if tree is None or any(map(_reaches_out, ast.walk(tree))):
            return None
        bare = _Bare().visit(tree)
        bound = list(dict.fromkeys(_bound(bare)))
        outside = {one.id for one in ast.walk(bare) if isinstance(one, ast.Name)} - set(bound)
        renamer = _Renamed({name: f"<{number}>" for number, name in enumerate(bound)}, bare.args.args[:1])
        renamed = renamer.visit(bare)
        parts = (
            type(renamed).__name__,
            ast.dump(renamed.args),
            *(ast.dump(one) for one in renamed.decorator_list),
            *(ast.dump(one) for one in renamed.body),
        )
        return Code(parts, frozenset(outside), tuple(renamer.own))

    def mean_same(self, path: str, other: str, name: str, depth: int = 0) -> bool:
        """True if a name on the top level of two files stands for the same."""
        if path == other:
            return True
        mine, theirs = self._bindings(path, name), self._bindings(other, name)
        if not mine and not theirs:
            return not (self._bindings(path, "*") or self._bindings(other, "*"))
        if len(mine) != 1 or len(theirs) != 1:
            return False
        return self._is_one(path, other, name) or self._is_equal(path, other, mine[0], theirs[0], depth)

    def _bindings(self, path: str, name: str) -> tuple[Binding, ...]:
        top = self.workshop.program.files[path].facts.top
        return tuple(one for one in top.bindings if one.name == name)

    def _is_one(self, path: str, other: str, name: str) -> bool:
        lookup = self.workshop.program.lookup
        mine = lookup.targets(ScopeId(path, MODULE_SCOPE), Name(name, 0))
        theirs = lookup.targets(ScopeId(other, MODULE_SCOPE), Name(name, 0))
        known = (ClassTarget, FunctionTarget, ModuleTarget)
        return bool(mine) and mine == theirs and all(isinstance(one, known) for one in mine)

    def _is_equal(self, path: str, other: str, mine: Binding, theirs: Binding, depth: int) -> bool:
        program = self.workshop.program
        match mine, theirs:
            case ImportBinding(), ImportBinding():
                return _imported(program.files[path], mine) == _imported(program.files[other], theirs)
            case FunctionBinding(line=line), FunctionBinding(line=line_there) if depth < _DEEPEST:
                one = program.functions[FunctionId(path, line)]
                return self.are_same(one, program.functions[FunctionId(other, line_there)], depth + 1)
            case ValueBinding(value=value), ValueBinding(value=there) if value and there:
                is_fixed = _is_logger(value) or self._is_constant(path, value)
                return is_fixed and unparse(value) == unparse(there)
        return False

    def _is_constant(self, path: str, value: Expr) -> bool:
        scope = ScopeId(path, MODULE_SCOPE)
        return self.workshop.program.lookup.constant(scope, value) is not None


def _imported(home: Module, binding: ImportBinding) -> tuple[str, str | None, bool]:
    return home.origin(binding), binding.attribute, binding.renamed and binding.attribute is None


def _is_logger(value: Expr) -> bool:
    made = dotted(value.func) if isinstance(value, Call) else None
    return (made or "").rpartition(".")[2] in ("getLogger", "get_logger")


class _Bare(ast.NodeTransformer):
    """Takes out docstrings, annotations and log lines that do nothing else."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(arg=node.arg)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt | None:
        if node.value is None:
            return None
        return ast.Assign(targets=[node.target], value=self.visit(node.value))

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if is_text or _is_log_line(node.value) else node

    def visit_Pass(self, _: ast.Pass) -> None:
        return None


def _is_log_line(value: ast.expr) -> bool:
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner)), args=args, keywords=keywords):
            given = [*args, *(one.value for one in keywords)]
            return owner in LOGGERS and not any(_acts(node) for one in given for node in ast.walk(one))
    return False


def _acts(node: ast.AST) -> bool:
    """True for a part of an expression that may do more than give a value."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name not in _HARMLESS
        case ast.Call() | ast.Await() | ast.NamedExpr() | ast.Yield() | ast.YieldFrom():
            return True
    return False


def _reaches_out(node: ast.AST) -> bool:
    relative = isinstance(node, ast.ImportFrom) and node.level > 0
    return relative or isinstance(node, ast.Global | ast.Nonlocal)


def _bound(tree: ast.AST) -> Iterator[str]:
    """The names that a function binds itself, in order."""
    for node in ast.walk(tree):
        match node:
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.ExceptHandler(name=str(name)):
                yield name
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from (one.asname or one.name.partition(".")[0] for one in names)


class _Renamed(ast.NodeTransformer):
    """Gives the local names of a function others, and the attributes of its first parameter."""

    def __init__(self, names: dict[str, str], first: list[ast.arg]) -> None:
        self.names = names
        self.instance = first[0].arg if first else ""
        self.own: dict[str, str] = {}

    def visit_Attribute(self, node: ast.Attribute) -> ast.Attribute:
        attr = node.attr
        if isinstance(node.value, ast.Name) and node.value.id == self.instance:
            attr = self.own.setdefault(attr, f"<{len(self.own)}>")
        return ast.Attribute(value=self.visit(node.value), attr=attr, ctx=node.ctx)

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(id=self.names.get(node.id, node.id), ctx=node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(arg=self.names.get(node.arg, node.arg))

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.ExceptHandler:
        self.generic_visit(node)
        node.name = self.names.get(node.name, node.name) if node.name else None
        return node
