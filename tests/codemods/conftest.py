"""Programs of the codemods' tests: written into a folder, analysed by the real pipeline, and planned."""

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from wsconsolidate.codemods.plan import plan
from wsconsolidate.config import load
from wsconsolidate.model.edit import Plan
from wsconsolidate.pipeline.analyze import analyze
from wsconsolidate.rules.codes import KNOWN_CODES
from wsconsolidate.rules.run import run


def contents(program: str | Mapping[str, str | bytes]) -> dict[str, bytes]:
    """The files of a program: what follows each `# file: path`, or what a mapping says."""
    if isinstance(program, str):
        assert program.lstrip().startswith("# file: "), "a program begins with `# file: app/chat.py`"
        parts = (part.partition("\n") for part in program.lstrip().split("# file: ")[1:])
        program = {path.strip(): text for path, _, text in parts}
    return {path: text.encode() if isinstance(text, str) else text for path, text in program.items()}


@dataclass(frozen=True)
class Planned:
    """A plan, and the program that it would leave behind."""

    plan: Plan
    after: dict[str, bytes]

    @property
    def reasons(self) -> str:
        return "\n".join(refusal.reason for refusal in self.plan.refusals)


Planner = Callable[..., Planned]


@pytest.fixture
def planned(tmp_path: Path) -> Planner:
    """Plans what to do about a program, of which each call writes a fresh copy."""
    count = 0

    def plan_for(program, *, unsafe: bool = True, without=(), codes=None, vendor=None) -> Planned:
        nonlocal count
        count += 1
        root = tmp_path / str(count)
        before = contents(program)
        for name, data in before.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
        config = load(root, KNOWN_CODES)
        found = analyze([root], root, config)
        findings = [one for one in run(found, config) if codes is None or one.code in codes]
        made = plan(
            found,
            findings,
            unsafe=unsafe,
            vendor=vendor,
            without=without,
            read=lambda path: (root / path).read_bytes(),
        )
        return Planned(made, applied(before, made))

    return plan_for


def applied(before: dict[str, bytes], made: Plan) -> dict[str, bytes]:
    after = dict(before)
    for edit in made.edits:
        assert after.get(edit.path) == edit.before
        after.pop(edit.path, None)
        if edit.after is not None:
            after[edit.path] = edit.after
    return after


@pytest.fixture
def files_of() -> Callable[..., dict[str, bytes]]:
    return contents


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable]:
    """Writes a program into a folder of its own and imports modules of it, whatever was imported before."""
    tops: set[str] = set()

    def load(files: Mapping[str, bytes], *names: str):
        root = tmp_path / f"imported{len(list(tmp_path.glob('imported*')))}"
        for path, data in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
        monkeypatch.syspath_prepend(str(root))
        tops.update(name.partition(".")[0] for name in names)
        forget(*tops)
        return [importlib.import_module(name) for name in names]

    yield load
    forget(*tops)


def forget(*tops: str) -> None:
    """Let the modules of these packages be imported anew."""
    for name in [name for name in sys.modules if name.partition(".")[0] in tops]:
        del sys.modules[name]
