"""The way of each event through the program, from who starts it to the socket."""

from collections.abc import Iterator, Mapping

from wsconsolidate.model.event import Coverage, Hop, Vocabulary, Way
from wsconsolidate.model.program import ClassId, Edge, Program, ScopeId

_FARTHEST_CALLER = 12
_MOST_STARTS = 6


def ways(
    program: Program,
    coverage: Mapping[ClassId, Mapping[str, Coverage]],
    vocabulary: Vocabulary,
) -> tuple[Way, ...]:
    """The ways of each class and event that is covered, in order of event, path and line.

    There is one for each function that starts it and that nobody calls, the nearest first, and at
    most `_MOST_STARTS`.
    """
    found: list[Way] = []
    for event in vocabulary.events:
        for id, statuses in coverage.items():
            covered = statuses[event]
            if covered.flow and covered.status.covers and not program.classes[id].in_tests:
                found += _ways(event, covered, program)
    return tuple(dict.fromkeys(found))


def _ways(event: str, covered: Coverage, program: Program) -> Iterator[Way]:
    for chain in _chains(ScopeId(covered.path or "", covered.line or 0), program):
        hops = ((program.functions[one.scope].qualname, one) for one in chain)
        before = (Hop(symbol=symbol, path=one.path, line=one.line) for symbol, one in hops)
        yield Way(event=event, hops=(*before, *covered.flow), arrives=covered.arrives)


def _chains(start: ScopeId, program: Program) -> list[tuple[Edge, ...]]:
    """The shortest call chains down to `start` from functions that nobody calls, the nearest first.

    Where all are called by others in a circle, or too far away, the longest of the shortest ones.
    """
    chains: dict[ScopeId, tuple[Edge, ...]] = {start: ()}
    level, ended = [start], []
    for _ in range(_FARTHEST_CALLER):
        above = [edge for scope in level for edge in _callers(scope, program)]
        level = []
        for edge in above:
            if edge.scope not in chains:
                chains[edge.scope] = (edge, *chains[_called(edge, chains)])
                level.append(edge.scope)
        ended += [chains[scope] for scope in level if not _callers(scope, program)]
    return ended[:_MOST_STARTS] or [max(chains.values(), key=len)]


def _called(edge: Edge, chains: Mapping[ScopeId, tuple[Edge, ...]]) -> ScopeId:
    return next(target for target in edge.targets if target in chains)


def _callers(scope: ScopeId, program: Program) -> list[Edge]:
    """The calls of a function that stand in functions outside of the tests."""
    called = program.functions.get(scope)
    edges = program.callers(called) if called else ()
    callers = ((edge, program.functions.get(edge.scope)) for edge in edges)
    return [edge for edge, one in callers if one and not program.modules[one.module].in_tests]
