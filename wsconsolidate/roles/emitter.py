"""An emitter turns agent events into messages for a user or connection, through somebody who sends."""

from collections.abc import Iterator

from wsconsolidate.model.expr import Attribute, Call, Name, unparse, walk
from wsconsolidate.model.facts import ValueBinding
from wsconsolidate.model.naming import PREFIXES, around, event_parameter, is_open_emit
from wsconsolidate.model.program import Class, Edge, Function
from wsconsolidate.model.role import Evidence, Role
from wsconsolidate.model.sockets import GROUP_SEND
from wsconsolidate.roles.carriers import goes_to_own_id
from wsconsolidate.roles.declaring import is_stub
from wsconsolidate.roles.listening import is_called_back, listens
from wsconsolidate.roles.part import Part
from wsconsolidate.roles.scene import Scene, is_named_send, words
from wsconsolidate.roles.telling import SINKS, hands_a_message, telling

_NAMES = frozenset(
    ("emitter", "notifier", "publisher", "broadcaster", "relay", "feed", "dispatcher", "sender")
)
_CONNECTIONS = frozenset(("connection", "transport", "socket"))
_FORMS = frozenset(
    (
        "message",
        "messages",
        "json",
        "jsonified",
        "text",
        "bytes",
        "data",
        "frame",
        "packet",
        "pack",
        "raw",
        "str",
    )
)
"""What a connection of any kind sends."""
_VERBS = frozenset(("emit", "send", "notify", "publish", "push", "broadcast", "stream"))
_HANDLING = frozenset(("handle", "on", "process", "receive"))
_SENDING = (*PREFIXES, "stream_")
_MANY = 3
_ASIDE = 20
_BESIDE = 5
_SINK_WORDS = frozenset(("manager", "bridge", "websocket", "socket", "ws", "sio", "hub", "notifier"))


