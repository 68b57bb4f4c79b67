"""What a plan would do to a tree, as data, and what can be held against it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from wsconsolidate.model.edit import EditGroup, FileEdit, Plan
from wsconsolidate.model.program import Program
from wsconsolidate.model.report import Report


@dataclass(frozen=True, kw_only=True)
class Change:
    """A plan with the reports on the tree before it and after it.

    `again` is what the same plan would still do afterwards.
    """

    before: Report = field(repr=False)
    after: Report = field(repr=False)
    plan: Plan
    again: Plan

    @property
    def programs(self) -> tuple[Program, Program]:
        """The linked program before and after."""
        return self.before.analysis.program, self.after.analysis.program

    @property
    def rewritten(self) -> frozenset[str]:
        """The files that are there before and after, with other bytes."""
        return frozenset(
            edit.path for edit in self.plan.edits if edit.before is not None and edit.after is not None
        )

    @property
    def sources(self) -> tuple[FileEdit, ...]:
        """The edits of Python files that are there before and after."""
        return tuple(
            edit for edit in self.plan.edits if edit.path in self.rewritten and edit.path.endswith(".py")
        )

    @property
    def gone(self) -> frozenset[str]:
        """The files that are deleted."""
        return frozenset(edit.path for edit in self.plan.edits if edit.after is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Something that a plan would break, and why.

    At fault is the group named by `key`, or each that touches one of `paths`; with neither, nothing tells.
    """

    reason: str
    paths: tuple[str, ...] = ()
    key: str | None = None

    def blames(self, group: EditGroup) -> bool:
        """True if the group is, or may be, at fault."""
        return group.key == self.key or not set(self.paths).isdisjoint(group.paths)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One question that every plan must answer; `objections` is empty when it holds.

    `tried` says what was looked at to answer it.
    """

    name: str
    objections: Callable[[Change], Iterator[Objection]]
    tried: Callable[[Change], str]
