"""Whether the messages that are made by hand can be made with a typed dictionary of the program."""

from collections.abc import Iterator

from wsconsolidate.consolidate.reach import unreachable
from wsconsolidate.model.ad_hoc import AdHoc, ad_hoc_messages
from wsconsolidate.model.analysis import Analysis, Fix
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.import_graph import ImportGraph
from wsconsolidate.model.payload_types import PayloadType, fitting, keys_of, payload_types

_RISK = "a type checker sees {name} where it saw a dict, with its keys and no other"


def judge_payloads(found: Analysis) -> Iterator[tuple[str, int, Fix]]:
    """Each class or function with hand-made messages with what can be done about it, at its first."""
    graph = ImportGraph(found.program)
    types = payload_types(found)
    for one in ad_hoc_messages(found):
        yield one.path, one.line, _fix(found, one, types, graph)


def _fix(found: Analysis, one: AdHoc, types: tuple[PayloadType, ...], graph: ImportGraph) -> Fix:
    names: dict[str, None] = {}
    for reason in _against(found, one, types, graph, names):
        return Fix(applicability=Applicability.DISPLAY, reason=reason)
    return Fix(applicability=Applicability.UNSAFE, reason=_RISK.format(name=" or ".join(names)))


def _against(
    found: Analysis,
    one: AdHoc,
    types: tuple[PayloadType, ...],
    graph: ImportGraph,
    names: dict[str, None],
) -> Iterator[str]:
    if found.program.shadowing(one.path) is not None:
        yield f"{one.path} is dead code: another file is imported in its place"
    for message in one.messages:
        line = message.frame.line
        keys = keys_of(message.frame)
        if keys is None:
            yield f"line {line}: its keys are not all written there, or are no names"
            continue
        found_types = fitting(types, keys)
        if len(found_types) != 1:
            several = " and ".join(known.one.name for known in found_types)
            lacking = f"no typed dictionary has just the keys {', '.join(keys)}"
            yield f"line {line}: {f'{several} both have its keys' if several else lacking}"
            continue
        names[found_types[0].one.name] = None
        yield from unreachable(graph, message.function, found_types[0].one)
