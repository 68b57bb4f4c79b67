"""Small questions about how a function or a call is written."""

from collections.abc import Iterator

from wsconsolidate.model.expr import Attribute, Await, Call, Container, Expr, Name
from wsconsolidate.model.facts import Binding, Body, FunctionFacts, OtherBinding, ValueBinding


def is_super(expr: Expr) -> bool:
    """True for `super()`."""
    return isinstance(expr, Call) and isinstance(expr.func, Name) and expr.func.id == "super"


def is_property(facts: FunctionFacts) -> bool:
    """True for a method that is read like an attribute."""
    return has_decorator(facts, "property") or has_decorator(facts, "cached_property")


def changes_property(facts: FunctionFacts) -> bool:
    """True for the function of a property that sets or deletes it, below the one that reads it."""
    return has_decorator(facts, "setter") or has_decorator(facts, "deleter")


def has_decorator(facts: FunctionFacts, name: str) -> bool:
    """True if a decorator of this last name is written above the function."""
    return any(
        (isinstance(decorator, Name) and decorator.id == name)
        or (isinstance(decorator, Attribute) and decorator.attr == name)
        for decorator in facts.decorators
    )


def iterables(body: Body, name: str) -> Iterator[Expr]:
    """What the loops and comprehensions run over that bind this name to an element, or to a pair's value."""
    for target, iterable in (*((loop.target, loop.iterable) for loop in body.loops), *body.comprehensions):
        match target:
            case Name(id=bound) if bound == name:
                yield iterable
            case Container(items=(*_, Name(id=bound))) if bound == name:
                yield iterable


def injected(default: Expr | None) -> Expr | None:
    """`provider` of a parameter's default `Depends(provider)`."""
    match default:
        case Call(func=Name(id="Depends") | Attribute(attr="Depends"), args=(provider, *_)):
            return provider
        case _:
            return None


def opens(binding: Binding) -> bool:
    """True for a name bound by a `with` statement, or to what a call named after connecting gives."""
    match binding:
        case OtherBinding(how="with"):
            return True
        case ValueBinding(value=Await(value=Call() as call) | (Call() as call)):
            return _is_opening(call)
        case _:
            return False


def _is_opening(call: Call) -> bool:
    match call:
        case Call(func=Name(id="wait_for") | Attribute(attr="wait_for"), args=(Call() as inner, *_)):
            return _is_opening(inner)
        case Call(func=Name() | Attribute() as func):
            return "connect" in last_name(func)
        case _:
            return False


def last_name(expr: Name | Attribute) -> str:
    """`connect` of `websockets.connect`."""
    return expr.id if isinstance(expr, Name) else expr.attr
