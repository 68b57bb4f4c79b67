"""Roots, which files are found, and what their modules are called."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from tests.cli.conftest import lay
from tests.discovered import git, paths, seen
from wsconsolidate.config import Config
from wsconsolidate.discover import discover, find_root
from wsconsolidate.errors import NothingToAnalyse, UsageError
from wsconsolidate.model.glob import Glob

CACHES = ("node_modules", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache")
SECTION = "[tool.wsconsolidate]\n"


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
