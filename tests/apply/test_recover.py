import errno
import os
import shutil
import subprocess
import sys

import pytest

from tests.apply.faults import BEFORE, StruckDisk, failing
from tests.apply.trees import changed, project_edits, tree
from wsconsolidate.apply.commit import commit
from wsconsolidate.apply.journal import FOLDER, Journal
from wsconsolidate.apply.recover import recover
from wsconsolidate.apply.undo import undo
from wsconsolidate.errors import ApplyError, BusyError, ChangedError, NoSuchRunError, RefusedError

EDIT = [changed("app/untouched.py", b"y = 1\n", b"y = 2\n")]


def breaks_at(root, operation, nth):
    """Commit on a disk that breaks for good at the n-th operation of a name, as if the process died there."""
    dry, disk = shutil.copytree(root, root.with_name("dry"), symlinks=True), StruckDisk()
    commit(dry, project_edits(), disk=disk)
    numbers = [number for number, name in enumerate(disk.calls) if name == operation]
    broken = StruckDisk(failing((numbers[nth], BEFORE), errno.EIO, for_good_from=0))
    with pytest.raises(ApplyError):
        commit(root, project_edits(), disk=broken)


@pytest.fixture
def whole(root):
    return tree(root)


@pytest.fixture
def wreck(root, whole):
    """A tree where one of two files is deleted and others are replaced, by a process that is gone."""
    breaks_at(root, "remove", -1)
    assert tree(root) != whole
    return root


def test_the_next_start_puts_it_back_and_the_one_after_has_nothing_to_do(wreck, whole):
    [run] = recover(wreck)
    assert (run.id, run.state) == ("1", "undone")
    assert tree(wreck) == whole
    assert recover(wreck) == ()


def test_the_next_commit_puts_it_back_too(wreck):
    run = commit(wreck, EDIT)
    assert run.id == "2"
    assert (wreck / "app/manager.py").read_bytes() == b"class Manager: ...\n"
    assert [(run.id, run.state) for run in Journal(wreck).runs()] == [("2", "applied"), ("1", "undone")]


def test_what_was_planned_on_the_torn_tree_is_refused(wreck, whole):
    planned = changed("app/manager.py", (wreck / "app/manager.py").read_bytes(), b"class M: ...\n")
    with pytest.raises(RefusedError, match=r"app/manager\.py: it changed since the plan: plan again"):
        commit(wreck, [planned])
    assert tree(wreck) == whole


@pytest.mark.parametrize("name", [None, "1"])
def test_so_does_undo_and_undoes_no_other(wreck, whole, name):
    assert undo(wreck, name).id == "1"
    assert tree(wreck) == whole
    with pytest.raises(NoSuchRunError):
        undo(wreck, name)


def test_undo_after_an_interruption_leaves_the_run_before_it(root):
    commit(root, EDIT)
    applied = tree(root)
    breaks_at(root, "remove", -1)
    assert undo(root).id == "2"
    assert tree(root) == applied


def test_a_file_edited_since_the_interruption_is_not_overwritten(wreck, whole):
    (wreck / "app/manager.py").write_bytes(b"class Mine: ...\n")
    torn = tree(wreck)
    for act in (recover, undo, lambda root: commit(root, EDIT)):
        with pytest.raises(
            ChangedError, match=r"app/manager\.py; their old content is in \.wsconsolidate/runs/1"
        ):
            act(wreck)
        assert tree(wreck) == torn
    (wreck / "app/manager.py").write_bytes(b"class Manager: ...\n")
    recover(wreck)
    assert tree(wreck) == whole


def test_a_run_cut_short_before_it_was_written_down_leaves_nothing(root):
    before = tree(root)
    breaks_at(root, "write", 3)
    assert tree(root) == before
    assert recover(root) == ()
    assert list((root / FOLDER / "runs").iterdir()) == []


@pytest.mark.parametrize("prepare", [tree, lambda root: commit(root, EDIT)])
def test_without_a_half_done_run_nothing_is_written(root, prepare):
    prepare(root)
    before = everything(root)
    assert recover(root) == ()
    assert everything(root) == before


def everything(root):
    return {path: path.lstat().st_mtime_ns for path in root.rglob("*")}


HOLD = """
import sys
from pathlib import Path
from wsconsolidate.apply.journal import held

with held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(root):
    """Another process that is writing in the tree."""
    command = [sys.executable, "-c", HOLD, root]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        yield process


def test_of_two_runs_at_once_one_is_told_to_wait(root, holder):
    before = tree(root)
    for act in (undo, lambda root: commit(root, EDIT)):
        with pytest.raises(
            BusyError, match=rf"another run \(process {holder.pid}\) is writing in this tree: wait"
        ):
            act(root)
    assert tree(root) == before


def test_what_a_living_process_writes_is_not_put_back(wreck, holder):
    with pytest.raises(BusyError, match=str(holder.pid)):
        recover(wreck)


def test_the_lock_of_a_dead_process_is_no_lock(root, holder):
    holder.kill()
    holder.wait()
    assert commit(root, EDIT).id == "1"
    assert (root / FOLDER / "lock").read_text() == f"{os.getpid()}\n"
