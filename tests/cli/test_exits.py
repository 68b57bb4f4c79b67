"""Every documented exit code of every command, by the installed command."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run, lay
from wsconsolidate.baseline import HEADER
from wsconsolidate.cli import app, reference
from wsconsolidate.cli.exits import MEANT, exits

ROOT = Path(__file__).parents[2]
COMMANDS = set(app.COMMANDS)
INTERRUPTED = 130  # tests/cli/test_app.py sends the signal
BY_THEMSELVES = {"fix", "graph", "loadtest", "fleet", "cache"}  # tests/cli/test_<command>.py has their rows

ROWS = [
    ("scan project", 0),
    ("scan irrelevant", 0),
    ("scan nowhere", 2),
    ("scan empty", 2),
    ("scan wrong", 2),
    ("scan --nonsense", 2),
    ("scan project --format xml", 2),
    ("report project", 0),
    ("report project --html", 0),
    ("report project --json --html", 2),
    ("report project -o nowhere/out.md", 2),
    ("check healthy", 0),
    ("check project", 1),
    ("check project --fail-on note", 1),
    ("check irrelevant", 0),
    ("check broken", 0),
    ("check broken --require-complete", 1),
    ("check healthy --baseline stale.txt", 1),
    ("check healthy --baseline none.txt", 2),
    ("check healthy --baseline a.py", 2),
    ("check healthy --fail-on fatal", 2),
    ("check healthy --since HEAD", 2),
    ("explain WSC106", 0),
    ("explain OldEmitter project", 0),
    ("explain WSC999", 2),
    ("explain Nobody project", 2),
    ("init project", 0),
    ("init healthy --write", 0),
    ("init wrong", 2),
    ("init configured --write", 2),
    ("vendor new/live", 0),
    ("vendor project", 2),
]


@pytest.fixture
def folder(project: Path, healthy: Path) -> Path:
    """Trees that end in every way."""
    assert project.parent == healthy.parent
    entry = f"{HEADER}\nWSC106 1 0123-4567 gone.bak\n"
    return lay(
        project.parent,
        {
            "irrelevant/a.py": "x = 1\n",
            "empty/notes.txt": "",
            "wrong/pyproject.toml": "[tool.wsconsolidate]\nx = 1\n",
            "wrong/a.py": "",
            "broken/a.py": "def f(:\n",
            "configured/pyproject.toml": "[tool.wsconsolidate]\n",
            "configured/a.py": "",
            "healthy/stale.txt": entry,
            "healthy/a.py": "x = 1\n",
        },
    )


def test_the_table_has_every_documented_code():
    assert set(MEANT) >= COMMANDS
    here = COMMANDS - BY_THEMSELVES
    documented = {(name, code) for name in here for code in exits(name) if code != INTERRUPTED}
    assert {(line.split()[0], code) for line, code in ROWS} == documented
    assert all(Path(__file__).with_name(f"test_{name}.py").exists() for name in COMMANDS & BY_THEMSELVES)


@pytest.mark.parametrize(("line", "code"), ROWS, ids=[f"{line} -> {code}" for line, code in ROWS])
def test_exit_code(command: Run, folder: Path, line: str, code: int):
    result = command(*line.split(), cwd=folder, GIT_CEILING_DIRECTORIES=str(folder.parent))
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    if code == 2:
        assert result.stdout == ""
        assert len(result.stderr) > 10
    if code == 1:
        assert result.stderr.startswith("wsconsolidate: ")


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_help_tells_the_codes(run: Run, command: str):
    told = " ".join(run(command, "--help").stdout.split())
    assert all(f"{code} {meaning}" in told for code, meaning in exits(command).items())


def test_the_reference_is_up_to_date():
    published = (ROOT / reference.PAGE).read_text("utf-8")
    assert published == reference.page(), "run: python -m wsconsolidate.cli.reference"


@pytest.mark.parametrize(
    ("words", "offers"),
    [
        ("wsconsolidate sc", ["scan"]),
        ("wsconsolidate check --sin", ["--since"]),
        ("wsconsolidate check --format j", ["json", "junit"]),
    ],
)
def test_the_shell_completes(command: Run, words: str, offers: list[str]):
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    result = command(_WSCONSOLIDATE_COMPLETE="complete_bash", **asked)
    assert result.stdout.split() == offers


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_completion_is_shown(command: Run, shell: str):
    result = command(_WSCONSOLIDATE_COMPLETE=f"source_{shell}")
    assert result.returncode == 0
    assert f"_WSCONSOLIDATE_COMPLETE=complete_{shell}" in result.stdout
