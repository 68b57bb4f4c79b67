"""Why a class has no role: what was seen of one, and what would have to be seen besides."""

from collections.abc import Mapping
from dataclasses import dataclass

from wsconsolidate.model.event import Vocabulary
from wsconsolidate.model.program import Class, ClassId, Program
from wsconsolidate.model.role import Cast, Evidence, Role
from wsconsolidate.roles.cast import can_play
from wsconsolidate.roles.part import Part
from wsconsolidate.roles.registry import PARTS
from wsconsolidate.roles.scene import Scene

_ASKED = (Role.MANAGER, Role.EMITTER, Role.BRIDGE, Role.PROTOCOL, Role.CONNECTION)
PARTS_ASKED = tuple(part for part in PARTS if part.role in _ASKED)
_OF_OTHERS = frozenset(("inherits", "doubles", "base_of"))
"""Kinds that a class owes to others: nobody misses them."""

_WANTED = {
    "holds_connections": "a container of several live connections",
    "adds_connections": "code that adds connections to it",
    "removes_connections": "code that removes connections from it",
    "sends_to_connections": "a call that sends to one of them",
    "keeps_ids": "a container of ids of clients",
    "removes_ids": "code that removes such ids",
    "sends_by_id": "a call that sends through a server or a manager",
    "owns_server": "a server that it makes itself",
    "joins_groups": "a call that puts clients into groups",
    "leaves_groups": "a call that takes clients out of groups",
    "named_manager": "a name such as Manager or Hub",
    "forwards": "calls by which a manager takes and drops connections",
    "stands_before": "most of its methods handing on to a manager",
    "keeps_managers": "a container of rooms that keep connections",
    "sends_through_them": "a call that sends through one of them",
    "holds_outlets": "a container of objects that lead to a socket each",
    "takes_outlets": "a method for connecting that adds to it",
    "drops_outlets": "code that removes from it",
    "event_methods": "several methods named after critical events",
    "reaches_socket": "a method for sending from which a socket is reached",
    "holds_sink": "an attribute that is a socket, a manager or somebody else who sends",
    "sink_by_name": "an attribute that is called like one who sends",
    "named_emitter": "a name such as Emitter or Notifier",
    "sends_messages": "a call that sends a named message through a server",
    "sends_events": "critical events in what it sends",
    "tells": "most of its methods shaping a message for one who sends",
    "hands_on": "most of its methods handing on to one who sends",
    "many_ways": "three methods for sending that lead to a socket",
    "sends_through_server": "a method for sending that calls a socket server",
    "open_emit": "a method that takes the event's name and its data",
    "named_bridge": "a name such as Bridge or Adapter",
    "listens": "listening to an agent or a stream of events",
    "hands_to_manager": "a call that hands a message to a manager or an emitter",
    "holds_manager": "an attribute that is a manager",
    "state_machine": "a state of its own",
    "declares": "abstract members only",
    "describes_events": "a member named after a critical event",
    "describes_manager": "members of a manager, or a class with a role that implements it",
    "describes_emit": "a member that takes the event's name and its data",
    "fits": "a class with a role that has its members",
    "mentions_socket": "a member that is handed a live socket",
    "named_websocket": "a name that speaks of WebSockets",
    "wraps_socket": "an attribute that is a live socket",
    "uses_socket": "a call of that socket",
    "named_connection": "a name such as Connection",
    "extends_socket": "a socket's class that it extends",
}


@dataclass(frozen=True, slots=True)
class Lack:
    """A role that a class does not have, with what was seen of it and what was not, in words."""

    role: Role
    seen: tuple[Evidence, ...]
    wanted: tuple[str, ...]


def lacking(
    program: Program, vocabulary: Vocabulary, casts: Mapping[ClassId, Cast], one: Class
) -> tuple[Lack, ...]:
    """The roles of which something was seen in a class that has none, the nearest first."""
    scene = Scene(program, vocabulary)
    scene.casts = dict(casts)
    found = (_lack(one, part, scene) for part in PARTS_ASKED if can_play(one, part))
    return tuple(sorted((lack for lack in found if lack), key=lambda lack: len(lack.wanted)))


def _lack(one: Class, part: Part, scene: Scene) -> Lack | None:
    seen = tuple(dict.fromkeys(part.observe(one, scene)))
    kinds = {evidence.kind for evidence in seen}
    if all(kind.startswith("named_") for kind in kinds):
        return None
    lacking = (set(needed) - kinds for needed in part.decisive if _OF_OTHERS.isdisjoint(needed))
    wanted = min(lacking, key=lambda kinds: (len(kinds), sorted(kinds)))
    return Lack(part.role, seen, tuple(_WANTED[kind] for kind in sorted(wanted)))
