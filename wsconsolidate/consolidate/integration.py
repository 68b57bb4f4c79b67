"""Where the parts of the back end are wired together."""

import re
from collections.abc import Iterator, Mapping

from wsconsolidate.model.analysis import IntegrationPoint
from wsconsolidate.model.event import Vocabulary
from wsconsolidate.model.expr import Attribute, Call
from wsconsolidate.model.naming import named_event
from wsconsolidate.model.program import Class, ClassId, Function, Program
from wsconsolidate.model.role import Cast, Role

_SETTER = re.compile(r"set_(?:\w*websocket\w*|ws(?:_\w+)?|connection_manager|\w*(?:bridge|notifier|emitter))")
_ENGINE = re.compile(r"Engine|Executor|Runner|Supervisor|Orchestrator|Agent")
_IDENTITY = frozenset(("thread_id", "run_id", "request_id", "session_id", "conversation_id"))
_SENDERS = (Role.EMITTER, Role.BRIDGE)
_TOOL_EVENTS = frozenset(("tool_executing", "tool_completed"))


def integration_points(
    program: Program, casts: Mapping[ClassId, Cast], vocabulary: Vocabulary
) -> tuple[IntegrationPoint, ...]:
    """Registries, notifiers, tool wrapping, bridges and contexts, in order of path and line."""
    found: set[IntegrationPoint] = set()
    for one in program.classes.values():
        if not one.in_tests:
            found |= set(_of_class(one, program, casts, vocabulary))
    for function in program.functions.values():
        if not program.modules[function.module].in_tests:
            found |= set(_bridge_made(function, program, casts))
    return tuple(sorted(found, key=lambda point: (point.path, point.line, point.kind, point.symbol)))


def _of_class(
    one: Class, program: Program, casts: Mapping[ClassId, Cast], vocabulary: Vocabulary
) -> Iterator[IntegrationPoint]:
    if one.id not in casts:
        yield from _setters(one)
        yield from _held_senders(one, program, casts)
        yield from _tool_wrapping(one, program, vocabulary)
        yield from _context(one, program)


def _setters(one: Class) -> Iterator[IntegrationPoint]:
    for function in one.functions.values():
        if _SETTER.fullmatch(function.name):
            yield IntegrationPoint(
                kind="registry", symbol=function.qualname, path=function.path, line=function.line
            )


def _held_senders(one: Class, program: Program, casts: Mapping[ClassId, Cast]) -> Iterator[IntegrationPoint]:
    if not _ENGINE.search(one.name):
        return
    for attribute, holdings in program.holdings[one.id].items():
        for holding in holdings:
            if any(
                type_.id in casts and casts[type_.id].role in _SENDERS for type_ in holding.types if type_.id
            ):
                symbol = f"{one.qualname}.{attribute}"
                yield IntegrationPoint(kind="notifier", symbol=symbol, path=holding.path, line=holding.line)
                break


def _tool_wrapping(one: Class, program: Program, vocabulary: Vocabulary) -> Iterator[IntegrationPoint]:
    """A method that tells of a tool before and after it runs."""
    for function in one.functions.values():
        told = {event for edge in program.calls(function.scope) for event in _told(edge.call, vocabulary)}
        if told >= _TOOL_EVENTS & set(vocabulary.events) and told:
            yield IntegrationPoint(
                kind="tool-wrapping", symbol=function.qualname, path=function.path, line=function.line
            )


def _told(call: Call, vocabulary: Vocabulary) -> Iterator[str]:
    for expr in (call.func, *call.arguments):
        if isinstance(expr, Attribute):
            event = named_event(expr.attr, vocabulary)
            if event in _TOOL_EVENTS:
                yield event


def _context(one: Class, program: Program) -> Iterator[IntegrationPoint]:
    fields = program.holdings[one.id].keys()
    if "user_id" in fields and len(_IDENTITY & fields) > 1:
        yield IntegrationPoint(kind="context", symbol=one.qualname, path=one.path, line=one.line)


def _bridge_made(
    function: Function, program: Program, casts: Mapping[ClassId, Cast]
) -> Iterator[IntegrationPoint]:
    for edge in program.calls(function.scope):
        if any(id in casts and casts[id].role is Role.BRIDGE for id in edge.constructs):
            yield IntegrationPoint(kind="bridge", symbol=function.qualname, path=edge.path, line=edge.line)
