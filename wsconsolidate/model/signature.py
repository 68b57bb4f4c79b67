"""Whether a call fits a function, and whether an override takes what its base takes.

The rules are those of the Python reference, "Calls"; what cannot be told from the source fits.
"""

from collections.abc import Iterator, Sequence

from wsconsolidate.model.expr import Attribute, Call, Expr, Name, Starred
from wsconsolidate.model.facts import PACKED, POSITIONAL, FunctionFacts, Parameter, ParameterKind

_NAMED = (ParameterKind.POSITIONAL, ParameterKind.KEYWORD_ONLY)
_TRANSPARENT = frozenset(("staticmethod", "classmethod", "abstractmethod", "override", "final"))


def is_as_written(facts: FunctionFacts) -> bool:
    """True for a function without a decorator that might change what it takes."""
    return all(_last_name(decorator) in _TRANSPARENT for decorator in facts.decorators)


def misfit(call: Call, facts: FunctionFacts, *, bound: bool) -> str | None:
    """Why the call raises TypeError, as Python says it; None where it fits or nobody can tell.

    `bound` says that the first parameter is filled by the object whose method is called.
    """
    parameters = facts.parameters[1:] if bound else facts.parameters
    unpacked = any(isinstance(argument, Starred) for argument in call.args)
    positional = [one for one in parameters if one.kind in POSITIONAL]
    given = [argument for argument in call.args if not isinstance(argument, Starred)]
    return (
        _unknown(call, parameters)
        or _too_many(given, parameters, positional)
        or (None if unpacked else _twice(call, positional))
        or (None if unpacked or (None in dict(call.keywords)) else _missing(call, parameters, positional))
    )


def _unknown(call: Call, parameters: tuple[Parameter, ...]) -> str | None:
    if any(one.kind is ParameterKind.VAR_KEYWORD for one in parameters):
        return None
    known = {one.name for one in parameters if one.kind in _NAMED}
    name = next((key for key, _ in call.keywords if key is not None and key not in known), None)
    return None if name is None else f"it takes no argument {name!r}"


def _too_many(
    given: Sequence[Expr], parameters: tuple[Parameter, ...], positional: list[Parameter]
) -> str | None:
    if any(one.kind is ParameterKind.VAR_POSITIONAL for one in parameters) or len(given) <= len(positional):
        return None
    return f"it takes {len(positional)} positional arguments, not {len(given)}"


def _twice(call: Call, positional: list[Parameter]) -> str | None:
    filled = {one.name for one in positional[: len(call.args)] if one.kind is ParameterKind.POSITIONAL}
    name = next((key for key, _ in call.keywords if key in filled), None)
    return None if name is None else f"it gets {name!r} twice"


def _missing(call: Call, parameters: tuple[Parameter, ...], positional: list[Parameter]) -> str | None:
    filled = {one.name for one in positional[: len(call.args)]} | {key for key, _ in call.keywords}
    missing = [one.name for one in _required(parameters) if one.name not in filled]
    return f"it needs {', '.join(repr(name) for name in missing)} too" if missing else None


def _required(parameters: tuple[Parameter, ...]) -> Iterator[Parameter]:
    for one in parameters:
        if one.default is None and one.kind not in PACKED:
            yield one


def narrowing(own: FunctionFacts, base: FunctionFacts) -> str | None:
    """Which call that fits a method of the base does not fit the override; None if there is none.

    Both take their instance first. A base that takes anything promises nothing.
    """
    ours, theirs = own.parameters[1:], base.parameters[1:]
    kinds = {one.kind for one in ours}
    positional = [one for one in ours if one.kind in POSITIONAL]
    asked = [one for one in theirs if one.kind in POSITIONAL]
    if any(one.kind in PACKED for one in theirs):
        return None
    for one in _required(ours):
        offered = _is_offered(one, positional, asked, theirs)
        if not offered:
            return f"it needs {one.name!r}, which the base does not ask for"
    if len(positional) < len(asked) and ParameterKind.VAR_POSITIONAL not in kinds:
        return f"it takes {len(positional)} positional arguments, the base {len(asked)}"
    if ParameterKind.VAR_KEYWORD not in kinds:
        known = {one.name for one in ours if one.kind in _NAMED}
        only_named = (one.name for one in theirs if one.kind is ParameterKind.KEYWORD_ONLY)
        dropped = next((name for name in only_named if name not in known), None)
        return None if dropped is None else f"it does not take {dropped!r}, which the base takes"
    return None


def _is_offered(
    one: Parameter, positional: list[Parameter], asked: list[Parameter], theirs: tuple[Parameter, ...]
) -> bool:
    """True if whoever calls the base must give what this parameter needs."""
    if one in positional:
        place = positional.index(one)
        return place < len(asked) and asked[place].default is None
    return any(other.name == one.name and other.default is None for other in theirs)


def _last_name(decorator: Expr) -> str | None:
    match decorator:
        case Name(id=name) | Attribute(attr=name):
            return name
        case _:
            return None
