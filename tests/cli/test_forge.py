"""What GitHub Actions is given: annotations, a summary, paths from the root of the repository."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, lay
from tests.cli.repository import Repository, repository

DROPPED = """
    async def emit_number_{}(self, data):
        self.manager.send_to_user(self.user_id, data)
"""
MANY = "".join(map(DROPPED.format, range(12)))


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests may themselves run in a workflow."""
    for name in ("GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY", "GITHUB_BASE_REF"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def work(tmp_path: Path, chat_files: dict[str, str]) -> Repository:
    """A repository whose folder `backend` holds the program, with more findings than GitHub shows."""
    emitter = f"{chat_files['app/emitter.py']}\n{MANY}"
    return repository(lay(tmp_path / "work", {f"backend/{name}": text for name, text in chat_files.items()}
                          | {"backend/app/emitter.py": emitter}).resolve())  # fmt: skip


def annotated(stdout: str) -> list[str]:
    return [
        line.partition("file=")[2].partition(",title")[0] for line in stdout.splitlines() if line[:2] == "::"
    ]


def test_paths_start_at_the_repository(run: Run, work: Repository):
    options = ("check", work.folder / "backend", "--format")
    plain = run(*options, "github").stdout
    assert annotated(plain)[0].startswith("app/")
    there = run(*options, "github", GITHUB_WORKSPACE=str(work.folder)).stdout
    assert annotated(there) == [f"backend/{place}" for place in annotated(plain)]
    assert run(*options, "github", GITHUB_WORKSPACE="/nowhere").stdout == plain
    log = json.loads(run(*options, "sarif", GITHUB_WORKSPACE=str(work.folder)).stdout)
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].startswith("backend/app/")


def test_the_summary_is_appended(run: Run, work: Repository, tmp_path: Path):
    place = tmp_path / "summary.md"
    place.write_text("before\n", encoding="utf-8")
    shown = run("check", work.folder / "backend", "--format", "github", GITHUB_STEP_SUMMARY=str(place))
    text = place.read_text("utf-8")
    assert text.startswith("before\n# Check\n")
    assert text.count("| WSC206") == 12
    assert shown.stdout.count("title=WSC206") < 12
    assert shown.stdout.count("WSC206") == 12


def test_other_formats_leave_the_summary_alone(run: Run, work: Repository, tmp_path: Path):
    run(
        "check",
        work.folder / "backend",
        "--format",
        "junit",
        GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"),
    )
    assert not (tmp_path / "summary.md").exists()


def test_a_summary_that_cannot_be_written(run: Run, work: Repository):
    result = run(
        "check", work.folder / "backend", "--format", "github", GITHUB_STEP_SUMMARY="/nowhere/summary.md"
    )
    assert result.returncode == 2
    assert "cannot write GITHUB_STEP_SUMMARY /nowhere/summary.md" in result.stderr


class TestRanking:
    """Lines under review come first."""

    LAST = "app/emitter.py"

    def edit(self, work: Repository) -> int:
        """Change the last of the dropped calls; the line it is in."""
        path = work.folder / "backend" / self.LAST
        text = path.read_text("utf-8")
        head, _, _ = text.rpartition("self.user_id, data")
        path.write_text(f"{head}self.user_id, {{**data}})\n", encoding="utf-8")
        return head.count("\n") + 1

    def test_of_a_pull_request(self, run: Run, work: Repository):
        work.git("update-ref", "refs/remotes/origin/main", "HEAD")
        line = self.edit(work)
        work.commit()
        options = ("check", work.folder / "backend", "--format", "github")
        assert annotated(run(*options, GITHUB_BASE_REF="main").stdout)[0] == f"{self.LAST},line={line}"
        assert annotated(run(*options).stdout)[0] != f"{self.LAST},line={line}"
        assert run(*options, GITHUB_BASE_REF="gone").stdout == run(*options).stdout

    def test_of_a_new_file_below_the_root(self, run: Run, work: Repository):
        lay(work.folder, {"backend/zoo.py": (work.folder / "backend" / self.LAST).read_text("utf-8")})
        options = ("check", work.folder / "backend", "--format", "github")
        work.git("update-ref", "refs/remotes/origin/main", "HEAD")
        assert annotated(run(*options, GITHUB_BASE_REF="main").stdout)[0].startswith("zoo.py,")
