"""Turn `ast` expressions into the model's frozen ones."""

import ast
from collections.abc import Callable
from typing import Protocol

from wsconsolidate.model.expr import (
    Attribute,
    Await,
    Call,
    Choice,
    Compare,
    Comprehension,
    Constant,
    Container,
    ContainerKind,
    Dict,
    Expr,
    Joined,
    Lambda,
    Literal,
    Name,
    Not,
    Opaque,
    Starred,
    Subscript,
)

_COMPARISONS = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}

_NUMBERS: dict[int, int] = {}
_same = _NUMBERS.setdefault
"""One object for each number of a line: `ast` makes one for each node, which is a tenth of the facts."""
_DEEPEST = 150
"""What is nested deeper is not looked at: `a + b + ...` of a thousand terms must not stop a file."""


class Listener(Protocol):
    """What is told of the things inside expressions that matter to a body."""

    def on_call(self, call: Call, *, awaited: bool, nested: bool) -> None:
        """A call was read; its arguments were reported before."""

    def on_walrus(self, name: str, value: Expr, line: int) -> None:
        """`(name := value)`."""

    def on_comprehension(self, target: Expr, iterable: Expr) -> None:
        """`for target in iterable` inside a comprehension."""

    def on_yield(self) -> None:
        """The function is a generator."""


class ExpressionReader:
    """Converts expressions and tells `listener` what it meets, in order of evaluation."""

    def __init__(self, listener: Listener | None = None) -> None:
        self._listener = listener
        self._awaited = False
        self._depth = 0

    def read(self, node: ast.expr) -> Expr:
        """The model's value for `node`."""
        return _READERS.get(type(node), ExpressionReader._opaque)(self, node)

    def _below(self, node: ast.expr) -> Expr:
        if self._depth >= _DEEPEST:
            return Opaque("TooDeep", (), node.lineno)
        awaited, self._awaited = self._awaited, False
        self._depth += 1
        expr = _READERS.get(type(node), ExpressionReader._opaque)(self, node)
        self._depth -= 1
        self._awaited = awaited
        return expr

    def read_optional(self, node: ast.expr | None) -> Expr | None:
        """As `read`, passing None through."""
        return None if node is None else self.read(node)

    def read_all(self, nodes: list[ast.expr]) -> tuple[Expr, ...]:
        """As `read`, for a row of expressions."""
        return tuple([self.read(node) for node in nodes])

    def _all_below(self, nodes: list[ast.expr]) -> tuple[Expr, ...]:
        return tuple([self._below(node) for node in nodes])

    def _name(self, node: ast.Name) -> Expr:
        return Name(node.id, _same(node.lineno, node.lineno))

    def _attribute(self, node: ast.Attribute) -> Expr:
        return Attribute(self._below(node.value), node.attr, _same(node.lineno, node.lineno))

    def _constant(self, node: ast.Constant) -> Expr:
        value = Literal.ELLIPSIS if node.value is ... else node.value
        return Constant(value, _same(node.lineno, node.lineno))

    def _call(self, node: ast.Call) -> Expr:
        awaited = self._awaited
        func = self._below(node.func)
        args = self._all_below(node.args)
        keywords = tuple([(keyword.arg, self._below(keyword.value)) for keyword in node.keywords])
        call = Call(func, args, keywords, _call_line(node))
        if self._listener is not None:
            self._listener.on_call(call, awaited=awaited, nested=self._depth > 0)
        return call

    def _dict(self, node: ast.Dict) -> Expr:
        pairs = zip(node.keys, node.values, strict=True)
        return Dict(
            tuple([(None if k is None else self._below(k), self._below(v)) for k, v in pairs]), node.lineno
        )

    def _list(self, node: ast.List) -> Expr:
        return Container(ContainerKind.LIST, self._all_below(node.elts), node.lineno)

    def _tuple(self, node: ast.Tuple) -> Expr:
        return Container(ContainerKind.TUPLE, self._all_below(node.elts), node.lineno)

    def _set(self, node: ast.Set) -> Expr:
        return Container(ContainerKind.SET, self._all_below(node.elts), node.lineno)

    def _subscript(self, node: ast.Subscript) -> Expr:
        return Subscript(self._below(node.value), self._below(node.slice), node.lineno)

    def _joined(self, node: ast.JoinedStr) -> Expr:
        return Joined(self._all_below(node.values), node.lineno)

    def _formatted(self, node: ast.FormattedValue) -> Expr:
        return self._below(node.value)

    def _bool_op(self, node: ast.BoolOp) -> Expr:
        operator = "or" if isinstance(node.op, ast.Or) else "and"
        return Choice(operator, self._all_below(node.values), node.lineno)

    def _bin_op(self, node: ast.BinOp) -> Expr:
        if isinstance(node.op, ast.BitOr):
            return Choice("|", (self._below(node.left), self._below(node.right)), node.lineno)
        return Opaque(type(node.op).__name__, (self._below(node.left), self._below(node.right)), node.lineno)

    def _if_exp(self, node: ast.IfExp) -> Expr:
        test = self._below(node.test)
        options = (self._below(node.body), self._below(node.orelse))
        return Opaque("IfExp", (test, Choice("if", options, node.lineno)), node.lineno)

    def _compare(self, node: ast.Compare) -> Expr:
        operators = tuple([_COMPARISONS[type(op)] for op in node.ops])
        return Compare(operators, self._all_below([node.left, *node.comparators]), node.lineno)

    def _unary(self, node: ast.UnaryOp) -> Expr:
        operand = self._below(node.operand)
        if isinstance(node.op, ast.Not):
            return Not(operand, node.lineno)
        if isinstance(node.op, ast.USub) and isinstance(operand, Constant) and _is_number(operand.value):
            return Constant(-operand.value, node.lineno)  # type: ignore[operator]
        return Opaque(type(node.op).__name__, (operand,), node.lineno)

    def _await(self, node: ast.Await) -> Expr:
        self._awaited = True
        value = self.read(node.value)
        self._awaited = False
        return Await(value, node.lineno)

    def _walrus(self, node: ast.NamedExpr) -> Expr:
        value = self._below(node.value)
        if self._listener is not None:
            self._listener.on_walrus(node.target.id, value, node.lineno)
        return value

    def _yield(self, node: ast.Yield | ast.YieldFrom) -> Expr:
        if self._listener is not None:
            self._listener.on_yield()
        return self._opaque(node)

    def _slice(self, node: ast.Slice) -> Expr:
        """A slice always has three parts, None for what is left out."""
        bounds = (node.lower, node.upper, node.step)
        below = tuple(Constant(None, node.lineno) if b is None else self._below(b) for b in bounds)
        return Opaque("Slice", below, node.lineno)

    def _starred(self, node: ast.Starred) -> Expr:
        return Starred(self._below(node.value), node.lineno)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Expr:
        sources, conditions = self._sources(node.generators)
        return Comprehension(self._below(node.elt), sources, conditions, node.lineno)

    def _dict_comprehension(self, node: ast.DictComp) -> Expr:
        sources, conditions = self._sources(node.generators)
        self._below(node.key)
        return Comprehension(self._below(node.value), sources, conditions, node.lineno)

    def _sources(
        self, generators: list[ast.comprehension]
    ) -> tuple[tuple[tuple[Expr, Expr], ...], tuple[Expr, ...]]:
        """The (target, iterable) pairs of a comprehension, and its conditions."""
        sources: list[tuple[Expr, Expr]] = []
        conditions: list[Expr] = []
        for generator in generators:
            source = (self._below(generator.target), self._below(generator.iter))
            if self._listener is not None:
                self._listener.on_comprehension(*source)
            sources.append(source)
            conditions += map(self._below, generator.ifs)
        return tuple(sources), tuple(conditions)

    def _lambda(self, node: ast.Lambda) -> Expr:
        names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        return Lambda(tuple(names), self._below(node.body), node.lineno)

    def _opaque(self, node: ast.expr) -> Expr:
        below = tuple(
            self._below(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)
        )
        return Opaque(type(node).__name__, below, node.lineno)


