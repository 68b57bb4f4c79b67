"""What is asked of the running interpreter, and what is never imported for it."""

import subprocess
import sys

import pytest

from wsconsolidate.link.live import alias_origin, full_name, library_has, live_class

CLASSES = {
    "builtins.OSError": "builtins.OSError",
    "_thread._local": "_thread._local",
    "_collections.OrderedDict": "collections.OrderedDict",
    "builtins.nothing": None,
    "builtins.len": None,
    "app.models.User": None,
    "lib2to3.tests.data.infinite_recursion.aes_key_st": None,
}


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_live_class(name: str):
    found = live_class(name)
    assert (full_name(found) if found else None) == CLASSES[name]


@pytest.mark.parametrize(
    ("name", "origin"), [("typing.Dict", dict), ("typing.Protocol", None), ("app.Dict", None)]
)
def test_alias_origin(name: str, origin: type | None):
    assert alias_origin(name) is origin


@pytest.mark.parametrize(
    ("module", "there"), [("_json", True), ("winreg", sys.platform == "win32"), ("app", False)]
)
def test_library_has(module: str, there: bool):
    assert library_has(module, None) is there


def test_modules_that_do_something_when_imported_are_not():
    program = (
        "from wsconsolidate.link.live import live_class; import sys;"
        "live_class('antigravity.X'), live_class('this.X'), live_class('test.support.X');"
        "print(sorted({'antigravity', 'this', 'test'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
