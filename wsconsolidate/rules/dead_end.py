"""Whether what a function is given certainly stays where it is: a question the call graph answers alone.

A function from which no socket is reached may still hand its message to someone whom the program does
not show: a callback, a queue, a broker's client, an object of unknown type.
"""

from collections.abc import Iterator

from wsconsolidate.model.expr import Attribute, Call, Expr, Name, Subscript, walk
from wsconsolidate.model.facts import FunctionFacts
from wsconsolidate.model.program import Class, Edge, Function, Program

_INERT = ("builtins.", "collections.", "logging.", "time.", "datetime.", "json.", "uuid.", "copy.", "typing.")
_LOGGER = frozenset(("logger", "log", "logging", "_logger", "_log"))
_FARTHEST_CALL = 3


def keeps_to_itself(program: Program, owner: Class, method: Function) -> bool:
    """True if nothing that the method does can bring its message to a socket.

    What it puts into an attribute of the instance counts as brought there if a method that reaches
    a socket reads the attribute and is itself called, or if the attribute came from outside.
    """
    if method.scope in program.onward or method.facts.body is None:
        return False
    filled = set(_own(method.facts, _filled(method.facts)))
    replaced = set(_own(method.facts, _replaced(method.facts)))
    if any(_is_given(program, owner, name) for name in filled):
        return False
    if any(_is_collected(program, method, name) for name in filled | replaced):
        return False
    return not _hands_on(program, method, _FARTHEST_CALL)


def _filled(facts: FunctionFacts) -> Iterator[Expr]:
    """The objects that are given something: by a call with arguments, or by a store into them."""
    body = facts.body
    for site in body.calls if body else ():
        if _gives(site.call):
            yield site.call.func
    for store in body.stores if body else ():
        if isinstance(store.target, Attribute | Subscript):
            yield store.target.value


def _replaced(facts: FunctionFacts) -> Iterator[Expr]:
    yield from (store.target for store in facts.body.stores) if facts.body else ()


def _own(facts: FunctionFacts, objects: Iterator[Expr]) -> Iterator[str]:
    """The attributes of the instance among the objects, or on the way to them."""
    own = facts.parameters[0].name if facts.parameters else "self"
    for part in (part for one in objects for part in walk(one)):
        if isinstance(part, Attribute) and isinstance(part.value, Name) and part.value.id == own:
            yield part.attr


def _is_given(program: Program, owner: Class, attribute: str) -> bool:
    """True if the attribute may be an object that somebody else holds too."""
    return any(
        isinstance(holding.value, Name | Attribute)
        for below in program.bases(owner)
        for holding in program.holdings.get(below.id, {}).get(attribute, ())
    )


def _is_collected(program: Program, method: Function, attribute: str) -> bool:
    """True if another function that reaches a socket reads an attribute of this name, and is called."""
    for scope in program.onward:
        function = program.functions.get(scope)
        if function is None or scope == method.scope or not _reads(function, program, attribute):
            continue
        if _is_called(program, function):
            return True
    return False


def _reads(function: Function, program: Program, attribute: str) -> bool:
    return any(
        isinstance(part, Attribute) and part.attr == attribute
        for expr in _expressions(function, program)
        for part in walk(expr)
    )


def _expressions(function: Function, program: Program) -> Iterator[Expr]:
    body = function.facts.body
    if body is not None:
        yield from (site.call for site in body.calls)
        yield from (loop.iterable for loop in body.loops)
        yield from (store.value for store in body.stores if store.value is not None)
        yield from body.returns
    for binding in program.bindings(function.scope):
        value = getattr(binding, "value", None)
        if value is not None:
            yield value


def _is_called(program: Program, function: Function) -> bool:
    """True if some other function calls it, or names it as an argument."""
    for scope, edges in program.edges.items():
        if scope != function.scope and any(_mentions(edge, function) for edge in edges):
            return True
    return False


def _mentions(edge: Edge, function: Function) -> bool:
    if function.id in edge.targets:
        return True
    arguments = (*edge.call.args, *(value for _, value in edge.call.keywords))
    return any(isinstance(value, Attribute | Name) and _last(value) == function.name for value in arguments)


def _last(value: Attribute | Name) -> str:
    return value.attr if isinstance(value, Attribute) else value.id


def _hands_on(program: Program, function: Function, farthest: int) -> bool:
    """True if a call may bring something to somebody who is not seen."""
    edges = program.calls(function.scope)
    return any(_may_send(program, edge, farthest) for edge in edges)


def _may_send(program: Program, edge: Edge, farthest: int) -> bool:
    if edge.constructs or _is_logging(edge.call):
        return False
    if edge.targets:
        functions = [program.functions.get(target) for target in edge.targets]
        return farthest == 0 or any(
            one is None or _is_open(one) or _hands_on(program, one, farthest - 1) for one in functions
        )
    names = [edge.outside] if edge.outside else [f"{one.name}." for one in edge.receiver]
    inert = bool(names) and all(name.startswith(_INERT) for name in names)
    return _gives(edge.call) and not inert


def _gives(call: Call) -> bool:
    return bool(call.args or call.keywords)


def _is_open(function: Function) -> bool:
    """True for a function that declares what others do: its implementation may stand elsewhere."""
    body = function.facts.body
    return body is None or (body.stub is not None and function.owner is not None)


def _is_logging(call: Call) -> bool:
    match call.func:
        case Attribute(value=Name(id=owner) | Attribute(attr=owner)):
            return owner in _LOGGER
        case Name(id=name):
            return name in ("print", "len", "str", "int", "repr", "dict", "list", "isinstance")
        case _:
            return False
