"""Methods named after an event, open ones that take its name as an argument, and names that calls send."""

import re

from wsconsolidate.model.event import Vocabulary
from wsconsolidate.model.expr import Attribute, Call, Constant, Dict, dotted
from wsconsolidate.model.facts import FunctionFacts
from wsconsolidate.model.program import Function

PREFIXES = ("emit_", "notify_", "send_", "on_", "publish_", "push_", "broadcast_")
EVENT_PARAMETERS = frozenset(
    ("event", "event_type", "event_name", "message_type", "type", "kind", "msg_type")
)
LOGGERS = frozenset(("logger", "log", "logging", "_logger", "_log", "LOGGER", "LOG"))
"""How code calls what it logs with."""
_LOCALS = ".<locals>."
_OPEN_VERBS = frozenset(
    ("emit", "notify", "publish", "push", "dispatch", "relay", "send", "broadcast", "forward")
)


def named_event(method: str, vocabulary: Vocabulary) -> str | None:
    """The critical event that a method is named after, prefixes apart."""
    name = method.lstrip("_")
    found = vocabulary.canonical(name)
    if found or not name.startswith(PREFIXES):
        return found
    shortened = (name[len(prefix) :] for prefix in PREFIXES if name.startswith(prefix))
    return next(filter(None, map(vocabulary.canonical, shortened)), None)


def event_parameter(function: Function) -> str | None:
    """The parameter through which a method takes an event's name."""
    return next((p.name for p in function.facts.parameters if p.name in EVENT_PARAMETERS), None)


def sends_by_name(method: str) -> bool:
    """True for a method that is called like one that sends: `send_to_user`, `notify`, `_push`."""
    return method.lstrip("_").partition("_")[0] in _OPEN_VERBS


def is_open_emit(function: Function) -> bool:
    """True for `emit(event_type, data)` and its like; `push(event)` takes a value, not a name."""
    verb = function.name.lstrip("_").partition("_")[0]
    takes_data = len(function.facts.parameters) > 1 + (function.owner is not None)
    return verb in _OPEN_VERBS and takes_data and event_parameter(function) is not None


def message_name(call: Call) -> str | None:
    """The name under which a call sends: `emit("done", data)`, `send({"type": "done"})`; None if unnamed."""
    match call.args:
        case (Constant(value=str(name)), *rest) if (rest or call.keywords) and _is_name(name, call):
            return name
    for argument in call.args:
        for key, value in argument.items if isinstance(argument, Dict) else ():
            match key, value:
                case Constant(value="type" | "event"), Constant(value=str(name)) if not _is_asgi(name):
                    return name
    return None


def _is_name(name: str, call: Call) -> bool:
    """True for one word; for `emit` also for several, such as `show logs` and `task:done`."""
    emits = isinstance(call.func, Attribute) and call.func.attr == "emit"
    return name.isidentifier() or (emits and re.fullmatch(r"\w+([ .:/-]\w+)*", name) is not None)


def _is_asgi(name: str) -> bool:
    """True for the types of ASGI's own messages, such as `http.response.start`."""
    return name.startswith(("http.", "websocket.", "lifespan."))


def around(qualname: str) -> tuple[str, ...]:
    """The functions around one: `C.m` and `C.m.<locals>.f` for `C.m.<locals>.f.<locals>.g`."""
    parts = qualname.split(_LOCALS)
    return tuple(_LOCALS.join(parts[:count]) for count in range(1, len(parts)))


def own_names(method: FunctionFacts, class_name: str) -> frozenset[str]:
    """What a method calls its instance or its class: `self`, `cls`, the class's own name."""
    static = any((dotted(one) or "").endswith("staticmethod") for one in method.decorators)
    if static or not method.parameters:
        return frozenset((class_name,))
    return frozenset((class_name, method.parameters[0].name))
