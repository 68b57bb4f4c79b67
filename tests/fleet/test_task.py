"""One repository on a worker: what it is, what it becomes, and what cannot stop the worker."""

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.conftest import lay
from tests.cli.repository import repository
from tests.fleet.repositories import put, sdist, wheel
from wsconsolidate.fleet.content import known_digest
from wsconsolidate.fleet.examine import examine
from wsconsolidate.fleet.manifest import Repository
from wsconsolidate.fleet.record import Failure, Record, from_line
from wsconsolidate.fleet.request import Request, to_text
from wsconsolidate.fleet.task import perform

Make = Callable[[Path, dict[str, str]], Repository]


def asked(
    found: Repository, kept: str | None = None, *, seconds: float = 60, memory: int = 4 * 2**30
) -> Request:
    return Request(repository=found, kept=kept, seconds=seconds, memory=memory)


def told(found: Repository, scratch: Path, kept: str | None = None) -> Record | Failure | None:
    """What a child says, without one."""
    answer = examine(found, known_digest(found), kept, scratch)
    shutil.rmtree(scratch)
    scratch.mkdir()
    return answer


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def as_folder(place: Path, files: dict[str, str]) -> Repository:
    return Repository(name="it", path=str(lay(place / "folder", files)))


def as_sdist(place: Path, files: dict[str, str]) -> Repository:
    return Repository(name="it", path=str(sdist(place / "it.tar.gz", files)))


def as_wheel(place: Path, files: dict[str, str]) -> Repository:
    return Repository(name="it", path=str(wheel(place / "it.whl", files)))


def as_revision(place: Path, files: dict[str, str]) -> Repository:
    """A clone whose work tree has moved on."""
    clone = repository(lay(place / "clone", files))
    clone.git("tag", "v1")
    lay(clone.folder, {"app/emitter.py": ""})
    clone.commit()
    return Repository(name="it", path=str(clone.folder), revision="v1")


def as_bare(place: Path, files: dict[str, str]) -> Repository:
    repository(lay(place / "origin", files))
    subprocess.run(["git", "clone", "-q", "--bare", place / "origin", place / "it.git"], check=True)
    return Repository(name="it", path=str(place / "it.git"))


KINDS = (as_folder, as_sdist, as_wheel, as_revision, as_bare)


def test_every_kind_says_the_same(tmp_path: Path, scratch: Path, chat_files: dict[str, str]):
    found = [told(make(tmp_path, chat_files), scratch) for make in KINDS]
    assert [replace(one, key="") for one in found] == [replace(found[0], key="")] * len(KINDS)
    assert found[0].roles == {"manager": 1, "emitter": 2}
    assert found[0].findings["WSC106"] == 1


@pytest.mark.parametrize("make", KINDS)
def test_what_is_kept_is_not_done_again(tmp_path: Path, scratch: Path, make: Make):
    found = make(tmp_path, {"a.py": "x = 1\n"})
    first = told(found, scratch)
    assert isinstance(first, Record)
    assert told(found, scratch, first.key) is None
    assert told(found, scratch, "another key") == first


@pytest.mark.parametrize(
    "change",
    [{"a.py": "x = 2\n"}, {"b.py": ""}, {"pyproject.toml": "#"}, {"a.py.bak": ""}, {"README.md": "a"}],
)
def test_what_changed_is(tmp_path: Path, scratch: Path, change: dict[str, str]):
    first = told(as_folder(tmp_path, {"a.py": "x = 1\n"}), scratch)
    again = told(as_folder(tmp_path, change), scratch, first.key)
    assert again.key != first.key


def test_a_repository_without_python_is_no_failure(tmp_path: Path, scratch: Path):
    assert told(as_sdist(tmp_path, {"README.md": "hi"}), scratch).figures.files == 0


def hostile(place: Path) -> Repository:
    with tarfile.open(place / "bad.tar", "w") as tar:
        put(tar, "../out.py", b"x")
    return Repository(name="it", path=str(place / "bad.tar"))


def pipe(place: Path) -> Repository:
    """Reading it would wait for ever."""
    os.mkfifo(place / "pipe.zip")
    return Repository(name="it", path=str(place / "pipe.zip"))


