"""Whether a loop over a container that changes meanwhile can loop over a copy."""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis, Fix
from wsconsolidate.model.expr import Attribute
from wsconsolidate.model.facts import MODULE_SCOPE
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.iteration import Change, changed_while_awaiting
from wsconsolidate.model.program import Class, Function, ScopeId
from wsconsolidate.model.role import Role

_ADDING = frozenset(("append", "extend", "insert"))
_RAISING = frozenset(("dict", "set", "OrderedDict", "defaultdict", "deque", "WeakSet", "WeakValueDictionary"))
_VISITED = "what the loop adds to the list is visited by it now, and would not be any more"


def judge_iterations(found: Analysis) -> Iterator[tuple[str, int, Fix]]:
    """Each change of a container in a loop over it, with what can be done about the loop."""
    for manager in found.of_role(Role.MANAGER):
        for method in manager.functions.values():
            for change in changed_while_awaiting(found.program, manager, method):
                yield method.path, change.line, _fix(found, manager, method, change)


def _fix(found: Analysis, manager: Class, method: Function, change: Change) -> Fix:
    if change.loop.is_async:
        return Fix(applicability=Applicability.DISPLAY, reason="an `async for` cannot loop over a copy")
    if _shadows_list(found, method):
        return Fix(applicability=Applicability.DISPLAY, reason="`list` is another name here")
    if not _raises(found, manager, change) and _adds(manager, method, change):
        return Fix(applicability=Applicability.UNSAFE, reason=_VISITED)
    return Fix(applicability=Applicability.SAFE, reason="")


def _shadows_list(found: Analysis, method: Function) -> bool:
    scopes = (found.program.scope(id) for id in (method.scope, ScopeId(method.path, MODULE_SCOPE)))
    bound = {binding.name for scope in scopes if scope for binding in scope.bindings}
    parameters = {parameter.name for parameter in method.facts.parameters}
    return not {"list", "*"}.isdisjoint(bound | parameters)


def _raises(found: Analysis, manager: Class, change: Change) -> bool:
    """True for a container that ends the loop with an error when it grows."""
    holdings = found.program.holdings[manager.id].get(change.place.attribute, ())
    types = [one for holding in holdings for one in holding.types]
    return not change.place.keys and bool(types) and all(_kind(one.name) in _RAISING for one in types)


def _kind(name: str) -> str:
    return name.rpartition(".")[2]


def _adds(manager: Class, method: Function, change: Change) -> bool:
    """True if the change may add to a list: in the loop itself, or in the own method that it calls."""
    if change.by is None:
        return any(name in _ADDING for line, name in _called(method) if line == change.line)
    callee = manager.functions.get(change.by)
    return callee is None or any(name in _ADDING for _, name in _called(callee))


def _called(function: Function) -> Iterator[tuple[int, str]]:
    body = function.facts.body
    for site in body.calls if body else ():
        if isinstance(site.call.func, Attribute):
            yield site.call.line, site.call.func.attr
