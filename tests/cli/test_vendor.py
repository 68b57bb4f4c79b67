"""`wsconsolidate vendor`: a copy that stands for itself."""

import subprocess
import sys
from pathlib import Path

USE = """
import asyncio
from app.live import ManagerConfig, UnifiedWebSocketEmitter, UnifiedWebSocketManager, UserExecutionContext
from app.live.testing import MemoryTransport, settle

async def main():
    async with UnifiedWebSocketManager(ManagerConfig()) as manager:
        transport = MemoryTransport()
        await manager.connect("anna", transport)
        context = UserExecutionContext(user_id="anna", thread_id="t", run_id="r")
        await UnifiedWebSocketEmitter(manager, context).emit_agent_started({"agent_name": "triage"})
        await settle()
        print([message["type"] for message in transport.messages])

asyncio.run(main())
"""


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=cwd, capture_output=True, text=True, check=False)


def vendor(folder: Path) -> subprocess.CompletedProcess[str]:
    return run("-m", "wsconsolidate", "vendor", "app/live", cwd=folder)


def test_the_copy_works_without_the_tool_and_under_another_name(tmp_path):
    done = vendor(tmp_path)
    assert (done.returncode, "app/live/__init__.py" in done.stdout.splitlines()) == (0, True)
    (tmp_path / "app" / "__init__.py").touch()
    used = run("-S", "-c", USE, cwd=tmp_path)
    assert (used.returncode, used.stdout, used.stderr) == (0, "['agent_started']\n", "")


def test_a_copy_that_is_up_to_date_is_left_alone(tmp_path):
    vendor(tmp_path)
    again = vendor(tmp_path)
    assert (again.returncode, again.stdout) == (0, "")
    assert "is up to date" in again.stderr


def test_a_folder_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "app" / "live").mkdir(parents=True)
    (tmp_path / "app" / "live" / "mine.py").write_text("x = 1\n")
    done = vendor(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing was changed" in done.stderr
    assert [path.name for path in (tmp_path / "app" / "live").iterdir()] == ["mine.py"]
