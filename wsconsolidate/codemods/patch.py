"""What a codemod answers: which nodes of which files become what, and what the files then import."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import libcst as cst

from wsconsolidate.model.edit import Refusal
from wsconsolidate.model.finding import Applicability, Finding

By: TypeAlias = "cst.CSTNode | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNode]"


@dataclass(frozen=True, slots=True)
class Replacement:
    """One node of a sheet and what stands in its place: a node, several statements, or nothing."""

    node: cst.CSTNode
    by: By


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A node of a sheet that stays, with something about it changed; others may change what is inside.

    `adjusted` is given the node with all that was done inside of it.
    """

    node: cst.CSTNode
    adjusted: Callable[[cst.CSTNode], cst.CSTNode]


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """`from module import name as bound` at the top of a file; `module` is absolute.

    `offered` writes the `as` even where the name stays the same, which tells checkers that the file
    offers the name to others.
    """

    module: str
    name: str
    bound: str
    offered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """What becomes of one file; imports that nothing uses any more go by themselves."""

    path: str
    replacements: tuple[Replacement, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    imports: tuple[Import, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """Everything that settles one finding, done together or not at all.

    `applicability` can only lower that of the finding. `risk` is what a reader must judge when it
    is unsafe. `requirement` is what the code base must depend on,
    unless a copy of it comes with the plan.
    """

    title: str
    applicability: Applicability = Applicability.SAFE
    risk: str = ""
    rewrites: tuple[Rewriting, ...] = ()
    deletes: tuple[str, ...] = ()
    requirement: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that it touches, sorted."""
        rewritten = (one.path for one in self.rewrites)
        return tuple(sorted({*rewritten, *self.deletes}))


class Unfit(Exception):  # noqa: N818 - reads as what is said of the file
    """A file that is not rewritten, and why; planning turns it into a refusal."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


def refuse(finding: Finding, reason: str) -> Refusal:
    """The refusal of a finding."""
    return Refusal(
        code=finding.code, path=finding.path, line=finding.line, symbol=finding.symbol, reason=reason
    )
