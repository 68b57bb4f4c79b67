import errno
import os
import shutil
from collections import Counter

import pytest

from tests.apply.faults import AFTER, AMID, BEFORE, StruckDisk, failing, moments_of, raising
from tests.apply.trees import apply, come_back, project_edits, take_back, tree
from wsconsolidate.apply.commit import commit
from wsconsolidate.apply.disk import Disk
from wsconsolidate.apply.journal import Journal
from wsconsolidate.apply.recover import recover
from wsconsolidate.errors import ApplyError, UnfinishedError, WriteError

FULL = (errno.ENOSPC, (BEFORE, AMID))
FORBIDDEN = (errno.EACCES, (BEFORE,))
BROKEN = (errno.EIO, (BEFORE, AMID, AFTER))  # a device may do as it was told, and report an error


@pytest.fixture
def old(root):
    """A tree to write in."""
    return root


@pytest.fixture
def new(old):
    """A tree that was written in."""
    root = old.with_name("new")
    copy(old, root)
    commit(root, project_edits())
    return root


@pytest.fixture
def wreck(old):
    """A tree whose disk broke for good when the last but one file was put in place."""
    calls = operations(old, apply)
    last = max(number for number, name in enumerate(calls) if name == "remove")
    root = copy(old, old.with_name("wreck"))
    with pytest.raises(UnfinishedError):
        apply(root, StruckDisk(failing((last, AFTER), errno.EIO, for_good_from=0)))
    return root


def copy(root, target):
    return shutil.copytree(root, target, symlinks=True)


def copies(root, moments):
    """A copy of the tree for each moment."""
    target = root.with_name("copy")
    for at in moments:
        yield at, copy(root, target)
        shutil.rmtree(target)


def operations(root, act):
    disk, target = StruckDisk(), root.with_name("dry")
    act(copy(root, target), disk)
    shutil.rmtree(target)
    return disk.calls


COMMIT_AND_UNDO = pytest.mark.parametrize(
    ("tree_name", "act"), [("old", apply), ("new", take_back)], ids=["commit", "undo"]
)
EACH = pytest.mark.parametrize(
    "step", [pytest.param(1, marks=pytest.mark.slow), 7], ids=["each moment", "some moments"]
)


@pytest.mark.parametrize(("code", "when"), [FULL, FORBIDDEN, BROKEN], ids=["ENOSPC", "EACCES", "EIO"])
@EACH
@COMMIT_AND_UNDO
def test_an_operation_that_fails_leaves_everything_as_it_was(request, tree_name, act, step, code, when):
    source = request.getfixturevalue(tree_name)
    before, moments = tree(source), moments_of(operations(source, act), when)
    assert len(moments) > 60
    for at, root in copies(source, moments[::step]):
        with pytest.raises(WriteError, match=rf"some/file: {os.strerror(code).lower()}; every file is"):
            act(root, StruckDisk(failing(at, code)))
        assert tree(root) == before, at
        assert recover(root) == ()


@EACH
@COMMIT_AND_UNDO
def test_a_disk_that_fails_for_good_leaves_what_the_next_start_makes_whole(
    request, old, new, tree_name, act, step
):
    source, trees, seen = request.getfixturevalue(tree_name), (tree(old), tree(new)), Counter()
    for at, root in copies(source, moments_of(operations(source, act), (BEFORE,))[::step]):
        with pytest.raises(ApplyError, match="no space left on device") as told:
            act(root, StruckDisk(failing(at, errno.ENOSPC, for_good_from=0)))
        seen[type(told.value)] += 1
        assert tree(root) == tree(source) or told.type is UnfinishedError, at
        recover(root)
        assert tree(root) in trees, at
        assert recover(root) == ()
    assert seen.keys() == {UnfinishedError, WriteError}


@EACH
@COMMIT_AND_UNDO
def test_a_last_step_that_fails_then_a_disk_that_does_leave_what_can_be_made_whole(
    request, old, new, tree_name, act, step
):
    """The manifest may already say that all is done: it must not say so while all is put back."""
    source, trees = request.getfixturevalue(tree_name), (tree(old), tree(new))
    last = len(operations(source, act)) - 1
    put_back = StruckDisk(failing((last, AFTER), errno.EIO))
    with pytest.raises(WriteError):
        act(copy(source, source.with_name("dry")), put_back)
    for at, root in copies(source, moments_of(put_back.calls, (BEFORE,))[last + 1 :: step]):
        with pytest.raises(UnfinishedError):
            act(root, StruckDisk(failing((last, AFTER), errno.EIO, for_good_from=at[0])))
        recover(root)
        assert tree(root) in trees, at


@EACH
def test_recovery_that_fails_can_be_started_again(old, wreck, step):
    assert tree(wreck) != tree(old)
    for at, root in copies(wreck, moments_of(operations(wreck, come_back))[::step]):
        with pytest.raises(ApplyError, match="input/output error"):
            come_back(root, StruckDisk(failing(at, errno.EIO)))
        recover(root)
        assert tree(root) == tree(old), at


def test_an_interruption_by_the_user_puts_everything_back(old):
    before, calls = tree(old), operations(old, apply)
    last = max(number for number, name in enumerate(calls) if name == "remove")
    with pytest.raises(KeyboardInterrupt):
        commit(old, project_edits(), disk=StruckDisk(raising((last, AFTER), KeyboardInterrupt())))
    assert tree(old) == before
    assert [run.state for run in Journal(old).runs()] == ["undone"]


def test_a_full_disk_is_not_written_to_again_where_nothing_was_undone(new):
    full = StruckDisk()

    def strike(number, _):
        if full.calls[number] == "create":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "some/file")

    full.strike = strike
    with pytest.raises(WriteError):
        take_back(new, full)
    assert [run.state for run in Journal(new).runs()] == ["applied"]


def test_what_somebody_edits_while_undo_fails_is_left_to_them(new):
    expected, mine = copy(new, new.with_name("expected")), "app/ws/__init__.py"
    (expected / mine).write_bytes(b"mine = 1\n")
    middle = operations(new, take_back).index("exchange")

    def strike(number, moment):
        if (number, moment) == (middle, AFTER):
            (new / mine).write_bytes(b"mine = 1\n")
            raise OSError(errno.EIO, os.strerror(errno.EIO), "some/file")

    with pytest.raises(WriteError):
        take_back(new, StruckDisk(strike))
    assert tree(new) == tree(expected)


class Plain(Disk):
    """A system that cannot let two files have each other's name in one step."""

    def exchange(self, *_):
        return False


def test_where_nothing_is_swapped_in_one_step_all_is_written_and_undone(old, new):
    before = tree(old)
    apply(old, Plain())
    assert tree(old) == tree(new)
    take_back(old, Plain())
    assert tree(old) == before
