"""Tries `fix --apply --unsafe` on copies of real code bases into which duplicates are planted.

    python -m tests.trials [--suite CMD] [--wire] [--python PATH] FOLDER ...

Each folder holds the packages of one code base, as an unpacked wheel or sdist does. Of each a line is
printed: what was rewritten, what was left and why, and what is held against it: files that do not parse
any more, imports that find nothing any more, what griffe calls a breakage, a second run that writes, an
undo that does not restore every byte, a suite that ends otherwise than before. Exit code 1 if anything is.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.trials.copies import copy_modules
from tests.trials.judge import breakages, digest, parsed, unresolved
from tests.trials.plant import plant
from tests.trials.team import let_grow

PLANTS = {"seeds": plant, "copies": copy_modules, "team": let_grow}
UNSEEN = shutil.ignore_patterns("__pycache__", ".git", ".wsconsolidate")


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What came of one code base."""

    files: int
    planted: int
    rewritten: int
    fixed: Counter[str]
    left: Counter[str]
    wire: str
    suite: str
    seconds: float
    against: tuple[str, ...]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folders", nargs="+", type=Path)
    options.add_argument("--suite", help="a command that is run in the tree, before and after")
    options.add_argument("--plant", choices=PLANTS, default="seeds", help="where duplicates come from")
    options.add_argument("--wire", action="store_true", help="ask that rung, too")
    options.add_argument("--python", help="the environment that the code base runs in")
    asked = options.parse_args()
    bad = False
    for folder in asked.folders:
        with tempfile.TemporaryDirectory() as place:
            words = (
                *(["--wire"] if asked.wire else []),
                *(["--python", asked.python] if asked.python else []),
            )
            found = trial(folder, Path(place), *words, suite=asked.suite, plants=PLANTS[asked.plant])
        bad |= bool(found.against)
        print(f"{folder.name}: {told(found)}", flush=True)
    return int(bad)


def told(found: Trial) -> str:
    fixed = ", ".join(f"{count} {code}" for code, count in sorted(found.fixed.items()))
    written = f"{found.planted} planted, {found.rewritten} rewritten in {found.seconds:.0f} s"
    lines = [
        f"{found.files} files, {written}: {fixed}",
        *(f"left {count}: {reason}" for reason, count in found.left.most_common()),
        *((found.wire,) if found.wire else ()),
        *((f"its own suite, before and after: {found.suite}",) if found.suite else ()),
        *(f"AGAINST {reason}" for reason in found.against),
    ]
    return "\n    ".join(lines)


def trial(
    folder: Path,
    place: Path,
    *words: str,
    suite: str | None = None,
    plants: Callable[[Path], list[str]] = plant,
) -> Trial:
    """Plant, fix with these options, judge, and undo, in copies below `place`."""
    root, pristine = place / "tree", place / "pristine"
    shutil.copytree(folder, root, symlinks=True, ignore=UNSEEN)
    planted = plants(root)
    shutil.copytree(root, pristine, symlinks=True)
    before = digest(root)
    green = _run_suite(suite, root)
    started = time.monotonic()
    done = _fix("--apply", "--unsafe", *words, root)
    seconds = time.monotonic() - started
    against = [*_told_wrong(done, 0), *_held(pristine, root)]
    if _run_suite(suite, root) != green:
        against.append(f"the suite ends otherwise than before ({green})")
    manifest = _manifest(root)
    again = _fix("--unsafe", root)
    against += [*_told_wrong(again, 0), *_undone(root, before)]
    return Trial(
        files=len(parsed(root)),
        planted=len(planted),
        rewritten=len(manifest.get("files", ())),
        fixed=Counter(line.split()[0] for line in _rows(done.stdout, "Fixed")),
        left=Counter(" ".join(line.split()) for line in _rows(again.stdout, "Left")),
        wire=json.dumps(manifest.get("checks", {}).get("wire", "")),
        suite=green,
        seconds=seconds,
        against=tuple(against),
    )


def _held(pristine: Path, root: Path) -> Iterator[str]:
    """What a rewritten tree is worse at than the one before."""
    gone = {
        path.relative_to(pristine)
        for path in pristine.rglob("*")
        if not (root / path.relative_to(pristine)).exists()
    }
    yield from (f"{path} is gone" for path in gone if not path.name.endswith(".bak"))
    yield from (f"{path} does not parse any more" for path in parsed(pristine).keys() - parsed(root).keys())
    yield from (f"does not resolve any more: {one}" for one in unresolved(root) - unresolved(pristine))
    yield from (f"griffe: {one}" for one in breakages(pristine, root))


def _undone(root: Path, before: str) -> Iterator[str]:
    if (root / ".wsconsolidate").exists():
        yield from _told_wrong(_fix("--undo", root), 0)
    if digest(root) != before:
        yield "undo does not restore every byte"


def _fix(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "wsconsolidate", "fix", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _told_wrong(done: subprocess.CompletedProcess[str], code: int) -> Iterator[str]:
    if done.returncode != code:
        yield f"`fix {' '.join(done.args[4:])}` ended with {done.returncode}: {done.stderr[-2000:]}"


def _run_suite(suite: str | None, root: Path) -> str:
    if suite is None:
        return ""
    done = subprocess.run(suite, shell=True, cwd=root, capture_output=True, text=True, check=False)  # noqa: S602
    last = (done.stdout.strip().splitlines() or [""])[-1]
    return f"{done.returncode} {last.rpartition(' in ')[0]}"


def _manifest(root: Path) -> dict:
    path = root / ".wsconsolidate/runs/1/manifest.json"
    return json.loads(path.read_text()) if path.exists() else {}


def _rows(text: str, heading: str) -> Iterator[str]:
    """The first lines of the rows of a table."""
    _, _, rest = text.partition(f"{heading}\nRule ")
    for line in rest.splitlines()[2:]:
        if not line.strip():
            return
        if line.startswith("WSC"):
            yield line


if __name__ == "__main__":
    sys.exit(main())
