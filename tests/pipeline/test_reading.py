"""However files are read, from the store, by one process or several, the facts are the same."""

from pathlib import Path

import pytest

from wsconsolidate.extract.extract import extract
from wsconsolidate.kept_facts import dumped
from wsconsolidate.model.source import Problem, ProblemKind, SourceFile
from wsconsolidate.pipeline import reading
from wsconsolidate.pipeline.reading import Reader
from wsconsolidate.store import Store, facts_key

HERE = Path(__file__).parents[2] / "wsconsolidate" / "link"
BROKEN = b"def broken(:\n"


def _file(path: str, data: bytes) -> SourceFile:
    return SourceFile(path=path, module=path.removesuffix(".py"), is_package=False, in_tests=False, data=data)


FILES = [_file(place.name, place.read_bytes()) for place in sorted(HERE.glob("*.py"))]
FILES += [_file("broken.py", BROKEN), _file("deep.py", b"x = " + b"(" * 3000 + b")" * 3000)]
EXPECTED = [extract(file.path, file.data, bodies=True) for file in FILES]


def _read(read: Reader) -> list[object]:
    read.ahead(FILES)
    found: list[object] = [read(file.path, file.data, bodies=True) for file in FILES]
    read.flush()
    return found


def test_one_process_reads_what_extract_reads():
    assert _read(Reader()) == EXPECTED


def test_several_processes_read_the_same(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "_WORTH_PROCESSES", 0)
    assert _read(Reader(jobs=2)) == EXPECTED


def test_what_was_kept_is_the_same(tmp_path: Path):
    assert _read(Reader(Store(tmp_path))) == EXPECTED
    assert Store(tmp_path).size().entries == len(FILES)
    assert _read(Reader(Store(tmp_path))) == EXPECTED


def test_what_is_kept_is_not_read_again(tmp_path: Path):
    store = Store(tmp_path)
    key = facts_key(b"a = 1\n", bodies=True)
    other = extract("x.py", b"b = 2\n", bodies=True)
    store.put([(key, dumped(other))])
    assert Reader(store)("x.py", b"a = 1\n", bodies=True) == other


def test_what_is_kept_and_damaged_is_read_again(tmp_path: Path):
    store = Store(tmp_path)
    store.put([(facts_key(b"a = 1\n", bodies=True), b"damaged")])
    read = Reader(store)
    assert read("x.py", b"a = 1\n", bodies=True) == extract("x.py", b"a = 1\n", bodies=True)
    read.flush()
    assert Reader(store)("x.py", b"a = 1\n", bodies=True) == extract("x.py", b"a = 1\n", bodies=True)


def test_outlines_and_bodies_are_kept_apart(tmp_path: Path):
    read = Reader(Store(tmp_path))
    source = b"def f():\n    return 1\n"
    assert read("x.py", source, bodies=False) != read("x.py", source, bodies=True)


def test_a_problem_names_the_file_that_has_it(tmp_path: Path):
    read = Reader(Store(tmp_path))
    found = [read(path, BROKEN, bodies=True) for path in ("a.py", "b.py")]
    assert [one.path for one in found if isinstance(one, Problem)] == ["a.py", "b.py"]


def test_a_file_that_ends_its_process_is_a_problem(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "_read_all", _dies_of_it)
    found = reading._alone(("a.py", b"deadly"))
    assert found == dumped(
        Problem(path="a.py", line=1, kind=ProblemKind.TOO_DEEP, message="the parser does not survive it")
    )


def _dies_of_it(_chunk: list[tuple[str, bytes]]) -> list[bytes]:
    import os

    os._exit(1)
