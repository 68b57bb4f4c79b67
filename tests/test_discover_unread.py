"""Everything that can be wrong with a file on disk, and where links lead."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.conftest import lay
from tests.discovered import kinds, paths, seen
from wsconsolidate.discover import find_root
from wsconsolidate.model.source import ProblemKind


@pytest.mark.parametrize(
    ("content", "kind", "line"),
    [
        (b"", None, 0),
        (b"x = 1\n", None, 0),
        ("# ä\n".encode(), None, 0),
        (b"\xef\xbb\xbfx = 1\n", None, 0),
        (b"# -*- coding: latin-1 -*-\n# \xe9\n", None, 0),
        (b"#!/bin/python\n# vim: set fileencoding=cp1252 :\n# \x80\n", None, 0),
        (b"x = 1\n\n# \xe9\n", ProblemKind.ENCODING, 3),
        (b"# \xe9\n", ProblemKind.ENCODING, 1),
        (b"\n\n# coding: latin-1\n# \xe9\n", ProblemKind.ENCODING, 4),
        (b"# coding: martian\n", ProblemKind.ENCODING, 1),
        (b"# coding: hex\n", ProblemKind.ENCODING, 1),
        (b"\xef\xbb\xbf# coding: latin-1\n", ProblemKind.ENCODING, 1),
        (b"# coding: ascii\n# \xe9\n", ProblemKind.ENCODING, 2),
        (b"x = 1\ny = '\0'\n", ProblemKind.NUL, 2),
        ("x = 1\n".encode("utf-16"), ProblemKind.NUL, 1),
        (b"#" * 1001, ProblemKind.TOO_LARGE, 1),
        (b"#" * 1000, None, 0),
    ],
)
def test_bytes(tmp_path: Path, content: bytes, kind: ProblemKind | None, line: int) -> None:
    lay(tmp_path, {"a.py": "", "b.py": content})
    tree = seen(tmp_path)
    if kind is None:
        assert tree.problems == ()
        assert tree.files[1].data == content
        return
    (problem,) = tree.problems
    assert (problem.path, problem.kind, problem.line) == ("b.py", kind, line)
    assert problem.message
    assert paths(tree) == ["a.py"]
    assert tree.names == ("a.py", "b.py")


def test_latin_1_without_cookie_says_what_to_do(tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": b"# caf\xe9\n"})
    (problem,) = seen(tmp_path).problems
    assert problem.message == "byte 0xe9 is not utf-8: add a coding cookie or re-encode it"


def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": ""})
    os.mkfifo(tmp_path / "b.py")
    tree = seen(tmp_path)
    assert kinds(tree) == {"b.py": "unreadable"}
    assert tree.problems[0].message == "not a regular file"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that root cannot read either")
def test_unreadable_file(tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": ""})
    (tmp_path / "b.py").symlink_to("/proc/self/mem")
    assert kinds(seen(tmp_path)) == {"b.py": "unreadable"}


def test_unreadable_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {"a.py": "", "b/c.py": ""})
    scandir = os.scandir

    def guarded(path: str) -> "os._ScandirIterator[str]":
        if str(path).endswith("b"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr("wsconsolidate.discover.os.scandir", guarded)
    tree = seen(tmp_path)
    assert kinds(tree) == {"b": "unreadable"}
    assert paths(tree) == ["a.py"]


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes")
def test_name_that_is_not_utf_8(tmp_path: Path) -> None:
    lay(tmp_path, {"a.py": ""})
    (tmp_path / os.fsdecode(b"\xe9.py")).write_text("")
    tree = seen(tmp_path)
    assert kinds(tree) == {"\\xe9.py": "unreadable"}
    assert paths(tree) == ["a.py"]


@pytest.mark.parametrize(
    ("link", "target", "expected"),
    [
        ("l.py", "a/x.py", {}),
        ("l", "a", {}),
        ("a/up", "..", {"a/up": "link"}),
        ("a/self", ".", {"a/self": "link"}),
        ("l.py", "nowhere.py", {"l.py": "link"}),
        ("l", "nowhere", {"l": "link"}),
        ("l.txt", "nowhere.txt", {}),
        (".#x.py", "someone@host.1:2", {}),
        ("l.py", "l.py", {"l.py": "link"}),
        ("l.txt", "l.txt", {"l.txt": "link"}),
    ],
)
def test_link_inside(tmp_path: Path, link: str, target: str, expected: Mapping[str, str]) -> None:
    lay(tmp_path, {"a/x.py": "", "b.py": ""})
    (tmp_path / link).symlink_to(target)
    tree = seen(tmp_path)
    assert kinds(tree) == expected
    assert paths(tree) == ["a/x.py", "b.py"]
    assert link not in tree.names


def test_link_to_the_outside_is_read_once_under_its_own_name(tmp_path: Path) -> None:
    lay(tmp_path, {"out/pkg/x.py": "1", "out/one.py": "2", "in/a.py": ""})
    (tmp_path / "out/pkg/back").symlink_to(tmp_path / "in")
    for name in ("first", "second"):
        (tmp_path / "in" / name).symlink_to(tmp_path / "out/pkg")
    (tmp_path / "in/script.py").symlink_to(tmp_path / "out/one.py")
    tree = seen(tmp_path, "in")
    assert [(file.path, file.module, file.data) for file in tree.files] == [
        ("a.py", "a", b""),
        ("first/x.py", "first.x", b"1"),
        ("script.py", "script", b"2"),
    ]


def test_links_to_each_other(tmp_path: Path) -> None:
    lay(tmp_path, {"c.py": ""})
    (tmp_path / "a.py").symlink_to("b.py")
    (tmp_path / "b.py").symlink_to("a.py")
    assert kinds(seen(tmp_path)) == {"a.py": "link", "b.py": "link"}


def test_a_path_that_is_a_link(tmp_path: Path) -> None:
    lay(tmp_path, {"real/a.py": ""})
    (tmp_path / "link").symlink_to("real")
    assert find_root([tmp_path / "link"]) == tmp_path / "real"
    assert paths(seen(tmp_path, "link", "real")) == ["a.py"]
