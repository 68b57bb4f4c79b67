"""Which imports find a module half loaded: the very ones at which Python itself fails."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import lay
from tests.programs import linked
from wsconsolidate.model.import_graph import ImportGraph
from wsconsolidate.verify.loading import Early, Loading

SUBMODULE = {"p/__init__.py": "from p.a import x\nY = 1", "p/a.py": "from . import b\nx = 1", "p/b.py": ""}
# files, what is imported first, and what comes too early
ROWS = {
    "no circle": ({"a.py": "from b import x", "b.py": "x = 1"}, "a", None),
    "straight back": (
        {"a.py": "from b import x\ny = 1", "b.py": "from a import y\nx = 1"},
        "a",
        ("b", "a", "y"),
    ),
    "the other first": (
        {"a.py": "from b import x\ny = 1", "b.py": "from a import y\nx = 1"},
        "b",
        ("a", "b", "x"),
    ),
    "bound before": ({"a.py": "y = 1\nfrom b import x", "b.py": "from a import y\nx = 1"}, "a", None),
    "bound before, the other first": (
        {"a.py": "y = 1\nfrom b import x", "b.py": "from a import y\nx = 1"},
        "b",
        ("a", "b", "x"),
    ),
    "the module, not a name of it": ({"a.py": "import b\ny = 1", "b.py": "import a\nx = 1"}, "a", None),
    "a module of the package that loads": (SUBMODULE, "p", None),
    "a name of the package that loads": (
        {**SUBMODULE, "p/b.py": "from p import Y"},
        "p",
        ("p.b", "p", "Y"),
    ),
    "through the package of a module": (
        {**SUBMODULE, "p/b.py": "from p import Y"},
        "p.b",
        ("p.b", "p", "Y"),
    ),
    "when called": (
        {"a.py": "from b import x\ny = 1", "b.py": "def f():\n    from a import y\nx = 1"},
        "a",
        None,
    ),
    "for checkers": (
        {
            "a.py": "from b import x\ny = 1",
            "b.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a import y\nx = 1",
        },
        "a",
        None,
    ),
    "in a class": (
        {"a.py": "from b import x\ny = 1", "b.py": "class C:\n    from a import y\nx = 1"},
        "a",
        ("b", "a", "y"),
    ),
    "a star": ({"a.py": "from b import *\ny = 1", "b.py": "from a import *\nx = 1"}, "a", None),
}


@pytest.mark.parametrize("title", ROWS)
def test_what_comes_too_early(title: str, tmp_path: Path):
    files, entry, early = ROWS[title]
    assert Loading(ImportGraph(linked(files))).early([entry]) == ({Early(*early)} if early else set())
    lay(tmp_path, files)
    done = subprocess.run(
        [sys.executable, "-B", "-c", f"import {entry}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    told = f"cannot import name '{early[2]}' from partially initialized module '{early[1]}'" if early else ""
    assert (done.returncode != 0, told in done.stderr) == (early is not None, True), done.stderr


def test_a_circle():
    files, *_ = ROWS["straight back"]
    assert Loading(ImportGraph(linked({**files, "c.py": "import a"}))).circle("a") == {"a", "b"}
