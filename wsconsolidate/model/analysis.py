"""Everything that the reading half of the house found out: what rules and reports are made from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, Self

from wsconsolidate.model.carrying import Carrying
from wsconsolidate.model.delegation import Delegating
from wsconsolidate.model.event import Coverage, RuntimeEvent, Vocabulary, Way
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.import_graph import ImportGraph
from wsconsolidate.model.program import Class, ClassId, Holding, Program
from wsconsolidate.model.role import Cast, Role
from wsconsolidate.model.source import Tree, is_below


class Disposition(StrEnum):
    """What is to become of a class."""

    KEEP = "keep"
    DELEGATES = "delegates"
    REWRITE = "rewrite"
    REVIEW = "review"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The disposition of a class and the reason for it."""

    disposition: Disposition
    reason: str


class FixKey(NamedTuple):
    """The finding that a fix is for: its rule and place."""

    code: str
    path: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """Whether a codemod can settle a finding; `reason` says why it is not safe, empty where it is."""

    applicability: Applicability
    reason: str

    @classmethod
    def unless(cls, against: Iterable[str], risks: Iterable[str]) -> Self:
        """The first reason against it, else the first risk; safe where there is neither."""
        for reason in against:
            return cls(applicability=Applicability.DISPLAY, reason=reason)
        for risk in risks:
            return cls(applicability=Applicability.UNSAFE, reason=risk)
        return cls(applicability=Applicability.SAFE, reason="")


class Likeness(StrEnum):
    """In which way the classes of a group duplicate each other."""

    EXACT_COPY = "exact-copy"
    RENAMED_COPY = "renamed-copy"
    NEAR_COPY = "near-copy"
    SAME_ROLE = "same-role"


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateGroup:
    """Classes of one role that do the same; `members` in order of path and line, the SSOT among them."""

    role: Role
    kind: Likeness
    members: tuple[ClassId, ...]
    shared: tuple[str, ...]
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """Two classes of one role and name whose members do not fit each other; `ssot` is the one that stays."""

    role: Role
    ssot: ClassId
    other: ClassId
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The SSOT of a role: a class of the program, or a name of the bundled runtime."""

    role: Role
    qualname: str
    id: ClassId | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationPoint:
    """A place where two parts of the back end are wired together."""

    kind: str
    symbol: str
    path: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A limit, interval or size that governs delivery, with its literal value."""

    name: str
    value: str | int | float | bool
    symbol: str
    path: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A capability of a class beyond its role, proved by a line."""

    id: ClassId
    kind: str
    detail: str
    path: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """The linked program with roles, coverage, duplicates, SSOT and inventory.

    `casts` has an entry for each class with a role; `coverage` for each emitter, bridge, manager
    and protocol; `delegations` for each emitter that could be made to delegate; `offers` for each
    that could stand on the emitter that stays instead, with the risk; `fixes` for each finding that a
    codemod exists for; all mappings iterate in order of path and line.
    """

    tree: Tree = field(repr=False)
    program: Program = field(repr=False)
    imports: ImportGraph = field(repr=False)
    vocabulary: Vocabulary
    casts: Mapping[ClassId, Cast]
    coverage: Mapping[ClassId, Mapping[str, Coverage]]
    ways: tuple[Way, ...]
    runtime_events: tuple[RuntimeEvent, ...]
    groups: tuple[DuplicateGroup, ...]
    divergences: tuple[Divergence, ...]
    ssot: Mapping[Role, Truth]
    verdicts: Mapping[ClassId, Verdict]
    integration_points: tuple[IntegrationPoint, ...]
    settings: tuple[Setting, ...]
    features: tuple[Feature, ...]
    backup_files: tuple[str, ...]
    copies: tuple[str, ...]
    delegations: Mapping[ClassId, Delegating] = field(default_factory=dict)
    offers: Mapping[ClassId, Fix] = field(default_factory=dict)
    fixes: Mapping[FixKey, Fix] = field(default_factory=dict)

    def is_copy(self, path: str) -> bool:
        """True for a file of a vendored copy of the runtime."""
        return is_below(path, self.copies)

    @cached_property
    def carrying(self) -> Carrying:
        """Which event a call carries; kept, as several rules ask the same."""
        return Carrying(self.program, self.vocabulary)

    def of_role(self, *roles: Role) -> tuple[Class, ...]:
        """The classes with one of these roles, in order of path and line."""
        return tuple(self.program.classes[id] for id, cast in self.casts.items() if cast.role in roles)

    def production(self, *roles: Role) -> tuple[Class, ...]:
        """As `of_role`, without the classes of the tests and their doubles."""
        return tuple(found for found in self.of_role(*roles) if not self.is_test(found.id))

    def is_test(self, found: ClassId) -> bool:
        """True for a class that stands in the tests or stands in for another there."""
        cast = self.casts.get(found)
        return self.program.classes[found].in_tests or (cast is not None and cast.test_double)

    def role(self, found: ClassId | None) -> Role | None:
        """The role of a class, None where it has none."""
        cast = None if found is None else self.casts.get(found)
        return None if cast is None else cast.role

    def connections(self, found: Class) -> dict[str, Holding]:
        """The attributes of a manager that hold its live connections, inherited ones included."""
        return {
            attribute: holding
            for below in self.program.bases(found)
            for attribute, holdings in self.program.holdings.get(below.id, {}).items()
            for holding in holdings
            if (holding.path, holding.line) in self._seen_holding(below)
        }

    def _seen_holding(self, found: Class) -> set[tuple[str, int]]:
        cast = self.casts.get(found.id)
        evidence = cast.evidence if cast else ()
        return {(seen.path, seen.line) for seen in evidence if seen.kind == "holds_connections"}

    def truth(self, role: Role) -> Class | None:
        """The SSOT of a role where it is a class of the program."""
        found = self.ssot.get(role)
        return None if found is None or found.id is None else self.program.classes.get(found.id)

    def kept(self, group: DuplicateGroup) -> Class:
        """The member that stays: the SSOT where it is one; a group of others keeps its first."""
        truth = self.truth(group.role)
        return self.program.classes[
            truth.id if truth is not None and truth.id in group.members else group.members[0]
        ]
