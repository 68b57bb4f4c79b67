import os
import subprocess

import pytest

from tests.apply.trees import changed, project_edits, write
from wsconsolidate.apply.commit import commit
from wsconsolidate.apply.preflight import preflight

DIRTY = "it has uncommitted changes: commit or stash them, or pass --allow-dirty"
UNTRACKED = "git does not track it and could not bring it back: add it, or pass --allow-dirty"
IGNORED = "git ignores it, so it is generated or private: exclude it, or change what generates it"
IGNORED_NEW = "git would ignore this new file and it would never be committed: choose another place for it"
SUBMODULE = "it belongs to the submodule lib: fix it in its own repository"


def git(folder, *words):
    environment = {
        **os.environ,
        **{
            f"GIT_{who}_{what}": "t@example.com"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    subprocess.run(["git", *words], cwd=folder, env=environment, check=True, capture_output=True)


def committed(folder):
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "all")
    return folder


@pytest.fixture
def repository(root):
    """The small tree, committed."""
    return committed(root)


def obstacles(root, *edits, allow_dirty=False):
    found = preflight(root, edits, allow_dirty=allow_dirty)
    return [(obstacle.path, obstacle.reason) for obstacle in found]


EDIT = changed("app/real.py", b"x = 1\r\n", b"x = 2\r\n")


def test_a_clean_tree_has_nothing_against_it(repository):
    assert obstacles(repository, *project_edits()) == []


def test_after_a_run_is_committed_the_tree_is_clean_again(repository):
    commit(repository, [EDIT])
    assert obstacles(repository, changed("app/untouched.py", b"y = 1\n", b"")) == [("app/real.py", DIRTY)]
    git(repository, "commit", "-qam", "fixed")
    assert obstacles(repository, changed("app/untouched.py", b"y = 1\n", b"")) == []


def modified(root):
    (root / "app/untouched.py").write_bytes(b"y = 2\n")


def staged(root):
    modified(root)
    git(root, "add", "-A")


def renamed(root):
    git(root, "mv", "app/untouched.py", "app/moved.py")


def removed(root):
    (root / "app/untouched.py").unlink()


def with_another_name(root):
    write(root, {"app/grüße an alle.py": b""})
    git(root, "add", "-A")


@pytest.mark.parametrize(
    ("happens", "named"),
    [
        (modified, ["app/untouched.py"]),
        (staged, ["app/untouched.py"]),
        (renamed, ["app/moved.py", "app/untouched.py"]),
        (removed, ["app/untouched.py"]),
        (with_another_name, ["app/grüße an alle.py"]),
    ],
)
def test_uncommitted_changes_anywhere_below_the_root(repository, happens, named):
    happens(repository)
    assert obstacles(repository, EDIT) == [(path, DIRTY) for path in named]
    assert obstacles(repository, EDIT, allow_dirty=True) == []
    assert obstacles(repository) == [], "where nothing is to be written, nothing is refused"


def test_what_is_beside_the_root_does_not_count(repository):
    write(repository, {"service/a.py": b"1\n"})
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "more")
    modified(repository)
    assert obstacles(repository / "service", changed("a.py", b"1\n", b"2\n")) == []


def test_untracked_files_count_only_if_they_are_written(repository):
    write(
        repository, {"app/scratch.py": b"1\n", "app/copy.bak": b"class Old: ...\n", "app/lost.bak": b"gone\n"}
    )
    change = changed("app/scratch.py", b"1\n", b"2\n")
    retrievable = changed("app/copy.bak", b"class Old: ...\n", None)
    lost = changed("app/lost.bak", b"gone\n", None)
    new = changed("app/new.py", None, b"")
    assert obstacles(repository, EDIT, retrievable, new) == []
    assert obstacles(repository, EDIT, change, lost) == [
        ("app/lost.bak", UNTRACKED),
        ("app/scratch.py", UNTRACKED),
    ]
    assert obstacles(repository, change, lost, allow_dirty=True) == []


@pytest.mark.parametrize("allow_dirty", [False, True])
def test_ignored_files(repository, allow_dirty):
    write(repository, {".gitignore": b"build/\n", "build/a.py": b"1\n", "build/kept.py": b"1\n"})
    git(repository, "add", "-f", ".gitignore", "build/kept.py")
    git(repository, "commit", "-qm", "more")
    edits = [
        changed("build/a.py", b"1\n", b"2\n"),
        changed("build/kept.py", b"1\n", b"2\n"),
        changed("build/new.py", None, b""),
    ]
    assert obstacles(repository, *edits, allow_dirty=allow_dirty) == [
        ("build/a.py", IGNORED),
        ("build/new.py", IGNORED_NEW),
    ]


def test_a_repository_above_that_ignores_the_root_has_no_say(root):
    write(root.parent, {".gitignore": b"*\n!.gitignore\n"})
    committed(root.parent)
    assert obstacles(root, *project_edits()) == []
    git(root, "add", "-f", "app/real.py")
    assert DIRTY in dict(obstacles(root, EDIT)).values(), "it tracks a file of the root after all"


@pytest.fixture
def nested(repository):
    """Another repository below the root."""
    write(repository / "lib", {"a.py": b"1\n"})
    return committed(repository / "lib")


LIB = changed("lib/a.py", b"1\n", b"2\n")


@pytest.mark.parametrize("allow_dirty", [False, True])
def test_submodules(repository, nested, allow_dirty):
    git(repository, "-c", "protocol.file.allow=always", "submodule", "add", "-q", "./lib", "lib")
    git(repository, "commit", "-qm", "lib")
    new = changed("lib/new/b.py", None, b"")
    assert obstacles(repository, EDIT, LIB, new, allow_dirty=allow_dirty) == [
        ("lib/a.py", SUBMODULE),
        ("lib/new/b.py", SUBMODULE),
    ]
    (nested / "a.py").write_bytes(b"9\n")
    assert obstacles(repository, EDIT) == [], "what goes on in a submodule is its own affair"
    assert obstacles(nested, changed("a.py", b"9\n", b"2\n")) == [("a.py", DIRTY)]


def test_a_repository_below_the_root_is_asked_for_its_files(repository, nested):
    assert obstacles(repository, EDIT, LIB) == []
    write(nested, {"b.py": b"1\n"})
    git(nested, "add", "b.py")
    assert obstacles(repository, EDIT, LIB) == [("lib/b.py", DIRTY)]
    assert obstacles(repository, EDIT) == []


def test_without_git_there_is_no_history_to_keep_clean(root, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert obstacles(root, EDIT) == []


def test_a_repository_that_does_not_answer_is_taken_for_dirty(repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    [(path, reason)] = obstacles(repository, EDIT)
    assert path == "."
    assert reason.startswith("git does not say what is committed (git cannot be started")
    assert obstacles(repository, EDIT, allow_dirty=True) == []


def test_a_damaged_repository_is_taken_for_dirty(repository):
    (repository / ".git/HEAD").write_bytes(b"nonsense\n")
    [(path, reason)] = obstacles(repository, EDIT)
    assert path == "."
    assert "not a git repository" in reason


def test_the_variables_of_a_hook_mislead_nobody(repository, monkeypatch, tmp_path):
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    modified(repository)
    assert obstacles(repository, EDIT) == [("app/untouched.py", DIRTY)]
