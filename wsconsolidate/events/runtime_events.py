"""Places where an event's name is chosen at run time, so that nobody can say which events are sent."""

from wsconsolidate.model.event import RuntimeEvent
from wsconsolidate.model.expr import Call, Joined, Name, text, unparse
from wsconsolidate.model.naming import PREFIXES
from wsconsolidate.model.program import Edge, Function, Program


def runtime_events(program: Program) -> tuple[RuntimeEvent, ...]:
    """`getattr(x, f"emit_{event}")` and `setattr(x, f"emit_{event}", ...)`, in order of path and line."""
    found = [
        _runtime_event(edge, program.functions.get(edge.scope))
        for edges in program.edges.values()
        for edge in edges
        if _chooses_method(edge.call) and not program.lookup.choices(edge.scope, edge.call.args[1])
    ]
    return tuple(sorted(found, key=lambda event: (event.path, event.line, event.detail)))


def _chooses_method(call: Call) -> bool:
    match call:
        case Call(func=Name(id="getattr" | "setattr" | "hasattr"), args=(_, Joined(parts=parts), *_)):
            return bool(parts) and text(parts[0]) in PREFIXES
        case _:
            return False


def _runtime_event(edge: Edge, function: Function | None) -> RuntimeEvent:
    symbol = function.qualname if function else edge.path
    return RuntimeEvent(symbol=symbol, path=edge.path, line=edge.line, detail=unparse(edge.call))
