"""Numbers with their nouns."""

import pytest

from wsconsolidate.model.counting import counted


@pytest.mark.parametrize(
    ("number", "nouns", "told"),
    [
        (0, ("finding",), "0 findings"),
        (1, ("class",), "1 class"),
        (1200, ("class",), "1,200 classes"),
        (2, ("factory",), "2 factories"),
        (1, ("other is", "others are"), "1 other is"),
        (2, ("other is", "others are"), "2 others are"),
    ],
)
def test_a_number_with_its_noun(number, nouns, told):
    assert counted(number, *nouns) == told
