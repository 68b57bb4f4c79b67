"""Which messages of events are made by hand where they are sent."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.expr import Attribute, Dict, Expr, Name
from wsconsolidate.model.facts import ValueBinding
from wsconsolidate.model.naming import EVENT_PARAMETERS, sends_by_name
from wsconsolidate.model.program import Edge, Function


@dataclass(frozen=True, slots=True)
class HandMade:
    """A message as a dict, in the function that hands it to a sender."""

    function: Function
    edge: Edge
    frame: Dict


@dataclass(frozen=True, slots=True)
class AdHoc:
    """The hand-made messages of a class, or of a function outside of any; one at least."""

    symbol: str
    path: str
    messages: list[HandMade] = field(default_factory=list)

    @property
    def line(self) -> int:
        """Where the first of them is written."""
        return self.messages[0].frame.line


def ad_hoc_messages(found: Analysis) -> tuple[AdHoc, ...]:
    """Each class or function that makes messages of events by hand, in order of its first."""
    told: dict[tuple[str, str], AdHoc] = {}
    for function in found.program.functions.values():
        symbol = _symbol(found, function)
        for message in _messages(found, function) if symbol is not None else ():
            key = (function.path, symbol or "")
            told.setdefault(key, AdHoc(key[1], key[0])).messages.append(message)
    return tuple(told.values())


def _symbol(found: Analysis, function: Function) -> str | None:
    """Who is to answer for the messages of a function; None where they are free."""
    if found.program.files[function.path].in_tests:
        return None
    if function.owner is None:
        return function.qualname
    stays = {truth.id for truth in found.ssot.values()}
    free = function.owner in stays or found.is_test(function.owner)
    return None if free else found.program.classes[function.owner].qualname


def _messages(found: Analysis, function: Function) -> Iterator[HandMade]:
    for edge in found.program.calls(function.scope):
        if not _may_send(found, edge):
            continue
        for frame, name in found.carrying.frames(edge):
            typed = _is_typed(found, function, frame)
            if not typed and (found.carrying.event(edge.scope, name) or _is_passed_on(found, function, name)):
                yield HandMade(function, edge, frame)


def _may_send(found: Analysis, edge: Edge) -> bool:
    func = edge.call.func
    unknown = isinstance(func, Attribute) and not (edge.targets or edge.receiver) and sends_by_name(func.attr)
    return unknown or found.program.arrives(edge)


def _is_passed_on(found: Analysis, function: Function, name: Expr) -> bool:
    """True if the name of the event is the one that a sender's method was given."""
    given = name.value if isinstance(name, Attribute) else name
    events = found.coverage.get(function.owner, {}) if function.owner else {}
    covers = any(covered.status.covers for covered in events.values())
    return covers and isinstance(given, Name) and given.id in EVENT_PARAMETERS


def _is_typed(found: Analysis, function: Function, frame: Dict) -> bool:
    """True if the name that the message is bound to is annotated with a class of the program."""
    for binding in found.program.bindings(function.scope):
        if isinstance(binding, ValueBinding) and binding.value is frame and binding.annotation is not None:
            name = Name(binding.name, binding.line)
            return any(one.id is not None for one in found.program.lookup.types(function.scope, name))
    return False
