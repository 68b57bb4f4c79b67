"""Decide the conditions that are known before a program runs: TYPE_CHECKING, versions, platforms, flags."""

import operator
from collections.abc import Callable
from dataclasses import dataclass

from wsconsolidate.model.expr import (
    Attribute,
    Call,
    Choice,
    Compare,
    Constant,
    Container,
    Expr,
    Name,
    Not,
    Opaque,
    Subscript,
    text,
)
from wsconsolidate.model.program import (
    ClassTarget,
    FunctionTarget,
    ModuleTarget,
    OutsideTarget,
    ScopeId,
    Target,
    ValueTarget,
)

_COMPARE: dict[str, Callable[[object, object], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,  # type: ignore[dict-item]
    "<=": operator.le,  # type: ignore[dict-item]
    ">": operator.gt,  # type: ignore[dict-item]
    ">=": operator.ge,  # type: ignore[dict-item]
}
_SOME_MICRO = 0.5
"""Above (3, 12) and (3, 12, 0), as the version that runs is; what a later micro decides stays open."""
_DEEPEST = 10
_TYPE_CHECKING = "TYPE_CHECKING"

Resolve = Callable[[ScopeId, Expr, int], tuple[Target, ...]]
"""What an expression stands for in a scope above a line."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The Python that the analysed program runs on: `version` as (3, 12), `platform` as `sys.platform`."""

    version: tuple[int, int]
    platform: str

    def known(self, name: str) -> object:
        """The value of a variable of `sys` or `os` by its full name, None if it says nothing."""
        values: dict[str, object] = {
            "sys.version_info": (*self.version, _SOME_MICRO),
            "sys.version_info.major": self.version[0],
            "sys.version_info.minor": self.version[1],
            "sys.platform": self.platform,
            "os.name": "nt" if self.platform == "win32" else "posix",
        }
        return values.get(name)


class Conditions:
    """Decides tests; names are followed to constants of the program."""

    def __init__(self, target: Interpreter, resolve: Resolve) -> None:
        self._target = target
        self._resolve = resolve

    def decide(self, scope: ScopeId, test: Expr | None, line: int, depth: int = 0) -> bool | None:
        """The truth of a test on that line of the scope, None if only the running program knows."""
        if depth > _DEEPEST:
            return None
        match test:
            case Constant(value=value):
                return bool(value)
            case Not(operand=operand):
                truth = self.decide(scope, operand, line, depth + 1)
                return None if truth is None else not truth
            case Choice(operator="and" | "or" as word, options=options):
                return _combine(word, [self.decide(scope, option, line, depth + 1) for option in options])
            case Compare(operators=("is" | "is not" as op,), operands=(left, Constant(value=None))):
                absent = self._is_none(scope, left, line)
                return None if absent is None else absent == (op == "is")
            case Compare(operators=(op,), operands=(left, right)) if op in _COMPARE:
                return _compare(op, self._value(scope, left, line), self._value(scope, right, line))
            case Call(func=Attribute(value=value, attr="startswith"), args=(prefix,)):
                name, start = self._value(scope, value, line), text(prefix)
                return name.startswith(start) if isinstance(name, str) and start else None
            case Name() | Attribute():
                return self._named(scope, test, line, depth)
            case _:
                return None

    def _named(self, scope: ScopeId, test: Name | Attribute, line: int, depth: int) -> bool | None:
        truths = {self._truth(found, depth) for found in self._resolve(scope, test, line)}
        return truths.pop() if len(truths) == 1 else None

    def _truth(self, found: Target, depth: int) -> bool | None:
        match found:
            case ModuleTarget() | ClassTarget() | FunctionTarget():
                return True
            case OutsideTarget(name=name):
                return False if name.rpartition(".")[2] == _TYPE_CHECKING else None
            case ValueTarget(value=value, scope=scope, line=line):
                return self.decide(scope, value, line, depth + 1)

    def _is_none(self, scope: ScopeId, expr: Expr, line: int) -> bool | None:
        match self._resolve(scope, expr, line):
            case (ModuleTarget() | ClassTarget() | FunctionTarget(),):
                return False
            case (ValueTarget(value=Constant(value=value)),):
                return value is None
            case _:
                return None

    def _value(self, scope: ScopeId, expr: Expr, line: int) -> object:
        """What a condition compares: a version, a platform or a literal."""
        match expr:
            case Constant(value=value) if isinstance(value, str | int):
                return value
            case Container(items=items):
                values = tuple(self._value(scope, item, line) for item in items)
                return None if None in values else values
            case Subscript(value=value, index=index):
                return _item(self._value(scope, value, line), index)
            case Name() | Attribute():
                return self._known(scope, expr, line)
            case _:
                return None

    def _known(self, scope: ScopeId, expr: Name | Attribute, line: int) -> object:
        if isinstance(expr, Attribute):
            match self._resolve(scope, expr.value, line):
                case (ModuleTarget(name=name) | OutsideTarget(name=name),):
                    return self._target.known(f"{name}.{expr.attr}")
        match self._resolve(scope, expr, line):
            case (OutsideTarget(name=name),):
                return self._target.known(name)
            case (ValueTarget(value=Constant() | Container() as value, scope=where, line=above),):
                return self._value(where, value, above)
            case _:
                return None


def _item(value: object, index: Expr) -> object:
    """An item or the beginning of a version."""
    if not isinstance(value, tuple):
        return None
    match index:
        case Constant(value=int(place)) if 0 <= place < min(len(value), 2):
            return value[place]
        case Opaque(syntax="Slice", parts=(Constant(value=None | 0), Constant(value=int(end)), _)) if (
            0 < end < 3
        ):
            return value[:end]
        case _:
            return None


def _combine(word: str, truths: list[bool | None]) -> bool | None:
    decisive = word == "or"
    if decisive in truths:
        return decisive
    return None if None in truths else not decisive


def _compare(op: str, left: object, right: object) -> bool | None:
    if left is None or right is None or _depends_on_micro(left, right):
        return None
    try:
        return bool(_COMPARE[op](left, right))
    except TypeError:
        return None


def _depends_on_micro(left: object, right: object) -> bool:
    """True if two versions first differ in a micro that is not known."""
    if not (isinstance(left, tuple) and isinstance(right, tuple)):
        return False
    micros = left[2:3] + right[2:3]
    return left[:2] == right[:2] and _SOME_MICRO in micros and any(micro >= 1 for micro in micros)
