"""The findings as annotations of GitHub Actions, within what GitHub shows, and the step's summary."""

from collections.abc import Iterable
from dataclasses import replace

from wsconsolidate.model.counting import counted
from wsconsolidate.model.finding import Finding, Severity
from wsconsolidate.model.report import Report
from wsconsolidate.reporters import to_markdown
from wsconsolidate.reporters.closing import unseen
from wsconsolidate.reporters.options import Options
from wsconsolidate.reporters.spoken import printable, tally

BUDGET = 10
"""So many annotations of each severity GitHub shows for a step."""
SUMMARY_LIMIT = 1_000_000
"""Bytes; GitHub takes 1 MiB for a step and drops all of a longer one."""

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(report: Report, options: Options) -> str:
    """Annotations for as many findings as GitHub shows, those in changed lines first; lines for the rest."""
    complaints = options.gate.complaints[:BUDGET]
    shown, rest = _split(_ranked(report, options), used=len(complaints))
    told = f"{tally(report.findings)}." if report.findings else "No finding."
    lines = (
        *(f"::error title=wsconsolidate::{_escaped(text)}" for text in complaints),
        *(_annotation(one, options) for one in shown),
        *map(_harmless, (*(_line(one, options) for one in rest), told, *unseen(report))),
    )
    return "\n".join(lines) + "\n"


def summary(report: Report, options: Options) -> str:
    """The Markdown for the step's summary: all findings, as far as GitHub takes them."""
    ranked = _ranked(report, options)
    kept = len(ranked)
    text = _summary(report, ranked, kept, options)
    while len(text.encode()) > SUMMARY_LIMIT and kept:
        kept //= 2
        text = _summary(report, ranked, kept, options)
    return text


def _summary(report: Report, ranked: tuple[Finding, ...], kept: int, options: Options) -> str:
    shown = tuple(replace(one, path=options.prefix + one.path) for one in ranked[:kept])
    left = len(ranked) - kept
    more = [f"{counted(left, 'more finding')}: see the log of this step."] if left else []
    more.extend(f"- {to_markdown.prose(text)}" for text in options.gate.complaints)
    return "\n".join((to_markdown.render(replace(report, findings=shown), options), *more, ""))


def _ranked(report: Report, options: Options) -> tuple[Finding, ...]:
    def rank(one: Finding) -> tuple[int, int]:
        lines = options.changed.get(one.path)
        distance = 2 if lines is None else int(bool(lines) and one.line not in lines)
        return (tuple(Severity).index(one.severity), distance)

    return tuple(sorted(report.findings, key=rank))


def _split(ranked: Iterable[Finding], *, used: int) -> tuple[list[Finding], list[Finding]]:
    """The findings that GitHub shows, when so many errors are told already, and the others."""
    left = dict.fromkeys(Severity, BUDGET) | {Severity.ERROR: BUDGET - used}
    shown: list[Finding] = []
    rest: list[Finding] = []
    for one in ranked:
        (shown if left[one.severity] > 0 else rest).append(one)
        left[one.severity] -= 1
    return shown, rest


def _annotation(one: Finding, options: Options) -> str:
    title = f"{one.code} {one.rule}"
    properties = {"file": options.prefix + one.path, "line": str(one.line), "title": title}
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{_COMMANDS[one.severity]} {told}::{_escaped(one.message)}"


def _line(one: Finding, options: Options) -> str:
    text = f"- {options.prefix}{one.path}:{one.line}: {one.code} {one.message}"
    return " ".join(text.split())


def _harmless(text: str) -> str:
    """Text that the runner does not read as a command: no line starts with colons, none holds `##[`."""
    return printable(text).replace("##[", "## [")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
