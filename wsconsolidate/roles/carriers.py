"""Which classes of the program stand for one live socket: those that wrap it, describe that, or carry it."""

from collections.abc import Iterator, Mapping

from wsconsolidate.model.expr import Attribute, Call, Expr, Name
from wsconsolidate.model.facts import MODULE_SCOPE
from wsconsolidate.model.program import Class, ClassId, ClassTarget, Function, Program, ScopeId
from wsconsolidate.model.sockets import SERVER_SOCKETS, is_asgi_send
from wsconsolidate.roles.declaring import only_declares

_DEEPEST = 3
_OF_A_CONNECTION = {"send", "close"}
_MOST_METHODS_OF_A_RECORD = 3


def carriers(
    program: Program, wraps: frozenset[ClassId], below: Mapping[ClassId, list[Class]]
) -> frozenset[ClassId]:
    """The wrappers of sockets, with what their protocols and the records that hold one add to them."""
    found = {*wraps, *_framed(program), *_speaking(program)}
    for _ in range(_DEEPEST):
        more = {
            one.id
            for one in program.classes.values()
            if one.id not in found and (_describes(one, below, found) or _carries(one, program, found))
        }
        if not more:
            break
        found |= more
    return frozenset(found)


def _framed(program: Program) -> Iterator[ClassId]:
    """The classes that send frames by the ASGI specification themselves."""
    for one in program.classes.values():
        calls = (site.call for f in one.functions.values() if f.facts.body for site in f.facts.body.calls)
        if any(map(is_asgi_send, calls)):
            yield one.id


def _speaking(program: Program) -> Iterator[ClassId]:
    """The classes with the methods of a connection that write to a socket which one of them is handed."""
    for one in program.classes.values():
        if one.functions.keys() >= _OF_A_CONNECTION and any(
            _uses_parameter(f, program) for f in one.functions.values()
        ):
            yield one.id


def _uses_parameter(function: Function, program: Program) -> bool:
    names = {parameter.name for parameter in function.facts.parameters[1:]}
    for edge in program.edges.get(function.scope, ()):
        match edge.call.func:
            case Attribute(value=Name(id=name)) if edge.writes and name in names:
                return True
    return False


def subclasses(program: Program) -> dict[ClassId, list[Class]]:
    """The classes of the tree that extend each class, directly or not, or are registered with it."""
    below: dict[ClassId, list[Class]] = {}
    for one in program.classes.values():
        for above in one.mro.ids[1:]:
            if above is not None:
                below.setdefault(above, []).append(one)
    for above, one in _registered(program):
        below.setdefault(above, []).extend((one, *below.get(one.id, ())))
    return {id: list({one.id: one for one in found}.values()) for id, found in below.items()}


def _registered(program: Program) -> Iterator[tuple[ClassId, Class]]:
    """(ABC, class) for each `ABC.register(class)` at the top of a module."""
    for scope, edges in program.edges.items():
        for edge in edges if scope.line == MODULE_SCOPE else ():
            match edge.call:
                case Call(func=Attribute(value=abstract, attr="register"), args=(concrete,)):
                    for above in _classes(abstract, scope, program):
                        yield from ((above.id, one) for one in _classes(concrete, scope, program))


def _classes(expr: Expr, scope: ScopeId, program: Program) -> Iterator[Class]:
    for target in program.lookup.targets(scope, expr) if isinstance(expr, Name | Attribute) else ():
        if isinstance(target, ClassTarget) and target.id in program.classes:
            yield program.classes[target.id]


def _describes(one: Class, below: Mapping[ClassId, list[Class]], found: set[ClassId]) -> bool:
    """True for a protocol or ABC that mostly classes with a socket implement."""
    if not only_declares(one):
        return False
    doing = [other for other in below.get(one.id, ()) if not (only_declares(other) or other.in_tests)]
    return bool(doing) and 2 * sum(_is_socket(other, found) for other in doing) >= len(doing)


def _is_socket(one: Class, found: set[ClassId]) -> bool:
    return not found.isdisjoint(one.mro.ids) or not SERVER_SOCKETS.isdisjoint(one.lineage)


def _carries(one: Class, program: Program, found: set[ClassId]) -> bool:
    """True for a record, a class of hardly any methods, that holds such a class or a socket."""
    doing = [name for name in one.functions if not name.startswith("__")]
    if len(doing) > _MOST_METHODS_OF_A_RECORD or only_declares(one) or "enum.Enum" in one.mro.names:
        return False
    held = (type_ for group in program.holdings[one.id].values() for seen in group for type_ in seen.types)
    return any(type_.id in found or type_.name in SERVER_SOCKETS for type_ in held if type_.id != one.id)
