"""From which functions a socket is reached, and by which call."""

from collections.abc import Mapping

from wsconsolidate.model.delegation import is_runtime_emit
from wsconsolidate.model.program import Edge, ScopeId


def onward(edges: Mapping[ScopeId, tuple[Edge, ...]]) -> dict[ScopeId, Edge]:
    """For each function from which a socket is reached, the next call on a shortest way to it.

    The bundled emitter brings to a socket what it is told, also where that way is not seen.
    """
    callers: dict[ScopeId, list[Edge]] = {}
    found: dict[ScopeId, Edge] = {}
    for scope, calls in edges.items():
        for edge in calls:
            for target in edge.targets:
                callers.setdefault(target, []).append(edge)
            if edge.writes:
                found.setdefault(scope, edge)
    _reach_back(found, callers, list(found))
    through = {scope: edge for scope, calls in edges.items() for edge in calls if is_runtime_emit(edge)}
    fresh = [scope for scope in through if scope not in found]
    found.update((scope, through[scope]) for scope in fresh)
    _reach_back(found, callers, fresh)
    return found


def _reach_back(
    found: dict[ScopeId, Edge], callers: Mapping[ScopeId, list[Edge]], reached: list[ScopeId]
) -> None:
    """Add, level by level, the functions from which one that was reached is called."""
    while reached:
        next_reached = []
        for scope in reached:
            for edge in callers.get(scope, ()):
                if edge.scope not in found:
                    found[edge.scope] = edge
                    next_reached.append(edge.scope)
        reached = next_reached
