"""Newer syntax, lowered and restored, has the facts that a newer `ast` sees, on the same lines."""

import ast
import inspect
import json
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsconsolidate.extract.lower import lower
from wsconsolidate.extract.restore import GENERIC, JOINED, TEMPLATE, restore


def classes(tree):
    """Line, name, type parameters and written bases of each class."""
    return [
        [
            node.lineno,
            node.name,
            [parameter.name for parameter in getattr(node, "type_params", [])],
            [ast.unparse(base) for base in node.bases],
        ]
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]


def calls(tree):
    """Line and name of each function and call."""
    found = [
        [node.lineno, ast.unparse(node.func) if isinstance(node, ast.Call) else node.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call | ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return sorted(found)


def strings(tree):
    """Texts, and fields in braces, of each f-string; the innermost ones not apart."""

    def shown(node):
        if isinstance(node, ast.Constant):
            return node.value
        spec = "" if node.format_spec is None else ":" + "".join(map(shown, node.format_spec.values))
        value = joined(node.value) if isinstance(node.value, ast.JoinedStr) else ast.unparse(node.value)
        return "{" + value + (f"!{chr(node.conversion)}" if node.conversion > 0 else "") + spec + "}"

    def joined(node):
        return "<" + "".join(map(shown, node.values)) + ">"

    return [
        joined(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr | ast.Assign) and isinstance(node.value, ast.JoinedStr)
    ]


def lowered(source):
    text = lower(source)
    assert text.count("\n") == source.count("\n")
    tree = restore(ast.parse(text))
    assert not any(
        isinstance(node, ast.Name) and node.id in {GENERIC, JOINED, TEMPLATE} for node in ast.walk(tree)
    )
    return tree


CLASSES = [
    ("one parameter", "class A[T]: pass\n", [[1, "A", ["T"], []]]),
    ("a base", "class A[T](B): pass\n", [[1, "A", ["T"], ["B"]]]),
    ("no base in parentheses", "class A[T](): pass\n", [[1, "A", ["T"], []]]),
    ("every kind", "class A[T: int, *Ts, **P](B[T]): pass\n", [[1, "A", ["T", "Ts", "P"], ["B[T]"]]]),
    (
        "defaults",
        "class A[T: (int, str) = int, *Ts = *tuple[int, ...], **P = [int, str]]: pass\n",
        [[1, "A", ["T", "Ts", "P"], []]],
    ),
    ("a keyword only", "class A[T](metaclass=M): pass\n", [[1, "A", ["T"], []]]),
    (
        "before a keyword",
        "class A[T](B, C(k=1), metaclass=M, **kw): pass\n",
        [[1, "A", ["T"], ["B", "C(k=1)"]]],
    ),
    ("a starred base", "class A[T](*bases, k=1): pass\n", [[1, "A", ["T"], ["*bases"]]]),
    ("a trailing comma", "class A[T,](B,): pass\n", [[1, "A", ["T"], ["B"]]]),
    (
        "Generic as written",
        "class A[T](Generic[T], Protocol): pass\n",
        [[1, "A", ["T"], ["Generic[T]", "Protocol"]]],
    ),
    (
        "a comparison is no keyword",
        "class A[T](B if x == 1 else C): pass\n",
        [[1, "A", ["T"], ["B if x == 1 else C"]]],
    ),
    (
        "over several lines",
        "class A[\n  T: 'x]',  # wsconsolidate: ignore\n  # )\n  U,\n](\n  f(B),\n  C, # (\n):\n  pass\n",
        [[1, "A", ["T", "U"], ["f(B)", "C"]]],
    ),
    ("bases below the parameters", "class A[\n  T\n]  (f(B)): pass\n", [[1, "A", ["T"], ["f(B)"]]]),
    ("joined lines", "class A \\\n [T] \\\n (B): pass\n", [[1, "A", ["T"], ["B"]]]),
    ("nested", "class A[T]:\n  class B[U](A[T]): pass\n", [[1, "A", ["T"], []], [2, "B", ["U"], ["A[T]"]]]),
    ("decorated", "@d[0](k=1)\nclass A[T]:\n  '''Doc.'''\n", [[2, "A", ["T"], []]]),
    ("only in a string", "type X = 'class A[T]: pass'\nclass B: pass\n", [[2, "B", [], []]]),
]

CALLS = [
    ("def", "def f[T](x: T) -> T: return g(x)\n", [[1, "f"], [1, "g"]]),
    ("async def over lines", "async def f[\n T: int,  # )\n](\n  x=g()\n): pass\n", [[1, "f"], [4, "g"]]),
    ("type alias", "type X = f(1)\n", [[1, "f"]]),
    ("generic type alias over lines", "type X[\n  T,\n  U,\n] = f(\n  g()\n)\n", [[4, "f"], [5, "g"]]),
    (
        "type is a name elsewhere",
        "type X = 1; type = f\ntype (x)\ntype [0]\ntype in [g()]\n",
        [[2, "type"], [4, "g"]],
    ),
    ("type ends a line", "type A = int\na = type\nB = f()\n", [[3, "f"]]),
    ("type in a suite", "if x: type A = f()\nclass B[T]: type C[U] = g()\n", [[1, "f"], [2, "g"]]),
    ("except", "try: f()\nexcept A, g.B: h()\n", [[1, "f"], [2, "h"]]),
    ("except with brackets", "try: f()\nexcept x[1, 2], g(A, k=1): h()\n", [[1, "f"], [2, "g"], [2, "h"]]),
    ("except*", "try: f()\nexcept* A, B: h()\nexcept *C: h()\nexcept* (D, E): g()\n", None),
    (
        "except in parentheses stays",
        "try: f()\nexcept (A, B) as e: h()\nexcept C, D: pass\n",
        [[1, "f"], [2, "h"]],
    ),
    ("lazy import", "lazy import a.b as c; f()\nlazy from a import b\nlazy = g()\n", [[1, "f"], [3, "g"]]),
    (
        "lazy is a name elsewhere",
        "from lazy import x\ntry: f()\nexcept A, B: raise x from lazy\n",
        [[2, "f"]],
    ),
    ("f-string", 'f"{f("a")}"\n', [[1, "f"]]),
    (
        "f-string over lines",
        'x = f"{\n  f(  # "}\n    g("a"),\n  )\n}"\nh()\n',
        [[2, "f"], [3, "g"], [6, "h"]],
    ),
    ("t-string", "x = t'{f('a')!r:>{g()}}' rt'' \\\n t\"a\"\n", [[1, "f"], [1, "g"]]),
    ("CRLF and no end of line", "type X = 1\r\nclass A[\r\n T]: f()", [[3, "f"]]),
]

STRINGS = [
    ("the same quotes", 'f"a{d["k"]}b"\n', ["<a{d['k']}b>"]),
    ("nested", 'f"{f"{f"{f"{f"{f"{1+1}"}"}"}"}"}"\n', ["<{<{<{<{<{<{1 + 1}>}>}>}>}>}>"]),
    ("a nested one ends its field", 'f"{x or f"{y}"}"\n', ["<{x or f'{y}'}>"]),
    ("a backslash", "f'{\"\\n\".join(x)}'\n", ["<{'\\n'.join(x)}>"]),
    ("a comment", 'f"""a{x # }"""\n}"""\n', ["<a{x}>"]),
    ("conversion and spec", 'f"{d["k"]!r:>{w["x"]}.{p}}"\n', ["<{d['k']!r:>{w['x']}.{p}}>"]),
    ("an empty spec", 'f"{d["k"]:}"\n', ["<{d['k']:}>"]),
    ("self-documenting", 'f"{d["k"] = }"\n', ["<d[\"k\"] = {d['k']!r}>"]),
    ("self-documenting with a spec", 'f"{d["k"]=:>{w}}"\n', ["<d[\"k\"]={d['k']:>{w}}>"]),
    ("self-documenting with a comment", 'f"{x = # a = b\n}"\n', ["<x = \n{x!r}>"]),
    ("unequal is no conversion", 'f"{a!="b"!s}"\n', ["<{a != 'b'!s}>"]),
    ("a walrus in parentheses", 'f"{(a:="b")}{a:="b"}"\n', None),
    ("doubled braces", 'f"{{{d["k"]}}}{{}}"\n', ["<{{d['k']}}{}>"]),
    ("escapes", 'f"\\"\\\\{d["k"]}\\x41\\N{DASH}\\\n"\n', None),
    ("a raw one", 'rf"\\d\\"{d["k"]}\\N{x}"\n', ["<\\d\\\"{d['k']}\\N{x}>"]),
    ("text that ends in a quote", "f'''a'{d['''k''']}'b'''\n", ["<a'{d['k']}'b>"]),
    ("text that ends in two", 'f""" "\'""{d["""k"""]} \'"""\n', ["< \"'\"\"{d['k']} '>"]),
    ("text that ends in quote and backslash", 'rf""""\\{d["""k"""]}"""\n', ["<\"\\{d['k']}>"]),
    ("text that ends in both quotes", 'f"""a"\'\'{d["""k"""]}"\'"""\n', ["<a\"''{d['k']}\"'>"]),
    ("joined with others", "x = ('{a}' f'{b}' f'{c['k']}' r'\\')\n", None),
    (
        "joined over lines",
        "x = ('{a}'  # f'\n  f'{b}'\n  \"\"\"c\n\"\"\" f'{d['k']}')\n",
        ["<{a}{b}c\n{d['k']}>"],
    ),
    ("not joined over statements", "f'{a['k']}'\nf'{b['k']}'\n", ["<{a['k']}>", "<{b['k']}>"]),
    ("a tuple, a set and a yield", 'f"{*a, "b"}{ {"x"} }{yield}"\n', ["<{(*a, 'b')}{{'x'}}{(yield)}>"]),
    ("prefix and name", "x = F'{d['k']}'; buff = 'a'; xf'' if 0 else 1\n", None),
]

BROKEN = [
    ("no colon", "class A:\n  pass\ndef f(\n  x\n", 3),
    ("a parenthesis", "x = 1\ny = (2\nz = 3\n", 2),
    ("print statement", "def f():\n    print 'x'\n", 2),
    ("except with a name", "try: pass\nexcept A, B as e: pass\n", 2),
    ("a number as type parameter", "class A[1]: pass\n", 1),
    ("an open f-string", "x = 1\ny = f'{x\n", 2),
    ("an open field", "y = f'{x'\n", 1),
    ("an empty field", 'y = f"{}"\n', 1),
    ("a brace too many", "y = f'}'\n", 1),
    ("an open string", "a = 1\nb = 'x\n", 2),
    ("200 f-strings deep", 'f"{' * 200 + "1" + '}"' * 200 + "\n", 1),
    ("100,000 open brackets", "x\n" + "(" * 100_000, 2),
    ("many except without end", "except A\n" * 20_000, 1),
]

ROWS = [*CLASSES, *CALLS, *STRINGS]


@pytest.mark.parametrize(
    ("source", "expected"), [row[1:] for row in CLASSES], ids=[row[0] for row in CLASSES]
)
def test_classes(source, expected):
    assert classes(lowered(source)) == expected


@pytest.mark.parametrize(("source", "expected"), [row[1:] for row in CALLS if row[2]])
def test_functions_and_calls(source, expected):
    assert calls(lowered(source)) == expected


@pytest.mark.parametrize(("source", "expected"), [row[1:] for row in STRINGS if row[2]])
def test_strings(source, expected):
    assert strings(lowered(source)) == expected


@pytest.mark.parametrize(("source", "line"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_broken_source_is_reported_by_its_own_error(source, line):
    with pytest.raises(SyntaxError) as own:
        ast.parse(source)
    with pytest.raises(SyntaxError) as raised:
        lower(source)
    assert (raised.value.lineno, raised.value.msg) == (own.value.lineno, own.value.msg)
    assert raised.value.lineno == line


def test_what_the_running_python_reads_stays():
    source = "class A(B):\n    x = f'{y!r}'  # type X[T] = 1\n"
    assert lower(source) == source


def test_too_deep_is_no_crash():
    with pytest.raises((RecursionError, MemoryError, SyntaxError)):
        lower("class A[T]: f'{x['k']}'\n" + "not " * 100_000 + "x\n")


def test_the_error_of_a_string_in_a_comment_does_not_spread():
    assert calls(lowered("type X = 1  # it's \"\nf()\n")) == [[2, "f"]]


def test_a_template_is_no_f_string():
    (statement,) = lowered("t'a{b}'\n").body
    assert type(statement.value).__name__ == "TemplateStr"
    assert [type(part).__name__ for part in statement.value.values] == ["Constant", "Interpolation"]


@given(st.text(st.sampled_from(" \n\"'{}[]()\\:=!#,fFtTrRbx*"), max_size=60))
def test_any_text_gives_a_tree_or_its_own_error(source):
    try:
        text = lower(source)
    except SyntaxError:
        return
    restore(ast.parse(text))
    assert text.count("\n") == source.count("\n")


NEWER = f"""
import ast, json, sys
{inspect.getsource(classes)}
{inspect.getsource(calls)}
{inspect.getsource(strings)}
def facts(source):
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    return [classes(tree), calls(tree), strings(tree)]
print(json.dumps([facts(source) for source in json.load(sys.stdin)]))
"""


def has_python_3_13():
    if shutil.which("python3.13") is None:
        return False
    return subprocess.run(["python3.13", "--version"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not has_python_3_13(), reason="there is no python3.13 to compare with")
def test_the_facts_are_those_of_python_3_13():
    sources = [source for _, source, _ in ROWS]
    command = ["python3.13", "-W", "ignore", "-c", NEWER]
    ran = subprocess.run(command, input=json.dumps(sources), capture_output=True, text=True, check=True)
    compared = 0
    for source, theirs in zip(sources, json.loads(ran.stdout), strict=True):
        if theirs is not None:
            tree = lowered(source)
            assert [classes(tree), calls(tree), strings(tree)] == theirs
            compared += 1
    assert compared > 40
