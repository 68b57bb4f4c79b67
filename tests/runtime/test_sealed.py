"""The wall: the runtime needs nothing but the standard library and itself."""

import ast
import doctest
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import wsconsolidate.runtime as runtime

ROOT = Path(runtime.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
ACCELERATORS = {"orjson", "msgspec.json"}


def imports_of(node, *, of_functions):
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif of_functions or not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from imports_of(child, of_functions=of_functions)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_import_is_relative_or_of_the_standard_library(path):
    for node in imports_of(ast.parse(path.read_text()), of_functions=True):
        if isinstance(node, ast.ImportFrom) and node.level:
            assert node.level <= len(path.relative_to(ROOT).parts), "it stays inside"
            continue
        names = [node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        for name in names:
            assert name.partition(".")[0] in sys.stdlib_module_names, f"{path}:{node.lineno}: {name}"


def test_only_the_codec_and_the_redis_store_load_something_by_name():
    loads = {
        (path.name, call.args[0].value)
        for path in MODULES
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", getattr(call.func, "attr", "")) == "import_module"
    }
    by_codec = {("codec.py", name) for name in ACCELERATORS}
    assert loads == by_codec | {("redis.py", "redis.asyncio")}


def test_it_loads_neither_the_tool_nor_a_framework():
    code = (
        "import sys, wsconsolidate.runtime, wsconsolidate.runtime.testing;"
        "print([m for m in sys.modules if m.partition('.')[0] in"
        " ('starlette', 'fastapi', 'websockets', 'aiohttp', 'uvicorn', 'libcst', 'networkx', 'rich', 'typer')"
        " or m.startswith('wsconsolidate.') and not m.startswith('wsconsolidate.runtime')])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_public_names_are_there_and_sorted():
    assert runtime.__all__ == sorted(
        runtime.__all__, key=lambda name: (not name.isupper(), name[0].islower(), name)
    )
    for name in runtime.__all__:
        assert getattr(runtime, name) is not None


def test_every_public_class_says_what_it_is():
    for name in runtime.__all__:
        value = getattr(runtime, name)
        if isinstance(value, type):
            assert value.__doc__, name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_example_runs(path):
    dotted = ".".join(("wsconsolidate.runtime", *path.relative_to(ROOT).with_suffix("").parts))
    module = importlib.import_module(dotted.removesuffix(".__init__"))
    assert doctest.testmod(module).failed == 0


def test_no_file_has_grown_too_long():
    assert {path.name for path in MODULES if len(path.read_text().splitlines()) > 400} == set()
