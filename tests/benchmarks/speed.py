"""What a scan costs beside other tools, on the same tree in the same run.

    python -m tests.benchmarks.speed FOLDER [--assemble] [--grow]

`--assemble` first fills FOLDER with the packages of `PACKAGES` from PyPI. Tools that are not installed
are left out. Wall time is what a user waits; the machine may be busy, so ratios are those of CPU time.
The tool's own modules are compiled once before, as they are where it is installed.
`--grow` scans 1, 2, 4 and 8 copies of the folder. Needs a POSIX system, for the memory of children.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import wsconsolidate

PACKAGES = (
    "homeassistant",
    "litellm",
    "agno",
    "openhands-ai",
    "langflow-base",
    "open-webui",
    "pipecat-ai",
    "livekit-agents",
    "nicegui",
    "gradio",
)
WORDS = ("websocket", "socketio", "send_json", "send_text", "broadcast", "emit")
READ = "import sys, pathlib\nfor path in pathlib.Path(sys.argv[1]).rglob('*.py'): path.read_bytes()"
MATTER = """
import pathlib, sys
from wsconsolidate.config import Overrides
from wsconsolidate.pipeline.analyze import analyze_tree
from wsconsolidate.pipeline.prepare import prepare
ground = prepare([pathlib.Path(sys.argv[1])], Overrides())
read = analyze_tree(ground.tree, ground.config).program.files
pathlib.Path(sys.argv[2]).write_text('\\n'.join(str(ground.root / path) for path in read))
"""
PARSE = """
import ast, gc, sys, warnings
gc.disable(); warnings.simplefilter('ignore')
for path in open(sys.argv[1]).read().split('\\n'):
    try: ast.parse(open(path, 'rb').read())
    except (SyntaxError, ValueError): pass
"""
LIBCST = PARSE.replace("import ast,", "import libcst,").replace("ast.parse", "libcst.parse_module")
LIBCST = LIBCST.replace("(SyntaxError, ValueError)", "(libcst.ParserSyntaxError, UnicodeDecodeError)")
PATTERN = "class $NAME($$$BASES): $$$BODY"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command cost: seconds of the clock and of all processors, and the peak of memory."""

    wall: float
    cpu: float
    megabytes: int


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("folder", type=Path)
    ask.add_argument("--assemble", action="store_true")
    ask.add_argument("--grow", action="store_true")
    given = ask.parse_args()
    if given.assemble:
        assemble(given.folder)
    with tempfile.TemporaryDirectory() as place:
        if given.grow:
            _print(_growth(given.folder, Path(place)), "1 copy, cold")
        else:
            _print(_costs(given.folder, Path(place)), "ripgrep and ast.parse of what matters")


def assemble(folder: Path) -> None:
    """Fill the folder with the packages, as wheels hold them."""
    with tempfile.TemporaryDirectory() as wheels:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*command, "--dest", wheels, *PACKAGES], check=True)
        for wheel in sorted(Path(wheels).glob("*.whl")):
            zipfile.ZipFile(wheel).extractall(folder / wheel.name.partition("-")[0])


def _costs(folder: Path, place: Path) -> Iterator[tuple[str, Cost]]:
    """Each tool with what it cost."""
    every, matter = place / "every", place / "matter"
    files = sorted(folder.rglob("*.py"))
    every.write_text("\n".join(map(str, files)))
    subprocess.run([sys.executable, "-c", MATTER, str(folder), str(matter)], check=True)
    mattering = len(matter.read_text().splitlines())
    sys.stdout.write(_what(files, mattering) + "\n")
    python = sys.executable
    search = ["rg", "-l", "-i", "-e", "|".join(WORDS), "-g", "*.py", str(folder)]
    yield "read all bytes", _cost([python, "-c", READ, str(folder)])
    searched, parsed = _cost(search), _cost([python, "-c", PARSE, str(matter)])
    yield "ripgrep", searched
    yield "ripgrep and ast.parse of what matters", _sum(searched, parsed)
    yield from _ours(folder, place)
    yield from _others(folder, every, matter, python)


