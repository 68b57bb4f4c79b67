"""What only running answers is asked of the written tree; a no takes everything back, and is recorded."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.conftest import lay
from wsconsolidate.apply.journal import Journal
from wsconsolidate.apply.run import Run, State
from wsconsolidate.config import Overrides
from wsconsolidate.errors import NotHeldError, UsageError
from wsconsolidate.model.edit import EditGroup, FileEdit
from wsconsolidate.model.finding import Applicability
from wsconsolidate.pipeline import enact as enacting
from wsconsolidate.pipeline.enact import Demand, enact
from wsconsolidate.pipeline.repair import Order, Repair, repair
from wsconsolidate.proof.registry import RUNGS

EMITTER = """\
from starlette.websockets import WebSocket


class Feed:
    def __init__(self, websocket: WebSocket) -> None:
        self.websocket = websocket

    async def agent_started(self, task: str) -> int:
        await self.websocket.send_json({"type": "agent_started", "data": {"task": task}})
        return 1
"""
GROUP = EditGroup(
    key="the key",
    code="WSC103",
    title="",
    path="app/feed.py",
    line=4,
    symbol="app.feed.Feed",
    applicability=Applicability.SAFE,
    risk="",
    paths=("app/feed.py",),
)


def checker(script: str) -> str:
    """The option that makes this program the type checker."""
    return f"type-checker = {json.dumps([sys.executable, '-c', script])}\n"


TYPES, WIRE, VERIFY = "types", "wire", "verify"
SMALL = checker(
    "if 'str = 1' in open('app/feed.py').read():"
    " print('app/feed.py:9: error: Incompatible types in assignment'); raise SystemExit(1)"
)
QUIET = Demand(wire=True, command=f"{sys.executable} -c \"assert 'loud' not in open('app/feed.py').read()\"")
# what a codemod never does, and the one rung that sees it
HARM = {
    TYPES: ("        return 1", "        done: str = 1  # type: ignore[unused]\n        return 1"),
    WIRE: ('"data": {"task"', '"data": {"job"'),
    VERIFY: ("class Feed:", "# loud\nclass Feed:"),
}
REASONS = {
    TYPES: "app/feed.py: Incompatible types in assignment",
    WIRE: 'app.feed.Feed.agent_started (full) sends {"to": "websocket", "frame": {"document": {"map": '
    '[["data", {"map": [["job", "task"]]}]',
    VERIFY: "ended with 1",
}
FINE = ("return 1", "return int(True)")


def planned(root: Path, old: str, new: str, *, options: str = SMALL) -> Repair:
    """A program with a plan for it that nobody proved."""
    files = {"app/__init__.py": "", "app/feed.py": EMITTER}
    lay(root, {**files, "pyproject.toml": f"[tool.wsconsolidate]\n{options}"})
    found = repair([root], Overrides(), Order())
    edit = FileEdit(path="app/feed.py", before=EMITTER.encode(), after=EMITTER.replace(old, new).encode())
    return replace(found, plan=replace(found.plan, groups=(GROUP,), edits=(edit,)))


def silent(stage: str, done: int, total: int) -> None: ...


def run_of(root: Path) -> Run:
    (run,) = Journal(root).runs()
    return run


def written(root: Path) -> str:
    return (root / "app/feed.py").read_text()


def test_all_rungs_hold_for_what_does_no_harm(tmp_path: Path):
    run = enact(planned(tmp_path, *FINE), QUIET, silent, allow_dirty=False)
    assert "int(True)" in written(tmp_path)
    assert run == run_of(tmp_path)
    assert {name: check.held for name, check in run.checks.items()} == dict.fromkeys(HARM, True)
    assert run.checks[TYPES].tried.endswith(": 0 errors before, 0 after")
    assert run.checks[WIRE].tried == "1 modules imported, 1 classes run in 10 calls, 10 frames compared"


@pytest.mark.parametrize("name", HARM)
def test_a_rung_that_does_not_hold_takes_the_run_back(tmp_path: Path, name: str):
    with pytest.raises(NotHeldError) as refused:
        enact(planned(tmp_path, *HARM[name]), QUIET, silent, allow_dirty=False)
    assert refused.value.rung == name
    assert REASONS[name] in "\n".join(refused.value.against)
    assert written(tmp_path) == EMITTER
    patch = Path(refused.value.patch).read_text()
    assert patch.startswith("--- a/app/feed.py\n+++ b/app/feed.py\n")
    assert HARM[name][1].splitlines()[0] in patch
    run = run_of(tmp_path)
    assert run.state is State.UNDONE
    assert not run.checks[name].held
    manifest = json.loads((tmp_path / ".wsconsolidate/runs/1/manifest.json").read_text())
    assert manifest["checks"][name]["against"] == list(refused.value.against)


@pytest.mark.parametrize("name", HARM)
def test_no_other_rung_sees_it(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(enacting, "RUNGS", tuple(rung for rung in RUNGS if rung.name != name))
    enact(planned(tmp_path, *HARM[name]), QUIET, silent, allow_dirty=False)
    assert written(tmp_path) == EMITTER.replace(*HARM[name])


def test_every_rung_of_the_registry_has_its_harm():
    assert [rung.name for rung in RUNGS] == [*HARM]
    assert all(sys.modules[rung.begin.__module__].__doc__.endswith("?") for rung in RUNGS)


def test_without_a_demand_nothing_is_run(tmp_path: Path):
    run = enact(planned(tmp_path, *HARM[WIRE], options=""), Demand(), silent, allow_dirty=False)
    assert run is not None
    assert not run.checks


def test_errors_that_were_there_before_are_not_new_wherever_they_stand(tmp_path: Path):
    script = (
        "line = len(open('app/feed.py').readlines());"
        " print(f'app/feed.py:{line}: error: Wrong  [misc]'); raise SystemExit(1)"
    )
    found = planned(tmp_path, *HARM[VERIFY], options=checker(script))
    run = enact(found, Demand(), silent, allow_dirty=False)
    assert run is not None
    assert run.checks[TYPES].tried.endswith("1 errors before, 1 after")


ALIASED = {
    "by another of its names": ("Socket", True),
    "by a name of another class": ("Sink", False),
}


@pytest.mark.parametrize("name", ALIASED)
def test_it_does_not_matter_by_which_of_its_names_a_class_is_called(tmp_path: Path, name: str):
    called, is_same = ALIASED[name]
    script = (
        f"name = '{called}' if 'loud' in open('app/feed.py').read() else 'WebSocket';"
        ' print(f\'app/feed.py:9: error: "{name}" has no attribute "x"\'); raise SystemExit(1)'
    )
    found = planned(tmp_path, *HARM[VERIFY], options=checker(script))
    program = found.report.analysis.program
    before = EMITTER.replace("import WebSocket", "import WebSocket as Socket")
    assert program.files["app/feed.py"].facts.top.bindings[0].name == "WebSocket"
    lay(tmp_path, {"app/other.py": before})
    found = replace(found, report=repair([tmp_path], Overrides(), Order()).report)
    if is_same:
        assert enact(found, Demand(), silent, allow_dirty=False) is not None
    else:
        with pytest.raises(NotHeldError):
            enact(found, Demand(), silent, allow_dirty=False)


CHECKERS = {
    "mypy": ("{path}:9: error: No such thing  [attr-defined]", "{path}: No such thing  [attr-defined]"),
    "mypy with columns": ("{path}:9:3: error: No  [x]", "{path}: No  [x]"),
    "pyright": (
        '  {root}/{path}:9:5 - error: "x" is unknown (reportUndefinedVariable)',
        '{path}: "x" is unknown (reportUndefinedVariable)',
    ),
    "a message with a line": (
        "{path}:9: error: Name defined on line 7  [x]",
        "{path}: Name defined on   [x]",
    ),
}


@pytest.mark.parametrize("name", CHECKERS)
def test_what_checkers_say_is_understood(tmp_path: Path, name: str):
    line, said = (
        one.replace("{path}", "app/feed.py").replace("{root}", str(tmp_path)) for one in CHECKERS[name]
    )
    script = (
        f"import sys; loud = 'loud' in open('app/feed.py').read(); print({line!r} * loud); sys.exit(loud)"
    )
    options = checker(script)
    with pytest.raises(NotHeldError) as refused:
        enact(planned(tmp_path, *HARM[VERIFY], options=options), Demand(), silent, allow_dirty=False)
    assert refused.value.against == (said,)
    assert written(tmp_path) == EMITTER


BROKEN = {
    "not there": ("['no-such-checker']", "type-checker: no-such-checker cannot be started"),
    "fails without an error": (
        f"[{sys.executable!r}, '-c', 'raise SystemExit(\"no configuration\")']",
        "ended with 1 and names no error: no configuration",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_checker_that_cannot_be_asked_is_told_before_anything_is_written(tmp_path: Path, name: str):
    checker, problem = BROKEN[name]
    with pytest.raises(UsageError, match=problem):
        enact(
            planned(tmp_path, *FINE, options=f"type-checker = {checker}\n"),
            Demand(),
            silent,
            allow_dirty=False,
        )
    assert written(tmp_path) == EMITTER
    assert not (tmp_path / ".wsconsolidate").exists()


def test_mypy_is_found_beside_the_interpreter_and_finds_what_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NotHeldError) as refused:
        enact(
            planned(tmp_path, *HARM[TYPES], options="type-checker = 'mypy'\n[tool.mypy]\n"),
            Demand(),
            silent,
            allow_dirty=False,
        )
    (reason,) = refused.value.against
    assert reason.startswith("app/feed.py: Incompatible types in assignment")
    assert not (tmp_path / ".mypy_cache").exists()
    assert run_of(tmp_path).checks[TYPES].tried == "`mypy`: 0 errors before, 1 after"


def test_an_interruption_while_something_is_asked_takes_everything_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def interrupted() -> Iterator[None]:
        raise KeyboardInterrupt

    rung = replace(RUNGS[0], is_wanted=lambda _: True, begin=lambda _: interrupted)
    monkeypatch.setattr(enacting, "RUNGS", (rung,))
    with pytest.raises(KeyboardInterrupt):
        enact(planned(tmp_path, *FINE), Demand(), silent, allow_dirty=False)
    assert (written(tmp_path), run_of(tmp_path).state) == (EMITTER, State.UNDONE)
