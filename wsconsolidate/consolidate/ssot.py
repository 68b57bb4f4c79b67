"""The single source of truth of each role: configured, found in the code base, or the bundled runtime."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from wsconsolidate.config import suggestion
from wsconsolidate.consolidate.behaviour import public_members
from wsconsolidate.consolidate.kin import common_base
from wsconsolidate.consolidate.reach import why_dead
from wsconsolidate.errors import ConfigError
from wsconsolidate.model.analysis import Truth
from wsconsolidate.model.event import Coverage
from wsconsolidate.model.expr import Name
from wsconsolidate.model.facts import MODULE_SCOPE, ImportBinding
from wsconsolidate.model.program import Class, ClassId, ClassTarget, Program, ScopeId
from wsconsolidate.model.role import RUNTIME, Cast, Role

_CANONICAL_NAMES = ("unified", "canonical", "central")
_CANONICAL_WORDS = ("single source of truth", "ssot")


class _Rank(NamedTuple):
    """How canonical a class is, what weighs most first."""

    claims: int
    describes_managers: bool
    completeness: int
    users: int
    methods: int


@dataclass(frozen=True, slots=True)
class _Contest:
    """Everything by which rivals are compared."""

    program: Program
    casts: Mapping[ClassId, Cast]
    coverage: Mapping[ClassId, Mapping[str, Coverage]]
    users: Mapping[ClassId, int]

    def rank(self, one: Class) -> _Rank:
        """Names that claim it first, then completeness, then how many depend on it."""
        return _Rank(
            claims=2 * _name_claims(one) + _docstring_claims(one),
            describes_managers=self._describes_managers(one),
            completeness=self._completeness(one),
            users=self.users.get(one.id, 0),
            methods=len(one.methods),
        )

    def _describes_managers(self, one: Class) -> bool:
        """True for the protocol of a manager, which comes before those of anybody else."""
        return any(seen.kind == "describes_manager" for seen in self.casts[one.id].evidence)

    def _completeness(self, one: Class) -> int:
        match self.casts[one.id].role:
            case Role.EMITTER | Role.BRIDGE:
                return sum(covered.status.covers for covered in self.coverage[one.id].values())
            case Role.PROTOCOL:
                return len(public_members(one))
            case Role.ERROR:
                return sum(one.id in other.mro.ids[1:] for other in self.program.classes.values())
            case _:
                return len({seen.kind for seen in self.casts[one.id].evidence}) + len(public_members(one))

    def candidates(self, role: Role) -> list[Class]:
        """The classes that could be canonical: no tests, no shims, none that nobody can create or import."""
        found = [self.program.classes[id] for id, cast in self.casts.items() if cast.role is role]
        usable = [one for one in found if not (one.in_tests or why_dead(self.program, one))]
        if role is Role.ERROR:
            return [one for one in usable if self._is_error_base(one)]
        return [one for one in usable if not self._is_shim(one)]

    def _is_shim(self, one: Class) -> bool:
        return any(seen.kind in ("forwards", "inherits") for seen in self.casts[one.id].evidence)

    def _is_error_base(self, one: Class) -> bool:
        above = (self.casts.get(id) for id in one.mro.ids[1:] if id)
        return not any(cast is not None and cast.role is Role.ERROR for cast in above)

    def alone(self, best: Class, role: Role) -> str:
        """Why the only candidate is canonical: the only one of its role, or the others build on one."""
        others = [
            one
            for id, cast in self.casts.items()
            if cast.role is role and id != best.id and not (one := self.program.classes[id]).in_tests
        ]
        if not others:
            return "it is the only one"
        if all(best.id in one.mro.ids for one in others):
            return "it is the base of the other" + (f" {len(others)}" if len(others) > 1 else "")
        return "the others extend or stand before one"

    def reason(self, best: Class, next_best: Class) -> str | None:
        """Why the best candidate is canonical; None if it hardly differs from the next."""
        first, second = self.rank(best), self.rank(next_best)
        if first.claims > second.claims:
            return _claim(best, next_best)
        described = (first.describes_managers, first.completeness)
        if self.casts[best.id].role in (Role.PROTOCOL, Role.ERROR) and described > second[1:3]:
            return "it is the most complete"
        if first.completeness >= second.completeness and first.users >= 2 * max(second.users, 1):
            return f"{first.users} modules depend on it, on the next {second.users}"
        return None


def choose(
    program: Program,
    casts: Mapping[ClassId, Cast],
    coverage: Mapping[ClassId, Mapping[str, Coverage]],
    configured: Mapping[Role, str],
    copies: Sequence[str] = (),
) -> dict[Role, Truth]:
    """The source of truth for each role that occurs; where rivals are equal, the bundled runtime.

    A copy of the runtime, in one of the folders `copies`, comes before what else the tree holds.

    Raises:
        ConfigError: the configuration names a class that the tree does not have.
    """
    contest = _Contest(program, casts, coverage, _users(program, casts))
    found = {}
    for role in RUNTIME:
        truth = _configured(program, role, configured) or _copied(program, role, copies)
        truth = truth or _found(contest, role)
        if truth is not None:
            found[role] = truth
    return found


def _configured(program: Program, role: Role, configured: Mapping[Role, str]) -> Truth | None:
    name = configured.get(role)
    if name is None:
        return None
    reason = "the configuration names it"
    if name.startswith("wsconsolidate.runtime."):
        return Truth(role=role, qualname=name, id=None, reason=reason)
    classes = [one for one in program.named(name) if one.qualname == name]
    if not classes:
        known = suggestion(name, (one.qualname for one in program.classes.values()))
        problem = f"ssot.{role} = {name!r}: no such class in the analysed tree{known}"
        raise ConfigError("[tool.wsconsolidate]", (problem,))
    return Truth(role=role, qualname=name, id=classes[-1].id, reason=reason)


def _copied(program: Program, role: Role, copies: Sequence[str]) -> Truth | None:
    name = RUNTIME[role].rpartition(".")[2]
    for folder in copies:
        targets = program.lookup.targets(ScopeId(f"{folder}/__init__.py", MODULE_SCOPE), Name(name, 0))
        classes = [program.classes.get(target.id) for target in targets if isinstance(target, ClassTarget)]
        for one in filter(None, classes):
            reason = f"it is the copy of the bundled runtime in `{folder}`"
            return Truth(role=role, qualname=one.qualname, id=one.id, reason=reason)
    return None


def _found(contest: _Contest, role: Role) -> Truth | None:
    ranked = sorted(contest.candidates(role), key=contest.rank, reverse=True)
    if not ranked:
        return None
    best = ranked[0]
    reason = contest.reason(best, ranked[1]) if len(ranked) > 1 else contest.alone(best, role)
    family = common_base(ranked) if reason is None and role is Role.MANAGER else None
    if family is not None:
        return Truth(role=role, qualname=family.qualname, id=family.id, reason="all the others extend it")
    if reason is None:
        lost = f"none of {len(ranked)} rivals stands out"
        return Truth(role=role, qualname=RUNTIME[role], id=None, reason=lost)
    return Truth(role=role, qualname=best.qualname, id=best.id, reason=reason)


def _name_claims(one: Class) -> bool:
    return any(word in one.name.lower() for word in _CANONICAL_NAMES)


def _docstring_claims(one: Class) -> bool:
    return any(word in (one.facts.doc or "").lower() for word in _CANONICAL_WORDS)


def _claim(best: Class, next_best: Class) -> str:
    if _name_claims(best) and not _name_claims(next_best):
        return "its name claims it, and no other does"
    return "its docstring claims it, and no other does"


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
