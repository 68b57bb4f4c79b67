"""What decorators put into the classes that they are given."""

from collections.abc import Iterator

from wsconsolidate.link.calls import Arguments
from wsconsolidate.link.evaluate import Evaluator
from wsconsolidate.link.values import Callee, Frame, Instance, ReadBase, Site, Value
from wsconsolidate.model.expr import Attribute, Call, Expr, Name, text
from wsconsolidate.model.facts import Body, Handing
from wsconsolidate.model.program import ClassId, FunctionId

_DOC = "__doc__"
"""What documents a class is text, put together by long code that nobody has to follow."""


def added(evaluator: Evaluator, id: ClassId, decorator: Expr) -> Iterator[tuple[str, bool]]:
    """Each attribute that a decorator of the class sets, and whether it is a function."""
    site = Site(evaluator.names.enclosing(id), id.line)
    passed = Arguments(((evaluator.read(id),),))
    with evaluator.calls.watched() as frames:
        for function in evaluator.values(site, decorator):
            evaluator.calls.invoked(site, function, passed, decorator)
    for frame in frames:
        body = evaluator.names.function_facts(FunctionId(*frame.function)).body
        parameter = next((name for name, given in frame.given.items() if _is(given, id)), None)
        if body is not None and parameter is not None:
            yield from _set_in(evaluator, frame, body, parameter)


def _is(given: tuple[Value, ...], id: ClassId) -> bool:
    return len(given) == 1 and isinstance(given[0], ReadBase) and given[0].id == id


def _set_in(evaluator: Evaluator, frame: Frame, body: Body, parameter: str) -> Iterator[tuple[str, bool]]:
    """What the statements that surely run set on the parameter."""
    for store in body.stores:
        match store.target:
            case Attribute(value=Name(id=name), attr=attr) if name == parameter and store.value is not None:
                if attr != _DOC and evaluator.runs(frame.function, frame, store.guards):
                    yield attr, _is_function(evaluator, Site(frame.function, store.line, frame), store.value)
    for call in body.calls:
        match call.call:
            case Call(func=Name(id="setattr"), args=(Name(id=name), attribute, value)) if name == parameter:
                written = text(attribute)
                if written and written != _DOC and evaluator.runs(frame.function, frame, call.guards):
                    yield written, _is_function(evaluator, Site(frame.function, call.call.line, frame), value)


def _is_function(evaluator: Evaluator, site: Site, value: Expr) -> bool:
    match value:
        case Call(func=Name(id="staticmethod"), args=(inner,)):
            return _is_function(evaluator, site, inner)
        case _:
            return isinstance(evaluator.one(site, value), Callee)


def stays_function(evaluator: Evaluator, function: FunctionId, decorator: Expr) -> bool:
    """True unless a decorator of a method surely gives something else than a function."""
    func = decorator.func if isinstance(decorator, Call) else decorator
    site = Site(evaluator.names.around(function), function.line)
    if isinstance(decorator, Call) or not isinstance(func, Name | Attribute):
        return True
    decorators = evaluator.values(site, func)
    if any(_hands_on(evaluator, one) for one in decorators):
        return True
    passed = Arguments(((Callee(function),),))
    results = [
        result for one in decorators for result in evaluator.calls.invoked(site, one, passed, decorator)
    ]
    return not (results and all(_is_other(result) for result in results))


def _hands_on(evaluator: Evaluator, decorator: Value) -> bool:
    """True for a function that by its returns gives back what it is given, or a function of its own."""
    if not isinstance(decorator, Callee):
        return False
    facts = evaluator.names.function_facts(decorator.id)
    return facts.hands_on in (Handing.ARGUMENT, Handing.FUNCTION)


def _is_other(value: Value) -> bool:
    return isinstance(value, Instance) and str(value.of) != "builtins.staticmethod"
