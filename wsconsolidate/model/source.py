"""Files of the analysed tree as they were found, before anything is parsed."""

from dataclasses import dataclass, field
from enum import StrEnum


class ProblemKind(StrEnum):
    """Why a file could not be analysed."""

    SYNTAX = "syntax"
    ENCODING = "encoding"
    NUL = "nul"
    UNREADABLE = "unreadable"
    LINK = "link"
    TOO_LARGE = "too-large"
    TOO_DEEP = "too-deep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A file that was not analysed, and why; `line` is 1 where none is known."""

    path: str
    line: int
    kind: ProblemKind
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One Python file: `path` is POSIX and relative to the root, `module` the dotted import name."""

    path: str
    module: str
    is_package: bool
    in_tests: bool
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of documentation (Markdown, reStructuredText)."""

    path: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Everything that discovery saw below the root.

    `names` holds the relative path of every regular file, Python or not (backup files and
    documentation are no Python files, and still count). `pages` are the documentation among them.
    """

    files: tuple[SourceFile, ...]
    names: tuple[str, ...]
    problems: tuple[Problem, ...]
    pages: tuple[Page, ...] = ()
