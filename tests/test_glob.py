"""Patterns for paths."""

import pytest

from wsconsolidate.model.glob import Glob


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("legacy", "legacy", True),
        ("legacy", "app/legacy/old.py", True),
        ("legacy/", "app/legacy/old.py", True),
        ("legacy", "app/legacy.py", False),
        ("*_old.py", "app/ws_old.py", True),
        ("*_old.py", "app/ws_old.pyc", False),
        ("/build", "build/a.py", True),
        ("/build", "app/build/a.py", False),
        ("./build", "build/a.py", True),
        ("./build", "app/build/a.py", False),
        ("app/*/gen", "app/x/gen/a.py", True),
        ("app/*/gen", "app/x/y/gen/a.py", False),
        ("app/**/gen", "app/x/y/gen/a.py", True),
        ("app/**/gen", "app/gen/a.py", True),
        ("app/**", "app/x/y.py", True),
        ("app/**", "app", False),
        ("**/gen/*.py", "gen/a.py", True),
        ("**/gen/*.py", "x/gen/a.txt", False),
        ("a?.py", "ab.py", True),
        ("a?.py", "a/.py", False),
        ("[ab].py", "a.py", True),
        ("[!ab].py", "a.py", False),
        ("[!ab].py", "c.py", True),
        ("[!a]b.py", "x/b.py", False),
        ("a+b.py", "a+b.py", True),
        ("a.py", "axpy", False),
        ("[a.py", "[a.py", True),
        ("ä*", "ärger.py", True),
    ],
)
def test_pattern(pattern: str, path: str, fits: bool) -> None:
    assert Glob(pattern).matches(path) is fits


@pytest.mark.parametrize(
    ("pattern", "says"),
    [("", "empty"), ("/", "empty"), ("///", "empty"), ("[z-a].py", "bad character range")],
)
def test_bad_pattern(pattern: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Glob(pattern)
