"""Who keeps the ids of live connections, where a server such as Socket.IO keeps the sockets themselves."""

from collections.abc import Iterator

from wsconsolidate.model.expr import Attribute, Call, Expr, Name, Subscript
from wsconsolidate.model.program import Class, Function
from wsconsolidate.model.role import Evidence
from wsconsolidate.roles.scene import Scene, own_name, reached_attribute

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
_KEEPING = frozenset(("add", "append", "setdefault", "update"))
_DROPPING = frozenset(("pop", "remove", "discard"))
_ADDRESSED = frozenset(("to", "room", "sid"))


def tracked_ids(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Evidence that the class keeps ids by which it addresses the clients of such a server."""
    ids = {name for function in found.functions.values() for name in _ids(function, scene)}
    if not ids:
        return
    for function in found.functions.values():
        for attribute, drops, line in _changes(function, ids):
            verb, kind = ("drops", "removes_ids") if drops else ("keeps", "keeps_ids")
            detail = f"{function.name}() {verb} the id of a connection in self.{attribute}"
            yield Evidence(kind=kind, detail=detail, path=function.path, line=line)
        for edge in scene.program.edges.get(function.scope, ()):
            if any(map(scene.fans_out, edge.receiver)) and edge.writes:
                detail = f"{function.name}() sends through {edge.receiver[0].name}"
                yield Evidence(kind="sends_by_id", detail=detail, path=function.path, line=edge.line)


def _ids(function: Function, scene: Scene) -> Iterator[str]:
    """The names whose values the function gives to the server as ids of connections."""
    for edge in scene.program.edges.get(function.scope, ()):
        if not any(map(scene.fans_out, edge.receiver)):
            continue
        for value in _id_arguments(edge.call):
            if isinstance(value, Name):
                yield value.id


def _id_arguments(call: Call) -> Iterator[Expr]:
    if isinstance(call.func, Attribute) and call.func.attr in _TAKING_AN_ID:
        yield from call.args[:1]
    yield from (value for name, value in call.keywords if name in _ADDRESSED)


def _changes(function: Function, ids: set[str]) -> Iterator[tuple[str, bool, int]]:
    """(attribute, whether it drops, line) for each change of a container by such an id."""
    own, body = own_name(function.facts), function.facts.body
    for store in body.stores if body else ():
        match store.target:
            case Subscript(value=container, index=index):
                attribute = reached_attribute(container, own)
                if attribute and (_is_id(index, ids) or _is_id(store.value, ids)):
                    yield attribute, store.deletes, store.line
    for site in body.calls if body else ():
        match site.call:
            case Call(func=Attribute(value=container, attr=method), args=(*_,) as args, line=line):
                attribute = reached_attribute(container, own)
                if attribute and method in _KEEPING | _DROPPING and any(_is_id(one, ids) for one in args):
                    yield attribute, method in _DROPPING, line


def _is_id(value: Expr | None, ids: set[str]) -> bool:
    return isinstance(value, Name) and value.id in ids
