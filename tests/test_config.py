"""[tool.wsconsolidate] -> Config."""

import sys
from pathlib import Path

import pytest

from wsconsolidate.config import Config, Overrides, has_section, load
from wsconsolidate.errors import ConfigError
from wsconsolidate.model.event import CRITICAL_EVENTS, Vocabulary
from wsconsolidate.model.finding import Severity
from wsconsolidate.model.glob import Glob
from wsconsolidate.model.role import Role

CODES = ("WSC101", "WSC102", "WSC106", "WSC201", "WSC206")


def read(root: Path, options: str) -> Config:
    (root / "pyproject.toml").write_text(f"[project]\nname = 'x'\n[tool.wsconsolidate]\n{options}")
    return load(root, CODES)


def problems(root: Path, options: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as raised:
        read(root, options)
    assert raised.value.path == str(root / "pyproject.toml")
    return raised.value.problems


@pytest.mark.parametrize(
    ("options", "name", "value"),
    [
        ("exclude = ['gen', 'app/*_old.py']", "exclude", (Glob("gen"), Glob("app/*_old.py"))),
        ("source-roots = ['lib/']", "source_roots", ("lib",)),
        ("events = ['a', 'b', 'a']", "vocabulary", Vocabulary(events=("a", "b"), aliases={})),
        (
            "[tool.wsconsolidate.aliases]\ndone = 'agent_completed'",
            "vocabulary",
            Vocabulary(events=CRITICAL_EVENTS, aliases={"done": "agent_completed"}),
        ),
        (
            "events = ['tool_executing']\npresets = ['openai-agents']\naliases = { said = 'tool_executing' }",
            "vocabulary",
            Vocabulary(
                events=("tool_executing",),
                aliases={
                    "on_tool_start": "tool_executing",
                    "tool_called": "tool_executing",
                    "said": "tool_executing",
                },
            ),
        ),
        (
            "ssot = { manager = 'app.ws.Hub', error = 'app.e.Fault' }",
            "ssot",
            {Role.MANAGER: "app.ws.Hub", Role.ERROR: "app.e.Fault"},
        ),
        ("select = ['WSC1', 'WSC201']", "select", ("WSC1", "WSC201")),
        ("select = []", "select", ()),
        ("ignore = ['WSC106']", "ignore", ("WSC106",)),
        (
            "severity = { WSC101 = 'note', WSC2 = 'off' }",
            "severity",
            {"WSC101": Severity.NOTE, "WSC2": None},
        ),
        (
            "per-file-ignores = { 'tests/*' = ['WSC2'] }",
            "per_file_ignores",
            ((Glob("tests/*"), ("WSC2",)),),
        ),
        ("fail-on = ['warning', 'error']", "fail_on", (Severity.ERROR, Severity.WARNING)),
        ("fail-on = []", "fail_on", ()),
        ("baseline = 'known.txt'", "baseline", "known.txt"),
        ("require-complete = true", "require_complete", True),
        ("target-version = '3.13'", "target_version", (3, 13)),
        ("target-platform = 'win32'", "target_platform", "win32"),
        ("runtime = 'import'", "vendor", None),
        ("runtime = 'vendor:app/ws'", "vendor", "app/ws"),
        ("require-reason = true", "require_reason", True),
        ("type-checker = 'mypy'", "type_checker", ("mypy",)),
        ("type-checker = ['mypy', '--strict', 'src']", "type_checker", ("mypy", "--strict", "src")),
    ],
)
def test_option(tmp_path: Path, options: str, name: str, value: object) -> None:
    (tmp_path / "lib").mkdir()
    assert getattr(read(tmp_path, options), name) == value


def test_python_is_found_from_the_root(tmp_path: Path) -> None:
    (tmp_path / "env").mkdir()
    assert read(tmp_path, "python = 'env'").python == tmp_path / "env"


@pytest.mark.parametrize("text", [None, "", "[project]\nname = 'x'", "[tool.ruff]", "tool = 3"])
def test_without_section_all_is_default(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "pyproject.toml").write_text(text)
    config = load(tmp_path, CODES)
    assert config == Config()
    assert config.vocabulary.events == CRITICAL_EVENTS
    assert config.fail_on == (Severity.ERROR, Severity.WARNING)
    assert (config.target_version, config.target_platform) == (sys.version_info[:2], sys.platform)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("excludes = ['a']", "unknown option `excludes`; did you mean `exclude`?"),
        ("zzz = 1", "unknown option `zzz`"),
        ("exclude = 'a'", "`exclude` must be a list of strings, not 'a'"),
        ("exclude = [1]", "`exclude` must be a list of strings, not [1]"),
        ("exclude = ['[z-a]']", "`exclude` holds the bad pattern `[z-a]`"),
        ("source-roots = ['nowhere']", "there is no folder `nowhere`"),
        ("events = 'x'", "`events` must be a list of strings, not 'x'"),
        ("events = []", "`events` must be a list with at least one event"),
        ("presets = ['lang-graph']", "`presets`: unknown `lang-graph`; did you mean `langgraph`?"),
        ("aliases = ['a']", "`aliases` must be a table"),
        ("aliases = { x = 'agent_complete' }", "did you mean `agent_completed`?"),
        ("aliases = { x = 3 }", "`aliases.x`: 3 is none of `events`"),
        ("ssot = { manger = 'a.B' }", "`ssot`: unknown `manger`; did you mean `manager`?"),
        ("ssot = { payload = 'a.B' }", "`ssot`: unknown `payload`"),
        ("ssot = { manager = 'Hub' }", "a qualified name such as"),
        ("ssot = { manager = 1 }", "`ssot.manager` must be"),
        ("select = ['WSC9']", "`select`: no rule is called `WSC9`"),
        ("ignore = ['WSC107']", "did you mean `WSC106`?"),
        ("severity = { WSC101 = 'fatal' }", "must be one of error, warning, note, off, not 'fatal'"),
        ("severity = { X1 = 'off' }", "`severity`: no rule is called `X1`"),
        ("severity = { WSC101 = ['off'] }", "must be one of error, warning, note, off"),
        ("per-file-ignores = { 'a' = 'WSC101' }", "`per-file-ignores.a` must be a list of strings"),
        ("per-file-ignores = { 'a' = ['X'] }", "`per-file-ignores.a`: no rule is called `X`"),
        ("per-file-ignores = { '[z-a]' = [] }", "`per-file-ignores` holds the bad pattern"),
        ("fail-on = ['warnings']", "`fail-on`: unknown `warnings`; did you mean `warning`?"),
        ("baseline = ''", "`baseline` must be a string"),
        ("baseline = '.'", "`baseline` must be a file"),
        ("require-complete = 'yes'", "`require-complete` must be true or false, not 'yes'"),
        ("require-complete = 1", "`require-complete` must be true or false, not 1"),
        ("target-version = 3.12", "`target-version` must be a string, not 3.12"),
        ("target-version = '2.7'", "`target-version` must be a Python version"),
        ("target-platform = 'windows'", "`target-platform`: unknown `windows`"),
        ("python = 'env'", "`python`: there is no"),
        ("type-checker = 'mypi'", "`type-checker` must be"),
        ("type-checker = []", "`type-checker` must be"),
        ("type-checker = ['mypy', 1]", "`type-checker` must be a list of strings"),
        ("runtime = 'vendor:'", "`runtime` must be"),
        ("runtime = 'vendor:../x'", "`runtime` must be"),
        ("runtime = 'vendor:/x'", "`runtime` must be"),
        ("runtime = 'copy'", "`runtime` must be"),
    ],
)
def test_wrong_option(tmp_path: Path, options: str, says: str) -> None:
    (problem,) = problems(tmp_path, options)
    assert says in problem


