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
REWRITTEN = {
    "legacy_chat": ("WSC101", "WSC106", "WSC402"),
    "no_ssot": ("WSC101", "WSC106", "WSC402"),
}
CASES = [("legacy_chat", ""), ("no_ssot", ""), ("no_ssot", 'runtime = "vendor:core/ws_runtime"\n')]


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


@pytest.mark.parametrize(("name", "option"), CASES, ids=["legacy_chat", "no_ssot", "no_ssot-vendored"])
def test_a_program_works_before_and_after_and_can_be_restored(name: str, option: str, tmp_path: Path):
    root = tmp_path / name
    shutil.copytree(FIXTURES / name / "input", root, ignore=shutil.ignore_patterns("__pycache__"))
    with (root / "pyproject.toml").open("a") as file:
        file.write(f"\n[tool.wsconsolidate]\n{option}" if option else "")
    before, had = tree_hash(root), scan(root)
    suite(root)

    done = wsconsolidate("fix", "--apply", root)
    assert done.returncode == 0, done.stdout + done.stderr
    suite(root)
    has = scan(root)
    rewritten = [row for row in had["classes"] if row["disposition"] == "rewrite"]
    later = {(row["path"], row["qualname"]): row for row in has["classes"]}
    emitters = [row for row in rewritten if row["role"] == "emitter"]
    assert {later[row["path"], row["qualname"]]["disposition"] for row in emitters} <= {"delegates"}
    fixed = {(row["code"], row["symbol"]) for row in had["findings"] if row["fix"] == "safe"}
    assert {code for code, _ in fixed} == set(REWRITTEN[name])
    assert not fixed & {(row["code"], row["symbol"]) for row in has["findings"]}

    again = wsconsolidate("fix", root)
    assert again.returncode == 0, again.stdout
    undone = wsconsolidate("fix", "--undo", root)
    assert (undone.returncode, tree_hash(root)) == (0, before), undone.stderr