def failing(place: Path, name: str, data: str = "", revision: str | None = None) -> Repository:
    return Repository(name="it", path=str(lay(place, {name: data}) / name), revision=revision)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda place: Repository(name="it", path=str(place / "nowhere")), "no such file or folder"),
        (lambda place: failing(place, "notes.txt"), "neither a folder nor an archive"),
        (pipe, "neither a folder nor an archive"),
        (lambda place: failing(place, "a.tar.gz", "no archive"), "the archive cannot be unpacked"),
        (lambda place: failing(place, "a.py", revision="HEAD"), "git knows no revision HEAD"),
        (
            lambda place: as_folder(place, {"pyproject.toml": "[tool.wsconsolidate]\nx = 1\n"}),
            "unknown option",
        ),
        (hostile, "the archive is hostile: its entry '../out.py' would leave the folder"),
    ],
    ids=["missing", "no archive", "pipe", "broken", "no clone", "configuration", "hostile"],
)
def test_a_failure_has_a_reason(
    tmp_path: Path, scratch: Path, make: Callable[[Path], Repository], reason: str
):
    """And the reason is the same wherever it happens."""
    found = from_line(perform(asked(make(tmp_path)), str(scratch)))
    assert isinstance(found, Failure)
    assert reason in found.reason
    assert str(tmp_path) not in found.reason
    assert list(scratch.iterdir()) == []


def test_a_child_says_what_would_be_said_without_one(tmp_path: Path, scratch: Path):
    found = as_sdist(tmp_path, {"a.py": "x = 1\n"})
    first = told(found, scratch)
    assert from_line(perform(asked(found), str(scratch))) == first
    assert perform(asked(found, first.key), str(scratch)) is None


@pytest.mark.parametrize(
    ("limits", "reason"),
    [({"seconds": 0.01}, "it took longer than 0.01 s"), ({"memory": 60 * 2**20}, "more memory than it may")],
)
def test_limits_hold(tmp_path: Path, scratch: Path, limits: dict[str, float], reason: str):
    """A limit of memory may strike anywhere, in an import even: only that the worker lives is certain."""
    files = {f"m{number}.py": "websocket = [1, 2, 3]\n" * 30_000 for number in range(8)}
    found = from_line(perform(asked(as_folder(tmp_path, files), **limits), str(scratch)))
    assert isinstance(found, Failure)
    assert reason in found.reason or "memory" in limits


def test_no_interpreter_is_started_that_a_repository_names(tmp_path: Path, scratch: Path):
    trap = f"#!/bin/sh\ntouch {tmp_path}/sprung\n"
    files = {"pyproject.toml": '[tool.wsconsolidate]\npython = "trap"\n', "trap": trap, "a.py": "import x\n"}
    found = as_folder(tmp_path, files)
    Path(found.path, "trap").chmod(0o755)
    assert isinstance(told(found, scratch), Record)
    assert not (tmp_path / "sprung").exists()


def test_a_link_out_of_a_revision_is_not_followed(tmp_path: Path, scratch: Path):
    lay(tmp_path / "secret", {"a.py": "class Secret: pass\n"})
    clone = repository(lay(tmp_path / "clone", {"b.py": ""}))
    (clone.folder / "leak").symlink_to(tmp_path / "secret")
    clone.commit()
    found = told(Repository(name="it", path=str(clone.folder), revision="HEAD"), scratch)
    assert (found.figures.files, found.figures.classes) == (1, 0)


def test_a_child_ends_with_its_worker(tmp_path: Path, scratch: Path):
    """The leash is let go at once: the child must not even begin to answer."""
    request = asked(as_folder(tmp_path, {f"m{n}.py": "def f(websocket): pass\n" * 2_000 for n in range(50)}))
    reading, writing = os.pipe()
    os.close(writing)
    command = [sys.executable, "-m", "wsconsolidate.fleet.child", to_text(request, None, scratch)]
    done = subprocess.run(command, stdin=reading, capture_output=True, check=False)
    os.close(reading)
    assert (done.returncode, done.stdout) == (3, b"")
