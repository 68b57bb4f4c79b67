"""The way of each event through the program, from who starts it to the socket."""

from collections.abc import Iterable, Iterator, Mapping

from wsconsolidate.model.event import Coverage, Hop, Vocabulary, Way
from wsconsolidate.model.program import ClassId, Edge, Function, FunctionId, Program, ScopeId

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
    callers = _callers(program)
    found: list[Way] = []
    for event in vocabulary.events:
        for id, statuses in coverage.items():
            covered = statuses[event]
            if covered.flow and covered.status.covers and not program.classes[id].in_tests:
                found += _ways(event, covered, program, callers)
    return tuple(dict.fromkeys(found))


def _ways(
    event: str, covered: Coverage, program: Program, callers: Mapping[ScopeId, list[Edge]]
) -> Iterator[Way]:
    method = ScopeId(covered.path or "", covered.line or 0)
    for chain in _chains(method, program, callers):
        before = (Hop(symbol=_function(e, program).qualname, path=e.path, line=e.line) for e in chain)
        yield Way(event=event, hops=(*before, *covered.flow), arrives=covered.arrives)


def _callers(program: Program) -> dict[ScopeId, list[Edge]]:
    found: dict[ScopeId, list[Edge]] = {}
    for edges in program.edges.values():
        for edge in edges:
            for target in edge.targets:
                found.setdefault(ScopeId(*target), []).append(edge)
    return found


def _chains(
    start: ScopeId, program: Program, callers: Mapping[ScopeId, list[Edge]]
) -> list[tuple[Edge, ...]]:
    """The shortest call chains down to `start` from functions that nobody calls, the nearest first.

    Where all are called by others in a circle, or too far away, the longest of the shortest ones.
    """
    chains: dict[ScopeId, tuple[Edge, ...]] = {start: ()}
    level, ended = [start], []
    for _ in range(_FARTHEST_CALLER):
        above = [edge for scope in level for edge in _production(callers.get(scope, ()), program)]
        level = []
        for edge in above:
            if edge.scope not in chains:
                chains[edge.scope] = (edge, *chains[_called(edge, chains)])
                level.append(edge.scope)
        ended += [chains[scope] for scope in level if not _production(callers.get(scope, ()), program)]
    return ended[:_MOST_STARTS] or [max(chains.values(), key=len)]


def _called(edge: Edge, chains: Mapping[ScopeId, tuple[Edge, ...]]) -> ScopeId:
    return next(ScopeId(*target) for target in edge.targets if ScopeId(*target) in chains)


def _production(edges: Iterable[Edge], program: Program) -> list[Edge]:
    """The calls that stand in functions outside of the tests."""
    return [edge for edge in edges if edge.caller is not None and not _in_tests(edge, program)]


def _in_tests(edge: Edge, program: Program) -> bool:
    return program.modules[_function(edge, program).module].in_tests


def _function(edge: Edge, program: Program) -> Function:
    return program.functions[FunctionId(*edge.scope)]
