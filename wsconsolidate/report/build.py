"""From an analysis and its findings to the report."""

from collections.abc import Callable, Iterator, Mapping

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.finding import Finding
from wsconsolidate.model.report import Block, Paragraph, Report, Section
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
from wsconsolidate.report import analysis as analysing
from wsconsolidate.report.figures import Lines, completeness, summarize
from wsconsolidate.report.material import Draft, Material

SECTIONS: Mapping[str, Callable[[Draft], Iterator[Block]]] = {
    "executive_summary": executive_summary.blocks,
    "analysis": analysing.blocks,
    "current_state": current_state.blocks,
    "actions": actions.blocks,
    "validation": validation.blocks,
    "evidence": evidence.blocks,
    "recommendations": recommendations.blocks,
    "success_metrics": success_metrics.blocks,
    "compliance": compliance.blocks,
    "conclusion": conclusion.blocks,
}
"""What makes the blocks of each section, in order of the sections."""


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
        sections=tuple(_section(draft, name) for name in SECTIONS),
    )


def _order(finding: Finding) -> tuple[str, int, str, str, str]:
    return (finding.path, finding.line, finding.code, finding.symbol, finding.message)


def _section(draft: Draft, name: str) -> Section:
    """One section; one sentence where it has nothing to tell."""
    blocks = tuple(SECTIONS[name](draft)) or (Paragraph(draft.nothing),)
    return Section(name, name.replace("_", " ").capitalize(), blocks)
