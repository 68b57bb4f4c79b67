"""The single source of truth of each role: configured, found in the code base, or the bundled runtime."""

from collections.abc import Iterator, Mapping

from wsconsolidate.consolidate.behaviour import public_members
from wsconsolidate.errors import ConfigError
from wsconsolidate.model.analysis import Truth
from wsconsolidate.model.event import Coverage
from wsconsolidate.model.expr import Name
from wsconsolidate.model.facts import ImportBinding
from wsconsolidate.model.program import Class, ClassId, ClassTarget, Program
from wsconsolidate.model.role import Cast, Role

RUNTIME = {
    Role.MANAGER: "wsconsolidate.runtime.UnifiedWebSocketManager",
    Role.EMITTER: "wsconsolidate.runtime.UnifiedWebSocketEmitter",
    Role.BRIDGE: "wsconsolidate.runtime.AgentWebSocketBridge",
    Role.PROTOCOL: "wsconsolidate.runtime.WebSocketManagerProtocol",
    Role.ERROR: "wsconsolidate.runtime.WebSocketError",
}
_CANONICAL_NAMES = ("unified", "canonical", "central")
_CANONICAL_WORDS = ("single source of truth", "ssot")

CoverageMap = Mapping[ClassId, Mapping[str, Coverage]]


def choose(
    program: Program, casts: Mapping[ClassId, Cast], coverage: CoverageMap, configured: Mapping[Role, str]
) -> dict[Role, Truth]:
    """The source of truth for each role that occurs; where rivals are equal, the bundled runtime.

    Raises:
        ConfigError: the configuration names a class that the tree does not have.
    """
    users = _users(program, casts)
    found = {}
    for role in RUNTIME:
        truth = _configured(program, role, configured) or _found(program, casts, coverage, users, role)
        if truth is not None:
            found[role] = truth
    return found


def _configured(program: Program, role: Role, configured: Mapping[Role, str]) -> Truth | None:
    name = configured.get(role)
    if name is None:
        return None
    if name.startswith("wsconsolidate.runtime."):
        return Truth(role=role, qualname=name, id=None, reason="the configuration names it")
    classes = [one for one in program.named(name) if one.qualname == name]
    if not classes:
        problem = f"ssot.{role} = {name!r}: no such class in the analysed tree"
        raise ConfigError("[tool.wsconsolidate]", (problem,))
    return Truth(role=role, qualname=name, id=classes[-1].id, reason="the configuration names it")


def _found(
    program: Program,
    casts: Mapping[ClassId, Cast],
    coverage: CoverageMap,
    users: Mapping[ClassId, int],
    role: Role,
) -> Truth | None:
    candidates = _candidates(program, casts, role)
    if not candidates:
        return None
    ranked = sorted(candidates, key=lambda one: _rank(one, program, casts, coverage, users), reverse=True)
    best = ranked[0]
    if len(ranked) == 1:
        return _truth(role, best, "it is the only one")
    reason = _canonical(best, ranked[1], program, casts, coverage, users)
    if reason is None:
        return Truth(
            role=role, qualname=RUNTIME[role], id=None, reason=f"none of {len(ranked)} rivals stands out"
        )
    return _truth(role, best, reason)


def _candidates(program: Program, casts: Mapping[ClassId, Cast], role: Role) -> list[Class]:
    """The classes of the role that could be canonical: no tests, no shims, none that cannot be created."""
    found = []
    for id, cast in casts.items():
        one = program.classes[id]
        shim = any(seen.kind in ("forwards", "inherits") for seen in cast.evidence)
        usable = not (one.in_tests or cast.test_double or one.mro.status == "inconsistent")
        if cast.role is role and usable and not (shim and role is not Role.ERROR):
            found.append(one)
    return found if role is not Role.ERROR else [one for one in found if _is_error_base(one, program, casts)]


def _is_error_base(one: Class, program: Program, casts: Mapping[ClassId, Cast]) -> bool:
    above = (casts.get(id) for id in one.mro.ids[1:] if id)
    return (
        not any(cast is not None and cast.role is Role.ERROR for cast in above) and one.id in program.classes
    )


