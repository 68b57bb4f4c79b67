"""Runs the rules that the configuration selects and settles what they found."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from wsconsolidate.config import Config
from wsconsolidate.model.analysis import Analysis, FixKey
from wsconsolidate.model.finding import Finding
from wsconsolidate.model.rule import Rule
from wsconsolidate.rules import wsc001_unused_suppression, wsc002_unexplained_suppression
from wsconsolidate.rules.codes import KNOWN_CODES
from wsconsolidate.rules.fingerprint import Fingerprints
from wsconsolidate.rules.registry import RULES
from wsconsolidate.rules.suppressions import notes, unsuppressed, unused


def run(analysis: Analysis, config: Config) -> tuple[Finding, ...]:
    """Every finding that is neither switched off nor suppressed, in order of path, line and code."""
    comments = notes(analysis)
    settled = (one for rule in RULES for one in _settled(analysis, rule, rule.check(analysis), config))
    found = tuple(_with_fix(one, analysis) for one in settled)
    in_vain = unused(found, comments, KNOWN_CODES, lambda code, path: _runs(code, path, config))
    left = (
        *unsuppressed(found, comments),
        *_settled(analysis, wsc001_unused_suppression.RULE, in_vain, config),
    )
    prints = Fingerprints(analysis.program)
    return tuple(replace(one, fingerprint=prints.of(one)) for one in sorted(left, key=_place))


def _settled(analysis: Analysis, rule: Rule, found: Iterable[Finding], config: Config) -> Iterator[Finding]:
    """The findings of one rule with its code, name and severity, where the configuration wants them.

    A copy of the runtime is never a finding.
    """
    severity = config.severity_of(rule.code, rule.severity)
    if severity is None or (rule is wsc002_unexplained_suppression.RULE and not config.require_reason):
        return
    for one in found:
        if not (config.ignores(rule.code, one.path) or analysis.is_copy(one.path)):
            yield replace(one, code=rule.code, rule=rule.name, severity=severity)


def _with_fix(finding: Finding, analysis: Analysis) -> Finding:
    fix = analysis.fixes.get(FixKey(finding.code, finding.path, finding.line))
    return replace(finding, fix=fix.applicability, fix_reason=fix.reason) if fix else finding


def _runs(code: str, path: str, config: Config) -> bool:
    rule = next(rule for rule in RULES if rule.code == code)
    return config.severity_of(code, rule.severity) is not None and not config.ignores(code, path)


def _place(finding: Finding) -> tuple[str, int, str, str, str]:
    return (finding.path, finding.line, finding.code, finding.symbol, finding.message)
