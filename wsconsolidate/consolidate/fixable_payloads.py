"""Whether the messages that are made by hand can be made with a typed dictionary of the program."""

from collections.abc import Iterator

from wsconsolidate.consolidate.reach import unreachable
from wsconsolidate.model.ad_hoc import AdHoc, HandMade, ad_hoc_messages
from wsconsolidate.model.analysis import Analysis, Fix
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.payload_types import PayloadType, fitting, keys_of, payload_types

_RISK = "a type checker sees {name} where it saw a dict, with its keys and no other"


def judge_payloads(found: Analysis) -> Iterator[tuple[str, int, Fix]]:
    """Each class or function with hand-made messages with what can be done about it, at its first."""
    types = payload_types(found)
    for one in ad_hoc_messages(found):
        yield one.path, one.line, _fix(found, one, types)


def _fix(found: Analysis, one: AdHoc, types: tuple[PayloadType, ...]) -> Fix:
    for reason in _against(found, one, types):
        return Fix(applicability=Applicability.DISPLAY, reason=reason)
    names = dict.fromkeys(known.one.name for message in one.messages for known in _fitting(types, message))
    return Fix(applicability=Applicability.UNSAFE, reason=_RISK.format(name=" or ".join(names)))


def _fitting(types: tuple[PayloadType, ...], message: HandMade) -> tuple[PayloadType, ...]:
    """The types of which a message is one, by its keys."""
    return fitting(types, keys_of(message.frame) or ())


def _against(found: Analysis, one: AdHoc, types: tuple[PayloadType, ...]) -> Iterator[str]:
    if found.program.shadowing(one.path) is not None:
        yield f"{one.path} is dead code: another file is imported in its place"
    for message in one.messages:
        line, keys, known = message.frame.line, keys_of(message.frame), _fitting(types, message)
        if keys is None:
            yield f"line {line}: its keys are not all written there, or are no names"
        elif len(known) != 1:
            several = " and ".join(type_.one.name for type_ in known)
            lacking = f"no typed dictionary has just the keys {', '.join(keys)}"
            yield f"line {line}: {f'{several} both have its keys' if several else lacking}"
        else:
            yield from unreachable(found, message.function, known[0].one)