def test_all_problems_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, "exclude = 1\nrequire-reason = 2\nselects = 3\ntarget-version = 'x'")
    assert len(found) == 4
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, CODES)
    assert str(raised.value).count("pyproject.toml: ") == 4


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[tool.wsconsolidate\n", "no valid TOML"),
        (b"# \xe9\n[tool.wsconsolidate]\n", "no valid TOML"),
        (b"[tool]\nwsconsolidate = 3\n", "must be a table"),
    ],
)
def test_damaged_file(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=says):
        load(tmp_path, CODES)


def test_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").symlink_to("pyproject.toml")
    with pytest.raises(ConfigError, match="cannot be read: too many levels of symbolic links"):
        load(tmp_path, CODES)


@pytest.mark.parametrize(
    ("content", "has"),
    [
        (b"[tool.wsconsolidate]", True),
        (b"[tool.wsconsolidate.ssot]\nmanager = 'a.B'", True),
        (b"tool = { wsconsolidate = {} }", True),
        (b"[tool.ruff]", False),
        (b"# [tool.wsconsolidate]", False),
        (b"[tool.wsconsolidate\n", True),
        (b"[broken\n", False),
    ],
)
def test_has_section(tmp_path: Path, content: bytes, has: bool) -> None:
    assert not has_section(tmp_path)
    (tmp_path / "pyproject.toml").write_bytes(content)
    assert has_section(tmp_path) is has


@pytest.mark.parametrize(
    ("options", "code", "severity"),
    [
        ("", "WSC101", Severity.WARNING),
        ("select = ['WSC2']", "WSC101", None),
        ("select = ['WSC2']", "WSC201", Severity.WARNING),
        ("ignore = ['WSC1']", "WSC101", None),
        ("select = ['WSC101']\nignore = ['WSC1']", "WSC101", Severity.WARNING),
        ("select = ['WSC1']\nignore = ['WSC1']", "WSC101", None),
        ("severity = { WSC1 = 'note' }", "WSC101", Severity.NOTE),
        ("severity = { WSC1 = 'note', WSC101 = 'error' }", "WSC101", Severity.ERROR),
        ("severity = { WSC1 = 'off' }", "WSC101", None),
        ("severity = { WSC2 = 'off' }", "WSC101", Severity.WARNING),
    ],
)
def test_severity_of_a_rule(tmp_path: Path, options: str, code: str, severity: Severity | None) -> None:
    assert read(tmp_path, options).severity_of(code, Severity.WARNING) is severity


@pytest.mark.parametrize(
    ("code", "path", "ignored"),
    [
        ("WSC201", "tests/a.py", True),
        ("WSC101", "tests/a.py", False),
        ("WSC201", "app/a.py", False),
    ],
)
def test_per_file_ignores(tmp_path: Path, code: str, path: str, ignored: bool) -> None:
    config = read(tmp_path, "per-file-ignores = { 'tests' = ['WSC2'] }")
    assert config.ignores(code, path) is ignored


def test_the_command_line_adds_and_replaces(tmp_path: Path) -> None:
    (tmp_path / "env").mkdir()
    config = read(tmp_path, "exclude = ['a']\npython = 'env'")
    changed = config.override(Overrides(exclude=(Glob("b"),), python=Path("other")))
    assert changed.exclude == (Glob("a"), Glob("b"))
    assert changed.python == Path("other")
    assert config.override(Overrides()) == config
