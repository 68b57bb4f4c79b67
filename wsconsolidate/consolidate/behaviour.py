"""What a class does, in words that two implementations of one role share however they are named."""

import re
from collections.abc import Iterable, Iterator, Mapping

from wsconsolidate.model.event import Coverage
from wsconsolidate.model.expr import unparse
from wsconsolidate.model.facts import FunctionFacts
from wsconsolidate.model.program import Class
from wsconsolidate.model.role import Cast, Role

_TRACKING = {
    "holds_connections": "keeps live connections",
    "adds_connections": "adds a connection",
    "removes_connections": "removes a connection",
    "sends_to_connections": "sends to connections",
}
_CALLED = re.compile(r"\.(\w+)\(")


def behaviours(found: Class, cast: Cast, coverage: Mapping[str, Coverage]) -> frozenset[str]:
    """What the class does, as its role sees it."""
    if cast.role is Role.MANAGER:
        return frozenset(_TRACKING[seen.kind] for seen in cast.evidence if seen.kind in _TRACKING)
    if cast.role is Role.PROTOCOL:
        return frozenset(f"{name}()" for name in public_members(found))
    return frozenset(f"sends {event}" for event, covered in coverage.items() if covered.status.covers)


def public_members(found: Class) -> dict[str, FunctionFacts]:
    """The public functions of the class body by name."""
    return {name: f.facts for name, f in found.functions.items() if not name.startswith("_")}


def signature(facts: FunctionFacts) -> str:
    """A function's signature without its instance parameter: `async (user_id, message=None)`."""
    shown = [
        parameter.kind.value.replace("kw", "").replace("/", "")
        + parameter.name
        + ("=" + unparse(parameter.default) if parameter.default is not None else "")
        for parameter in facts.parameters[1:]
    ]
    return f"{'async ' if facts.is_async else ''}({', '.join(shown)})"


def fits(facts: FunctionFacts, other: FunctionFacts) -> bool:
    """True if a call written for one function works on the other as far as names and awaiting go."""
    return facts.is_async == other.is_async and _names(facts) == _names(other)


def _names(facts: FunctionFacts) -> list[str]:
    return [parameter.name for parameter in facts.parameters[1:]]


def shape(found: Class, *, renamed: bool) -> tuple[str, ...]:
    """The bodies of a class without lines and comments, to recognise copies.

    With `renamed` names of the class and of its methods are left out, so that a renamed copy has
    the same shape.
    """
    return tuple(_lines(found, renamed=renamed))


def _lines(found: Class, *, renamed: bool) -> Iterator[str]:
    for name, function in found.functions.items():
        text = "\n".join(_statements(function.facts))
        if renamed:
            text = _CALLED.sub(lambda call: ".<method>(" if call[1] in found.functions else call[0], text)
        yield (
            ("" if renamed else name)
            + signature(function.facts)
            + re.sub(rf"\b{found.name}\b", "<class>", text)
        )


def _statements(facts: FunctionFacts) -> Iterator[str]:
    body = facts.body
    if body is None:
        return
    yield from (unparse(site.call) for site in body.calls)
    yield from (f"{unparse(store.target)} = {unparse(store.value)}" for store in body.stores)
    yield from (f"return {unparse(value)}" for value in body.returns)
    yield from (f"raise {unparse(value)}" for value in body.raises)
    yield from (f"for {unparse(loop.target)} in {unparse(loop.iterable)}" for loop in body.loops)


def likeness(left: Iterable[str], right: Iterable[str]) -> float:
    """How much of the smaller set stands in the other, 0 to 1."""
    first, second = set(left), set(right)
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 0.0


def extends(found: Class, other: Class) -> bool:
    """True if one of the two classes is an ancestor of the other."""
    return other.id in found.mro.ids or found.id in other.mro.ids
