"""Methods that tell: they shape a message and hand it to somebody who sends, and do hardly anything else."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from wsconsolidate.model.expr import Attribute, Call, Constant, Dict, Expr, Joined, Name, Opaque, Subscript
from wsconsolidate.model.facts import ValueBinding
from wsconsolidate.model.program import Certainty, Class, Edge, Function, ScopeId, Type
from wsconsolidate.model.role import Role
from wsconsolidate.model.sockets import is_asgi_send
from wsconsolidate.model.source import is_in_tree
from wsconsolidate.roles.scene import Scene, is_named_send, is_property, words

SINKS = (Role.MANAGER, Role.BRIDGE, Role.CONNECTION, Role.PROTOCOL, Role.EMITTER)
_ASIDE = frozenset(
    (
        "add assert attach cleanup clear close configure connect create detach disable disconnect enable"
        " ensure flush from get has health init initialize is join leave open raise register remove reset"
        " set setup shutdown start stats stop subscribe to unregister unsubscribe with"
    ).split()
)
"""Verbs of what surrounds the telling: who asks, sets up and tears down is not counted."""
_DEALING = frozenset(("add", "create", "get", "remove", "set"))
"""Those of them by which others deal with data, if they call somebody for it."""
_WORKING = frozenset(
    (
        "ask authenticate call check execute fetch handle invoke listen load process read receive request run"
        " save serve validate wait"
    ).split()
)
"""Verbs of work: what is sent on the way is not what such a method is for."""
_TELLING = frozenset(
    (
        "alert announce broadcast deliver emit forward notify on progress publish push relay report send"
        " signal stream tell"
    ).split()
)
"""Verbs of telling: such a method may look something up first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A method that tells, with the call by which it does, and whether it shapes what it sends."""

    function: Function
    edge: Edge
    shapes: bool


def telling(found: Class, scene: Scene) -> tuple[Told, ...]:
    """The methods of a class that tell, if that is what most of its methods are there for; else none."""
    return _Teller(found, scene).told()


class _Teller:
    """Reads the methods of one class; what it found out of each is kept."""

    def __init__(self, found: Class, scene: Scene) -> None:
        self._found = found
        self._scene = scene
        self._handing: dict[ScopeId, Edge | None] = {}
        self._working: dict[ScopeId, bool] = {}
        self._shaping: dict[ScopeId, bool] = {}

    def told(self) -> tuple[Told, ...]:
        own = self._found.functions
        public = [function for function in own.values() if self._is_for(function)]
        told = [one for function in public if (one := self._told(function)) is not None]
        beside = sum(not name.startswith("_") for name in own) > 1
        if len(told) == 1 and beside and words(told[0].function.name)[0] not in _TELLING:
            return ()
        private = (one for name, one in own.items() if name.startswith("_") and not name.endswith("__"))
        at_work = [one for one in private if told and not self._sinks(one) and self._does(one)]
        return tuple(told) if 2 * len(told) >= len(public) + len(at_work) else ()

    def _is_for(self, function: Function) -> bool:
        """True for a method that says what the class is for; not if it only lets another one tell."""
        if words(function.name)[0] in _WORKING and self._hands(function) and not self._works(function):
            return False
        return _counts(function) or self._deals(function)

    def _deals(self, function: Function) -> bool:
        """True for `add()` and its like where it does more than keep something."""
        return words(function.name)[0] in _DEALING and not is_property(function) and self._does(function)

    def _told(self, function: Function) -> Told | None:
        verb = words(function.name)[0]
        edge = self._hands(function) if verb not in _WORKING else None
        if edge is None or (verb not in _TELLING and (self._works(function) or self._asks(edge))):
            return None
        return Told(function=function, edge=edge, shapes=self._shapes(function))

    def _asks(self, edge: Edge) -> bool:
        """True for a call of an emitter: what calls `notify_agent_started()` starts an event."""
        return any(self._scene.has_role(one, Role.EMITTER, Role.BRIDGE) for one in edge.receiver)

    def _calls(self, function: Function) -> tuple[Edge, ...]:
        return self._scene.program.calls(function.scope)

    def _hands(self, function: Function) -> Edge | None:
        """The call by which a method hands something to one who sends, itself or by a helper of its own."""
        if function.scope not in self._handing:
            self._handing[function.scope] = None
            ways = (self._hands(helper) for helper in self._helpers(function))
            found = chain(self._sinks(function), (way for way in ways if way is not None))
            self._handing[function.scope] = next(found, None)
        return self._handing[function.scope]

    def _sinks(self, function: Function) -> list[Edge]:
        return [edge for edge in self._calls(function) if self._is_sink(edge, function)]

    def _helpers(self, function: Function) -> Iterator[Function]:
        """The methods of the class, own or inherited, that a method calls."""
        for edge in self._calls(function):
            for target in edge.targets if edge.certainty is Certainty.TYPED else ():
                helper = self._scene.program.functions.get(target)
                if helper is not None and self._is_own(helper):
                    yield helper

    def _told_by(self, function: Function) -> Iterator[Function]:
        """The plain functions that a method lets send."""
        for edge in self._sinks(function):
            for target in edge.targets:
                helper = self._scene.program.functions.get(target)
                if helper is not None and helper.owner is None and edge.certainty is Certainty.NAMED:
                    yield helper

    def _is_own(self, function: Function) -> bool:
        return function.owner is not None and function.owner in self._found.mro.ids

    def _is_sink(self, edge: Edge, function: Function) -> bool:
        """True for a call that hands something to one who sends, unless given to the method for this call."""
        scene = self._scene
        given = {parameter.name for parameter in function.facts.parameters[1:]}
        if not scene.program.arrives(edge) or _root(edge.call.func) in given:
            return False
        if edge.writes or edge.certainty in (Certainty.HANDED_OVER, Certainty.QUEUED):
            return True
        receivers = [one for one in edge.receiver if one.id is None or one.id not in self._found.mro.ids]
        if any(scene.is_socket(one) or scene.fans_out(one) for one in receivers):
            return True
        targets = [scene.program.functions[id] for id in edge.targets if id in scene.program.functions]
        if any(one.owner is None and self._sends_itself(one) for one in targets):
            return True
        owners = (Type("", (), one.owner) for one in targets if one.owner and not self._is_own(one))
        by_role = any(scene.has_role(one, *SINKS) for one in chain(receivers, owners))
        return by_role and hands_a_message(edge, scene)

    def _sends_itself(self, target: Function) -> bool:
        """True for a function that writes to a socket itself or lets one send who is there for that."""
        return any(edge.writes or self._is_by_role(edge) for edge in self._calls(target))

    def _is_by_role(self, edge: Edge) -> bool:
        """True for a call of a method of who is there for sending."""
        reached = (self._scene.program.functions.get(target) for target in edge.targets)
        owners = (one.owner for one in reached if one is not None and one.owner is not None)
        sends = self._scene.program.arrives(edge) and is_named_send(edge.call.func)
        return sends and any(self._scene.has_role(Type("", (), id), *SINKS) for id in owners)

    def _works(self, function: Function) -> bool:
        """True if the method does something else than tell: calls others, or waits for something."""
        if function.scope not in self._working:
            self._working[function.scope] = False
            helpers = self._helpers(function)
            self._working[function.scope] = self._does(function) or any(map(self._works, helpers))
        return self._working[function.scope]

    def _does(self, function: Function) -> bool:
        return any(self._is_work(edge) for edge in self._calls(function) if not self._is_sink(edge, function))

    def _is_work(self, edge: Edge) -> bool:
        others = any(map(self._is_elsewhere, edge.targets))
        return others or (edge.site.awaited and not edge.targets and not edge.writes)

    def _is_elsewhere(self, target: ScopeId) -> bool:
        """True for a function of the tree, in a file that matters or not, that is no method of the class."""
        function = self._scene.program.functions.get(target)
        return not self._is_own(function) if function is not None else is_in_tree(target.path)

    def _shapes(self, function: Function) -> bool:
        """True if what it sends is more than one of its parameters as it is."""
        if function.scope not in self._shaping:
            self._shaping[function.scope] = False
            sent = (edge for edge in self._calls(function) if self._scene.program.arrives(edge))
            shaped = any(self._shaped(edge, function) for edge in sent if not is_asgi_send(edge.call))
            helpers = chain(self._helpers(function), self._told_by(function))
            self._shaping[function.scope] = shaped or any(map(self._shapes, helpers))
        return self._shaping[function.scope]

    def _shaped(self, edge: Edge, function: Function) -> bool:
        arguments = (*edge.call.args, *(value for _, value in edge.call.keywords))
        return any(_is_shaped(one, function, self._scene) for one in arguments)


def hands_a_message(edge: Edge, scene: Scene) -> bool:
    """True for a call of what is named for telling or for an event, or writes to a socket itself."""
    called = edge.call.func
    if isinstance(called, Attribute) and (
        words(called.attr)[0] in _TELLING or is_named_send(called) or scene.names_event(called.attr)
    ):
        return True
    return any(one.writes for target in edge.targets for one in scene.program.calls(target))


def _counts(function: Function) -> bool:
    hidden = function.name.startswith("_") or is_property(function)
    return not hidden and _verb(function) not in _ASIDE


def _verb(function: Function) -> str:
    """The first word of a method's name; of a hook such as `on_start` the next."""
    first, *others = words(function.name)
    return others[0] if first == "on" and others[:1] and others[0] in _ASIDE else first


