"""Compare answers with what CPython made of the same class statements."""

import json
import subprocess
import sys
import sysconfig
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.oracle.others import Answers
from tests.oracle.ours import Answer, Ours
from wsconsolidate.environment import running_environment
from wsconsolidate.model.program import ClassId, MroStatus

LIVE = Path(__file__).with_name("live.py")
PATCHING = frozenset(("tkinter.tix",))
"""What `live.py` leaves out too: importing it gives other bases to classes of other modules."""
LIBRARY = Path(sysconfig.get_path("stdlib"))


@dataclass(frozen=True, slots=True)
class Made:
    """What CPython made of one class statement, each time it ran."""

    name: str
    path: Path
    line: int
    first: int
    orders: tuple[tuple[str, ...], ...]
    methods: frozenset[int]

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Compared:
    """One class: what CPython made and what we say."""

    made: Made
    answer: Answer

    @property
    def exact(self) -> bool:
        return self.answer.order.status is MroStatus.EXACT

    @property
    def equal(self) -> bool:
        """True if every time the statement ran it gave the order that we say."""
        return all(order == self.answer.order.names for order in self.made.orders)

    @property
    def contradicted(self) -> bool:
        """True if we are sure of what CPython does not do: another order, or a class where we see a clash."""
        return (self.exact and not self.equal) or self.answer.order.status is MroStatus.INCONSISTENT

    @property
    def counted(self) -> bool:
        """True if the number of methods is that of `inspect`."""
        return self.made.methods == {self.answer.methods}


@dataclass(slots=True)
class Result:
    """The classes of one package, and what could not be looked at."""

    package: str
    compared: list[Compared]
    failed: list[str]
    others: Mapping[str, list[str]]
    """For each other tool its verdicts: equal, wrong or unknown."""

    @property
    def reasons(self) -> Counter[str]:
        return Counter(one.answer.reason for one in self.compared if not one.exact)


def compare(package: str, others: Mapping[str, Callable[..., Answers]] | None = None) -> Result:
    """Import a package under CPython, and ask us and other tools for each class that came of it."""
    files = package_files(package)
    ours = Ours(files)
    ids = dict(ours.classes())
    live = json.loads(_live(package))
    made = list(_statements(live["classes"], ids))
    compared = [Compared(one, ours.answer(ClassId(str(one.path), one.line))) for one in made]
    said = {name: ask(files) for name, ask in (others or {}).items()}
    verdicts = {name: [_verdict(one, answers) for one in made] for name, answers in said.items()}
    return Result(package, compared, live["failed"], verdicts)


def _verdict(made: Made, answers: Answers) -> str:
    """What another tool's answer is worth; none of them tells classes inside functions by `<locals>`."""
    said = answers.get((str(made.path), made.line)) or answers.get((str(made.path), made.first))
    if said is None:
        return "unknown"
    orders = {tuple(name.replace("<locals>.", "") for name in order) for order in made.orders}
    return "equal" if orders == {said} else "wrong"


def _live(package: str) -> str:
    command = [sys.executable, "-I", "-S", "-X", "frozen_modules=off", str(LIVE), package]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def package_files(package: str) -> dict[str, Path]:
    """The source files of a package, or of the standard library, by module name."""
    if package == "stdlib":
        tops = sorted(LIBRARY.iterdir())
        roots = [path for path in tops if path.stem in sys.stdlib_module_names]
        found = {name: path for root in roots for name, path in _files(root, LIBRARY)}
        return {name: path for name, path in found.items() if name not in PATCHING}
    for _, folder in running_environment().folders:
        root = folder.joinpath(*package.split("."))
        single = root.with_suffix(".py")
        if root.is_dir() or single.is_file():
            return dict(_files(root if root.is_dir() else single, folder))
    raise SystemExit(f"{package} is not installed here: pip install {package}")


def _files(root: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(root.rglob("*.py")) if root.is_dir() else [root]:
        parts = path.relative_to(folder).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if path.suffix == ".py" and "site-packages" not in parts and all(p.isidentifier() for p in parts):
            yield name, path


def _statements(classes: Sequence[Mapping], ids: Mapping[ClassId, str]) -> Iterator[Made]:
    """What was made, by class statement; a class without a place by its name, where that is unique."""
    by_name: dict[str, list[ClassId]] = defaultdict(list)
    for id, name in ids.items():
        by_name[name].append(id)
    ran: dict[ClassId, list[Mapping]] = defaultdict(list)
    for entry in classes:
        if entry["path"] is not None:
            ran[ClassId(entry["path"], entry["line"])].append(entry)
        elif len(by_name[entry["name"]]) == 1 and by_name[entry["name"]][0] not in ran:
            ran[by_name[entry["name"]][0]].append(entry)
    for id, entries in ran.items():
        if id in ids:
            orders = tuple(dict.fromkeys(tuple(entry["mro"]) for entry in entries))
            methods = frozenset(entry["methods"] for entry in entries if entry["methods"] is not None)
            first = entries[0]["first"] or id.line
            yield Made(entries[0]["name"], Path(id.path), id.line, first, orders, methods)
