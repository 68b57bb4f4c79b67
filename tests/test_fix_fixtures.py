"""`fix` on real programs: their suites with real sockets pass before and after, and every byte comes back."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent.parent / "fixtures"
VENDORED = 'runtime = "vendor:core/ws_runtime"\n'
UNSAFE = ("--unsafe",)
# no error of its own is a base of the others, and the runtime's is not copied in
SCATTERED = {("WSC107", "rooms.lobby.RoomFullError"), ("WSC107", "team.user_connections.SocketGoneError")}
# a file that nobody can import holds a class of the same name
NAMESAKE = {("WSC108", "services.notifications.BatchedEventEmitter")}
CHECKED = 'type-checker = "mypy"\n'
WIRED = ("--wire",)
CASES = {
    "legacy_chat": ("legacy_chat", "", WIRED, {"WSC101", "WSC105", "WSC107", "WSC402"}, set()),
    "legacy_chat-unsafe": (
        "legacy_chat",
        "",
        UNSAFE,
        {"WSC101", "WSC103", "WSC104", "WSC105", "WSC107", "WSC108", "WSC206", "WSC402"},
        NAMESAKE,
    ),
    "no_ssot": ("no_ssot", "", WIRED, {"WSC101", "WSC103", "WSC107", "WSC402"}, SCATTERED),
    "no_ssot-vendored": (
        "no_ssot",
        VENDORED,
        WIRED,
        {"WSC101", "WSC103", "WSC107", "WSC402"},
        set(),
    ),
}
ROWS = [
    *(pytest.param(*CASES[name], "", id=name) for name in ("legacy_chat-unsafe", "no_ssot-vendored")),
    *(
        pytest.param(*case, CHECKED, id=f"{name}-typed", marks=pytest.mark.slow)
        for name, case in CASES.items()
    ),
]


def wsconsolidate(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "wsconsolidate", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def scan(root: Path) -> dict:
    return json.loads(wsconsolidate("scan", "--format", "json", root).stdout)


def suite(root: Path) -> None:
    """Run the program's own tests: a real server, real clients."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def tree_hash(root: Path) -> str:
    told = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if ".wsconsolidate" not in path.parts and "__pycache__" not in path.parts:
            told.update(f"{path.relative_to(root)} {path.lstat().st_mode}\n".encode())
            told.update(path.read_bytes() if path.is_file() else b"")
    return told.hexdigest()


def left(rows: list[dict], root: Path) -> list[dict]:
    """The rows whose file is still there."""
    return [row for row in rows if (root / row["path"]).exists()]


@pytest.mark.parametrize(("name", "option", "words", "codes", "kept", "checker"), ROWS)
def test_a_program_works_before_and_after_and_can_be_restored(
    name: str,
    option: str,
    words: tuple[str, ...],
    codes: set[str],
    kept: set[tuple[str, str]],
    checker: str,
    tmp_path: Path,
):
    root = tmp_path / name
    shutil.copytree(FIXTURES / name / "input", root, ignore=shutil.ignore_patterns("__pycache__"))
    with (root / "pyproject.toml").open("a") as file:
        file.write(f"\n[tool.wsconsolidate]\n{option}{checker}")
    before, had = tree_hash(root), scan(root)
    suite(root)

    done = wsconsolidate("fix", "--apply", *words, root)
    assert done.returncode == 0, done.stdout + done.stderr
    suite(root)
    has = scan(root)
    settled = [
        row
        for row in left(had["findings"], root)
        if row["fix"] in ("safe", *(["unsafe"] if words == UNSAFE else []))
    ]
    fixed = {(row["code"], row["symbol"]) for row in settled}
    assert {code for code, _ in fixed} == codes
    assert fixed & {(row["code"], row["symbol"]) for row in has["findings"]} == kept
    assert not has["backup_files"]
    later = {row["qualname"]: row for row in has["classes"]}
    emitters = [symbol for code, symbol in fixed if code == "WSC103"]
    assert {one: later[one]["disposition"] for one in emitters} == dict.fromkeys(emitters, "delegates")

    if VENDORED in option:
        assert has["ssot"]["emitter"] == "core.ws_runtime.emitter.UnifiedWebSocketEmitter"
        assert has["ssot"]["manager"] == "core.ws_runtime.manager.UnifiedWebSocketManager"
        assert not [row for row in has["findings"] if row["path"].startswith("core/ws_runtime/")]
        assert not has["completeness"]["runtime_events"]

    checks = json.loads((root / ".wsconsolidate/runs/1/manifest.json").read_text())["checks"]
    assert all(check["held"] for check in checks.values())
    assert ({"types"} if checker else set()) | ({"wire"} if words == WIRED else set()) <= checks.keys()

    again = wsconsolidate("fix", *(words if words == UNSAFE else ()), root)
    assert again.returncode == 0, again.stdout
    undone = wsconsolidate("fix", "--undo", root)
    assert (undone.returncode, tree_hash(root)) == (0, before), undone.stderr
