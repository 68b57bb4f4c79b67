"""The command: what it writes where, how it ends, and what it says when it cannot begin."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="needs Dask")

from distributed import LocalCluster

from tests.cli.conftest import lay
from wsconsolidate.fleet.manifest import read_manifest
from wsconsolidate.fleet.run import Order, run


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A scheduler with one worker, as somebody else has started it."""
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster:
        yield cluster.scheduler_address


@pytest.fixture
def place(tmp_path: Path, chat_files: dict[str, str]) -> Path:
    copy = {f"copy/{name}": text for name, text in chat_files.items() if "manager" in name}
    one = {f"chat/{name}": text for name, text in chat_files.items()}
    manifests = {"good.txt": "chat\ncopy\n", "bad.txt": "chat\nnowhere\n", "wrong.txt": "chat\nchat\n@\n"}
    return lay(tmp_path, {**one, **copy, **manifests, "latin.txt": "é\n".encode("latin-1")})


def fleet(place: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "wsconsolidate", "fleet", *options],
        cwd=place,
        env={**os.environ, **variables},
        input="chat\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_a_scheduler_that_is_there_already(place: Path, scheduler: str):
    """Three formats of one result; beside the analysed folders nothing is written into them."""
    before = sorted(path for path in place.rglob("*") if path.parts[-2] in ("chat", "copy"))
    shown = fleet(place, "good.txt", "--scheduler", scheduler)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "2 repositories analysed: 6 files" in shown.stdout
    assert "UnifiedManager" in shown.stdout
    page = fleet(place, "good.txt", "--scheduler", scheduler, "--format", "markdown", "-o", "out.md", "-q")
    assert (page.returncode, page.stdout, page.stderr) == (0, "", "")
    assert (place / "out.md").read_text().startswith("# Fleet\n")
    document = json.loads(fleet(place, "good.txt", "--scheduler", scheduler, "--format", "json").stdout)
    assert document["copies"][0]["repositories"] == 2
    assert {path.name for path in (place / "good.txt.results").iterdir()} == {"kept.sqlite3", "results.jsonl"}
    assert sorted(path for path in place.rglob("*") if path.parts[-2] in ("chat", "copy")) == before


def test_a_failed_repository_is_exit_1(place: Path, scheduler: str):
    done = fleet(place, "bad.txt", "--scheduler", scheduler)
    assert done.returncode == 1
    assert "no such file or folder" in done.stdout
    assert done.stderr == "wsconsolidate: 1 of 2 repositories failed\n"


def test_the_manifest_may_come_from_stdin(place: Path, scheduler: str):
    assert fleet(place, "-", "--scheduler", scheduler).returncode == 0
    assert (place / "fleet.results" / "results.jsonl").read_text().count("\n") == 1


def test_what_is_finished_before_an_interruption_is_kept(place: Path, scheduler: str):
    repositories = read_manifest("chat\ncopy\n", "good.txt", place)
    order = Order(scheduler=scheduler, workers=1, seconds=60, memory=2**32, results=place / "kept", top=20)

    def stopping(_stage: str, done: int, _total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(repositories, order, stopping)
    assert run(repositories, order, lambda *_: None).unchanged == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("nowhere.txt", ["nowhere.txt: cannot read it: no such file or directory"]),
        ("wrong.txt", ["wrong.txt:2: `chat` stands in line 1 already", "wrong.txt:3: `@`"]),
        ("latin.txt", ["latin.txt: no UTF-8 text"]),
        ("good.txt --memory-limit lots", ["--memory-limit 'lots': write a number and K, M, G or T"]),
        (
            "good.txt --workers 2 --scheduler tcp://127.0.0.1:1",
            ["--workers is for a cluster on this machine"],
        ),
        (
            "good.txt --scheduler nonsense://x",
            ["nonsense://x: no scheduler with a worker answers there: unknown address"],
        ),
        ("good.txt --results good.txt", ["good.txt: results cannot be kept there"]),
        ("good.txt --workers 0", ["--workers"]),
        ("", ["MANIFEST"]),
    ],
)
def test_bad_usage_says_what_to_do(place: Path, options: str, words: list[str]):
    done = fleet(place, *options.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert all(word in done.stderr for word in words), done.stderr


def test_without_dask_it_says_what_to_install(place: Path):
    lay(place, {"stub/distributed.py": "raise ImportError\n"})
    done = fleet(place, "good.txt", PYTHONPATH=str(place / "stub"))
    assert done.returncode == 2
    assert done.stderr == (
        "wsconsolidate: fleet needs Dask distributed: pip install 'wsconsolidate[fleet]'\n"
    )


@pytest.mark.parametrize(("size", "number"), [("500M", 500 * 2**20), ("1.5 GiB", 1610612736), ("64", 64)])
def test_sizes(size: str, number: int):
    from wsconsolidate.cli.fleet import _bytes

    assert _bytes(size) == number
