"""How much each kind of evidence counts, and which kinds together make a role.

The confidence of a role is 1 - product(1 - weight) over the kinds that were seen: independent
witnesses. A role needs one of its `DECISIVE` sets complete, so that names alone never decide.
"""

from collections.abc import Collection

from wsconsolidate.model.role import Role

MOST_SURE = 0.99

WEIGHTS: dict[Role, dict[str, float]] = {
    Role.MANAGER: {
        "holds_connections": 0.6,
        "adds_connections": 0.3,
        "removes_connections": 0.2,
        "sends_to_connections": 0.4,
        "sends_to_sockets": 0.2,
        "keeps_ids": 0.5,
        "removes_ids": 0.2,
        "sends_by_id": 0.3,
        "owns_server": 0.4,
        "joins_groups": 0.3,
        "leaves_groups": 0.3,
        "named_manager": 0.1,
        "inherits": 0.7,
        "forwards": 0.6,
        "stands_before": 0.2,
        "keeps_managers": 0.4,
        "sends_through_them": 0.4,
        "holds_outlets": 0.4,
        "takes_outlets": 0.3,
        "drops_outlets": 0.2,
        "base_of": 0.6,
        "doubles": 0.7,
    },
    Role.CONNECTION: {
        "wraps_socket": 0.6,
        "uses_socket": 0.4,
        "extends_socket": 0.7,
        "named_connection": 0.1,
        "inherits": 0.6,
        "doubles": 0.7,
    },
    Role.BRIDGE: {
        "named_bridge": 0.4,
        "listens": 0.4,
        "hands_to_manager": 0.4,
        "holds_manager": 0.3,
        "event_methods": 0.4,
        "reaches_socket": 0.2,
        "state_machine": 0.3,
        "lifecycle": 0.2,
        "inherits": 0.6,
        "doubles": 0.7,
    },
    Role.EMITTER: {
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
        "named_emitter": 0.2,
        "inherits": 0.6,
        "base_of": 0.6,
        "doubles": 0.7,
    },
    Role.PROTOCOL: {
        "declares": 0.3,
        "describes_events": 0.4,
        "describes_manager": 0.4,
        "describes_emit": 0.3,
        "fits": 0.4,
        "mentions_socket": 0.3,
        "named_websocket": 0.3,
        "inherits": 0.4,
    },
    Role.FACTORY: {"creates": 0.5, "returns": 0.3, "keeps": 0.2, "named_factory": 0.3, "doubles": 0.7},
    Role.ERROR: {
        "is_exception": 0.1,
        "named_websocket": 0.6,
        "documented_websocket": 0.4,
        "raised_by_role": 0.4,
        "inherits": 0.6,
    },
    Role.PAYLOAD: {
        "is_data": 0.1,
        "names_event": 0.5,
        "envelope": 0.5,
        "named_payload": 0.3,
        "lives_with_websockets": 0.2,
    },
}

DECISIVE: dict[Role, tuple[Collection[str], ...]] = {
    Role.MANAGER: (
        {"holds_connections", "adds_connections"},
        {"holds_connections", "removes_connections"},
        {"holds_connections", "sends_to_connections"},
        {"keeps_ids", "removes_ids"},
        {"keeps_ids", "sends_by_id"},
        {"joins_groups", "leaves_groups", "sends_by_id"},
        {"owns_server", "sends_by_id"},
        {"forwards", "named_manager"},
        {"forwards", "stands_before"},
        {"keeps_managers", "sends_through_them"},
        {"holds_outlets", "takes_outlets", "drops_outlets"},
        {"base_of"},
        {"inherits"},
        {"doubles"},
    ),
    Role.CONNECTION: (
        {"wraps_socket", "uses_socket"},
        {"wraps_socket", "named_connection"},
        {"extends_socket"},
        {"inherits", "wraps_socket"},
        {"doubles"},
    ),
    Role.BRIDGE: (
        {"named_bridge", "event_methods"},
        {"named_bridge", "hands_to_manager"},
        {"listens", "hands_to_manager"},
        {"named_bridge", "holds_manager", "reaches_socket"},
        {"event_methods", "holds_manager", "state_machine"},
        {"inherits"},
        {"doubles"},
    ),
    Role.EMITTER: (
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
        {"base_of"},
        {"open_emit", "reaches_socket", "holds_sink"},
        {"open_emit", "reaches_socket", "named_emitter"},
        {"inherits"},
        {"doubles"},
    ),
    Role.PROTOCOL: (
        {"declares", "describes_events"},
        {"declares", "describes_manager"},
        {"declares", "describes_emit", "named_websocket"},
        {"declares", "describes_emit", "fits"},
        {"declares", "mentions_socket"},
    ),
    Role.FACTORY: ({"creates", "named_factory"}, {"creates", "returns"}, {"creates", "keeps"}, {"doubles"}),
    Role.ERROR: (
        {"is_exception", "named_websocket"},
        {"is_exception", "inherits"},
        {"is_exception", "documented_websocket", "raised_by_role"},
    ),
    Role.PAYLOAD: (
        {"is_data", "names_event"},
        {"is_data", "envelope", "lives_with_websockets"},
        {"is_data", "named_payload", "lives_with_websockets"},
    ),
}


def confidence(role: Role, kinds: Collection[str]) -> float:
    """How sure the role is, 0 to `MOST_SURE` in two places; 0 where nothing decisive was seen."""
    if not any(set(needed) <= set(kinds) for needed in DECISIVE[role]):
        return 0.0
    doubt = 1.0
    for kind in set(kinds):
        doubt *= 1.0 - WEIGHTS[role][kind]
    return min(round(1.0 - doubt, 2), MOST_SURE)
