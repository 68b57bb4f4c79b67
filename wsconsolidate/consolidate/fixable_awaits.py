"""Whether a call that drops its coroutine can be awaited where it stands."""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis, Fix
from wsconsolidate.model.facts import Use
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.program import Edge

_LATER = "the caller waits for the event now, and meets what sending it raises"
_PLAIN = "its caller is no coroutine: make it one, or hand the call to a task that is kept"


def judge_awaits(found: Analysis) -> Iterator[tuple[str, int, Fix]]:
    """Each call whose value is dropped, with whether an `await` can stand before it."""
    for edges in found.program.edges.values():
        for edge in edges:
            if edge.site.use is Use.DROPPED and not edge.site.awaited:
                yield edge.path, edge.line, _fix(found, edge)


def _fix(found: Analysis, edge: Edge) -> Fix:
    caller = found.program.functions.get(edge.caller) if edge.caller else None
    if caller is None or not caller.facts.is_async:
        return Fix(applicability=Applicability.DISPLAY, reason=_PLAIN)
    return Fix(applicability=Applicability.UNSAFE, reason=_LATER)
