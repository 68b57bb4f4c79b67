"""Expressions as the model has them, what is told of them on the way, and their text."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsconsolidate.extract.expressions import ExpressionReader
from wsconsolidate.model.expr import (
    Attribute,
    Await,
    Call,
    Choice,
    Compare,
    Comprehension,
    Constant,
    Container,
    ContainerKind,
    Dict,
    Joined,
    Lambda,
    Literal,
    Name,
    Not,
    Opaque,
    Starred,
    Subscript,
    unparse,
    walk,
)


def read(text, listener=None):
    return ExpressionReader(listener).read(ast.parse(text, mode="eval").body)


a, b, c = Name("a", 1), Name("b", 1), Name("c", 1)
one, none = Constant(1, 1), Constant(None, 1)

ROWS = [
    ("a", a),
    ("a.b", Attribute(a, "b", 1)),
    ("1", one),
    ("-1", Constant(-1, 1)),
    ("-1.5j", Constant(-1.5j, 1)),
    ("-True", Opaque("USub", (Constant(True, 1),), 1)),
    ("-a", Opaque("USub", (a,), 1)),
    ("...", Constant(Literal.ELLIPSIS, 1)),
    ("b'x'", Constant(b"x", 1)),
    ("a(b, *c, k=1, **c)", Call(a, (b, Starred(c, 1)), (("k", one), (None, c)), 1)),
    ("{a: b, **c}", Dict(((a, b), (None, c)), 1)),
    ("[a, b]", Container(ContainerKind.LIST, (a, b), 1)),
    ("(a,)", Container(ContainerKind.TUPLE, (a,), 1)),
    ("{a}", Container(ContainerKind.SET, (a,), 1)),
    ("a[b]", Subscript(a, b, 1)),
    ("a[:b]", Subscript(a, Opaque("Slice", (none, b, none), 1), 1)),
    ("a[b:]", Subscript(a, Opaque("Slice", (b, none, none), 1), 1)),
    ("f'x{a}'", Joined((Constant("x", 1), a), 1)),
    ("a or b or c", Choice("or", (a, b, c), 1)),
    ("a and b", Choice("and", (a, b), 1)),
    ("a | b", Choice("|", (a, b), 1)),
    ("a if b else c", Opaque("IfExp", (b, Choice("if", (a, c), 1)), 1)),
    ("a + b", Opaque("Add", (a, b), 1)),
    ("a < b is not c", Compare(("<", "is not"), (a, b, c), 1)),
    ("a not in b", Compare(("not in",), (a, b), 1)),
    ("not a", Not(a, 1)),
    ("lambda a, *, b: c", Lambda(("a", "b"), c, 1)),
    ("[a for b in c]", Comprehension(a, ((b, c),), (), 1)),
    ("[a for b in c if a]", Comprehension(a, ((b, c),), (a,), 1)),
    ("{a: b for b in c}", Comprehension(b, ((b, c),), (), 1)),
    ("(a := b)", b),
]


@pytest.mark.parametrize(("text", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_read(text, expected):
    assert read(text) == expected


def test_await():
    node = ast.parse("async def f(): await a").body[0].body[0].value
    assert ExpressionReader().read(node) == Await(a, 1)


def test_a_call_has_the_line_of_the_name_that_is_called():
    assert [call.line for call in walk(read("(a\n .b()\n .c())")) if isinstance(call, Call)] == [3, 2]


class Recorder:
    def __init__(self):
        self.told = []

    def on_call(self, call, *, awaited, nested):
        self.told.append((unparse(call.func), awaited, nested))

    def on_walrus(self, name, value, line):
        self.told.append((name, unparse(value), line))

    def on_comprehension(self, target, iterable):
        self.told.append((unparse(target), unparse(iterable)))

    def on_yield(self):
        self.told.append("yield")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a(b())", [("b", False, True), ("a", False, False)]),
        ("await a(b())", [("b", False, True), ("a", True, False)]),
        ("await (await a())()", [("a", True, True), ("await a()", True, False)]),
        ("await a().b()", [("a", False, True), ("a().b", True, False)]),
        ("[a() for x in b()]", [("b", False, True), ("x", "b()"), ("a", False, True)]),
        ("(x := a())", [("a", False, True), ("x", "a()", 1)]),
        ("(yield a())", [("a", False, True)]),
    ],
)
def test_what_is_told(text, told):
    recorder = Recorder()
    node = ast.parse(f"async def f():\n {text}").body[0].body[0].value
    ExpressionReader(recorder).read(ast.increment_lineno(node, -1))
    assert [entry for entry in recorder.told if entry != "yield"] == told
    assert ("yield" in recorder.told) == ("yield" in text)


names = st.sampled_from(["a", "b", "c"])
atoms = st.one_of(names, st.sampled_from(["1", "'x'", "None", "...", "2.5", "b'y'", "True"]))


def larger(inner):
    pairs = st.tuples(inner, inner)
    return st.one_of(
        st.builds("{}.{}".format, names, names),
        st.builds("{}({}, k={})".format, names, inner, inner),
        st.builds("{}[{}]".format, names, inner),
        pairs.map(lambda two: f"[{two[0]}, {two[1]}]"),
        pairs.map(lambda two: f"({two[0]}, {two[1]})"),
        pairs.map(lambda two: f"{{{two[0]}: {two[1]}}}"),
        st.builds("({},)".format, inner),
    )


@pytest.mark.parametrize(
    "text",
    [
        "(a or b).c",
        "(await a)(b)",
        "a[b, c]",
        "a[()]",
        "a[(b, c)[0]]",
        "a[b:]",
        "a[:b]",
        "a[b:c:1]",
        "(a + b) * c",
        "not (a or b)",
        "-(a + b)",
        "(a | b)[c]",
        "(lambda a: b)(c)",
        "(a if b else c).b",
        "a < (b < c)",
        "f(*a, **b)",
        "(a,)",
        "{a, b}",
        "{**a, b: c}",
        "(not a) is b",
    ],
)
def test_the_text_keeps_what_belongs_together(text):
    node = ast.parse(f"async def f(): {text}").body[0].body[0].value
    assert unparse(ExpressionReader().read(node)) == text


@given(st.recursive(atoms, larger, max_leaves=8))
def test_the_text_of_simple_expressions_reads_back(text):
    expr = read(text)
    assert read(unparse(expr)) == expr
