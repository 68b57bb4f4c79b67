"""`wsconsolidate report`."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_markdown_by_default(run: Run, project: Path) -> None:
    result = run("report", project)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("# WebSocket consolidation report\n")
    assert result.stdout == run("report", project, "--markdown").stdout
    assert result.stdout == run("report", project, "--format", "markdown", "--markdown").stdout


def test_json_has_sections(run: Run, project: Path) -> None:
    result = run("report", project, "--json")
    assert result.returncode == 0
    assert "executive_summary" in json.loads(result.stdout)["sections"]
    assert result.stdout == run("report", project, "--format", "json").stdout


def test_sarif(run: Run, project: Path) -> None:
    result = run("report", project, "--sarif")
    assert result.returncode == 0
    assert json.loads(result.stdout)["version"] == "2.1.0"
    assert result.stdout == run("report", project, "--format", "sarif").stdout


def test_console(run: Run, project: Path) -> None:
    result = run("report", project, "--format", "console")
    assert result.returncode == 0
    assert "EXECUTIVE SUMMARY" in result.stdout


@pytest.mark.parametrize(
    "options", [["--json", "--markdown"], ["--json", "--format", "console"], ["--json", "--sarif"]]
)
def test_one_format_only(run: Run, project: Path, options: list[str]) -> None:
    result = run("report", project, *options)
    assert (result.returncode, result.stdout) == (2, "")
    assert "choose one format" in result.stderr
