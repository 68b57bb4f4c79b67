"""The ratchet of known findings."""

import random
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsconsolidate.baseline import HEADER, Entry, compare, covers, gained, parse, record, render
from wsconsolidate.errors import BaselineError
from wsconsolidate.model.finding import Finding


def found(fingerprint: str, *, line: int = 1, symbol: str = "app.ws.Hub", path: str = "app/ws.py") -> Finding:
    return Finding(
        message="m", path=path, line=line, symbol=symbol, code="WSC101", rule="r", fingerprint=fingerprint
    )


def entry(fingerprint: str, count: int = 1, symbol: str = "app.ws.Hub") -> Entry:
    return Entry(code="WSC101", symbol=symbol, fingerprint=fingerprint, count=count)


@pytest.mark.parametrize(
    ("before", "after", "new", "stale"),
    [
        ("a b", "a b", "", ""),
        ("", "a", "a", ""),
        ("a", "", "", "a"),
        ("a b", "a c", "c", "b"),  # a swap: one fixed, another added
        ("a a", "a a a", "a", ""),  # one more verbatim copy
        ("a a", "a", "", "a"),
        ("a a a", "a b", "b", "a a"),
        ("", "", "", ""),
    ],
)
def test_compare(before: str, after: str, new: str, stale: str) -> None:
    baseline = record(map(found, before.split()))
    result = compare(map(found, after.split()), baseline)
    assert [finding.fingerprint for finding in result.new] == new.split()
    assert [name for gone in result.stale for name in [gone.fingerprint] * gone.count] == stale.split()
    assert len(result.known) + len(result.new) == len(after.split())


@pytest.mark.parametrize(
    ("before", "after", "new", "stale"),
    [
        ("a-1", "a-2", "", ""),  # the class gained a member
        ("a-1 b-1", "a-2 b-2", "", ""),
        ("a-1", "b-1", "b-1", "a-1"),  # a swap in one class
        ("a-1 a-1", "a-2", "", "a-1"),  # one of two was fixed, and a member went
        ("a-1", "a-2 a-2", "a-2", ""),  # one more, and a member came
        ("a-1", "a-2 a-1", "a-2", ""),  # what is there unchanged is not the new one
    ],
)
def test_a_changed_class_keeps_its_findings(before: str, after: str, new: str, stale: str) -> None:
    test_compare(before, after, new, stale)


def test_a_finding_of_another_class_is_new() -> None:
    result = compare([found("a-2", symbol="app.ws.Other")], record([found("a-1", symbol="app.ws.Hub")]))
    assert len(result.new) == len(result.stale) == 1


def test_the_copy_is_the_new_one_wherever_it_stands() -> None:
    first, copy = found("a", symbol="b.Original"), found("a", symbol="a.Copy", line=9)
    result = compare([copy, first], record([first]))
    assert (result.known, result.new) == ((first,), (copy,))


@pytest.mark.parametrize(
    ("recorded", "here", "covered"),
    [
        (["."], ["."], True),
        (["."], ["app"], False),
        (["app"], ["."], True),
        (["app"], ["app", "tests"], True),
        (["app", "tests"], ["app"], False),
        (["app/ws"], ["app"], True),
        (["app"], ["app/ws"], False),
        (["app"], ["ap"], False),
        ([], ["app"], True),
    ],
)
def test_paths_cover_those_of_the_baseline(recorded: list[str], here: list[str], covered: bool) -> None:
    assert covers(here, render([entry("a")], recorded)) is covered


@pytest.mark.parametrize("text", [f"{HEADER}\n", f"{HEADER}\n# paths: nonsense\n", f"{HEADER}\n# paths: 3\n"])
def test_a_baseline_without_paths_is_covered(text: str) -> None:
    assert covers(["app"], text)


def test_what_a_baseline_gained() -> None:
    before, after = [entry("a", 2), entry("b")], [entry("a", 3), entry("c", 2)]
    assert gained(before, after) == (entry("a"), entry("c", 2))
    assert gained(after, before) == (entry("b"),)


def test_moved_lines_renamed_files_and_classes_are_known() -> None:
    baseline = record([found("a")])
    moved = replace(found("a"), line=99, path="other/file.py", symbol="other.file.Renamed", message="other")
    result = compare([moved], baseline)
    assert (result.known, result.new, result.stale) == ((moved,), (), ())


