"""What `fix` says of a plan: each finding, and how many of which rule, and why not."""

from itertools import pairwise

from wsconsolidate.model.edit import EditGroup, Plan, Refusal
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.report import Heading, Table
from wsconsolidate.reporters.fix_summary import summary


def group(code: str, path: str) -> EditGroup:
    return EditGroup(
        key=f"{code} {path}",
        code=code,
        title="done",
        path=path,
        line=1,
        symbol="",
        applicability=Applicability.SAFE,
        risk="a risk",
        paths=(path,),
    )


def refusal(code: str, path: str, reason: str) -> Refusal:
    return Refusal(code=code, path=path, line=3, symbol="", reason=reason)


def tables(plan: Plan) -> dict[str, tuple[tuple[str, ...], ...]]:
    blocks = summary(plan, vendored=None, done=False)
    return {
        title.text: table.rows
        for title, table in pairwise(blocks)
        if isinstance(title, Heading) and isinstance(table, Table)
    }


def test_findings_are_counted_by_rule_and_by_reason():
    plan = Plan(
        groups=(group("WSC103", "a.py"), group("WSC106", "a.py.bak"), group("WSC106", "b.py.bak")),
        held=(group("WSC206", "a.py"),),
        refusals=(
            refusal("WSC103", "b.py", "b.py: line 7: a comment stands in the call"),
            refusal("WSC103", "c.py", "c.py: line 9: a comment stands in the call"),
            refusal("WSC105", "c.py", "it stands alone"),
        ),
        edits=(),
        requirements=(),
    )
    found = tables(plan)
    assert found["By rule"] == (
        ("WSC103", "1", "0", "2"),
        ("WSC105", "0", "0", "1"),
        ("WSC106", "2", "0", "0"),
        ("WSC206", "0", "1", "0"),
    )
    assert found["Left, by reason"] == (("2", "WSC103", "a comment stands in the call"),)


def test_of_one_rule_nothing_is_counted():
    plan = Plan(
        groups=(group("WSC103", "a.py"),),
        held=(),
        refusals=(refusal("WSC103", "b.py", "it stands alone"),),
        edits=(),
        requirements=(),
    )
    assert {*tables(plan)} == {"Would be fixed", "Left"}
