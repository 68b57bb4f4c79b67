"""`wsconsolidate graph`."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, lay


def test_the_events_travel_to_the_socket(run: Run, project: Path) -> None:
    result = run("graph", project)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("flowchart TD\n")
    assert '["socket"]' in result.stdout
    assert "agent_started" in result.stdout


def test_the_classes_with_a_role_stand_above_their_bases(run: Run, tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": "class WebSocketError(Exception): pass\nclass Gone(WebSocketError): pass\n"})
    result = run("graph", "--classes", "--format", "json", tmp_path)
    document = json.loads(result.stdout)
    labels = {node["id"]: node["label"] for node in document["nodes"]}
    drawn = {(labels[edge["from"]], labels[edge["to"]]) for edge in document["edges"]}
    assert ("a.WebSocketError", "builtins.Exception") in drawn
    assert [node["kind"] for node in document["nodes"] if node["label"] == "a.WebSocketError"] == ["error"]


@pytest.mark.parametrize(
    ("option", "words"), [((), "no critical event"), (("--classes",), "no class has a role")]
)
def test_nothing_to_draw(run: Run, tmp_path: Path, option: tuple[str, ...], words: str) -> None:
    lay(tmp_path, {"a.py": "x = 1\n"})
    result = run("graph", *option, "--format", "dot", tmp_path)
    assert result.returncode == 0
    assert words in result.stderr
    assert result.stdout.startswith("digraph ")


def test_it_is_written_to_a_file(run: Run, project: Path, tmp_path: Path) -> None:
    assert run("graph", "--classes", "-o", tmp_path / "out.mmd", project).stdout == ""
    assert "app.manager.UnifiedManager<br>manager" in (tmp_path / "out.mmd").read_text()
