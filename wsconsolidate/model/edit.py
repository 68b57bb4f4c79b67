"""Planned changes: what becomes of which file, for which finding, and what is left alone and why."""

from dataclasses import dataclass, field

from wsconsolidate.model.finding import Applicability


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEdit:
    """What is to become of one file: `before` is None for a new file, `after` None for a deleted one.

    `path` is POSIX and relative to the root.
    """

    path: str
    before: bytes | None = field(repr=False)
    after: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditGroup:
    """The edits that settle one finding: done together or not at all.

    `key` names the group through re-planning (code, path and symbol of the finding); `risk` is what
    a reader must judge before an unsafe group is applied, empty for a safe one; `paths` are the files
    it touches.
    """

    key: str
    code: str
    title: str
    path: str
    line: int
    symbol: str
    applicability: Applicability
    risk: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A finding that is left alone, and why."""

    code: str
    path: str
    line: int
    symbol: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that one run would do: `edits` is the net effect of all `groups`, one a file.

    `held` are the groups that need `--unsafe`; `requirements` what the code base must newly
    depend on.
    """

    groups: tuple[EditGroup, ...]
    held: tuple[EditGroup, ...]
    refusals: tuple[Refusal, ...]
    edits: tuple[FileEdit, ...]
    requirements: tuple[str, ...]
