"""The page as text: its data, its policy, and what every kind of page holds."""

import base64
import hashlib
import json
import re
from dataclasses import replace

import pytest

from wsconsolidate.model.edit import FileEdit
from wsconsolidate.model.exhibit import Exhibits
from wsconsolidate.model.report import Quote, Report
from wsconsolidate.report.exhibits import exhibits
from wsconsolidate.reporters.options import Gate, Options, PlannedFix
from wsconsolidate.reporters.to_html import render

REPORT = Options(sections=True)


def data(text: str) -> dict:
    """The data of a page."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text)[1])


def test_the_policy_lets_only_what_is_in_the_page_run(troubled: Report):
    text = render(troubled, REPORT)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    inline = re.findall(r"<(?:style|script(?: type=\"module\")?)>(.*?)</(?:style|script)>", text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in inline]
    assert len(digests) == 3
    assert set(re.findall(r"sha256-([^']+)'", policy)) == set(digests)
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text.partition('id="data"')[0])


def test_the_data_holds_classes_events_and_findings(troubled: Report):
    found = data(render(troubled, REPORT))
    text, classes = found["text"], found["classes"]
    names = [
        f"{text[module]}.{name}" for module, name in zip(classes["module"], classes["name"], strict=True)
    ]
    number = names.index("app.old_emitter.OldEmitter")
    assert text[classes["path"][number]] == "app/old_emitter.py"
    assert found["roles"][classes["role"][number]] == "emitter"
    statuses = [found["statuses"][one[0]] for one in found["coverage"][str(number)]]
    assert statuses == ["delegates", "stub", "missing", "missing", "delegates"]
    assert [one[0] for one in found["findings"]] == ["WSC106", "WSC103", "WSC202"]
    assert found["groups"][0][2] == [names.index("app.emitter.UnifiedEmitter"), number]


def test_an_action_leads_to_its_findings(troubled: Report):
    found = data(render(troubled, REPORT))
    rules = {action[3]: [found["findings"][one][0] for one in action[6]] for action in found["actions"]}
    assert rules["WSC202"] == ["WSC202"]
    assert data(render(troubled, Options()))["actions"] == []


def test_a_fix_comes_as_a_diff_and_a_long_one_is_cut(troubled: Report):
    edits = (FileEdit(path="a.py", before=b"x = 1\r\n", after=b"x = 2\r\n"),)
    many = (FileEdit(path="b.py", before=b"", after=b"x = 1\n" * 9_000),)
    fixes = {
        troubled.findings[0]: PlannedFix("short", edits, "a risk"),
        troubled.findings[1]: PlannedFix("long", many),
    }
    found = data(render(troubled, replace(REPORT, fixes=fixes)))["fixes"]
    assert found["0"] == ["short", "a risk", "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n", 0]
    title, _, text, left = found["1"]
    assert title == "long"
    assert len(text) <= 20_000
    assert text.count("\n") + left == 9_003


def test_lines_come_in_runs(troubled: Report):
    quotes = {"a.py": Quote("a.py", ((1, "a"), (2, "b\u202e"), (7, "c")))}
    found = data(render(troubled, Options(exhibits=Exhibits(quotes=quotes, left_out=2, not_compared=1))))
    assert found["quotes"] == {str(found["text"].index("a.py")): [[1, "a\nb\\u202e"], [7, "c"]]}
    assert found["notes"] == [
        "To keep this page small, the code of 2 classes is left out.",
        "Not laid side by side, as too long: 1 duplicate.",
    ]


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        (Options(), "scan", "<h3>emitter ("),
        (Options(sections=True), "report", '<h2 id="text-executive_summary">Executive summary</h2>'),
        (Options(check=True), "check", "3 findings: 1 error"),
    ],
)
def test_every_command_has_its_page(troubled: Report, options: Options, kind: str, words: str):
    text = render(troubled, options)
    assert data(text)["kind"] == kind
    assert words in text
    assert "event chosen at run time" in text


def test_a_check_tells_why_it_fails_and_what_is_known(troubled: Report):
    gate = Gate(known=troubled.findings[:1], complaints=("stale: <x>",))
    found = data(render(replace(troubled, findings=()), Options(check=True, gate=gate)))
    assert found["complaints"] == ["stale: <x>"]
    assert [one[0] for one in found["known"]] == ["WSC106"]


def test_the_time_is_told_only_if_asked_for(troubled: Report):
    assert "2020-01-01" not in render(troubled, REPORT)
    assert " on 2020-01-01" in render(troubled, replace(REPORT, timestamp="2020-01-01"))


def test_the_same_report_gives_the_same_bytes(troubled: Report):
    shown = replace(REPORT, exhibits=exhibits(troubled))
    assert render(troubled, shown) == render(troubled, shown)
