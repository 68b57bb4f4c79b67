"""The findings in the data of the page, the actions that they ask for, and what `fix` would do about them."""

from collections.abc import Mapping

from wsconsolidate.model.finding import Finding
from wsconsolidate.model.report import Action, Report
from wsconsolidate.reporters.diff import render as as_diff
from wsconsolidate.reporters.html_tables import Texts
from wsconsolidate.reporters.options import PlannedFix
from wsconsolidate.reporters.shape import Json
from wsconsolidate.reporters.spoken import printable

LONGEST_DIFF = 20_000
"""A longer diff is cut behind its last whole line; the page says how many lines are missing."""


def finding(one: Finding, texts: Texts) -> list[Json]:
    """A finding as a row."""
    return [
        one.code,
        one.rule,
        one.severity.value,
        printable(one.message),
        texts.number(one.path),
        one.line,
        texts.number(one.symbol),
        one.fix.word or "",
        texts.number(one.fix_reason),
        [[texts.number(other.path), other.line, texts.number(other.message)] for other in one.related],
    ]


def fixes(report: Report, planned: Mapping[Finding, PlannedFix]) -> dict[str, Json]:
    """What `fix` would do, by the number of the finding."""
    return {str(number): _fix(planned[one]) for number, one in enumerate(report.findings) if one in planned}


def actions(report: Report, texts: Texts) -> list[Json]:
    """Each action as a row that ends with the numbers of its findings."""
    at: dict[tuple[str | None, str, int], list[int]] = {}
    for number, one in enumerate(report.findings):
        at.setdefault((one.code, one.path, one.line), []).append(number)
    return [_action(action, at, texts) for action in report.actions]


def _fix(fix: PlannedFix) -> list[Json]:
    """Title, risk, diff, and how many lines of the diff are left out."""
    diff = printable(as_diff(fix.edits).replace("\r\n", "\n"))
    cut = diff if len(diff) <= LONGEST_DIFF else diff[: diff.rfind("\n", 0, LONGEST_DIFF) + 1]
    return [printable(fix.title), printable(fix.risk), cut, diff.count("\n") - cut.count("\n")]


def _action(action: Action, at: Mapping[tuple[str | None, str, int], list[int]], texts: Texts) -> list[Json]:
    places = () if action.done else action.places
    numbers = {number for one in places for number in at.get((action.rule, one.path, one.line), ())}
    return [
        action.priority.value,
        printable(action.title),
        int(action.done),
        action.rule,
        action.fix.word or "",
        [[texts.number(place.path), place.line] for place in action.places],
        [*sorted(numbers)],
    ]