def observe(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Evidence that the class emits events."""
    yield from event_methods(found, scene)
    if _speaks_for_one(found, scene) or _is_a_connection(found, scene):
        return
    heard = tuple(listens(found, scene))
    if not _on_the_side(found, listening=bool(heard)):
        yield from _open_emits(found)
        yield from reaching(found, scene)
        yield from _many_ways(found, scene)
        yield from _through_server(found, scene, listening=bool(heard))
        if is_called_back(found) and _sends_mostly(found) and _hands_messages(found, scene):
            yield from heard
    yield from _tells(found, scene)
    yield from _events(found, scene)
    yield from _messages(found, scene)
    yield from _sinks(found, scene)
    yield from _base_of(found, scene)
    for role, above in scene.inherited_roles(found):
        if role is Role.EMITTER and not _goes_elsewhere(found, above, scene):
            yield Evidence(
                kind="inherits", detail=f"extends {above.qualname}", path=found.path, line=found.line
            )
    if set(words(found.name)) & _NAMES:
        yield Evidence(
            kind="named_emitter", detail=f"its name is {found.name}", path=found.path, line=found.line
        )


def _is_a_connection(found: Class, scene: Scene) -> bool:
    """True for what is called a connection and holds no manager, however much it shapes its frames."""
    held = (type_ for _, type_ in scene.collaborators(found))
    return words(found.name)[-1] in _CONNECTIONS and not any(
        scene.has_role(one, Role.MANAGER) for one in held
    )


def _speaks_for_one(found: Class, scene: Scene) -> bool:
    """True if all it sends through a server goes, under one name, to the one id that it was made with."""
    names, own = set(), []
    for function, edge in scene.edges(found):
        if edge.writes and any(map(scene.fans_out, edge.receiver)):
            names.add(scene.message(found, function, edge))
            own.append(goes_to_own_id(edge))
    return bool(own) and all(own) and len(names) == 1


def event_methods(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Methods named after critical events; one alone may be a coincidence."""
    methods = scene.event_methods(found)
    for event, function in methods.items() if len(methods) > 1 else ():
        detail = f"{function.name}() is named after {event}"
        yield Evidence(kind="event_methods", detail=detail, path=function.path, line=function.line)


def _open_emits(found: Class) -> Iterator[Evidence]:
    for function in found.functions.values():
        if is_open_emit(function):
            detail = f"{function.name}({event_parameter(function)}, ...) takes any event"
            yield Evidence(kind="open_emit", detail=detail, path=function.path, line=function.line)


def reaching(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Methods that send, from which a socket is reached."""
    for function in _ways(found, scene):
        edge = scene.program.onward[function.scope]
        detail = f"{function.name}() leads to a live socket"
        yield Evidence(kind="reaches_socket", detail=detail, path=function.path, line=edge.line)


def _hands_messages(found: Class, scene: Scene) -> bool:
    """True if it sends by itself, or by who is there for that: not by what ends in a socket by the way."""
    used = (
        edge for function, edge in scene.edges(found) if function.name.startswith("on_") or _sends(function)
    )
    return any(edge.writes or (scene.program.arrives(edge) and hands_a_message(edge, scene)) for edge in used)


def _ways(found: Class, scene: Scene) -> list[Function]:
    return [function for function in found.functions.values() if _sends(function) and scene.reaches(function)]


def _many_ways(found: Class, scene: Scene) -> Iterator[Evidence]:
    ways = [way for way in _ways(found, scene) if not way.name.lstrip("_").startswith("on_")]
    if len(ways) >= _MANY:
        detail = f"{len(ways)} of its methods lead to a live socket"
        yield Evidence(kind="many_ways", detail=detail, path=found.path, line=ways[0].line)


def _sends(function: Function) -> bool:
    name = function.name.lstrip("_")
    return is_open_emit(function) or name in _VERBS or name.startswith(_SENDING)


def _on_the_side(found: Class, *, listening: bool) -> bool:
    """True for a class with so many other methods that sending, or listening, is not what it is for."""
    return len(found.functions) > _ASIDE * (listening + sum(map(_sends, found.functions.values())))


def _sends_mostly(found: Class) -> bool:
    """True for a class in which sending is more than one task among many."""
    return len(found.functions) <= _BESIDE * sum(map(_sends, found.functions.values()))


def _through_server(found: Class, scene: Scene, listening: bool) -> Iterator[Evidence]:
    """Methods made for sending, or of who listens, that let a socket server send."""
    plainly = _sends_mostly(found)
    for function, edge in scene.edges(found):
        verb = function.name.lstrip("_").partition("_")[0]
        made_for_it = verb in _VERBS or (listening and verb in _HANDLING)
        if made_for_it and _asks_server(edge, scene, plainly=plainly):
            detail = f"{function.name}() sends through a server: `{unparse(edge.call.func)}`"
            yield Evidence(kind="sends_through_server", detail=detail, path=function.path, line=edge.line)


def _asks_server(edge: Edge, scene: Scene, *, plainly: bool) -> bool:
    """True for a call of a server's method, by a local name too, or of a plain function with such a call."""
    if _is_server(edge, scene) or (edge.writes and _is_of_server(edge, scene)):
        return True
    targets = (scene.program.functions.get(target) for target in edge.targets if plainly)
    inside = (one for plain in targets if plain and plain.owner is None for one in _calls(plain, scene))
    return any(_is_server(one, scene) for one in inside)


def _is_server(edge: Edge, scene: Scene) -> bool:
    called = edge.call.func
    by_name = isinstance(called, Attribute) and called.attr == GROUP_SEND
    return edge.writes and (by_name or any(map(scene.fans_out, edge.receiver)))


def _calls(function: Function, scene: Scene) -> tuple[Edge, ...]:
    return scene.program.calls(function.scope)


def _is_of_server(edge: Edge, scene: Scene) -> bool:
    """True for a local name that stands for the method of a server: `group_send = layer.group_send`."""
    scope = scene.program.scope(edge.scope)
    for binding in scope.bindings if scope and isinstance(edge.call.func, Name) else ():
        if isinstance(binding, ValueBinding) and Name(binding.name, edge.line) == edge.call.func:
            owners = (
                (one.value for one in walk(binding.value) if isinstance(one, Attribute))
                if binding.value
                else ()
            )
            types = (held for owner in owners for held in scene.program.lookup.types(edge.scope, owner))
            return any(map(scene.fans_out, types))
    return False


def _events(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Critical events that it sends, if that is what most of its methods do."""
    sent = scene.sent_events(found)
    doing = [function for name, function in found.functions.items() if not name.startswith("__")]
    sending = {function.name for function, _ in sent.values()}
    if len(sent) > 1 and 2 * len(sending) >= len(doing):
        for event, (function, edge) in sent.items():
            detail = f"{function.name}() sends {event}"
            yield Evidence(kind="sends_events", detail=detail, path=function.path, line=edge.line)


def _messages(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Calls that hand a named message to a socket server, unless the class has much else to do."""
    sent = [
        (name, function, edge)
        for function, edge in scene.edges(found)
        if (name := scene.message(found, function, edge)) is not None and not _is_route(function)
    ]
    names = {name for name, *_ in sent}
    share = _ASIDE if len(names) > 1 else _BESIDE
    if len(found.functions) > share * len({function.name for _, function, _ in sent}):
        return
    for name, function, edge in sent:
        detail = f"{function.name}() sends {name!r}"
        yield Evidence(kind="sends_messages", detail=detail, path=function.path, line=edge.line)
    if len(names) > 1:
        _, function, edge = sent[0]
        detail = f"it sends {', '.join(sorted(names))}"
        yield Evidence(kind="names_messages", detail=detail, path=function.path, line=edge.line)


def _is_route(function: Function) -> bool:
    """True for a function inside a method that is decorated: it answers who asks."""
    return bool(function.facts.decorators) and len(around(function.facts.qualname)) > 0


def _tells(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Methods that tell, where most of its methods are there for that."""
    for told in telling(found, scene):
        passes = not told.shapes or _is_of_a_connection(told.function)
        if passes and any(map(scene.is_socket, told.edge.receiver)):
            continue  # what passes everything on to one connection is one
        kind = "tells" if told.shapes else "hands_on"
        detail = f"{told.function.name}() hands its message to `{unparse(told.edge.call.func)}`"
        yield Evidence(kind=kind, detail=detail, path=told.function.path, line=told.edge.line)


def _is_of_a_connection(function: Function) -> bool:
    """True for the names of what any connection does: `send`, `send_message`, `write_json`."""
    verb, *others = words(function.name)
    return verb in ("send", "write") and _FORMS.issuperset(others)


def _base_of(found: Class, scene: Scene) -> Iterator[Evidence]:
    """A base whose sending methods do nothing, for an emitter below it to define."""
    stubs = {name for name, function in found.functions.items() if _sends(function) and is_stub(function)}
    for one in scene.below(found) if len(stubs) >= _MANY else ():
        defined = stubs & one.functions.keys()
        if scene.is_cast(one, Role.EMITTER) and 2 * len(defined) >= len(stubs):
            detail = f"{one.qualname} defines what it leaves open: {', '.join(sorted(defined))}"
            yield Evidence(kind="base_of", detail=detail, path=found.path, line=found.line)


def _sinks(found: Class, scene: Scene) -> Iterator[Evidence]:
    for holding, one in scene.collaborators(found):
        if one.id == found.id:
            continue
        if scene.is_socket(one) or scene.fans_out(one) or scene.has_role(one, *SINKS):
            detail = f"self.{holding.attribute} is a {one.name}"
            yield Evidence(kind="holds_sink", detail=detail, path=holding.path, line=holding.line)
    used = set(_let_send(found, scene))
    for holding in scene.holdings(found):
        named = holding.attribute in used and not _SINK_WORDS.isdisjoint(words(holding.attribute))
        if named and not holding.types:
            detail = f"self.{holding.attribute} is called like one who sends"
            yield Evidence(kind="sink_by_name", detail=detail, path=holding.path, line=holding.line)


def _goes_elsewhere(found: Class, above: Class, scene: Scene) -> bool:
    """True if it, or what lies between, defines anew how to send, and nothing of that leads to a socket."""
    used = (scene.program.method(found, name) for name, one in above.functions.items() if _sends(one))
    doing = [one for one in used if one is not None and one.owner != above.id and not is_stub(one)]
    return bool(doing) and not any(scene.reaches(one) or _asks_above(one, scene) for one in doing)


def _asks_above(function: Function, scene: Scene) -> bool:
    """True for a method that calls one of `super()`."""
    for edge in scene.program.calls(function.scope):
        match edge.call.func:
            case Attribute(value=Call(func=Name(id="super"))):
                return True
    return False


def _let_send(found: Class, scene: Scene) -> Iterator[str]:
    """The attributes of which it calls a method that is named for sending."""
    for _, edge in scene.edges(found):
        match edge.call.func:
            case Attribute(value=Attribute(value=Name(id="self"), attr=held)) as func if is_named_send(func):
                yield held


PART = Part(
    role=Role.EMITTER,
    observe=observe,
    weights={
        "event_methods": 0.5,
        "open_emit": 0.4,
        "reaches_socket": 0.4,
        "holds_sink": 0.3,
        "sink_by_name": 0.2,
        "sends_events": 0.6,
        "tells": 0.6,
        "hands_on": 0.4,
        "many_ways": 0.5,
        "sends_messages": 0.4,
        "names_messages": 0.5,
        "sends_through_server": 0.5,
        "listens": 0.2,
        "named_emitter": 0.2,
        "inherits": 0.6,
        "base_of": 0.6,
        "doubles": 0.7,
    },
    wanted={
        "event_methods": "several methods named after critical events",
        "open_emit": "a method that takes the event's name and its data",
        "reaches_socket": "a method for sending from which a socket is reached",
        "holds_sink": "an attribute that is a socket, a manager or somebody else who sends",
        "sink_by_name": "an attribute that is called like one who sends",
        "sends_events": "critical events in what it sends",
        "tells": "most of its methods shaping a message for one who sends",
        "hands_on": "most of its methods handing on to one who sends",
        "many_ways": "three methods for sending that lead to a socket",
        "sends_messages": "a call that sends a named message through a server",
        "sends_through_server": "a method for sending that calls a socket server",
        "listens": "listening to an agent or a stream of events",
        "named_emitter": "a name such as Emitter or Notifier",
    },
    decisive=(
        {"event_methods", "reaches_socket"},
        {"event_methods", "holds_sink"},
        {"event_methods", "sink_by_name"},
        {"event_methods", "named_emitter"},
        {"sends_messages", "named_emitter"},
        {"sends_messages", "holds_sink"},
        {"sends_events"},
        {"tells"},
        {"hands_on", "holds_sink"},
        {"hands_on", "named_emitter"},
        {"many_ways", "holds_sink"},
        {"sends_through_server"},
        {"listens", "reaches_socket", "holds_sink"},
        {"listens", "reaches_socket", "sends_messages"},
        {"base_of"},
        {"open_emit", "reaches_socket", "holds_sink"},
        {"open_emit", "reaches_socket", "named_emitter"},
        {"open_emit", "sink_by_name", "named_emitter"},
        {"inherits"},
        {"doubles"},
    ),
)
