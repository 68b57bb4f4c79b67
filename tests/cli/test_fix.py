"""`fix` as users meet it: what it shows, writes, refuses and takes back, and how it ends."""

import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Run, lay

BACKUP = {"app/__init__.py": "", "app/manager.py": "LIMIT = 3\n", "app/manager.py.bak": "LIMIT = 2\n"}


def state(root: Path) -> dict[str, tuple[int, str]]:
    """Mode and content of everything below the root but the journal and what Python compiled."""
    return {
        path.relative_to(root).as_posix(): (stat.S_IMODE(path.lstat().st_mode), digest(path))
        for path in sorted(root.rglob("*"))
        if not {".wsconsolidate", ".git", "__pycache__"} & set(path.relative_to(root).parts)
    }


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A program with a backup file beside its module: one safe fix."""
    return lay(tmp_path / "program", BACKUP)


def test_without_apply_nothing_on_disk_changes(run: Run, backup: Path):
    before = sorted(backup.rglob("*"))
    done = run("fix", backup)
    assert done.returncode == 1, done.stderr
    assert "--- a/app/manager.py.bak\n+++ /dev/null\n@@ -1 +0,0 @@\n-LIMIT = 2\n" in done.stdout
    assert "1 finding would be settled in 1 file." in done.stdout
    assert sorted(backup.rglob("*")) == before


def test_the_diff_is_one_that_git_applies(run: Run, backup: Path):
    patch = run("fix", backup).stdout
    subprocess.run(["git", "apply", "-"], cwd=backup, input=patch.encode(), check=True)
    assert not (backup / "app/manager.py.bak").exists()


def test_apply_writes_and_a_second_run_finds_nothing(run: Run, backup: Path):
    done = run("fix", "--apply", backup)
    assert (done.returncode, (backup / "app/manager.py.bak").exists()) == (0, False)
    assert "1 finding settled in 1 file." in done.stdout
    assert "take it back with `wsconsolidate fix --undo`" in done.stderr
    again = run("fix", backup)
    assert (again.returncode, again.stdout) == (0, "Nothing to fix.\n")
    assert run("fix", "--apply", backup).returncode == 0


def test_undo_restores_every_byte(run: Run, backup: Path):
    (backup / "app/manager.py.bak").chmod(0o640)
    before = state(backup)
    run("fix", "--apply", backup)
    assert state(backup) != before
    done = run("fix", "--undo", backup)
    assert (done.returncode, state(backup)) == (0, before)


def test_undo_restores_nothing_if_a_file_changed_since(run: Run, backup: Path):
    run("fix", "--apply", backup)
    (backup / "app/manager.py.bak").write_text("LIMIT = 9\n")
    done = run("fix", "--undo", backup)
    assert done.returncode == 1
    assert "app/manager.py.bak" in done.stderr
    assert (backup / "app/manager.py.bak").read_text() == "LIMIT = 9\n"


@pytest.mark.parametrize("arguments", [("--undo",), ("--undo", "--run", "nobody")])
def test_undo_of_no_run_is_bad_usage(run: Run, backup: Path, arguments: tuple[str, ...]):
    done = run("fix", *arguments, backup)
    assert done.returncode == 2
    assert "no run is recorded here" in done.stderr


def test_a_run_can_be_named(run: Run, backup: Path):
    run("fix", "--apply", backup)
    (name,) = (path.name for path in (backup / ".wsconsolidate/runs").iterdir())
    assert run("fix", "--undo", "--run", "other", backup).returncode == 2
    assert run("fix", "--undo", "--run", name, backup).returncode == 0


def test_what_verifies_may_pass(run: Run, backup: Path):
    done = run("fix", "--apply", "--verify", "test ! -e app/manager.py.bak && echo checked", backup)
    assert done.returncode == 0, done.stderr
    assert not (backup / "app/manager.py.bak").exists()


def test_what_verifies_and_fails_takes_everything_back(command: Run, backup: Path):
    before = state(backup)
    done = command("fix", "--apply", "--verify", "echo said; exit 3", backup)
    assert (done.returncode, state(backup)) == (1, before)
    assert "verify: `echo said; exit 3` ended with 3" in done.stderr
    assert "said" in done.stderr
    (patch,) = (backup / ".wsconsolidate").glob("*.patch")
    assert patch.read_text().startswith("--- a/app/manager.py.bak\n")
    assert command("fix", "--undo", backup).returncode == 2


EMITTERS = """\
from starlette.websockets import WebSocket


