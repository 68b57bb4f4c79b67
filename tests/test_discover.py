"""Roots, files, module names and everything that can be wrong with a file on disk."""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from wsconsolidate.config import Config
from wsconsolidate.discover import discover, find_root
from wsconsolidate.errors import NothingToAnalyse, UsageError
from wsconsolidate.model.glob import Glob
from wsconsolidate.model.source import ProblemKind, Tree

CACHES = ("node_modules", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache")
SECTION = "[tool.wsconsolidate]\n"


def lay(root: Path, files: Mapping[str, str | bytes]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def seen(root: Path, *paths: str, config: Config | None = None, limit: int = 1000) -> Tree:
    places = [root / path for path in paths or (".",)]
    return discover(places, find_root(places), config or Config(), limit=limit)


def paths(tree: Tree) -> list[str]:
    return [file.path for file in tree.files]


def kinds(tree: Tree) -> dict[str, str]:
    return {problem.path: problem.kind.value for problem in tree.problems}


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("configured", "given", "root"),
    [
        ([], ["a"], "a"),
        ([], ["a/b/x.py"], "a/b"),
        ([], ["a/b", "a/c"], "a"),
        ([], ["a/b/x.py", "a/c"], "a"),
        ([], ["a", "a/b"], "a"),
        ([], ["."], "."),
        (["."], ["a/b"], "."),
        ([".", "a"], ["a/b"], "a"),
        ([".", "a"], ["a/b", "a/c/y.py"], "a"),
        (["a/b"], ["a/b", "a/c"], "a"),
        (["a/b"], ["a"], "a"),
    ],
)
def test_root(tmp_path: Path, configured: list[str], given: list[str], root: str) -> None:
    lay(tmp_path, {"a/b/x.py": "", "a/c/y.py": "", "pyproject.toml": "[tool.ruff]\n"})
    lay(tmp_path, {f"{folder}/pyproject.toml": SECTION for folder in configured})
    assert find_root([tmp_path / path for path in given]) == tmp_path / root


def test_root_does_not_depend_on_git_or_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(tmp_path, {"a/b/x.py": ""})
    git(tmp_path, "init")
    monkeypatch.chdir(tmp_path / "a")
    assert find_root([Path("b")]) == tmp_path / "a/b"


def test_missing_path(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere: no such file or folder"):
        find_root([tmp_path / "nowhere"])
    with pytest.raises(UsageError, match="nowhere: no such file or folder"):
        discover([tmp_path / "nowhere"], tmp_path, Config())


def test_cyclic_link_as_path(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(UsageError, match="loop"):
        find_root([tmp_path / "loop"])


def test_everything_is_sorted_and_relative_to_the_root(tmp_path: Path) -> None:
    lay(
        tmp_path, {"b/x.py": "", "a.py": "x = 1\n", "b/notes.txt": "", "b/x.py.bak": "", "c/.hidden/y.py": ""}
    )
    tree = seen(tmp_path)
    assert paths(tree) == ["a.py", "b/x.py", "c/.hidden/y.py"]
    assert tree.names == ("a.py", "b/notes.txt", "b/x.py", "b/x.py.bak", "c/.hidden/y.py")
    assert tree.files[0].data == b"x = 1\n"
    assert tree.problems == ()


def test_only_what_is_below_the_paths(tmp_path: Path) -> None:
    lay(tmp_path, {"pyproject.toml": SECTION, "a/x.py": "", "b/y.py": "", "b/z.py": "", "c.md": ""})
    tree = seen(tmp_path, "a", "b/z.py")
    assert paths(tree) == ["a/x.py", "b/z.py"]
    assert tree.names == ("a/x.py", "b/z.py")


def test_overlapping_paths_are_read_once(tmp_path: Path) -> None:
    lay(tmp_path, {"a/b/x.py": "", "a/y.py": ""})
    assert paths(seen(tmp_path, "a/b", "a", "a/y.py", "a/b/x.py")) == ["b/x.py", "y.py"]


def test_pages_of_documentation(tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": "", "README.md": "# A", "docs/ws.rst": "ws", "docs/big.md": "x" * 11})
    tree = seen(tmp_path, limit=10)
    assert [(page.path, page.data) for page in tree.pages] == [("README.md", b"# A"), ("docs/ws.rst", b"ws")]
    assert tree.problems == ()


@pytest.mark.parametrize("folder", [".venv", ".git", ".hg", ".tox", ".nox", ".wsconsolidate", *CACHES])
def test_skipped_folder(tmp_path: Path, folder: str) -> None:
    lay(tmp_path, {"a.py": "", f"x/{folder}/b.py": "", f"{folder}/c.py": ""})
    assert seen(tmp_path).names == ("a.py",)
    assert paths(seen(tmp_path, folder)) == ["c.py"]  # named by the user, it is read


@pytest.mark.parametrize("mark", ["pyvenv.cfg", "conda-meta/history"])
def test_environment_of_any_name(tmp_path: Path, mark: str) -> None:
    lay(tmp_path, {"a.py": "", f"env/{mark}": "", "env/lib/site-packages/b.py": "", "site-packages/c.py": ""})
    assert paths(seen(tmp_path)) == ["a.py", "site-packages/c.py"]
    assert "lib/site-packages/b.py" in paths(seen(tmp_path, "env"))


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        (["gen"], ["a.py", "b/x.py"]),
        (["b/gen", "a.py"], ["b/x.py"]),
        (["*.py"], []),
        (["x.py"], ["a.py", "b/gen/y.py"]),
    ],
)
def test_exclude(tmp_path: Path, patterns: Iterable[str], left: list[str]) -> None:
    lay(tmp_path, {"a.py": "", "b/x.py": "", "b/gen/y.py": "", "keep.txt": ""})
    config = Config(exclude=tuple(map(Glob, patterns)))
    if not left:
        with pytest.raises(NothingToAnalyse):
            seen(tmp_path, config=config)
        return
    tree = seen(tmp_path, config=config)
    assert paths(tree) == left
    assert tree.names == (*left, "keep.txt")


@pytest.mark.parametrize("files", [{}, {"a.txt": "", "b.pyi": "", "c.py.bak": ""}])
def test_no_python_file(tmp_path: Path, files: Mapping[str, str]) -> None:
    lay(tmp_path, files)
    with pytest.raises(NothingToAnalyse, match="no Python file under"):
        seen(tmp_path)


@pytest.mark.parametrize(
    ("content", "kind", "line"),
    [
        (b"", None, 0),
        (b"x = 1\n", None, 0),
        ("# ä\n".encode(), None, 0),
        (b"\xef\xbb\xbfx = 1\n", None, 0),
        (b"# -*- coding: latin-1 -*-\n# \xe9\n", None, 0),
        (b"#!/bin/python\n# vim: set fileencoding=cp1252 :\n# \x80\n", None, 0),
        (b"x = 1\n\n# \xe9\n", ProblemKind.ENCODING, 3),
        (b"# \xe9\n", ProblemKind.ENCODING, 1),
        (b"\n\n# coding: latin-1\n# \xe9\n", ProblemKind.ENCODING, 4),
        (b"# coding: martian\n", ProblemKind.ENCODING, 1),
        (b"# coding: hex\n", ProblemKind.ENCODING, 1),
        (b"\xef\xbb\xbf# coding: latin-1\n", ProblemKind.ENCODING, 1),
        (b"# coding: ascii\n# \xe9\n", ProblemKind.ENCODING, 2),
        (b"x = 1\ny = '\0'\n", ProblemKind.NUL, 2),
        ("x = 1\n".encode("utf-16"), ProblemKind.NUL, 1),
        (b"#" * 1001, ProblemKind.TOO_LARGE, 1),
        (b"#" * 1000, None, 0),
    ],
)
def test_bytes(tmp_path: Path, content: bytes, kind: ProblemKind | None, line: int) -> None:
    lay(tmp_path, {"a.py": "", "b.py": content})
    tree = seen(tmp_path)
    if kind is None:
        assert tree.problems == ()
        assert tree.files[1].data == content
        return
    (problem,) = tree.problems
    assert (problem.path, problem.kind, problem.line) == ("b.py", kind, line)
    assert problem.message
    assert paths(tree) == ["a.py"]
    assert tree.names == ("a.py", "b.py")


def test_latin_1_without_cookie_says_what_to_do(tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": b"# caf\xe9\n"})
    (problem,) = seen(tmp_path).problems
    assert problem.message == "byte 0xe9 is not utf-8: add a coding cookie or re-encode it"


def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": ""})
    os.mkfifo(tmp_path / "b.py")
    tree = seen(tmp_path)
    assert kinds(tree) == {"b.py": "unreadable"}
    assert tree.problems[0].message == "not a regular file"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that root cannot read either")
def test_unreadable_file(tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": ""})
    (tmp_path / "b.py").symlink_to("/proc/self/mem")
    assert kinds(seen(tmp_path)) == {"b.py": "unreadable"}


def test_unreadable_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"a.py": "", "b/c.py": ""})
    scandir = os.scandir

    def guarded(path: str) -> "os._ScandirIterator[str]":
        if str(path).endswith("b"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("wsconsolidate.discover.os.scandir", guarded)
    tree = seen(tmp_path)
    assert kinds(tree) == {"b": "unreadable"}
    assert paths(tree) == ["a.py"]


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes")
def test_name_that_is_not_utf_8(tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": ""})
    (tmp_path / os.fsdecode(b"\xe9.py")).write_text("")
    tree = seen(tmp_path)
    assert kinds(tree) == {"\\xe9.py": "unreadable"}
    assert paths(tree) == ["a.py"]


@pytest.mark.parametrize(
    ("link", "target", "expected"),
    [
        ("l.py", "a/x.py", {}),
        ("l", "a", {}),
        ("a/up", "..", {"a/up": "link"}),
        ("a/self", ".", {"a/self": "link"}),
        ("l.py", "nowhere.py", {"l.py": "link"}),
        ("l", "nowhere", {"l": "link"}),
        ("l.txt", "nowhere.txt", {}),
        (".#x.py", "someone@host.1:2", {}),
        ("l.py", "l.py", {"l.py": "link"}),
        ("l.txt", "l.txt", {"l.txt": "link"}),
    ],
)
def test_link_inside(tmp_path: Path, link: str, target: str, expected: Mapping[str, str]) -> None:
    lay(tmp_path, {"a/x.py": "", "b.py": ""})
    (tmp_path / link).symlink_to(target)
    tree = seen(tmp_path)
    assert kinds(tree) == expected
    assert paths(tree) == ["a/x.py", "b.py"]
    assert link not in tree.names


def test_link_to_the_outside_is_read_once_under_its_own_name(tmp_path: Path) -> None:
    lay(tmp_path, {"out/pkg/x.py": "1", "out/one.py": "2", "in/a.py": ""})
    (tmp_path / "out/pkg/back").symlink_to(tmp_path / "in")
    for name in ("first", "second"):
        (tmp_path / "in" / name).symlink_to(tmp_path / "out/pkg")
    (tmp_path / "in/script.py").symlink_to(tmp_path / "out/one.py")
    tree = seen(tmp_path, "in")
    assert [(file.path, file.module, file.data) for file in tree.files] == [
        ("a.py", "a", b""),
        ("first/x.py", "first.x", b"1"),
        ("script.py", "script", b"2"),
    ]


def test_links_to_each_other(tmp_path: Path) -> None:
    lay(tmp_path, {"c.py": ""})
    (tmp_path / "a.py").symlink_to("b.py")
    (tmp_path / "b.py").symlink_to("a.py")
    assert kinds(seen(tmp_path)) == {"a.py": "link", "b.py": "link"}


def test_a_path_that_is_a_link(tmp_path: Path) -> None:
    lay(tmp_path, {"real/a.py": ""})
    (tmp_path / "link").symlink_to("real")
    assert find_root([tmp_path / "link"]) == tmp_path / "real"
    assert paths(seen(tmp_path, "link", "real")) == ["a.py"]


IGNORED = {".gitignore": "build/\n*.gen.py\n", "a.py": "", "build/b.py": "", "x.gen.py": "", "d/y.gen.py": ""}


def test_without_git_nothing_is_hidden(tmp_path: Path) -> None:
    lay(tmp_path, IGNORED)
    assert paths(seen(tmp_path)) == ["a.py", "build/b.py", "d/y.gen.py", "x.gen.py"]


def test_git_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, IGNORED)
    git(tmp_path, "init")
    monkeypatch.setenv("PATH", "/nowhere")
    assert len(paths(seen(tmp_path))) == 4


def test_gitignore_hides_what_is_not_tracked(tmp_path: Path) -> None:
    lay(tmp_path, IGNORED)
    git(tmp_path, "init")
    assert paths(seen(tmp_path)) == ["a.py"]
    assert "x.gen.py" not in seen(tmp_path).names
    git(tmp_path, "add", "-f", "build/b.py", "x.gen.py")
    lay(tmp_path, {"build/untracked.py": ""})
    assert paths(seen(tmp_path)) == ["a.py", "build/b.py", "x.gen.py"]


def test_gitignore_of_a_folder_above_counts(tmp_path: Path) -> None:
    lay(tmp_path, {".gitignore": "*.gen.py\n", "a/x.py": "", "a/y.gen.py": ""})
    git(tmp_path, "init")
    assert paths(seen(tmp_path, "a")) == ["x.py"]


def test_what_is_named_is_read_though_ignored(tmp_path: Path) -> None:
    lay(tmp_path, IGNORED)
    git(tmp_path, "init")
    assert paths(seen(tmp_path, "build")) == ["b.py"]
    assert paths(seen(tmp_path, "x.gen.py")) == ["x.gen.py"]


def test_the_users_own_git_settings_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"tree/a.py": "", "tree/b.py": "", "ignore": "b.py\n"})
    git(tmp_path / "tree", "init")
    lay(
        tmp_path,
        {"tree/.git/info/exclude": "a.py\n", "config": f"[core]\nexcludesFile = {tmp_path}/ignore\n"},
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    assert paths(seen(tmp_path, "tree")) == ["a.py", "b.py"]


def test_the_tree_chooses_no_program_for_git_to_run(tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": "", "spy": f"#!/bin/sh\ntouch {tmp_path}/ran\n"})
    (tmp_path / "spy").chmod(0o755)
    git(tmp_path, "init")
    git(tmp_path, "config", "core.fsmonitor", str(tmp_path / "spy"))
    seen(tmp_path)
    assert not (tmp_path / "ran").exists()


def test_git_variables_of_a_hook_do_not_mislead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"other/x.py": ""} | {f"mine/{name}": text for name, text in IGNORED.items()})
    git(tmp_path / "other", "init")
    git(tmp_path / "mine", "init")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    assert paths(seen(tmp_path, "mine")) == ["a.py"]


def test_nested_repositories_and_submodules_lose_nothing(tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": "", "origin/s.py": ""})
    lay(tmp_path / "nested", IGNORED)
    git(tmp_path / "origin", "init")
    git(tmp_path / "origin", "add", ".")
    git(tmp_path / "origin", "commit", "-m", "x")
    git(tmp_path, "init")
    git(tmp_path, "-c", "protocol.file.allow=always", "submodule", "add", "./origin", "sub")
    git(tmp_path / "nested", "init")
    assert paths(seen(tmp_path)) == ["a.py", "nested/a.py", "origin/s.py", "sub/s.py"]


def test_discovery_writes_nothing(tmp_path: Path) -> None:
    lay(tmp_path, IGNORED)
    git(tmp_path, "init")
    git(tmp_path, "add", "a.py")
    os.utime(tmp_path / "a.py", (1, 1))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    seen(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


@pytest.mark.parametrize(
    ("path", "in_tests"),
    [
        ("tests/x.py", True),
        ("app/test/x.py", True),
        ("testing/x.py", True),
        ("app/test_x.py", True),
        ("app/x_test.py", True),
        ("conftest.py", True),
        ("app/x.py", False),
        ("app/contest.py", False),
        ("app/latest.py", False),
        ("app/testimony.py", False),
    ],
)
def test_in_tests(tmp_path: Path, path: str, in_tests: bool) -> None:
    lay(tmp_path, {path: ""})
    assert seen(tmp_path).files[0].in_tests is in_tests


def test_a_test_folder_above_the_root_does_not_count(tmp_path: Path) -> None:
    lay(tmp_path, {"tests/app/x.py": ""})
    assert not seen(tmp_path, "tests/app").files[0].in_tests


@pytest.mark.parametrize(
    ("files", "given", "module"),
    [
        ("x.py", ".", "x"),
        ("pkg/__init__.py", ".", "pkg"),
        ("pkg/x.py pkg/__init__.py", ".", "pkg.x"),
        ("pkg/x.py pkg/__init__.py", "pkg", "pkg.x"),
        ("pkg/x.py pkg/__init__.py", "pkg/x.py", "pkg.x"),
        ("pkg/sub/x.py pkg/__init__.py pkg/sub/__init__.py", "pkg/sub", "pkg.sub.x"),
        ("pkg/sub/__init__.py pkg/__init__.py", "pkg/sub", "pkg.sub"),
        ("pkg/data/x.py pkg/__init__.py", "pkg/data", "x"),
        ("pkg/data/x.py pkg/__init__.py", ".", "pkg.data.x"),
        ("ns/x.py", ".", "ns.x"),
        ("ns/x.py", "ns", "x"),
        ("ns/x.py", "ns/x.py", "x"),
        ("ns/pkg/x.py ns/pkg/__init__.py", ".", "ns.pkg.x"),
        ("ns/pkg/x.py ns/pkg/__init__.py", "ns/pkg", "pkg.x"),
        ("src/pkg/x.py src/pkg/__init__.py", ".", "pkg.x"),
        ("src/pkg/x.py src/pkg/__init__.py", "src", "pkg.x"),
        ("src/ns/x.py", ".", "ns.x"),
        ("src/x.py", ".", "x"),
        ("back/src/pkg/x.py back/src/pkg/__init__.py", ".", "pkg.x"),
        ("src/pkg/x.py src/__init__.py src/pkg/__init__.py", ".", "src.pkg.x"),
        ("lib/pkg/x.py lib/pkg/__init__.py", ".", "pkg.x"),
        ("lib/ns/x.py", ".", "ns.x"),
        ("my-app/2nd.part.py", ".", "my-app.2nd.part"),
        ("pkg/__main__.py pkg/__init__.py", ".", "pkg.__main__"),
    ],
)
def test_module_name(tmp_path: Path, files: str, given: str, module: str) -> None:
    lay(tmp_path, {"pyproject.toml": SECTION} | dict.fromkeys(files.split(), ""))
    tree = seen(tmp_path, given, config=Config(source_roots=("lib",)))
    found = {file.path: file for file in tree.files}[files.split(maxsplit=1)[0]]
    assert found.module == module
    assert found.is_package is (found.path.endswith("__init__.py"))
