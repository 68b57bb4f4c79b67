"""Who keeps the ids of live connections, where a server such as Socket.IO keeps the sockets themselves."""

from collections.abc import Iterator, Set

from wsconsolidate.model.expr import Attribute, Call, Expr, Name, Subscript, walk
from wsconsolidate.model.facts import ValueBinding
from wsconsolidate.model.program import Class, Edge, Function, Type
from wsconsolidate.model.role import Evidence, Role
from wsconsolidate.roles.scene import Scene, is_named_send, words

_TAKING_AN_ID = frozenset(
    (
        "enter_room",
        "leave_room",
        "close_room",
        "rooms",
        "disconnect",
        "get_session",
        "save_session",
        "get_environ",
    )
)
_JOINING = frozenset(("enter_room", "group_add"))
_LEAVING = frozenset(("leave_room", "close_room", "group_discard"))
_SID = "sid"
_ASIDE = 20
"""An application that has a server and this many other tasks for each by which it sends is no manager."""
_ID_WORDS = frozenset(("connection", "conn", "sid", "socket", "client"))
_ADDRESSED = frozenset(("to", "room", "sid"))


def tracked_ids(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Evidence that the class keeps ids by which it addresses the clients of a server or a manager."""
    calls = list(scene.edges(found))
    hub = [(function, edge) for function, edge in calls if any(map(scene.fans_out, edge.receiver))]
    below = [(function, edge) for function, edge in calls if _sends_below(edge, found, scene)]
    speaks = hub or any(_hands_on_hub(edge, scene) for _, edge in calls)
    given = {*(name for _, edge in hub for name in _ids(edge.call)), *([_SID] if speaks else [])}
    maps = _maps_of_others(found, scene)
    ids = given | {name for _, edge in below for name in _connection_ids(edge.call)}
    ids |= set(_keys_into(found, maps, scene))
    if not ids and not hub:
        return
    yield from _kept(found, scene, ids)
    yield from _grouped(hub, found, scene)
    sending = {function.name for function, edge in hub if scene.program.arrives(edge)}
    if len(found.functions) <= _ASIDE * len(sending):
        yield from _owned(found, scene)
    for function, edge in (*hub, *below):
        if scene.program.arrives(edge):
            detail = f"{function.name}() sends through {edge.receiver[0].name}"
            yield Evidence(kind="sends_by_id", detail=detail, path=function.path, line=edge.line)
    for place in sorted(maps):
        detail = f"it sends to what it finds in {place}"
        yield Evidence(kind="sends_by_id", detail=detail, path=found.path, line=found.line)


def _maps_of_others(found: Class, scene: Scene) -> frozenset[str]:
    """The places, each an attribute of a manager that it holds, out of which it takes what it sends to."""
    holding = {
        held.attribute for held, one in scene.collaborators(found) if scene.has_role(one, Role.MANAGER)
    }
    sent_to = scene.keeping.sent_to(found) if holding else frozenset()
    return frozenset(place for place in sent_to if place.count(".") > 1 and place.split(".")[1] in holding)


def _keys_into(found: Class, maps: Set[str], scene: Scene) -> Iterator[str]:
    """The names under which it looks something up there."""
    for function, own in scene.keeping.functions(found) if maps else ():
        bound = (one.value for one in scene.program.bindings(function.scope) if isinstance(one, ValueBinding))
        calls = (site.call for site in (function.facts.body.calls if function.facts.body else ()))
        for part in (part for expr in (*bound, *calls) if expr is not None for part in walk(expr)):
            match part:
                case (
                    Subscript(value=container, index=Name(id=name))
                    | Call(func=Attribute(value=container, attr="get"), args=(Name(id=name), *_))
                ):
                    if scene.keeping.place(container, own, function) in maps:
                        yield name


def _hands_on_hub(edge: Edge, scene: Scene) -> bool:
    """True for a call that makes something of a server and the id of one of its clients."""
    given = (*edge.call.args, *(value for _, value in edge.call.keywords))
    if not edge.constructs or not any(isinstance(one, Name) and one.id == _SID for one in given):
        return False
    return any(scene.fans_out(held) for one in given for held in scene.program.lookup.types(edge.scope, one))


def _owned(found: Class, scene: Scene) -> Iterator[Evidence]:
    """A server that the class makes, rather than is given; one behind a message queue knows no clients."""
    for holding in scene.holdings(found):
        match holding.value:
            case Call(keywords=keywords) if any(map(scene.fans_out, holding.types)):
                if "message_queue" not in dict(keywords) and not holding.types[0].name.endswith("()"):
                    detail = f"it makes self.{holding.attribute}, a {holding.types[0].name}"
                    yield Evidence(kind="owns_server", detail=detail, path=holding.path, line=holding.line)


def _sends_below(edge: Edge, found: Class, scene: Scene) -> bool:
    """True for a call that lets a manager send, which the class holds."""
    managers = (one for one in edge.receiver if one.id != found.id and scene.has_role(one, Role.MANAGER))
    return any(True for _ in managers) and is_named_send(edge.call.func) and scene.program.arrives(edge)


def _connection_ids(call: Call) -> Iterator[str]:
    """The names given to a manager that say they are ids of connections."""
    for value in (*call.args, *(value for _, value in call.keywords)):
        if isinstance(value, Name) and not _ID_WORDS.isdisjoint(words(value.id)):
            yield value.id


def _kept(found: Class, scene: Scene, ids: set[str]) -> Iterator[Evidence]:
    """Containers that ids are put into and taken out of."""
    for function, own in scene.keeping.functions(found):
        for change in scene.keeping.changes(function, own):
            if any(_is_id(one, ids) for one in change.handed):
                verb, kind = ("keeps", "keeps_ids") if change.adds else ("drops", "removes_ids")
                detail = f"{function.name}() {verb} the id of a connection in {change.place}"
                yield Evidence(kind=kind, detail=detail, path=function.path, line=change.line)


def _grouped(hub: list[tuple[Function, Edge]], found: Class, scene: Scene) -> Iterator[Evidence]:
    """Calls that put the connections of others into groups of the server, and take them out."""
    if scene.is_raw(Type(found.qualname, (), found.id)) or scene.fans_out(Type(found.qualname, (), found.id)):
        return  # a connection that joins a group does so for itself
    for function, edge in hub:
        match edge.call.func:
            case Attribute(attr=used) if used in _JOINING | _LEAVING:
                kind = "joins_groups" if used in _JOINING else "leaves_groups"
                detail = f"{function.name}() calls {edge.receiver[0].name}.{used}()"
                yield Evidence(kind=kind, detail=detail, path=function.path, line=edge.line)


def _ids(call: Call) -> Iterator[str]:
    """The names whose values are given to the server as ids of connections."""
    given = (
        list(call.args[:1]) if isinstance(call.func, Attribute) and call.func.attr in _TAKING_AN_ID else []
    )
    given += [value for name, value in call.keywords if name in _ADDRESSED]
    yield from (value.id for value in given if isinstance(value, Name))


def _is_id(value: Expr, ids: set[str]) -> bool:
    match value:
        case Name(id=name):
            return name in ids
        case Attribute(value=Name(id="request"), attr=attr):
            return attr == _SID
        case _:
            return False
