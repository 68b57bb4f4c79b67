"""Each rung is needed: of every harm exactly one speaks, and without it the harm gets through."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.conftest import lay
from tests.verify.test_rungs import COMPLETED, EMITTER, IMPORTED, MANAGER, PROGRAM, Edits, change
from wsconsolidate.config import Overrides
from wsconsolidate.model.edit import Plan
from wsconsolidate.model.report import Report
from wsconsolidate.pipeline import repair as repairing
from wsconsolidate.pipeline.repair import Order, Repair, _Trial, repair
from wsconsolidate.verify.change import Change, Rung
from wsconsolidate.verify.registry import RUNGS

NOTES = '"""Notes."""\r\nLIMIT = 1\r\n'
# rung: what a plan would do besides what it should, and what it is refused for
HARM: dict[str, tuple[Edits, str]] = {
    "keeps-text": ({"app/windows.py": NOTES.replace("\r\n", "\n")}, "line ends that it has not"),
    "parses": ({"app/manager.py.bak": "\n"}, "app/manager.py.bak would be empty"),
    "resolves": (
        {"app/emitter.py": EMITTER.replace("import Manager", "import Manager, _nobody as _", 1)},
        "would not find app.manager._nobody",
    ),
    "binds-names": (
        {"app/manager.py": MANAGER.replace("WebSocket\n", "WebSocketDisconnect as WebSocket_\n", 1)},
        "app/manager.py would still use WebSocket",
    ),
    "keeps-names": (
        {"app/manager.py": MANAGER.replace("def disconnect(self, user_id", "def disconnect(self, user")},
        "disconnect with another signature",
    ),
    "improves": (
        {"app/emitter.py": EMITTER.replace(f"await {COMPLETED}", "pass")},
        "Emitter would cover agent_completed less well",
    ),
    "settles": ({}, "a second run would rewrite app.team.SocketManagerProtocol again"),
}
SYMBOL = "app.team.SocketManagerProtocol"


def harmful(name: str) -> Change:
    edits, _ = HARM[name]
    return change({"app/team.py": IMPORTED, **edits}, symbol=SYMBOL, again=name == "settles")


@pytest.fixture
def repaired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Repairs the program by the harmful plan, with these rungs."""

    def repaired_with(name: str, rungs: tuple[Rung, ...]) -> Repair:
        made = harmful(name).plan
        nothing = replace(made, groups=(), edits=())

        def planned(trial: _Trial, report: Report, without: Collection[str]) -> Plan:
            is_wanted = made.groups[0].key not in without
            return made if is_wanted and (report is trial.before or name == "settles") else nothing

        monkeypatch.setattr(_Trial, "plan", planned)
        monkeypatch.setattr(repairing, "RUNGS", rungs)
        return repair([lay(tmp_path / "tree", PROGRAM)], Overrides(), Order())

    return repaired_with


def test_every_rung_has_its_harm():
    assert [*HARM] == [rung.name for rung in RUNGS]


@pytest.mark.parametrize("name", HARM)
def test_only_that_rung_speaks(name: str):
    made = harmful(name)
    assert [rung.name for rung in RUNGS if [*rung.objections(made)]] == [name]


@pytest.mark.parametrize("name", HARM)
def test_the_plan_is_left_out(name: str, repaired):
    done = repaired(name, RUNGS)
    assert (done.plan.groups, done.plan.edits, done.checks) == ((), (), {})
    (refusal,) = done.plan.refusals
    assert HARM[name][1] in refusal.reason


@pytest.mark.parametrize("name", HARM)
def test_without_the_rung_it_gets_through(name: str, repaired):
    done = repaired(name, tuple(rung for rung in RUNGS if rung.name != name))
    assert done.plan.edits
    assert not done.plan.refusals
