"""Who tells of tools, and which tools are run in between."""

from collections.abc import Iterator

from wsconsolidate.model.carrying import Carrying
from wsconsolidate.model.event import Vocabulary
from wsconsolidate.model.expr import Attribute, text, walk
from wsconsolidate.model.naming import named_event, sends_by_name
from wsconsolidate.model.program import Edge, Function, FunctionId, Program, ScopeId

TOOL_EVENTS = frozenset(("tool_executing", "tool_completed"))


class ToolRuns:
    """Knows the functions that tell of tools, and the calls that they put between two tellings."""

    def __init__(self, program: Program, vocabulary: Vocabulary, carrying: Carrying) -> None:
        self._program = program
        self._vocabulary = vocabulary
        self._carrying = carrying
        self._tells_by_edge = {
            scope: [self._tells(edge) for edge in edges] for scope, edges in program.edges.items()
        }
        tells = {scope for scope, told in self._tells_by_edge.items() if any(told)}
        writes = {function.scope for function in program.functions.values() if self._gives_back(function)}
        self._telling = tells | writes
        self._lines = {scope: lines for scope in program.edges if (lines := self._told_lines(scope))}

    def _tells(self, edge: Edge) -> bool:
        func = edge.call.func
        named = named_event(func.attr, self._vocabulary) if isinstance(func, Attribute) else None
        if named in TOOL_EVENTS:
            return True
        sends = isinstance(func, Attribute) and sends_by_name(func.attr)
        return (sends or self._program.arrives(edge)) and bool(TOOL_EVENTS & self._carrying.events(edge))

    def _gives_back(self, function: Function) -> bool:
        """True for a function that makes the messages for somebody else to send."""
        returns = function.facts.body.returns if function.facts.body else ()
        words = {text(part) or "" for value in returns for part in walk(value)}
        return not TOOL_EVENTS.isdisjoint(self._vocabulary.canonical(word) or "" for word in words)

    def _told_lines(self, scope: ScopeId) -> list[int]:
        """The lines on which a function tells of a tool, itself or by a helper of its module."""
        return [
            edge.line
            for edge, tells in zip(self._program.edges[scope], self._tells_by_edge[scope], strict=True)
            if tells or any(self._helps(scope, target) for target in edge.targets)
        ]

    def _helps(self, scope: ScopeId, target: FunctionId) -> bool:
        return target in self._telling and target.path == scope.path

    def wrapped(self) -> Iterator[Edge]:
        """The calls of production code that run a tool between two lines that tell of it."""
        for scope, lines in self._lines.items():
            for edge in self._program.edges[scope]:
                between = min(lines) < edge.line < max(lines) and edge.line not in lines
                if between and self._runs_tool(edge):
                    yield edge

    def _runs_tool(self, edge: Edge) -> bool:
        production = edge.site.awaited and not self._program.files[edge.path].in_tests
        return production and bool(edge.targets) and all(map(self._is_tool, edge.targets))

    def _is_tool(self, target: FunctionId) -> bool:
        function = self._program.functions.get(target)
        return function is not None and "tool" in function.qualname.lower()

    def is_told(self, caller: Function) -> bool:
        """True for one that tells of the tool, is called only by such, or belongs to the tests."""
        if caller.scope in self._lines or self._program.files[caller.path].in_tests:
            return True
        edges = self._program.callers(caller)
        return bool(edges) and all(edge.scope in self._lines for edge in edges)
