"""Which classes of the program stand for one live socket: those that wrap it, describe that, or carry it."""

from collections.abc import Iterable, Iterator, Mapping, Set

from wsconsolidate.model.expr import Attribute, Call, Constant, Expr, Name, dotted, walk
from wsconsolidate.model.facts import MODULE_SCOPE, ValueBinding
from wsconsolidate.model.program import Class, ClassId, ClassTarget, Edge, Function, Holding, Program, ScopeId
from wsconsolidate.model.sockets import FANS_OUT, has_server_socket, is_asgi_send, is_server_socket
from wsconsolidate.roles.declaring import only_declares

_DEEPEST = 3
_SWITCHING = "101 Switching Protocols"
"""What a server of WebSockets answers to a request for one."""
_SENDING = ("send", "write")
_TELLING = (*_SENDING, "notify", "emit", "push")
_OF_A_CONNECTION = {"send", "close"}
_MOST_METHODS_OF_A_RECORD = 3
_MOST_METHODS_OF_A_CONNECTION = 15


def carriers(
    program: Program, wraps: frozenset[ClassId], below: Mapping[ClassId, list[Class]]
) -> frozenset[ClassId]:
    """The wrappers of sockets, with what their protocols and the records that hold one add to them."""
    found = {
        *wraps,
        *_addressing(program),
        *_framed(program),
        *_speaking(program),
        *_built_around(program),
        *_shaking(program),
    }
    structural = _structural(program)
    for _ in range(_DEEPEST):
        doing = acting(program, found)
        more = {
            one.id
            for one in program.classes.values()
            if one.id not in found
            and (
                _describes(one, (*below.get(one.id, ()), *structural.get(one.id, ())), doing)
                or _carries(one, program, found)
                or _hands_on(one, program, found)
            )
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


def _built_around(program: Program) -> Iterator[ClassId]:
    """The classes whose constructor hands the socket that it is given to a base which was not read."""
    for one in program.classes.values():
        unread = any(
            name.startswith("?") or id is None for name, id in zip(one.mro.names, one.mro.ids, strict=True)
        )
        made = one.functions.get("__init__") if unread else None
        for edge in program.calls(made.scope) if made else ():
            match edge.call:
                case Call(func=Attribute(value=Call(func=Name(id="super")), attr="__init__")):
                    given = (*edge.call.args, *(value for _, value in edge.call.keywords))
                    types = (held for value in given for held in program.lookup.types(edge.scope, value))
                    if any(is_server_socket(held.name) for held in types):
                        yield one.id


def _addressing(program: Program) -> Iterator[ClassId]:
    """The classes that send through a hub only to the one id that each was made with."""
    for one in program.classes.values():
        writing = (e for f in one.functions.values() for e in program.calls(f.scope) if e.writes)
        hub = [edge for edge in writing if any(held.name in FANS_OUT for held in edge.receiver)]
        if hub and all(map(goes_to_own_id, hub)):
            yield one.id


def goes_to_own_id(edge: Edge) -> bool:
    """True for `sio.emit(..., to=self.sid)`."""
    return any(_is_own_id(value) for key, value in edge.call.keywords if key in ("to", "room", "sid"))


def _is_own_id(value: Expr) -> bool:
    match value:
        case Attribute(value=Name(id="self"), attr=attr):
            return not {"sid", "client", "connection"}.isdisjoint(attr.lower().split("_"))
        case _:
            return False


def _shaking(program: Program) -> Iterator[ClassId]:
    """The classes that answer the opening handshake of RFC 6455 themselves."""
    for one in program.classes.values():
        shaking = [f for name, f in one.functions.items() if "handshake" in name.lower()]
        if any(_SWITCHING in text for f in shaking for text in _texts(f, program)):
            yield one.id


def _texts(function: Function, program: Program) -> Iterator[str]:
    """The strings that a function returns, binds to a name or hands to a call."""
    body, scope = function.facts.body, program.scope(function.scope)
    bound = [one.value for one in (scope.bindings if scope else ()) if isinstance(one, ValueBinding)]
    handed = [site.call for site in body.calls] if body else []
    for expr in (*bound, *handed, *(body.returns if body else ())):
        for part in walk(expr) if expr is not None else ():
            match part:
                case Constant(value=str(text)):
                    yield text
                case Constant(value=bytes(raw)):
                    yield raw.decode("latin-1")


def _uses_parameter(function: Function, program: Program) -> bool:
    names = {parameter.name for parameter in function.facts.parameters[1:]}
    for edge in program.calls(function.scope):
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


def _describes(one: Class, below: Iterable[Class], found: Set[ClassId]) -> bool:
    """True for a protocol or ABC that half of whose implementers have a socket, a quarter if it can send."""
    if not only_declares(one):
        return False
    can_send = any(name.lstrip("_").startswith(_TELLING) for name in one.functions)
    doing = [other for other in below if not (only_declares(other) or other.in_tests)]
    sockets = sum(_is_socket(other, found) for other in doing)
    return sockets > 0 and sockets * (4 if can_send else 2) >= len(doing)


def acting(program: Program, found: Iterable[ClassId]) -> frozenset[ClassId]:
    """Those of the classes that do not only declare: what extends one of them has a socket too."""
    return frozenset(id for id in found if not only_declares(program.classes[id]))


def _is_socket(one: Class, found: Set[ClassId]) -> bool:
    return not found.isdisjoint(one.mro.ids) or has_server_socket(one.lineage - {one.qualname})


def _structural(program: Program) -> dict[ClassId, list[Class]]:
    """The classes that have every member of a protocol which nothing else has by chance, by protocol."""
    defining: dict[str, list[Class]] = {}
    for one in program.classes.values():
        for name in one.functions:
            defining.setdefault(name, []).append(one)
    found: dict[ClassId, list[Class]] = {}
    for one in program.classes.values():
        members = [name for name in one.functions if not name.startswith("__")]
        if "typing.Protocol" in one.bases and (len(members) > 1 or any(map(_is_telling, members))):
            rarest = min((defining[name] for name in members), key=len)
            having = [
                other for other in rarest if other.id != one.id and other.functions.keys() >= set(members)
            ]
            found[one.id] = having
    return found


def _is_telling(member: str) -> bool:
    """True for a name such as `send_session_message`, which hardly anything else has."""
    return member.startswith(_TELLING) and member.count("_") > 1


def _hands_on(one: Class, program: Program, found: set[ClassId]) -> bool:
    """True for a class with a method for sending that only hands on to the connection which it holds."""
    holdings = program.holdings[one.id]
    held = {
        name
        for name, group in holdings.items()
        if any(type_.id in found for seen in group for type_ in seen.types)
    }
    collected = (arg.id in found for g in holdings.values() for h in g for t in h.types for arg in t.args)
    if not held or any(collected):
        return False
    small = len(one.functions) <= _MOST_METHODS_OF_A_CONNECTION
    sending = (f for name, f in one.functions.items() if name.lstrip("_").startswith(_SENDING))
    return any(
        small or function.name == used for function in sending for used in _sends_through(function, held)
    )


def _sends_through(function: Function, held: Set[str]) -> Iterator[str]:
    """The methods for sending that a method calls of what the class holds."""
    own = function.facts.parameters[0].name if function.facts.parameters else ""
    for site in function.facts.body.calls if function.facts.body else ():
        match site.call.func:
            case Attribute(value=Attribute(value=Name(id=name), attr=attr), attr=used):
                if name == own and attr in held and used.lstrip("_").startswith(_SENDING):
                    yield used


def _carries(one: Class, program: Program, found: set[ClassId]) -> bool:
    """True for a record, a class of hardly any methods, that holds such a class or a socket."""
    doing = [name for name in one.functions if not name.startswith("__")]
    if len(doing) > _MOST_METHODS_OF_A_RECORD or only_declares(one) or "enum.Enum" in one.mro.names:
        return False
    holdings = (seen for group in program.holdings[one.id].values() for seen in group)
    held = (type_ for seen in holdings if not _may_be_none(seen) for type_ in seen.types)
    return any(type_.id in found or is_server_socket(type_.name) for type_ in held if type_.id != one.id)


def _may_be_none(holding: Holding) -> bool:
    """True for `client: Client | None`: what may hold a connection does not stand for one."""
    parts = walk(holding.annotation) if holding.annotation is not None else ()
    return any(
        (isinstance(part, Constant) and part.value is None)
        or (isinstance(part, Name | Attribute) and dotted(part) in ("Optional", "typing.Optional"))
        for part in parts
    )
