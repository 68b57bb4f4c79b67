"""The same input gives the same bytes: on two runs, in two folders, whatever the surroundings."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.conftest import lay
from tests.conftest import CHAT
from wsconsolidate.reporters.registry import Format

FIXTURE = Path(__file__).parents[2] / "fixtures" / "legacy_chat" / "input"
SMALL = {**CHAT, "app/old_emitter.py": CHAT["app/old_emitter.py"].replace("Old", "UserWebSocket")}
BROKEN = {"broken.py": "def f(:\n", "latin.py": b"# caf\xe9\n", "\u0130\u0131.py": "x = 'emit'\n"}

FORMATS = tuple(str(name) for name in Format)
COMMANDS = (
    *(f"scan --all-classes --statistics --format {name}" for name in FORMATS),
    *(f"report --format {name}" for name in FORMATS),
    *(f"check --format {name}" for name in FORMATS),
    "check --baseline known.txt --format sarif",
    "check --baseline new.txt --update-baseline",
    "init",
    "explain UserWebSocketEmitter",
    "explain WSC206",
)
SURROUNDINGS = {
    "COLUMNS": "40",
    "LANG": "tr_TR.UTF-8",
    "LC_ALL": "tr_TR.UTF-8",
    "PYTHONHASHSEED": "2",
    "TZ": "Asia/Tokyo",
}
RUNNING = """
import contextlib, io, sys
from wsconsolidate.cli.app import main
for line in sys.stdin.read().splitlines():
    sys.argv = ["wsconsolidate", *line.split()]
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(out):
        code = main()
        out.flush()
    sys.__stdout__.buffer.write(b"%d %b\\0" % (code, out.buffer.getvalue()))
"""
TURNED = """
import os
listed = os.scandir
class Turned(list):
    def __enter__(self): return iter(self)
    def __exit__(self, *_): pass
os.scandir = lambda path=".": Turned(reversed(list(listed(path))))
"""


@pytest.fixture(scope="module", params=["small", pytest.param("example", marks=pytest.mark.slow)])
def here(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree with files that cannot be read, and a baseline that knows some of its findings."""
    folder = lay(tmp_path_factory.mktemp("one") / "tree", {**BROKEN, **SMALL})
    if request.param == "example":
        shutil.rmtree(folder)
        lay(shutil.copytree(FIXTURE, folder), BROKEN)
    ran(folder, ["check --baseline known.txt --update-baseline"])
    text = (folder / "known.txt").read_text("utf-8")
    kept = [line for line in text.splitlines(keepends=True) if "WSC2" not in line]
    (folder / "known.txt").write_text("".join(kept), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def there(here: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same tree elsewhere, its files written in another order and with other times."""
    folder = tmp_path_factory.mktemp("two") / "another" / "place"
    for path in sorted(here.rglob("*"), reverse=True):
        if path.is_file():
            lay(folder, {path.relative_to(here).as_posix(): path.read_bytes()})
            os.utime(folder / path.relative_to(here), (1, 1))
    return folder


def ran(folder: Path, lines: Sequence[str], before: str = "", **variables: str) -> dict[str, bytes]:
    """The exit code and the output of each command, all run in one process."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GITHUB_")}
    done = subprocess.run(
        [sys.executable, "-c", before + RUNNING],
        cwd=folder,
        env={**environment, **variables},
        input="\n".join(lines).encode(),
        capture_output=True,
        check=True,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    *outputs, rest = done.stdout.split(b"\0")
    assert rest == b""
    return dict(zip(lines, outputs, strict=True))


def test_every_output(here: Path, there: Path):
    first = ran(here, COMMANDS, PYTHONHASHSEED="1", LC_ALL="C.UTF-8")
    second = ran(there, COMMANDS, before=TURNED, TMPDIR=str(there.parent), **SURROUNDINGS)
    assert [line for line in COMMANDS if first[line] != second[line]] == []
    assert {output[:2] for output in first.values()} == {b"0 ", b"1 "}
    assert not any(str(here).encode() in output for output in first.values())
    assert (here / "new.txt").read_bytes() == (there / "new.txt").read_bytes()


def test_the_encoding_of_the_streams(here: Path):
    locales = ({"LC_ALL": name, "PYTHONIOENCODING": "latin-1"} for name in ("C", "POSIX", "tr_TR.UTF-8"))
    first, *others = [
        subprocess.run(
            [sys.executable, "-m", "wsconsolidate", "scan", "broken.py", "\u0130\u0131.py"],
            cwd=here,
            env={**os.environ, **variables},
            capture_output=True,
            check=True,
        ).stdout
        for variables in ({}, *locales)
    ]
    assert others == [first] * 3
