"""Which classes only declare: protocols, and ABCs whose methods are mostly abstract."""

from wsconsolidate.model.expr import Attribute, Call, Expr, Name
from wsconsolidate.model.facts import Stub
from wsconsolidate.model.program import Class, Function


def only_declares(found: Class) -> bool:
    """True for a class that says what others do, and does next to nothing itself."""
    if "typing.Protocol" in found.bases:
        return True
    own = [function for name, function in found.functions.items() if not name.startswith("__")]
    abstract = [function for function in own if is_abstract(function)]
    return "abc.ABC" in found.mro.names and bool(abstract) and len(abstract) * 2 > len(own)


def is_abstract(function: Function) -> bool:
    """True for a method that subclasses have to define."""
    return any(_named(decorator).startswith("abstract") for decorator in function.facts.decorators)


def is_stub(function: Function) -> bool:
    """True for a method that does nothing or only refuses."""
    body = function.facts.body
    return body is not None and isinstance(body.stub, Stub)


def _named(decorator: Expr) -> str:
    match decorator:
        case Name(id=name) | Attribute(attr=name):
            return name
        case Call(func=func):
            return _named(func)
        case _:
            return ""
