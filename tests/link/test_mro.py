"""Idioms of inheritance: our order equals CPython's, or says why it is not exact.

idioms.txt holds the programs. `# mro: word` beside a class is the status or the code of the problem that
we must answer; every other class statement must be exact.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import files, linked, only, titled
from wsconsolidate.model.program import Class, MroStatus

FOLDER = Path(__file__).parent
MARK = "# mro: "
TEXT = (FOLDER / "idioms.txt").read_text(encoding="utf-8")
IDIOMS = titled(TEXT)


@pytest.fixture(scope="module")
def oracle(tmp_path_factory):
    """For each title what CPython made of the class statements, by path and line; one process for all."""
    folders = {title: tmp_path_factory.mktemp("idiom") for title in IDIOMS}
    for title, folder in folders.items():
        for path, source in files(IDIOMS[title]).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(source, encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, "-I", str(FOLDER / "oracle.py")],
        input=json.dumps([str(folder) for folder in folders.values()]),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(folders, json.loads(answer.stdout), strict=True))


def word(found: Class) -> str:
    """What the mark of a class says."""
    if found.mro.status is MroStatus.INCOMPLETE:
        assert found.mro.problem is not None
        assert found.mro.problem.detail
        return found.mro.problem.code
    return found.mro.status.value


def marked(program: str, found: Class) -> str:
    line = files(program)[found.path].splitlines()[found.line - 1]
    return line.partition(MARK)[2].strip() or "exact"


def test_every_idiom_has_a_title_of_its_own():
    assert len(IDIOMS) == TEXT.count("=== ")


@pytest.mark.parametrize("title", IDIOMS)
def test_idiom(title, oracle):
    program, live = IDIOMS[title], oracle[title]
    classes = linked(program).classes.values()
    assert live, "CPython ran no class statement"
    for found in classes:
        made = live.get(f"{found.path}:{found.line}", [])
        assert (found.qualname, word(found)) == (found.qualname, marked(program, found))
        if found.mro.status is MroStatus.EXACT:
            assert [entry.get("mro") for entry in made] == [list(found.mro.names)] * len(made)
        if found.mro.status is MroStatus.INCONSISTENT:
            assert all("MRO" in entry["error"] or "duplicate base" in entry["error"] for entry in made)
        if found.mro.status is MroStatus.ALTERNATIVES:
            orders = [list(alternative.names) for alternative in found.mro.alternatives]
            known = [order for order in orders if not any(name.startswith("?") for name in order)]
            assert all(entry.get("mro") in known or known != orders for entry in made)


@pytest.mark.parametrize(
    ("program", "detail"),
    [
        (
            "class A: pass\nclass B(A): pass\nclass X(A, B): pass\n",
            "the order of the bases puts main.A before main.B, the order of main.B puts main.B before main.A",
        ),
        (
            "class P: pass\nclass Q: pass\nclass A(P, Q): pass\nclass B(Q, P): pass\nclass X(A, B): pass\n",
            "the order of main.A puts main.P before main.Q, the order of main.B puts main.Q before main.P",
        ),
        ("class A: pass\nclass X(A, A): pass\n", "main.A is named twice among the bases"),
        ("class A: pass\nclass X(object, A): pass\n", "puts builtins.object before main.A"),
    ],
)
def test_the_two_constraints_that_clash(program, detail):
    mro = only(linked(program), "main.X").mro
    assert mro.status is MroStatus.INCONSISTENT
    assert detail in mro.problem.detail


@pytest.mark.parametrize(
    ("program", "names"),
    [
        ("class A[T]: pass\nclass X(A[int]): pass\n", ["main.X", "main.A", "typing.Generic"]),
        (
            "class A[T](list[T]): pass\nclass X(A): pass\n",
            ["main.X", "main.A", "builtins.list", "typing.Generic"],
        ),
        ("class B: pass\nclass X[T](B): pass\n", ["main.X", "main.B", "typing.Generic"]),
        (
            "from typing import Protocol\nclass X[T](Protocol): pass\n",
            ["main.X", "typing.Protocol", "typing.Generic"],
        ),
    ],
)
def test_type_parameters(program, names):
    mro = only(linked(program), "main.X").mro
    assert (mro.status, list(mro.names)) == (MroStatus.EXACT, [*names, "builtins.object"])


CHOSEN = "import os\nclass A: pass\nclass B: pass\nclass E(A if os.environ.get('X') else B): pass\n"


@pytest.mark.parametrize(
    ("program", "orders"),
    [
        (
            "import os\nif os.environ.get('X'):\n    E = int\nelse:\n    E = str\nclass X(E): pass\n",
            {"E is builtins.int": ["builtins.int"], "E is builtins.str": ["builtins.str"]},
        ),
        (
            "import os\nclass X(int if os.environ.get('X') else str): pass\n",
            {"int is builtins.int": ["builtins.int"], "str is builtins.str": ["builtins.str"]},
        ),
        (
            "import os\nclass E(int if os.environ else str): pass\nclass F(E): pass\nclass X(F): pass\n",
            {
                "int is builtins.int in main.E": ["main.F", "main.E", "builtins.int"],
                "str is builtins.str in main.E": ["main.F", "main.E", "builtins.str"],
            },
        ),
        (
            CHOSEN + "class F(E): pass\nclass X(F, E): pass\n",
            {
                "A is main.A in main.E": ["main.F", "main.E", "main.A"],
                "B is main.B in main.E": ["main.F", "main.E", "main.B"],
            },
        ),
        (
            CHOSEN + "class X(E, A if os.environ.get('Y') else B): pass\n",
            {
                "A is main.A, A is main.A in main.E": ["main.E", "main.A"],
                "B is main.B, A is main.A in main.E": ["main.E", "main.A", "main.B"],
                "A is main.A, B is main.B in main.E": ["main.E", "main.B", "main.A"],
                "B is main.B, B is main.B in main.E": ["main.E", "main.B"],
            },
        ),
    ],
)
def test_each_alternative_has_its_condition(program, orders):
    found = only(linked(program), "main.X").mro.alternatives
    assert {one.condition: list(one.names[1:-1]) for one in found} == orders


def test_a_class_with_too_many_alternatives_is_incomplete():
    choices = "".join(
        f"class A{n}: pass\nclass B{n}: pass\nE{n} = A{n} if os.environ.get('{n}') else B{n}\n"
        for n in range(5)
    )
    mro = only(linked(f"import os\n{choices}class X(E0, E1, E2, E3, E4): pass\n"), "main.X").mro
    assert (mro.status, mro.alternatives) == (MroStatus.INCOMPLETE, ())
    assert mro.problem.detail == "it has more than 16 alternatives"


@pytest.mark.parametrize(
    ("program", "names"),
    [
        ("import no_such\nclass X(no_such.A, int): pass\n", ["?no_such.A", "builtins.int"]),
        ("def f(): return g()\nclass X(int, f()): pass\n", ["builtins.int", "?f()"]),
    ],
)
def test_an_unknown_base_keeps_its_place(program, names):
    assert list(only(linked(program), "main.X").mro.names) == ["main.X", *names, "builtins.object"]
