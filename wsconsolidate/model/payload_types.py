"""The typed dictionaries that messages of events can be made with."""

import keyword
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.event import EVENT_KEYS
from wsconsolidate.model.expr import Attribute, Constant, Dict, Expr, Name, Subscript
from wsconsolidate.model.facts import MODULE_SCOPE, ValueBinding
from wsconsolidate.model.program import Class, ClassTarget, MroStatus, ScopeId
from wsconsolidate.model.role import Role


@dataclass(frozen=True, slots=True)
class PayloadType:
    """A TypedDict with the keys that a message must have, and those that it may have."""

    one: Class
    required: frozenset[str]
    allowed: frozenset[str]

    def fits(self, keys: Collection[str]) -> bool:
        """True if a message of these keys is one."""
        return self.required <= set(keys) <= self.allowed


def fitting(types: Iterable[PayloadType], keys: Collection[str]) -> tuple[PayloadType, ...]:
    """Those that a message of these keys is one of; only the one with no other key, where there is one."""
    found = tuple(known for known in types if known.fits(keys))
    exact = tuple(known for known in found if known.allowed == set(keys))
    return exact if len(exact) == 1 else found


def payload_types(found: Analysis) -> tuple[PayloadType, ...]:
    """The typed dictionaries of the program that name an event."""
    types = (_type(found, one) for one in found.production(Role.PAYLOAD) if _is_typed_dict(found, one))
    return tuple(known for known in types if not known.allowed.isdisjoint(EVENT_KEYS))


def _is_typed_dict(found: Analysis, one: Class) -> bool:
    """True for a class that is made as TypedDict makes them, on the top level of a module that is found."""
    plain = one.mro.status is MroStatus.EXACT and one.mro.names[1:2] == ("builtins.dict",)
    top = "." not in one.facts.qualname and not one.facts.guards and not one.facts.decorators
    return plain and top and found.program.shadowing(one.path) is None and one.name[:1] != "_"


def _type(found: Analysis, one: Class) -> PayloadType:
    fields = dict(_fields(found, one))
    required = frozenset(name for name, needed in fields.items() if needed)
    return PayloadType(one, required, frozenset(fields))


def _fields(found: Analysis, one: Class) -> Iterator[tuple[str, bool]]:
    """The keys of a class and of those that it extends, each with whether it must be there."""
    for base in one.facts.bases:
        for target in found.program.lookup.targets(ScopeId(one.path, MODULE_SCOPE), base):
            above = found.program.class_(target.id) if isinstance(target, ClassTarget) else None
            if above is not None and above.in_tree:
                yield from _fields(found, above)
    total = not any(key == "total" and _is_false(value) for key, value in one.facts.keywords)
    for binding in found.program.bindings(one.scope):
        if isinstance(binding, ValueBinding) and binding.annotation is not None:
            yield binding.name, _marked(binding.annotation, default=total)


def _is_false(value: Expr) -> bool:
    return isinstance(value, Constant) and value.value is False


def _marked(annotation: Expr, *, default: bool) -> bool:
    match annotation:
        case Subscript(value=Name(id=name) | Attribute(attr=name)) if name in ("Required", "NotRequired"):
            return name == "Required"
    return default


def keys_of(frame: Dict) -> tuple[str, ...] | None:
    """The keys of a display, where each is a name and occurs once."""
    keys = [key.value if isinstance(key, Constant) else None for key, _ in frame.items]
    names = tuple(key for key in keys if isinstance(key, str) and key.isidentifier())
    plain = len(set(names)) == len(keys) and not any(map(keyword.iskeyword, names))
    return names if plain else None
