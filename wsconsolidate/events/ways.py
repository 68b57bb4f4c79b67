"""The way of each event through the program, from who starts it to the socket."""

from collections.abc import Iterator, Mapping

from wsconsolidate.model.event import Coverage, Hop, Vocabulary, Way
from wsconsolidate.model.program import ClassId, Edge, Function, FunctionId, Program, ScopeId

_FARTHEST_CALLER = 12


def ways(
    program: Program,
    coverage: Mapping[ClassId, Mapping[str, Coverage]],
    vocabulary: Vocabulary,
) -> tuple[Way, ...]:
    """One way for each class and event that is covered and called, in order of event, path and line."""
    callers = _callers(program)
    found = []
    for event in vocabulary.events:
        for id, statuses in coverage.items():
            covered = statuses[event]
            if covered.flow and covered.status.covers and not program.classes[id].in_tests:
                found.append(_way(event, covered, program, callers))
    return tuple(dict.fromkeys(found))


def _way(event: str, covered: Coverage, program: Program, callers: Mapping[ScopeId, list[Edge]]) -> Way:
    method = FunctionId(covered.path or "", covered.line or 0)
    before = tuple(_backwards(ScopeId(*method), program, callers))
    return Way(event=event, hops=(*before, *covered.flow), arrives=covered.arrives)


def _callers(program: Program) -> dict[ScopeId, list[Edge]]:
    found: dict[ScopeId, list[Edge]] = {}
    for edges in program.edges.values():
        for edge in edges:
            for target in edge.targets:
                found.setdefault(ScopeId(*target), []).append(edge)
    return found


def _backwards(start: ScopeId, program: Program, callers: Mapping[ScopeId, list[Edge]]) -> Iterator[Hop]:
    """The hops of a shortest call chain from a function that nobody calls down to `start`."""
    chains: dict[ScopeId, tuple[Edge, ...]] = {start: ()}
    level = [start]
    best: tuple[Edge, ...] = ()
    for _ in range(_FARTHEST_CALLER):
        next_level = []
        for scope in level:
            for edge in callers.get(scope, ()):
                if edge.scope not in chains and edge.caller is not None and not _in_tests(edge, program):
                    chains[edge.scope] = (edge, *chains[scope])
                    next_level.append(edge.scope)
        if not next_level:
            break
        best = chains[next_level[0]]
        roots = [scope for scope in next_level if not callers.get(scope)]
        if roots:
            best = chains[roots[0]]
            break
        level = next_level
    for edge in best:
        caller = _function(edge, program)
        yield Hop(symbol=caller.qualname, path=edge.path, line=edge.line)


def _in_tests(edge: Edge, program: Program) -> bool:
    return program.modules[_function(edge, program).module].in_tests


def _function(edge: Edge, program: Program) -> Function:
    return program.functions[FunctionId(*edge.scope)]
