"""Small questions about how a function or a call is written."""

from wsconsolidate.model.expr import Attribute, Call, Expr, Name
from wsconsolidate.model.facts import FunctionFacts


def is_super(expr: Expr) -> bool:
    """True for `super()`."""
    return isinstance(expr, Call) and isinstance(expr.func, Name) and expr.func.id == "super"


def is_property(facts: FunctionFacts) -> bool:
    """True for a method that is read like an attribute."""
    return has_decorator(facts, "property") or has_decorator(facts, "cached_property")


def has_decorator(facts: FunctionFacts, name: str) -> bool:
    """True if a decorator of this last name is written above the function."""
    return any(
        (isinstance(decorator, Name) and decorator.id == name)
        or (isinstance(decorator, Attribute) and decorator.attr == name)
        for decorator in facts.decorators
    )
