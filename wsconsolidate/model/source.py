"""Files of the analysed tree as they were found, before anything is parsed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from wsconsolidate.model.search import Hits, Looked, Search

MARKER = "_vendored.json"
"""The file that tells a vendored copy of the runtime, in the folder of the copy."""


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


@dataclass(frozen=True, slots=True)
class SourceRoot:
    """A folder of modules that have the names of others elsewhere, as those of another service.

    In the program all its modules are called `prefix` and then as they call each other; `tops` are the first
    words of what they call each other.
    """

    prefix: str
    tops: tuple[str, ...]

    def within(self, name: str) -> str:
        """What the program calls the module that an import below the folder calls so."""
        return f"{self.prefix}.{name}" if name.partition(".")[0] in self.tops else name

    def spelled(self, module: str) -> str:
        """What an import below the folder calls this module of the program."""
        short = module.removeprefix(f"{self.prefix}.")
        return short if self.within(short) == module else module


ANYWHERE = SourceRoot("", ())
"""Where modules are called what imports call them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One Python file: `path` is POSIX and relative to the root, `module` its dotted name in the program.

    That is the name by which it is imported, but below a `source_root`.
    """

    path: str
    module: str
    is_package: bool
    in_tests: bool
    source_root: SourceRoot = ANYWHERE
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of documentation (Markdown, reStructuredText)."""

    path: str
    data: bytes = field(repr=False)


def is_in_tree(path: str) -> bool:
    """True for a file of the tree; paths of the environment begin with what it is called: `<stdlib>/...`."""
    return not path.startswith("<")


def imported_from(path: str, name: str) -> str:
    """The folder that a file is imported from by a name; empty for the root and what lies above it."""
    parts = path.removesuffix("/__init__.py").removesuffix(".py").split("/")
    return "/".join(parts[: max(len(parts) - name.count(".") - 1, 0)])


def is_below(path: str, folders: Iterable[str]) -> bool:
    """True for a path inside of one of the folders."""
    return any(path.startswith(f"{folder}/") for folder in folders)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Everything that discovery saw below the root.

    `names` holds the relative path of every regular file, Python or not (backup files and
    documentation are no Python files, and still count). `pages` are the documentation among them.
    `looked` notes what the later stages, which have the facts, ask about bytes all the same.
    """

    files: tuple[SourceFile, ...]
    names: tuple[str, ...]
    problems: tuple[Problem, ...]
    pages: tuple[Page, ...] = ()
    looked: Looked = field(init=False, default_factory=Looked, repr=False, compare=False)

    def search(self, asked: Search) -> Hits:
        """Where it is found, by path; the files come in their order."""
        if asked not in self.looked.searches:
            found = ((file.path, asked.of(file.data)) for file in self.files)
            self.looked.searches[asked] = {path: hits for path, hits in found if hits}
        return self.looked.searches[asked]

    def content(self, path: str) -> bytes:
        """The bytes of a file; none where there is no such file."""
        if not self.looked.contents:
            self.looked.contents.update((file.path, file.data) for file in self.files)
        self.looked.opened.add(path)
        return self.looked.contents.get(path, b"")

    def copies(self) -> tuple[str, ...]:
        """The folders that hold a vendored copy of the runtime."""
        folders = (name.removesuffix(f"/{MARKER}") for name in self.names if name.endswith(f"/{MARKER}"))
        return tuple(folder for folder in folders if f"{folder}/__init__.py" in self.names)