class Feed:
    def __init__(self, websocket: WebSocket, user_id: str) -> None:
        self.websocket = websocket
        self.user_id = user_id

    async def emit_agent_started(self, task: str) -> None:
        await self.websocket.send_json({"type": "agent_started", "payload": {"task": task}})

    async def emit_agent_completed(self, answer: str) -> None:
        await self.websocket.send_json({"type": "agent_completed", "payload": {"answer": answer}})
"""


SSOT = "[tool.wsconsolidate.ssot]\nemitter = 'wsconsolidate.runtime.UnifiedWebSocketEmitter'\n"
SPY = """\
import sys


def _loaded() -> bool:
    return "wsconsolidate" in sys.modules


"""


def emitting(root: Path, source: str) -> Path:
    return lay(root, {"app/__init__.py": "", "app/feed.py": source, "pyproject.toml": SSOT})


def test_old_and_new_classes_are_run_side_by_side(command: Run, tmp_path: Path):
    root = emitting(tmp_path / "program", EMITTERS)
    done = command("fix", "--apply", "--wire", root)
    assert done.returncode == 0, done.stderr
    assert "wire: 1 modules imported, 1 classes run in 18 calls, 20 frames compared" in done.stderr
    assert "UnifiedWebSocketEmitter" in (root / "app/feed.py").read_text()
    assert not [*root.rglob("__pycache__")]


def test_classes_are_run_where_the_tree_is_a_package_itself(command: Run, tmp_path: Path):
    lay(tmp_path / "program" / "app", {"__init__.py": "", **SERVICE, "pyproject.toml": SSOT})
    done = command("fix", "--apply", "--wire", tmp_path / "program" / "app")
    assert "wire: 1 modules imported, 1 classes run in 18 calls, 20 frames compared" in done.stderr


def test_services_whose_modules_have_the_same_names_are_run_apart(command: Run, tmp_path: Path):
    services = {f"{name}/app/{path}": text for name in ("a", "b") for path, text in SERVICE.items()}
    root = lay(tmp_path / "program", {**services, "pyproject.toml": SSOT})
    done = command("fix", "--apply", "--wire", root)
    assert "wire: 2 modules imported, 2 classes run in 36 calls, 40 frames compared" in done.stderr


SERVICE = {
    "feed.py": f"from app.names import NAME\n{EMITTERS}",
    "names.py": "NAME = __name__\nassert NAME == 'app.names'\n",
}


def test_what_could_not_be_run_is_told(command: Run, tmp_path: Path):
    root = emitting(tmp_path / "program", f"import nowhere_to_be_found\n{EMITTERS}")
    done = command("fix", "--apply", "--wire", root)
    assert done.returncode == 0, done.stderr
    assert "wire: 0 modules imported, 0 classes run in 0 calls, 0 frames compared" in done.stderr
    assert (
        "not tried: app.feed, with what it defines: cannot import app.feed: ModuleNotFoundError: No module"
        in done.stderr
    )


def test_a_class_that_differs_takes_everything_back(command: Run, tmp_path: Path):
    source = SPY + EMITTERS.replace("self.user_id = user_id", "self.user_id, self.spied = user_id, _loaded()")
    root = emitting(tmp_path / "program", source)
    before = state(root)
    done = command("fix", "--apply", "--wire", root)
    assert (done.returncode, state(root)) == (1, before), done.stderr
    assert "wire: app.feed.Feed.emit_agent_started (full) keeps" in done.stderr
    assert "every file is as it was before; what was taken back is in" in done.stderr
    assert (root / ".wsconsolidate/1.patch").read_text().startswith("--- a/app/feed.py\n")


def test_a_file_that_changed_since_the_plan_is_refused(
    run: Run, backup: Path, monkeypatch: pytest.MonkeyPatch
):
    from wsconsolidate.pipeline import enact

    def edited(*arguments, **options):
        (backup / "app/manager.py.bak").write_text("LIMIT = 9\n")
        return found(*arguments, **options)

    found = enact.preflight
    monkeypatch.setattr(enact, "preflight", edited)
    done = run("fix", "--apply", backup)
    assert done.returncode == 1
    assert "app/manager.py.bak: it changed since the plan" in done.stderr
    assert (backup / "app/manager.py.bak").read_text() == "LIMIT = 9\n"


def test_a_dirty_tree_is_refused(run: Run, backup: Path):
    commit_both(backup)
    (backup / "app/manager.py").write_text("LIMIT = 4\n")
    before = state(backup)
    done = run("fix", "--apply", backup)
    assert (done.returncode, state(backup)) == (1, before)
    assert "app/manager.py: it has uncommitted changes" in done.stderr
    dry = run("fix", backup)
    assert (dry.returncode, "--apply would refuse: app/manager.py" in dry.stderr) == (0, True)


def test_what_git_could_not_bring_back_is_written_over_if_allowed(run: Run, backup: Path):
    commit_both(backup)
    (backup / "app/manager.py").write_text("LIMIT = 4\n")
    assert run("fix", "--apply", "--allow-dirty", backup).returncode == 0
    assert not (backup / "app/manager.py.bak").exists()


def test_sarif_holds_the_edit_of_a_finding(run: Run, backup: Path):
    document = json.loads(run("scan", "--format", "sarif", backup).stdout)
    (result,) = document["runs"][0]["results"]
    (fix,) = result["fixes"]
    assert fix["description"]["text"] == "delete app/manager.py.bak"
    assert [one["artifactLocation"]["uri"] for one in fix["artifactChanges"]] == ["app/manager.py.bak"]


def commit_both(root: Path) -> None:
    """Commit the version that the backup holds, then the one that is there now."""
    lay(root, {"app/manager.py": BACKUP["app/manager.py.bak"]})
    commit(root)
    lay(root, {"app/manager.py": BACKUP["app/manager.py"]})
    commit(root)


def commit(root: Path) -> None:
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "Begin"]):
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *identity, *words], cwd=root, check=True)


def test_a_backup_that_git_never_had_is_kept(run: Run, backup: Path):
    commit(backup)
    done = run("fix", backup)
    assert done.returncode == 0
    assert "git has no committed version of app/manager.py that equals it" in " ".join(done.stdout.split())


def test_a_backup_of_a_committed_version_goes(run: Run, backup: Path):
    commit_both(backup)
    assert run("fix", "--apply", backup).returncode == 0
    assert not (backup / "app/manager.py.bak").exists()


BAD = {
    "an unknown rule": (["--select", "WSC1000"], "--select: no rule is called 'WSC1000'"),
    "an empty rule": (["--select", ""], "--select: no rule is called ''"),
    "undo and apply": (["--undo", "--apply"], "--undo takes back a run and nothing else"),
    "a run and no undo": (["--run", "x"], "--run names what --undo takes back: give both"),
    "wire and no apply": (["--wire"], "--wire compares what was written: give --apply as well"),
    "undo and wire": (["--undo", "--wire"], "--undo takes back a run and nothing else"),
    "verify and no apply": (["--verify", "true"], "--verify runs after writing: give --apply as well"),
    "a path that is not there": (["nowhere"], "nowhere: no such file or folder"),
}


@pytest.mark.parametrize(("arguments", "problem"), BAD.values(), ids=BAD)
def test_bad_usage_is_told(run: Run, backup: Path, arguments: list[str], problem: str):
    done = run("fix", *arguments, cwd=backup)
    assert (done.returncode, done.stdout) == (2, "")
    assert problem in done.stderr


@pytest.mark.parametrize(("codes", "code"), [("WSC101", 0), ("WSC106", 1), ("WSC101,WSC106", 1), ("WSC1", 1)])
def test_only_what_is_selected_is_fixed(run: Run, backup: Path, codes: str, code: int):
    assert run("fix", "--select", codes, backup).returncode == code


def test_a_run_that_is_killed_is_put_back_at_the_next_start(backup: Path, run: Run):
    before = state(backup)
    for number in range(5):
        lay(backup, {f"app/m{number}.py": "X = 1\n", f"app/m{number}.py.bak": "X = 0\n"})
    before = state(backup)
    program = [sys.executable, "-c", KILLED, str(backup)]
    done = subprocess.run(program, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert state(backup) != before
    again = run("fix", backup)
    assert "was cut short; its files are as they were before it" in again.stderr
    assert state(backup) == before


KILLED = """
import os, signal, sys
from wsconsolidate.apply.disk import Disk

removed = 0
replace = Disk.replace

def deadly(self, path, target):
    global removed
    replace(self, path, target)
    removed += path.name.endswith(".bak")
    if removed == 3:
        os.kill(os.getpid(), signal.SIGKILL)

Disk.replace = deadly
sys.argv = ["wsconsolidate", "fix", "--apply", sys.argv[1]]
from wsconsolidate.cli.app import main
main()
"""


def test_an_interrupt_while_verifying_takes_everything_back(backup: Path):
    before = state(backup)
    program = [sys.executable, "-m", "wsconsolidate", "fix", "--apply", str(backup)]
    process = subprocess.Popen(
        [*program, "--verify", "echo begun; exec sleep 60"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert process.stderr is not None
    assert b"begun" in process.stderr.readline()
    os.killpg(process.pid, signal.SIGINT)
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.stderr.close()
    assert (process.returncode, state(backup)) == (130, before)