def _users(program: Program, casts: Mapping[ClassId, Cast]) -> dict[ClassId, int]:
    """How many other modules import, construct, hold or extend each class."""
    modules: dict[ClassId, set[str]] = {}
    for id, path in (
        *_imported(program, casts),
        *_constructed(program),
        *_held(program),
        *_extended(program),
    ):
        modules.setdefault(id, set()).add(path)
    return {id: len(paths - {id.path}) for id, paths in modules.items()}


def _imported(program: Program, casts: Mapping[ClassId, Cast]) -> Iterator[tuple[ClassId, str]]:
    names = {program.classes[id].name for id in casts}
    for id, scope in program.scopes.items():
        for binding in scope.bindings:
            if isinstance(binding, ImportBinding) and binding.attribute in names:
                targets = program.lookup.targets(id, Name(binding.name, binding.line))
                yield from ((target.id, id.path) for target in targets if isinstance(target, ClassTarget))


def _constructed(program: Program) -> Iterator[tuple[ClassId, str]]:
    edges = (edge for edges in program.edges.values() for edge in edges)
    return ((id, edge.path) for edge in edges for id in edge.constructs)


def _held(program: Program) -> Iterator[tuple[ClassId, str]]:
    for id, holdings in program.holdings.items():
        types = (type_ for group in holdings.values() for holding in group for type_ in holding.types)
        yield from ((type_.id, id.path) for type_ in types if type_.id is not None and type_.id != id)


def _extended(program: Program) -> Iterator[tuple[ClassId, str]]:
    for one in program.classes.values():
        yield from ((above, one.path) for above in one.mro.ids[1:] if above is not None)


Rank = tuple[int, int, int, int]


def _rank(
    one: Class,
    program: Program,
    casts: Mapping[ClassId, Cast],
    coverage: CoverageMap,
    users: Mapping[ClassId, int],
) -> Rank:
    """Names that claim it first, then completeness, then how many depend on it."""
    return (
        _claims(one),
        _completeness(one, program, casts, coverage),
        users.get(one.id, 0),
        len(one.methods),
    )


def _claims(one: Class) -> int:
    name, doc = one.name.lower(), (one.facts.doc or "").lower()
    return 2 * any(word in name for word in _CANONICAL_NAMES) + any(word in doc for word in _CANONICAL_WORDS)


def _completeness(one: Class, program: Program, casts: Mapping[ClassId, Cast], coverage: CoverageMap) -> int:
    match casts[one.id].role:
        case Role.EMITTER | Role.BRIDGE:
            return sum(covered.status.covers for covered in coverage[one.id].values())
        case Role.PROTOCOL:
            return len(public_members(one)) + 100 * _describes_managers(one, casts)
        case Role.ERROR:
            return sum(one.id in other.mro.ids[1:] for other in program.classes.values())
        case _:
            return len({seen.kind for seen in casts[one.id].evidence}) + len(public_members(one))


def _describes_managers(one: Class, casts: Mapping[ClassId, Cast]) -> bool:
    return any(seen.kind == "describes_manager" for seen in casts[one.id].evidence)


def _canonical(
    best: Class,
    next_best: Class,
    program: Program,
    casts: Mapping[ClassId, Cast],
    coverage: CoverageMap,
    users: Mapping[ClassId, int],
) -> str | None:
    """Why the best candidate is canonical; None if it hardly differs from the next."""
    first = _rank(best, program, casts, coverage, users)
    second = _rank(next_best, program, casts, coverage, users)
    if first[0] > second[0]:
        return "its name or docstring claims it, and no other does"
    if casts[best.id].role in (Role.PROTOCOL, Role.ERROR) and first[1] > second[1]:
        return "it is the most complete"
    if first[1] >= second[1] and first[2] >= 2 * max(second[2], 1):
        return f"{first[2]} modules depend on it, on the next {second[2]}"
    return None


def _truth(role: Role, one: Class, reason: str) -> Truth:
    return Truth(role=role, qualname=one.qualname, id=one.id, reason=reason)
