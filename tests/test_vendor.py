import json
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from wsconsolidate import __version__
from wsconsolidate import vendor as module
from wsconsolidate.vendor import MARKER, VendorError, read_marker, vendor, vendored, vendored_files

SCENARIO = """
import asyncio, sys

sys.path.insert(0, {where!r})
from app.{name} import CRITICAL_EVENTS, AgentWebSocketBridge, UnifiedWebSocketManager, UserExecutionContext
from app.{name}.testing import ManualClock, MemoryTransport, settle


async def main():
    manager = UnifiedWebSocketManager(clock=ManualClock())
    async with AgentWebSocketBridge(manager) as bridge:
        sockets = {{user: MemoryTransport() for user in ("ada", "bob")}}
        for user, socket in sockets.items():
            await manager.connect(user, socket)
        await settle()
        for name in CRITICAL_EVENTS:
            await getattr(bridge, f"notify_{{name}}")(UserExecutionContext(user_id="ada"), {{}})
        await settle()
        assert [message["type"] for message in sockets["ada"].messages] == list(CRITICAL_EVENTS)
        assert sockets["bob"].messages == []


asyncio.run(main(), debug=True)
assert not [name for name in sys.modules if name.startswith("wsconsolidate")], "it stands alone"
try:
    import wsconsolidate
except ImportError:
    print("sealed")
"""


def tree(directory):
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def test_the_copy_brings_its_licence(tmp_path):
    vendor(tmp_path / "realtime")
    ours = Path(__file__).parents[1] / "LICENSE"
    assert (tmp_path / "realtime" / "LICENSE.txt").read_bytes() == ours.read_bytes()


def test_the_copy_is_the_runtime_and_knows_what_it_is(tmp_path):
    destination = tmp_path / "app" / "realtime"
    written = vendor(destination)
    assert tree(destination) == vendored_files()
    assert written == tuple(sorted(path for path in destination.rglob("*") if path.is_file()))
    marker = vendored(destination)
    assert marker.version == __version__
    assert "manager.py" in marker.files
    assert [path.name for path in destination.parent.iterdir()] == ["realtime"]


def test_again_is_nothing_also_after_the_copy_was_imported(tmp_path):
    destination = tmp_path / "realtime"
    vendor(destination)
    (destination / "__pycache__").mkdir()
    (destination / "__pycache__" / "manager.cpython-311.pyc").write_bytes(b"")
    stamp = (destination / "manager.py").stat().st_mtime_ns
    assert vendor(destination) == ()
    assert (destination / "manager.py").stat().st_mtime_ns == stamp


def test_an_older_copy_is_replaced(tmp_path, monkeypatch):
    destination = tmp_path / "realtime"
    with monkeypatch.context() as older:
        older.setattr(module, "__version__", "0.0.1")
        vendor(destination)
    assert vendored(destination).version == "0.0.1"
    assert len(vendor(destination)) == len(vendored_files())
    assert vendored(destination).version == __version__
    assert [path.name for path in tmp_path.iterdir()] == ["realtime"]


def foreign(destination):
    destination.mkdir()
    (destination / "mine.py").write_text("x = 1\n")


def edited(destination):
    vendor(destination)
    (destination / "manager.py").write_text("x = 1\n")


def enlarged(destination):
    vendor(destination)
    (destination / "mine.py").write_text("x = 1\n")


def shrunk(destination):
    vendor(destination)
    (destination / "manager.py").unlink()


def forged(destination):
    vendor(destination)
    marker = json.loads((destination / MARKER).read_text())
    (destination / MARKER).write_text(json.dumps({**marker, "digest": "0" * 64}))


def a_file(destination):
    destination.write_text("x = 1\n")


def a_link(destination):
    elsewhere = destination.with_name("elsewhere")
    elsewhere.mkdir()
    destination.symlink_to(elsewhere)


@pytest.mark.parametrize("make", [foreign, edited, enlarged, shrunk, forged, a_file, a_link])
def test_what_is_not_an_untouched_copy_is_refused_and_untouched(tmp_path, make):
    destination = tmp_path / "realtime"
    make(destination)
    before = tree(tmp_path)
    with pytest.raises(VendorError, match="nothing was changed"):
        vendor(destination)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("name", ["real-time", "1st", "a.b"])
def test_a_name_that_cannot_be_imported_is_refused(tmp_path, name):
    with pytest.raises(VendorError, match="cannot be imported"):
        vendor(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_directory_is_filled(tmp_path):
    (tmp_path / "realtime").mkdir()
    assert len(vendor(tmp_path / "realtime")) == len(vendored_files())


@pytest.mark.parametrize("step", ["_write", "_put_in_place"])
def test_a_failure_changes_nothing(tmp_path, monkeypatch, step):
    destination = tmp_path / "realtime"
    with monkeypatch.context() as older:
        older.setattr(module, "__version__", "0.0.1")
        vendor(destination)
    before = tree(tmp_path)

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(module, step, fail)
    with pytest.raises(OSError, match="disk full"):
        vendor(destination)
    assert tree(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["realtime"]


def test_when_the_copy_cannot_be_put_in_place_the_old_one_comes_back(tmp_path, monkeypatch):
    destination = tmp_path / "realtime"
    with monkeypatch.context() as older:
        older.setattr(module, "__version__", "0.0.1")
        vendor(destination)
    before, rename = tree(tmp_path), Path.rename

    def fail_for_the_fresh(path, target):
        if target == destination and (path / MARKER).exists() and vendored(path).version == __version__:
            raise OSError("disk full")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail_for_the_fresh)
    with pytest.raises(OSError, match="disk full"):
        vendor(destination)
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff", b'{"source": "x", "version": "1", "digest": "", "files": {}}']
)
def test_what_is_no_marker_is_no_marker(content):
    assert read_marker(content) is None


def test_the_copy_works_under_another_name_without_the_tool(tmp_path):
    vendor(tmp_path / "app" / "live_events")
    (tmp_path / "app" / "__init__.py").touch()
    bare = tmp_path / "bare"
    venv.create(bare, with_pip=False)
    script = tmp_path / "scenario.py"
    script.write_text(SCENARIO.format(where=str(tmp_path), name="live_events"))
    python = bare / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    command = [python, "-I", "-W", "error", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.stdout.strip(), done.stderr) == ("sealed", "")


SUITE = (
    "log",
    "turns",
    "stepping",
    "envelope",
    "manager",
    "connections",
    "lifetime",
    "careless",
    "sessions",
    "sessions_pace",
    "hostile",
    "slow_client",
    "emitter",
    "bridge",
    "promise",
    "promise_of_nodes",
    "relay",
)


def test_a_copy_under_another_name_passes_the_suite(tmp_path):
    vendor(tmp_path / "live_events")
    tests = Path(__file__).parent / "runtime"
    for name in ("conftest", "stores", "managers", "tabs", "wanderer", *(f"test_{each}" for each in SUITE)):
        text = (tests / f"{name}.py").read_text("utf-8").replace("wsconsolidate.runtime", "live_events")
        text = re.sub(r"^from \.(\w+)", r"from \1", text, flags=re.MULTILINE)
        (tmp_path / f"{name}.py").write_text(text, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stdout
