import json
import shutil
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from tests.apply.faults import BEFORE, StruckDisk
from tests.apply.trees import changed, project_edits, tree
from wsconsolidate.apply.commit import commit, record
from wsconsolidate.apply.journal import Journal
from wsconsolidate.apply.run import State
from wsconsolidate.apply.undo import undo
from wsconsolidate.errors import ChangedError, RefusedError
from wsconsolidate.model.check import Check

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
HELD = Check(held=True, tried="3 files")
FAILED = Check(held=False, tried="`make`", untried=("b.py",), against=("a.py fails",))


def test_every_edit_is_on_disk_and_nothing_else_changed(root):
    before = tree(root)
    run = commit(root, project_edits())
    after = tree(root)
    assert run.state is State.APPLIED
    assert (root / "app/manager.py").read_bytes() == b"class Manager(Base): ...\n"
    assert (root / "app/real.py").read_bytes() == b"x = 2\r\n"
    assert (root / "app/ws/deep/new.py").read_bytes() == b"z = 1\n"
    assert (root / "app/ws/__init__.py").read_bytes() == b""
    assert before.keys() - after.keys() == {"app/manager.py.bak", "app/old.py"}
    assert after.keys() - before.keys() == {
        "app/ws",
        "app/ws/__init__.py",
        "app/ws/deep",
        "app/ws/deep/new.py",
    }
    differing = {path for path in before.keys() & after.keys() if before[path] != after[path]}
    assert differing == {"app/manager.py", "app/real.py"}


def test_mode_and_link_stay(root):
    commit(root, project_edits())
    assert (root / "app/manager.py").stat().st_mode & 0o777 == 0o755
    assert str((root / "app/linked.py").readlink()) == "real.py"


def test_a_new_file_has_the_mode_of_any_new_file(root):
    commit(root, project_edits())
    (root / "app/other.py").touch()
    assert (root / "app/ws/__init__.py").stat().st_mode == (root / "app/other.py").stat().st_mode


def test_the_manifest_says_what_was_done(root):
    run = commit(
        root, [changed("app/real.py", b"x = 1\r\n", b"x = 2\r\n")], checks={"parses": HELD}, now=NOON
    )
    record(root, run.id, {"tests": FAILED})
    said = json.loads((root / ".wsconsolidate/runs/1/manifest.json").read_text())
    assert said["run"] == "1"
    assert said["time"] == "2026-01-02T12:00:00+00:00"
    assert said["state"] == "applied"
    assert said["checks"] == {
        "parses": {"held": True, "tried": "3 files", "untried": [], "against": []},
        "tests": {"held": False, "tried": "`make`", "untried": ["b.py"], "against": ["a.py fails"]},
    }
    assert Journal(root).load(run.id).checks == {"parses": HELD, "tests": FAILED}
    [file] = said["files"]
    assert file["path"] == file["place"] == "app/real.py"
    assert file["before"]["sha256"] == sha256(b"x = 1\r\n").hexdigest()
    assert file["after"]["sha256"] == sha256(b"x = 2\r\n").hexdigest()
    assert file["before"]["mode"] == file["after"]["mode"]


def test_a_check_that_failed_is_recorded_of_a_run_that_was_rolled_back(root):
    run = commit(root, project_edits(), checks={"parses": HELD})
    undo(root, run.id)
    assert record(root, run.id, {"tests": FAILED}).state is State.UNDONE
    assert Journal(root).runs()[0].checks == {"parses": HELD, "tests": FAILED}


def test_git_ignores_the_journal(root):
    commit(root, project_edits())
    assert (root / ".wsconsolidate/.gitignore").read_bytes() == b"*\n"


def test_nothing_to_do_writes_nothing(root):
    same = [changed("app/real.py", b"x = 1\r\n", b"x = 1\r\n")]
    assert commit(root, same) is None
    assert commit(root, []) is None
    assert not (root / ".wsconsolidate").exists()


def test_a_second_time_is_refused(root):
    commit(root, project_edits())
    after = tree(root)
    with pytest.raises(RefusedError) as refused:
        commit(root, project_edits())
    assert {obstacle.path for obstacle in refused.value.obstacles} == {edit.path for edit in project_edits()}
    assert tree(root) == after


def test_runs_are_counted(root):
    first = commit(root, [changed("app/real.py", b"x = 1\r\n", b"x = 2\r\n")])
    second = commit(root, [changed("app/real.py", b"x = 2\r\n", b"x = 3\r\n")])
    assert (first.id, second.id) == ("1", "2")


def test_apply_then_undo_is_the_identity(root):
    before = tree(root)
    commit(root, project_edits())
    undo(root)
    assert tree(root) == before


BUSY = ("make_folder", "create", "write", "dress", "sync", "close", "link", "sync_folder")


def test_a_file_that_somebody_edits_meanwhile_is_not_overwritten(root):
    calls, whole = StruckDisk(), shutil.copytree(root, root.with_name("dry"), symlinks=True)
    commit(whole, project_edits(), disk=calls)
    outcomes = set()
    for number in (number for number, name in enumerate(calls.calls) if name in BUSY):
        copy = shutil.copytree(root, root.with_name(f"copy-{number}"), symlinks=True)
        outcomes.add(edit_meanwhile(copy, number))
        assert (copy / "app/real.py").read_bytes() == b"mine\n"
    assert outcomes == {"refused", "applied"}


def edit_meanwhile(root, number):
    """What becomes of a commit at whose operation of this number somebody edits a file."""
    before = tree(root)

    def edit(at, moment):
        if (at, moment) == (number, BEFORE):
            (root / "app/real.py").write_bytes(b"mine\n")

    if not is_refused(root, StruckDisk(edit)):
        with pytest.raises(ChangedError):
            undo(root)
        return "applied"
    (root / "app/real.py").write_bytes(b"x = 1\r\n")
    assert tree(root) == before
    (root / "app/real.py").write_bytes(b"mine\n")
    return "refused"


def is_refused(root, disk):
    try:
        commit(root, project_edits(), disk=disk)
    except RefusedError as refused:
        return [obstacle.path for obstacle in refused.obstacles] == ["app/linked.py"]
    return False
