"""Who listens to an agent or to a stream of events."""

from collections.abc import Iterator

from wsconsolidate.model.expr import Attribute, Call, Name, dotted, unparse
from wsconsolidate.model.program import Class
from wsconsolidate.model.role import Evidence
from wsconsolidate.roles.scene import Scene

_LISTENERS = ("CallbackHandler", "Hooks", "Listener", "Tracer", "Callback", "Observer", "Subscriber")
_SUBSCRIBING = frozenset(
    (
        "subscribe",
        "psubscribe",
        "add_listener",
        "add_subscriber",
        "add_observer",
        "add_callback",
        "register_callback",
        "register_listener",
        "register_handler",
        "add_event_handler",
        "on",
        "on_event",
    )
)
_STREAMING = frozenset(("listen", "subscribe", "events", "stream", "stream_events", "iter_events"))


def listens(found: Class, scene: Scene) -> Iterator[Evidence]:
    """Listening to an agent or a stream: by a callback, by a loop over it, or by what it extends."""
    for name in found.lineage - {found.qualname}:
        if name.endswith(_LISTENERS):
            yield Evidence(kind="listens", detail=f"extends {name}", path=found.path, line=found.line)
    for function, own in scene.keeping.functions(found):
        body = function.facts.body
        for site in body.calls if body else ():
            for name in _given_methods(site.call, own, found):
                detail = f"{function.name}() lets self.{name}() be called"
                yield Evidence(kind="listens", detail=detail, path=function.path, line=site.call.line)
        for loop in body.loops if body else ():
            match loop.iterable:
                case Call(func=Attribute(attr=attr)) if loop.is_async and attr in _STREAMING:
                    detail = f"{function.name}() follows {unparse(loop.iterable)}"
                    yield Evidence(kind="listens", detail=detail, path=function.path, line=loop.line)


def _given_methods(call: Call, own: frozenset[str], found: Class) -> Iterator[str]:
    """The methods of the class that it gives to somebody to be called: `bus.subscribe(self.on_event)`."""
    if not isinstance(call.func, Attribute) or call.func.attr not in _SUBSCRIBING:
        return
    if "loop" in (dotted(call.func.value) or "IOLoop.current()").lower():
        return  # what is put on a loop is done soon, and only once
    for argument in call.args:
        match argument:
            case Attribute(value=Name(id=name), attr=attr) if name in own and attr in found.functions:
                yield attr
