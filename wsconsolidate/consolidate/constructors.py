"""What a constructor hands on to the next one, and whether it does anything else."""

from dataclasses import dataclass

from wsconsolidate.model.expr import Attribute, Call, Name, Starred, dotted
from wsconsolidate.model.facts import POSITIONAL, FunctionFacts
from wsconsolidate.model.program import Function

_HARMLESS = frozenset("str int float bool len list dict tuple set repr round time.time datetime.now".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """A constructor that hands its first `handed_on` arguments on as they are, and may `also` call others."""

    init: FunctionFacts
    handed_on: int
    also: str


def passing(init: Function) -> Passing | str:
    """What a constructor hands on; or, as the end of a sentence, why it is not the arguments themselves."""
    calls = calls_of_base(init)
    if isinstance(calls, str):
        return calls
    body = init.facts.body
    also = [site.call for site in body.calls if not _is_super(site.call)] if body else []
    names = [one.name for one in init.facts.parameters[1:] if one.kind in POSITIONAL]
    handed = [one.id if isinstance(one, Name) else None for call in calls for one in call.args]
    if len(calls) != 1 or handed != names[: len(handed)] or calls[0].keywords:
        return "makes another message of what it is given"
    other = next((text for call in also if (text := dotted(call.func) or "?") not in _HARMLESS), "")
    return Passing(init=init.facts, handed_on=len(handed), also=other)


def calls_of_base(init: Function) -> list[Call] | str:
    """The calls of the next constructor; or, as the end of a sentence, why they are not known."""
    body = init.facts.body
    if body is None:
        return "has a constructor that was not read"
    calls = [site for site in body.calls if _is_next(site.call)]
    by_name = [site.call for site in body.calls if _last(site.call) == "__init__" and not _is_next(site.call)]
    if by_name:
        return "calls the constructor of its base by name"
    if not calls:
        return "has a constructor that calls no other"
    if any(site.guards or site.loops or site.tries for site in calls) or len(calls) > 1:
        return "calls the next constructor under a condition"
    call = calls[0].call
    if any(isinstance(one, Starred) for one in call.args) or any(key is None for key, _ in call.keywords):
        return "hands on arguments that it does not name"
    return [call]


def _is_next(call: Call) -> bool:
    match call.func:
        case Attribute(value=Call(func=Name(id="super")), attr="__init__"):
            return True
    return False


def _is_super(call: Call) -> bool:
    return _is_next(call) or (isinstance(call.func, Name) and call.func.id == "super")


def _last(call: Call) -> str:
    return call.func.attr if isinstance(call.func, Attribute) else ""
