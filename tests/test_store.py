"""What is kept comes back as it was, whatever happened to the file in between."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import facts_of
from wsconsolidate.kept_facts import dumped, loaded
from wsconsolidate.model.source import Problem, ProblemKind
from wsconsolidate.store import Size, Store, cache_folder, digest, source_digest

FILE = "kept.sqlite3"
SOURCE = Path(__file__).read_text()
WRITER = """
import sys
from pathlib import Path
from wsconsolidate.store import Store
store = Store(Path(sys.argv[1]))
for number in range(50):
    store.put([(f"{sys.argv[2]}-{number}", b"x" * 1000)])
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_what_is_put_is_there_for_the_next_run(folder: Path):
    Store(folder).put([("a", b"1"), ("b", b"22")])
    assert Store(folder).get(["a", "b", "c"]) == {"a": b"1", "b": b"22"}
    assert Store(folder).size() == Size(2, 3)


def test_what_is_put_again_replaces_what_was_there(folder: Path):
    store = Store(folder)
    store.put([("a", b"1")])
    store.put([("a", b"2")])
    assert store.get(["a"]) == {"a": b"2"}


@pytest.mark.parametrize("harm", ["garbage", "cut", "empty", "middle"])
def test_a_damaged_store_is_begun_anew(folder: Path, harm: str):
    before = Store(folder)
    before.put([(str(number), bytes(500)) for number in range(200)])
    before.close()
    file = folder / FILE
    data = file.read_bytes()
    harmed = {
        "garbage": b"no database" * 1000,
        "cut": data[: len(data) // 2],
        "empty": b"",
        "middle": data[:4096] + b"\xff" * (len(data) - 4096),
    }
    file.write_bytes(harmed[harm])
    store = Store(folder)
    assert store.get(["a", "7"]).get("7") in (None, bytes(500))
    store.put([("a", b"1")])
    store.put([("a", b"1")])
    assert Store(folder).get(["a"]) == {"a": b"1"}


@pytest.mark.parametrize("place", ["a file", "below a file"])
def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path, place: str):
    (tmp_path / "taken").write_text("here is no folder")
    folder = tmp_path / "taken" if place == "a file" else tmp_path / "taken" / "cache"
    store = Store(folder)
    store.put([("a", b"1")])
    assert (store.get(["a"]), store.size()) == ({}, Size(0, 0))


def test_the_longest_unused_make_room(folder: Path):
    store = Store(folder, most=10_000)
    store.put([(f"{number:02}", bytes(1000)) for number in range(30)])
    assert store.size().bytes <= 10_000
    assert store.get(["29"])


def test_clear_leaves_nothing(folder: Path):
    store = Store(folder)
    store.put([("a", b"1")])
    store.clear()
    assert list(folder.iterdir()) == []
    assert store.get(["a"]) == {}


def test_runs_at_the_same_time_lose_nothing(folder: Path):
    command = [sys.executable, "-c", WRITER, str(folder)]
    runs = [subprocess.Popen([*command, name]) for name in ("one", "two", "three")]
    assert [run.wait() for run in runs] == [0, 0, 0]
    assert Store(folder).size().entries == 150


def test_a_digest_tells_where_one_part_ends():
    assert digest(b"ab", b"c") != digest(b"a", b"bc")
    assert source_digest("extract") != source_digest("extract", "model")


def test_the_environment_says_where_caches_lie(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("WSCONSOLIDATE_CACHE_DIR", str(tmp_path))
    assert cache_folder() == tmp_path


def test_facts_come_back_as_they_were():
    facts = facts_of(SOURCE)
    assert loaded(dumped(facts)) == facts


def test_problems_come_back_as_they_were():
    problem = Problem(path="a.py", line=3, kind=ProblemKind.SYNTAX, message="invalid syntax")
    assert loaded(dumped(problem)) == problem


@pytest.mark.parametrize("harm", [b"", b"x", dumped(facts_of("a = 1"))[:-9], b"\x78\x01" + bytes(20)])
def test_damaged_facts_are_none(harm: bytes):
    assert loaded(harm) is None


def test_nothing_but_facts_comes_out():
    import pickle
    import zlib

    assert loaded(zlib.compress(pickle.dumps(subprocess.Popen))) is None
    assert loaded(zlib.compress(pickle.dumps({"a": 1}))) is None
