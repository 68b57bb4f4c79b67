"""Starts the probe in the interpreter of the analysed code, and starts it again where it dies."""

import json
import os
import queue
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

PACKAGE = Path(__file__).parents[1]
PROBE = Path(__file__).parent / "probe"
PATIENCE = 60.0
_START = """\
import importlib.util, sys
spec = importlib.util.spec_from_file_location("_probe", sys.argv[1] + "/__init__.py", \
submodule_search_locations=[sys.argv[1]])
module = sys.modules["_probe"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.main()
"""

Told = Mapping[str, object]


class Target(NamedTuple):
    """What is run: a module, or the class or function of this name in it."""

    module: str
    name: str
    path: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module


def run(
    *,
    python: Path,
    root: Path,
    paths: Sequence[str],
    targets: Sequence[Target],
    spoken: Sequence[str],
    scratch: Path,
    known: Mapping[Target, Told] | None = None,
    patience: float = PATIENCE,
) -> Mapping[Target, Told]:
    """What came of every target; of one that ends the probe, or does not end, that.

    `known` is what came of them before: then only the methods are called that were there then.
    """
    job = {
        "root": str(root),
        "paths": list(paths),
        "runtime": str(PACKAGE),
        "spoken": list(spoken),
        "scratch": str(scratch),
        "targets": [
            {"module": one.module, "name": one.name, "known": (known or {}).get(one, {}).get("known")}
            for one in targets
        ],
    }
    told: dict[int, Told] = {}
    while len(told) < len(targets):
        wanted = [number for number in range(len(targets)) if number not in told]
        told |= _attempt(python, root, {**job, "wanted": wanted}, scratch, patience)
    return {target: told[number] for number, target in enumerate(targets)}


def _attempt(
    python: Path, root: Path, job: Mapping[str, object], scratch: Path, patience: float
) -> dict[int, Told]:
    """What one process tells; of the target at which it ended, why."""
    told: dict[int, Told] = {}
    with tempfile.TemporaryFile(dir=scratch) as errors:
        process = subprocess.Popen(  # noqa: S603 - the interpreter that the user named
            [str(python), "-B", "-c", _START, str(PROBE)],
            cwd=root,
            env=_environment(scratch),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        try:
            reason = _listen(process, job, told, patience)
        finally:
            process.kill()
            process.wait()
        wanted = job["wanted"]
        at = next((one for one in wanted if one not in told), None) if isinstance(wanted, list) else None
        if at is not None:
            told[at] = {"unbuilt": reason or f"its process ended with {_last(errors, process.returncode)}"}
    return told


def _listen(
    process: "subprocess.Popen[bytes]", job: Mapping[str, object], told: dict[int, Told], patience: float
) -> str | None:
    """Collect what is told, line by line; why no more was waited for, None if the process ended."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    if process.stdin and process.stdout:
        threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
        _hand_over(process.stdin, job)
    while True:
        try:
            line = lines.get(timeout=patience)
        except queue.Empty:
            return f"it did not end in {patience:.0f} seconds"
        if not line:
            return None
        said = json.loads(line)
        if "done" in said:
            told[said["done"]] = said


def _hand_over(stream: IO[bytes], job: Mapping[str, object]) -> None:
    """Write the job; an interpreter that could not even start tells why itself."""
    with suppress(BrokenPipeError), stream:
        stream.write(json.dumps(job).encode())


def _read(stream: IO[bytes], lines: "queue.SimpleQueue[bytes]") -> None:
    with stream:
        for line in stream:
            lines.put(line)
    lines.put(b"")


def _environment(scratch: Path) -> dict[str, str]:
    fixed = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(scratch)}
    return {**os.environ, **fixed}


def _last(errors: IO[bytes], code: int) -> str:
    errors.seek(0)
    said = errors.read().decode(errors="replace").strip().splitlines()
    return f"{code}: {said[-1]}" if said else str(code)
