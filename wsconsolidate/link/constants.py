"""The values of expressions that are constants: literals, named constants, members of enums."""

from wsconsolidate.link.names import Names
from wsconsolidate.model.expr import Attribute, Call, Constant, Dict, Expr, Joined, Literal, Name, Subscript
from wsconsolidate.model.program import ScopeId, ValueTarget

Value = str | int | float | bool | None
_DEEPEST = 10


def constant(names: Names, scope: ScopeId, expr: Expr, depth: int = 0) -> Value:
    """The value of `expr`, None if it is none or cannot be told."""
    if depth > _DEEPEST:
        return None
    match expr:
        case Constant(value=value):
            return None if isinstance(value, bytes | complex | Literal) else value
        case Attribute(value=member, attr="value"):
            return constant(names, scope, member, depth + 1) if _is_name(member) else None
        case Attribute(value=Attribute(attr=member), attr="name"):
            return member
        case Call(func=Name(id="str"), args=(inner,)):
            return constant(names, scope, inner, depth + 1)
        case Call(func=Name(id="auto") | Attribute(attr="auto")):
            return None
        case Joined(parts=parts):
            return _joined(names, scope, parts, depth)
        case Subscript(value=value, index=index):
            return _item(names, scope, value, index, depth)
        case Name() | Attribute():
            return _named(names, scope, expr, depth)
        case _:
            return None


def _is_name(expr: Expr) -> bool:
    return isinstance(expr, Name | Attribute)


def _named(names: Names, scope: ScopeId, expr: Name | Attribute, depth: int) -> Value:
    match names.targets(scope, expr):
        case (ValueTarget(scope=where, value=Call(func=Name(id="auto") | Attribute(attr="auto"))),):
            return expr.attr.lower() if isinstance(expr, Attribute) and where else None
        case (ValueTarget(scope=where, value=value),) if value is not None and value is not expr:
            return constant(names, where, value, depth + 1)
        case _:
            return None


def _joined(names: Names, scope: ScopeId, parts: tuple[Expr, ...], depth: int) -> str | None:
    values = [constant(names, scope, part, depth + 1) for part in parts]
    return None if None in values else "".join(str(value) for value in values)


def _item(names: Names, scope: ScopeId, value: Expr, index: Expr, depth: int) -> Value:
    key = constant(names, scope, index, depth + 1)
    match names.targets(scope, value):
        case (ValueTarget(scope=where, value=Dict() as display),) if isinstance(key, str):
            found = display.get(key)
            return None if found is None else constant(names, where, found, depth + 1)
        case _:
            return None
