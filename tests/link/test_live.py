"""What is asked of the running interpreter's own library, and what is never imported."""

import sys

import pytest

from wsconsolidate.link.live import alias_origin, full_name, is_library, library_has, live_class

CLASSES = [
    ("builtins.int", "builtins.int"),
    ("collections.deque", "collections.deque"),
    ("_collections.deque", "collections.deque"),
    ("builtins.len", None),
    ("builtins.none", None),
    ("no_such_module.A", None),
    ("pytest.Item", None),
    ("this.A", None),
    ("unittest.__main__.A", None),
    ("msilib.A" if sys.platform != "win32" else "pwd.A", None),
]


@pytest.mark.parametrize(("name", "found"), CLASSES)
def test_live_class(name, found):
    cls = live_class(name)
    assert (full_name(cls) if cls else None) == found


@pytest.mark.parametrize("error", [AssertionError, SystemError, DeprecationWarning])
def test_a_module_that_cannot_be_imported_has_no_classes(error, monkeypatch):
    def broken(name):
        raise error(name)

    monkeypatch.setattr("importlib.import_module", broken)
    live_class.cache_clear()
    try:
        assert live_class("json.decoder.JSONDecoder") is None
    finally:
        live_class.cache_clear()


def test_nothing_with_side_effects_is_imported():
    assert live_class("antigravity.A") is None
    assert "antigravity" not in sys.modules


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("typing.List", "builtins.list"),
        ("typing.Iterable", "collections.abc.Iterable"),
        ("typing.Generic", None),
        ("typing.Any", None),
        ("typing.none", None),
        ("mine.List", None),
    ],
)
def test_alias_origin(name, origin):
    found = alias_origin(name)
    assert (full_name(found) if found else None) == origin


@pytest.mark.parametrize(
    ("module", "attribute", "has"),
    [
        ("json", None, True),
        ("json", "*", True),
        ("json", "dumps", True),
        ("json", "none", False),
        ("_json", "scanstring", True),
        ("pytest", None, False),
        ("json.none", None, False),
    ],
)
def test_library_has(module, attribute, has):
    assert library_has(module, attribute) is has


@pytest.mark.parametrize(("module", "inside"), [("json.decoder", True), ("pytest", False), ("", False)])
def test_is_library(module, inside):
    assert is_library(module) is inside
