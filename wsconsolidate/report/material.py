"""What the report is written from, with the questions that its sections share."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from wsconsolidate.model.analysis import Analysis, Disposition
from wsconsolidate.model.event import EventStatus, Way
from wsconsolidate.model.finding import Finding
from wsconsolidate.model.program import Class, ClassId
from wsconsolidate.model.report import Action, Summary
from wsconsolidate.model.role import COVERING_ROLES, Role
from wsconsolidate.model.rule import Rule
from wsconsolidate.report.words import at, code

_NAMELESS = (EventStatus.MISSING, EventStatus.GENERIC)


@dataclass(frozen=True, kw_only=True)
class Material:
    """An analysis with its findings; test code and test doubles are left out of every answer."""

    analysis: Analysis
    findings: tuple[Finding, ...]
    rules: tuple[Rule, ...]

    @cached_property
    def players(self) -> tuple[Class, ...]:
        """The production classes with any role."""
        return self.analysis.production(*Role)

    @cached_property
    def doubles(self) -> int:
        """How many classes with a role stand in tests or are test doubles."""
        return len(self.analysis.casts) - len(self.players)

    @cached_property
    def senders(self) -> tuple[Class, ...]:
        """The production classes that an event may pass."""
        return self.analysis.production(*COVERING_ROLES)

    @cached_property
    def speaks(self) -> bool:
        """True if a critical event is known to any class by its name."""
        coverage = (
            found for one in self.senders for found in self.analysis.coverage.get(one.id, {}).values()
        )
        return any(found.status not in _NAMELESS for found in coverage)

    @property
    def nothing(self) -> str:
        """The sentence for a tree in which no production class plays a role."""
        if self.doubles:
            return "Only test code plays a role between agents and sockets: there is nothing to consolidate."
        return "No class plays a role between agents and sockets: there is nothing to consolidate."

    def label(self, found: Class) -> str:
        """The class's name as code: as much of its full name as tells it from the other classes."""
        name = found.qualname
        if found.id not in self.analysis.casts:
            return code(name)
        for known, short in ((self._names, _tail(name, 1)), (self._pairs, _tail(name, 2))):
            if known[short] == 1:
                return code(short)
        unique = self._qualnames[name] == 1
        return code(name) if unique else f"{code(name)} in {at(found)}"

    def label_of(self, where: ClassId) -> str:
        """The label of the class with this id."""
        return self.label(self.analysis.program.classes[where])

    @cached_property
    def truths(self) -> tuple[Class, ...]:
        """The SSOT classes of the program, in the order of the roles."""
        found = (self.analysis.truth(role) for role in Role)
        return tuple({one.id: one for one in found if one is not None}.values())

    def disposition(self, where: ClassId) -> Disposition | None:
        """The disposition of a class, None where it has none."""
        verdict = self.analysis.verdicts.get(where)
        return None if verdict is None else verdict.disposition

    def coded(self, *codes: str) -> tuple[Finding, ...]:
        """The findings with one of these codes or families of codes (`WSC2`)."""
        return tuple(found for found in self.findings if found.code.startswith(codes))

    def owner(self, finding: Finding) -> Class | None:
        """The class that a finding speaks of, itself or its method."""
        return self._owners.get((finding.path, finding.symbol)) or self._around(finding)

    def against(self, owner: Class, *codes: str) -> tuple[Finding, ...]:
        """The findings with one of these codes in this class."""
        return tuple(one for one in self.coded(*codes) if (found := self.owner(one)) and found.id == owner.id)

    def arriving(self, event: str) -> Way | None:
        """The way on which this event arrives at the socket, None if it never does."""
        way = self.way(event)
        return way if way and way.arrives and way.hops else None

    def way(self, event: str) -> Way | None:
        """The way to tell of: one that arrives, by the SSOT, from as far back as is known."""
        ways = [way for way in self.analysis.ways if way.event == event]
        return max(ways, key=self._telling, default=None)

    def asked(self, codes: str) -> bool:
        """True if a rule of this code or family was asked, so that its silence says something."""
        return any(rule.code.startswith(codes) for rule in self.rules)

    def _telling(self, way: Way) -> tuple[bool, int, int]:
        owners = {hop.symbol.rpartition(".")[0] for hop in way.hops}
        passed = sum(one.qualname in owners for one in self.truths)
        return way.arrives, passed, len(way.hops)

    @cached_property
    def _names(self) -> Counter[str]:
        return Counter(_tail(name, 1) for name in self._qualnames.elements())

    @cached_property
    def _pairs(self) -> Counter[str]:
        return Counter(_tail(name, 2) for name in self._qualnames.elements())

    @cached_property
    def _qualnames(self) -> Counter[str]:
        return Counter(self.analysis.program.classes[where].qualname for where in self.analysis.casts)

    @cached_property
    def _owners(self) -> dict[tuple[str, str], Class]:
        return {(one.path, one.qualname): one for one in self.analysis.program.classes.values()}

    def _around(self, finding: Finding) -> Class | None:
        around = [
            one for one in self._by_path.get(finding.path, ()) if one.line <= finding.line <= one.end_line
        ]
        return max(around, key=lambda one: one.line, default=None)

    @cached_property
    def _by_path(self) -> dict[str, list[Class]]:
        found: dict[str, list[Class]] = {}
        for one in self.analysis.program.classes.values():
            found.setdefault(one.path, []).append(one)
        return found


def _tail(name: str, segments: int) -> str:
    return ".".join(name.split(".")[-segments:])


@dataclass(frozen=True, kw_only=True)
class Draft(Material):
    """The material with the figures and actions that follow from it."""

    summary: Summary
    actions: tuple[Action, ...]