def _call_line(node: ast.Call) -> int:
    """The line of the called name: in a chain over several lines, the last one's."""
    line = (node.func.end_lineno or node.lineno) if isinstance(node.func, ast.Attribute) else node.lineno
    return _same(line, line)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | complex) and not isinstance(value, bool)


_READERS: dict[type[ast.expr], Callable[..., Expr]] = {
    ast.Name: ExpressionReader._name,
    ast.Attribute: ExpressionReader._attribute,
    ast.Constant: ExpressionReader._constant,
    ast.Call: ExpressionReader._call,
    ast.Dict: ExpressionReader._dict,
    ast.List: ExpressionReader._list,
    ast.Tuple: ExpressionReader._tuple,
    ast.Set: ExpressionReader._set,
    ast.Subscript: ExpressionReader._subscript,
    ast.JoinedStr: ExpressionReader._joined,
    ast.FormattedValue: ExpressionReader._formatted,
    ast.BoolOp: ExpressionReader._bool_op,
    ast.BinOp: ExpressionReader._bin_op,
    ast.IfExp: ExpressionReader._if_exp,
    ast.Compare: ExpressionReader._compare,
    ast.UnaryOp: ExpressionReader._unary,
    ast.Await: ExpressionReader._await,
    ast.Slice: ExpressionReader._slice,
    ast.Starred: ExpressionReader._starred,
    ast.ListComp: ExpressionReader._comprehension,
    ast.SetComp: ExpressionReader._comprehension,
    ast.GeneratorExp: ExpressionReader._comprehension,
    ast.DictComp: ExpressionReader._dict_comprehension,
    ast.Lambda: ExpressionReader._lambda,
    ast.NamedExpr: ExpressionReader._walrus,
    ast.Yield: ExpressionReader._yield,
    ast.YieldFrom: ExpressionReader._yield,
}
