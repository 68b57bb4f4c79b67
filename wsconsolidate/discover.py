"""From paths to a root and the files below it, in a stable order."""

import errno
import io
import os
import re
import stat
import tokenize
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from wsconsolidate.config import Config, has_section
from wsconsolidate.errors import NothingToAnalyse, UsageError
from wsconsolidate.git import ask
from wsconsolidate.model.source import Page, Problem, ProblemKind, SourceFile, Tree
from wsconsolidate.source_roots import kept_apart, packages, source_roots

SIZE_LIMIT = 10_000_000

_CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "__pycache__", "node_modules")
_SKIPPED = frozenset((".git", ".hg", ".svn", ".venv", ".tox", ".nox", ".wsconsolidate", *_CACHES))
_ENVIRONMENT_MARKS = frozenset(("pyvenv.cfg", "conda-meta"))
_PAGES = (".md", ".rst")
_TEST_FOLDERS = frozenset(("tests", "test", "testing"))
_COOKIE = re.compile(rb"coding[:=]")
_COOKIE_WITHIN = 4096
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Opening a FIFO would wait for ever without O_NONBLOCK; Windows has other flags."""
_TEST_FILE = re.compile(r"test_.*|.*_test|conftest")
_IGNORED = ("ls-files", "-z", "--others", "--ignored", "--directory", "--exclude-per-directory=.gitignore")


def find_root(paths: Sequence[Path]) -> Path:
    """The folder that all paths of a run are relative to.

    It is the nearest folder at or above the common parent of `paths` that configures the tool,
    else that common parent itself.

    Raises:
        UsageError: a path does not exist.
    """
    places = [_resolve(path) for path in paths]
    common = Path(os.path.commonpath([place if place.is_dir() else place.parent for place in places]))
    return next((folder for folder in (common, *common.parents) if has_section(folder)), common)


def discover(paths: Sequence[Path], root: Path, config: Config, *, limit: int = SIZE_LIMIT) -> Tree:
    """Every Python file and page of documentation below `paths`, and the name of every other file.

    A file of more than `limit` bytes is a problem, like one that cannot be read or decoded. What
    git ignores and does not track is left out; without git nothing is.

    Raises:
        UsageError: a path does not exist.
        NothingToAnalyse: there is no Python file.
    """
    places = [_resolve(path) for path in paths]
    walk = _Walk(root.resolve(), config)
    walk.visit(places)
    modules = _Modules([*places, *(walk.root / folder for folder in config.source_roots)])
    named = {_relative(place, walk.root): place.name for place in places if place.is_dir()}
    files = sorted(walk.files)
    python = [entry for entry in files if entry.path.endswith(".py")]
    found = [_read(entry, modules.name(walk.root, entry.path), limit) for entry in python]
    read = [one for one in found if isinstance(one, SourceFile)]
    roots, told = source_roots(read), packages(read, named)
    if roots or told:
        modules = modules.told((walk.root / one for one in roots), {walk.root / one for one in told})
        found = [_renamed(one, modules, walk.root) for one in found]
    if not found and not walk.problems:
        raise NothingToAnalyse(tuple(str(path) for path in paths))
    problems = walk.problems + [item for item in found if isinstance(item, Problem)]
    return Tree(
        files=tuple(kept_apart([item for item in found if isinstance(item, SourceFile)])),
        names=tuple(entry.path for entry in files),
        problems=tuple(sorted(problems, key=lambda problem: problem.path)),
        pages=tuple(page for entry in files if (page := _page(entry, limit))),
    )


def _renamed(found: SourceFile | Problem, modules: "_Modules", root: Path) -> SourceFile | Problem:
    return replace(found, module=modules.name(root, found.path)) if isinstance(found, SourceFile) else found


def is_test_path(path: str) -> bool:
    """True for a file of the tests, by its folders or its name."""
    *folders, name = path.split("/")
    return not _TEST_FOLDERS.isdisjoint(folders) or _TEST_FILE.fullmatch(name.removesuffix(".py")) is not None


def _resolve(path: Path) -> Path:
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise UsageError(f"{path}: no such file or folder") from error


@dataclass(frozen=True, slots=True, order=True)
class _Entry:
    """A file, folder or link: its path relative to the root, and where it is with links resolved."""

    path: str
    real: str

    def child(self, name: str) -> "_Entry":
        return _Entry(f"{self.path}/{name}" if self.path else name, f"{self.real}{os.sep}{name}")


@dataclass(slots=True)
class _Walk:
    """Visits folders, each real one once; links come last, so that real paths win."""

    root: Path
    config: Config
    files: list[_Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _hidden: set[str] = field(default_factory=set)
    _links: list[_Entry] = field(default_factory=list)

    def visit(self, places: Iterable[Path]) -> None:
        """Walk all places, then what links below them lead to, until no link is left."""
        for place in places:
            self._start(_Entry(_relative(place, self.root), str(place)))
        while self._links:
            links, self._links = sorted(self._links), []
            for link in links:
                self._follow(link)

    def _start(self, start: _Entry) -> None:
        if start.real in self._seen or self._excludes(start.path):
            return
        if not Path(start.real).is_dir():
            self._file(start)
            return
        self._hidden.update(_ignored_by_git(start.real))
        folders = [start]
        while folders:
            folder = folders.pop()
            if folder.real not in self._seen:
                self._seen.add(folder.real)
                folders.extend(self._folder(folder, is_start=folder is start))

    def _folder(self, folder: _Entry, *, is_start: bool) -> Iterator[_Entry]:
        """The folders to visit below this one; its files and links are noted."""
        try:
            with os.scandir(folder.real) as listing:
                items = {item.name: item for item in listing}
        except OSError as error:
            self._problem(folder, ProblemKind.UNREADABLE, _reason(error))
            return
        if not is_start:
            if not _ENVIRONMENT_MARKS.isdisjoint(items):
                return
            if ".git" in items:
                self._hidden.update(_ignored_by_git(folder.real))
        for name, item in items.items():
            entry = folder.child(name)
            if name in _SKIPPED or entry.real in self._hidden or self._excludes(entry.path):
                continue
            if self._is_folder(item, entry):
                yield entry

    def _is_folder(self, item: "os.DirEntry[str]", entry: _Entry) -> bool:
        if not _is_printable(entry.path):
            self._problem(entry, ProblemKind.UNREADABLE, "its name is not UTF-8")
        elif item.is_symlink():
            self._links.append(entry)
        elif item.is_dir(follow_symlinks=False):
            return True
        elif item.is_file(follow_symlinks=False) or item.name.endswith(".py"):
            self._file(entry)
        return False

    def _file(self, entry: _Entry) -> None:
        self._seen.add(entry.real)
        self.files.append(entry)

    def _follow(self, link: _Entry) -> None:
        try:
            real = os.path.realpath(link.real, strict=True)
        except OSError as error:
            self._dead_link(link, error)
            return
        if f"{link.real}{os.sep}".startswith(f"{real}{os.sep}"):
            self._problem(link, ProblemKind.LINK, "cyclic link: it leads back to a folder that it lies in")
        else:
            self._start(_Entry(link.path, real))

    def _dead_link(self, link: _Entry, error: OSError) -> None:
        """A link that leads nowhere is a problem if it could have been a module or package."""
        stem, _, suffix = link.path.rpartition("/")[2].partition(".")
        if error.errno == errno.ELOOP:
            self._problem(link, ProblemKind.LINK, "cyclic link: it leads back to itself")
        elif stem and suffix in ("", "py"):
            target = os.fsencode(Path(link.real).readlink()).decode("utf-8", "backslashreplace")
            self._problem(link, ProblemKind.LINK, f"broken link to {target}: {_reason(error)}")

    def _excludes(self, path: str) -> bool:
        return any(glob.matches(path) for glob in self.config.exclude)

    def _problem(self, entry: _Entry, kind: ProblemKind, message: str) -> None:
        path = os.fsencode(entry.path or ".").decode("utf-8", "backslashreplace")
        self.problems.append(Problem(path=path, line=1, kind=kind, message=message))


def _relative(place: Path, root: Path) -> str:
    relative = place.relative_to(root).as_posix()
    return "" if relative == "." else relative


def _is_printable(path: str) -> bool:
    return path.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in path)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _ignored_by_git(folder: str) -> list[str]:
    """Real paths below the folder that .gitignore files name and git does not track.

    Only .gitignore files count, not the user's own excludes: two machines must see the same tree.
    """
    try:
        answer = ask(Path(folder), *_IGNORED)
    except OSError:
        return []
    if answer.returncode != 0:
        return []
    listed = os.fsdecode(answer.stdout).split("\0")
    return [os.path.normpath(f"{folder}{os.sep}{path}") for path in listed if path]


def _read(entry: _Entry, module: str, limit: int) -> SourceFile | Problem:
    try:
        data = _bytes(entry.real, limit + 1)
    except OSError as error:
        return _fault(entry.path, 1, ProblemKind.UNREADABLE, _reason(error))
    if len(data) > limit:
        return _fault(entry.path, 1, ProblemKind.TOO_LARGE, f"more than {limit} bytes")
    return _defect(entry.path, data) or SourceFile(
        path=entry.path,
        module=module,
        is_package=entry.path.endswith("__init__.py"),
        in_tests=is_test_path(entry.path),
        data=data,
    )


def _page(entry: _Entry, limit: int) -> Page | None:
    """The page of documentation in this file; None if it is none, too large or cannot be read."""
    if not entry.path.endswith(_PAGES):
        return None
    try:
        data = _bytes(entry.real, limit + 1)
    except OSError:
        return None
    return Page(path=entry.path, data=data) if len(data) <= limit else None


def _bytes(place: str, limit: int) -> bytes:
    handle = os.open(place, _READING)
    try:
        seen = os.fstat(handle)
        if not stat.S_ISREG(seen.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        with open(handle, "rb", buffering=0, closefd=False) as file:
            return _all(file, min(limit, seen.st_size + 1), limit)
    finally:
        os.close(handle)


def _all(file: io.FileIO, first: int, limit: int) -> bytes:
    """At most `limit` bytes, mostly in one piece of the size that is expected."""
    pieces = [file.read(first)]
    while pieces[-1] and sum(map(len, pieces)) < limit and len(pieces[-1]) == first:
        pieces.append(file.read(limit - sum(map(len, pieces))))
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _defect(path: str, data: bytes) -> Problem | None:
    """Why these bytes are no text by PEP 263, or None."""
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        return _fault(path, line, ProblemKind.NUL, "the file holds a NUL")
    if data.isascii() and not _COOKIE.search(data, 0, _COOKIE_WITHIN):
        return None
    try:
        data.decode(_encoding(data))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = (
            f"byte 0x{data[error.start]:02x} is not {error.encoding}: add a coding cookie or re-encode it"
        )
        return _fault(path, line, ProblemKind.ENCODING, message)
    except (SyntaxError, LookupError, UnicodeError) as error:
        return _fault(path, 1, ProblemKind.ENCODING, str(error))
    return None


def _encoding(data: bytes) -> str:
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError as error:
        if error.msg.startswith("invalid or missing"):
            data.decode("utf-8")  # raises too, and tells which byte it is
        raise


def _fault(path: str, line: int, kind: ProblemKind, message: str) -> Problem:
    return Problem(path=path, line=line, kind=kind, message=message)


class _Modules:
    """Names the modules of a tree.

    Packages are climbed by their __init__.py; folders without one count from the nearest root
    above, or from a folder `src` below that, unless imports take it for a package.
    """

    def __init__(self, roots: Iterable[Path], told: Collection[Path] = ()) -> None:
        self._roots = frozenset(roots)
        self._told = told
        self._packages: dict[str, tuple[str, ...]] = {}

    def told(self, roots: Iterable[Path], told: Collection[Path]) -> "_Modules":
        """The names from more roots, and with these folders as packages."""
        above = (folder.parent for folder in told if folder in self._roots)
        return _Modules({*self._roots, *roots, *above} - {*told}, told)

    def name(self, root: Path, path: str) -> str:
        """The dotted name under which the file at a path below the root is imported."""
        folder, _, name = path.rpartition("/")
        if folder not in self._packages:
            self._packages[folder] = self._package((root / path).parent)
        stem = () if name == "__init__.py" else (name.removesuffix(".py"),)
        return ".".join(self._packages[folder] + stem)

    def _package(self, folder: Path) -> tuple[str, ...]:
        names: list[str] = []
        while folder.name and (folder / "__init__.py").is_file():
            names.insert(0, folder.name)
            folder = folder.parent
        return (*self._namespace(folder), *names)

    def _namespace(self, folder: Path) -> tuple[str, ...]:
        root = next((place for place in (folder, *folder.parents) if place in self._roots), folder)
        names = folder.relative_to(root).parts
        sources = (
            index
            for index, name in enumerate(names, start=1)
            if name == "src" and root.joinpath(*names[:index]) not in self._told
        )
        return names[max(sources, default=0) :]
