"""Numbers, series and shares in words."""

import pytest

from wsconsolidate.report.words import code, percent, sentence, series


@pytest.mark.parametrize(
    ("share", "told"),
    [(0, "0 %"), (0.001, "1 %"), (0.456, "46 %"), (0.999, "99 %"), (1, "100 %")],
)
def test_only_all_is_a_hundred_percent(share, told):
    assert percent(share) == told


@pytest.mark.parametrize(
    ("words", "told"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_series(words, told):
    assert series(words) == told


def test_code_holds_no_backtick_and_no_line_end():
    assert code("a `b`\n c") == "`a 'b' c`"


@pytest.mark.parametrize(
    ("text", "told"), [("a b", "A b."), ("What?", "What?"), ("", ""), ("`x` is", "`x` is.")]
)
def test_sentence(text, told):
    assert sentence(text) == told
