"""Whether a function gives back what it is given, as most decorators of classes do."""

import ast
from collections.abc import Iterator, Sequence

from wsconsolidate.model.facts import Handing

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def hands_on(node: FunctionNode) -> Handing:
    """What the returns of the function give back, by straight-line reading of its statements."""
    inside = list(_statements(node.body))
    returned = [found.value for found in inside if isinstance(found, ast.Return)]
    parameter = _first_parameter(node)
    kept = parameter is not None and parameter not in _assigned(inside)
    inner = {found.name: hands_on(found) for found in inside if isinstance(found, FunctionNode)}
    given = {_given(value, parameter if kept else None, inner) for value in returned}
    return Handing.OTHER if isinstance(node, ast.AsyncFunctionDef) else _together(given)


def _first_parameter(node: FunctionNode) -> str | None:
    """The first parameter after the one that a method is bound to."""
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    bound = names[:1] == ["self"] or any(_is_classmethod(decorator) for decorator in node.decorator_list)
    return next(iter(names[bound:]), None)


def _is_classmethod(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Name) and decorator.id == "classmethod"


def _given(value: ast.expr | None, parameter: str | None, inner: dict[str, Handing]) -> Handing:
    match value:
        case ast.Name(id=name) if name == parameter:
            return Handing.ARGUMENT
        case ast.Name(id=name) if name in inner:
            return Handing.DECORATOR if inner[name] is Handing.ARGUMENT else Handing.FUNCTION
        case ast.Lambda(args=ast.arguments(args=[ast.arg(arg=name)]), body=ast.Name(id=same)) if name == same:
            return Handing.DECORATOR
        case ast.Call(func=ast.Name(id=name), args=[ast.Name(id=passed)]) if passed == parameter:
            return inner.get(name, Handing.OTHER)
        case ast.IfExp(body=body, orelse=other):
            return _together({_given(body, parameter, inner), _given(other, parameter, inner)})
        case _:
            return Handing.OTHER


def _together(given: set[Handing]) -> Handing:
    if len(given) == 1:
        return given.pop()
    keeping = {Handing.ARGUMENT, Handing.DECORATOR, Handing.EITHER}
    return Handing.EITHER if given and given <= keeping else Handing.OTHER


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a function, those inside nested functions and classes left out."""
    waiting = list(reversed(body))
    while waiting:
        statement = waiting.pop()
        yield statement
        if isinstance(statement, FunctionNode | ast.ClassDef):
            continue
        for field in ("body", "orelse", "finalbody"):
            waiting.extend(getattr(statement, field, ()))
        for arm in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            waiting.extend(arm.body)


def _assigned(inside: Sequence[ast.stmt]) -> set[str]:
    """Names that the statements bind in any way but by an import."""
    found: set[str] = set()
    for statement in inside:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Assign(targets=targets) | ast.Delete(targets=targets):
                found.update(name for target in targets for name in _names(target))
            case ast.AnnAssign(target=target) | ast.AugAssign(target=target) | ast.For(target=target):
                found.update(_names(target))
            case ast.With(items=items):
                found.update(n for item in items if item.optional_vars for n in _names(item.optional_vars))
    return found


def _names(target: ast.expr) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            yield node.id
