"""The hook, under the real pre-commit, and the action, as its runner starts it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import lay
from tests.cli.repository import Repository, repository

ROOT = Path(__file__).parents[2]
MANIFEST = ".pre-commit-hooks.yaml"
ACTION = ROOT / ".github" / "actions" / "check"
BIN = Path(sys.executable).parent

CONFIG = """\
repos:
  - repo: {hooks}
    rev: {rev}
    hooks:
      - id: wsconsolidate
        language: system  # the command of this environment, not one that is installed for the test
        args: [src, --baseline, known.txt]
"""


@pytest.fixture
def committing(tmp_path: Path, chat_files: dict[str, str]) -> Repository:
    """A repository whose commits run the hook, with a baseline of what it has."""
    hooks = repository(lay(tmp_path / "hooks", {MANIFEST: (ROOT / MANIFEST).read_bytes()}))
    config = CONFIG.format(hooks=hooks.folder, rev=hooks.git("rev-parse", "HEAD").strip())
    files = {f"src/{name}": text for name, text in chat_files.items()}
    made = repository(lay(tmp_path / "work", {**files, ".pre-commit-config.yaml": config}))
    wsconsolidate(made.folder, "check", "src", "--baseline", "known.txt", "--update-baseline")
    made.commit()
    return made


def environment(tmp_path: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "GITHUB_"))}
    return {
        **kept,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(tmp_path / "cache"),
        "GIT_CONFIG_GLOBAL": os.devnull,
    }


def wsconsolidate(folder: Path, *arguments: str) -> None:
    subprocess.run([BIN / "wsconsolidate", *arguments], cwd=folder, check=True, capture_output=True)


def pre_commit(work: Repository, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BIN / "pre-commit", *arguments],
        cwd=work.folder,
        env=environment(work.folder.parent),
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_manifest_is_valid(tmp_path: Path):
    done = pre_commit(repository(tmp_path / "work"), "validate-manifest", str(ROOT / MANIFEST))
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_a_commit_that_adds_a_finding_is_stopped(committing: Repository):
    passed = pre_commit(committing, "run", "--all-files")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    old = (committing.folder / "src/app/old_emitter.py").read_text("utf-8")
    lay(committing.folder, {"src/app/older_emitter.py": old, "notes.md": "", "more.py": ""})
    committing.git("add", "--all")
    stopped = pre_commit(committing, "run")
    assert stopped.returncode == 1
    assert stopped.stdout.count("src/app/older_emitter.py:4: WSC103") == 0  # paths start at the root, src
    assert stopped.stdout.count("app/older_emitter.py:4: WSC103") == 1
    assert "new errors" in stopped.stdout


class TestAction:
    """The script of the action, with the environment that its inputs make."""

    def check(self, tmp_path: Path, project: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
        workflow = {"GITHUB_WORKSPACE": str(project), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
        return subprocess.run(
            [ACTION / "check.sh"],
            cwd=project,
            env={**environment(tmp_path), **workflow, **inputs},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_findings_are_annotated_and_fail(self, tmp_path: Path, project: Path):
        done = self.check(tmp_path, project, PATHS="app\ntests", SARIF="out.sarif")
        assert done.returncode == 1
        assert "::error file=app/old_emitter.py,line=12,title=WSC202 stub-event::" in done.stdout
        assert '"ruleId": "WSC202"' in (project / "out.sarif").read_text("utf-8")
        assert "| WSC202 |" in (tmp_path / "summary.md").read_text("utf-8")

    def test_what_is_known_passes(self, tmp_path: Path, project: Path):
        wsconsolidate(project, "check", "--baseline", "known.txt", "--update-baseline")
        assert self.check(tmp_path, project, BASELINE="known.txt").returncode == 0

    def test_options_are_words_of_their_own(self, tmp_path: Path, project: Path):
        done = self.check(tmp_path, project, ARGS="--fail-on\nnote\n--exclude\n* $(touch x).bak")
        assert done.returncode == 1
        assert not (project / "x").exists()

    def test_bad_usage_is_told(self, tmp_path: Path, project: Path):
        done = self.check(tmp_path, project, SINCE="HEAD", SARIF="out.sarif")
        assert done.returncode == 2
        assert "--since HEAD needs a git work tree" in done.stderr

    def test_every_input_reaches_the_script(self):
        action = yaml.safe_load((ACTION / "action.yml").read_text("utf-8"))
        install, check = action["runs"]["steps"]
        used = {
            value.split(".")[1].split(" ")[0] for step in (install, check) for value in step["env"].values()
        }
        assert used == set(action["inputs"])
        script = (ACTION / "check.sh").read_text("utf-8")
        assert all(f"${{{name}:-" in script for name in check["env"])
        assert (ACTION / "../../.." / "pyproject.toml").is_file()  # what the action installs
