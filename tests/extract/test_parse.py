"""Any bytes give a tree and text, or a Problem that says why not; never an exception."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsconsolidate.extract.extract import extract
from wsconsolidate.extract.parse import decode, parse
from wsconsolidate.model.facts import FileFacts
from wsconsolidate.model.source import Problem, ProblemKind

READ = [
    ("empty", b"", 0, 0),
    ("only comments", b"# a\n# b\n", 2, 0),
    ("only a docstring", b'"""a\n\nb"""', 3, 0),
    ("no newline at the end", b"x = 1\nclass A: pass", 2, 2),
    ("CRLF", b"x = 1\r\nclass A: pass\r\n", 2, 2),
    ("CR only", b"x = 1\rclass A: pass\r", 2, 2),
    ("mixed newlines", b"x = 1\r\ny = 2\rclass A: pass\n", 3, 3),
    ("BOM", b"\xef\xbb\xbfclass A: pass\n", 1, 1),
    ("BOM and cookie", b"\xef\xbb\xbf# coding: utf-8\nclass A: pass\n", 2, 2),
    ("form feed", b"x = 1\n\x0c\nclass A: pass\n", 3, 3),
    ("vertical tab in a string", b"x = '\x0b'\nclass A: pass\n", 2, 2),
    ("latin-1 with cookie", b"# -*- coding: latin-1 -*-\nx = '\xe9'\nclass A: pass\n", 3, 3),
    (
        "cookie in the second line",
        b"#!/usr/bin/python\n# vim: fileencoding=cp1252 :\nclass A: pass\n",
        3,
        3,
    ),
    ("UTF-8", "é = 'ü'\nclass A: pass\n".encode(), 2, 2),
    ("line separators in a string", "x = '\u2028\x85'\nclass A: pass\n".encode(), 2, 2),
    ("an invalid escape", b"x = '\\d'\nclass A: pass\n", 2, 2),
    ("a huge line", b"x = '" + b"a" * 1_000_000 + b"'\nclass A: pass\n", 2, 2),
    ("a long row", b"x = [" + b"1, " * 50_000 + b"]\nclass A: pass\n", 2, 2),
    ("a sum of many terms", b"x = " + b" + ".join([b"1"] * 600) + b"\nclass A: pass\n", 2, 2),
    ("a chain of calls", b"x = a" + b".b()" * 300 + b"\nclass A: pass\n", 2, 2),
    ("many elifs", b"if a: pass\n" + b"elif b: pass\n" * 150 + b"class A: pass\n", 152, 152),
]

PROBLEMS = [
    ("a syntax error", b"x = 1\nclass A(:\n", ProblemKind.SYNTAX, 2),
    ("Python 2", b"import a\nprint 'x'\n", ProblemKind.SYNTAX, 2),
    ("a wrong indent", b"def f():\n    x\n  y\n", ProblemKind.SYNTAX, 3),
    ("an open string", b"x = '''\n", ProblemKind.SYNTAX, 1),
    ("NUL", b"x = 1\ny = '\0'\n", ProblemKind.NUL, 2),
    ("UTF-16", "x = 1\n".encode("utf-16"), ProblemKind.ENCODING, 1),
    ("latin-1 without cookie", b"x = 1\ny = '\xe9'\n", ProblemKind.ENCODING, 2),
    ("latin-1 under an ascii cookie", b"# coding: ascii\ny = '\xe9'\n", ProblemKind.ENCODING, 2),
    ("an unknown cookie", b"# coding: no-such-encoding\nx = 1\n", ProblemKind.ENCODING, 1),
    ("a cookie that is no text encoding", b"# coding: base64\nx = 1\n", ProblemKind.ENCODING, 1),
    ("a cookie against the BOM", b"\xef\xbb\xbf# coding: latin-1\nx = 1\n", ProblemKind.ENCODING, 1),
]

DEEP = [
    ("parentheses", "x = " + "(" * 5000 + ")" * 5000),
    ("lists", "x = " + "[" * 190 + "]" * 190),
    ("many lists", "x = " + "[" * 5000 + "]" * 5000),
    ("minus signs", "x = " + "-" * 20000 + "1"),
    ("not", "x = " + "not " * 5000 + "1"),
    ("attributes", "x = a" + ".b" * 5000),
    ("calls", "x = a" + "()" * 5000),
    ("powers", "x = " + "2**" * 5000 + "2"),
    ("sums", "x = " + "1+" * 20000 + "1"),
    ("lambdas", "x = " + "lambda: " * 3000 + "1"),
    ("conditions", "x = " + "1 if a else " * 3000 + "1"),
    ("annotation", "x: '" + "[" * 150 + "]" * 150 + "' = 1"),
    ("quoted annotation of a parameter", "def f(x: '" + "a." * 3000 + "b'): pass"),
    ("ifs", "".join(" " * i + "if a:\n" for i in range(99)) + " " * 99 + "pass"),
    ("too many ifs", "".join(" " * i + "if a:\n" for i in range(500)) + " " * 500 + "pass"),
    ("elifs", "if a: pass\n" + "elif b: pass\n" * 3000),
    ("functions", "".join(" " * i + "def f():\n" for i in range(95)) + " " * 95 + "class A: pass"),
    ("type parameters", "class A[T]: x = " + "(" * 3000 + ")" * 3000),
    ("decorators", "@a\n" * 3000 + "class A: pass"),
    ("f-strings", "x = f'" + "{a}" * 3000 + "'"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "lines", "line"), [row[1:] for row in READ], ids=[row[0] for row in READ])
@pytest.mark.parametrize("bodies", [True, False])
def test_read(data, lines, line, bodies):
    facts = extract("a.py", data, bodies=bodies)
    assert isinstance(facts, FileFacts)
    assert facts.lines == lines
    assert [found.line for found in facts.classes] == [line][: line > 0]


@pytest.mark.parametrize(
    ("data", "kind", "line"), [row[1:] for row in PROBLEMS], ids=[row[0] for row in PROBLEMS]
)
def test_problem(data, kind, line):
    problem = extract("p/a.py", data, bodies=True)
    assert isinstance(problem, Problem)
    assert (problem.path, problem.kind, problem.line) == ("p/a.py", kind, line)
    assert problem.message
    assert "\n" not in problem.message


@pytest.mark.parametrize("text", [row[1] for row in DEEP], ids=[row[0] for row in DEEP])
@pytest.mark.parametrize("bodies", [True, False])
def test_deep_nesting_gives_facts_or_a_problem(text, bodies):
    found = extract("a.py", text.encode(), bodies=bodies)
    assert isinstance(found, FileFacts) or found.kind in (ProblemKind.TOO_DEEP, ProblemKind.SYNTAX)


@given(st.binary())
def test_any_bytes(data):
    assert isinstance(extract("a.py", data, bodies=True), FileFacts | Problem)


@given(st.text(alphabet="abc=()[]{}:'\"#\\\n\r\t fd.,*@!%0é\x0c", max_size=40))
def test_any_text_has_the_tree_that_ast_gives(text):
    data = text.encode()
    parsed = parse("a.py", data)
    try:
        expected = ast.dump(ast.parse(data))
    except (SyntaxError, ValueError):
        return  # newer syntax may still be read
    assert isinstance(parsed, tuple)
    assert ast.dump(parsed[0]) == expected


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
        (b"\xef\xbb\xbfa", "a"),
        (b"# coding: latin-1\n\xe9", "# coding: latin-1\né"),
    ],
)
def test_decode(data, text):
    assert decode(data) == text
