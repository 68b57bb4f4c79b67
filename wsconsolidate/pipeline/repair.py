"""From paths to a plan that was proved on a tree in memory: the writing half, up to the disk."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from wsconsolidate.apply.git import never_committed
from wsconsolidate.config import Config, Overrides
from wsconsolidate.model.backup import original
from wsconsolidate.model.check import Check
from wsconsolidate.model.edit import EditGroup, FileEdit, Plan, Refusal
from wsconsolidate.model.report import Report
from wsconsolidate.model.source import Tree
from wsconsolidate.pipeline.analyze import Progress, examine_tree
from wsconsolidate.pipeline.overlay import overlay
from wsconsolidate.pipeline.prepare import prepare
from wsconsolidate.pipeline.reading import Reader
from wsconsolidate.vendor import vendored_files
from wsconsolidate.verify.change import Change, Objection
from wsconsolidate.verify.registry import RUNGS


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the user wants fixed: findings by code or prefix of one, and whether unsafe edits too."""

    select: tuple[str, ...] = ("WSC",)
    unsafe: bool = False


@dataclass(frozen=True, kw_only=True)
class Repair:
    """A plan of which every rung holds, with what it was made from.

    `checks` says of each rung that it holds and what was tried; it is empty if there is nothing to do.
    """

    root: Path
    config: Config
    report: Report = field(repr=False)
    plan: Plan
    checks: Mapping[str, Check]


def repair(
    paths: Sequence[Path],
    overrides: Overrides,
    order: Order,
    progress: Progress | None = None,
    read: Reader | None = None,
) -> Repair:
    """Plan, imagine the tree after it, and leave out what does harm, until nothing is held against the rest.

    Nothing is written; `read` may know what is kept from other runs.

    Raises:
        ConfigError: an option of the tree's pyproject.toml is wrong.
        NothingToAnalyse: there is no Python file.
    """
    ground, read = prepare(paths, overrides), read or Reader()
    before = examine_tree(ground.tree, ground.config, progress, read, whole=True)
    trial = _Trial(ground.root, ground.tree, ground.config, order, before, read, progress)
    attempt, left = _harmless(trial)
    plan = attempt.plan
    refusals = sorted((*plan.refusals, *_wanted(plan, left)), key=lambda one: (one.path, one.line, one.code))
    return Repair(
        root=ground.root,
        config=ground.config,
        report=before,
        plan=replace(plan, refusals=tuple(refusals)),
        checks=attempt.checks(),
    )


def _wanted(plan: Plan, left: Mapping[str, Refusal]) -> Iterator[Refusal]:
    """Why groups are left out, those apart that were offered where another settles the finding."""
    from wsconsolidate.codemods.plan import OFFERED

    settled = {f"{group.key}{OFFERED}" for group in plan.groups}
    yield from (refusal for key, refusal in left.items() if key not in settled)


def _harmless(trial: "_Trial") -> tuple["_Attempt", dict[str, Refusal]]:
    """The plan that nothing is held against, and the groups that it leaves out, by their keys.

    Where an objection blames several groups, or none, they join the others one by one.
    """
    left: dict[str, Refusal] = {}
    while True:
        attempt = trial.attempt(left)
        groups, objections = attempt.plan.groups, attempt.objections
        if not objections:
            return attempt, left
        blamed = {one: [group for group in groups if one.blames(group)] for one in objections}
        certain = {alone[0].key: _left(alone[0], one) for one, alone in blamed.items() if len(alone) == 1}
        first = objections[0]
        left.update(certain or _one_by_one(trial, blamed[first] or groups, first, left))


def _one_by_one(
    trial: "_Trial", suspects: Sequence[EditGroup], objection: Objection, left: Mapping[str, Refusal]
) -> dict[str, Refusal]:
    """The suspects that bring the objection when they join the rest, the safe ones first; one at least."""
    waiting = {group.key for group in suspects}
    refused: dict[str, Refusal] = {}
    for group in sorted(suspects, key=lambda group: -group.applicability):
        waiting.discard(group.key)
        again = trial.attempt({*left, *refused, *waiting})
        if objection.reason in [one.reason for one in again.objections]:
            refused[group.key] = _left(group, objection)
    return refused


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A plan, what it would do to the tree, None if nothing, and what is held against that."""

    plan: Plan
    change: Change | None
    objections: tuple[Objection, ...]

    def checks(self) -> dict[str, Check]:
        """What was tried of each rung, of a plan that nothing is held against."""
        change = self.change
        return {rung.name: Check(held=True, tried=rung.tried(change)) for rung in RUNGS} if change else {}


@dataclass(frozen=True, slots=True)
class _Trial:
    """A tree with everything that each attempt at a plan for it needs."""

    root: Path
    tree: Tree
    config: Config
    order: Order
    before: Report
    read: Reader
    progress: Progress | None

    def plan(self, report: Report, without: Collection[str]) -> Plan:
        """What would be done about the findings that the user wants fixed."""
        from wsconsolidate.codemods.plan import plan

        wanted = [one for one in report.findings if one.code.startswith(self.order.select)]
        made = plan(
            report.analysis,
            wanted,
            unsafe=self.order.unsafe,
            vendor=self.config.vendor,
            read=lambda path: (self.root / path).read_bytes(),
            without=without,
        )
        return made if self.config.vendor is None else self._with_runtime(made, self.config.vendor)

    def _with_runtime(self, plan: Plan, folder: str) -> Plan:
        """The plan with a copy of the runtime in place of requiring it."""
        if not plan.requirements:
            return plan
        there = {file.path: file.data for file in self.tree.files}
        copies = ((f"{folder}/{name}", data) for name, data in vendored_files().items())
        edits = (FileEdit(path=path, before=there.get(path), after=data) for path, data in copies)
        return replace(plan, edits=(*plan.edits, *edits), requirements=())

    def attempt(self, without: Collection[str]) -> _Attempt:
        """The plan without these groups, and what the first rung that does not hold has against it."""
        plan = self.plan(self.before, without)
        lost = _irreplaceable(self.root, plan)
        if lost or not plan.edits:
            return _Attempt(plan, None, lost)
        told = _proving(self.progress, len(plan.groups))
        changed = overlay(self.tree, plan.edits)
        after = examine_tree(changed, self.config, told, self.read, whole=True)
        change = Change(before=self.before, after=after, plan=plan, again=self.plan(after, without))
        found = (tuple(rung.objections(change)) for rung in RUNGS)
        return _Attempt(plan, change, next(filter(None, found), ()))


def _proving(progress: Progress | None, count: int) -> Progress | None:
    """Progress that says that it is about fixes, which are proved as often as one is left out."""
    if progress is None:
        return None
    return lambda stage, done, total: progress(f"proving {count} fixes, {stage}", done, total)


def _irreplaceable(root: Path, plan: Plan) -> tuple[Objection, ...]:
    """The backups that only git could bring back, and could not."""
    copies = {original(edit.path) or "": edit for edit in plan.edits if edit.after is None}
    return tuple(
        Objection(reason=obstacle.reason, paths=(obstacle.path,))
        for obstacle in never_committed(root, copies)
    )


def _left(group: EditGroup, objection: Objection) -> Refusal:
    return Refusal(
        code=group.code, path=group.path, line=group.line, symbol=group.symbol, reason=objection.reason
    )
