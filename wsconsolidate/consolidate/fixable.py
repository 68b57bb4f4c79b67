"""Which findings a codemod can settle where what becomes of a class hangs on it: safe, unsafe, or why not.

It is decided by the facts, before a rule is asked; every other rule says it of each finding itself. A
codemod that looks at the source may find more reasons against a fix, never one for it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from wsconsolidate.consolidate.fixable_emitters import judge_emitters
from wsconsolidate.consolidate.fixable_errors import judge_errors
from wsconsolidate.consolidate.fixable_managers import judge_managers
from wsconsolidate.consolidate.fixable_payloads import judge_payloads
from wsconsolidate.consolidate.fixable_protocols import judge_protocols
from wsconsolidate.model.analysis import Analysis, Disposition, Fix, FixKey, Verdict
from wsconsolidate.model.finding import Applicability

_JUDGES: Mapping[str, Callable[[Analysis], Iterator[tuple[str, int, Fix]]]] = {
    "WSC101": judge_protocols,
    "WSC103": judge_emitters,
    "WSC104": judge_managers,
    "WSC107": judge_errors,
    "WSC108": judge_payloads,
}


def with_fixes(found: Analysis) -> Analysis:
    """The analysis with `fixes`, and with the disposition `rewrite` for each class that one changes."""
    fixes = {
        FixKey(code, path, line): fix for code, judge in _JUDGES.items() for path, line, fix in judge(found)
    }
    at: dict[tuple[str, int], list[Fix]] = {}
    for key, fix in fixes.items():
        at.setdefault((key.path, key.line), []).append(fix)
    verdicts = {id: _verdict(verdict, at.get(id, [])) for id, verdict in found.verdicts.items()}
    return replace(found, fixes=fixes, verdicts=verdicts)


def _verdict(verdict: Verdict, fixes: list[Fix]) -> Verdict:
    """A class to review is one to rewrite if a codemod does it; else the reason says why none does."""
    if verdict.disposition is not Disposition.REVIEW or not fixes:
        return verdict
    if any(fix.applicability > Applicability.DISPLAY for fix in fixes):
        return Verdict(disposition=Disposition.REWRITE, reason=verdict.reason)
    return Verdict(disposition=Disposition.REVIEW, reason=f"{verdict.reason}; {fixes[0].reason}")
