"""Limits, intervals and sizes that govern delivery, with their literal values."""

from collections.abc import Iterator, Mapping

from wsconsolidate.model.analysis import Setting
from wsconsolidate.model.expr import Constant, Expr
from wsconsolidate.model.facts import MODULE_SCOPE, ScopeKind, ValueBinding
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import ClassId, Program, ScopeId
from wsconsolidate.model.role import Cast, Role

_WORDS = frozenset(
    "max min limit limits interval timeout heartbeat retry retries attempts pool pending size delay buffer "
    "queue stale cleanup ping backoff connections capacity seconds ttl keepalive throttle rate".split()
)
_ROLES = (Role.MANAGER, Role.EMITTER, Role.BRIDGE, Role.CONNECTION, Role.FACTORY)


def settings(program: Program, casts: Mapping[ClassId, Cast]) -> tuple[Setting, ...]:
    """The constants of the modules and classes that play a role, in order of path and line."""
    paths = {id.path for id, cast in casts.items() if cast.role in _ROLES and not cast.test_double}
    found = [
        setting
        for module in program.modules.values()
        if module.path in paths and not module.in_tests
        for setting in _settings(module, program, casts)
    ]
    return tuple(sorted(found, key=lambda setting: (setting.path, setting.line, setting.name)))


def _settings(module: Module, program: Program, casts: Mapping[ClassId, Cast]) -> Iterator[Setting]:
    for scope in module.facts.scopes:
        id = ClassId(module.path, scope.line)
        is_role_class = scope.kind is ScopeKind.CLASS and id in casts
        if scope.line != MODULE_SCOPE and not is_role_class:
            continue
        owner = program.classes[id].qualname if is_role_class else module.name
        for binding in scope.bindings:
            if isinstance(binding, ValueBinding) and _is_setting(binding.name):
                value = _literal(program, ScopeId(module.path, scope.line), binding.value)
                if value is not None:
                    yield Setting(
                        name=binding.name, value=value, symbol=owner, path=module.path, line=binding.line
                    )


def _is_setting(name: str) -> bool:
    return name.isupper() and not _WORDS.isdisjoint(name.lower().strip("_").split("_"))


def _literal(program: Program, scope: ScopeId, value: Expr | None) -> int | float | bool | None:
    if not isinstance(value, Constant):
        return None
    found = program.lookup.constant(scope, value)
    return found if isinstance(found, int | float) else None
