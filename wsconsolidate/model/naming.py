"""Methods that are named after an event, and open ones that take its name as an argument."""

from wsconsolidate.model.event import Vocabulary
from wsconsolidate.model.program import Function

PREFIXES = ("emit_", "notify_", "send_", "on_", "publish_", "push_", "broadcast_")
EVENT_PARAMETERS = frozenset(
    ("event", "event_type", "event_name", "message_type", "type", "kind", "msg_type")
)
_OPEN_VERBS = frozenset(
    ("emit", "notify", "publish", "push", "dispatch", "relay", "send", "broadcast", "forward")
)


def named_event(method: str, vocabulary: Vocabulary) -> str | None:
    """The critical event that a method is named after, prefixes apart."""
    name = method.lstrip("_")
    for prefix in ("", *PREFIXES):
        if name.startswith(prefix):
            found = vocabulary.canonical(name[len(prefix) :])
            if found:
                return found
    return None


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
