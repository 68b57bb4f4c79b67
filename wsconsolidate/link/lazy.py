"""What a module's `__getattr__` gives for a name that it does not bind (PEP 562)."""

from wsconsolidate.link.calls import Arguments
from wsconsolidate.link.evaluate import Evaluator
from wsconsolidate.link.live import full_name
from wsconsolidate.link.values import Callee, Known, LiveBase, ReadBase, Site, Value
from wsconsolidate.model.expr import Name
from wsconsolidate.model.facts import MODULE_SCOPE
from wsconsolidate.model.program import (
    ClassTarget,
    FunctionTarget,
    ModuleTarget,
    OutsideTarget,
    ScopeId,
    Target,
)


def lazily(evaluator: Evaluator, path: str, name: str) -> tuple[Target, ...]:
    """What the name stands for in the module at `path`; nothing if no `__getattr__` there says so."""
    scope = ScopeId(path, MODULE_SCOPE)
    if not evaluator.names.bindings(scope, "__getattr__"):
        return ()
    written = Name(name, 0)
    site = Site(scope, None)
    results = [
        result
        for function in evaluator.values(site, Name("__getattr__", 0))
        for result in evaluator.calls.invoked(site, function, Arguments(((Known(name),),)), written)
    ]
    found = _target(results[0]) if len(results) == 1 else None
    return () if found is None else (found,)


def _target(value: Value) -> Target | None:
    match value:
        case ReadBase(id=id):
            return ClassTarget(id)
        case LiveBase(cls=cls):
            return OutsideTarget(full_name(cls))
        case Callee(id=function, frame=None):
            return FunctionTarget(function)
        case ModuleTarget():
            return value
        case _:
            return None
