"""What README and docs tell is true: commands and exit codes, options, links, the configuration shown."""

import os
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Run, lay
from wsconsolidate import config
from wsconsolidate.rules.codes import KNOWN_CODES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text("utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]

INSTALLING = re.findall(r"^python3\.11 -m venv .*$", README, re.MULTILINE)
COMMANDS = re.findall(r"^(?:\| `)?wsconsolidate ([^`\n]+)", README, re.MULTILINE)
CHECKING = "check src"
FINDING = (CHECKING, "fix src")
UPDATING = "check src --baseline wsconsolidate-baseline.txt --update-baseline"
KNOWING = "check src --baseline wsconsolidate-baseline.txt"
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
PART_LINK = re.compile(r"\]\(([^)#\s:]*)#([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE_BLOCK = re.compile(r"```.*?```", re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, chat_files: dict[str, str]) -> Path:
    """A folder with the program as `src`, a class and a list of repositories that the README asks for."""
    text = chat_files["app/old_emitter.py"].replace("OldEmitter", "EmitterName")
    lay(tmp_path, {"fleet.txt": "src\n"})
    lay(tmp_path / "src", {**chat_files, "app/old_emitter.py": text})
    return tmp_path


def test_the_commands_are_found():
    assert len(COMMANDS) > 8
    assert {CHECKING, UPDATING, KNOWING} <= set(COMMANDS)
    assert len(INSTALLING) == 2


@pytest.mark.parametrize("line", [line for line in COMMANDS if line != KNOWING])
def test_a_command_ends_as_documented(run: Run, folder: Path, line: str):
    result = run(*shlex.split(line), cwd=folder)
    assert result.returncode == (1 if line in FINDING else 0), result.stderr


def test_the_gate_lets_known_findings_pass_and_no_others(run: Run, folder: Path):
    assert run(*shlex.split(CHECKING), cwd=folder).returncode == 1
    assert run(*shlex.split(UPDATING), cwd=folder).returncode == 0
    assert run(*shlex.split(KNOWING), cwd=folder).returncode == 0
    lay(folder, {"src/app/third.py": (folder / "src/app/old_emitter.py").read_text("utf-8")})
    assert run(*shlex.split(KNOWING), cwd=folder).returncode == 1


def test_the_report_on_the_example_is_written(run: Run):
    *_, line = INSTALLING[0].split(" && ")
    program, *arguments = shlex.split(line)
    assert program == ".venv/bin/wsconsolidate"
    result = run(*arguments, cwd=ROOT)
    assert result.returncode == 0
    assert result.stdout.startswith("# ")


def test_the_ci_run_does_what_the_readme_says():
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    _, *steps = INSTALLING[1].split(" && ")
    assert all(f"{step}\n" in script for step in steps)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_the_configuration_shown_is_valid(tmp_path: Path):
    (shown,) = re.findall(r"```toml\n(.*?)```", CONFIGURATION, re.DOTALL)
    sections = tomllib.loads(shown)["tool"]["wsconsolidate"]
    for root in sections["source-roots"]:
        (tmp_path / root).mkdir()
    lay(tmp_path, {"pyproject.toml": shown})
    assert config.load(tmp_path, KNOWN_CODES) != config.Config()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path):
    text = CODE_BLOCK.sub("", page.read_text("utf-8"))
    local = [link for link in LINK.findall(text) if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_into_a_page_lead_to_a_heading(page: Path):
    for path, heading in PART_LINK.findall(CODE_BLOCK.sub("", page.read_text("utf-8"))):
        target = page.parent / path if path else page
        assert heading in set(map(_anchor, HEADING.findall(target.read_text("utf-8"))))


def _anchor(heading: str) -> str:
    """The heading as GitHub links to it."""
    return re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
