"""The emitters of the fixtures delegate, and the fixtures' own suites see no difference on real sockets."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from wsconsolidate.codemods.plan import plan
from wsconsolidate.config import load
from wsconsolidate.model.event import EventStatus
from wsconsolidate.model.finding import Applicability
from wsconsolidate.pipeline.analyze import analyze
from wsconsolidate.rules.codes import KNOWN_CODES
from wsconsolidate.rules.run import run
from wsconsolidate.vendor import vendor

ROOT = Path(__file__).parents[2]
SAFE, UNSAFE = Applicability.SAFE, Applicability.UNSAFE
HELP_DESK = {
    "KioskReporter": SAFE,
    "SocketAgentEmitter": SAFE,
    "ChatAgentEvents": SAFE,
    "BoardUpdates": SAFE,
    "RoomFeed": SAFE,
    "DigestEmitter": SAFE,
    "MemberNotifier": SAFE,
    "TeamProgressEmitter": SAFE,
}
# fixture, where the runtime is copied to first, classes that are rewritten
ROWS = [
    pytest.param("no_ssot", None, HELP_DESK, id="no_ssot"),
    pytest.param("no_ssot", "core/ws_runtime", HELP_DESK, id="no_ssot with a copy of the runtime"),
    pytest.param("legacy_chat", None, {"UserWebSocketEmitter": UNSAFE}, id="legacy_chat"),
]


def studied(root: Path):
    config = load(root, KNOWN_CODES)
    found = analyze([root], root, config)
    return found, [one for one in run(found, config) if one.code == "WSC103"]


def planned(root: Path, found, findings):
    return plan(found, findings, unsafe=True, vendor=None, read=lambda path: (root / path).read_bytes())


def statuses(found):
    return {
        (found.program.classes[id].qualname, event): covered.status
        for id, events in found.coverage.items()
        for event, covered in events.items()
    }


@pytest.mark.parametrize(("fixture", "copied", "rewritten"), ROWS)
def test_the_emitters_of_a_fixture_delegate(fixture, copied, rewritten, tmp_path):
    root = tmp_path / "input"
    shutil.copytree(ROOT / "fixtures" / fixture / "input", root, ignore=shutil.ignore_patterns("__pycache__"))
    if copied:
        vendor(root / copied)
    before, findings = studied(root)
    made = planned(root, before, findings)
    assert {group.symbol.rpartition(".")[2]: group.applicability for group in made.groups} == rewritten
    for edit in made.edits:
        (root / edit.path).write_bytes(edit.after)
    after, left = studied(root)
    symbols = {group.symbol for group in made.groups}
    assert not symbols & {one.symbol for one in left}
    dispositions = {
        found.qualname: after.verdicts[id].disposition
        for id, found in after.program.classes.items()
        if id in after.verdicts
    }
    assert {dispositions[symbol] for symbol in symbols} == {"delegates"}
    again = planned(root, after, left)
    assert (again.groups, again.edits) == ((), ())
    old, new = statuses(before), statuses(after)
    worse = {key for key, status in old.items() if status.covers and new[key] is not EventStatus.DELEGATES}
    assert not {key for key in worse if key[0] in symbols}
    assert_suite_passes(root)


def assert_suite_passes(root: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
