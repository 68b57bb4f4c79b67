"""What codemods work with: the analysis, and the files as sheets, each read once."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from wsconsolidate.codemods.patch import Rewriting, Unfit
from wsconsolidate.codemods.sheet import Sheet, read_sheet
from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.facts import ImportBinding
from wsconsolidate.model.program import Program

_CONFIGURATION = (".toml", ".cfg", ".ini", ".yaml", ".yml")


@dataclass(frozen=True)
class Workshop:
    """The analysis to be settled, and its files.

    `read` gives the bytes of a file that is no Python file; `vendor` is where the vendored runtime is
    to be, relative to the root, None where the runtime is imported from the installed package.
    """

    found: Analysis
    read: Callable[[str], bytes]
    vendor: str | None
    _data: dict[str, bytes] = field(default_factory=dict, repr=False)
    _sheets: dict[str, Sheet | Unfit] = field(default_factory=dict, repr=False)
    _shared: dict[object, Rewriting | None] = field(default_factory=dict, repr=False)

    @property
    def program(self) -> Program:
        """The linked program."""
        return self.found.program

    def once(self, key: object, make: Callable[[], Rewriting | None]) -> Rewriting | None:
        """What several findings ask for, made at the first: the same rewriting for the same key."""
        if key not in self._shared:
            self._shared[key] = make()
        return self._shared[key]

    def mentions(self, *names: str) -> tuple[str, ...]:
        """The lines of documentation and configuration that hold one of these names: `docs/ws.md:7`."""
        words = re.compile(rb"(?<![\w.])(?:%s)(?!\w)" % b"|".join(re.escape(name.encode()) for name in names))
        return tuple(
            f"{path}:{number}"
            for path, data in self._texts
            if words.search(data)
            for number, line in enumerate(data.splitlines(), start=1)
            if words.search(line)
        )

    @cached_property
    def _texts(self) -> tuple[tuple[str, bytes], ...]:
        """The pages of documentation, and the files of configuration that can be read."""
        pages = [(page.path, page.data) for page in self.found.tree.pages]
        for path in self.found.tree.names:
            if path.endswith(_CONFIGURATION):
                with suppress(OSError):
                    pages.append((path, self.read(path)))
        return tuple(sorted(pages))

    @cached_property
    def own(self) -> frozenset[str]:
        """The top-level packages and modules of the tree."""
        return frozenset(module.imported_as.partition(".")[0] for module in self.program.modules.values())

    def takers(self, module: str, name: str) -> tuple[str, ...]:
        """The paths of the files that import a name from a module of the tree, by itself or with a star."""
        return self._takers.get((module, name), ()) + self._takers.get((module, "*"), ())

    @cached_property
    def _takers(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for file in self.program.files.values():
            for binding in (one for scope in file.facts.scopes for one in scope.bindings):
                if isinstance(binding, ImportBinding) and binding.attribute:
                    key = (file.origin(binding), binding.attribute)
                    found[key] = (*found.get(key, ()), file.path)
        return found

    def data(self, path: str) -> bytes:
        """The bytes of any file of the tree.

        Raises:
            Unfit: it cannot be read.
        """
        if not self._data:
            self._data.update((file.path, file.data) for file in self.found.tree.files)
        if path not in self._data:
            try:
                self._data[path] = self.read(path)
            except OSError as error:
                raise Unfit(path, f"it cannot be read: {error.strerror or error}") from error
        return self._data[path]

    def sheet(self, path: str) -> Sheet:
        """A Python file, ready to be rewritten.

        Raises:
            Unfit: it was not analysed, or cannot be rewritten faithfully.
        """
        if path not in self._sheets:
            self._sheets[path] = self._read(path)
        sheet = self._sheets[path]
        if isinstance(sheet, Unfit):
            raise sheet
        return sheet

    def _read(self, path: str) -> Sheet | Unfit:
        problem = next((one for one in self.found.tree.problems if one.path == path), None)
        if problem is not None or path not in self.program.files:
            return Unfit(path, problem.message if problem else "it was not analysed")
        try:
            return read_sheet(path, self.data(path))
        except Unfit as unfit:
            return unfit
