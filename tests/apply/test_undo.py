import pytest

from tests.apply.trees import changed, project_edits, tree, write
from wsconsolidate.apply.commit import commit
from wsconsolidate.apply.journal import FOLDER, Journal
from wsconsolidate.apply.undo import undo
from wsconsolidate.errors import ChangedError, JournalError, NoSuchRunError

FIRST = [changed("app/real.py", b"x = 1\r\n", b"x = 2\r\n")]
SECOND = [changed("app/manager.py", b"class Manager: ...\n", b"class M: ...\n")]
THIRD = [changed("app/real.py", b"x = 2\r\n", b"x = 3\r\n")]


def states(root):
    return {run.id: run.state.value for run in Journal(root).runs()}


def test_the_last_run_not_yet_undone_by_default(root):
    trees = [tree(root)]
    for edits in (FIRST, SECOND, THIRD):
        commit(root, edits)
        trees.append(tree(root))
    for number in (3, 2, 1):
        assert undo(root).id == str(number)
        assert tree(root) == trees[number - 1]
    with pytest.raises(NoSuchRunError, match="nothing to undo: every run was undone already"):
        undo(root)


def test_any_run_whose_files_are_as_it_left_them(root):
    commit(root, FIRST)
    commit(root, SECOND)
    undo(root, "1")
    assert (root / "app/real.py").read_bytes() == b"x = 1\r\n"
    assert (root / "app/manager.py").read_bytes() == b"class M: ...\n"
    assert states(root) == {"1": "undone", "2": "applied"}


def test_a_run_that_a_later_one_built_on_is_not_undone_alone(root):
    commit(root, FIRST)
    commit(root, THIRD)
    before = tree(root)
    with pytest.raises(
        ChangedError, match=r"nothing was restored, because these changed since: app/real\.py;"
    ):
        undo(root, "1")
    assert tree(root) == before


def edited(root):
    (root / "app/manager.py").write_bytes(b"class Mine: ...\n")


def made_executable(root):
    (root / "app/real.py").chmod(0o755)


def made_anew(root):
    (root / "app/manager.py.bak").write_bytes(b"class Old: ...\n")


def removed(root):
    (root / "app/ws/deep/new.py").unlink()


def turned_into_a_folder(root):
    (root / "app/ws/deep/new.py").unlink()
    (root / "app/ws/deep/new.py").mkdir()


def turned_into_a_link(root):
    (root / "app/manager.py").rename(root / "app/elsewhere.py")
    (root / "app/manager.py").symlink_to("elsewhere.py")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (edited, "app/manager.py"),
        (made_executable, "app/linked.py"),
        (made_anew, "app/manager.py.bak"),
        (removed, "app/ws/deep/new.py"),
        (turned_into_a_folder, "app/ws/deep/new.py"),
        (turned_into_a_link, "app/manager.py"),
    ],
)
def test_if_a_file_changed_since_nothing_is_restored_and_it_is_named(root, change, named):
    commit(root, project_edits())
    change(root)
    before = tree(root)
    with pytest.raises(ChangedError) as told:
        undo(root)
    assert told.value.paths == (named,)
    assert tree(root) == before
    assert states(root) == {"1": "applied"}


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (None, "nothing to undo: no run is recorded here"),
        ("1", "cannot undo run 1: no run is recorded here"),
    ],
)
def test_without_a_journal_there_is_no_run_and_none_is_made(root, name, problem):
    with pytest.raises(NoSuchRunError, match=problem):
        undo(root, name)
    assert not (root / FOLDER).exists()


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("1", "cannot undo run 1: it was undone already"),
        ("7", "cannot undo run 7: applied runs: 2"),
        ("../1", r"cannot undo run \.\./1: applied runs: 2"),
        ("", "cannot undo run : applied runs: 2"),
    ],
)
def test_another_run_is_an_error(root, name, problem):
    commit(root, FIRST)
    undo(root)
    commit(root, SECOND)
    before = tree(root)
    with pytest.raises(NoSuchRunError, match=problem):
        undo(root, name)
    assert tree(root) == before


def test_a_folder_that_got_something_else_stays(root):
    commit(root, project_edits())
    write(root, {"app/ws/mine.py": b"", "app/ws/deep/__pycache__/new.cpython-311.pyc": b""})
    undo(root)
    assert sorted(path.name for path in (root / "app/ws").iterdir()) == ["mine.py"]


def test_what_python_compiled_goes_with_the_folder(root):
    before = tree(root)
    commit(root, project_edits())
    write(root, {"app/ws/__pycache__/new.cpython-311.pyc": b"", "app/ws/deep/__pycache__/x.pyc": b""})
    undo(root)
    assert tree(root) == before


def test_a_deleted_file_comes_back_although_its_folder_is_gone(root):
    write(root, {"old/a.py.bak": b"1\n"})
    before = tree(root)
    commit(root, [changed("old/a.py.bak", b"1\n", None)])
    (root / "old").rmdir()
    undo(root)
    assert tree(root) == before


@pytest.mark.parametrize(
    ("file", "data", "problem"),
    [
        ("manifest.json", b"{", "not a manifest"),
        ("manifest.json", b'{"format": 2}', "format 2, this version reads format 1"),
        ("0.before", b"x = 9\r\n", "this is not the content of app/real.py any more"),
    ],
)
def test_a_damaged_journal_restores_nothing(root, file, data, problem):
    commit(root, FIRST)
    (root / FOLDER / "runs/1" / file).write_bytes(data)
    before = tree(root)
    with pytest.raises(JournalError, match=problem):
        undo(root)
    assert tree(root) == before


@pytest.mark.parametrize("place", ["../outside.py", "/etc/outside.py", "app/../../outside.py", ""])
def test_a_forged_journal_leads_nowhere(root, place):
    commit(root, FIRST)
    manifest = root / FOLDER / "runs/1/manifest.json"
    manifest.write_text(manifest.read_text().replace('"place": "app/real.py"', f'"place": "{place}"'))
    with pytest.raises(JournalError, match="is no place below the root"):
        undo(root)


@pytest.mark.parametrize("name", ["aside", "zone"])
def test_a_folder_that_became_a_link_is_not_followed(root, name):
    outside = root.with_name(name)
    write(outside, {"real.py": b"x = 2\r\n"})
    commit(root, FIRST)
    (root / "app").rename(root.with_name("app"))
    (root / "app").symlink_to(outside)
    with pytest.raises(ChangedError, match=r"app/real\.py"):
        undo(root)
    assert (outside / "real.py").read_bytes() == b"x = 2\r\n"


def test_a_journal_that_is_a_link_is_not_followed(root):
    root.with_name("outside").mkdir()
    (root / FOLDER).symlink_to(root.with_name("outside"))
    for act in (undo, lambda root: commit(root, FIRST)):
        with pytest.raises(JournalError, match="this is no folder"):
            act(root)
    assert list(root.with_name("outside").iterdir()) == []