def _ours(folder: Path, place: Path) -> Iterator[tuple[str, Cost]]:
    _cost([sys.executable, "-m", "compileall", "-q", str(Path(wsconsolidate.__file__).parent)])
    tree = place / "tree"
    shutil.copytree(folder, tree, ignore=shutil.ignore_patterns("*.so", "*.js", "*.map"))
    kept = {"WSCONSOLIDATE_CACHE_DIR": str(place / "cache")}
    scan = [sys.executable, "-m", "wsconsolidate", "scan", str(tree), "--format", "json"]
    yield "wsconsolidate, no cache", _cost([*scan, "--no-cache"])
    yield "wsconsolidate, cold", _cost(scan, kept)
    yield "wsconsolidate, warm", _cost(scan, kept)
    check = [*scan[:3], "check", str(tree)]
    yield "wsconsolidate check", _cost(check, kept)
    yield "wsconsolidate check, warm", _cost(check, kept)
    for what, mattering in (("that nobody asks about", False), ("that matters", True)):
        changed = next(
            path for path in sorted(tree.rglob("*.py")) if (b"websocket" in path.read_bytes()) is mattering
        )
        changed.write_bytes(changed.read_bytes() + b"\nA_NEW_CONSTANT = 1\n")
        yield f"wsconsolidate, one file changed {what}", _cost(scan, kept)
    few = place / "few"
    few.mkdir()
    for path in sorted(tree.rglob("*.py"))[:10]:
        shutil.copy(path, few / f"{abs(hash(path))}.py")
    scan[4] = str(few)
    yield "import typer", _cost([sys.executable, "-c", "import typer"])
    yield "wsconsolidate --version", _cost([sys.executable, "-m", "wsconsolidate", "--version"])
    yield "wsconsolidate, ten files, no cache", _cost([*scan, "--no-cache"])
    _cost(scan, kept)
    yield "wsconsolidate, ten files, warm", _cost(scan, kept)


def _others(folder: Path, every: Path, matter: Path, python: str) -> Iterator[tuple[str, Cost]]:
    tree = str(folder)
    commands: Mapping[str, Sequence[str]] = {
        "ast.parse of everything": [python, "-c", PARSE, str(every)],
        "ruff check": ["ruff", "check", "--isolated", "--no-cache", "-q", tree],
        "ruff check, all rules": ["ruff", "check", "--isolated", "--no-cache", "-q", "--select", "ALL", tree],
        "ast-grep": ["ast-grep", "run", "--pattern", PATTERN, "--lang", "python", "--json=stream", tree],
        "LibCST, what matters": [python, "-c", LIBCST, str(matter)],
        "pyrefly": ["pyrefly", "check", "--output-format", "min-text", tree],
    }
    for name, (program, *arguments) in commands.items():
        found = shutil.which(program, path=f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}")
        if found is not None:
            yield name, _cost([found, *arguments])


def _growth(folder: Path, place: Path) -> Iterator[tuple[str, Cost]]:
    """A cold scan of 1, 2, 4 and 8 copies, each of other bytes: what one says is not known of the next."""
    for copies in (1, 2, 4, 8):
        for number in range(copies):
            if not (place / "tree" / f"copy{number}").exists():
                shutil.copytree(folder, place / "tree" / f"copy{number}")
                for file in (place / "tree" / f"copy{number}").rglob("*.py"):
                    file.write_bytes(file.read_bytes() + b"\n# copy %d\n" % number)
        scan = [sys.executable, "-m", "wsconsolidate", "scan", str(place / "tree"), "--no-cache"]
        yield f"{copies} {'copy' if copies == 1 else 'copies'}, cold", _cost(scan)


def _cost(command: Sequence[str], more: Mapping[str, str] | None = None) -> Cost:
    start = time.perf_counter()
    nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    environment = {**os.environ, **(more or {})}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    child = os.posix_spawnp(command[0], command, environment, file_actions=nowhere)
    _, _, used = os.wait4(child, 0)
    kilobytes = used.ru_maxrss if sys.platform != "darwin" else used.ru_maxrss // 1024
    return Cost(time.perf_counter() - start, used.ru_utime + used.ru_stime, kilobytes // 1024)


def _sum(one: Cost, other: Cost) -> Cost:
    return Cost(one.wall + other.wall, one.cpu + other.cpu, max(one.megabytes, other.megabytes))


def _what(files: Sequence[Path], matter: int) -> str:
    lines = sum(path.read_bytes().count(b"\n") for path in files)
    return f"{len(files):,} files, {lines:,} lines; {matter:,} of the files matter\n"


def _print(costs: Iterator[tuple[str, Cost]], measure: str) -> None:
    rows = list(costs)
    unit = dict(rows)[measure].cpu
    sys.stdout.write(f"| | s | CPU s | MB | CPU: {measure} = 1 |\n|---|---|---|---|---|" + "\n")
    for name, cost in rows:
        sys.stdout.write(
            f"| {name} | {cost.wall:.2f} | {cost.cpu:.2f} | {cost.megabytes:,} | {cost.cpu / unit:.2f} |\n"
        )


if __name__ == "__main__":
    main()
