"""The checks of low priority: a docs page, a benchmark, a load test."""

from dataclasses import replace

import pytest

from wsconsolidate.model.source import Page, SourceFile
from wsconsolidate.report.checks import checks
from wsconsolidate.report.material import Material

DOCS, BENCHMARK, LOAD = range(3)


def check(analysis, which, *, files=(), pages=()):
    added = tuple(
        SourceFile(
            path=path, module="m", is_package=False, in_tests=path.startswith("tests/"), data=text.encode()
        )
        for path, text in files
    )
    found_pages = tuple(Page(path=path, data=text.encode()) for path, text in pages)
    tree = replace(analysis.tree, files=(*analysis.tree.files, *added), pages=found_pages)
    found = checks(Material(analysis=replace(analysis, tree=tree), findings=(), rules=()))[which]
    return [f"{place.path}:{place.line}" for place in found.places] if found.done else None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("# Chat\n\nUse `UnifiedManager`.\n", ["docs/ws.md:3"]),
        ("# Chat\n\nUse `UnifiedManagers` or `NotUnifiedManager`.\n", None),
        ("", None),
    ],
)
def test_a_docs_page_names_the_ssot(chat, text, place):
    assert check(chat, DOCS, pages=[("docs/ws.md", text)]) == place


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("benchmarks/fan_out.py", ["benchmarks/fan_out.py:1"]),
        ("tests/test_delivery_benchmark.py", ["tests/test_delivery_benchmark.py:1"]),
        ("bench/run.py", ["bench/run.py:1"]),
        ("app/workbench.py", None),
        ("app/delivery.py", None),
    ],
)
def test_a_benchmark_is_known_by_its_name(chat, path, place):
    assert check(chat, BENCHMARK, files=[(path, "socket = 1\n")]) == place


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("tests/test_load.py", "USERS = 100\n", ["tests/test_load.py:1"]),
        ("tests/test_load.py", "users: int = 1_000\n", ["tests/test_load.py:1"]),
        ("tests/test_load.py", "for user in range(250):\n    pass\n", ["tests/test_load.py:1"]),
        ("tests/test_ws.py", "def test_many_users():\n    clients = 100\n", ["tests/test_ws.py:2"]),
        ("loadtest/locustfile.py", "users = 500\n", ["loadtest/locustfile.py:1"]),
        ("tests/test_load.py", "users = 100_\n", ["tests/test_load.py:1"]),
        ("tests/test_load.py", "users = 1__00\n", ["tests/test_load.py:1"]),
        ("tests/test_load.py", f"users = 1{'0' * 5000}\n", ["tests/test_load.py:1"]),
        ("tests/test_load.py", "run(users=5, clients=100)\n", ["tests/test_load.py:1"]),
        ("tests/test_load.py", "USERS = 99\n", None),
        ("tests/test_load.py", f"words = '{'user ' * 200_000}{'user' * 200_000}'\n", None),
        ("tests/test_load.py", "users = _\n", None),
        ("tests/test_load.py", "x = 1  # users = 100\n", None),
        ("tests/test_load.py", "TIMEOUT = 100\n", None),
        ("tests/test_load.py", "for i in range(100):\n    pass\n", None),
        ("tests/test_load.py", "sessions = [open() for _ in range(100)]\n", ["tests/test_load.py:1"]),
        ("tests/test_ws.py", "def test_one():\n    for i in range(100):\n        pass\n", None),
        ("app/settings.py", "MAX_USERS = 100\n", None),
    ],
)
def test_a_load_test_runs_a_hundred_users(chat, path, text, place):
    assert check(chat, LOAD, files=[(path, f"{text}# websocket\n")]) == place


def test_nothing_is_asked_of_a_tree_without_roles(study):
    assert checks(Material(analysis=study({"a.py": "x = 1\n"}), findings=(), rules=())) == ()


def test_a_load_test_of_something_else_is_none(chat):
    assert check(chat, LOAD, files=[("tests/test_load.py", "USERS = 100\n")]) is None
    assert check(chat, LOAD, files=[("tests/test_load.py", "USERS = 100\nUnifiedManager\n")]) is not None
    assert check(chat, BENCHMARK, files=[("benchmarks/sort.py", "pass\n")]) is None
