"""The files of the tree that are read only when something that matters leads to them."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from wsconsolidate.model.facts import FileFacts
from wsconsolidate.model.module import Module, absolute
from wsconsolidate.model.source import Problem, SourceFile

_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import[ \t]*(\([^)]*\)|[^\n;#]*(?:\\\r?\n[^\n;#]*)*)"
    rb"|import[ \t]+([^\n;#]+))",
    re.MULTILINE,
)
_WORD = re.compile(rb"[\w*]+")
_METHOD = re.compile(rb"def (\w+)")


class Extract(Protocol):
    """Reads the facts of one file, as `extract` does, or of several at a time."""

    def __call__(self, path: str, data: bytes, *, bodies: bool) -> FileFacts | Problem:
        """The facts of the file, or why it has none."""

    def ahead(self, files: Sequence[SourceFile]) -> None:
        """Read these together, before anybody asks."""


class Far:
    """Reads these files as they are asked for; `problems` are those that could not be.

    What else it says of them it knows by their bytes. `telling` are files that speak of events: who
    imports them is asked for, too.
    """

    def __init__(self, files: Iterable[SourceFile], telling: Iterable[SourceFile], read: Extract) -> None:
        self.problems: list[Problem] = []
        given = tuple(files)
        self.paths = frozenset(file.path for file in given)
        self._files = _by_name(given)
        self._read = read
        told = list(telling)
        self._told = frozenset(one for file in told for one in (file.module, f"{file.module}:"))
        self.telling = frozenset(file.path for file in told)
        self.read: set[str] = set()
        self._wanted: set[str] = set()
        self._sought: set[str] = set()
        self._words: dict[str, dict[bytes, bool]] = {}

    @property
    def names(self) -> Collection[str]:
        """The modules that can be asked for."""
        return self._files.keys()

    def module(self, name: str) -> Module | None:
        """The module of this name; None if it is not one of these, or cannot be read."""
        file = self._files.get(name)
        if file is None:
            return None
        self.read.add(file.path)
        found = self._read(file.path, file.data, bodies=True)
        if isinstance(found, Problem):
            self.problems.append(found)
            return None
        return module_of(file, found)

    def importing(self, wanted: Collection[str]) -> Sequence[str]:
        """The modules that seem to import one of these names, or a module that tells of events.

        They are read together, for they will be asked for.
        """
        found = list(self._importing(wanted))
        self._read.ahead([self._files[name] for name in found])
        return found

    def _importing(self, wanted: Collection[str]) -> Iterator[str]:
        used: dict[str, set[bytes]] = {}
        for one in wanted:
            module, _, name = one.rpartition(".")
            used.setdefault(module, set()).add(f".{name}".encode())
        asked = {*wanted, *(f"{module}.*" for module in used), *self._told}
        self._wanted |= asked | used.keys()
        for module, imported in self._imports.items():
            if not asked.isdisjoint(imported) or self._uses(module, imported & used.keys(), used):
                yield module

    def _uses(self, module: str, imported: Iterable[str], used: Mapping[str, set[bytes]]) -> bool:
        """True if a file that imports one of these modules whole seems to use what is asked for."""
        file = self._files[module]
        return any(self._holds(file, name) for one in imported for name in used[one])

    def _holds(self, file: SourceFile, name: bytes) -> bool:
        answers = self._words.setdefault(file.path, {})
        if name not in answers:
            answers[name] = name in file.data
        return answers[name]

    def defining(self, name: str) -> Iterable[str]:
        """The modules outside of tests that seem to define a function of this name."""
        self._sought.add(name)
        return self._defined.get(name.encode(), ())

    def needs(self) -> "Needs":
        """What was asked about files by their bytes until now, with the answers."""
        seeming: dict[str, set[str]] = {}
        for module, imported in self._imports.items() if self._wanted else ():
            if not imported.isdisjoint(self._wanted):
                seeming[self._files[module].path] = set(imported & self._wanted)
        for name in self._sought:
            for module in self._defined.get(name.encode(), ()):
                seeming.setdefault(self._files[module].path, set()).add(f"def {name}")
        return Needs(
            wanted=sorted(self._wanted),
            sought=sorted(self._sought),
            seeming={path: sorted(found) for path, found in seeming.items()},
            words={
                path: {name.decode("latin-1"): held for name, held in answers.items()}
                for path, answers in self._words.items()
            },
        )

    @cached_property
    def _imports(self) -> Mapping[str, frozenset[str]]:
        return {name: frozenset(_imported(file)) for name, file in self._files.items()}

    @cached_property
    def _defined(self) -> Mapping[bytes, list[str]]:
        found: dict[bytes, list[str]] = {}
        for name, file in self._files.items():
            for defined in set(_METHOD.findall(file.data)) if not file.in_tests else ():
                found.setdefault(defined, []).append(name)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What was asked about far files by their bytes, and the answers by path; empty ones are left out.

    `wanted` are the imports and `sought` the functions that were looked for, `seeming` those that a file
    seems to have; `words` tells whether a file holds them.
    """

    wanted: list[str]
    sought: list[str]
    seeming: dict[str, list[str]]
    words: dict[str, dict[str, bool]]

    def hold_for(self, file: SourceFile) -> bool:
        """True if the file gives the answers that the one in its place gave."""
        seems = set(_imported(file)).intersection(self.wanted)
        defined = set() if file.in_tests else set(_METHOD.findall(file.data))
        seems |= {f"def {name}" for name in self.sought if name.encode() in defined}
        return sorted(seems) == self.seeming.get(file.path, []) and all(
            (word.encode("latin-1") in file.data) is held
            for word, held in self.words.get(file.path, {}).items()
        )


def module_of(file: SourceFile, facts: FileFacts) -> Module:
    """A file of the tree as a module."""
    return Module(
        name=file.module,
        path=file.path,
        is_package=file.is_package,
        in_tests=file.in_tests,
        in_tree=True,
        source_root=file.source_root,
        facts=facts,
    )


def _by_name(files: Iterable[SourceFile]) -> dict[str, SourceFile]:
    """The files by module; a package shadows the module of the same name beside it."""
    found: dict[str, SourceFile] = {}
    for file in files:
        if file.is_package or file.module not in found:
            found[file.module] = file
    return found


def _imported(file: SourceFile) -> Iterator[str]:
    """Each module that the bytes seem to import whole, each `module.name`, and `module:` around that."""
    for source, names, plain in _IMPORT.findall(file.data):
        for one in plain.split(b",") if plain else ():
            yield _origin(file, one.strip().partition(b" ")[0].decode("utf-8", "replace"))
        if source:
            origin = _origin(file, source.decode("utf-8", "replace"))
            yield f"{origin}:"
            yield from (f"{origin}.{word.decode('utf-8', 'replace')}" for word in _WORD.findall(names))


def _origin(file: SourceFile, written: str) -> str:
    """The module that `written`, which may be relative, names in this file."""
    name = written.lstrip(".")
    level = len(written) - len(name)
    if level:
        return absolute(name, level, file.module, is_package=file.is_package)
    return file.source_root.within(name)
