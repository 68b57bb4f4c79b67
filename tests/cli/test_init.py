"""`wsconsolidate init`."""

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run, lay
from wsconsolidate.config import load
from wsconsolidate.model.event import CRITICAL_EVENTS
from wsconsolidate.model.glob import Glob
from wsconsolidate.model.role import Role
from wsconsolidate.rules.codes import KNOWN_CODES


def test_what_it_prints_is_a_configuration(run: Run, project: Path) -> None:
    result = run("init", project)
    assert (result.returncode, result.stderr) == (0, "")
    lay(project, {"pyproject.toml": result.stdout})
    config = load(project, KNOWN_CODES)
    assert config.vocabulary.events == CRITICAL_EVENTS
    assert config.ssot == {
        Role.MANAGER: "app.manager.UnifiedManager",
        Role.EMITTER: "app.emitter.UnifiedEmitter",
    }
    assert run("check", project).returncode == 1


def test_what_it_proposes_is_valid_too(run: Run, project: Path) -> None:
    text = run("init", project).stdout
    uncommented = re.sub(r"^# ([a-z-]+ = )", r"\1", text, flags=re.MULTILINE)
    lay(project, {"pyproject.toml": uncommented, "backend/x.py": ""})
    config = load(project, KNOWN_CODES)
    assert config.exclude == (Glob("*.bak"),)
    assert config.baseline == "wsconsolidate-baseline.txt"
    assert config.vocabulary.aliases == {"agent_finished": "agent_completed"}


def test_proposes_aliases_that_the_code_asks_for(run: Run, healthy: Path) -> None:
    emitter = (healthy / "app/emitter.py").read_text()
    more = "\n    async def emit_agent_complete(self, data):\n        await self.emit_agent_completed(data)\n"
    lay(healthy, {"app/emitter.py": emitter + more})
    assert '# aliases = { agent_complete = "agent_completed" }' in run("init", healthy).stdout


def test_proposes_the_spellings_of_the_events_that_the_code_sends(run: Run, healthy: Path) -> None:
    lay(
        healthy,
        {
            "app/feed.py": """
from starlette.websockets import WebSocket

class Feed:
    def __init__(self, ws: WebSocket):
        self.ws = ws
    async def started(self):
        await self.ws.send_json({"type": "RUN_STARTED"})
        await self.ws.send_json({"type": "subagent_started"})
        await self.ws.send_json({"type": "TOOL_CALL_START"})
    async def done(self):
        await self.ws.send_json({"type": "TOOL_CALL_END"})
        await self.ws.send_json({"type": "REASONING_START"})
        await self.ws.send_json({"type": "RUN_FINISHED"})
"""
        },
    )
    text = run("init", healthy).stdout
    aliases = next(line for line in text.splitlines() if line.startswith("# aliases"))
    assert 'RUN_STARTED = "agent_started"' in aliases
    assert 'TOOL_CALL_END = "tool_completed"' in aliases
    assert "subagent" not in aliases
    assert '# presets = ["ag-ui"]' in text


@pytest.mark.parametrize(
    ("before", "joint"),
    [
        (None, ""),
        (b"", ""),
        (b"[project]\nname = 'x'\n", "\n"),
        (b"[project]\nname = 'x'  # \xc3\xa4", "\n\n"),
        (b"[project]\r\nname = 'x'\r\n", "\r\n"),
    ],
)
def test_write_appends(run: Run, project: Path, before: bytes | None, joint: str) -> None:
    section = run("init", project).stdout
    path = project / "pyproject.toml"
    if before is not None:
        path.write_bytes(before)
        path.chmod(0o640)
    result = run("init", project, "--write")
    assert (result.returncode, result.stdout) == (0, "")
    assert str(path) in result.stderr
    line_end = "\r\n" if "\r" in joint else "\n"
    assert path.read_bytes() == (before or b"") + (joint + section.replace("\n", line_end)).encode()
    assert load(project, KNOWN_CODES).ssot
    if before is not None:
        assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("before", "says"),
    [
        ("[tool.wsconsolidate]\n", "has [tool.wsconsolidate] already"),
        ("tool = { ruff = {} }\n", "the section cannot be appended"),
        ("[project\n", "no valid TOML"),
    ],
)
def test_write_refuses(run: Run, project: Path, before: str, says: str) -> None:
    lay(project, {"pyproject.toml": before})
    result = run("init", project, "--write")
    assert (result.returncode, result.stdout) == (2, "")
    assert says in result.stderr
    assert (project / "pyproject.toml").read_text() == before
