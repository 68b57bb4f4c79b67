"""Replacements bring the old text to the new one, and touch no more lines than differ."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsconsolidate.model.edit import FileEdit
from wsconsolidate.reporters.replacements import Replacement, replacements


def lines(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))


def applied(text: str, changes: list[Replacement]) -> str:
    """The text after the replacements, as an editor would do them: from the last to the first."""
    for one in reversed(changes):
        starts = [0]
        for line in lines(text):
            starts.append(starts[-1] + len(line))
        start = starts[one.line - 1]
        end = (
            min(starts[one.end_line - 1] + one.end_column - 1, len(text))
            if one.end_line <= len(starts)
            else 0
        )
        text = text[:start] + one.text + text[end:]
    return text


def edit(before: str | None, after: str | None) -> FileEdit:
    data = [None if text is None else text.encode() for text in (before, after)]
    return FileEdit(path="a.py", before=data[0], after=data[1])


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("a\nb\n", "a\nb\n", []),
        ("a\nb\nc\n", "a\nX\nc\n", [(2, 3, 1, "X\n")]),
        ("a\nb\nc\n", "a\nc\n", [(2, 3, 1, "")]),
        ("a\nc\n", "a\nb\nc\n", [(2, 2, 1, "b\n")]),
        ("a\n", "a\nb\n", [(2, 2, 1, "b\n")]),
        ("a", "b", [(1, 1, 2, "b")]),
        ("a\nb", "a\nb\n", [(2, 2, 2, "b\n")]),
        ("a\r\nb\r\n", "a\r\nc\r\n", [(2, 3, 1, "c\r\n")]),
        ("a\x0cb\n", "a\x0cc\n", [(1, 2, 1, "a\x0cc\n")]),
        (None, "a\n", [(1, 1, 1, "a\n")]),
        ("a\n", None, [(1, 2, 1, "")]),
    ],
)
def test_whole_lines_are_replaced(before: str | None, after: str | None, changes: list[tuple]):
    found = [(one.line, one.end_line, one.end_column, one.text) for one in replacements(edit(before, after))]
    assert found == changes


def test_the_encoding_of_the_file_counts():
    before, after = (f"# coding: latin-1\nx = '{text}'\n".encode("latin-1") for text in ("ä", "ö"))
    (found,) = replacements(FileEdit(path="a.py", before=before, after=after))
    assert found.text == "x = 'ö'\n"


texts = st.lists(st.sampled_from(["a\n", "b\n", "c\r\n", "d\r", "e"]), max_size=8).map("".join)


@given(texts, texts)
def test_they_lead_from_the_old_text_to_the_new(before: str, after: str):
    assert applied(before, list(replacements(edit(before, after)))) == after
