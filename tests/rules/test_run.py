"""What a run makes of the rules' findings: selection, severity, order."""

import pytest

from wsconsolidate.config import Config
from wsconsolidate.model.finding import Severity
from wsconsolidate.model.glob import Glob

PROGRAM = '''
# file: b.py
class Notifier:
    def close(self): return "emit"
    def close(self): return 2

class A: """Says emit."""
class B(A): pass
class C(A, B): pass

# file: a.py
class Notifier:
    def close(self): return "emit"
    def close(self): return 2

# file: a.py.bak
old
'''
EVERYTHING = [
    ("a.py", 2, "WSC304", Severity.WARNING),
    ("a.py.bak", 1, "WSC106", Severity.NOTE),
    ("b.py", 2, "WSC304", Severity.WARNING),
    ("b.py", 7, "WSC301", Severity.ERROR),
]


def without(*codes):
    return [row for row in EVERYTHING if row[2] not in codes]


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        pytest.param(Config(), EVERYTHING, id="default"),
        pytest.param(Config(select=("WSC3",)), without("WSC106"), id="select a family"),
        pytest.param(Config(ignore=("WSC304", "WSC1")), EVERYTHING[3:], id="ignore"),
        pytest.param(
            Config(select=("WSC304",), ignore=("WSC3",)), [EVERYTHING[0], EVERYTHING[2]], id="longer wins"
        ),
        pytest.param(Config(severity={"WSC3": None}), [EVERYTHING[1]], id="severity off"),
        pytest.param(
            Config(per_file_ignores=((Glob("b.py"), ("WSC304",)),)),
            [*EVERYTHING[:2], EVERYTHING[3]],
            id="per file",
        ),
    ],
)
def test_the_configuration_selects(found_in, config, expected):
    assert [(one.path, one.line, one.code, one.severity) for one in found_in(PROGRAM, config)] == expected


def test_the_configuration_sets_severities(found_in):
    config = Config(severity={"WSC304": Severity.ERROR, "WSC106": Severity.WARNING})
    found = {one.code: one.severity for one in found_in(PROGRAM, config)}
    assert found == {"WSC304": Severity.ERROR, "WSC106": Severity.WARNING, "WSC301": Severity.ERROR}


def test_findings_are_complete(found_in):
    for one in found_in(PROGRAM):
        assert one.message
        assert one.symbol
        assert one.rule
        assert len(one.fingerprint) == 25


@pytest.mark.parametrize(("asked_for", "codes"), [(False, []), (True, ["WSC002"])])
def test_reasons_are_missed_where_the_configuration_asks_for_them(found_in, asked_for, codes):
    text = "class N:\n    def emit(self): pass  # wsconsolidate: ignore[WSC304]\n    def emit(self): pass\n"
    assert [one.code for one in found_in(text, Config(require_reason=asked_for))] == codes


def test_no_comment_silences_the_rules_about_comments(found_in):
    text = "class N:\n    def emit(self): pass  # wsconsolidate: ignore\n    def emit(self): pass\n"
    assert [one.code for one in found_in(text, Config(require_reason=True))] == ["WSC002"]