def _root(expr: Expr) -> str | None:
    match expr:
        case Name(id=name):
            return name
        case Attribute(value=value) | Call(func=Attribute(value=value)):
            return _root(value)
        case _:
            return None


def _is_shaped(argument: Expr, function: Function, scene: Scene) -> bool:
    """True for a message that is made here: a dict, a string, an instance, also under a local name."""
    known: set[str] = set()
    waiting = [argument]
    while waiting:
        match waiting.pop():
            case Dict() | Joined() | Constant(value=str()):
                return True
            case Call(func=Attribute(value=value), args=()):
                waiting.append(value)
            case Call(func=Name(id=name)) if name[:1].isupper():
                return True
            case Call(args=(value, *_)):
                waiting.append(value)
            case Opaque(parts=parts):
                waiting.extend(parts)
            case Name(id=name) if name not in known:
                if _gets_keys(name, function):
                    return True
                known.add(name)
                waiting.extend(_bound(name, function, scene))
    return False


def _gets_keys(name: str, function: Function) -> bool:
    """True if a method sets keys of what it calls so: `message["event"] = name`."""
    for store in function.facts.body.stores if function.facts.body else ():
        match store.target:
            case Subscript(value=Name(id=owner), index=Constant()) if owner == name:
                return True
    return False


def _bound(name: str, function: Function, scene: Scene) -> Iterator[Expr]:
    """What a method binds a name to, unless that is another name."""
    for one in scene.program.bindings(function.scope):
        if isinstance(one, ValueBinding) and one.name == name and not isinstance(one.value, Name | None):
            yield one.value
