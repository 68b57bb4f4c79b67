"""From paths to a plan that was proved on a tree in memory: the writing half, up to the disk."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from wsconsolidate.apply.git import never_committed
from wsconsolidate.config import Config, Overrides, load
from wsconsolidate.discover import discover, find_root
from wsconsolidate.extract.extract import extract
from wsconsolidate.model.backup import original
from wsconsolidate.model.edit import EditGroup, Plan, Refusal
from wsconsolidate.model.report import Report
from wsconsolidate.model.source import Tree
from wsconsolidate.pipeline.analyze import Extract, Progress, examine_tree
from wsconsolidate.pipeline.overlay import overlay
from wsconsolidate.rules.registry import KNOWN_CODES
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

    `checks` says of each rung that it was asked and holds; it is empty if there is nothing to do.
    """

    root: Path
    config: Config
    report: Report = field(repr=False)
    plan: Plan
    checks: Mapping[str, bool]


def repair(
    paths: Sequence[Path], overrides: Overrides, order: Order, progress: Progress | None = None
) -> Repair:
    """Plan, imagine the tree after it, and leave out what does harm, until nothing is held against the rest.

    Nothing is written. Each round leaves out at least one group, so that it ends.

    Raises:
        ConfigError: an option of the tree's pyproject.toml is wrong.
        NothingToAnalyse: there is no Python file.
    """
    root = find_root(paths)
    config = load(root, KNOWN_CODES).override(overrides)
    workshop = _Workshop(root, discover(paths, root, config), config, order, cache(extract), progress)
    before = workshop.examine(workshop.tree)
    left: dict[str, Refusal] = {}
    while True:
        plan = workshop.plan(before, left)
        blamed = _blamed(plan, _irreplaceable(root, plan) or workshop.objections(before, plan, left))
        if not blamed:
            break
        left.update(blamed)
    refusals = sorted((*plan.refusals, *left.values()), key=lambda one: (one.path, one.line, one.code))
    return Repair(
        root=root,
        config=config,
        report=before,
        plan=replace(plan, refusals=tuple(refusals)),
        checks={rung.name: True for rung in RUNGS} if plan.edits else {},
    )


@dataclass(frozen=True, slots=True)
class _Workshop:
    """The tree with everything that is asked of it several times."""

    root: Path
    tree: Tree
    config: Config
    order: Order
    read: Extract
    progress: Progress | None

    def examine(self, tree: Tree) -> Report:
        return examine_tree(tree, self.config, self.progress, self.read)

    def plan(self, report: Report, without: Collection[str]) -> Plan:
        """What would be done about the findings that the user wants fixed."""
        from wsconsolidate.codemods.plan import plan

        wanted = [one for one in report.findings if one.code.startswith(self.order.select)]
        return plan(
            report.analysis,
            wanted,
            unsafe=self.order.unsafe,
            vendor=self.config.vendor,
            read=lambda path: (self.root / path).read_bytes(),
            without=without,
        )

    def objections(self, before: Report, plan: Plan, without: Collection[str]) -> tuple[Objection, ...]:
        """What the first rung that does not hold has against the plan."""
        if not plan.edits:
            return ()
        after = self.examine(overlay(self.tree, plan.edits))
        change = Change(before=before, after=after, plan=plan, again=self.plan(after, without))
        found = (tuple(rung.objections(change)) for rung in RUNGS)
        return next(filter(None, found), ())


def _irreplaceable(root: Path, plan: Plan) -> tuple[Objection, ...]:
    """The backups that only git could bring back, and could not."""
    copies = {original(edit.path) or "": edit for edit in plan.edits if edit.after is None}
    return tuple(
        Objection(reason=obstacle.reason, paths=(obstacle.path,))
        for obstacle in never_committed(root, copies)
    )


def _blamed(plan: Plan, objections: Sequence[Objection]) -> dict[str, Refusal]:
    """The groups to leave out, by their keys, each with the first objection to it."""
    found: dict[str, Refusal] = {}
    for objection in objections:
        for group in _at_fault(plan, objection):
            found.setdefault(group.key, _left(group, objection.reason))
    return found


def _at_fault(plan: Plan, objection: Objection) -> list[EditGroup]:
    """The groups that may be at fault: all of them if nothing tells."""
    return [group for group in plan.groups if objection.blames(group)] or [*plan.groups]


def _left(group: EditGroup, reason: str) -> Refusal:
    return Refusal(code=group.code, path=group.path, line=group.line, symbol=group.symbol, reason=reason)
