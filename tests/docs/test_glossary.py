"""The glossary explains every word of the outputs, and no other."""

import re
from pathlib import Path

import pytest

from wsconsolidate.model.analysis import Disposition, Likeness
from wsconsolidate.model.event import EventStatus
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.program import MroStatus
from wsconsolidate.model.role import Role

PAGE = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Role", Role),
        ("Event status", EventStatus),
        ("Disposition", Disposition),
        ("Likeness", Likeness),
        ("MRO status", MroStatus),
        ("Applicability", Applicability),
    ],
)
def test_each_word_of_the_outputs_has_its_row(title, words):
    table = PAGE.partition(f"\n## {title}: ")[2].partition("\n## ")[0]
    assert sorted(re.findall(r"^\| `([\w-]+)` \|", table, re.MULTILINE)) == sorted(
        one.name.lower().replace("_", "-") for one in words
    )
