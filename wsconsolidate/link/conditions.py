"""Decide the conditions that are known before a program runs: TYPE_CHECKING, versions, platforms."""

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
    Not,
    Opaque,
    Subscript,
    dotted,
    text,
)

_COMPARE: dict[str, Callable[[object, object], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,  # type: ignore[dict-item]
    "<=": operator.le,  # type: ignore[dict-item]
    ">": operator.gt,  # type: ignore[dict-item]
    ">=": operator.ge,  # type: ignore[dict-item]
}


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The Python that the analysed program runs on: `version` as (3, 12), `platform` as `sys.platform`."""

    version: tuple[int, int]
    platform: str


def decide(test: Expr | None, target: Interpreter) -> bool | None:
    """The truth of a condition on the target, None if only the running program knows."""
    match test:
        case Constant(value=value) if isinstance(value, bool | int):
            return bool(value)
        case Not(operand=operand):
            truth = decide(operand, target)
            return None if truth is None else not truth
        case Choice(operator=word, options=options) if word in ("and", "or"):
            return _combine(word, [decide(option, target) for option in options])
        case Compare(operators=(op,), operands=(left, right)) if op in _COMPARE:
            return _compare(op, _value(left, target), _value(right, target))
        case Call(func=Attribute(value=value, attr="startswith"), args=(prefix,)):
            name, start = _value(value, target), text(prefix)
            return name.startswith(start) if isinstance(name, str) and start else None
        case _:
            return False if _last(test) == "TYPE_CHECKING" else None


def _combine(word: str, truths: list[bool | None]) -> bool | None:
    decisive = word == "or"
    if decisive in truths:
        return decisive
    return None if None in truths else not decisive


def _compare(op: str, left: object, right: object) -> bool | None:
    if left is None or right is None:
        return None
    if isinstance(left, tuple) and isinstance(right, tuple):
        left = left[: len(right)]  # the target is known by major and minor only
        if len(right) > len(left):
            right = right[: len(left)]
    try:
        return bool(_COMPARE[op](left, right))
    except TypeError:
        return None


def _value(expr: Expr, target: Interpreter) -> object:
    """What a condition compares: a version, a platform or a literal."""
    match expr:
        case Constant(value=value) if isinstance(value, str | int):
            return value
        case Container(items=items):
            values = tuple(_value(item, target) for item in items)
            return None if None in values else values
        case Subscript(value=value, index=Constant(value=int(index))) if index < len(target.version):
            return target.version[index] if dotted(value) == "sys.version_info" else None
        case Subscript(value=value, index=Opaque(syntax="Slice", parts=(Constant(value=int(end)),))):
            return target.version[:end] if dotted(value) == "sys.version_info" else None
    known: dict[str | None, object] = {
        "sys.version_info": target.version,
        "sys.version_info.major": target.version[0],
        "sys.version_info.minor": target.version[1],
        "sys.platform": target.platform,
        "os.name": "nt" if target.platform == "win32" else "posix",
    }
    return known.get(dotted(expr))


def _last(expr: Expr | None) -> str | None:
    name = dotted(expr)
    return name.rpartition(".")[2] if name else None
