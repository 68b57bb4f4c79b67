"""Facts are a pure function of the bytes; annotations are read out of strings; suppressions are comments."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.programs import facts_of
from wsconsolidate.extract.annotations import unquoted
from wsconsolidate.extract.comments import suppressions
from wsconsolidate.extract.extract import extract
from wsconsolidate.model.facts import Suppression

LINES = st.sampled_from(
    [
        "import a.b",
        "from .a import *",
        "x = y = f(1, k=z)",
        "class A(B, metaclass=M): x: 'int' = 1",
        "def f(a, *b, c=1, **d) -> 'T': return [i for i in a if await_(i)]",
        "async def g(self):\n    async with self.lock:\n        await self.send({'type': 'x'})",
        "for i in range(3):\n    try: h(i)\n    except E as e: raise",
        "if TYPE_CHECKING:\n    class A: pass\nelse:\n    A = None",
        "# wsconsolidate: ignore[WSC101] -- because",
    ]
)


@given(st.lists(LINES), st.booleans())
def test_equal_bytes_have_equal_facts_wherever_they_stand(lines, bodies):
    data = "\n".join(lines).encode()
    first, second = extract("a.py", data, bodies=bodies), extract("b/c.py", data, bodies=bodies)
    assert first == second
    assert hash(first) == hash(second)


@given(st.lists(LINES))
def test_newlines_make_no_difference(lines):
    text = "\n".join(lines) + "\n"
    assert facts_of(text) == facts_of(text.replace("\n", "\r\n")) == facts_of(text.replace("\n", "\r"))


@given(st.lists(LINES))
def test_the_outline_is_the_facts_without_bodies(lines):
    full, outline = facts_of("\n".join(lines)), facts_of("\n".join(lines), bodies=False)
    assert (outline.classes, outline.suppressions, outline.lines) == (
        full.classes,
        full.suppressions,
        full.lines,
    )
    assert outline.main is None
    assert all(function.body is None for function in outline.functions)
    assert [f.parameters for f in outline.functions] == [f.parameters for f in full.functions]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("int", "int"),
        ("'int'", "int"),
        ("'a.B'", "a.B"),
        ("Optional['A']", "Optional[A]"),
        ("'dict[str, \"A\"]'", "dict[str, 'A']"),
        ("dict['str', 'A']", "dict[str, A]"),
        ("'A' | None", "A | None"),
        ("Literal['A']", "Literal['A']"),
        ("typing.Literal['A', 'B']", "typing.Literal['A', 'B']"),
        ("list[Literal['A']]", "list[Literal['A']]"),
        ("Annotated['A', 'about']", "Annotated[A, 'about']"),
        ("' A '", "A"),
        ("'not a type'", "'not a type'"),
        ("''", "''"),
        ("'\\0'", "'\\x00'"),
    ],
)
def test_annotation(written, read):
    node = ast.parse(written, mode="eval").body
    assert ast.unparse(unquoted(node)) == read


def test_a_quoted_annotation_has_the_line_of_its_string():
    node = ast.parse("(\n'a.b[c]')", mode="eval").body
    assert {part.lineno for part in ast.walk(unquoted(node)) if isinstance(part, ast.expr)} == {2}


SUPPRESSIONS = [
    ("x = 1  # wsconsolidate: ignore", [(1, (), "")]),
    ("x = 1  # wsconsolidate: ignore[WSC101]", [(1, ("WSC101",), "")]),
    ("x = 1  # wsconsolidate: ignore[WSC101, WSC2] -- it is so ", [(1, ("WSC101", "WSC2"), "it is so")]),
    ("x = 1  # wsconsolidate:ignore -- why", [(1, (), "why")]),
    ("\n# noqa  # wsconsolidate: ignore[WSC101]", [(2, ("WSC101",), "")]),
    ("x = '# wsconsolidate: ignore'", []),
    ("'''\n# wsconsolidate: ignore\n'''", []),
    ("# wsconsolidate: keep", []),
    ("# ignore[WSC101]", []),
    ("# wsconsolidate: ignore[A]\nx = (", [(1, ("A",), "")]),
]


@pytest.mark.parametrize(("text", "expected"), SUPPRESSIONS)
def test_suppressions(text, expected):
    assert suppressions(text) == tuple(Suppression(*row) for row in expected)
