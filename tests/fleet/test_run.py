"""Whole runs on a real cluster of processes: broken ones, killed workers, another order, a second time."""

import json
import multiprocessing
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="needs Dask")

import psutil

from tests.cli.conftest import lay
from tests.cli.repository import repository
from tests.fleet.repositories import put, sdist, wheel, zipped
from wsconsolidate.fleet.cluster import connected, spread
from wsconsolidate.fleet.manifest import Repository
from wsconsolidate.fleet.record import from_line
from wsconsolidate.fleet.request import Request

FIXTURES = Path(__file__).parents[2] / "fixtures"
RESULTS = "fleet.txt.results"


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    joined: str
    errors: str
    lines: str

    @property
    def document(self) -> dict:
        return json.loads(self.joined)


def ran(folder: Path, *command: str) -> Ran:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        start_new_session=True,
    )
    assert "Traceback" not in done.stderr, done.stderr
    results = next((Path(each) for each in command if each.endswith(".results")), Path(RESULTS))
    lines = folder / results / "results.jsonl"
    return Ran(done.returncode, done.stdout, done.stderr, lines.read_text() if lines.exists() else "")


def fleet(folder: Path, *options: str) -> Ran:
    return ran(folder, "wsconsolidate", "fleet", "--format", "json", *(options or ("fleet.txt",)))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both fixtures as zip archives, a clone, an sdist and a wheel with a copy, and two that are bad."""
    import tarfile

    from tests.conftest import CHAT

    folder = tmp_path_factory.mktemp("fleet")
    for name in ("legacy_chat", "no_ssot"):
        zipped(folder / f"{name}.zip", FIXTURES / name / "input")
    repository(lay(folder / "clone", CHAT)).git("tag", "v1")
    sdist(folder / "chat-1.0.tar.gz", CHAT)
    wheel(folder / "other.whl", {"lib/hub.py": CHAT["app/manager.py"].replace("UnifiedManager", "Hub")})
    lay(folder, {"broken.zip": "no archive"})
    with tarfile.open(folder / "hostile.tar", "w") as tar:
        put(tar, "../out.py", b"x = 1\n")
    names = ["legacy_chat.zip", "no_ssot.zip", "clone @ v1", "chat-1.0.tar.gz", "other.whl"]
    lay(folder, {"fleet.txt": "\n".join([*names, "broken.zip", "hostile.tar", ""])})
    return folder


@pytest.fixture(scope="module")
def first(place: Path) -> Ran:
    return fleet(place)


def test_the_rest_is_analysed_and_the_bad_are_named(first: Ran):
    assert first.code == 1
    assert "2 of 7 repositories failed" in first.errors
    assert first.document["totals"]["analysed"] == 5
    failures = {one["repository"]: one["reason"] for one in first.document["failures"]}
    assert "cannot be unpacked" in failures["broken.zip"]
    assert "hostile" in failures["hostile.tar"]
    assert [json.loads(line)["repository"] for line in first.lines.splitlines()] == sorted(
        [
            "broken.zip",
            "chat-1.0.tar.gz",
            "clone @ v1",
            "hostile.tar",
            "legacy_chat.zip",
            "no_ssot.zip",
            "other.whl",
        ]
    )


def test_copies_are_found_across_repositories(first: Ran):
    largest = first.document["copies"][0]
    assert (largest["kind"], largest["repositories"], largest["versions"]) == ("renamed-copy", 3, 1)
    assert {one["qualname"] for one in largest["members"]} == {"app.manager.UnifiedManager", "lib.hub.Hub"}


def test_a_second_run_in_another_order_does_only_what_is_new(place: Path, first: Ran):
    lay(place, {"turned.txt": turned(place)})
    again = fleet(place, "turned.txt", "--results", RESULTS)
    assert "5 unchanged" in again.errors
    assert (again.joined, again.lines) == (first.joined, first.lines)


def turned(place: Path) -> str:
    return "\n".join(reversed((place / "fleet.txt").read_text().splitlines()))


@pytest.mark.slow
def test_a_killed_worker_and_another_order_change_nothing(place: Path, first: Ran):
    lay(place, {"turned.txt": turned(place)})
    killed = ran(place, "tests.fleet.kills", "turned.txt", "killed.results")
    assert "killed worker" in killed.errors
    assert (killed.joined, killed.lines) == (first.joined, first.lines)


@pytest.mark.slow
def test_an_interrupted_run_keeps_what_is_finished(place: Path, first: Ran):
    cut = ran(place, "tests.fleet.kills", "fleet.txt", "cut.results", "--interrupt")
    assert (cut.code, cut.joined, cut.errors, cut.lines) == (130, "", "", "")
    children = [one for one in psutil.process_iter() if str(place) in " ".join(_command(one))]
    assert psutil.wait_procs(children, timeout=30)[1] == []
    rest = fleet(place, "fleet.txt", "--results", "cut.results")
    assert int(rest.errors.split()[1]) in range(1, 5), rest.errors
    assert (rest.joined, rest.lines) == (first.joined, first.lines)


class Poison(Request):
    """Ends every worker that it is given to."""

    def __reduce__(self) -> tuple[object, tuple[Repository]]:
        return _arrived, (self.repository,)


def _arrived(repository: Repository) -> Poison:
    if multiprocessing.parent_process() is not None:
        os._exit(1)
    return Poison(repository=repository, kept=None, seconds=60, memory=2**32)


def test_what_kills_its_workers_fails_and_the_rest_does_not(place: Path):
    """Handing it out ends after a few times; whoever shared a worker with it is handed out again."""
    asked = [
        kind(repository=Repository(name=name, path=str(place / name)), kept=None, seconds=60, memory=2**32)
        for kind, name in ((Request, "a"), (Poison, "other.whl"), (Request, "b"), (Request, "c"))
    ]
    lines: list[str | None] = []
    with connected(None, 2) as client:
        spread(client, asked, lines.append)
    told = {one.repository: one.reason for one in map(from_line, filter(None, lines))}
    assert told.pop("other.whl") == "every worker that had it died"
    assert told == dict.fromkeys("abc", "no such file or folder")


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
