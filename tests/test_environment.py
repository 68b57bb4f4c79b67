"""Where modules outside of the tree are found, and how another interpreter is asked."""

import sys
import sysconfig
from pathlib import Path

import pytest

from wsconsolidate.environment import Environment, environment_at, running_environment
from wsconsolidate.errors import UsageError

FILES = {
    "first": {"a.py": "x = 1", "p/__init__.py": "", "p/q.py": "", "both/__init__.py": "", "both.py": ""},
    "second": {"a.py": "x = 2", "b.py": "", "c.so": "", "n/m.py": ""},
}
ROWS = [
    ("a", "<first>/a.py", False),
    ("b", "<second>/b.py", False),
    ("p", "<first>/p/__init__.py", True),
    ("p.q", "<first>/p/q.py", False),
    ("both", "<first>/both/__init__.py", True),
    ("n.m", "<second>/n/m.py", False),
    ("n", None, False),
    ("c", "<second>/c.so", False),
    ("no.such", None, False),
    ("", None, False),
    ("..a", None, False),
    ("p/q", None, False),
    ("a.x", None, False),
]


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    for folder, files in FILES.items():
        for name, text in files.items():
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return Environment(tuple((label, tmp_path / label) for label in FILES))


@pytest.mark.parametrize(("module", "path", "is_package"), ROWS)
def test_find(environment: Environment, module: str, path: str | None, is_package: bool) -> None:
    found = environment.find(module)
    assert (found.path if found else None) == path
    if found:
        assert (found.module, found.is_package, found.in_tests) == (module, is_package, False)


def test_the_first_folder_wins(environment: Environment) -> None:
    found = environment.find("a")
    assert found is not None
    assert found.data == b"x = 1"


@pytest.mark.parametrize("module", ["json", "json.encoder", "pytest"])
def test_the_running_environment(module: str) -> None:
    found = running_environment().find(module)
    assert found is not None
    assert found.path.startswith("<installed>" if module == "pytest" else "<stdlib>")


@pytest.mark.parametrize("place", [sys.executable, sys.prefix], ids=["interpreter", "folder"])
def test_another_interpreter_is_asked(place: str) -> None:
    found = environment_at(Path(place))
    assert found.folders[0] == ("stdlib", Path(sysconfig.get_path("stdlib")))
    assert found.find("pytest") is not None


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no Python interpreter or virtual environment there"):
        environment_at(tmp_path)


@pytest.mark.parametrize("text", ["#!/bin/sh\nexit 1\n", "#!/no/such/interpreter\n", "#!/bin/sh\n"])
def test_no_answer(tmp_path: Path, text: str) -> None:
    script = tmp_path / "python"
    script.write_text(text, encoding="utf-8")
    script.chmod(0o755)
    with pytest.raises(UsageError, match="does not answer as a Python interpreter"):
        environment_at(script)
