"""What runs with a module, which import would close a circle, and what belongs to one program."""

from dataclasses import replace

import pytest

from tests.programs import HERE, facts_of, linked, module
from wsconsolidate.link.link import link
from wsconsolidate.model.import_graph import ImportGraph

CIRCLES = {
    "none": ({"a.py": "", "b.py": ""}, ()),
    "straight back": ({"a.py": "", "b.py": "import a"}, ("a", "b", "a")),
    "through another": ({"a.py": "", "b.py": "from c import x", "c.py": "import a"}, ("a", "b", "c", "a")),
    "already imported": ({"a.py": "import b", "b.py": "import a"}, ()),
    "only for checkers": (
        {"a.py": "", "b.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a"},
        (),
    ),
    "only when called": ({"a.py": "", "b.py": "def f():\n    import a"}, ()),
    "in a class": ({"a.py": "", "b.py": "class C:\n    import a"}, ("a", "b", "a")),
    "if it is there": (
        {"a.py": "", "b.py": "try:\n    import a\nexcept ImportError: pass"},
        ("a", "b", "a"),
    ),
}


@pytest.mark.parametrize("case", CIRCLES)
def test_an_import_of_b_by_a_closes_a_circle(case):
    files, circle = CIRCLES[case]
    assert ImportGraph(linked(files)).circle("a", "b") == circle


PACKAGES = {
    "the package around both runs before": (
        {"p/__init__.py": "from p.a import x", "p/a.py": "", "p/b.py": ""},
        (),
    ),
    "the package is named on the way": (
        {"p/__init__.py": "from p.a import x", "p/a.py": "", "p/b.py": "from p import x"},
        ("p.a", "p.b", "p", "p.a"),
    ),
    "another package runs with its module": (
        {"p/a.py": "", "q/__init__.py": "import p.a", "q/b.py": ""},
        ("p.a", "q.b", "q", "p.a"),
    ),
}


@pytest.mark.parametrize("case", PACKAGES)
def test_packages_run_with_their_modules(case):
    files, circle = PACKAGES[case]
    other = "q.b" if "q/b.py" in files else "p.b"
    assert ImportGraph(linked(files)).circle("p.a", other) == circle


def test_what_runs_with_a_module():
    files = {"p/__init__.py": "import c", "p/a.py": "from . import b", "p/b.py": "", "c.py": "", "d.py": ""}
    assert ImportGraph(linked(files)).runs("p.a") == {"p", "p.a", "p.b", "c"}


TOGETHER = {
    "one package": ({"p/__init__.py": "", "p/a.py": "", "p/b.py": ""}, "p.a", "p.b", True),
    "a folder that is imported from": (
        {"p/a.py": "", "p/b.py": "from p import c", "p/c.py": ""},
        "p.a",
        "p.b",
        True,
    ),
    "a folder of scripts": ({"p/a.py": "", "p/b.py": "import a"}, "p.a", "p.b", False),
    "one imports the other": ({"p/a.py": "", "q/b.py": "import p.a"}, "q.b", "p.a", True),
    "the other is a package": (
        {"p/a.py": "", "q/__init__.py": "", "q/b.py": "import p.a"},
        "p.a",
        "q.b",
        True,
    ),
    "a third imports both": ({"p/a.py": "", "q/b.py": "", "main.py": "import p.a, q.b"}, "p.a", "q.b", True),
    "a folder of scripts that use a package": (
        {"p/__init__.py": "", "p/a.py": "", "demo/b.py": "import p.a", "demo/c.py": "from . import b"},
        "p.a",
        "demo.b",
        False,
    ),
    "nothing ties them": ({"p/a.py": "import r", "q/b.py": "", "r.py": ""}, "p.a", "q.b", False),
    "a test does not tie them": (
        {"p/a.py": "", "q/b.py": "", "tests/test_x.py": "import p.a, q.b"},
        "p.a",
        "q.b",
        False,
    ),
}


@pytest.mark.parametrize("case", TOGETHER)
def test_modules_are_of_one_program(case):
    files, one, other, together = TOGETHER[case]
    assert ImportGraph(linked(files)).together(one, other) is together


EXAMPLE = {
    "lib/__init__.py": "",
    "lib/a.py": "",
    "docs/demo/__init__.py": "",
    "docs/demo/b.py": "import lib.a",
}


@pytest.mark.parametrize(
    ("one", "other", "together"), [("lib.a", "demo.b", False), ("demo.b", "lib.a", True)]
)
def test_a_package_does_not_import_the_example_of_its_use(one, other, together):
    found = [module(path, facts_of(source)) for path, source in EXAMPLE.items()]
    renamed = [replace(one, name=one.name.removeprefix("docs.")) for one in found]
    assert ImportGraph(link(renamed, lambda _: None, HERE)).together(one, other) is together
