"""`wsconsolidate check`: what passes, what fails, and the ratchet."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, lay
from wsconsolidate.baseline import HEADER

COPY = "\n\nclass AnotherEmitter(OldEmitter):\n    async def emit_agent_thinking(self, data):\n        pass\n"


def test_nothing_to_find(run: Run, healthy: Path) -> None:
    result = run("check", healthy)
    assert (result.returncode, result.stderr) == (0, "")
    assert "No finding." in result.stdout


def test_new_findings(run: Run, project: Path) -> None:
    result = run("check", project)
    assert result.returncode == 1
    assert "app/old_emitter.py:12: WSC202 " in result.stdout
    assert result.stderr == "wsconsolidate: 4 new errors\n"


@pytest.mark.parametrize(
    ("arguments", "options", "code"),
    [
        (["--fail-on", "note"], "", 1),
        (["--fail-on", "error,note"], "", 1),
        (["--fail-on", "error", "--fail-on", "warning"], "", 0),
        ([], "fail-on = ['note']", 1),
        ([], "fail-on = ['error']", 0),
        (["--fail-on", "note"], "fail-on = ['error']", 1),
        (["--fail-on", "error"], "fail-on = ['note']", 0),
        ([], "", 0),
        ([], "severity = { WSC106 = 'warning' }", 1),
    ],
)
def test_fail_on(run: Run, healthy: Path, arguments: list[str], options: str, code: int) -> None:
    """A backup file is a note."""
    lay(healthy, {"app/manager.py.bak": "", "pyproject.toml": f"[tool.wsconsolidate]\n{options}\n"})
    result = run("check", healthy, *arguments)
    assert "WSC106" in result.stdout
    assert result.returncode == code


def test_wrong_severity(run: Run, healthy: Path) -> None:
    result = run("check", healthy, "--fail-on", "errors")
    assert result.returncode == 2
    assert "no severity is called 'errors'; did you mean `error`?" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "options", "code"),
    [([], "", 0), (["--require-complete"], "", 1), ([], "require-complete = true", 1)],
)
def test_require_complete(run: Run, healthy: Path, arguments: list[str], options: str, code: int) -> None:
    lay(healthy, {"bad.py": "def f(:\n", "pyproject.toml": f"[tool.wsconsolidate]\n{options}\n"})
    result = run("check", healthy, *arguments)
    assert result.returncode == code
    assert ("incomplete: 1 files not read" in result.stderr) is bool(code)
    assert "bad.py" in result.stdout


def test_complete(run: Run, healthy: Path) -> None:
    assert run("check", healthy, "--require-complete").returncode == 0


class TestBaseline:
    """The life of a baseline in a project with findings."""

    @pytest.fixture
    def known(self, run: Run, project: Path) -> Path:
        """The project with a baseline of all it has."""
        result = run("check", project, "--baseline", "known.txt", "--update-baseline")
        assert result.returncode == 0
        assert "No finding." in result.stdout
        assert result.stderr == f"wsconsolidate: {project / 'known.txt'} knows 6 findings\n"
        return project

    def test_known_findings_pass(self, run: Run, known: Path) -> None:
        assert (known / "known.txt").read_text().splitlines()[0] == HEADER
        result = run("check", known, "--baseline", "known.txt")
        assert (result.returncode, result.stderr) == (0, "")
        assert "No finding." in result.stdout

    def test_relative_to_the_root_wherever_it_runs(self, run: Run, known: Path) -> None:
        lay(known, {"pyproject.toml": "[tool.wsconsolidate]\nbaseline = 'known.txt'\n"})
        assert run("check", known).returncode == 0
        assert run("check", cwd=known / "app").returncode == 0

    def test_shifted_lines_pass(self, run: Run, known: Path) -> None:
        path = known / "app/old_emitter.py"
        path.write_text("# one\n# two\n\n" + path.read_text())
        assert run("check", known, "--baseline", "known.txt").returncode == 0

    def test_a_new_finding_fails_and_is_the_only_one_shown(self, run: Run, known: Path) -> None:
        path = known / "app/old_emitter.py"
        path.write_text(path.read_text() + COPY)
        result = run("check", known, "--baseline", "known.txt")
        assert result.returncode == 1
        assert "AnotherEmitter" in result.stdout
        assert "app/old_emitter.py:12" not in result.stdout
        shown = json.loads(run("check", known, "--baseline", "known.txt", "--format", "json").stdout)
        assert {one["symbol"].split(".")[2] for one in shown["findings"]} == {"AnotherEmitter"}

    def test_a_stale_entry_fails_until_it_is_taken_out(self, run: Run, known: Path) -> None:
        (known / "app/manager.py.bak").unlink()
        result = run("check", known, "--baseline", "known.txt")
        assert result.returncode == 1
        assert "stale baseline entry: WSC106 app/manager.py.bak" in result.stderr
        assert run("check", known, "--baseline", "known.txt", "--update-baseline", "--quiet").stderr == ""
        assert run("check", known, "--baseline", "known.txt").returncode == 0

    def test_a_part_of_the_tree_makes_nothing_stale(self, run: Run, known: Path) -> None:
        lay(known, {"pyproject.toml": "[tool.wsconsolidate]\nbaseline = 'known.txt'\n"})
        (known / "app/manager.py.bak").unlink()
        part = run("check", known / "app/old_emitter.py", known / "app/manager.py", known / "app/emitter.py")
        assert part.returncode == 0
        assert "knows more than was analysed: stale entries cannot be told" in part.stderr
        assert "stale baseline entry: WSC106" in run("check", known).stderr

    def test_findings_that_do_not_fail_are_no_stale_entries(self, run: Run, known: Path) -> None:
        assert run("check", known, "--baseline", "known.txt", "--fail-on", "note").returncode == 0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "there is no baseline"),
        (b"", "not the first line of a baseline"),
        (b"\xff", "cannot read the baseline"),
        (f"{HEADER}\n<<<<<<< HEAD\n".encode(), "known.txt:2: an unresolved merge conflict"),
    ],
)
def test_bad_baseline(run: Run, healthy: Path, content: bytes | None, says: str) -> None:
    if content is not None:
        lay(healthy, {"known.txt": content})
    result = run("check", healthy, "--baseline", "known.txt")
    assert (result.returncode, result.stdout) == (2, "")
    assert says in result.stderr


def test_a_baseline_beside_the_root(run: Run, healthy: Path) -> None:
    lay(healthy.parent, {"known.txt": f"{HEADER}\n"})
    result = run("check", healthy, "--baseline", "known.txt", cwd=healthy.parent)
    assert result.returncode == 2
    assert f"its path is relative to the root {healthy}, not to the working directory" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--update-baseline"], "--update-baseline needs a file"),
        (["--update-baseline", "--baseline", "no/known.txt"], "cannot write the baseline"),
    ],
)
def test_nowhere_to_write(run: Run, healthy: Path, arguments: list[str], says: str) -> None:
    result = run("check", healthy, *arguments)
    assert result.returncode == 2
    assert says in result.stderr
