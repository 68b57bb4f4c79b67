"""Quoted lines, as Python reads them."""

import codecs

import pytest

from wsconsolidate.model.source import SourceFile, Tree
from wsconsolidate.report.quotes import decoded_lines, quote


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", ()),
        (b"a\nb\n", ("a", "b")),
        (b"a\nb", ("a", "b")),
        (b"a\r\nb\r\n", ("a", "b")),
        (b"a\rb\r", ("a", "b")),
        (b"a\n\n", ("a", "")),
        (b"a\x0cb\n", ("a\x0cb",)),
        ("a\u2028b\n".encode(), ("a\u2028b",)),
        (codecs.BOM_UTF8 + "é\n".encode(), ("é",)),
        (b"# coding: latin-1\n\xe9\n", ("# coding: latin-1", "é")),
        (b"\xe9\n", ("\ufffd",)),
        (b"# coding: no-such\nx\n", ("# coding: no-such", "x")),
    ],
)
def test_lines_of_a_file(data, lines):
    assert decoded_lines(data) == lines


def test_lines_are_quoted_once_in_order_and_within_the_file():
    file = SourceFile(
        path="a.py", module="a", is_package=False, in_tests=False, data=b"one\n  two  \nthree\n"
    )
    tree = Tree(files=(file,), names=("a.py",), problems=())
    found = quote(tree, "a.py", [3, 2, 3, 0, 9])
    assert found is not None
    assert found.lines == ((2, "  two"), (3, "three"))
    assert quote(tree, "a.py", [9]) is None
    assert quote(tree, "b.py", [1]) is None
