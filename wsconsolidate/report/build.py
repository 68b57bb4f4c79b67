"""From an analysis and its findings to the report."""

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.finding import Finding
from wsconsolidate.model.report import Report
from wsconsolidate.model.rule import Rule
from wsconsolidate.report import (
    actions,
    compliance,
    conclusion,
    current_state,
    evidence,
    executive_summary,
    recommendations,
    success_metrics,
    validation,
)
from wsconsolidate.report import (
    analysis as analysis_section,
)
from wsconsolidate.report.figures import Lines, completeness, summarize
from wsconsolidate.report.material import Draft, Material

SECTIONS = (
    executive_summary.section,
    analysis_section.section,
    current_state.section,
    actions.section,
    validation.section,
    evidence.section,
    recommendations.section,
    success_metrics.section,
    compliance.section,
    conclusion.section,
)


def build(
    analysis: Analysis,
    findings: tuple[Finding, ...],
    rules: tuple[Rule, ...],
    lines: Lines | None = None,
) -> Report:
    """The report: everything computed from what was found, nothing assumed.

    Args:
        analysis: what the reading stages found out.
        findings: what the rules made of it, after suppressions.
        rules: the rules that were asked.
        lines: how many lines to say that there are; they are counted where nothing is given.
    """
    findings = tuple(sorted(findings, key=_order))
    material = Material(analysis=analysis, findings=findings, rules=rules)
    found = actions.collect(material)
    draft = Draft(
        analysis=analysis,
        findings=findings,
        rules=rules,
        summary=summarize(material, found, lines),
        actions=found,
    )
    return Report(
        analysis=analysis,
        rules=rules,
        findings=findings,
        summary=draft.summary,
        completeness=completeness(material),
        actions=found,
        headline=executive_summary.headline(draft),
        risk=conclusion.risk(draft),
        sections=tuple(section(draft) for section in SECTIONS),
    )


def _order(finding: Finding) -> tuple[str, int, str, str, str]:
    return (finding.path, finding.line, finding.code, finding.symbol, finding.message)
