"""Copies modules of a real code base beside themselves, and lets somebody use the copies."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_ROLES = ("manager", "emitter", "protocol", "bridge", "connection", "error")
_MANY = 6


def copy_modules(root: Path) -> list[str]:
    """Copy the modules with the most roles, each as `<name>_v2.py`; one importer of each uses the copy."""
    chosen = _chosen(root)
    for name in chosen:
        path = root / name
        path.with_name(f"{path.stem}_v2.py").write_bytes(path.read_bytes())
        _reroute(root, path)
    return chosen


def _chosen(root: Path) -> list[str]:
    """The modules by how many classes with a role they hold, without tests and packages themselves."""
    command = [sys.executable, "-m", "wsconsolidate", "scan", "--format", "json", str(root)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    counts: dict[str, int] = {}
    for one in found["classes"]:
        if one["role"] in _ROLES and not one["in_tests"] and one["name"] in _written(root / one["path"]):
            counts[one["path"]] = counts.get(one["path"], 0) + 1
    best = sorted(counts, key=lambda path: (-counts[path], path))
    return [path for path in best if not path.endswith("__init__.py")][:_MANY]


def _written(path: Path) -> set[str]:
    """The classes that stand at the top of a module that can be copied as it is."""
    text = path.read_text(errors="replace")
    return set() if "__main__" in text else set(re.findall(r"^class (\w+)", text, re.MULTILINE))


def _reroute(root: Path, path: Path) -> None:
    """Let the first module that imports names of this one take them from the copy."""
    named = re.compile(rb"^(from [\w.]*(?:\b|\.)%s)( import )" % path.stem.encode(), re.MULTILINE)
    for other in _others(root, path):
        data = other.read_bytes()
        if named.search(data):
            other.write_bytes(named.sub(rb"\1_v2\2", data))
            return


def _others(root: Path, path: Path) -> Iterator[Path]:
    for other in sorted(path.parent.rglob("*.py")):
        if other not in (path, path.with_name(f"{path.stem}_v2.py")) and "test" not in str(
            other.relative_to(root)
        ):
            yield other
