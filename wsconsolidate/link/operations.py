"""Operations on values that are known: comparison, formatting, items, methods of strings and rows."""

from collections.abc import Sequence

from wsconsolidate.link.values import (
    Callee,
    Instance,
    Known,
    LiveBase,
    MadeBase,
    ReadBase,
    Row,
    Table,
    UnknownBase,
    Value,
)
from wsconsolidate.model.expr import Constant, Expr, Opaque
from wsconsolidate.model.program import ModuleTarget

_STRING_METHODS = frozenset(
    """capitalize endswith join lower lstrip removeprefix removesuffix replace rpartition rsplit rstrip
    partition split startswith strip title upper""".split()
)


def truth_of(value: Value) -> bool | None:
    """The truth of a value, None if it may be either."""
    match value:
        case Known(value=known):
            return bool(known)
        case Row(items=items):
            return bool(items)
        case Table(display=display):
            return bool(display.items)
        case ReadBase() | LiveBase() | MadeBase() | Callee() | ModuleTarget():
            return True
        case _:
            return None


def compared(operator: str, left: Value, right: Value) -> bool | None:
    """The result of a comparison, None if it is not known."""
    if isinstance(left, UnknownBase) or isinstance(right, UnknownBase):
        return None
    match operator:
        case "is" | "==":
            return _same(left, right)
        case "is not" | "!=":
            same = _same(left, right)
            return None if same is None else not same
        case "in" | "not in":
            held = _contains(right, left)
            return held if held is None or operator == "in" else not held
        case _:
            return None


def _same(left: Value, right: Value) -> bool | None:
    match left, right:
        case Known(value=one), Known(value=other):
            return one == other and isinstance(one, bool) == isinstance(other, bool)
        case (Known(value=None), _) | (_, Known(value=None)):
            return False
        case ReadBase(id=one_id), ReadBase(id=other_id):
            return one_id == other_id
        case LiveBase(cls=cls), LiveBase(cls=other_cls):
            return cls is other_cls
        case (ReadBase() | LiveBase(), ReadBase() | LiveBase()):
            return False
        case (Instance() as one, other) | (other, Instance() as one):
            return None if isinstance(other, Instance) else False
        case _:
            return None


def _contains(row: Value, item: Value) -> bool | None:
    match row, item:
        case Known(value=str(text)), Known(value=str(part)):
            return part in text
        case Row(items=items), _:
            found = [_same(one, item) for one in items]
            return True if True in found else None if None in found else False
        case _:
            return None


def formatted(syntax: str, left: Value, right: Value) -> Value | None:
    """`left + right` or `left % right`, None if it is not known."""
    match syntax, left, right:
        case "Add", Row(items=first), Row(items=second):
            return Row((*first, *second))
        case "Add", Known(value=str(first_text)), Known(value=str(second_text)):
            return Known(first_text + second_text)
        case "Mod", Known(value=str(pattern)), Row() | Known():
            given = right.items if isinstance(right, Row) else (right,)
            known = tuple(one.value for one in given if isinstance(one, Known))
            return _percent(pattern, known) if len(known) == len(given) else None
        case _:
            return None


def _percent(pattern: str, given: tuple[object, ...]) -> Value | None:
    try:
        return Known(pattern % given)
    except (TypeError, ValueError):
        return None


def joined(parts: Sequence[Value]) -> Value | None:
    """An f-string of parts, None if one is not known."""
    known = [part.value for part in parts if isinstance(part, Known) and isinstance(part.value, str | int)]
    return Known("".join(map(str, known))) if len(known) == len(parts) else None


def item_of(owner: Value, index: Expr, place: Value) -> Value | None:
    """An item or a slice of a row or string, None if it is not known."""
    match owner, index, place:
        case Row(items=items), _, Known(value=int(number)) if -len(items) <= number < len(items):
            return items[number]
        case Row(items=items), Opaque(syntax="Slice", parts=bounds), _:
            ends = [_bound(bound) for bound in bounds]
            known = [end for end in ends if not isinstance(end, str)]
            return Row(items[slice(*known)]) if len(known) == len(ends) else None
        case _:
            return None


def _bound(bound: Expr) -> int | str | None:
    """The number in a slice; `?` if it is not a literal."""
    match bound:
        case Constant(value=None):
            return None
        case Constant(value=int(number)):
            return number
        case Opaque(syntax="USub", parts=(Constant(value=int(number)),)):
            return -number
        case _:
            return "?"


def string_method(text: str, method: str, given: Sequence[Value]) -> Value | None:
    """What a method of a known string gives, None if that is not known."""
    if method not in _STRING_METHODS:
        return None
    plain = [_plain(one) for one in given]
    if None in plain:
        return None
    try:
        result = getattr(text, method)(*plain)
    except (TypeError, ValueError):
        return None
    return Row(tuple(map(Known, result))) if isinstance(result, tuple | list) else Known(result)


def _plain(value: Value) -> object:
    match value:
        case Known(value=str() | int() as known):
            return known
        case Row(items=items) if all(isinstance(one, Known) for one in items):
            return [one.value for one in items if isinstance(one, Known)]
        case _:
            return None