def test_of_equal_findings_the_later_is_new() -> None:
    first, second = found("a", line=1), found("a", line=50)
    result = compare([first, second], [entry("a")])
    assert (result.known, result.new) == ((first,), (second,))


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_file_is_sorted_and_has_one_entry_a_line() -> None:
    findings = [found("b", symbol="z.Z"), found("a", symbol="a.A"), found("b", symbol="z.Z")]
    text = render(record(findings))
    assert text.splitlines()[0] == HEADER
    assert sorted(lines(text)) == ["WSC101 1 a a.A", "WSC101 2 b z.Z"]
    assert text == render(record(reversed(findings)))
    assert text.endswith("\n")


def test_an_entry_keeps_its_section_whatever_else_is_there() -> None:
    names = [f"{number:012x}" for number in range(200)]
    alone = {name: render([entry(name)]).splitlines() for name in names}
    together = render(map(entry, names)).splitlines()
    for name, text in alone.items():
        here = text.index(f"WSC101 1 {name} app.ws.Hub")
        there = together.index(f"WSC101 1 {name} app.ws.Hub")
        heads = [line for line in together[:there] if line.startswith("# ")]
        assert text[here - 1] == heads[-1]


@pytest.mark.parametrize("size", [0, 5, 200])
def test_branches_that_add_and_take_out_merge(tmp_path: Path, size: int) -> None:
    """Of 40 merges of two changes each, at most a few touch one section."""
    shuffled = random.Random(size)  # noqa: S311 - the same branches each time
    conflicts = 0
    for _ in range(40):
        names = [f"{shuffled.getrandbits(48):012x}" for _ in range(size + 2)]
        base = set(names[:size])
        gone = {names[0]} if size else set()
        sides = {"base": base, "one": base - gone | {names[-1]}, "other": base | {names[-2]}}
        for side, known in sides.items():
            (tmp_path / side).write_text(render(map(entry, known)), encoding="utf-8")
        done = subprocess.run(
            ["git", "merge-file", "--stdout", "one", "base", "other"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        conflicts += done.returncode != 0
        if done.returncode == 0:
            merged = sides["one"] | sides["other"] - gone
            assert parse(done.stdout.decode(), "merged") == parse(render(map(entry, merged)), "merged")
    assert conflicts <= 4


names = st.text(st.characters(codec="utf-8"), max_size=8)


@given(st.lists(st.tuples(st.sampled_from("abc"), names), max_size=6))
def test_what_is_written_is_read(rows: list[tuple[str, str]]) -> None:
    baseline = record(found(fingerprint, symbol=symbol) for fingerprint, symbol in rows)
    assert parse(render(baseline), "file") == baseline


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER}\nWSC101 1 a app.ws.Hub\nWSC101 1 a app.ws.Hub\n",  # two branches added the same
        f"{HEADER}\r\nWSC101 2 a app.ws.Hub\r\n",
        f"{HEADER}\n\n  \nWSC101 2 a app.ws.Hub",
    ],
)
def test_lenient_where_nothing_is_lost(text: str) -> None:
    assert parse(text, "file") == (entry("a", 2),)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "not the first line"),
        ("nonsense\n", 1, "not the first line"),
        ("# wsconsolidate baseline, format 2: new\n", 1, "format 2, this version reads format 1"),
        (f"{HEADER}\nWSC101 1 a\n", 2, "not an entry: 'WSC101 1 a'"),
        (f"{HEADER}\nWSC101 0 a s\n", 2, "not an entry"),
        (f"{HEADER}\nWSC101 x a s\n", 2, "not an entry"),
        (f"{HEADER}\n<<<<<<< HEAD\nWSC101 1 a s\n=======\n", 2, "merge conflict"),
        (f"{HEADER}\nWSC101 1 a s\n=======\n", 3, "merge conflict"),
        (f"{HEADER}\nWSC101 1 a s\n||||||| base\n", 3, "merge conflict"),
        (f"<<<<<<< HEAD\n{HEADER}\n", 1, "merge conflict"),
    ],
)
def test_damaged(text: str, line: int, says: str) -> None:
    with pytest.raises(BaselineError) as raised:
        parse(text, "known.txt")
    assert raised.value.line == line
    assert says in str(raised.value)
    assert str(raised.value).startswith(f"known.txt:{line}: ")
