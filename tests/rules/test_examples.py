"""Each rule finds in its examples what they mark, and nothing else."""

import re

import pytest

from wsconsolidate.config import Config
from wsconsolidate.model.rule import Rule
from wsconsolidate.rules.registry import RULES

MARK = re.compile(r"expect: (WSC\d{3})")
ALL = Config(require_reason=True)


def examples(kind):
    return [
        pytest.param(rule, example, id=f"{rule.code}-{kind}-{number}")
        for rule in RULES
        for number, example in enumerate(getattr(rule, kind), start=1)
    ]


def marks(files):
    return {
        (match[1], path, number)
        for path, text in files.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if (match := MARK.search(line))
    }


def check(rule: Rule, example, files_of, found_in):
    expected = {mark for mark in marks(files_of(example)) if mark[0] == rule.code}
    found = {(one.code, one.path, one.line) for one in found_in(example, ALL) if one.code == rule.code}
    assert found == expected
    return expected


@pytest.mark.parametrize(("rule", "example"), examples("bad"))
def test_what_is_wrong_is_found_where_it_is_marked(rule, example, files_of, found_in):
    assert check(rule, example, files_of, found_in)


@pytest.mark.parametrize(("rule", "example"), examples("good"))
def test_near_misses_are_not_found(rule, example, files_of, found_in):
    assert not check(rule, example, files_of, found_in)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_near_misses_say_which_trap_they_are(rule):
    for example in rule.good:
        assert re.search(r"\btrap\b", example, re.IGNORECASE)
