"""Findings -> the plan of what becomes of which file: the public function of this stage."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from wsconsolidate.codemods.codemod import Codemod
from wsconsolidate.codemods.merge import Merge
from wsconsolidate.codemods.patch import Patch, Unfit, refuse
from wsconsolidate.codemods.registry import codemod_for
from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.edit import EditGroup, Plan, Refusal
from wsconsolidate.model.finding import Applicability, Finding

OFFERED = " instead"
"""What the key of a group ends with that does more for a finding than its own group does."""


def plan(
    found: Analysis,
    findings: Sequence[Finding],
    *,
    unsafe: bool,
    vendor: str | None,
    read: Callable[[str], bytes],
    without: Collection[str] = (),
) -> Plan:
    """What would be done about the findings that a codemod exists for; the same input gives the same plan.

    Args:
        found: the analysis that the findings were made from.
        findings: those to settle, as the rules' runner gives them.
        unsafe: take the groups that a reader must judge too; else they are `held`.
        vendor: where the vendored runtime is to be, relative to the root; None imports the installed one.
        read: the bytes of a file of the tree that is no Python file (backups, configuration); an
            OSError that it raises becomes a refusal.
        without: keys of groups to leave out, because something else refused them; they occur nowhere
            in the plan.
    """
    desk = _Desk(Workshop(found=found, read=read, vendor=vendor), unsafe=unsafe)
    for finding, codemod, key in _keyed(findings):
        offered = f"{key}{OFFERED}" not in without and desk.offer(finding, codemod, key)
        if key not in without and not offered:
            desk.settle(finding, codemod, key)
    return desk.plan()


@dataclass
class _Desk:
    """The plan while it grows."""

    workshop: Workshop
    unsafe: bool
    groups: list[EditGroup] = field(default_factory=list)
    held: list[EditGroup] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    requirements: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.merge = Merge(self.workshop)

    def offer(self, finding: Finding, codemod: Codemod, key: str) -> bool:
        """Take or hold what the codemod offers instead of what it proposes; True if it was taken."""
        if codemod.offer is None or finding.fix is Applicability.DISPLAY:
            return False
        try:
            patch = codemod.offer(finding, self.workshop)
            if isinstance(patch, Patch):
                self._take(patch, _group(f"{key}{OFFERED}", finding, patch))
                return self.unsafe
        except Unfit:
            return False
        return False

    def settle(self, finding: Finding, codemod: Codemod, key: str) -> None:
        """Take, hold or refuse what the codemod proposes."""
        try:
            proposal = _proposal(finding, codemod, self.workshop)
            if isinstance(proposal, Refusal):
                self._refuse(proposal, key)
            else:
                self._take(proposal, _group(key, finding, proposal))
        except Unfit as unfit:
            self.refusals.append(refuse(finding, str(unfit)))

    def _refuse(self, refusal: Refusal, key: str) -> None:
        """Note why a finding is left, unless something else is held for it."""
        if f"{key}{OFFERED}" not in [group.key for group in self.held]:
            self.refusals.append(refusal)

    def _take(self, patch: Patch, group: EditGroup) -> None:
        if group.applicability is Applicability.UNSAFE and not self.unsafe:
            self.held.append(group)
            return
        self.merge.take(patch)
        self.groups.append(group)
        if patch.requirement:
            self.requirements.append(patch.requirement)

    def plan(self) -> Plan:
        """The finished plan."""
        return Plan(
            groups=tuple(self.groups),
            held=tuple(self.held),
            refusals=tuple(self.refusals),
            edits=self.merge.edits(),
            requirements=tuple(dict.fromkeys(self.requirements)),
        )


def _keyed(findings: Sequence[Finding]) -> Iterator[tuple[Finding, Codemod, str]]:
    """The findings that a codemod exists for, each with the key of its group; a second of a kind is `#2`."""
    seen: Counter[str] = Counter()
    for finding in findings:
        codemod = codemod_for(finding.code)
        if codemod is not None:
            key = f"{finding.code} {finding.path} {finding.symbol}"
            seen[key] += 1
            yield finding, codemod, key if seen[key] == 1 else f"{key} #{seen[key]}"


def _proposal(finding: Finding, codemod: Codemod, workshop: Workshop) -> Patch | Refusal:
    if finding.fix is Applicability.DISPLAY:
        return refuse(finding, finding.fix_reason)
    return codemod.propose(finding, workshop)


def _group(key: str, finding: Finding, patch: Patch) -> EditGroup:
    """The group of a patch; a codemod lowers the applicability of the finding, and never raises it."""
    return EditGroup(
        key=key,
        code=finding.code,
        title=patch.title,
        path=finding.path,
        line=finding.line,
        symbol=finding.symbol,
        applicability=min(finding.fix, patch.applicability),
        risk=patch.risk or finding.fix_reason,
        paths=patch.paths,
    )
