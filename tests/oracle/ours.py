"""Our own answers for every class of a package, read as the tool reads a tree: in outline."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.programs import installed
from wsconsolidate.environment import running_environment
from wsconsolidate.extract.extract import extract
from wsconsolidate.link.conditions import Interpreter
from wsconsolidate.link.lineage import Lineage
from wsconsolidate.link.members import MethodCounts
from wsconsolidate.link.names import Names
from wsconsolidate.model.facts import FileFacts
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import ClassId, Mro, MroStatus

HERE = Interpreter((sys.version_info.major, sys.version_info.minor), sys.platform)


@dataclass(frozen=True, slots=True)
class Answer:
    """What we say of one class."""

    order: Mro
    methods: int

    @property
    def reason(self) -> str:
        """Why it is not exact; the word exact where it is."""
        problem = self.order.problem
        incomplete = self.order.status is MroStatus.INCOMPLETE and problem is not None
        return problem.code if incomplete else self.order.status.value


class Ours:
    """Answers for the classes of one package, each computed when it is asked for."""

    def __init__(self, files: dict[str, Path]) -> None:
        """`files` are those of the package by module name."""
        self.read = 0
        self.by_path: dict[Path, str] = {}
        self._files = files
        tree = [module for name, path in files.items() if (module := self._module(name, path))]
        self._names = Names(tree, self._installed, HERE, self._with_bodies)
        self._lineage = Lineage(self._names)
        self._counts = MethodCounts(self._names, self._lineage)

    def _module(self, name: str, path: Path) -> Module | None:
        facts = extract(str(path), path.read_bytes(), bodies=False)
        self.read += 1
        if not isinstance(facts, FileFacts):
            return None
        return Module(
            name=name,
            path=str(path),
            is_package=path.name == "__init__.py",
            in_tests=False,
            in_tree=True,
            facts=facts,
        )

    def _with_bodies(self, module: Module) -> Module:
        folders = {f"<{label}>": folder for label, folder in running_environment().folders}
        label, _, rest = module.path.partition("/")
        path = folders[label] / rest if label in folders else Path(module.path)
        facts = extract(module.path, path.read_bytes(), bodies=True)
        self.read += 1
        assert isinstance(facts, FileFacts)
        return replace(module, facts=facts)

    def _installed(self, name: str) -> Module | None:
        found = installed(name)
        self.read += found is not None
        return found

    def classes(self) -> Iterator[tuple[ClassId, str]]:
        """Every class statement with its qualified name."""
        for name in self._files:
            module = self._names.modules.get(name)
            for facts in module.facts.classes if module else ():
                id = ClassId(module.path, facts.line)
                yield id, self._lineage.qualname(id)

    def answer(self, id: ClassId) -> Answer:
        """What we say of a class."""
        return Answer(self._lineage.mro(id), self._counts.of(id))
